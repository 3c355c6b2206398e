"""Desktop flows run and debugged on a real machine, by a real server and agent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.live import ApiClient, Deskhand, deskhand_up

SECONDS = 30.0
OUTPUT = "@OUTPUT Sum : { 'Type': 'Numeric' }\n"
FLOW = (
    OUTPUT
    + "SET Sum TO 1\nCALL Add\nSET Sum TO Sum + 1\nWAIT 0\n"
    + "FUNCTION Add GLOBAL\n    SET Sum TO Sum * 10\nEND FUNCTION\n"
)


@dataclass
class Designer:
    """Somebody who has a flow open in the designer."""

    client: ApiClient
    flow_id: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.request(method, path, body, root="/api/portal")
        assert answer.status in (200, 204), answer.body
        return answer.json() if answer.status == 200 else None

    def start(self, text: str, **order: Any) -> DebuggedRun:
        order = {"text": text, "inputs": {}, "breakpoints": [], **order}
        run = self.ask("POST", f"desktopflows/{self.flow_id}/debug", order)
        return DebuggedRun(self, run["runId"])


@dataclass
class DebuggedRun:
    """A run that is debugged."""

    designer: Designer
    run_id: str

    @property
    def info(self) -> Any:
        return self.designer.ask("GET", f"desktopruns/{self.run_id}/debug")

    def wait(self, test: Callable[[Any], bool]) -> Any:
        """Ask until a state is reached; the bound only keeps a broken build from hanging."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            info = self.info
            if test(info):
                return info
            assert info["state"] != "ended", self.designer.ask("GET", f"desktopruns/{self.run_id}")
            time.sleep(0.02)
        raise AssertionError(info)

    def paused(self, subflow: str, row: int) -> Any:
        place = {"subflow": subflow, "row": row}
        return self.wait(lambda info: info["state"] == "paused" and info["place"] == place)

    def tell(self, command: str, **details: Any) -> int:
        body = {"command": command, **details}
        return int(self.designer.ask("POST", f"desktopruns/{self.run_id}/debug/command", body)["sequence"])

    def put(self, what: str, body: Any) -> int:
        return int(self.designer.ask("PUT", f"desktopruns/{self.run_id}/debug/{what}", body)["sequence"])

    def end(self) -> Any:
        """Wait for the run's end and return what is to be known of it."""
        assert self.wait(lambda info: info["state"] == "ended")["variables"] == []
        return self.designer.ask("GET", f"desktopruns/{self.run_id}")


def values(info: Any) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in info["variables"]}


def outputs(details: Any) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in details["outputs"]}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deskhand]:
    # One session, so that the machine is full while a run is debugged.
    with deskhand_up(tmp_path_factory.mktemp("debug") / "data", DESKHAND_SESSION_CAPACITY="1") as made:
        yield made


@pytest.fixture(scope="module")
def designer(installation: Deskhand) -> Designer:
    return open_designer(installation)


def open_designer(installation: Deskhand) -> Designer:
    client = installation.client("designer")
    made = Designer(client, "")
    made.flow_id = made.ask("POST", "desktopflows", {"name": "Sums", "text": OUTPUT + "SET Sum TO 0\n"})["id"]
    return made


def test_a_run_is_paused_seen_changed_stepped_and_resumed(designer: Designer) -> None:
    run = designer.start(FLOW, breakpoints=[{"subflow": "Main", "row": 2}])
    paused = run.paused("Main", 2)
    assert (paused["reason"], values(paused)) == ("breakpoint", {"Sum": 1})
    assert paused["variables"][0]["type"] == "number"

    run.put("variables/Sum", {"value": "%Sum + 4%"})
    assert values(run.wait(lambda info: values(info) == {"Sum": 5})) == {"Sum": 5}
    run.tell("stepInto")
    inside = run.paused("Add", 1)
    assert inside["stack"] == [{"subflow": "Add", "row": 1}, {"subflow": "Main", "row": 2}]
    run.tell("stepOver")
    assert values(run.paused("Main", 3)) == {"Sum": 50}
    run.tell("resume")

    details = run.end()
    assert (details["run"]["status"], outputs(details)) == ("Succeeded", {"Sum": 51})
    assert details["run"]["startedBy"] == "designer"


def test_commands_arrive_at_once_although_the_machine_is_full(designer: Designer) -> None:
    run = designer.start("LOOP WHILE (1) = (1)\n    WAIT 0\nEND\n", delayMs=20)
    run.wait(lambda info: info["state"] == "running" and info["place"] is not None)
    began = time.monotonic()
    run.tell("pause")
    run.wait(lambda info: info["state"] == "paused")
    took = time.monotonic() - began
    run.put("delay", {"delayMs": 0})
    run.put("breakpoints", {"breakpoints": [{"subflow": "Main", "row": 2}]})
    run.tell("resume")
    run.wait(lambda info: info["reason"] == "breakpoint")
    designer.ask("POST", f"desktopruns/{run.run_id}/cancel")
    assert run.end()["run"]["status"] == "Canceled"
    assert took < 5  # a claim that waits for a free session would take longer than any test


def test_a_pause_interrupts_a_wait(designer: Designer) -> None:
    run = designer.start(OUTPUT + "WAIT 3600\nSET Sum TO 1\n")
    run.wait(lambda info: info["state"] == "running" and info["place"] == {"subflow": "Main", "row": 1})
    run.tell("pause")
    assert run.paused("Main", 1)["reason"] == "pause"
    designer.ask("POST", f"desktopruns/{run.run_id}/cancel")
    assert run.end()["run"]["status"] == "Canceled"


def test_an_error_waits_for_its_repair(designer: Designer) -> None:
    run = designer.start(OUTPUT + "SET Sum TO 0\nSET Sum TO 10 / Sum\n")
    failed = run.paused("Main", 2)
    assert (failed["reason"], failed["error"]["place"]) == ("error", {"subflow": "Main", "row": 2})
    run.put("variables/Sum", {"value": "2"})
    run.tell("retry")
    assert outputs(run.end()) == {"Sum": 5}


def test_run_from_here_begins_at_the_row(designer: Designer) -> None:
    run = designer.start(FLOW, startAt={"subflow": "Main", "row": 3})
    assert outputs(run.end()) == {"Sum": 1}


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_paused_run_outlives_its_server(tmp_path: Path, how: str) -> None:
    with deskhand_up(tmp_path / "data") as installation:
        designer = open_designer(installation)
        machine_of_its_own(installation)
        run = designer.start(FLOW, breakpoints=[{"subflow": "Main", "row": 3}])
        run.paused("Main", 3)
        run.put("variables/Sum", {"value": "70"})
        if how == "kill":
            installation.kill("serve")
        else:
            process = installation.processes.pop("serve")
            process.terminate()
            process.wait(30)
        installation.serve()
        assert values(run.wait(lambda info: values(info) == {"Sum": 70}))
        run.tell("resume")
        assert outputs(run.end()) == {"Sum": 71}


def machine_of_its_own(installation: Deskhand) -> None:
    """Have server and agent run apart, on what ``up`` has set up."""
    installation.stop()
    installation.serve()
    installation.run_machine()
