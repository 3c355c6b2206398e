"""What a flow's process asks of the language that it runs."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from deskhand.core.errors import DeskhandError
from deskhand.protocol.messages import ActionStatus, Flow, RunError

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

    Attributes are those of :class:`~deskhand.protocol.messages.ActionRow`.
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


class ReadyFlow(Protocol):
    """A flow that is compiled and has its inputs."""

    def run(self, host: FlowHost) -> FlowResult:
        """Run it to its end."""
        ...


class FlowEngine(Protocol):
    """A language that flows are written in."""

    def prepare(self, flow: Flow, inputs: Mapping[str, Any], culture: str) -> ReadyFlow:
        """Parse, check and compile a flow and bind its inputs.

        Args:
            flow: The flow.
            inputs: Values by external name: JSON from the wire, or the language's own from a caller.
            culture: The culture in which it writes and reads.

        Raises:
            FlowRefused: It cannot begin.
        """
        ...

    def rehearse(self) -> None:
        """Do what a first flow makes necessary, so that the next one need not wait for it."""
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
