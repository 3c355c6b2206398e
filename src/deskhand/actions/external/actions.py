"""The External actions. Source: actions.yaml, group External.RunFlow; machines-and-runs 7.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.actions.declare import Module
from deskhand.actions.external.errors import RunDesktopFlowFailed
from deskhand.core.errors import DeskhandError
from deskhand.robin.catalog import ActionContext

__all__ = ["external"]

external = Module("External", "Run flow")


@external.action(
    "RunFlow",
    label="Run desktop flow",
    summary="Run the desktop flow {FlowId}",
    errors=(RunDesktopFlowFailed,),
    labels={"flow_id": "Desktop flow", "wait_to_complete": "Wait for flow to complete"},
    dynamic=True,
)
def run_flow(
    flow_id: str,
    context: ActionContext,
    dynamic_inputs: Mapping[str, Any],
    wait_to_complete: bool = True,
) -> None:
    """Run another desktop flow in this run.

    Its inputs follow as `@Input: value`, its outputs as `@Output=> Variable`. The outputs of a flow that is
    not waited for are not known.

    Args:
        flow_id: The flow's id.
        wait_to_complete: Whether this flow goes on only when the other has ended.
    """
    try:
        outputs = context.run_flow(flow_id, None, dynamic_inputs, wait_to_complete)
    except RunDesktopFlowFailed:
        raise
    except DeskhandError as problem:
        raise RunDesktopFlowFailed(flow_id, problem.message) from problem
    if wait_to_complete:
        context.dynamic_outputs.update(outputs)
