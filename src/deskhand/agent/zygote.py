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
import random
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from deskhand.agent.engine import FlowEngine, load_engine
from deskhand.agent.flow_process import confine, rehearse, serve
from deskhand.agent.linux import adopt_orphans, die_with
from deskhand.agent.process_tree import children_of, descendants, signal_all
from deskhand.agent.processes import RUN_VARIABLE
from deskhand.agent.zygote_wire import (
    FlowEnded,
    FlowForked,
    FlowNotForked,
    ForkFlow,
    ZygoteOrder,
    ZygoteReport,
)
from deskhand.protocol.codec import decode, encode

ORDER_MAX_BYTES = 64 * 1024
AGAIN_SECONDS = 0.05
"""After which processes that were killed and are still there are killed again."""


@dataclass(slots=True)
class _Flow:
    """A flow process that has not ended; ``kill_at`` is set once it was asked to."""

    number: int
    grace_seconds: float
    kill_at: float | None = None


class Zygote:
    """Forks flow processes, stops them, and says when each is gone with all its descendants.

    Args:
        agent: The agent's end of the wire; its closing ends everything.
        engine: The loaded language.
    """

    def __init__(self, agent: socket.socket, engine: FlowEngine) -> None:
        self._agent = agent
        self._engine = engine
        self._flows: dict[int, _Flow] = {}
        self._over: list[tuple[_Flow, int]] = []
        self._remains_until: float | None = None
        self._asked: set[int] = set()
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)

    def serve(self) -> None:
        """Obey until the agent is gone; then leave nothing behind."""
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGTERM, lambda number, frame: self._agent.shutdown(socket.SHUT_RDWR))
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        while self._obey():
            self._reap()
            self._press()
        self._kill_everything()

    def _obey(self) -> bool:
        """Wait for an order, an ended child or a deadline; return False once the agent is gone."""
        ready, _, _ = select.select([self._agent, self._wake], [], [], self._patience())
        if self._wake in ready:
            self._wake.recv(4096)
        if self._agent not in ready:
            return True
        data, descriptors, _, _ = socket.recv_fds(self._agent, ORDER_MAX_BYTES, 3)
        if not data:
            return False
        for one in descriptors:
            os.set_inheritable(one, False)
        order = decode(data, ZygoteOrder)
        if isinstance(order, ForkFlow):
            self._fork(order, descriptors)
        else:
            self._ask_to_end(order.number)
        return True

    def _fork(self, order: ForkFlow, descriptors: list[int]) -> None:
        zygote = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            self._tell(FlowNotForked(order.number, str(error)))
        else:
            if pid == 0:
                self._become_flow(order, descriptors, zygote)
            self._flows[pid] = _Flow(order.number, order.grace_seconds)
            self._tell(FlowForked(order.number, pid))
        for one in descriptors:
            os.close(one)

    def _become_flow(self, order: ForkFlow, descriptors: list[int], zygote: int) -> NoReturn:
        """Turn a fresh fork into a flow process; no way leads back into the zygote's loop."""
        try:
            self._shed()
            orders, reports, output = descriptors
            confine(zygote, order.memory_bytes)
            _take_output(output)
            os.chdir(order.directory)
            os.environ[RUN_VARIABLE] = order.run
            random.seed()  # otherwise all flows would draw the same numbers
            serve(orders, reports, self._engine)
        finally:
            os._exit(1)

    def _shed(self) -> None:
        """Let go of what belongs to the zygote alone."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for end in (self._agent, self._wake, self._woken):
            end.close()

    def _ask_to_end(self, number: int) -> None:
        for pid, flow in self._flows.items():
            if flow.number == number and flow.kill_at is None:
                flow.kill_at = time.monotonic() + flow.grace_seconds
                signal_all([*descendants(pid), pid], signal.SIGTERM)

    def _reap(self) -> None:
        """Take note of children that ended; report their runs once no remains are left."""
        for pid, status in _ended_children():
            self._asked.discard(pid)
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
        return [pid for pid in children_of(os.getpid()) if pid not in self._flows]

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
        """Return the seconds until something has had its grace; None when nothing is to be killed."""
        due = [flow.kill_at for flow in self._flows.values() if flow.kill_at is not None]
        if self._remains_until is not None:
            due.append(self._remains_until)
        return max(AGAIN_SECONDS, min(due) - time.monotonic()) if due else None

    def _tell(self, report: ZygoteReport) -> None:
        with contextlib.suppress(OSError):  # the agent is gone: the next look at its socket says so
            self._agent.send(encode(report).encode())

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


def _take_output(output: int) -> None:
    """Read nothing, and send what the flow prints to the agent."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)


def main(arguments: list[str]) -> None:
    """Load the language and serve.

    Args:
        arguments: The descriptor of the wire, the agent's process id and the engine's name.
    """
    agent = socket.socket(fileno=int(arguments[0]))
    agent.set_inheritable(False)
    die_with(int(arguments[1]), by=signal.SIGTERM)  # leaves it time to end what flows left behind
    adopt_orphans()
    engine = load_engine(arguments[2])
    rehearse()
    gc.collect()
    gc.freeze()  # children that share these objects' pages never have to copy them
    Zygote(agent, engine).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
