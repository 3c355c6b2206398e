"""A flow process's end of the wire: orders come in, messages and batched log rows go out."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import tempfile
import time
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from deskhand.agent.signals import hear, ignore
from deskhand.protocol.codec import decode, encode
from deskhand.protocol.messages import ActionRow, ActionsLogged

M = TypeVar("M")

BATCH_ROWS = 100
BATCH_SECONDS = 0.02
"""A row goes out after this time at the latest, together with those that followed it."""


class FlowStopped(BaseException):
    """The agent asked this process to end; no flow may catch it."""


class Wire:
    """Lines in and out, and the two signals that concern them.

    A timer signal sends waiting rows, so that a long action hides nothing; SIGTERM ends the flow.
    Either may come between any two steps, also while a line is half written: what writes is marked
    busy, and a signal that comes meanwhile waits for its end.

    Args:
        orders: Descriptor to read orders from.
        reports: Descriptor to write messages to.
    """

    def __init__(self, orders: int, reports: int) -> None:
        self._orders = orders
        self._unread = b""
        self._later: Callable[[], Any] | None = None
        self._later_at = 0.0
        self._reports = reports
        self._rows: list[tuple[tuple[UUID, int], ActionRow]] = []
        self._lock: int | None = None
        self._busy = _Busy()
        hear(signal.SIGTERM, self._on_stop)
        hear(signal.SIGALRM, self._on_timer)

    def receive(self, expected: type[M]) -> M | None:
        """Wait for the next order; None once the agent has gone."""
        while b"\n" not in self._unread:
            if not self._read():
                return None
        return decode(self._next_line(), expected)

    def receive_waiting(self, expected: type[M]) -> list[M]:
        """Return the orders that have come, without waiting.

        Raises:
            FlowStopped: The agent has gone.
        """
        while self.wait(0.0, reading=True):
            if not self._read():
                raise FlowStopped
        return [decode(self._next_line(), expected) for _ in range(self._unread.count(b"\n"))]

    def wait(self, seconds: float | None, *, reading: bool = False) -> bool:
        """Wait for an order; return whether one came. None waits for ever.

        Args:
            seconds: How long.
            reading: Whether what is read already does not count.
        """
        if self._unread and not reading:
            return True
        return bool(select.select([self._orders], [], [], seconds)[0])

    def _read(self) -> bool:
        data = os.read(self._orders, 65536)
        self._unread += data
        return bool(data)

    def _next_line(self) -> bytes:
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def send(self, message: Any) -> None:
        """Send the rows that wait, then a message.

        Raises:
            BadMessage: The message cannot be written as JSON; nothing of it was sent.
        """
        line = _line(message)
        with self._busy:
            self._write(b"".join((*self._take_rows(), line)))

    def add_row(self, run_id: UUID, fencing_token: int, row: ActionRow) -> None:
        """Send a row of a run's action log soon."""
        with self._busy:
            self._rows.append(((run_id, fencing_token), row))
            if len(self._rows) >= BATCH_ROWS:
                self._send_rows()
            elif len(self._rows) == 1:
                self._set_timer()

    def send_later(self, message: Callable[[], Any], seconds: float) -> None:
        """Send a message some time after the last one that was sent so; the newest takes its place.

        Args:
            message: Makes the message when it is sent.
            seconds: The time between two.
        """
        is_new, self._later = self._later is None, message
        if is_new:
            self._later_at = max(self._later_at + seconds, time.monotonic())
            self._set_timer()

    def forget_later(self) -> None:
        """Send no message that was to be sent later."""
        self._later = None

    def _set_timer(self) -> None:
        """Have a signal come when the next thing is due that waits to be sent."""
        due = [BATCH_SECONDS] if self._rows else []
        if self._later is not None:
            due.append(max(self._later_at - time.monotonic(), 0.001))
        if due:
            signal.setitimer(signal.ITIMER_REAL, min(due))

    def share(self) -> None:
        """Get ready for a fork that writes to the same descriptor: nothing waits, lines take turns."""
        with self._busy:
            self._send_rows()
            if self._lock is None:
                with tempfile.TemporaryFile() as file:
                    self._lock = os.dup(file.fileno())

    def _send_rows(self) -> None:
        if self._rows:
            self._write(b"".join(self._take_rows()))

    def _take_rows(self) -> list[bytes]:
        """Return the rows that wait as they go over the wire, which then no longer wait."""
        rows, self._rows = self._rows, []
        return [
            _line(ActionsLogged(run_id, fencing_token, tuple(row for _, row in batch)))
            for (run_id, fencing_token), batch in groupby(rows, key=itemgetter(0))
        ]

    def _write(self, line: bytes) -> None:
        if self._lock is None:
            self._write_all(line)
            return
        fcntl.lockf(self._lock, fcntl.LOCK_EX)  # ends with its process, so a killed fork blocks nobody
        try:
            self._write_all(line)
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _write_all(self, line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._reports, rest) :]

    def _on_stop(self) -> None:
        hear(signal.SIGTERM, ignore)  # asked once is enough: let the flow clean up
        if self._busy.now:
            self._busy.stopping = True
        else:
            raise FlowStopped

    def _on_timer(self) -> None:
        if self._busy.now:
            signal.setitimer(signal.ITIMER_REAL, BATCH_SECONDS)
        else:
            with self._busy:
                self._send_rows()
                self._send_later()
                self._set_timer()

    def _send_later(self) -> None:
        if self._later is not None and time.monotonic() >= self._later_at:
            message, self._later = self._later, None
            self._later_at = time.monotonic()
            self._write(_line(message()))


class _Busy:
    """A stretch that no signal may interrupt.

    Attributes:
        now: Whether it is under way.
        stopping: Whether the process was asked to end meanwhile, which it is at the stretch's end.
    """

    __slots__ = ("now", "stopping")

    def __init__(self) -> None:
        self.now = self.stopping = False

    def __enter__(self) -> None:
        self.now = True

    def __exit__(self, *_: object) -> None:
        self.now = False
        if self.stopping:
            self.stopping = False
            raise FlowStopped


def _line(message: Any) -> bytes:
    return encode(message) + b"\n"
