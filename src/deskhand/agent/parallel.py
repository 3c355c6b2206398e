"""Called flows that nobody waits for: each runs beside its caller in a fork of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import NoReturn

from deskhand.agent.flow_wire import FlowStopped, Wire
from deskhand.agent.linux import adopt_orphans, die_with

MAX_BESIDE = 5
"""Flows beside the one that started them; six run in parallel with it. Source: machines-and-runs 7.3."""

AGAIN_SECONDS = 0.02
"""Between two looks whether a fork has ended; waiting for any child would steal those of actions."""


class Parallel:
    """The forks of a flow's process that run other flows.

    Args:
        wire: The process's wire, which the forks share.
        grace_seconds: Between asking a fork to end and killing it.
    """

    def __init__(self, wire: Wire, grace_seconds: float) -> None:
        self._wire = wire
        self._grace_seconds = grace_seconds
        self._running: list[int] = []
        self._is_fork = False

    @property
    def is_available(self) -> bool:
        """Return whether a flow may start others beside it; one that runs beside another may not."""
        return not self._is_fork

    def start(self, run: Callable[[], object]) -> None:
        """Run a function in a fork, once there is room for it; it tells the agent how its flow ended."""
        while len(self._running) >= MAX_BESIDE:
            self._reap()
        self._wire.share()
        caller = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_fork(caller, run)
        self._running.append(pid)

    def end(self) -> None:
        """End what still runs: called flows never outlive their caller."""
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)
        kill_at = time.monotonic() + self._grace_seconds
        while self._running:
            if time.monotonic() >= kill_at:
                for pid in self._running:
                    os.kill(pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        self._running = [pid for pid in self._running if os.waitpid(pid, os.WNOHANG) == (0, 0)]
        if self._running:
            time.sleep(AGAIN_SECONDS)

    def _become_fork(self, caller: int, run: Callable[[], object]) -> NoReturn:
        try:
            die_with(caller)
            adopt_orphans()
            self._is_fork = True
            self._running = []
            run()
        except FlowStopped:
            pass
        finally:
            os._exit(0)
