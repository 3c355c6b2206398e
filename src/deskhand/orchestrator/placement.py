"""Which waiting runs a machine takes. Source: machines-and-runs 4.2 and 4.4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting run, in the order of the queue."""

    run_id: UUID
    attended: bool


@dataclass(frozen=True, slots=True)
class Room:
    """What a machine has room for.

    Attributes:
        sessions: How many more runs it takes.
        attended: Whether its person's session is free: it takes one attended run at a time.
        may_pass: Whether a run that finds no place lets those behind it pass (extended queue
            prioritisation); without it the queue waits for its head.
    """

    sessions: int
    attended: bool
    may_pass: bool


def choose(candidates: Iterable[Candidate], room: Room) -> tuple[UUID, ...]:
    """Return the runs that a machine takes, in their order."""
    chosen: list[UUID] = []
    attended_free = room.attended
    for candidate in candidates:
        if len(chosen) >= room.sessions:
            break
        if candidate.attended and not attended_free:
            if not room.may_pass:
                break
            continue
        attended_free = attended_free and not candidate.attended
        chosen.append(candidate.run_id)
    return tuple(chosen)
