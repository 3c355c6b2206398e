"""Until. Source: cloud-flows 3.6."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deskhand.cloudflows.declare import (
    ActionFailed,
    Done,
    Enter,
    Field,
    Group,
    LevelEnded,
    Outcome,
    Problem,
    Status,
    Step,
    action,
)
from deskhand.cloudflows.durations import DurationUnreadable, MomentBeyondCalendar, read_duration
from deskhand.cloudflows.ends import scope_end
from deskhand.wdl.definition import member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.values import Value, type_name

_BRANCH = "actions"
_COUNT = 60
_TIMEOUT = "PT1H"


@action(
    "Until",
    title="Do until",
    group=Group.CONTROL,
    fields=(
        Field("expression", "Loop until", type="expression", required=True),
        Field("limit/count", "Count", type="integer"),
        Field("limit/timeout", "Timeout", type="duration"),
    ),
    repeats=True,
)
def until(step: Step) -> Outcome:
    """Do a list of actions again and again until a condition is true or a limit is reached."""
    if isinstance(step.event, LevelEnded):
        return _after(step, step.event)
    count, end = _limits(step)
    first = step.resumed_iteration or 0
    step.state.update(count=first + count, end=end.isoformat())
    return Enter([(_BRANCH, first)])


def _after(step: Step, ended: LevelEnded) -> Outcome:
    assert ended.index is not None, "a loop's levels have an index"
    if _holds(step):
        return scope_end(ended.status)
    done = ended.index + 1
    if done < step.state["count"] and step.now < datetime.fromisoformat(step.state["end"]):
        return Enter([(_BRANCH, done)])
    if any(one.casefold() == "failwhenlimitsreached" for one in step.action.options):
        message = (
            f"The execution of template action '{step.action.name}' failed: its condition did not become "
            f"true within its limits; it ran {done} times."
        )
        problem = Problem("ActionUntilLimitsReached", message)
        return Done(Status.FAILED, "ActionFailed", problem=problem)
    return scope_end(ended.status)


def _holds(step: Step) -> bool:
    try:
        result = step.test(step.action.member("expression"))
    except ExpressionError as error:
        raise _condition_failed(step, error.message) from error
    if not isinstance(result, bool):
        raise _condition_failed(step, f"it is of type '{type_name(result)}' and must be a boolean")
    return result


def _condition_failed(step: Step, reason: str) -> ActionFailed:
    return ActionFailed(
        "ActionUntilConditionFailed",
        f"The execution of template action '{step.action.name}' failed: the evaluation of its condition "
        f"failed: '{reason}'.",
    )


def _limits(step: Step) -> tuple[int, datetime]:
    limit = step.action.member("limit")
    declared = limit if isinstance(limit, Mapping) else {}
    count = _count(step, step.evaluate(member(declared, "count")))
    timeout = step.evaluate(member(declared, "timeout"))
    try:
        end = read_duration(_TIMEOUT if timeout is None else timeout).after(step.now)
    except (DurationUnreadable, MomentBeyondCalendar) as error:
        raise ActionFailed("InvalidTemplate", error.message) from error
    return count, end


def _count(step: Step, given: Value) -> int:
    if given is None:
        return _COUNT
    if isinstance(given, str) and given.strip().isdecimal():
        given = int(given)
    most = step.settings.until_iterations_max
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise ActionFailed(
            "InvalidTemplate",
            f"The 'count' of the limit of template action '{step.action.name}' must be a whole number from "
            f"1 to {most}.",
        )
    return given
