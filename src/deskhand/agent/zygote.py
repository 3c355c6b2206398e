"""The process that flow processes are forked from.

It is single-threaded and has the language and the action library loaded, so a fork is ready to run
in a millisecond and never inherits a lock that another thread holds. It is the parent of every flow
process and adopts what their descendants leave behind, so it alone can tell when nothing of a run is
left: a flow process adopts its own orphans while it lives, hence any child of the zygote that is no
flow process is the remains of a run that is over.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from deskhand.agent.engine import FlowEngine, FlowRefused, load_engine
from deskhand.agent.flow_process import STOPPED, confine, rehearse, serve, stand_back
from deskhand.agent.flow_wire import FlowStopped
from deskhand.agent.linux import adopt_orphans, die_with, fork, name_process, use_huge_pages
from deskhand.agent.mishaps import limit_memory
from deskhand.agent.process_tree import children_of, descendants, signal_all
from deskhand.agent.processes import RUN_VARIABLE
from deskhand.agent.signals import hear, ignore
from deskhand.agent.zygote_wire import (
    EAGER_LINKING,
    FlowEnded,
    FlowNotForked,
    ForkFlow,
    KeepFlow,
    StopFlow,
    ZygoteReport,
    pack,
    unpack,
)
from deskhand.protocol.codec import decode
from deskhand.protocol.messages import Flow

ORDER_MAX_BYTES = 64 * 1024
ZYGOTE_NAME = "deskhand-zygote"
SPARE_NAME = "deskhand-spare"

QUIET_SECONDS = 0.001
BUSY_SECONDS = 0.03
"""How long nothing may have happened before a process is forked ahead of its order: with one running flow at
the most, and with several, which leave no time to do things ahead."""

REST_SECONDS = 0.03
"""How long that process waits for its order before it rehearses: it would hold up an order that comes soon.

