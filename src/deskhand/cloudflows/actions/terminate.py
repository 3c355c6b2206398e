"""Terminate. Source: cloud-flows 3.6."""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import (
    ActionFailed,
    End,
    Field,
    Group,
    Outcome,
    Problem,
    Status,
    Step,
    action,
)
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

_STATUSES = {"failed": Status.FAILED, "cancelled": Status.CANCELLED, "succeeded": Status.SUCCEEDED}
_LONGEST = 262_144


@action(
    "Terminate",
    title="Terminate",
    group=Group.CONTROL,
    fields=(
        Field("inputs/runStatus", "Status", required=True, options=("Failed", "Cancelled", "Succeeded")),
        Field("inputs/runError/code", "Code", type="string"),
        Field("inputs/runError/message", "Message", type="string"),
    ),
)
def terminate(step: Step) -> Outcome:
    """End the run at once, with a status of its own."""
    inputs = step.inputs if isinstance(step.inputs, Mapping) else {}
    given = member(inputs, "runStatus")
    if given is None:
        raise ActionFailed(
            "InvalidTemplate", "The 'runStatus' property must be provided in the 'terminate' action inputs."
        )
    status = _STATUSES.get(str(given).casefold())
    if status is None:
        raise ActionFailed(
            "InvalidTemplate",
            f"The provided 'runStatus' property value '{given}' in the 'terminate' action inputs is not "
            "valid. Supported statuses are : 'Failed, Cancelled, Succeeded'.",
        )
    return End(status, _problem(member(inputs, "runError")) if status is Status.FAILED else None)


def _problem(given: Value) -> Problem:
    error = given if isinstance(given, Mapping) else {}
    code, message = (to_text(member(error, name)) for name in ("code", "message"))
    return Problem(code or "Terminated", message[:_LONGEST])
