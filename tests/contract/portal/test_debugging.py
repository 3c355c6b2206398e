"""What the designer asks of a debugged run, against a live server on both databases."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.flowsession import DebugSession
from deskhand.orchestrator.debug_sessions import commands_for
from deskhand.orchestrator.recovery import recover
from deskhand.protocol.messages import (
    DebugAction,
    DebugPhase,
    DebugState,
    DebugVariable,
    DebugWait,
    PauseReason,
    RowPlace,
    RunOrder,
)
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer, Machine

TEXT = (
    "@INPUT Start : { 'Type': 'Numeric', 'DefaultValue': 1 }\n"
    "SET A TO Start\nIF A > 1 THEN\n    SET A TO 0\nEND\n"
)


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"debugger {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


@pytest.fixture
def administrator(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


@pytest.fixture
def flow_id(administrator: Pages) -> str:
    return str(administrator.post("/desktopflows", {"name": "Debugged", "text": ""})["id"])


def start(pages: Pages, flow_id: str, **order: Any) -> str:
    order = {"text": TEXT, **order}
    return str(pages.post(f"/desktopflows/{flow_id}/debug", order)["runId"])


def refusal(pages: Pages, method: str, target: str, body: Any) -> tuple[int, str, str]:
    answer = pages.ask(method, target, body)
    error = answer.json()["error"]
    return answer.status, error["code"], error["message"]


@pytest.mark.parametrize(
    ("order", "status", "code", "words"),
    [
        ({"text": "SET A TO Missing\n"}, 409, "DH2612", "Main, row 1: "),
        ({"breakpoints": [{"subflow": "Main", "row": 1, "condition": "A >"}]}, 400, "DH2731", "‘A >’ has no"),
        ({"breakpoints": [{"subflow": "Main", "row": 1, "hits": 0}]}, 400, "DH1560", "hits"),
        ({"breakpoints": [{"subflow": "Main", "row": 1, "log": "50 %"}]}, 400, "DH2604", "percent sign"),
        ({"startAt": {"subflow": "Main", "row": 3}}, 400, "DH2730", "stands inside a block"),
        ({"delayMs": 10_001}, 400, "DH1560", "it takes 0 to 10000"),
    ],
)
def test_what_cannot_run_is_refused_precisely(
    administrator: Pages, flow_id: str, order: dict[str, Any], status: int, code: str, words: str
) -> None:
    found = refusal(administrator, "POST", f"/desktopflows/{flow_id}/debug", {"text": TEXT, **order})
    assert found[:2] == (status, code)
    assert words in found[2]


def test_whoever_may_not_change_the_flow_may_not_debug_it(
    maker: Pages, flow_id: str, server: LiveServer
) -> None:
    assert maker.ask("POST", f"/desktopflows/{flow_id}/debug", {"text": TEXT}).status in (403, 404)
    assert maker.ask("GET", f"/desktopruns/{uuid4()}/debug").status in (403, 404)


def begun(server: LiveServer, pages: Pages, flow_id: str, **order: Any) -> tuple[Machine, RunOrder]:
    """Return a debugged run that a machine has begun."""
    machine = server.machine(f"debug {uuid4()}")
    run_id = start(pages, flow_id, connection=machine.connection, **order)
    given = server.begin(machine)
    assert str(given.run_id) == run_id
    return machine, given


def paused(order: RunOrder, index: int, sequence: int = 0) -> DebugState:
    variable = DebugVariable("A", "number", "1", 1, False, False, True)
    secret = DebugVariable("Pin", "text", "•••••", None, True, False, True)
    return DebugState(
        order.run_id,
        order.fencing_token,
        index,
        sequence,
        DebugPhase.PAUSED,
        PauseReason.BREAKPOINT,
        RowPlace("Main", 2),
        (RowPlace("Main", 2),),
        (variable, secret),
    )


def told(server: LiveServer, machine: Machine, order: RunOrder, after: int = 0) -> list[tuple[int, str]]:
    wait = DebugWait(order.run_id, order.fencing_token, after, 0)
    found = server.database.write(lambda tx: commands_for(tx, machine.id, wait, server.services.vault))
    return [(one.sequence, one.action.value) for one in found.commands]


def test_a_debugged_run_takes_the_text_of_the_designer(
    server: LiveServer, administrator: Pages, flow_id: str
) -> None:
    stops = [
        {"subflow": "Main", "row": 2, "condition": "A > 0", "hits": None, "log": None},
        {"subflow": "Main", "row": 1, "condition": None, "hits": 3, "log": "100 %% of %A%"},
    ]
    _, order = begun(server, administrator, flow_id, breakpoints=stops, stopOnEntry=True, delayMs=5)
    assert order.flow.definition == TEXT
    assert order.inputs == {"Start": 1}
    assert order.debug is not None
    assert (order.debug.stop_on_entry, order.debug.delay_ms) == (True, 5)
    assert [(one.row, one.condition, one.hits, one.log) for one in order.debug.breakpoints] == [
        (2, "A > 0", None, None),
        (1, None, 3, "$'''100 %% of %A%'''"),
    ]
    info = administrator.get(f"/desktopruns/{order.run_id}/debug")
    assert (info["state"], info["breakpoints"], info["delayMs"]) == ("waiting", stops, 5)
    assert administrator.get(f"/desktopruns/{order.run_id}")["run"]["startedBy"] == "designer"


def test_commands_are_queued_by_number_and_forgotten_once_obeyed(
    server: LiveServer, administrator: Pages, flow_id: str
) -> None:
    machine, order = begun(server, administrator, flow_id)
    target = f"/desktopruns/{order.run_id}/debug"
    server.report(machine, paused(order, 1))
    assert administrator.put(f"{target}/variables/a", {"value": "%A + 1%"}) == {"sequence": 1}
    assert administrator.post(f"{target}/command", {"command": "stepOver"}) == {"sequence": 2}
    assert told(server, machine, order) == [(1, "variable"), (2, "stepOver")]
    assert told(server, machine, order, after=1) == [(2, DebugAction.STEP_OVER.value)]
    assert told(server, server.machine(f"other {uuid4()}"), order) == []

    server.report(machine, paused(order, 3, sequence=2))
    server.report(machine, paused(order, 2, sequence=1))  # an older one comes late
    assert told(server, machine, order) == []
    info = administrator.get(target)
    assert (info["state"], info["reason"], info["obeyed"], info["sequence"]) == ("paused", "breakpoint", 2, 2)
    assert [(one["name"], one["value"]) for one in info["variables"]] == [("A", 1), ("Pin", None)]


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("A", "abc", "DH2732", "‘A’ keeps its value: it takes a number, not ‘abc’"),
        ("A", "50%", "DH2604", "percent sign stands alone"),
        ("B", "1", "DH1560", "the subflow in which the run is paused has none of it"),
    ],
)
def test_a_wrong_value_is_refused_before_it_is_told(
    server: LiveServer, administrator: Pages, flow_id: str, name: str, value: str, code: str, words: str
) -> None:
    machine, order = begun(server, administrator, flow_id)
    target = f"/desktopruns/{order.run_id}/debug/variables/{name}"
    assert refusal(administrator, "PUT", target, {"value": value})[:2] == (409, "DH3622")
    server.report(machine, paused(order, 1))
    found = refusal(administrator, "PUT", target, {"value": value})
    assert found[:2] == (400, code)
    assert words in found[2]
    assert told(server, machine, order) == []


def test_only_a_debugged_run_is_told_anything(server: LiveServer, administrator: Pages, flow_id: str) -> None:
    _, order = begun(server, administrator, flow_id)
    command = f"/desktopruns/{order.run_id}/debug/command"
    found = refusal(administrator, "POST", command, {"command": "runTo"})
    assert found[:2] == (400, "DH1560")
    administrator.post(f"/desktopruns/{order.run_id}/debug/watch")
    other = server.user(f"stranger {uuid4()}", "Environment Maker")
    stranger = Pages(server, server.api_token(other))
    assert stranger.ask("POST", command, {"command": "resume"}).status in (403, 404)
    assert stranger.ask("GET", f"/desktopruns/{order.run_id}/debug").status in (403, 404)


def test_a_paused_run_at_which_nobody_looks_is_ended(
    server: LiveServer, administrator: Pages, flow_id: str
) -> None:
    machine, order = begun(server, administrator, flow_id)
    server.report(machine, paused(order, 1))

    def long_ago(tx: Any) -> None:
        mine = sa.update(DebugSession.table).where(DebugSession.c.flowsessionid == order.run_id)
        tx.execute(mine.values(watchedon=tx.now - timedelta(hours=1)))

    server.database.write(long_ago)
    assert server.database.write(lambda tx: recover(tx, server.services.settings)).unwatched == 1
    details = administrator.get(f"/desktopruns/{order.run_id}")
    assert (details["run"]["status"], details["error"]["code"]) == ("Failed", "DebuggingAbandoned")
    assert administrator.get(f"/desktopruns/{order.run_id}/debug")["state"] == "ended"


def test_a_breakpoint_is_read_before_any_run_has_it(administrator: Pages) -> None:
    given = {"subflow": "Main", "row": 1, "condition": " A > 1 ", "hits": 2, "log": "  "}
    assert administrator.post("/robin/breakpoint", given) == {**given, "condition": "A > 1", "log": None}

    status, code, message = refusal(administrator, "POST", "/robin/breakpoint", {**given, "log": "%A +%"})
    assert (status, code) == (400, "DH2604")
    assert "is no value" in message