Beside a single flow that has just been given its order it does so at once: nobody needs the time then.
"""

SPARE_AGAIN_SECONDS = 1.0
"""How long none is forked ahead after one that could not be, or that died before its order."""

REHEARSALS = 20
"""The interpreter adapts code while it runs for the first time: every process would copy what it writes."""

AGAIN_SECONDS = 0.05
"""After which processes that were killed and are still there are killed again."""


@dataclass(slots=True)
class _Flow:
    """A flow process that has not ended; ``kill_at`` is set once it was asked to."""

    number: int
    grace_seconds: float
    kill_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Spare:
    """A process that was forked ahead and waits for its order."""

    pid: int
    wire: socket.socket


class Zygote:
    """Forks flow processes, stops them, and says when each is gone with all its descendants.

    Args:
        agent: The agent's end of the wire; its closing ends everything.
        engine: The loaded language.
    """

    def __init__(self, agent: socket.socket, engine: FlowEngine) -> None:
        self._agent = agent
        self._engine = engine
        self._pid = os.getpid()
        self._flows: dict[int, _Flow] = {}
        self._over: list[tuple[_Flow, int]] = []
        self._spare: _Spare | None = None
        self._no_spare_until = 0.0
        self._is_early = False
        """Whether a single flow has just been given its order, and nothing has happened since."""
        self._remains_until: float | None = None
        self._asked: set[int] = set()
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._own_ends = tuple(end.fileno() for end in (agent, self._wake, self._woken))

    def serve(self) -> None:
        """Obey until the agent is gone; then leave nothing behind."""
        hear(signal.SIGCHLD, ignore)
        hear(signal.SIGTERM, self._end)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        while self._obey():
            self._reap()
            self._press()
        self._kill_everything()

    def _end(self) -> None:
        """Act as though the agent were gone, or, in a process that is still to become a flow's, just end."""
        if os.getpid() != self._pid:
            os._exit(STOPPED)
        self._agent.shutdown(socket.SHUT_RDWR)

    def _obey(self) -> bool:
        """Wait for an order, an ended child or a deadline; return False once the agent is gone."""
        ready, _, _ = select.select([self._agent, self._wake], [], [], self._patience())
        if not ready and self._spare is None and time.monotonic() >= self._no_spare_until:
            self._fork_spare(0.0 if self._is_early else REST_SECONDS)
        self._is_early = False
        if self._wake in ready:
            self._wake.recv(4096)
        return self._agent not in ready or self._take_order()

    def _take_order(self) -> bool:
        try:
            order, descriptors = _receive(self._agent)
        except EOFError:
            return False
        if isinstance(order, ForkFlow):
            self._start(order, descriptors)
        elif isinstance(order, StopFlow):
            self._ask_to_end(order.number)
        else:
            _keep(self._engine, order)
            gc.freeze()
            if self._spare is not None:
                with contextlib.suppress(OSError):  # it is no more or has much to read; it can do without
                    self._spare.wire.send(pack(order), socket.MSG_DONTWAIT)
        return True

    def _start(self, order: ForkFlow, descriptors: list[int]) -> None:
        try:
            pid = self._give_to_spare(order, descriptors) or self._fork(order, descriptors)
        except OSError as error:
            self._tell(FlowNotForked(order.number, str(error)))
        else:
            self._is_early = not self._flows
            self._flows[pid] = _Flow(order.number, order.grace_seconds)
        for one in descriptors:
            os.close(one)

    def _fork(self, order: ForkFlow, descriptors: list[int]) -> int:
        pid = fork()
        if pid == 0:
            with _no_way_back():
                self._shed()
                _become_flow(order, descriptors, self._engine)
        return pid

    def _fork_spare(self, rest_seconds: float) -> None:
        """Fork a process ahead of its order; it rehearses after some rest."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                pid = fork()
            except OSError:  # the next order says so, if it is still true by then
                ours.close()
                self._no_spare_until = time.monotonic() + SPARE_AGAIN_SECONDS
                return
            if pid == 0:
                with _no_way_back():
                    ours.close()
                    self._shed()
                    name_process(SPARE_NAME)
                    _wait_as_spare(theirs, rest_seconds, self._engine)
        self._spare = _Spare(pid, ours)

    def _give_to_spare(self, order: ForkFlow, descriptors: list[int]) -> int | None:
        """Hand an order to the process that waits for one; None where there is none, or no longer."""
        spare, self._spare = self._spare, None
        if spare is None:
            return None
        with spare.wire:
            try:
                socket.send_fds(spare.wire, [pack(order)], descriptors)
            except OSError:
                return None
        return spare.pid

    def _shed(self) -> None:
        """Let go of what belongs to the zygote alone, in a process forked from it."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for end in self._own_ends:
            os.close(end)
        confine(self._pid)

    def _ask_to_end(self, number: int) -> None:
        for pid, flow in self._flows.items():
            if flow.number == number and flow.kill_at is None:
                flow.kill_at = time.monotonic() + flow.grace_seconds
                signal_all([*descendants(pid), pid], signal.SIGTERM)

    def _reap(self) -> None:
        """Take note of children that ended; report their runs once no remains are left."""
        for pid, status in _ended_children():
            self._asked.discard(pid)
            if self._spare and self._spare.pid == pid:
                self._spare.wire.close()
                self._spare = None
                self._no_spare_until = time.monotonic() + SPARE_AGAIN_SECONDS
            flow = self._flows.pop(pid, None)
            if flow:
                self._over.append((flow, status))
                self._remains_until = flow.kill_at or time.monotonic() + flow.grace_seconds
        if self._over and not self._remains():
            for flow, status in self._over:
                self._tell(FlowEnded(flow.number, status))
            self._over.clear()
            self._asked.clear()
            self._remains_until = None

    def _remains(self) -> list[int]:
        known = {*self._flows, *([self._spare.pid] if self._spare else [])}
        return [pid for pid in children_of(self._pid) if pid not in known]

    def _press(self) -> None:
        """Ask remains to end; kill whatever had its grace."""
        now = time.monotonic()
        for pid, flow in self._flows.items():
            if flow.kill_at is not None and flow.kill_at <= now:
                signal_all([*descendants(pid), pid], signal.SIGKILL)
        if self._remains_until is None:
            return
        remains = self._remains()
        if self._remains_until <= now:
            signal_all(remains, signal.SIGKILL)
        else:
            fresh = [pid for pid in remains if pid not in self._asked]
            self._asked.update(fresh)
            signal_all([below for pid in fresh for below in (*descendants(pid), pid)], signal.SIGTERM)

    def _patience(self) -> float | None:
        """Return the seconds until something is to be done without being asked; None if nothing is."""
        due = [flow.kill_at for flow in self._flows.values() if flow.kill_at is not None]
        if self._remains_until is not None:
            due.append(self._remains_until)
        until = [max(AGAIN_SECONDS, min(due) - time.monotonic())] if due else []
        if self._spare is None:
            pause = QUIET_SECONDS if len(self._flows) <= 1 else BUSY_SECONDS
            until.append(max(pause, self._no_spare_until - time.monotonic()))
        return min(until, default=None)

    def _tell(self, report: ZygoteReport) -> None:
        with contextlib.suppress(OSError):  # the agent is gone: the next look at its socket says so
            self._agent.send(pack(report))

    def _kill_everything(self) -> None:
        for _ in iter(lambda: children_of(os.getpid()), []):
            signal_all(descendants(os.getpid()), signal.SIGKILL)
            os.waitpid(-1, 0)


