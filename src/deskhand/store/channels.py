"""Wake-ups within one process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Lock

_log = logging.getLogger(__name__)


class Channels:
    """Who is woken when a channel is rung. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, tuple[Callable[[], None], ...]] = {}

    def listen(self, channel: str, wake: Callable[[], None]) -> None:
        """Call a function whenever a channel is rung."""
        with self._lock:
            self._listeners[channel] = (*self._listeners.get(channel, ()), wake)

    def ring(self, channel: str) -> None:
        """Wake whoever listens on a channel."""
        call_each(self._listeners.get(channel, ()))

    def ring_all(self) -> None:
        """Wake every listener: after a broken connection nobody knows what was missed."""
        for listeners in tuple(self._listeners.values()):
            call_each(listeners)


def call_each(acts: Iterable[Callable[[], None]]) -> None:
    """Call functions one after the other; one that fails is logged and stops none of the rest."""
    for act in acts:
        try:
            act()
        except BaseException:  # Even one that ends a thread: the change it follows is already made.
            _log.exception("what was to happen after a commit failed")
