"""What a run is given by whoever starts it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deskhand.core.clock import Clock, SystemClock
from deskhand.core.errors import DeskhandError
from deskhand.robin.debugging import Debugger
from deskhand.robin.run_events import RunEvent


class NoFlowsHere(DeskhandError):
    """A flow called another one where only one flow can run.

    Run it on a machine, or with a command that is given the folder of all its flows.
    """

    code = "DH4122"

    def __init__(self, flow: str) -> None:
        super().__init__(f"the desktop flow ‘{flow}’ cannot be called here: only one flow is at hand")
        self.flow = flow


def _ignore(event: RunEvent) -> None:
    """Take no notice of an event."""


def _refuse(flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool) -> dict[str, Any]:
    raise NoFlowsHere(name or flow_id)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnvironment:
    """Everything outside a flow that its run may reach.

    Attributes:
        culture: The culture in which dates are written and read.
        number_culture: The culture whose decimal separator numbers in texts have.
        working_directory: The folder that relative paths start from.
        clock: Where the time comes from.
        emit: Takes what the run tells of itself.
        run_flow: Runs another desktop flow: id, name, inputs and whether to wait; returns its outputs.
        is_safe_stop_requested: Whether somebody asked the run to stop at its next checkpoint.
        sleep: Waits for some seconds.
        debugger: Who is asked before each statement of a traced program.
    """

    culture: str = "en-US"
    number_culture: str = ""
    working_directory: str = "."
    clock: Clock = field(default_factory=SystemClock)
    emit: Callable[[RunEvent], None] = _ignore
    run_flow: Callable[[str, str | None, Mapping[str, Any], bool], dict[str, Any]] = _refuse
    is_safe_stop_requested: Callable[[], bool] = _never
    sleep: Callable[[float], None] = time.sleep
    debugger: Debugger | None = None
