"""One run in its process, however that process was started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from deskhand import __version__
from deskhand.agent.forked import ForkedProcesses
from deskhand.agent.processes import Ending, FlowProcess, FlowProcesses, Launch
from deskhand.agent.session import Cancel, Session
from deskhand.protocol.messages import (
    ActionRow,
    ActionsLogged,
    ActionStatus,
    AssignFailed,
    ChildRunEnded,
    ChildRunStarted,
    Confirmed,
    Finished,
    Flow,
    FlowLimits,
    Reply,
    RunError,
    RunResult,
)
from tests.flow_runs import LIMITS, Recorder, Running, order, processes, processes_left


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


class Watched:
    """Flow processes, and how often one was asked to end."""

    def __init__(self, flows: FlowProcesses) -> None:
        self.flows = flows
        self.stopped = 0

    def start(self, launch: Launch, ended: Callable[[Ending], None]) -> FlowProcess:
        process = self.flows.start(launch, ended)
        watched = self

        class WatchedProcess:
            def stop(self) -> None:
                watched.stopped += 1
                process.stop()

        return WatchedProcess()

    def keep(self, flow: Flow, compiled_in: float) -> None:
        self.flows.keep(flow, compiled_in)

    def keeps(self, flow: Flow) -> bool:
        return self.flows.keeps(flow)

    def kept(self) -> tuple[str, ...]:
        return self.flows.kept()

    def close(self) -> None:
        self.flows.close()


class Known(Watched):
    """Flow processes that take every flow for one that they have compiled."""

    def keeps(self, flow: Flow) -> bool:
        return True


def run(flows: FlowProcesses, definition: str, tmp_path: Path, **changes: Any) -> tuple[Any, Recorder]:
    outbox = Recorder()
    session = Session(order(definition, **changes), flows, outbox, tmp_path / "work", "ana")
    return session.run(), outbox


def test_a_run_is_confirmed_then_begins_and_tells_what_it_does(flows: FlowProcesses, tmp_path: Path) -> None:
    outbox = Recorder()
    given = order("log one\nlog two\noutput Result=Name", inputs={"Name": "Ana"})
    last = Session(given, flows, outbox, tmp_path / "work", "ana").run()

    def row(index: int, text: str) -> ActionRow:
        moment = "2026-03-01T08:04:41.123456+00:00"
        return ActionRow(index, "action", "Main", 1, "Tiny", text, ActionStatus.SUCCEEDED, moment, 0.5)

    assert outbox.messages == [
        Confirmed(given.run_id, 7, "ana", __version__),
        ActionsLogged(given.run_id, 7, (row(0, "one"), row(1, "two"))),
    ]
    assert last == Finished(
        given.run_id, 7, RunResult.SUCCEEDED, outputs={"Result": "Ana"}, statistics={"actions": 3}
    )


def test_the_process_has_a_session_a_folder_and_a_mark_of_its_own(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    run_id = uuid4()
    last, _ = run(flows, "here", tmp_path, run_id=run_id)
    assert last.outputs == {
        "directory": str(tmp_path / "work"),
        "lent": str(tmp_path / "work"),
        "run": f"{run_id}:7",
        "session": True,
        "stdin": "",
        "umask": 0o077,
        "secrets": [],
    }


def test_a_flow_that_has_run_is_compiled_ahead_where_processes_are_forked(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    # Also where the next process was forked before the first one's flow was known.
    kept = [run(flows, "kept", tmp_path)[0].outputs for _ in range(3)]
    known = isinstance(flows, ForkedProcesses)
    assert kept == [{"kept": False}, {"kept": known}, {"kept": known}]


def test_a_flow_that_ends_by_itself_is_not_asked_to_end(flows: FlowProcesses, tmp_path: Path) -> None:
    watched = Watched(flows)
    last, _ = run(watched, "log on", tmp_path)
    assert (last.result, watched.stopped) == (RunResult.SUCCEEDED, 0)


def test_a_flow_that_cannot_begin_is_refused_without_a_confirmation(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    run_id = uuid4()
    last, outbox = run(flows, "nonsense", tmp_path, run_id=run_id)
    assert last == AssignFailed(run_id, 7, "SyntaxError", "there is no program ‘nonsense’", retry=False)
    assert outbox.messages == []


def test_a_flow_that_has_run_is_known_where_processes_are_forked(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    given = order("log known")
    assert not flows.keeps(given.flow)
    Session(given, flows, Recorder(), tmp_path / "work", "ana").run()
    assert flows.keeps(given.flow) == isinstance(flows, ForkedProcesses)
    assert not flows.keeps(order("log unknown").flow)


def test_a_flow_that_is_known_is_confirmed_while_its_process_gets_ready(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    outbox = Recorder(reply=None)
    given = order("log begun")
    session = Session(given, Known(flows), outbox, tmp_path / "work", "ana")
    session.begin()
    assert outbox.messages == [Confirmed(given.run_id, 7, "ana", __version__)]
    running = Running(session)
    outbox.answer()
    assert running.last_word() == Finished(
        given.run_id, 7, RunResult.SUCCEEDED, outputs={}, statistics={"actions": 1}
    )
    assert outbox.summaries() == ["begun"]


def test_a_confirmed_order_begins_without_a_word_to_the_server(flows: FlowProcesses, tmp_path: Path) -> None:
    last, outbox = run(flows, "log begun\noutput A=b", tmp_path, confirmed=True)
    assert (last.result, last.outputs) == (RunResult.SUCCEEDED, {"A": "b"})
    assert [type(one) for one in outbox.messages] == [ActionsLogged]


def test_a_confirmed_flow_that_is_refused_after_all_has_failed(flows: FlowProcesses, tmp_path: Path) -> None:
    last, outbox = run(flows, "nonsense", tmp_path, confirmed=True)
    error = RunError("SyntaxError", "there is no program ‘nonsense’")
    assert (last, outbox.messages) == (Finished(last.run_id, 7, RunResult.FAILED, error=error), [])


def test_a_confirmed_flow_that_gets_no_process_may_begin_elsewhere(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    (tmp_path / "work").write_text("no folder")
    last, outbox = run(flows, "log begun", tmp_path, confirmed=True)
    assert isinstance(last, AssignFailed)
    assert (last.code, last.retry, outbox.messages) == ("AgentHasNotStarted", True, [])


def test_a_confirmed_run_can_be_cancelled_and_runs_out_of_time(flows: FlowProcesses, tmp_path: Path) -> None:
    session = Session(order("sleep 600", confirmed=True), flows, Recorder(), tmp_path / "one", "ana")
    session.letters.put(Cancel())
    assert session.run() == Finished(session.order.run_id, 7, RunResult.CANCELLED)
    last, _ = run(flows, "sleep 600", tmp_path, confirmed=True, timeout_seconds=1)
    assert last.result is RunResult.TIMED_OUT


def test_the_flows_that_are_known_have_their_fingerprints_told(flows: FlowProcesses, tmp_path: Path) -> None:
    given = order("log told")
    Session(given, flows, Recorder(), tmp_path / "work", "ana").run()
    assert (given.flow.fingerprint in flows.kept()) == isinstance(flows, ForkedProcesses)
    assert order("log otherwise").flow.fingerprint not in flows.kept()


def test_a_known_flow_that_is_refused_after_all_has_failed(flows: FlowProcesses, tmp_path: Path) -> None:
    last, outbox = run(Known(flows), "nonsense", tmp_path)
    error = RunError("SyntaxError", "there is no program ‘nonsense’")
    assert last == Finished(last.run_id, 7, RunResult.FAILED, error=error)
    assert outbox.messages == [Confirmed(last.run_id, 7, "ana", __version__)]


def test_a_known_flow_whose_process_dies_before_it_begins_has_failed_and_says_so(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    outbox = Recorder(reply=None)
    session = Session(order("die_early 11"), Known(flows), outbox, tmp_path / "work", "ana")
    last = session.run()
    assert isinstance(last, Finished)
    assert (last.result, last.error and last.error.code) == (RunResult.FAILED, "AgentHasNotStarted")
    assert "before the flow began" in (last.error.message if last.error else "")


def test_a_known_flow_is_not_begun_without_the_servers_yes(flows: FlowProcesses, tmp_path: Path) -> None:
    outbox = Recorder(Reply(accepted=False, reason="it was cancelled"))
    session = Session(order("log begun"), Known(flows), outbox, tmp_path / "work", "ana")
    assert session.run() is None
    assert outbox.summaries() == []


def test_a_run_that_the_server_does_not_confirm_never_begins(flows: FlowProcesses, tmp_path: Path) -> None:
    outbox = Recorder(Reply(accepted=False, reason="it was cancelled"))
    last = Session(order("log begun"), flows, outbox, tmp_path, "ana").run()
    assert last is None
    assert outbox.summaries() == []


def test_a_failing_action_fails_the_run(flows: FlowProcesses, tmp_path: Path) -> None:
    last, _ = run(flows, "fail it is broken", tmp_path)
    assert (last.result, last.error) == (RunResult.FAILED, RunError("ActionFailed", "it is broken"))
    assert (last.outputs, last.statistics) == (None, {"actions": 1})


def test_what_a_flow_prints_is_not_taken_for_messages(flows: FlowProcesses, tmp_path: Path) -> None:
    last, _ = run(flows, "print_rubbish\noutput A=b", tmp_path)
    assert (last.result, last.outputs) == (RunResult.SUCCEEDED, {"A": "b"})


def test_rows_beyond_the_limit_are_counted_and_failures_kept(flows: FlowProcesses, tmp_path: Path) -> None:
    limits = FlowLimits(LIMITS.memory_bytes, 250, LIMITS.outputs_bytes, 0.3)
    _, outbox = run(flows, "log_many 1000\nlog_failure broken\nlog_many 5", tmp_path, limits=limits)
    rows = [row for one in outbox.messages if isinstance(one, ActionsLogged) for row in one.rows]
    assert [row.index for row in rows] == list(range(252))
    assert [row.summary for row in rows] == [
        *(str(number) for number in range(250)),
        "broken",
        "755 more rows were left out: one run's action log takes 250",
    ]
    assert rows[-1].kind == "omitted"


def test_rows_come_while_a_long_action_runs(flows: FlowProcesses, tmp_path: Path) -> None:
    outbox = Recorder()
    running = Running(
        Session(order("log soon\nsleep 600", timeout_seconds=1), flows, outbox, tmp_path, "ana")
    )
    assert [row.summary for row in outbox.wait_for(ActionsLogged).rows] == ["soon"]
    running.last_word()


def test_outputs_beyond_the_limit_fail_the_run(flows: FlowProcesses, tmp_path: Path) -> None:
    last, _ = run(flows, f"big_output {LIMITS.outputs_bytes}", tmp_path)
    assert last.error == RunError(
        "OutputsTooLarge",
        "the flow came to its end, but its outputs cannot be returned: they take 1048586 bytes, and one run "
        "may return 1048576",
    )


def test_outputs_that_no_message_can_carry_fail_the_run(flows: FlowProcesses, tmp_path: Path) -> None:
    last, _ = run(flows, "endless_output", tmp_path)
    assert last.error == RunError(
        "OutputsNotTransferable",
        "the flow came to its end, but its outputs cannot be returned: "
        "it is nested more than 200 levels deep",
    )


CALLED = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a0c1")


def test_a_called_flow_has_a_run_of_its_own(flows: FlowProcesses, tmp_path: Path) -> None:
    called = Flow(CALLED, "Called", "log inside\noutput Result=Name")
    last, outbox = run(
        flows, "log before\ncall called\nlog after", tmp_path, children=(called,), inputs={"Name": "Ana"}
    )
    before, begun, inside, ended, after = outbox.messages[1:]
    assert isinstance(begun, ChildRunStarted)
    assert isinstance(ended, ChildRunEnded)
    assert begun == ChildRunStarted(
        last.run_id, 7, begun.child_run_id, last.run_id, CALLED, begun.started_at, {"Name": "Ana"}
    )
    assert ended == ChildRunEnded(
        last.run_id, 7, begun.child_run_id, ended.completed_at, RunResult.SUCCEEDED, {"Result": "Ana"}
    )
    logged = [one for one in (before, inside, after) if isinstance(one, ActionsLogged)]
    assert [(one.run_id, one.rows[0].index, one.rows[0].summary) for one in logged] == [
        (last.run_id, 0, "before"),
        (begun.child_run_id, 0, "inside"),
        (last.run_id, 1, "after"),
    ]
    assert last.outputs == {"Result": "Ana"}


def test_a_called_flow_that_calls_its_caller_is_refused(flows: FlowProcesses, tmp_path: Path) -> None:
    given = order("call called")
    called = Flow(CALLED, "Called", f"call {given.flow.workflow_id}")
    last, _ = run(flows, "call called", tmp_path, children=(called, given.flow))
    assert last.error is not None
    assert last.error.code == "UnexpectedError"
    assert "a desktop flow cannot call itself, also not by others: Tiny → Called → Tiny" in last.error.message


def test_flows_are_not_asked_to_come_back_in_another_order(flows: FlowProcesses, tmp_path: Path) -> None:
    sessions = [
        Running(Session(order(f"output N={number}"), flows, Recorder(), tmp_path / str(number), "ana"))
        for number in range(4)
    ]
    words = [one.last_word() for one in sessions]
    assert [word.outputs for word in words if isinstance(word, Finished)] == [{"N": str(n)} for n in range(4)]


def ends_of_called(outbox: Recorder) -> list[tuple[RunResult, Any]]:
    return [(one.result, one.outputs) for one in outbox.messages if isinstance(one, ChildRunEnded)]


def test_a_called_flow_that_nobody_waits_for_runs_beside_its_caller(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    called = Flow(CALLED, "Called", "wait_for_file go\nlog beside\noutput Result=Name")
    last, outbox = run(
        flows,
        "call_and_go_on called\nlog on\nmake_file go\nwait_for_file gone",
        tmp_path,
        children=(replace(called, definition=f"{called.definition}\nmake_file gone\nsleep 600"),),
    )
    assert sorted(outbox.summaries()) == ["beside", "on"]
    assert ends_of_called(outbox) == [(RunResult.CANCELLED, None)]
    assert (last.result, last.outputs) == (RunResult.SUCCEEDED, {})


def test_no_more_than_six_flows_run_in_parallel(flows: FlowProcesses, tmp_path: Path) -> None:
    called = Flow(CALLED, "Called", "count_in\nsleep 0.05\ncount_out")
    last, outbox = run(
        flows, "\n".join(["call_and_go_on called"] * 12) + "\nsleep 1", tmp_path, children=(called,)
    )
    assert last.result is RunResult.SUCCEEDED
    assert ends_of_called(outbox) == [(RunResult.SUCCEEDED, {})] * 12
    counted = [int(text) for text in outbox.summaries()]
    assert len(counted) == 12
    assert max(counted) <= 5


def test_a_called_flow_that_fails_fails_its_caller_only_if_that_waits(
    flows: FlowProcesses, tmp_path: Path
) -> None:
    called = Flow(CALLED, "Called", "fail broken")
    went_on, outbox = run(flows, "call_and_go_on called\nsleep 0.2", tmp_path, children=(called,))
    assert (went_on.result, ends_of_called(outbox)) == (RunResult.SUCCEEDED, [(RunResult.FAILED, None)])
    waited, outbox = run(flows, "call called", tmp_path, children=(called,))
    assert (waited.result, ends_of_called(outbox)) == (RunResult.FAILED, [(RunResult.FAILED, None)])


def test_a_called_flow_ends_with_its_callers_process(flows: FlowProcesses, tmp_path: Path) -> None:
    called = Flow(CALLED, "Called", "die 9")
    last, outbox = run(flows, "log on\ncall called", tmp_path, children=(called,))
    ended = outbox.messages[-1]
    assert isinstance(ended, ChildRunEnded)
    assert (ended.result, ended.error) == (RunResult.FAILED, last.error)
