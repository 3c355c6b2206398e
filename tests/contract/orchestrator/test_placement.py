"""Which machine takes which run."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from deskhand.entities.flowsession import FlowSessionRunMode
from deskhand.orchestrator.runs import HIGH
from deskhand.protocol.messages import RunMode
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue
from tests.contract.orchestrator.test_limits import at_once

ATTENDED = FlowSessionRunMode.ATTENDED


def test_high_priority_passes_and_otherwise_first_come_first_served(queue: Queue, clock: StillClock) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    same_instant = [queue.request(flow, connection) for _ in range(3)]
    clock.advance(1)
    later = queue.request(flow, connection)
    urgent = queue.request(flow, connection, priority=HIGH)
    taken, held = [], ()
    for _ in range(4):
        (order,) = queue.claim(machine, 1, held).runs
        taken.append(order.run_id)
        held = (*held, (order.run_id, order.fencing_token))
    assert taken == [urgent, *same_instant]
    queue.finish_begun(machine, order)
    assert [one.run_id for one in queue.claim(machine, 1, held[:3]).runs] == [later]


def test_one_claim_takes_several_runs_in_order_up_to_the_machines_capacity(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    requested = [queue.request(flow, connection) for _ in range(6)]
    orders = queue.claim(machine, 100).runs
    assert [order.run_id for order in orders] == requested[:4]
    held = tuple((order.run_id, order.fencing_token) for order in orders)
    assert queue.claim(machine, 100, held).runs == ()
    queue.finish_begun(machine, orders[0])
    assert [order.run_id for order in queue.claim(machine, 100, held[1:]).runs] == requested[4:5]


def test_a_machine_takes_one_attended_run_at_a_time(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    first = queue.request(flow, connection, run_mode=ATTENDED)
    second = queue.request(flow, connection, run_mode=ATTENDED)
    behind = queue.request(flow, connection)
    orders = queue.claim(machine).runs
    assert [order.run_id for order in orders] == [first, behind]
    assert [order.run_mode for order in orders] == [RunMode.ATTENDED, RunMode.UNATTENDED]
    held = tuple((order.run_id, order.fencing_token) for order in orders)
    assert queue.claim(machine, 2, held).runs == ()
    queue.finish_begun(machine, orders[0])
    assert [order.run_id for order in queue.claim(machine, 2, held[1:]).runs] == [second]


def test_in_a_first_come_first_served_group_nobody_passes_an_attended_run(queue: Queue) -> None:
    machine = queue.machine()
    queue.change_group(machine.group_id, preferredqueuingtype=0)
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    first = queue.request(flow, connection, run_mode=ATTENDED)
    queue.request(flow, connection, run_mode=ATTENDED)
    queue.request(flow, connection)
    assert [order.run_id for order in queue.claim(machine).runs] == [first]


def test_unattended_runs_pass_any_number_of_attended_ones(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    attended = [queue.request(flow, connection, run_mode=ATTENDED) for _ in range(8)]
    behind = [queue.request(flow, connection) for _ in range(2)]
    assert [order.run_id for order in queue.claim(machine).runs] == [attended[0], *behind]


@pytest.mark.parametrize("state", [1, 2])
def test_a_machine_that_is_off_or_in_maintenance_takes_nothing_new(queue: Queue, state: int) -> None:
    machine = queue.machine()
    other = queue.machine("FIN-02", group_id=machine.group_id)
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    queue.change_machine(machine, statecode=state)
    assert queue.claim(machine).runs == ()
    queue.change_group(machine.group_id, statecode=state)
    assert queue.claim(other).runs == ()
    queue.change_group(machine.group_id, statecode=0)
    assert queue.take(other).run_id == run


def test_a_machine_takes_runs_of_its_own_group_only(queue: Queue) -> None:
    machine, other = queue.machine("FIN-01"), queue.machine("SALES-01")
    queue.request(queue.flow(), queue.connection(machine.group_id))
    assert queue.claim(other).runs == ()


def test_machines_that_ask_at_once_never_get_the_same_run(queue: Queue) -> None:
    queue.settings = replace(queue.settings, session_capacity=50)
    first = queue.machine("FIN-00")
    machines = [
        first,
        *(queue.machine(f"FIN-{number:02}", group_id=first.group_id) for number in range(1, 6)),
    ]
    flow, connection = queue.flow(), queue.connection(first.group_id)
    requested = {queue.request(flow, connection) for _ in range(30)}
    with ThreadPoolExecutor(len(machines)) as threads:
        answers = list(threads.map(lambda machine: queue.claim(machine, 50), machines))
    taken = [order.run_id for answer in answers for order in answer.runs]
    assert len(taken) == len(set(taken))
    left = [order.run_id for order in queue.claim(queue.machine("FIN-99", group_id=first.group_id), 50).runs]
    assert {*taken, *left} == requested


def test_cancel_and_confirm_at_once_have_one_winner(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    for _ in range(10):
        run = queue.request(flow, connection)
        order = queue.claim(machine, 1).runs[0]
        acts = iter([lambda run=run: queue.cancel(run), lambda order=order: queue.confirm(machine, order)])
        results = at_once(lambda acts=acts: next(acts)(), 2)
        begun = True in results
        assert queue.status(run) == (2 if begun else 7)
        if begun:
            assert queue.row(run)["cancelrequestedon"] is not None
            assert queue.finish(machine, order, outputs={}).accepted


def test_cancel_and_finish_at_once_leave_one_final_status(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    for _ in range(10):
        run = queue.request(flow, connection, callback_url="https://example.org/done")
        order = queue.begin(machine)
        acts = iter(
            [
                lambda run=run: queue.cancel(run, finished_is_error=False),
                lambda order=order: queue.finish(machine, order, outputs={}),
            ]
        )
        at_once(lambda acts=acts: next(acts)(), 2)
        assert queue.status(run) == 4
        assert queue.events(run).count("QueueEventFinished") == 1
    assert len(queue.callbacks()) == 10
