"""The portal's endpoints of runs, the queue and machines, against a live server."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from deskhand.protocol.messages import ActionRow, ActionsLogged, ActionStatus, Finished, RunError, RunResult
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer, Machine

BEGAN = "2026-03-01T08:00:00.000000Z"
INPUTS = {
    "schema": {
        "type": "object",
        "properties": {
            "Path": {"type": "string", "title": "Path", "description": "The file.", "value": ""},
            "Limit": {"type": "number", "title": "Limit", "description": "", "value": "10"},
            "Pin": {
                "type": "string",
                "title": "Pin",
                "description": "",
                "format": "password",
                "value": "1234",
            },
        },
        "required": ["Path"],
    }
}


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


def _flow(server: LiveServer, name: str) -> UUID:
    return server.flow(name, inputs=json.dumps(INPUTS))


def _start(pages: Pages, flow: UUID, machine: Machine, **more: Any) -> str:
    body = {"connection": machine.connection, "inputs": {"Path": "/a", "Pin": "secret"}, **more}
    return str(pages.post(f"/desktopflows/{flow}/run", body)["runId"])


def _finish(server: LiveServer, machine: Machine, order: Any, error: RunError | None = None) -> None:
    result = RunResult.FAILED if error else RunResult.SUCCEEDED
    server.report(machine, Finished(order.run_id, order.fencing_token, result, {}, error))


def test_the_form_tells_inputs_and_connections(server: LiveServer, pages: Pages) -> None:
    machine = server.machine("form")
    flow = _flow(server, "form")

    form = pages.get(f"/desktopflows/{flow}/form")

    assert form["inputs"] == [
        {
            "name": "Path",
            "type": "string",
            "description": "The file.",
            "required": True,
            "sensitive": False,
            "default": None,
        },
        {
            "name": "Limit",
            "type": "number",
            "description": "",
            "required": False,
            "sensitive": False,
            "default": 10,
        },
        {
            "name": "Pin",
            "type": "string",
            "description": "",
            "required": False,
            "sensitive": True,
            "default": None,
        },
    ]
    (connection,) = [one for one in form["connections"] if one["name"] == machine.connection]
    assert (connection["displayName"], connection["machines"]) == ("form", 1)


def test_a_run_from_request_to_failure(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("life"), _flow(server, "life")
    run = _start(pages, flow, machine, highPriority=True)
    waiting = pages.get(f"/desktopruns/{run}")
    order = server.begin(machine)
    row = ActionRow(
        0, "action", "Main", 2, "File.Read", "Read /a", ActionStatus.FAILED, BEGAN, 3.0, error="no"
    )
    log = ActionRow(1, "log", "Main", 3, "LOG", "hello", ActionStatus.SUCCEEDED, BEGAN, 0.1, level="Info")
    server.report(machine, ActionsLogged(order.run_id, order.fencing_token, (row, log)))
    running = pages.get(f"/desktopruns/{run}")
    error = RunError(
        "FileNotFound", "/a does not exist", "errno 2", "Main", 2, "File.ReadTextFromFile.ReadText"
    )
    _finish(server, machine, order, error)
    failed = pages.get(f"/desktopruns/{run}")

    assert (waiting["run"]["status"], waiting["waiting"]["reason"]) == ("Queued", "disconnected")
    assert (waiting["canCancel"], waiting["canRerun"], waiting["highPriority"]) == (True, False, True)
    assert (running["run"]["status"], running["waiting"], running["lastAction"]) == ("Running", None, 1)
    assert failed["run"]["status"] == "Failed"
    assert failed["error"] == {
        "code": "FileNotFound",
        "message": "/a does not exist",
        "details": "errno 2",
        "subflow": "Main",
        "line": 2,
        "action": "Read text from file",
    }
    assert failed["inputs"] == [
        {"name": "Path", "value": "/a", "sensitive": False},
        {"name": "Pin", "value": None, "sensitive": True},
    ]
    assert [one["kind"] for one in failed["queue"]] == [
        "RunQueued",
        "RunQueueAssigned",
        "RunQueueRunConfirmed",
        "RunQueueRunCompleted",
    ]
    actions = pages.get(f"/desktopruns/{run}/actions")
    assert [(one["index"], one["status"], one["error"]) for one in actions["items"]] == [
        (0, "Failed", "no"),
        (1, "Succeeded", None),
    ]
    assert (actions["first"], actions["last"]) == (None, 1)
    problems = pages.get(f"/desktopruns/{run}/actions?problems=true")
    assert [one["index"] for one in problems["items"]] == [0]


def test_a_long_log_is_read_in_both_directions(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("long"), _flow(server, "long")
    run = _start(pages, flow, machine)
    order = server.begin(machine)
    rows = tuple(
        ActionRow(number, "action", "Main", 1, "SET", "", ActionStatus.SUCCEEDED, BEGAN, 0.1)
        for number in range(25)
    )
    server.report(machine, ActionsLogged(order.run_id, order.fencing_token, rows))

    def read(query: str) -> tuple[list[int], int | None]:
        found = pages.get(f"/desktopruns/{run}/actions?limit=10&{query}")
        return [one["index"] for one in found["items"]], found["first"]

    assert read("") == (list(range(10)), 10)
    assert read("after=19") == (list(range(20, 25)), None)
    assert read("before=25") == (list(range(15, 25)), 14)
    assert read("before=3") == ([0, 1, 2], None)
    _finish(server, machine, order)


def test_a_run_is_repeated_with_other_inputs_and_keeps_its_secrets(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("again"), _flow(server, "again")
    first = _start(pages, flow, machine)
    refused = pages.ask("POST", f"/desktopruns/{first}/rerun", {})
    _finish(server, machine, server.begin(machine))

    second = pages.post(f"/desktopruns/{first}/rerun", {"inputs": {"Path": "/b", "Pin": None}})
    order = server.begin(machine)
    _finish(server, machine, order)

    assert (refused.status, refused.error["code"]) == (409, "DH1565")
    assert (str(order.run_id), dict(order.inputs)) == (
        second["runId"],
        {"Path": "/b", "Limit": 10, "Pin": "secret"},
    )


def test_runs_are_listed_page_by_page_and_filtered(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("listed"), _flow(server, "Listed <b>")
    runs = [_start(pages, flow, machine) for _ in range(5)]
    pages.post(f"/desktopruns/{runs[0]}/cancel")

    found: list[str] = []
    target: str | None = f"/desktopruns?flow={flow}&limit=2"
    base = target
    while target:
        answer = pages.get(target)
        found += [one["id"] for one in answer["items"]]
        target = f"{base}&after={answer['next']}" if answer["next"] else None
    canceled = pages.get(f"/desktopruns?flow={flow}&status=Canceled,Failed")["items"]
    oldest = pages.get(f"/desktopruns?flow={flow}&sort=requestedOn&limit=1")["items"]

    assert found == runs[::-1]
    assert [one["id"] for one in canceled] == [runs[0]]
    assert [one["id"] for one in oldest] == [runs[0]]
    assert [one["id"] for one in pages.get(f"/desktopruns?search={runs[1]}")["items"]] == [runs[1]]
    assert len(pages.get("/desktopruns?search=listed%20%3Cb&status=Queued")["items"]) == 4
    assert pages.get("/runs?search=listed%20%3Cb&limit=1")["items"][0]["id"] == runs[4]
    for run in runs[1:]:
        pages.post(f"/desktopruns/{run}/cancel")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sort=color", "‘sort’ cannot be ‘color’"),
        ("limit=0", "‘limit’ is 0; it takes 1 to 500."),
        ("limit=x", "‘limit’ is ‘x’; it takes a whole number."),
        ("status=Broken", "‘status’ is ‘Broken’; it takes Queued"),
        ("flow=1", "‘flow’ takes an id."),
        ("since=yesterday", "‘since’ takes an instant"),
        ("color=red", "‘color’ is not a parameter of this address."),
        ("after=nonsense", "This page of the list is not there any more."),
        ("after=WyItcmVxdWVzdGVkT24iLDUsIngiXQ", "This page of the list is not there any more."),
    ],
)
def test_bad_parameters_are_explained(pages: Pages, query: str, message: str) -> None:
    answer = pages.ask("GET", f"/desktopruns?{query}")

    assert answer.status == 400
    assert answer.error["message"].startswith(message)


def test_the_queue_says_why_each_run_waits(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("queue"), _flow(server, "queue")
    group = str(pages.get(f"/machines/{machine.id}")["machine"]["groupId"])
    waiting = [_start(pages, flow, machine) for _ in range(6)]
    order = server.begin(machine)
    listed = pages.get(f"/queue?group={group}")
    pages.put(f"/desktopruns/{waiting[5]}/priority", {"priority": "top"})
    after = pages.get(f"/queue?group={group}")

    assert (listed["running"], listed["queued"]) == (1, 5)
    assert [one["run"]["id"] for one in listed["items"]] == waiting
    assert [one["waiting"] and one["waiting"]["reason"] for one in listed["items"]] == [
        None,
        "next",
        "next",
        "next",
        "behind",
        "behind",
    ]
    assert [one["waiting"]["position"] for one in listed["items"][1:]] == [1, 2, 3, 4, 5]
    assert after["items"][1]["run"]["id"] == waiting[5]
    assert after["items"][1]["priority"] == "top"
    too_late = pages.ask("PUT", f"/desktopruns/{order.run_id}/priority", {"priority": "high"})
    assert (too_late.status, too_late.error["code"]) == (409, "DH1566")

    pages.put(f"/machines/{machine.id}/maintenance", {"on": True})
    held = pages.get(f"/queue?group={group}")["items"][1]["waiting"]
    assert (held["reason"], held["machines"]) == ("maintenance", ["queue"])
    for run in waiting[1:]:
        pages.post(f"/desktopruns/{run}/cancel")
    busy = pages.ask("DELETE", f"/machines/{machine.id}")
    _finish(server, machine, order)
    assert (busy.status, busy.error["code"]) == (409, "DH1567")
    assert pages.ask("DELETE", f"/machines/{machine.id}").status == 204
    assert pages.ask("GET", f"/machines/{machine.id}").status == 404


def test_machines_and_groups_are_listed(server: LiveServer, pages: Pages) -> None:
    machine = server.machine("Shown %_ one")
    (row,) = pages.get("/machines?search=%25_%20one")["items"]
    groups = pages.get("/groups?search=Shown")["items"]

    assert (row["id"], row["connected"], row["running"], row["capacity"]) == (str(machine.id), False, 0, 4)
    assert [(one["name"], one["machines"], one["capacity"], one["queued"]) for one in groups] == [
        ("Shown %_ one", 1, 4, 0)
    ]


def test_machines_tell_what_they_had_to_do(server: LiveServer, pages: Pages) -> None:
    machine, idle, flow = server.machine("busy"), server.machine("idle"), _flow(server, "busy")

    def done(query: str = "") -> dict[str, dict[str, Any]]:
        return {one["machine"]["id"]: one for one in pages.get(f"/activity/machines{query}")["items"]}

    started = [_start(pages, flow, machine) for _ in range(4)]
    _finish(server, machine, server.begin(machine))
    _finish(server, machine, server.begin(machine), RunError("Gone", "It is gone."))
    order = server.begin(machine)
    row = done()[str(machine.id)]
    newest = pages.get(f"/desktopruns/{order.run_id}")["run"]["requestedOn"]
    maker = Pages(server, server.api_token(server.user("activity-maker", "Environment Maker")))

    assert (row["runs"], row["failed"], row["lastRunOn"]) == (3, 1, newest)
    assert (row["machine"]["running"], row["machine"]["queued"]) == (1, 1)
    assert row["runMs"] >= 0
    nothing = {"runs": 0, "failed": 0, "runMs": 0, "lastRunOn": None}
    assert {**done()[str(idle.id)], "machine": None} == {**nothing, "machine": None}
    assert {**done("?since=2100-01-01T00:00:00Z")[str(machine.id)], "machine": None} == {
        **nothing,
        "machine": None,
    }
    assert str(machine.id) not in {one["machine"]["id"] for one in maker.get("/activity/machines")["items"]}

    _finish(server, machine, order)
    pages.post(f"/desktopruns/{started[3]}/cancel")


def test_a_registration_command_works_once(server: LiveServer, pages: Pages) -> None:
    group = pages.post("/groups", {"name": "FIN", "description": "Finance"})
    made = pages.post("/machines/registration", {"groupId": group["id"]})

    assert made["command"] == f"deskhand machine register --server {server.url} --token {made['token']}"
    twice = pages.ask("POST", "/groups", {"name": "FIN"})
    assert twice.status == 412


def test_nobody_sees_or_changes_what_is_not_theirs(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("private"), _flow(server, "private")
    run = _start(pages, flow, machine)
    stranger = Pages(server, server.api_token(server.user("stranger", "Environment Maker")))
    helpless = Pages(server, server.api_token(server.user("helpless")))

    assert stranger.get("/desktopruns")["items"] == []
    assert stranger.get("/queue") == {"items": [], "running": 0, "queued": 0, "complete": True}
    assert stranger.get("/machines")["items"] == []
    for method, target in (
        ("GET", f"/desktopruns/{run}"),
        ("GET", f"/desktopruns/{run}/actions"),
        ("POST", f"/desktopruns/{run}/cancel"),
        ("POST", f"/desktopruns/{run}/rerun"),
        ("PUT", f"/desktopruns/{run}/priority"),
        ("GET", f"/desktopflows/{flow}/form"),
        ("GET", f"/machines/{machine.id}"),
        ("PUT", f"/machines/{machine.id}/maintenance"),
        ("DELETE", f"/machines/{machine.id}"),
    ):
        body = (
            {"priority": "top"} if "priority" in target else {"on": True} if "maintenance" in target else {}
        )
        assert stranger.ask(method, target, body).status == 403, target
    assert helpless.ask("GET", "/desktopruns").status == 403
    assert helpless.ask("POST", "/machines/registration", {}).status == 403
    pages.post(f"/desktopruns/{run}/cancel")


def test_there_is_no_answer_without_a_token(server: LiveServer) -> None:
    answer = server.send("GET", "/api/portal/desktopruns")

    assert (answer.status, answer.error["code"]) == (401, "DH1510")


def test_the_endpoints_are_described(server: LiveServer) -> None:
    described = server.send("GET", "/api/portal/openapi.json").json()

    assert described["openapi"] == "3.1.0"
    assert described["paths"]["/desktopruns/{runId}"]["get"]["operationId"] == "runDetails"
    assert described["components"]["schemas"]["RunStatus"]["enum"][0] == "Queued"
