"""Runs that are confirmed with their order: they begin at once, and one whose order is lost never did."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.connections import ConnectionTarget
from deskhand.protocol.messages import (
    AssignFailed,
    Claim,
    Flow,
    MachineRegistered,
    Orders,
    Readiness,
    Reply,
)
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue

AGENT = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3ac01")
WAITING, RUNNING, SUCCEEDED, CANCELLED, FAILED = 3, 2, 4, 7, 8


class Agent:
    """An agent that has compiled the flow, and counts its claims."""

    def __init__(self, queue: Queue, machine: MachineRegistered, flow_id: UUID) -> None:
        self.queue = queue
        self.machine = machine
        flow = Flow(flow_id, "Greet", queue.flow_text(flow_id))
        self.ready = Readiness(AGENT, 0, "ada", (flow.fingerprint,))

    def claim(
        self,
        number: int,
        *running: tuple[UUID, int],
        agent_id: UUID = AGENT,
        free: int = 4,
        unanswered: tuple[int, ...] = (),
    ) -> Orders:
        ready = replace(self.ready, claim_number=number, agent_id=agent_id, unanswered=unanswered)
        asked = Claim(free, running, 0, "1.0", ready=ready)
        settings, vault = self.queue.settings, self.queue.vault
        return self.queue.database.write(
            lambda tx: assign_runs(tx, self.machine.machine_id, asked, settings, vault)
        )


@pytest.fixture
def agent(queue: Queue, machine: MachineRegistered, flow: UUID) -> Agent:
    return Agent(queue, machine, flow)


def test_a_flow_that_the_agent_has_compiled_begins_with_its_order(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget, clock: StillClock
) -> None:
    run = queue.request(flow, connection)
    (order,) = agent.claim(1).runs
    row = queue.row(run)
    assert (order.confirmed, row["statuscode"], row["startedon"]) == (True, RUNNING, clock.now())
    assert (row["sessionusername"], row["processversion"]) == ("ada", "1.0")
    assert row["leaseexpireson"] == clock.now() + timedelta(seconds=queue.settings.agent_lost_seconds)
    assert queue.events(run) == ["QueueEventEnqueued", "QueueEventAssigned", "QueueEventConfirmed"]
    assert queue.finish(agent.machine, order, outputs={}) == Reply(accepted=True)
    assert queue.status(run) == SUCCEEDED


def test_a_flow_that_was_changed_since_is_confirmed_when_its_process_is_ready(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget
) -> None:
    queue.change_flow(flow, definition="SET Greeting TO $'''Good morning'''")
    run = queue.request(flow, connection)
    (order,) = agent.claim(1).runs
    assert (order.confirmed, queue.status(run)) == (False, WAITING)
    assert queue.confirm(agent.machine, order)


def test_a_run_whose_order_was_lost_is_offered_again(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget, clock: StillClock
) -> None:
    run = queue.request(flow, connection)
    (lost,) = agent.claim(1).runs
    clock.advance(2)
    (order,) = agent.claim(2, unanswered=(1,)).runs
    assert (order.run_id, order.confirmed) == (run, True)
    assert order.fencing_token > lost.fencing_token
    assert queue.row(run)["startedon"] == clock.now()
    assert not queue.finish(agent.machine, lost).accepted
    assert queue.finish(agent.machine, order, outputs={}).accepted
    assert queue.events(run) == [
        "QueueEventEnqueued",
        "QueueEventAssigned",
        "QueueEventConfirmed",
        "QueueEventAssignFailed",
        "QueueEventAssigned",
        "QueueEventConfirmed",
        "QueueEventFinished",
        "QueueEventFinished",
    ]
    (late,) = queue.late_events(run)
    assert late["event"] == "succeeded"


def test_a_run_whose_order_was_lost_waits_as_if_nothing_had_happened(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget
) -> None:
    run = queue.request(flow, connection)
    agent.claim(1)
    assert agent.claim(2, free=0, unanswered=(1,)).runs == ()
    row = queue.row(run)
    assert row["statuscode"] == WAITING
    columns = ("machineid", "startedon", "leaseexpireson", "sessionusername", "begunbyclaim")
    assert [row[name] for name in columns] == [None] * 5


def test_a_run_that_came_stays_with_its_agent(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget
) -> None:
    run = queue.request(flow, connection)
    (order,) = agent.claim(1).runs
    orders = agent.claim(2, (run, order.fencing_token))
    assert (orders.runs, orders.lost, queue.status(run)) == ((), (), RUNNING)


@pytest.mark.parametrize(("number", "unanswered"), [(6, (3, 4)), (5, (4,)), (4, ())])
def test_a_claim_that_does_not_say_that_its_answer_was_lost_takes_nothing_back(
    queue: Queue,
    agent: Agent,
    flow: UUID,
    connection: ConnectionTarget,
    clock: StillClock,
    number: int,
    unanswered: tuple[int, ...],
) -> None:
    """Its agent had the run and let go of it, or the claim was sent twice, or held up on the way."""
    run = queue.request(flow, connection)
    (order,) = agent.claim(5).runs
    assert agent.claim(number, unanswered=unanswered).runs == ()
    assert queue.status(run) == RUNNING
    clock.advance(queue.settings.lease_seconds + 1)
    assert agent.claim(7, unanswered=unanswered).runs == ()
    assert queue.status(run) == FAILED
    assert not queue.finish(agent.machine, order, outputs={}).accepted


def test_of_a_run_of_an_agent_that_died_nobody_knows_whether_it_began(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget, clock: StillClock
) -> None:
    run = queue.request(flow, connection)
    agent.claim(1)
    clock.advance(queue.settings.lease_seconds + 1)
    assert agent.claim(9, agent_id=uuid4(), unanswered=(1,)).runs == ()
    row = queue.row(run)
    assert (row["statuscode"], row["errorcode"]) == (FAILED, "AgentNotReachable")
    assert "not started again" in row["errormessage"]


def test_a_run_that_was_cancelled_and_never_came_ends(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget
) -> None:
    run = queue.request(flow, connection)
    agent.claim(1)
    queue.cancel(run)
    assert queue.status(run) == RUNNING
    assert agent.claim(2, unanswered=(1,)).runs == ()
    assert queue.status(run) == CANCELLED


def test_a_run_that_its_agent_could_not_start_rests_and_is_offered_again(
    queue: Queue, agent: Agent, flow: UUID, connection: ConnectionTarget, clock: StillClock
) -> None:
    run = queue.request(flow, connection)
    (order,) = agent.claim(1).runs
    failed = AssignFailed(run, order.fencing_token, "AgentHasNotStarted", "no memory", retry=True)
    assert queue.report(agent.machine, failed, failed) == (
        Reply(accepted=True),
        Reply(accepted=False, reason="the run is not this machine's"),
    )
    assert (queue.status(run), queue.row(run)["startedon"]) == (WAITING, None)
    assert agent.claim(2).runs == ()
    clock.advance(3)
    assert queue.recover().offered_again == 1
    (again,) = agent.claim(3).runs
    assert (again.run_id, again.confirmed) == (run, True)
