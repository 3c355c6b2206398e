"""What a flow's process asks of the language that it runs."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from deskhand.core.errors import DeskhandError
from deskhand.protocol.messages import (
    ActionStatus,
    DebugCommand,
    DebugError,
    DebugNotice,
    DebugPart,
    DebugPhase,
    DebugVariable,
    Flow,
    PauseReason,
    RowPlace,
    RunError,
)

ROBIN = "deskhand.agent.robin_engine:load"
"""The engine of desktop flows, as :func:`load_engine` takes it."""


class FlowRefused(Exception):
    """A flow cannot begin: its text has errors, or its inputs do not fit."""

    def __init__(self, error: RunError) -> None:
        super().__init__(error.message)
        self.error = error


class CalledFlowFailed(DeskhandError):
    """A flow that the running one called could not run, or failed.

    The message says which of the two, and the called flow's own run says where it failed.
    """

    code = "DH3058"

    def __init__(self, error: RunError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row for the action log, as the running flow knows it.

    Attributes are those of :class:`~deskhand.protocol.messages.ActionRow`; ``in_rounds`` names the rounds of
    all loops, those too that were left out of the log.
    """

    kind: str
    subflow: str
    line: int
    action: str
    summary: str
    status: ActionStatus
    started_at: datetime
    duration_ms: float
    level: str | None = None
    error: str | None = None
    rounds: int | None = None
    failed_rounds: int | None = None
    in_rounds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a debugged flow stands.

    Attributes are those of :class:`~deskhand.protocol.messages.DebugState`.
    """

    sequence: int
    phase: DebugPhase
    reason: PauseReason | None = None
    place: RowPlace | None = None
    stack: tuple[RowPlace, ...] = ()
    variables: tuple[DebugVariable, ...] = ()
    error: DebugError | None = None
    notice: DebugNotice | None = None


@dataclass(frozen=True, slots=True)
class FlowResult:
    """How a flow ended by itself.

    Attributes:
        outputs: The language's values by external name, None unless it succeeded.
        error: Why it failed, or None.
        statistics: What is counted of it.
    """

    outputs: Mapping[str, Any] | None
    error: RunError | None
    statistics: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Debugging:
    """How a flow is debugged.

    Attributes:
        part: What the order says of it.
        line: How the flow hears of commands and tells where it stands.
    """

    part: DebugPart
    line: DebugLine


class FlowHost(Protocol):
    """What a flow's process lends to the flow that it runs."""

    @property
    def working_directory(self) -> str:
        """Return the folder that relative paths start from."""
        ...

    def log(self, entry: LogEntry) -> None:
        """Write one row of the action log."""
        ...

    def run_flow(
        self, flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool
    ) -> dict[str, Any]:
        """Run another desktop flow and return its outputs by external name.

        Raises:
            CalledFlowFailed: It is not there, calls itself, or failed.
        """
        ...


class DebugLine(Protocol):
    """How a debugged flow hears of commands and tells where it stands."""

    def heard(self) -> list[DebugCommand]:
        """Return the commands that have come, without waiting."""
        ...

    def wait(self, seconds: float | None) -> bool:
        """Wait for a command; return whether one came. None waits for ever."""
        ...

    def tell(self, standing: Standing) -> None:
        """Say at once where the flow stands."""
        ...

    def passing(self, place: RowPlace, sequence: int) -> None:
        """Say which row runs, if it does for a while."""
        ...

    def now(self) -> float:
        """Return the moment, in seconds, on a scale that never goes back."""
        ...


class ReadyFlow(Protocol):
    """A flow that is compiled and has its inputs."""

    def run(self, host: FlowHost) -> FlowResult:
        """Run it to its end."""
        ...


class FlowEngine(Protocol):
    """A language that flows are written in."""

    def prepare(
        self, flow: Flow, inputs: Mapping[str, Any], culture: str, debugging: Debugging | None = None
    ) -> ReadyFlow:
        """Parse, check and compile a flow and bind its inputs.

        Args:
            flow: The flow.
            inputs: Values by external name: JSON from the wire, or the language's own from a caller.
            culture: The culture in which it writes and reads.
            debugging: How it is debugged; None for an ordinary run.

        Raises:
            FlowRefused: It cannot begin.
        """
        ...

    def keep(self, flow: Flow) -> None:
        """Compile a flow ahead, for the processes that are forked from this one; a few are kept.

        Raises:
            FlowRefused: It cannot begin.
        """
        ...

    def keeps(self, flow: Flow) -> bool:
        """Return whether a flow is compiled already."""
        ...

    @property
    def rehearsal(self) -> tuple[Flow, dict[str, Any]]:
        """Return a small flow that does what most flows do, and its inputs."""
        ...

    def to_wire(self, values: Mapping[str, Any], culture: str) -> dict[str, Any]:
        """Write the language's values as JSON; what has no such form becomes its text."""
        ...


def load_engine(name: str) -> FlowEngine:
    """Import an engine and build it, so that everything it needs is loaded.

    Args:
        name: ``module:function``; the function takes nothing and returns the engine.
    """
    module, _, function = name.partition(":")
    return typing.cast("FlowEngine", getattr(importlib.import_module(module), function)())