def _ended_children() -> Iterator[tuple[int, int]]:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def _receive(wire: socket.socket) -> tuple[Any, list[int]]:
    """Wait for a packet.

    Raises:
        EOFError: The other side is gone.
    """
    data, descriptors, _, _ = socket.recv_fds(wire, ORDER_MAX_BYTES, 3, socket.MSG_CMSG_CLOEXEC)
    if not data:
        raise EOFError
    return unpack(data), descriptors


@contextlib.contextmanager
def _no_way_back() -> Iterator[None]:
    """End a forked process here, whatever happens in it: it must never return into the zygote's loop."""
    try:
        yield
    finally:
        os._exit(1)


def _keep(engine: FlowEngine, order: KeepFlow) -> None:
    """Compile a flow; a process has done so before, so it takes a moment and will not fail here."""
    flow = decode(order.flow, Flow)
    if not engine.keeps(flow):
        with contextlib.suppress(FlowRefused, MemoryError, RecursionError):  # if it does, flows go on
            engine.keep(flow)


def _wait_as_spare(wire: socket.socket, rest_seconds: float, engine: FlowEngine) -> NoReturn:
    """Wait for the order of a flow, and rehearse after some rest."""
    if not select.select([wire], [], [], rest_seconds)[0]:
        rehearse(engine)
    while True:
        order, descriptors = _receive(wire)
        if isinstance(order, ForkFlow):
            _become_flow(order, descriptors, engine)
        _keep(engine, order)


def _become_flow(order: ForkFlow, descriptors: list[int], engine: FlowEngine) -> NoReturn:
    """Turn a forked process into that of a flow."""
    orders, reports, output = descriptors
    limit_memory(order.memory_bytes)
    _take_output(output)
    os.chdir(order.directory)
    os.environ[RUN_VARIABLE] = order.run
    serve(orders, reports, engine)


def _take_output(output: int) -> None:
    """Send what the flow prints to the agent; what it reads is nothing, as with the zygote."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)


def main(arguments: list[str]) -> None:
    """Load the language and serve.

    Args:
        arguments: The descriptor of the wire, the agent's process id and the engine's name.
    """
    for name in EAGER_LINKING:  # no business of the programs that flows start
        os.environ.pop(name, None)
    agent = socket.socket(fileno=int(arguments[0]))
    agent.set_inheritable(False)
    die_with(int(arguments[1]), by=signal.SIGTERM)  # leaves it time to end what flows left behind
    adopt_orphans()
    stand_back()
    name_process(ZYGOTE_NAME)
    engine = load_engine(arguments[2])
    try:
        for _ in range(REHEARSALS):
            rehearse(engine)
    except FlowStopped:  # the agent ended meanwhile
        return
    gc.collect()
    gc.freeze()  # children that share these objects' pages never have to copy them
    use_huge_pages()
    Zygote(agent, engine).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
