"""What happened in a run: its events, and its last error. Source: robin 12.3, machines-and-runs 5.4."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any

from deskhand.robin.call_sites import Place
from deskhand.robin.catalog import ActionError
from deskhand.robin.compiler import Program
from deskhand.robin.errors import LogicError
from deskhand.robin.masking import Masking
from deskhand.robin.run_environment import RunEnvironment
from deskhand.robin.run_events import ActionEnded, EventStatus, LoopBegan, LoopEnded, MessageLogged
from deskhand.robin.values import ErrorValue

RunError = ActionError | LogicError
"""What a flow can catch."""


@dataclass(frozen=True, slots=True)
class Started:
    """When something began: on the clock, and on the scale that never goes back."""

    at: datetime
    on_scale: float


@dataclass(slots=True)
class Rounds:
    """How often a loop went round.

    Attributes:
        place: Where the loop stands.
        summary: The loop in one line.
        began: When it began.
        around: The error that was being handled when it began.
        problems: How many errors the run had known when the round that is under way began.
        rounds: How many rounds have begun.
        failed: In how many rounds before this one something failed.
    """

    place: Place
    summary: str
    began: Started
    around: BaseException | None
    problems: int
    rounds: int = 0
    failed: int = 0


class Journal:
    """Keeps one run's record.

    Args:
        program: The flow.
        environment: Where events go.
        masking: What of them may be shown.
        namespace: The names that generated code sees; they tell its frames from others.

    Attributes:
        last_error: What ``ERROR => E`` stores.
        actions: How many actions were called.
        problems: How many errors were taken down.
        quiet: How many calls from inside loops are open; SET and CALL in them are not logged.
    """

    def __init__(
        self, program: Program, environment: RunEnvironment, masking: Masking, namespace: dict[str, Any]
    ) -> None:
        self.last_error: ErrorValue | None = None
        self.actions = 0
        self.problems = 0
        self.quiet = 0
        self._program = program
        self._environment = environment
        self._masking = masking
        self._namespace = namespace
        self._open: list[Rounds] = []
        self._failed: tuple[BaseException, ActionEnded] | None = None
        self._left: tuple[BaseException, tuple[int, ...]] | None = None
        self._noted: BaseException | None = None

    def start(self) -> Started:
        """Return what tells later when something began."""
        clock = self._environment.clock
        return Started(clock.now(), clock.monotonic())

    def succeeded(self, place: Place, label: str, summary: str, started: Started) -> None:
        """Tell that a row ran."""
        self._environment.emit(self._ended(place, label, summary, started, EventStatus.SUCCEEDED))

    def failed(self, error: RunError, place: Place, label: str, summary: str, started: Started) -> None:
        """Keep what is to be told of a failed action until it is known who handles it."""
        self._failed = error, self._ended(place, label, summary, started, EventStatus.FAILED)

    def logged(self, place: Place, level: str, message: str) -> None:
        """Tell a line that an action writes."""
        text = self._masking.mask(message)
        now = self._environment.clock.now()
        self._environment.emit(MessageLogged(place, level, text, now, self._in_rounds()))

    def note(self, error: RunError, status: EventStatus) -> Place | None:
        """Take an error down as the last one, and tell of the row that failed.

        Returns:
            Where the error was raised.
        """
        place = self.place_of(error)
        if error is not self._noted:
            self._noted = error
            self.problems += 1
            self.last_error = _error_value(error, place)
            self._environment.emit(self._failure(error, place, status))
        return place

    def loop_began(self, place: Place, summary: str) -> Rounds:
        """Tell that a loop begins."""
        rounds = Rounds(place, summary, self.start(), sys.exception(), self.problems)
        self._environment.emit(LoopBegan(place, summary, rounds.began.at, self._in_rounds()))
        self._open.append(rounds)
        return rounds

    def loop_round(self, rounds: Rounds) -> None:
        """Count a round that begins."""
        self._end_round(rounds)
        rounds.rounds += 1

    def loop_ended(self, rounds: Rounds) -> None:
        """Tell that a loop has ended, or is left by the error that goes through it."""
        error = sys.exception()
        is_left = False
        if error is not rounds.around and isinstance(error, Exception):
            is_left = True
            self.problems += 1
            if self._left is None or self._left[0] is not error:
                self._left = error, self._in_rounds()
        self._end_round(rounds)
        self._open.pop()
        duration = (self._environment.clock.monotonic() - rounds.began.on_scale) * 1000
        status = EventStatus.FAILED if is_left else EventStatus.SUCCEEDED
        self._environment.emit(
            LoopEnded(
                rounds.place,
                rounds.summary,
                status,
                rounds.began.at,
                duration,
                rounds.rounds,
                rounds.failed,
                self._in_rounds(),
            )
        )

    def _in_rounds(self) -> tuple[int, ...]:
        """Return the round that each open loop is in; read only when something is told."""
        return tuple([one.rounds for one in self._open])

    def _end_round(self, rounds: Rounds) -> None:
        if self.problems != rounds.problems:
            rounds.problems = self.problems
            rounds.failed += rounds.rounds > 0

    def forget(self) -> None:
        """Let the same error be noted anew: its action is tried again."""
        self._noted = None

    def place_of(self, error: BaseException) -> Place | None:
        """Return the innermost row of the flow that an error went through."""
        found: Place | None = None
        trace: TracebackType | None = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals is self._namespace:
                subflow = self._program.subflows.get(trace.tb_frame.f_code.co_name, "")
                found = self._program.places.get((subflow, trace.tb_lineno), found)
            trace = trace.tb_next
        return found

    def _failure(self, error: RunError, place: Place | None, status: EventStatus) -> ActionEnded:
        message = self._masking.mask(error.message)
        if self._failed is not None and self._failed[0] is error:
            return replace(self._failed[1], status=status, error=message)
        where = place or _NOWHERE
        event = self._ended(
            where, _LABELS.get(where.action, where.action), where.action, self.start(), status
        )
        # Loops that the error left have ended by now.
        inside = self._left[1] if self._left is not None and self._left[0] is error else event.in_rounds
        return replace(event, in_rounds=inside, error=message)

    def _ended(
        self, place: Place, label: str, summary: str, started: Started, status: EventStatus
    ) -> ActionEnded:
        duration = (self._environment.clock.monotonic() - started.on_scale) * 1000
        return ActionEnded(place, label, summary, status, started.at, duration, self._in_rounds())


_LABELS: Mapping[str, str] = {
    "SET": "Set variable",
    "WAIT": "Wait",
    "IF": "If",
    "CASE": "Case",
    "SWITCH": "Switch",
    "LOOP": "Loop",
    "LOOP FOREACH": "For each",
    "LOOP WHILE": "Loop condition",
    "ERROR": "Get last error",
    "EXIT": "Stop flow",
}
"""The designer's titles of statements."""

_NOWHERE = Place("", 0, 0, 0, "", "")


def _error_value(error: RunError, place: Place | None) -> ErrorValue:
    where = place or _NOWHERE
    details = error.details if isinstance(error, ActionError) else ""
    return ErrorValue(error.message, details, where.subflow, where.row, where.action)
