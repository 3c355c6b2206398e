"""Wake-ups between processes, over PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import logging
import os
import select
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

import psycopg

from deskhand.core.ids import new_id
from deskhand.store.channels import Channels

_log = logging.getLogger(__name__)

_CHANNEL = "deskhand"
"""One PostgreSQL channel carries all of ours: listening on another costs no round trip."""

_NOTIFY = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"
_RECONNECT_SECONDS = 1.0


class Listener:
    """A thread that rings this process's channels when another process notifies them.

    Args:
        conninfo: How to reach the database.
        channels: What to ring.
    """

    def __init__(self, conninfo: str, channels: Channels) -> None:
        self.sender = new_id().hex
        self._conninfo = conninfo
        self._channels = channels
        self._starting = Lock()
        self._tried = Event()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._stop_read, self._stop_write = os.pipe()

    def start(self) -> None:
        """Listen from now on; returns once the first connection stands, or has failed."""
        with self._starting:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._run, name="database listener", daemon=True)
                self._thread.start()
        self._tried.wait()

    def stop(self) -> None:
        """Listen no more."""
        with self._starting:
            if self._stopping.is_set():
                return
            self._stopping.set()
            os.write(self._stop_write, b"x")
        if self._thread is not None:
            self._thread.join()
        os.close(self._stop_read)
        os.close(self._stop_write)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with _connect(self._conninfo) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    if self._tried.is_set():
                        self._channels.ring_all()
                    self._tried.set()
                    self._receive(connection)
            except psycopg.Error as error:
                self._tried.set()
                _log.warning("no wake-ups from other servers until the database answers again: %s", error)
            self._stopping.wait(_RECONNECT_SECONDS)

    def _receive(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            select.select([connection.fileno(), self._stop_read], [], [])
            for notice in connection.notifies(timeout=0):
                sender, _, channel = notice.payload.partition(" ")
                if sender != self.sender:
                    self._channels.ring(channel)


class Notifier:
    """A thread that tells other processes, so that whoever rings need not wait for the database.

    A notice that cannot be sent is dropped: everybody who waits also looks now and then.

    Args:
        conninfo: How to reach the database.
        sender: Marks notices of this process, which has been woken already.
    """

    def __init__(self, conninfo: str, sender: str) -> None:
        self._conninfo = conninfo
        self._sender = sender
        self._starting = Lock()
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._thread: Thread | None = None

    def send(self, channel: str) -> None:
        """Notify a channel soon."""
        self._queue.put(channel)
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="database notifier", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Send what was asked for, and no more."""
        with self._starting:
            thread = self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        more = True
        while more:
            channels, more = _take_waiting(self._queue)
            connection = self._deliver(connection, channels)
        if connection is not None:
            connection.close()

    def _deliver(
        self, connection: psycopg.Connection | None, channels: list[str]
    ) -> psycopg.Connection | None:
        """Send notices, on a new connection if the one at hand has died; return the one to keep."""
        if connection is not None:
            with suppress(psycopg.Error):
                return self._notify(connection, channels)
        try:
            return self._notify(_connect(self._conninfo), channels)
        except psycopg.Error as error:
            _log.warning("other servers were not woken: %s", error)
            return None

    def _notify(self, connection: psycopg.Connection, channels: list[str]) -> psycopg.Connection:
        try:
            payloads = [f"{self._sender} {channel}" for channel in channels]
            connection.execute(_NOTIFY, (_CHANNEL, payloads))
        except psycopg.Error:
            connection.close()
            raise
        return connection


def _connect(conninfo: str) -> psycopg.Connection:
    # A listener sends nothing of its own: only probes tell it that the other end is gone.
    return psycopg.connect(
        conninfo, autocommit=True, keepalives_idle=30, keepalives_interval=10, keepalives_count=3
    )


def _take_waiting(queue: SimpleQueue[str | None]) -> tuple[list[str], bool]:
    """Wait for a channel, take what else has gathered, each once, and tell whether more may come."""
    channels: dict[str, None] = {}
    channel = queue.get()
    while channel is not None:
        channels[channel] = None
        try:
            channel = queue.get_nowait()
        except Empty:
            return list(channels), True
    return list(channels), False
