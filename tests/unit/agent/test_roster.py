"""Who is admitted to a machine's sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from deskhand.agent.roster import Roster
from deskhand.agent.session import AgentStopping, Cancel, Lost, Session
from deskhand.protocol.messages import RunMode, RunOrder
from tests.flow_runs import Recorder, order


def session(given: RunOrder) -> Session:
    return Session(given, cast("Any", None), Recorder(), Path("/nowhere"), "ana")


def test_a_run_is_held_until_it_is_released() -> None:
    roster, one = Roster(2), session(order(""))
    assert roster.admit(one) is None
    assert roster.running() == ((one.order.run_id, 7),)
    assert (roster.wait_for_room(0), roster.holds(one.order)) == (1, True)
    roster.release(one)
    assert (roster.running(), roster.wait_for_room(0), roster.holds(one.order)) == ((), 2, False)


def test_a_full_machine_admits_nobody() -> None:
    roster = Roster(1)
    roster.admit(session(order("")))
    assert roster.admit(session(order(""))) == "this machine takes 1 runs at the same time, and has them"
    assert roster.wait_for_room(0) == 0


def test_a_session_whose_processes_are_gone_is_free_while_its_run_is_held() -> None:
    roster, ended, attended = Roster(2), session(order("")), order("", run_mode=RunMode.ATTENDED)
    running = session(attended)
    roster.admit(ended)
    roster.admit(running)
    roster.vacate(ended)
    assert (len(roster.running()), roster.wait_for_room(0)) == (2, 1)
    roster.vacate(running)
    assert (len(roster.running()), roster.wait_for_room(0)) == (2, 0)  # the server is to take the ends first
    assert roster.admit(session(order("", run_mode=RunMode.ATTENDED))) is None
    roster.release(ended)
    assert roster.wait_for_room(0) == 1
    roster.vacate(ended)
    assert roster.wait_for_room(0) == 1


def test_one_attended_run_at_a_time_beside_unattended_ones() -> None:
    roster = Roster(4)
    assert roster.admit(session(order("", run_mode=RunMode.ATTENDED))) is None
    assert roster.admit(session(order("", run_mode=RunMode.UNATTENDED))) is None
    refusal = roster.admit(session(order("", run_mode=RunMode.ATTENDED)))
    assert refusal == "an attended run uses the session of this machine's user"


def test_a_newer_assignment_waits_for_the_end_of_an_older_one() -> None:
    roster, given = Roster(4), order("")
    roster.admit(session(given))
    newer = replace(given, fencing_token=8)
    assert not roster.holds(newer)
    assert roster.admit(session(newer)) == "an earlier assignment of this run has not ended here"


@pytest.mark.parametrize(
    ("token", "expected"), [(7, [Cancel()]), (8, []), (None, [Cancel()])], ids=["same", "newer", "any"]
)
def test_letters_reach_the_assignment_they_are_for(token: int | None, expected: list[object]) -> None:
    roster, one = Roster(4), session(order(""))
    roster.admit(one)
    roster.tell(one.order.run_id, Cancel(), token)
    roster.tell(order("").run_id, Lost())
    assert one.letters.take_all() == expected


def test_everybody_is_told_that_the_agent_stops() -> None:
    roster, sessions = Roster(4), [session(order("")), session(order(""))]
    for one in sessions:
        roster.admit(one)
    roster.stop_all()
    assert [one.letters.take_all() for one in sessions] == [[AgentStopping()]] * 2


def test_letters_to_a_closed_box_are_dropped() -> None:
    one = session(order(""))
    one.letters.close()
    one.letters.put(Cancel())
