"""The life of a run as a table."""

import pytest

from deskhand.entities.flowsession import FlowSessionStatus as Status
from deskhand.orchestrator.transitions import (
    NEW_TOKEN,
    TRANSITIONS,
    WAITING_OR_RUNNING,
    Event,
    diagram,
    is_terminal,
    target,
)

WAITING_EVENTS = {
    Event.ASSIGNED: Status.WAITING,
    Event.ASSIGN_FAILED: Status.WAITING,
    Event.LEASE_LAPSED: Status.WAITING,
    Event.REFUSED: Status.FAILED,
    Event.QUEUE_LIMIT: Status.FAILED,
    Event.CANCELLED_IN_QUEUE: Status.CANCELLED,
    Event.CONFIRMED: Status.RUNNING,
}
RUNNING_EVENTS = {
    Event.NOT_BEGUN: Status.WAITING,
    Event.CANCEL_REQUESTED: Status.RUNNING,
    Event.SUCCEEDED: Status.SUCCEEDED,
    Event.FAILED: Status.FAILED,
    Event.CANCELLED: Status.CANCELLED,
    Event.TIMED_OUT: Status.FAILED,
    Event.TIMED_OUT_AS_SUCH: Status.TIMED_OUT,
    Event.AGENT_LOST: Status.FAILED,
}
EXPECTED = {Status.WAITING: WAITING_EVENTS, Status.RUNNING: RUNNING_EVENTS}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Event)
def test_every_event_does_to_every_status_what_the_table_says(status: Status, event: Event) -> None:
    assert target(status, event) == EXPECTED.get(status, {}).get(event)


@pytest.mark.parametrize("event", Event)
def test_an_event_leads_to_one_status_wherever_it_happens(event: Event) -> None:
    assert len({after for (_, on), after in TRANSITIONS.items() if on is event}) == 1


def test_nothing_leads_out_of_a_final_status() -> None:
    assert {before for before, _ in TRANSITIONS} == WAITING_OR_RUNNING
    assert not any(is_terminal(status) for status in WAITING_OR_RUNNING)
    assert all(is_terminal(after) for after in set(TRANSITIONS.values()) - WAITING_OR_RUNNING)


def test_a_flow_begins_by_one_event_only() -> None:
    begins = [pair for pair, after in TRANSITIONS.items() if after is Status.RUNNING and pair[0] is not after]
    assert begins == [(Status.WAITING, Event.CONFIRMED)]


def test_a_run_that_may_be_begun_elsewhere_gets_a_new_token() -> None:
    back_to_the_queue = {on for (_, on), after in TRANSITIONS.items() if after is Status.WAITING}
    assert back_to_the_queue <= NEW_TOKEN


def test_statuses_end_a_run_as_documented() -> None:
    going_on = {status for status in Status if not is_terminal(status)}
    assert going_on == {Status.PAUSED, Status.RUNNING, Status.WAITING, Status.SUSPENDED}


def test_the_diagram_shows_every_transition_and_every_end() -> None:
    assert diagram() == (
        "stateDiagram-v2\n"
        "    [*] --> Waiting: requested\n"
        "    Waiting --> Waiting: assigned\n"
        "    Waiting --> Waiting: assign failed\n"
        "    Waiting --> Waiting: lease lapsed\n"
        "    Waiting --> Failed: refused\n"
        "    Waiting --> Failed: queue limit\n"
        "    Waiting --> Cancelled: cancelled in queue\n"
        "    Waiting --> Running: confirmed\n"
        "    Running --> Waiting: not begun\n"
        "    Running --> Running: cancel requested\n"
        "    Running --> Succeeded: succeeded\n"
        "    Running --> Failed: failed\n"
        "    Running --> Cancelled: cancelled\n"
        "    Running --> Failed: timed out\n"
        "    Running --> TimedOut: timed out as such\n"
        "    Running --> Failed: agent lost\n"
        "    Succeeded --> [*]\n"
        "    Cancelled --> [*]\n"
        "    Failed --> [*]\n"
        "    TimedOut --> [*]\n"
    )
