"""Wake-ups from other processes that use one SQLite file: the command line's, for the server."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

_LONGEST_PATH = 107
"""What the system takes as the name of a socket."""

_LONGEST_CHANNEL = 512


class SqliteWakeups:
    """A socket beside the file, on which the process that listens hears the others.

    Best effort: a wake-up that finds nobody is lost, and a listener looks now and then by itself. Where
    several processes listen on one file the last one that began hears.

    Args:
        database: The file.
        ring: Wakes this process's own listeners.
    """

    def __init__(self, database: Path, ring: Callable[[str], None]) -> None:
        self._path = f"{database.absolute()}-wake"
        self._ring = ring
        self._lock = Lock()
        self._listening: socket.socket | None = None
        self._thread: Thread | None = None
        self._closed = False

    def listen(self) -> None:
        """Begin to hear other processes; once is enough."""
        with self._lock:
            if self._closed or self._listening or not self._has_name():
                return
            with suppress(FileNotFoundError):
                os.unlink(self._path)
            self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._listening.bind(self._path)
            os.chmod(self._path, 0o600)
            self._thread = Thread(target=self._hear, args=(self._listening,), name="wake-ups", daemon=True)
            self._thread.start()

    def send(self, channel: str) -> None:
        """Tell the process that listens; if that is this one, nobody else is told."""
        if self._listening or not self._has_name():
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
            sender.setblocking(False)
            sender.sendto(channel.encode(), self._path)

    def close(self) -> None:
        """Hear nothing more."""
        with self._lock:
            self._closed = True
            listening, self._listening = self._listening, None
        if listening is None or self._thread is None:
            return
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        listening.close()
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def _has_name(self) -> bool:
        return len(os.fsencode(self._path)) <= _LONGEST_PATH

    def _hear(self, listening: socket.socket) -> None:
        while channel := listening.recv(_LONGEST_CHANNEL):
            self._ring(channel.decode(errors="replace"))
