"""Silence, late answers, and runs that wait too long."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from deskhand.orchestrator.recovery import Recovered
from deskhand.protocol.messages import (
    ActionRow,
    ActionsLogged,
    ActionStatus,
    Confirmed,
    Finished,
    Reply,
    RunResult,
)
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue

NOTHING = Recovered(0, 0, 0, 0)


def row(index: int) -> ActionRow:
    return ActionRow(
        index, "action", "Main", 1, "File.WriteText", "", ActionStatus.SUCCEEDED, "2026-03-01T08:00:00Z", 1.0
    )


def test_a_run_whose_agent_dies_before_it_begins_is_offered_again(queue: Queue, clock: StillClock) -> None:
    first = queue.machine("FIN-01")
    second = queue.machine("FIN-02", group_id=first.group_id)
    run = queue.request(queue.flow(), queue.connection(first.group_id))
    order = queue.take(first)
    clock.advance(60)
    assert queue.recover() == NOTHING
    clock.advance(1)
    assert queue.recover() == Recovered(1, 0, 0, 0)
    again = queue.take(second)
    assert again.fencing_token > order.fencing_token
    assert queue.confirm(second, again)
    assert not queue.confirm(first, order)
    assert (queue.status(run), queue.row(run)["machineid"]) == (2, second.machine_id)


def test_an_agent_that_comes_back_in_time_may_still_begin(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.take(machine)
    clock.advance(61)
    assert queue.confirm(machine, order)
    assert queue.recover() == NOTHING
    assert queue.status(run) == 2


def test_a_run_whose_agent_dies_after_it_began_fails_and_never_begins_again(
    queue: Queue, clock: StillClock
) -> None:
    machine = queue.machine()
    run = queue.request(
        queue.flow(), queue.connection(machine.group_id), callback_url="https://example.org/done"
    )
    order = queue.begin(machine)
    clock.advance(300)
    assert queue.recover() == NOTHING
    clock.advance(1)
    assert queue.recover() == Recovered(0, 1, 0, 0)
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (8, "AgentNotReachable")
    assert ended["errormessage"] == (
        "Machine ‘FIN-01’ stopped answering at about 08:00 UTC and was silent for 5 min. The flow may have "
        "finished its work; Deskhand does not start it again by itself. Check how far it came, then rerun it."
    )
    assert queue.claim(machine, 4, ((run, order.fencing_token),)).lost == (run,)
    assert queue.claim(machine).runs == ()
    assert len(queue.callbacks()) == 1


def test_a_result_that_comes_too_late_is_kept_as_evidence_and_changes_nothing(
    queue: Queue, clock: StillClock
) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    clock.advance(301)
    queue.recover()
    before = queue.row(run)
    late = ActionsLogged(run, order.fencing_token, (row(0),))
    finished = Finished(run, order.fencing_token, RunResult.SUCCEEDED, {"Total": 5})
    refusal = Reply(accepted=False, reason="the run had ended before, as Failed")
    assert queue.report(machine, late, finished, finished) == (refusal, refusal, refusal)
    assert queue.row(run) == before
    assert [one["event"] for one in queue.late_events(run)] == ["succeeded", "succeeded"]
    assert [one["name"] for one in queue.log(run)].count("File.WriteText") == 1


def test_signs_of_life_keep_a_run(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    held = ((run, order.fencing_token),)
    for _ in range(4):
        clock.advance(200)
        queue.claim(machine, 3, held)
        clock.advance(200)
        queue.report(machine, ActionsLogged(run, order.fencing_token, (row(0),)))
        assert queue.recover() == NOTHING
    assert queue.status(run) == 2


def test_silence_before_the_server_listened_counts_for_nothing(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    connection = queue.connection(machine.group_id)
    begun = queue.request(queue.flow(), connection)
    order = queue.begin(machine)
    waiting = queue.request(queue.flow("Other"), connection)
    queue.take_while_running(machine, order)
    clock.advance(10_000)
    started = clock.now()
    assert queue.recover(since=started) == NOTHING
    clock.advance(60)
    assert queue.recover(since=started) == Recovered(1, 0, 0, 0)
    clock.advance(240)
    assert queue.recover(since=started) == Recovered(0, 1, 0, 0)
    assert (queue.status(begun), queue.status(waiting)) == (8, 3)


def test_an_order_that_was_lost_on_its_way_comes_again_with_the_next_claim(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    lost = queue.take(machine)
    (again,) = queue.claim(machine).runs
    assert (again.run_id, again.fencing_token > lost.fencing_token) == (run, True)
    assert not queue.confirm(machine, lost)
    assert queue.confirm(machine, again)


def test_a_run_that_a_restarted_agent_does_not_know_fails_soon(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    queue.begin(machine)
    clock.advance(60)
    queue.claim(machine)
    assert queue.status(run) == 2
    clock.advance(1)
    queue.claim(machine)
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (8, "AgentNotReachable")


def test_reports_that_come_twice_count_once(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(
        queue.flow(), queue.connection(machine.group_id), callback_url="https://example.org/done"
    )
    order = queue.take(machine)
    confirmed = Confirmed(run, order.fencing_token, "ada", "1.0")
    finished = Finished(run, order.fencing_token, RunResult.SUCCEEDED, {"Total": 5})
    taken = Reply(accepted=True)
    assert queue.report(machine, confirmed, confirmed, finished, finished) == (taken,) * 4
    assert queue.report(machine, finished) == (taken,)
    assert len(queue.callbacks()) == 1
    assert queue.late_events(run) == []


def test_another_result_after_the_first_changes_nothing(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    queue.finish(machine, order, outputs={"Total": 5})
    assert not queue.finish(machine, order, RunResult.CANCELLED).accepted
    assert (queue.status(run), queue.file(run, "outputs")) == (4, {"Total": 5})
    assert [late["event"] for late in queue.late_events(run)] == ["cancelled"]


def test_a_flow_that_never_began_cannot_have_succeeded(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.take(machine)
    assert not queue.finish(machine, order, outputs={"Total": 5}).accepted
    assert queue.status(run) == 3
    assert queue.finish(machine, order, RunResult.FAILED).accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["startedon"]) == (8, None)


def test_machines_speak_of_their_own_runs_only(queue: Queue) -> None:
    machine, stranger = queue.machine("FIN-01"), queue.machine("SALES-01")
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    stranger_says = Reply(accepted=False, reason="the run is not this machine's")
    finished = Finished(run, order.fencing_token, RunResult.SUCCEEDED, {})
    unknown = Finished(uuid4(), 1, RunResult.SUCCEEDED, {})
    assert queue.report(stranger, finished, unknown) == (stranger_says, stranger_says)
    assert queue.claim(stranger, 1, ((run, order.fencing_token),)).lost == (run,)
    assert queue.status(run) == 2


def test_a_run_that_waits_too_long_fails_and_says_why_no_machine_took_it(
    queue: Queue, clock: StillClock
) -> None:
    queue.settings = replace(queue.settings, queue_wait_max=21_600)
    busy = queue.machine("FIN-01")
    resting = queue.machine("FIN-02", group_id=busy.group_id)
    silent = queue.machine("FIN-03", group_id=busy.group_id)
    queue.machine("FIN-04", group_id=busy.group_id)
    queue.change_group(busy.group_id, name="FIN")
    connection = queue.connection(busy.group_id)
    clock.advance(6 * 3_600)
    queue.claim(silent)
    run = queue.request(queue.flow(), connection)
    queue.change_machine(resting, statecode=2)
    clock.advance(21_600)
    queue.claim(busy, 0)
    assert queue.recover() == NOTHING
    clock.advance(1)
    assert queue.recover() == Recovered(0, 0, 0, 1)
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (8, "NoCandidateMachine")
    assert ended["errormessage"] == (
        "Not started: no machine of group FIN became free within 6 h. FIN-01 was busy, FIN-02 was in "
        "maintenance, FIN-03 was disconnected from 14:00 UTC, FIN-04 was never connected. "
        "Nothing of the flow has run. DH3101"
    )


def test_a_run_whose_machine_group_is_deleted_fails(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    queue.change_run(run, machinegroupid=None)
    assert queue.recover() == Recovered(0, 0, 0, 1)
    assert queue.row(run)["errorcode"] == "XrmMachineGroupNotFound"


def test_a_run_whose_agent_never_tells_that_its_time_is_up_is_ended(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id), timeout_seconds=100)
    order = queue.begin(machine)
    held = ((run, order.fencing_token),)
    clock.advance(162)
    queue.claim(machine, 3, held)
    assert queue.recover() == NOTHING
    clock.advance(1)
    assert queue.recover() == Recovered(0, 0, 1, 0)
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (8, "DesktopFlowsActionTimeout")
    assert queue.claim(machine, 3, held).lost == (run,)
    assert not queue.finish(machine, order, outputs={}).accepted


def test_an_overdue_run_is_left_alone_until_its_agent_could_speak(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id), timeout_seconds=100)
    order = queue.begin(machine)
    clock.advance(10_000)
    assert queue.recover(since=clock.now() - timedelta(seconds=5)) == NOTHING
    assert queue.finish(machine, order, RunResult.TIMED_OUT).accepted
    assert json.loads(queue.row(run)["rundetails"] or "{}") == {}


@pytest.mark.parametrize("moment", ["waiting", "assigned", "running"])
def test_every_run_gets_one_final_status_and_one_callback_whatever_is_lost(
    queue: Queue, clock: StillClock, moment: str
) -> None:
    machine = queue.machine()
    run = queue.request(
        queue.flow(), queue.connection(machine.group_id), callback_url="https://example.org/done"
    )
    if moment == "assigned":
        queue.take(machine)
    if moment == "running":
        queue.begin(machine)
    for _ in range(3):
        clock.advance(50_000)
        queue.recover()
    assert queue.status(run) == 8
    assert len(queue.callbacks()) == 1
    assert queue.events(run).count("QueueEventFinished") == 1
