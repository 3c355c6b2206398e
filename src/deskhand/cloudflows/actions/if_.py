"""If. Source: cloud-flows 3.6."""

from __future__ import annotations

from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    Enter,
    Field,
    Group,
    LevelEnded,
    Outcome,
    Step,
    action,
)
from deskhand.cloudflows.ends import scope_end
from deskhand.wdl.values import type_name


@action(
    "If",
    title="Condition",
    group=Group.CONTROL,
    fields=(Field("expression", "Condition", type="expression", required=True),),
)
def if_(step: Step) -> Outcome:
    """Do one list of actions if a condition is true, and another one if it is not."""
    if isinstance(step.event, LevelEnded):
        return scope_end(step.event.status)
    if step.given is NOTHING:
        step.give({"expressionResult": _tested(step)})
    return Enter((("actions" if step.given["expressionResult"] else "else", None),))


def _tested(step: Step) -> bool:
    result = step.test(step.action.member("expression"))
    if not isinstance(result, bool):
        raise ActionFailed(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{step.action.name}' failed: the result of the evaluation of "
            f"'expression' is of type '{type_name(result)}'. The result must be a valid boolean.",
        )
    return result
