"""Flows that hang, die, eat memory, write rubbish or do not listen: a precise end, and nothing left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskhand.agent.forked import ForkedProcesses
from deskhand.agent.process_tree import marked
from deskhand.agent.processes import AGENT_VARIABLE, FlowProcesses
from deskhand.agent.session import AgentStopping, Cancel, Lost, Session
from deskhand.agent.zygote import SPARE_NAME
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    Confirmed,
    Finished,
    FlowLimits,
    RunError,
    RunResult,
)
from tests.flow_runs import LIMITS, Recorder, Running, name_of, order, processes, processes_left


@pytest.fixture(scope="module", params=["forked", "spawned"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    data = tmp_path_factory.mktemp(request.param)
    made = processes(request.param, data)
    yield made, data
    made.close()


@pytest.fixture
def flows(started: tuple[FlowProcesses, Path]) -> Iterator[FlowProcesses]:
    made, data = started
    yield made
    assert processes_left(data) == []


class Started:
    """A run that has come to a certain point."""

    def __init__(self, flows: FlowProcesses, definition: str, tmp_path: Path, **changes: Any) -> None:
        self.outbox = Recorder()
        self.order = order(definition, **changes)
        session = Session(self.order, flows, self.outbox, tmp_path / "work", "ana")
        self.session = session
        self.running = Running(session)

    def last_word(self) -> Any:
        return self.running.last_word()

    def after_rows(self, count: int = 1) -> Started:
        while len(self.outbox.summaries()) < count:
            self.outbox.wait_for(ActionsLogged)
        return self


TIMED_OUT = RunError(
    "DesktopFlowsActionTimeout",
    "the flow was stopped because it ran longer than the 1 s that were asked for; "
    "ask for a longer timeout, or split the flow",
)


@pytest.mark.parametrize(
    "definition", ["loop", "sleep 600", "stubborn", "daemon\nstubborn", "program_left\nloop"]
)
def test_a_flow_that_takes_too_long_is_stopped(definition: str, flows: FlowProcesses, tmp_path: Path) -> None:
    run = Started(flows, definition, tmp_path, timeout_seconds=1)
    assert run.last_word() == Finished(run.order.run_id, 7, RunResult.TIMED_OUT, error=TIMED_OUT)


@pytest.mark.parametrize(
    ("definition", "rows"),
    [
        ("log on\nloop", 1),
        ("log on\nsleep 600", 1),
        ("stubborn", 1),
        ("daemon\nstubborn", 2),
        ("program_left\nsleep 600", 1),
    ],
)
def test_a_cancelled_flow_ends_with_all_its_processes(
    definition: str, rows: int, flows: FlowProcesses, tmp_path: Path
) -> None:
    run = Started(flows, definition, tmp_path).after_rows(rows)
    run.session.letters.put(Cancel())
    assert run.last_word() == Finished(run.order.run_id, 7, RunResult.CANCELLED)


def test_a_lost_run_ends_without_another_word(flows: FlowProcesses, tmp_path: Path) -> None:
    run = Started(flows, "log on\nloop", tmp_path).after_rows()
    run.session.letters.put(Lost())
    assert run.last_word() is None


@pytest.mark.parametrize("definition", ["daemon\noutput A=b", "program_left\noutput A=b"])
def test_what_a_flow_leaves_behind_is_gone_when_it_has_succeeded(
    definition: str, flows: FlowProcesses, tmp_path: Path
) -> None:
    run = Started(flows, definition, tmp_path)
    assert run.last_word() == Finished(
        run.order.run_id, 7, RunResult.SUCCEEDED, outputs={"A": "b"}, statistics={"actions": 2}
    )


def test_recursion_without_end_fails_the_run(flows: FlowProcesses, tmp_path: Path) -> None:
    assert Started(flows, "recurse", tmp_path).last_word().error == RunError(
        "TooDeeplyNested",
        "the flow's subflows call one another too deeply, perhaps without end; use a loop instead",
    )


def test_a_flow_that_needs_too_much_memory_fails(flows: FlowProcesses, tmp_path: Path) -> None:
    limits = FlowLimits(512 * 1024**2, 1000, LIMITS.outputs_bytes, 0.3)
    assert Started(flows, "devour", tmp_path, limits=limits).last_word().error == RunError(
        "OutOfMemory",
        "the flow needs more memory than the 512 MB that one run may use; work on less data at a time, "
        "or raise the setting child_memory_max_bytes",
    )


def test_an_action_that_ends_the_process_fails_the_run(flows: FlowProcesses, tmp_path: Path) -> None:
    assert Started(flows, "end exit", tmp_path).last_word().error == RunError(
        "ActionEndedProcess", "an action tried to end the flow's process; a flow ends by EXIT", "3"
    )


@pytest.mark.parametrize(
    ("how", "message"), [("interrupt", "KeyboardInterrupt: "), ("base", "GeneratorExit: odd")]
)
def test_whatever_an_action_raises_fails_the_run(
    how: str, message: str, flows: FlowProcesses, tmp_path: Path
) -> None:
    error = Started(flows, f"end {how}", tmp_path).last_word().error
    assert (error.code, error.message) == (
        "UnexpectedError",
        f"the flow met an error that Deskhand did not expect: {message}",
    )
    assert "tiny_engine.py" in error.details


def test_a_killed_flow_fails_with_the_signal(flows: FlowProcesses, tmp_path: Path) -> None:
    assert Started(flows, "die 9", tmp_path).last_word().error == RunError(
        "AgentNotReachable",
        "the flow's process was killed by signal 9 (SIGKILL) while the flow ran; the machine may have run "
        "out of memory (one run may use 1024 MB), or somebody killed it",
    )


def test_a_flow_whose_process_exits_fails_with_what_it_printed_and_without_its_inputs(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    run = Started(flows, "leave 3", tmp_path, inputs={"Password": "hunter2!", "Short": "be"})
    assert run.last_word().error == RunError(
        "AgentNotReachable",
        "the flow's process exited with code 3 while the flow ran",
        "leaving because of ********",
    )


def test_a_process_that_dies_before_the_flow_begins_may_be_tried_again(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    run = Started(flows, "die_early 11", tmp_path)
    word = run.last_word()
    assert isinstance(word, AssignFailed)
    assert (word.code, word.retry) == ("AgentHasNotStarted", True)
    assert word.message.startswith(
        "the flow's process was killed by signal 11 (SIGSEGV) before the flow began"
    )
    assert run.outbox.messages == []


@pytest.mark.parametrize(
    ("rubbish", "problem"),
    [
        ("hello", "message: no JSON (invalid character at line 1 column 1)"),
        ('{"type":"Prepared"}', "Prepared came at the wrong time"),
        ('{"type":"Nonsense"}', "type: invalid value 'Nonsense'"),
        (
            '{"type":"ActionsLogged","run_id":"6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01","fencing_token":7,"rows":[]}',
            "run_id: it speaks of another run",
        ),
    ],
)
def test_rubbish_on_the_pipe_fails_the_run(
    rubbish: str, problem: str, flows: FlowProcesses, tmp_path: Path
) -> None:
    error = Started(flows, f"spoil_pipe {rubbish}", tmp_path).last_word().error
    assert (error.code, error.message) == (
        "DesktopFlowMalformedMachineResponse",
        "the flow's process wrote something that is no message, so it was stopped; "
        "an action may have written where it should not",
    )
    assert error.details.startswith(problem)


def test_a_line_without_end_fails_the_run_and_not_the_agent(flows: FlowProcesses, tmp_path: Path) -> None:
    limits = FlowLimits(LIMITS.memory_bytes, 1000, 1024, 0.3)
    error = Started(flows, "flood_pipe", tmp_path, limits=limits).last_word().error
    assert error.code == "DesktopFlowMalformedMachineResponse"
    assert error.details == "message: a line has more than 1054720 bytes"


def test_a_stopping_agent_hands_back_what_has_not_begun(flows: FlowProcesses, tmp_path: Path) -> None:
    outbox = Recorder(reply=None)
    session = Session(order("log on"), flows, outbox, tmp_path / "work", "ana")
    session.letters.put(AgentStopping())
    word = session.run()
    assert isinstance(word, AssignFailed)
    assert word.retry
    assert outbox.messages == []


def test_a_run_that_is_cancelled_while_its_confirmation_is_under_way_never_begins(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    outbox = Recorder(reply=None)
    session = Session(order("log on"), flows, outbox, tmp_path / "work", "ana")
    running = Running(session)
    outbox.wait_for(Confirmed)
    session.letters.put(Cancel())
    assert running.last_word() == Finished(session.order.run_id, 7, RunResult.CANCELLED)
    assert outbox.summaries() == []


def test_a_flow_waits_with_its_log_while_the_outbox_is_full_and_can_still_be_stopped(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    limits = FlowLimits(LIMITS.memory_bytes, 1_000_000, LIMITS.outputs_bytes, 0.3)
    outbox = Recorder(reply=None)
    session = Session(
        order("log_many 1000000", timeout_seconds=1, limits=limits), flows, outbox, tmp_path / "work", "ana"
    )
    running = Running(session)
    outbox.wait_for(Confirmed)
    outbox.full = True
    outbox.answer()
    word = running.last_word()
    assert isinstance(word, Finished)
    assert word.result is RunResult.TIMED_OUT


def test_a_dead_zygote_loses_its_runs_and_nothing_else(tmp_path: Path) -> None:
    flows = processes("forked", tmp_path)
    run = Started(flows, "daemon\nlog on\nloop", tmp_path).after_rows(2)
    for pid in zygotes_of_this_process(tmp_path):
        os.kill(pid, signal.SIGKILL)
    error = run.last_word().error
    assert (error.code, error.message) == (
        "AgentNotReachable",
        "the flow's process was lost together with the process that started it while the flow ran",
    )
    assert Started(flows, "output A=b", tmp_path).last_word().outputs == {"A": "b"}
    flows.close()
    assert marked(AGENT_VARIABLE, str(tmp_path)) == []


def zygotes_of_this_process(data: Path) -> list[int]:
    mine = []
    for pid in marked(AGENT_VARIABLE, str(data.resolve())):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if int(stat[1]) == os.getpid():
            mine.append(pid)
    return mine


def test_a_flow_that_is_stopped_as_soon_as_it_is_forked_stops_nothing_else(tmp_path: Path) -> None:
    flows = processes("forked", tmp_path)
    Started(flows, "log on", tmp_path).last_word()
    before = zygotes_of_this_process(tmp_path)
    for _ in range(20):
        session = Session(order("log on"), flows, Recorder(), tmp_path / "work", "ana")
        session.letters.put(AgentStopping())
        assert isinstance(session.run(), AssignFailed)
    assert zygotes_of_this_process(tmp_path) == before
    flows.close()


def test_a_process_forked_ahead_that_dies_keeps_no_run_from_starting(tmp_path: Path) -> None:
    flows = processes("forked", tmp_path)
    mark = str(tmp_path.resolve())
    for number in range(3):
        for pid in marked(AGENT_VARIABLE, mark):
            if name_of(pid) == SPARE_NAME:
                os.kill(pid, signal.SIGKILL)
                while name_of(pid):  # until the zygote has seen it
                    pass
        run = Started(flows, f"output N={number}", tmp_path)
        assert run.last_word().outputs == {"N": str(number)}
    flows.close()
    assert marked(AGENT_VARIABLE, mark) == []


def test_a_zygote_that_cannot_start_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskhand.agent.forked.START_SECONDS", 5.0)
    flows = ForkedProcesses(tmp_path, "tests.no_such_engine:load")
    word = Session(order("log on"), flows, Recorder(), tmp_path / "work", "ana").run()
    assert isinstance(word, AssignFailed)
    assert (word.code, word.retry) == ("AgentHasNotStarted", True)
    flows.close()


def test_closing_leaves_no_process(tmp_path: Path) -> None:
    flows = processes("forked", tmp_path)
    run = Started(flows, "daemon\nstubborn", tmp_path).after_rows(2)
    flows.close()
    assert run.last_word().error.code == "AgentNotReachable"
    assert marked(AGENT_VARIABLE, str(tmp_path)) == []
    word = Started(flows, "log on", tmp_path).last_word()
    assert (word.code, word.message) == (
        "AgentHasNotStarted",
        "the flow's process could not be started: the zygote does not come up",
    )


def test_flow_processes_die_with_a_killed_agent(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.flow_runs import *; "
        "Session(order('daemon\\nlog on\\nloop'), processes('forked', Path(sys.argv[1])), Recorder(), "
        "Path(sys.argv[1]) / 'work', 'ana').run()"
    )
    root = str(Path(__file__).resolve().parents[2])
    agent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], env=os.environ | {"PYTHONPATH": root}
    )
    while not (tmp_path / "work").exists():
        agent.poll()
    agent.kill()
    agent.wait()
    while marked(AGENT_VARIABLE, str(tmp_path.resolve())):
        pass
