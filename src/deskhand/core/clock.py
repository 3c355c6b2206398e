"""Time, passed in wherever it matters so that tests can hold it still."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a scale that never goes back; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on the machine's monotonic scale."""
        return time.monotonic()


def to_wire(moment: datetime) -> str:
    """Write an aware instant the way Dataverse does: ``2026-03-01T08:04:41Z``, no fraction.

    Source: dataverse-api 3.5.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_wire(text: str) -> datetime:
    """Read an ISO 8601 instant; one without an offset is in UTC.

    Raises:
        ValueError: The text is no ISO 8601 instant.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
