"""Connections that wait for the next request to the same host."""

from __future__ import annotations

import socket
import time
from collections import deque
from dataclasses import dataclass
from threading import Lock

from deskhand.outbound.urls import HttpUrl

IDLE_SECONDS = 4.0
"""How long a connection waits: many servers close one after five seconds."""

AGE_SECONDS = 60.0
"""How long a connection is used at all: then the name is looked up again, and what it leads to is checked."""

MOST = 16
"""How many wait at the same time, whatever hosts they lead to."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A connection that may serve several requests, one after the other.

    Attributes:
        connected: The connection.
        origin: What it leads to: scheme, host and port.
        made_at: When it was made, on the monotonic clock.
        since: Since when it waits.
    """

    connected: socket.socket
    origin: tuple[str, str, int]
    made_at: float
    since: float


class IdleConnections:
    """Keeps connections between requests. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: deque[Idle] = deque()
        self._closed = False

    def take(self, url: HttpUrl) -> Idle | None:
        """Return a connection to a URL's host that nobody else uses, and that its peer has not closed."""
        while True:
            with self._lock:
                one = next((kept for kept in reversed(self._idle) if kept.origin == url.origin), None)
                if one is None:
                    return None
                self._idle.remove(one)
            if _is_fresh(one) and _is_silent(one.connected):
                return one
            one.connected.close()

    def keep(self, url: HttpUrl, connected: socket.socket, made_at: float) -> None:
        """Let a connection wait whose last answer was read to its end, or close it where it is too old."""
        one = Idle(connected, url.origin, made_at, time.monotonic())
        left_over: Idle | None = one
        with self._lock:
            if not self._closed and _is_fresh(one):
                self._idle.append(one)
                left_over = self._idle.popleft() if len(self._idle) > MOST else None
        if left_over is not None:
            left_over.connected.close()

    def tidy(self) -> None:
        """Close what has waited too long."""
        with self._lock:
            over = [one for one in self._idle if not _is_fresh(one)]
            for one in over:
                self._idle.remove(one)
        for one in over:
            one.connected.close()

    def close(self) -> None:
        """Close what waits, and keep nothing from now on."""
        with self._lock:
            self._closed = True
            over, self._idle = self._idle, deque()
        for one in over:
            one.connected.close()


def _is_fresh(one: Idle) -> bool:
    now = time.monotonic()
    return now - one.since < IDLE_SECONDS and now - one.made_at < AGE_SECONDS


def _is_silent(connected: socket.socket) -> bool:
    """Tell whether nothing has come on a connection: neither its end, nor an answer that nobody asked for."""
    try:
        connected.settimeout(0)
        socket.socket.recv(connected, 1, socket.MSG_PEEK)  # the bytes themselves, under TLS too
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
