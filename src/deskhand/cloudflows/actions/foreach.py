"""Foreach. Source: cloud-flows 3.6."""

from __future__ import annotations

from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    Done,
    Enter,
    Field,
    Group,
    LevelEnded,
    Outcome,
    Status,
    Step,
    Wait,
    action,
)
from deskhand.cloudflows.ends import scope_end
from deskhand.wdl.definition import member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.values import Value, type_name

_BRANCH = "actions"
_MOST_AT_ONCE = 50
_LOGIC_APPS_AT_ONCE = 20


@action(
    "Foreach",
    title="Apply to each",
    group=Group.CONTROL,
    fields=(
        Field("foreach", "Select an output from previous steps", type="array", required=True),
        Field(
            "runtimeConfiguration/concurrency/repetitions",
            "Degree of parallelism",
            type="integer",
            doc="How many elements are worked on at the same time, 1 to 50.",
        ),
    ),
    repeats=True,
)
def foreach(step: Step) -> Outcome:
    """Do a list of actions for each element of an array."""
    return _next(step, step.event) if isinstance(step.event, LevelEnded) else _begin(step)


def _begin(step: Step) -> Outcome:
    if step.given is NOTHING:
        step.give(_items(step))
    items = step.given
    if not items:
        return Done(code="NotSpecified")
    count = min(len(items), _at_once(step))
    step.state.update(next=count, open=count, failed=False)
    return Enter([(_BRANCH, index) for index in range(count)])


def _next(step: Step, ended: LevelEnded) -> Outcome:
    state = step.state
    state["failed"] = state["failed"] or ended.status is not Status.SUCCEEDED
    following: int = state["next"]
    if following < len(step.given):
        state["next"] = following + 1
        return Enter([(_BRANCH, following)])
    state["open"] -= 1
    if state["open"]:
        return Wait()
    return scope_end(Status.FAILED if state["failed"] else Status.SUCCEEDED)


def _items(step: Step) -> list[Value]:
    expression = step.action.member("foreach")
    try:
        items = step.evaluate(expression)
    except ExpressionError as error:
        raise ActionFailed(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{step.action.name}' failed: the evaluation of 'foreach' "
            f"expression '{expression}' failed: '{error.message}'.",
        ) from error
    if not isinstance(items, list):
        raise ActionFailed(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{step.action.name}' failed: the result of the evaluation of "
            f"'foreach' expression '{expression}' is of type '{type_name(items)}'. The result must be a "
            "valid array.",
        )
    most = step.settings.foreach_items_max
    if len(items) > most:
        raise ActionFailed(
            "ForeachItemsLimitExceeded",
            f"The execution of template action '{step.action.name}' failed: the array has {len(items)} "
            f"elements, and at most {most} are allowed.",
        )
    return items


def _at_once(step: Step) -> int:
    """Return how many iterations run at the same time; a loop in a loop runs one unless it says otherwise."""
    if any(one.casefold() == "sequential" for one in step.action.options):
        return 1
    found: Value = step.action.source
    for name in ("runtimeConfiguration", "concurrency", "repetitions"):
        found = member(found, name) if isinstance(found, dict) else None
    if isinstance(found, str) and found.strip().isdecimal():
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return max(1, min(found, _MOST_AT_ONCE))
    return 1 if step.run.is_power_automate or step.is_repeated else _LOGIC_APPS_AT_ONCE
