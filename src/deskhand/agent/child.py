"""The agent's view of one flow process: orders in, messages and letters out, and its end."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskhand.agent.mailbox import Mailbox
from deskhand.agent.processes import Ending, FlowProcesses, Launch
from deskhand.protocol.codec import BadMessage, decode, encode
from deskhand.protocol.messages import (
    ActionsLogged,
    Begin,
    ChildRunEnded,
    ChildRunStarted,
    DebugCommand,
    DebugState,
    Prepared,
    PrepareFlow,
    ProcessEnded,
    ProcessRefused,
    RunOrder,
)

ProcessMessage = (
    Prepared | ProcessRefused | ActionsLogged | ChildRunStarted | ChildRunEnded | ProcessEnded | DebugState
)

READ_BYTES = 256 * 1024
OUTPUT_BYTES = 16 * 1024
"""How much of what a flow printed is kept, the last of it."""

LINE_OVERHEAD_BYTES = 1024 * 1024
"""How much longer than its outputs a message of a flow process may be."""

ESCAPED = 6
"""Bytes that one character takes at most in a line of JSON."""


@dataclass(frozen=True, slots=True)
class Rubbish:
    """The process wrote something that is no message; nothing it says afterwards counts.

    Attributes:
        problem: What is wrong with it.
    """

    problem: str


class LineReader:
    """Cuts a stream into lines without ever holding more than one line of bounded length.

    Args:
        limit: The longest line in bytes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each line that is complete now.

        Raises:
            BadMessage: A line is too long.
        """
        *complete, rest = data.split(b"\n")
        for part in complete:
            self._hold(part)
            yield b"".join(self._parts)
            self._parts, self._held = [], 0
        self._hold(rest)

    def _hold(self, part: bytes) -> None:
        self._held += len(part)
        if self._held > self._limit:
            self._parts = []
            raise BadMessage("", f"a line has more than {self._limit} bytes")
        self._parts.append(part)


class Child:
    """One flow process, its wire, what it prints, and the letters of the session that owns it.

    Args:
        processes: Where flow processes come from.
        order: The run.
        directory: The process's working directory; it exists.
        letters: The session's mailbox; the process's :class:`Ending` is put in as well.

    Raises:
        ProcessNotStarted: There is no process.
    """

    def __init__(
        self, processes: FlowProcesses, order: RunOrder, directory: Path, letters: Mailbox[Any]
    ) -> None:
        self._order = order
        self._directory = directory
        self._letters = letters
        self._lines = LineReader(order.limits.outputs_bytes * ESCAPED + LINE_OVERHEAD_BYTES)
        self._own_runs = {order.run_id}
        self._spoilt = False
        self._reports_open = True
        self._unsent = bytearray()
        self._printed = b""
        self._selector = selectors.DefaultSelector()
        orders, self._orders = os.pipe()
        self._reports, reports = os.pipe()
        self._output, output = os.pipe()
        try:
            self._process = processes.start(self._launch(orders, reports, output), letters.put)
        except BaseException:
            self.close()
            raise
        finally:
            for one in (orders, reports, output):
                os.close(one)
        for end in (self._reports, self._output, letters.fileno()):
            self._selector.register(end, selectors.EVENT_READ)
        for end in (self._orders, self._reports, self._output):
            os.set_blocking(end, False)

    @property
    def printed(self) -> str:
        """Return the last of what the flow printed."""
        return self._printed.decode(errors="replace").strip()

    def send(self, message: PrepareFlow | Begin | DebugCommand) -> None:
        """Send an order, as fast as the process reads it while :meth:`wait` runs."""
        self._unsent += encode(message) + b"\n"
        self._send_some()

    def stop(self) -> None:
        """Ask all its processes to end, and kill those that have not after the grace."""
        self._process.stop()

    def wait(self, until: float | None, *, reading: bool = True) -> list[Any]:
        """Wait for messages and letters.

        Args:
            until: Moment of the monotonic clock at which to give up; None to wait for ever.
            reading: Whether the process's messages are read; otherwise it waits too, once its pipe is full.

        Returns:
            What came, in order: messages, :class:`Rubbish`, letters; the process's
            :class:`~deskhand.agent.processes.Ending` comes after everything that it said.
        """
        timeout = None if until is None else max(0.0, until - time.monotonic())
        self._watch(self._reports, reading and self._reports_open)
        ready = {key.fd for key, _ in self._selector.select(timeout)}
        if self._orders in ready:
            self._send_some()
        if self._output in ready:
            self._read_output()
        events: list[Any] = list(self._read_reports(whole=False)) if self._reports in ready else []
        letters = self._letters.take_all() if self._letters.fileno() in ready else []
        if any(isinstance(one, Ending) for one in letters):
            events += self._read_reports(whole=True)
            self._read_output()
        return events + letters

    def close(self) -> None:
        """Let go of the wire."""
        self._selector.close()
        for one in (self._orders, self._reports, self._output):
            os.close(one)

    def _launch(self, orders: int, reports: int, output: int) -> Launch:
        return Launch(
            run=f"{self._order.run_id}:{self._order.fencing_token}",
            directory=self._directory,
            memory_bytes=self._order.limits.memory_bytes,
            grace_seconds=self._order.limits.cancel_grace_seconds,
            orders=orders,
            reports=reports,
            output=output,
        )

    def _watch(self, descriptor: int, wanted: bool, events: int = selectors.EVENT_READ) -> None:
        watched = descriptor in self._selector.get_map()
        if wanted and not watched:
            self._selector.register(descriptor, events)
        elif watched and not wanted:
            self._selector.unregister(descriptor)

    def _send_some(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._orders, self._unsent)]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # its end is reported in its own time
            self._unsent.clear()
        self._watch(self._orders, bool(self._unsent), selectors.EVENT_WRITE)

    def _read_output(self) -> None:
        data = _read(self._output)
        self._printed = (self._printed + data)[-OUTPUT_BYTES:]
        self._watch(self._output, bool(data))

    def _read_reports(self, *, whole: bool) -> Iterator[ProcessMessage | Rubbish]:
        """Read what is there, or all that is left once the process has ended."""
        while True:
            data = _read(self._reports)
            yield from self._messages(data)
            if not data:
                self._reports_open = False
            if not (data and whole):
                return

    def _messages(self, data: bytes) -> Iterator[ProcessMessage | Rubbish]:
        if self._spoilt:
            return
        try:
            for line in self._lines.feed(data):
                yield self._checked(decode(line, ProcessMessage))
        except BadMessage as error:
            self._spoilt = True
            yield Rubbish(str(error))

    def _checked(self, message: ProcessMessage) -> ProcessMessage:
        """Return a message that speaks of this run.

        Raises:
            BadMessage: It speaks of another.
        """
        if isinstance(message, ChildRunStarted):
            self._own_runs.add(message.child_run_id)
        if isinstance(message, (ActionsLogged, ChildRunStarted, ChildRunEnded, DebugState)) and (
            message.run_id not in self._own_runs or message.fencing_token != self._order.fencing_token
        ):
            raise BadMessage("run_id", "it speaks of another run")
        return message


def _read(descriptor: int) -> bytes:
    """Return what is there; nothing at the end, and while there is nothing."""
    try:
        return os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return b""
