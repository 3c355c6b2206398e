"""Where flow processes come from: what the agent asks of any way to start them."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deskhand.protocol.messages import Flow

RUN_VARIABLE = "DESKHAND_RUN_ID"
"""Every process of a run carries ``run id:fencing token`` in this environment variable."""

AGENT_VARIABLE = "DESKHAND_AGENT_DATA"
"""Every process below an agent carries that agent's data directory in this environment variable."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One process to start.

    Attributes:
        run: Run id and fencing token, joined by a colon.
        directory: Its working directory.
        memory_bytes: The address space it may use.
        grace_seconds: How long its processes have between being asked to end and being killed.
        orders: Descriptor that it reads orders from.
        reports: Descriptor that it writes messages to.
        output: Descriptor for whatever the flow prints.
    """

    run: str
    directory: Path
    memory_bytes: int
    grace_seconds: float
    orders: int
    reports: int
    output: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a flow's process ended; by now nothing is left of it and its descendants.

    Attributes:
        status: Its exit status, negative for the signal that killed it; None if nobody saw it.
        problem: Why there never was a process, where there was none.
    """

    status: int | None
    problem: str | None = None

    def __str__(self) -> str:
        if self.problem is not None:
            return f"could not be started ({self.problem})"
        if self.status is None:
            return "was lost together with the process that started it"
        if self.status < 0:
            return f"was killed by signal {-self.status} ({_signal_name(-self.status)})"
        return f"exited with code {self.status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


class FlowProcess(Protocol):
    """A flow process that was asked for."""

    def stop(self) -> None:
        """Ask all its processes to end, and kill those that have not after the grace; do not wait."""
        ...


class FlowProcesses(Protocol):
    """A way to start flow processes."""

    def start(self, launch: Launch, ended: Callable[[Ending], None]) -> FlowProcess:
        """Start a process, without waiting until it runs.

        Args:
            launch: What to start; its descriptors stay the caller's to close.
            ended: Called once, from another thread, when nothing is left of the process's tree, also
                where it turns out that it cannot be started.

        Raises:
            ProcessNotStarted: It cannot be started now.
        """
        ...

    def keep(self, flow: Flow, compiled_in: float) -> None:
        """Have later processes find a flow compiled, where that is possible and worth it.

        Args:
            flow: A flow that a process has compiled.
            compiled_in: Seconds that it took.
        """
        ...

    def keeps(self, flow: Flow) -> bool:
        """Return whether later processes find a flow compiled, so that it is known to be in order."""
        ...

    def kept(self) -> tuple[str, ...]:
        """Return the fingerprints of the flows that later processes find compiled, the latest of them."""
        ...

    def close(self) -> None:
        """Kill every process that is left and wait until they are gone."""
        ...
