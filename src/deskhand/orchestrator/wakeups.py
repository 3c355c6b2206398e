"""Waking those who wait: agents for work, the callback sender for callbacks."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from uuid import UUID

from deskhand.store.channels import call_each
from deskhand.store.database import Database

CALLBACKS = "callbacks"
"""Rung when a callback is to be sent."""


def runs_channel(group_id: UUID) -> str:
    """Return the channel rung when a group's machines may find something new in its queue."""
    return f"runs:{group_id}"


def cancels_channel(machine_id: UUID) -> str:
    """Return the channel rung when a machine is to stop a run."""
    return f"cancels:{machine_id}"


class Wakeups:
    """Lets any number of waiters listen on channels, and leave again.

    Args:
        database: Rings the channels, across all server processes on it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._waiters: dict[str, frozenset[Callable[[], None]]] = {}
        self.closed = False

    def subscribe(self, channel: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function, from any thread, whenever a channel is rung; returns what ends that."""
        with self._lock:
            known = channel in self._waiters
            self._waiters[channel] = self._waiters.get(channel, frozenset()) | {callback}
        if not known:
            self._database.listen(channel, lambda: self._ring(channel))
        return lambda: self._leave(channel, callback)

    def close(self) -> None:
        """Wake everybody, and tell them that the server stops."""
        self.closed = True
        for channel in tuple(self._waiters):
            self._ring(channel)

    def _leave(self, channel: str, callback: Callable[[], None]) -> None:
        with self._lock:
            self._waiters[channel] -= {callback}

    def _ring(self, channel: str) -> None:
        call_each(self._waiters.get(channel, frozenset()))
