"""Two servers on one PostgreSQL database: one dies or stands still, and the other takes its runs over."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.live import Deskhand
from tests.postgresql import running_cluster
from tests.receiver import Receiver

RUNS = 40
WAIT_SECONDS = 90.0
"""Only keeps a broken build from hanging."""
SETTINGS = {
    "DESKHAND_CLOUDFLOW_LEASE_SECONDS": "2",
    "DESKHAND_HTTP_ALLOWED_HOSTS": "127.0.0.1",
}


@dataclass
class Pair:
    """Two servers of one installation."""

    url: str
    first: Deskhand
    second: Deskhand

    def rows(self, query: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return connection.execute(query.encode()).fetchall()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not is_so():
            assert time.monotonic() < end, self.second.log("serve")
            time.sleep(0.1)

    def all_ended(self) -> bool:
        (row,) = self.rows("SELECT count(*) FILTER (WHERE endtime IS NULL) AS open FROM flowrun")
        return bool(row["open"] == 0)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with running_cluster() as cluster:
        cluster.execute("CREATE DATABASE deskhand")
        settings = {**SETTINGS, "DESKHAND_DATABASE_URL": cluster.url("deskhand")}
        first = Deskhand(tmp_path / "first", environment=settings)
        second = Deskhand(tmp_path / "second", environment=settings)
        try:
            first.serve()
            shutil.copytree(first.data / "keys", second.data / "keys")
            second.serve()
            yield Pair(cluster.url("deskhand"), first, second)
        finally:
            first.stop()
            second.stop()


def import_flow(server: Deskhand, folder: Path, actions: dict[str, Any]) -> str:
    """Import a flow that is called, switch it on, and return the path of its address."""
    definition = {
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": actions,
    }
    file = folder / "Shared.json"
    file.write_text(json.dumps({"definition": definition}))
    server.command("cloudflow", "import", str(file))
    server.command("cloudflow", "on", "Shared")
    address = urlsplit(server.command("cloudflow", "url", "Shared").strip())
    return f"{address.path}?{address.query}"


def post(server: Deskhand, path: str, body: Any) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as caller:
        caller.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        assert caller.getresponse().status == 202


def tell(url: str, body: str, **members: Any) -> dict[str, Any]:
    policy = {"type": "fixed", "count": 3, "interval": "PT5S"}
    return {
        "type": "Http",
        "inputs": {"method": "POST", "uri": url, "body": body, "retryPolicy": policy},
        **members,
    }


@pytest.mark.xdist_group("live")
def test_the_runs_of_a_killed_server_are_finished_by_the_other(tmp_path: Path, pair: Pair) -> None:
    with Receiver() as receiver:
        path = import_flow(
            pair.first,
            tmp_path,
            {
                "Again": {
                    "type": "Until",
                    "expression": "@equals(iterationIndexes('Again'), 2)",
                    "actions": {
                        "Tell": tell(receiver.url, "@concat(triggerBody()?['token'], ' of many')"),
                        "Rest": {
                            "type": "Wait",
                            "inputs": {"interval": {"count": 1, "unit": "Second"}},
                            "runAfter": {"Tell": ["Succeeded"]},
                        },
                    },
                },
            },
        )
        for number in range(RUNS):
            post((pair.first, pair.second)[number % 2], path, {"token": f"token-{number}"})
        pair.wait_for(lambda: len(receiver.calls) > RUNS)
        pair.first.kill("serve")
        ended = {
            row["id"]
            for row in pair.rows(
                "SELECT replace(flowrunactionid::text, '-', '') AS id FROM flowrunaction"
                " WHERE endtime IS NOT NULL"
            )
        }
        heard = len(receiver.calls)  # after that look: the other server goes on meanwhile
        pair.wait_for(pair.all_ended)
        runs = pair.rows("SELECT status FROM flowrun")
        actions = pair.rows("SELECT name, status FROM flowrunaction")

    assert Counter(row["status"] for row in runs) == {"Succeeded": RUNS}
    assert Counter((row["name"], row["status"]) for row in actions) == {
        ("Again", "Succeeded"): RUNS,
        ("Tell", "Succeeded"): 3 * RUNS,
        ("Rest", "Succeeded"): 3 * RUNS,
    }
    assert not ended & {action for action, _ in receiver.calls[heard:]}
    assert len({action for action, _ in receiver.calls}) == 3 * RUNS


@pytest.mark.xdist_group("live")
def test_a_server_that_stood_still_has_no_say_in_runs_that_were_taken_over(
    tmp_path: Path, pair: Pair
) -> None:
    called, goes_on = Event(), Event()

    def answer(_: str) -> str:
        if called.is_set():
            return "to the second server"
        called.set()
        assert goes_on.wait(WAIT_SECONDS)
        return "to the first server"

    with Receiver(answer) as receiver:
        path = import_flow(
            pair.first,
            tmp_path,
            {
                "Tell": tell(receiver.url, "@triggerBody()?['token']"),
                "Note": {
                    "type": "Compose",
                    "inputs": "@body('Tell')",
                    "runAfter": {"Tell": ["Succeeded"]},
                },
            },
        )
        post(pair.first, path, {"token": "token"})
        assert called.wait(WAIT_SECONDS)
        stopped = pair.first.processes["serve"]
        stopped.send_signal(signal.SIGSTOP)
        try:
            pair.wait_for(pair.all_ended)
            before = pair.rows("SELECT * FROM flowrun") + pair.rows(
                "SELECT * FROM flowrunaction ORDER BY name"
            )
        finally:
            stopped.send_signal(signal.SIGCONT)
        goes_on.set()
        pair.wait_for(lambda: "was taken over by another server" in pair.first.log("serve"))
        after = pair.rows("SELECT * FROM flowrun") + pair.rows("SELECT * FROM flowrunaction ORDER BY name")

    assert after == before
    run, note, tell_ = after
    assert (run["status"], note["outputs"], tell_["status"]) == ("Succeeded", "=", "Succeeded")
    assert note["inputs"] == '"to the second server"'
    assert len(receiver.calls) == 2
