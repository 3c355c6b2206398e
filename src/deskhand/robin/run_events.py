"""What a running flow tells of itself. Source: machines-and-runs 5.4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from deskhand.robin.call_sites import Place


class EventStatus(StrEnum):
    """How a row ended."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    """It failed, and so does the flow."""
    HANDLED = "Handled"
    """It failed, and an error handler took over."""
    RETRIED = "Retried"
    """It failed, and is tried again."""


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """A row of the flow ran: an action, or a SET, CALL or WAIT.

    Attributes:
        place: Where it stands.
        label: The designer's title of it.
        summary: One line for people, values shortened and secrets masked.
        status: How it ended.
        started_at: When it began.
        duration_ms: How long it took.
        in_rounds: The round of each loop that it ran in, as in :class:`LoopBegan`.
        error: The error's message where it failed.
    """

    place: Place
    label: str
    summary: str
    status: EventStatus
    started_at: datetime
    duration_ms: float
    in_rounds: tuple[int, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class MessageLogged:
    """An action wrote a line of the action log.

    Attributes:
        place: Where the action stands.
        level: ``Info``, ``Warning`` or ``Error``.
        message: The line, secrets masked.
        logged_at: When.
        in_rounds: The round of each loop that it ran in, as in :class:`LoopBegan`.
    """

    place: Place
    level: str
    message: str
    logged_at: datetime
    in_rounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LoopBegan:
    """A loop began in which something is logged.

    Attributes:
        place: Where it stands.
        summary: One line for people.
        started_at: When.
        in_rounds: Which round it is of each loop that tells of itself and is open around this one, from 1,
            the outermost first; 0 before a loop's first round.
    """

    place: Place
    summary: str
    started_at: datetime
    in_rounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LoopEnded:
    """The loop that began last, and has not ended yet, came to its end.

    Attributes:
        place: Where it stands.
        summary: One line for people.
        status: Failed where an error left it.
        started_at: When it began.
        duration_ms: How long it took.
        rounds: How often it went round.
        failed: In how many of these rounds something failed, handled or not.
        in_rounds: The rounds that it began in.
    """

    place: Place
    summary: str
    status: EventStatus
    started_at: datetime
    duration_ms: float
    rounds: int
    failed: int
    in_rounds: tuple[int, ...]


RunEvent: TypeAlias = ActionEnded | MessageLogged | LoopBegan | LoopEnded
