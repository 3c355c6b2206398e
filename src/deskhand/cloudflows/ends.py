"""How actions that hold others end. Source: cloud-flows 3.3 and 3.6."""

from __future__ import annotations

from deskhand.cloudflows.declare import NOTHING, Done, Problem, Status
from deskhand.wdl.values import Value

ACTION_FAILED = Problem("ActionFailed", "An action failed. No dependent actions succeeded.")


def scope_end(status: Status, outputs: Value = NOTHING) -> Done:
    """Return the end of an action whose list of actions has ended with a status."""
    if status is Status.FAILED:
        return Done(Status.FAILED, "ActionFailed", outputs=outputs, problem=ACTION_FAILED)
    return Done(status, "NotSpecified", outputs=outputs)
