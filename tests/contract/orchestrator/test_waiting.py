"""Why a run waits: the dispatcher's own decision, on both databases."""

from __future__ import annotations

from uuid import UUID

import pytest

from deskhand.entities.flowmachine import MachineState, QueuingType
from deskhand.entities.flowsession import FlowSessionRunMode
from deskhand.orchestrator.connections import ConnectionTarget
from deskhand.orchestrator.queueing import TOP, change_priority
from deskhand.orchestrator.waiting import Waiting, WaitReason, why_waiting
from deskhand.protocol.messages import MachineRegistered
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue

ATTENDED = FlowSessionRunMode.ATTENDED


@pytest.fixture
def machine(queue: Queue) -> MachineRegistered:
    found = queue.machine()
    queue.change_machine(found, sessioncapacity=2, lastheartbeatdate=queue.clock.now())
    return found


def _why(queue: Queue, machine: MachineRegistered) -> dict[UUID, Waiting]:
    return dict(queue.database.read(lambda tx: why_waiting(tx, [machine.group_id], queue.settings)))


def _reasons(queue: Queue, machine: MachineRegistered, *runs: UUID) -> list[WaitReason]:
    found = _why(queue, machine)
    return [found[one].reason for one in runs]


def test_what_a_free_machine_takes_is_next_and_the_rest_is_behind(
    queue: Queue, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    flow = queue.flow()
    runs = [queue.request(flow, connection) for _ in range(3)]

    found = _why(queue, machine)
    taken = [order.run_id for order in queue.claim(machine).runs]

    assert [found[one].reason for one in runs] == [WaitReason.NEXT, WaitReason.NEXT, WaitReason.BEHIND]
    assert [found[one].position for one in runs] == [1, 2, 3]
    assert taken == runs[:2]
    assert _why(queue, machine)[runs[0]] == Waiting(runs[0], 0, WaitReason.STARTING, machines=("FIN-01",))
    assert _why(queue, machine)[runs[2]] == Waiting(
        runs[2], 1, WaitReason.SESSIONS_BUSY, used=2, capacity=2, machines=("FIN-01",)
    )


def test_an_attended_run_waits_for_the_persons_session(
    queue: Queue, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    flow = queue.flow()
    queue.request(flow, connection, run_mode=ATTENDED)
    queue.begin(machine)
    waits = queue.request(flow, connection, run_mode=ATTENDED)
    passes = queue.request(flow, connection)

    assert _reasons(queue, machine, waits, passes) == [WaitReason.PERSON_BUSY, WaitReason.NEXT]

    queue.change_group(machine.group_id, preferredqueuingtype=QueuingType.FIFO.value)
    assert _reasons(queue, machine, waits, passes) == [WaitReason.PERSON_BUSY, WaitReason.BEHIND]


def test_a_group_that_takes_nothing_says_so(
    queue: Queue, machine: MachineRegistered, connection: ConnectionTarget, clock: StillClock
) -> None:
    run = queue.request(queue.flow(), connection)

    queue.change_group(machine.group_id, statecode=MachineState.MAINTENANCE.value)
    inactive = _reasons(queue, machine, run)
    queue.change_group(machine.group_id, statecode=MachineState.ACTIVE.value)
    queue.change_machine(machine, statecode=MachineState.MAINTENANCE.value)
    maintained = _why(queue, machine)[run]
    seen = clock.now()
    clock.advance(queue.settings.heartbeat_seconds * 3 + 1)
    silent = _why(queue, machine)[run]

    assert inactive == [WaitReason.GROUP_INACTIVE]
    assert maintained == Waiting(run, 1, WaitReason.MAINTENANCE, machines=("FIN-01",))
    assert silent == Waiting(run, 1, WaitReason.DISCONNECTED, since=seen, machines=("FIN-01",))


def test_a_run_that_is_moved_to_the_top_passes_high_ones(
    queue: Queue, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    flow = queue.flow()
    high = queue.request(flow, connection, priority=0)
    normal = queue.request(flow, connection)

    moved = queue.database.write(lambda tx: change_priority(tx, normal, TOP, queue.owner.user_id))
    position = _why(queue, machine)[normal].position
    order = queue.take(machine)
    again = queue.database.write(lambda tx: change_priority(tx, normal, 1, queue.owner.user_id))

    assert (moved, position, order.run_id, again) == (True, 1, normal, False)
    assert queue.events(normal)[:1] == ["QueueEventEnqueued"]
    assert queue.status(high) == 3
