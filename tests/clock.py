"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class StillClock:
    """Time that passes only when a test says so."""

    def __init__(self, moment: datetime = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)) -> None:
        self._start = moment
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def monotonic(self) -> float:
        return (self._moment - self._start).total_seconds()

    def advance(self, seconds: float) -> None:
        self._moment += timedelta(seconds=seconds)
