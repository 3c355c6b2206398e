"""Which waiting runs a machine takes."""

from uuid import UUID

import pytest

from deskhand.orchestrator.placement import Candidate, Room, choose

IDS = [UUID(int=number) for number in range(6)]


def queue(kinds: str) -> list[Candidate]:
    """``A`` for an attended run, ``u`` for an unattended one."""
    return [Candidate(IDS[place], kind == "A") for place, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "room", "taken"),
    [
        ("uuu", Room(2, attended=True, may_pass=True), [0, 1]),
        ("uu", Room(4, attended=True, may_pass=True), [0, 1]),
        ("uu", Room(0, attended=True, may_pass=True), []),
        ("", Room(4, attended=True, may_pass=True), []),
        ("AAu", Room(4, attended=True, may_pass=True), [0, 2]),
        ("AAu", Room(4, attended=True, may_pass=False), [0]),
        ("Au", Room(4, attended=False, may_pass=True), [1]),
        ("Au", Room(4, attended=False, may_pass=False), []),
        ("uAuA", Room(3, attended=True, may_pass=True), [0, 1, 2]),
    ],
)
def test_a_machine_takes_the_head_of_the_queue_and_one_attended_run(
    kinds: str, room: Room, taken: list[int]
) -> None:
    assert choose(queue(kinds), room) == tuple(IDS[place] for place in taken)
