"""The stream of events that pages listen on."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.entities.workflow import Workflow
from deskhand.identity.users import set_disabled
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.protocol.messages import ActionRow, ActionsLogged, ActionStatus
from deskhand.records.service import create, update
from deskhand.store.database import Transaction
from deskhand.webapi.change_feed import ChangeFeed
from deskhand.webapi.work import Workers
from tests.contract.portal.pages import Pages
from tests.contract.portal.test_debugging import begun, paused
from tests.web_server import LiveServer, serving

T = TypeVar("T")


class Stream:
    """What a page reads."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.last_id: str | None = None

    def next(self, *names: str) -> Any:
        """Return the data of the next event of some names; others are passed over."""
        while True:
            name, data = self._read()
            if not names or name in names:
                return data

    def until(self, topic: str, wanted: str) -> None:
        """Wait until a topic names an id."""
        while wanted not in (self.next("changed").get(topic) or ()):
            pass

    def ends(self) -> bool:
        """Wait until there is nothing more to read."""
        with suppress(EOFError):
            while True:
                self._read()
        return True

    def _read(self) -> tuple[str, Any]:
        fields: dict[str, str] = {}
        while line := self._response.readline().decode().rstrip("\n"):
            key, _, value = line.partition(": ")
            fields[key] = value
        if not fields:
            raise EOFError
        self.last_id = fields.get("id", self.last_id)
        return fields["event"], json.loads(fields["data"])


