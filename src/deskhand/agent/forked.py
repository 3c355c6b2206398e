"""Flow processes forked from a zygote: the agent's side of it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from deskhand.actions.paths import DRIVES_VARIABLE
from deskhand.agent.engine import ROBIN
from deskhand.agent.errors import ProcessNotStarted
from deskhand.agent.process_tree import marked, signal_all
from deskhand.agent.processes import AGENT_VARIABLE, Ending, Launch
from deskhand.agent.zygote_wire import (
    EAGER_LINKING,
    FlowEnded,
    ForkFlow,
    KeepFlow,
    StopFlow,
    ZygoteReport,
    pack,
    unpack,
)
from deskhand.core.settings import Settings
from deskhand.protocol.codec import encode
from deskhand.protocol.messages import Flow

START_SECONDS = 30.0
"""How long it may take until there is a zygote to talk to."""

RESTART_SECONDS = 0.5
"""Between two starts of the zygote, so that one that cannot start does not keep the machine busy."""

REPORT_MAX_BYTES = 64 * 1024

KEPT_SECONDS = 0.05
KEPT_BYTES = 32 * 1024
"""The longest that compiling a flow may take, and the largest flow, for which the zygote does it ahead."""

KEPT_MOST = 64
"""How many flows are known to have been given to the zygote; it keeps the latest of them compiled."""

Ended = Callable[[Ending], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ForkedProcess:
    """A flow process that the zygote forked."""

    number: int
    tell: Callable[[StopFlow], None]

    def stop(self) -> None:
        """Ask all its processes to end, and kill those that have not after the grace; do not wait."""
        self.tell(StopFlow(self.number))


class ForkedProcesses:
    """Starts a zygote, starts another when it dies, and knows its children.

    The zygote is killed when the *thread* that started it ends, so one thread, which lives as long as
    this object, starts every zygote and listens to it.

    Args:
        data: The agent's data directory; marks every process below it.
        engine: The language to load, ``module:function``.
        environment: The processes' environment.
    """

    def __init__(self, data: Path, engine: str = ROBIN, environment: dict[str, str] | None = None) -> None:
        self._mark = str(data.resolve())
        self._engine = engine
        self._environment = environment_of_flows(environment) | {AGENT_VARIABLE: self._mark}
        self._numbers = count(1)
        self._ended: dict[int, Ended] = {}
        self._kept: dict[str, None] = {}
        self._state = threading.Condition()
        self._wire: socket.socket | None = None
        self._closing = False
        self._keeper = threading.Thread(target=self._keep, name="zygote", daemon=True)
        self._keeper.start()

    def start(self, launch: Launch, ended: Ended) -> ForkedProcess:
        """Have a process forked, without waiting until it runs.

        Raises:
            ProcessNotStarted: There is no zygote.
        """
        number = next(self._numbers)
        order = ForkFlow(number, launch.run, str(launch.directory), launch.memory_bytes, launch.grace_seconds)
        self._send_fork(order, [launch.orders, launch.reports, launch.output], ended)
        return ForkedProcess(number, self._send_stop)

    def keep(self, flow: Flow, compiled_in: float) -> None:
        """Have the zygote compile a flow that is quickly compiled, and so does not hold up the others."""
        order = pack(KeepFlow(encode(flow)))
        if compiled_in <= KEPT_SECONDS and len(order) <= KEPT_BYTES:
            self._send(order)
            with self._state:
                self._kept[flow.fingerprint] = None
                if len(self._kept) > KEPT_MOST:
                    del self._kept[next(iter(self._kept))]

    def keeps(self, flow: Flow) -> bool:
        """Return whether the zygote was given a flow: it compiles, and most likely is compiled already."""
        return len(flow.definition) <= KEPT_BYTES and flow.fingerprint in self._kept

    def kept(self) -> tuple[str, ...]:
        """Return the fingerprints of the flows that the zygote was given."""
        with self._state:
            return tuple(self._kept)

    def close(self) -> None:
        """Kill every process that is left and wait until they are gone."""
        with self._state:
            self._closing = True
            self._state.notify_all()
            if self._wire:
                self._wire.shutdown(socket.SHUT_RDWR)
        self._keeper.join()

    def _send_fork(self, order: ForkFlow, descriptors: list[int], ended: Ended) -> None:
        with self._state:
            self._state.wait_for(lambda: self._wire or self._closing, START_SECONDS)
            if not self._wire:
                raise ProcessNotStarted("the zygote does not come up")
            self._ended[order.number] = ended
            try:
                socket.send_fds(self._wire, [pack(order)], descriptors)
            except OSError as error:
                del self._ended[order.number]
                raise ProcessNotStarted(f"the zygote cannot be reached ({error})") from error

    def _send_stop(self, order: StopFlow) -> None:
        with self._state:
            if order.number in self._ended:
                self._send(pack(order))

    def _send(self, order: bytes) -> None:
        with self._state:
            if self._wire:
                try:
                    self._wire.send(order)
                except OSError as error:  # it is dying, and its children with it
                    _log.debug("zygote cannot be reached: %s", error)

    def _keep(self) -> None:
        """Keep a zygote alive until this is closed."""
        while not self._closing:
            begun = time.monotonic()
            self._live_one_life()
            with self._state:
                pause = begun + RESTART_SECONDS - time.monotonic()
                self._state.wait_for(lambda: self._closing, max(0.0, pause))

    def _live_one_life(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                zygote = self._spawn(theirs)
            with self._state:
                self._wire = ours
                self._state.notify_all()
                if self._closing:
                    ours.shutdown(socket.SHUT_RDWR)
            for report in _reports(ours):
                self._take(report)
            with self._state:
                self._wire = None
                self._kept.clear()
        status = zygote.wait()
        if not self._closing:
            _log.warning("the zygote ended with status %d; starting another", status)
        self._bury()

    def _spawn(self, wire: socket.socket) -> subprocess.Popen[bytes]:
        number = str(wire.fileno())
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "deskhand.agent.zygote", number, str(os.getpid()), self._engine],
            pass_fds=[wire.fileno()],
            stdin=subprocess.DEVNULL,
            env=self._environment | EAGER_LINKING,
            start_new_session=True,  # Ctrl+C in a terminal is for the agent alone
        )

    def _take(self, report: ZygoteReport) -> None:
        with self._state:
            ended = self._ended.pop(report.number)
        if isinstance(report, FlowEnded):
            ended(Ending(report.status))
        else:
            ended(Ending(None, report.problem))

    def _bury(self) -> None:
        """Kill what the zygote left and tell of its children."""
        kill_marked(self._mark)
        with self._state:
            lost, self._ended = list(self._ended.values()), {}
        for ended in lost:
            ended(Ending(None))


def _reports(wire: socket.socket) -> Iterator[ZygoteReport]:
    while True:
        try:
            data = wire.recv(REPORT_MAX_BYTES)
        except ConnectionError:
            return
        if not data:
            return
        yield unpack(data)


def kill_marked(mark: str) -> int:
    """Kill every process that an agent with this data directory left; return how many there were."""
    killed: set[int] = set()
    while left := marked(AGENT_VARIABLE, mark):
        killed.update(left)
        signal_all(left, signal.SIGKILL)
        time.sleep(0.01)
    return len(killed)


def environment_with(settings: Settings) -> dict[str, str]:
    """Return this process's environment with the settings that flows themselves heed."""
    return {**os.environ, DRIVES_VARIABLE: settings.windows_drives}


def environment_of_flows(environment: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment for flows: this process's own, without Deskhand's settings and secrets.

    What flows themselves read stays: where their Windows drives lie on this machine.
    """
    source = os.environ if environment is None else environment
    return {
        name: value
        for name, value in source.items()
        if not name.startswith("DESKHAND_") or name == DRIVES_VARIABLE
    }
