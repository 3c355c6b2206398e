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


def debug_channel(run_id: UUID) -> str:
    """Return the channel rung when a debugged run is told something."""
    return f"debug:{run_id}"


class Wakeups:
    """Lets any number of waiters listen on channels, and leave again.

    Args:
        database: Rings the channels, across all server processes on it.
    """

    def __init__(self, database: Database) -> None:
        self._listening = _Waiters(database.listen)
        self._following = _Waiters(database.follow)
        self.closed = False

    def subscribe(self, channel: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function, from any thread, whenever a channel is rung; returns what ends that."""
        return self._listening.add(channel, callback)

    def follow(self, channel: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function as soon as what it submits to the database sees what a channel is rung for.

        What it reads may not see it yet. Returns what ends that.
        """
        return self._following.add(channel, callback)

    def close(self) -> None:
        """Wake everybody, and tell them that the server stops."""
        self.closed = True
        self._listening.ring_all()
        self._following.ring_all()


class _Waiters:
    """The waiters of each channel, of which the database hears as one.

    Args:
        listen: Has the database call a function whenever a channel is rung.
    """

    def __init__(self, listen: Callable[[str, Callable[[], None]], None]) -> None:
        self._listen = listen
        self._lock = Lock()
        self._waiters: dict[str, frozenset[Callable[[], None]]] = {}

    def add(self, channel: str, callback: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            known = channel in self._waiters
            self._waiters[channel] = self._waiters.get(channel, frozenset()) | {callback}
        if not known:
            self._listen(channel, lambda: self._ring(channel))
        return lambda: self._leave(channel, callback)

    def ring_all(self) -> None:
        for channel in tuple(self._waiters):
            self._ring(channel)

    def _leave(self, channel: str, callback: Callable[[], None]) -> None:
        with self._lock:
            self._waiters[channel] -= {callback}

    def _ring(self, channel: str) -> None:
        call_each(self._waiters.get(channel, frozenset()))