@contextmanager
def _listening(
    server: LiveServer, token: str | None = None, query: str = "", last: str | None = None
) -> Iterator[Stream]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {token or server.api_token()}"}
    if last is not None:
        headers["Last-Event-ID"] = last
    connection.request("GET", f"/api/portal/events{query}", headers=headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    assert response.getheader("content-type") == "text/event-stream; charset=utf-8"
    stream = Stream(response)
    assert stream.next().keys() == {"now"}
    try:
        yield stream
    finally:
        connection.close()


def _run(server: LiveServer, flow: UUID, connection: str, token: str | None = None) -> str:
    body = {"runMode": "unattended", "connectionName": connection}
    answer = server.call(
        f"workflows({flow})/Microsoft.Dynamics.CRM.RunDesktopFlow", method="POST", body=body, token=token
    )
    assert answer.status == 200, answer.body
    return str(answer.json()["flowsessionId"])


def test_a_page_hears_of_a_run_from_request_to_end(server: LiveServer) -> None:
    flow, machine = server.flow("heard"), server.machine("heard")
    with _listening(server) as stream:
        run = _run(server, flow, machine.connection)
        first = stream.next("changed")
        order = server.begin(machine)
        stream.until("runs", run)
        server.finish(machine, order, {})
        stream.until("runs", run)

    assert first["runs"] == [run]
    assert first["queue"] is True


def test_a_page_that_listens_anew_before_anything_was_told_misses_nothing(server: LiveServer) -> None:
    """So does the designer, which listens to a run that it has just asked for, and that may end meanwhile."""
    with _listening(server) as stream:
        stream.next("beat")
        begun_at = stream.last_id
    assert begun_at is not None
    flow = server.flow("meanwhile")
    with _listening(server, query=f"?after={begun_at}") as stream:
        stream.until("flows", str(flow))


def test_a_page_hears_of_flows(server: LiveServer) -> None:
    with _listening(server) as stream:
        flow = server.flow("new one")
        stream.until("flows", str(flow))


@pytest.mark.parametrize("after", [None, 0])
def test_whatever_changes_once_somebody_listens_is_heard_of(server: LiveServer, after: int | None) -> None:
    """Even before the loop on which the feed looks has turned again."""

    async def heard() -> set[UUID]:
        workers = Workers(server.database)
        found: set[UUID] = set()
        try:
            async with ChangeFeed(server.services, workers).listening(None, after) as listener:
                listener.take()
                flow = server.flow("at once")
                while flow not in found:
                    await listener.rung.wait()
                    found |= listener.take().changed.get("flows") or frozenset()
        finally:
            workers.close()
        return found

    assert asyncio.run(asyncio.wait_for(heard(), 60))


class Faulty(Workers):
    """Workers whose next reads fail, as those of a database that is away for a while."""

    failures = 0

    async def read(self, function: Callable[[Transaction], T]) -> T:
        if self.failures:
            self.failures -= 1
            raise sa.exc.OperationalError("SELECT 1", None, Exception("the database is away"))
        return await super().read(function)


@pytest.mark.parametrize("at_first", [True, False])
def test_a_look_that_fails_is_told_of_unless_the_next_one_makes_up_for_it(
    server: LiveServer, at_first: bool
) -> None:
    """Nobody knows where changes began before the first look that succeeds; later ones look back."""

    async def heard() -> tuple[bool, bool]:
        workers = Faulty(server.database)
        workers.failures = int(at_first)
        try:
            async with ChangeFeed(server.services, workers).listening(None, None) as listener:
                first = listener.take().missed
                workers.failures = int(not at_first)
                missed, found = False, False
                while not found:
                    flow = server.flow("while the database is away")
                    with suppress(TimeoutError):
                        await asyncio.wait_for(listener.rung.wait(), 5)
                    news = listener.take()
                    missed |= news.missed
                    found = flow in (news.changed.get("flows") or ())
                assert workers.failures == 0
        finally:
            workers.close()
        return first, missed

    assert asyncio.run(asyncio.wait_for(heard(), 60)) == (at_first, False)


def test_a_watched_run_tells_of_its_actions(server: LiveServer) -> None:
    machine = server.machine("watched")
    run = _run(server, server.flow("watched"), machine.connection)
    order = server.begin(machine)
    with _listening(server, query=f"?run={run}") as stream:
        stream.next("beat", "changed")
        row = ActionRow(
            0, "action", "Main", 1, "SET", "A = 1", ActionStatus.SUCCEEDED, "2026-03-01T08:00:00Z", 1.0
        )
        server.report(machine, ActionsLogged(order.run_id, order.fencing_token, (row,)))
        while stream.next("changed").get("actions") != [run]:
            pass
    server.finish(machine, order, {})


def test_whoever_debugs_hears_where_the_run_stands_and_nobody_else_does(server: LiveServer) -> None:
    administrator = Pages(server, server.api_token())
    flow = str(administrator.post("/desktopflows", {"name": "Debugged aloud", "text": ""})["id"])
    other = server.user("hears no debugging", "Environment Maker")
    machine, order = begun(server, administrator, flow)
    run = str(order.run_id)
    with _listening(server) as own, _listening(server, server.api_token(other)) as stranger:
        server.report(machine, paused(order, 1))
        own.until("debug", run)
        assert administrator.get(f"/desktopruns/{run}/debug")["state"] == "paused"
        administrator.post(f"/desktopruns/{run}/debug/command", {"command": "resume"})
        own.until("debug", run)
        shown = server.database.write(lambda tx: create(tx, Workflow, {"name": "shown"}, by=other))
        heard = stranger.next("changed")
        while str(shown) not in (heard.get("flows") or ()):
            assert not heard.get("debug")
            heard = stranger.next("changed")
        assert not heard.get("debug")
    server.finish(machine, order, {})


def test_nobody_hears_of_what_they_may_not_see(server: LiveServer) -> None:
    maker, other = server.user("hears", "Environment Maker"), server.user("deaf", "Environment Maker")
    with (
        _listening(server, server.api_token(maker)) as own,
        _listening(server, server.api_token(other)) as stranger,
    ):
        hidden = server.database.write(lambda tx: create(tx, Workflow, {"name": "hidden"}, by=maker))
        shown = server.database.write(lambda tx: create(tx, Workflow, {"name": "shown"}, by=other))
        own.until("flows", str(hidden))
        heard = stranger.next("changed")

    assert heard["flows"] == [str(shown)]


def test_a_page_that_comes_back_is_told_what_it_missed(server: LiveServer) -> None:
    flow = server.flow("missed")
    with _listening(server) as stream:
        server.database.write(lambda tx: update(tx, Workflow, flow, {"description": "1"}, by=_admin(server)))
        stream.until("flows", str(flow))
        last = stream.last_id
    server.database.write(lambda tx: update(tx, Workflow, flow, {"description": "2"}, by=_admin(server)))

    with _listening(server, last=last) as stream:
        assert stream.next("changed")["flows"] == [str(flow)]


@pytest.mark.parametrize("last", ["0", str(10**15)])
def test_a_page_that_missed_too_much_asks_for_everything_anew(server: LiveServer, last: str) -> None:
    def many(tx: Any) -> None:
        for number in range(250):
            create(tx, Workflow, {"name": f"many {number}"}, by=_admin(server))

    server.database.write(many)
    with _listening(server, last=last) as stream:
        assert stream.next("refresh", "changed") == {}


def test_many_changes_at_once_are_one_event_without_ids(server: LiveServer) -> None:
    with _listening(server) as stream:
        stream.next("beat", "changed", "refresh")

        def many(tx: Any) -> None:
            for number in range(250):
                create(tx, Workflow, {"name": f"burst {number}"}, by=_admin(server))

        server.database.write(many)
        while stream.next("changed").get("flows", ()) is not None:
            pass


def test_a_deleted_flow_is_told_of(server: LiveServer) -> None:
    flow = server.flow("goes away")
    with _listening(server) as stream:
        stream.next("beat", "changed", "refresh")
        server.call(f"workflows({flow})", method="DELETE")
        while stream.next("changed").get("flows", ()) is not None:
            pass


def test_a_machine_that_falls_silent_is_told_of(server: LiveServer) -> None:
    machine = server.machine("silent")
    with _listening(server) as stream:
        stream.next("beat", "changed")
        run = _run(server, server.flow("wakes it"), machine.connection)
        order = server.begin(machine)
        stream.until("machines", str(machine.id))
        server.finish(machine, order, {})
        stream.until("runs", run)


def test_the_stream_ends_with_the_users_right_to_it(server: LiveServer) -> None:
    user = server.user("revoked", "Environment Maker")
    with _listening(server, server.api_token(user)) as stream:
        server.database.write(lambda tx: set_disabled(tx, user, True))
        assert stream.ends()


def test_a_stream_needs_a_token(server: LiveServer) -> None:
    answer = server.send("GET", "/api/portal/events")

    assert (answer.status, answer.error["code"]) == (401, "DH1510")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_stopping_server_ends_its_streams(server: LiveServer) -> None:
    wakeups = Wakeups(server.database)
    with serving(server, wakeups=wakeups) as live, _listening(live) as stream:
        wakeups.close()
        assert stream.ends()


def _admin(server: LiveServer) -> UUID:
    return server.installation.administrator_id
