"""Wait, which designers call Delay and Delay until. Source: cloud-flows 3.6 and 6."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from deskhand.cloudflows.declare import ActionFailed, Done, Due, Field, Group, Outcome, Step, Wait, action
from deskhand.cloudflows.durations import Duration, MomentBeyondCalendar
from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.date_parsing import parse_date
from deskhand.dotnet.errors import NotADate
from deskhand.wdl.definition import Json, member
from deskhand.wdl.values import Value, is_integer, to_text

_MOST = 999_999_999
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*")
_POWER_AUTOMATE_SHORTEST = timedelta(seconds=1)
_UNITS: Mapping[str, Callable[[int], Duration]] = {
    "Second": lambda count: Duration(length=timedelta(seconds=count)),
    "Minute": lambda count: Duration(length=timedelta(minutes=count)),
    "Hour": lambda count: Duration(length=timedelta(hours=count)),
    "Day": lambda count: Duration(length=timedelta(days=count)),
    "Week": lambda count: Duration(length=timedelta(weeks=count)),
    "Month": lambda count: Duration(months=count),
}


@action(
    "Wait",
    title="Delay",
    group=Group.SCHEDULE,
    fields=(
        Field("inputs/interval/count", "Count", type="integer"),
        Field("inputs/interval/unit", "Unit", options=tuple(_UNITS)),
        Field("inputs/until/timestamp", "Timestamp", type="string", doc="When to go on, instead of a count."),
    ),
)
def wait(step: Step) -> Outcome:
    """Let some time pass, or wait until an instant; one in the past continues at once."""
    if isinstance(step.event, Due):
        return Done()
    inputs = step.inputs if isinstance(step.inputs, dict) else {}
    due = _due(inputs, step.now)
    if due <= step.now:
        return Done()
    if step.run.is_power_automate:
        due = max(due, step.now + _POWER_AUTOMATE_SHORTEST)
    return Wait(until=due)


def _due(inputs: Json, now: datetime) -> datetime:
    interval, until = member(inputs, "interval"), member(inputs, "until")
    if isinstance(interval, dict):
        return _after_interval(interval, now)
    if isinstance(until, dict):
        return _instant(member(until, "timestamp"), now.date())
    raise ActionFailed(
        "BadRequest", "Either the 'interval' or the 'until' property must be in the 'wait' action inputs."
    )


def _after_interval(interval: Json, now: datetime) -> datetime:
    unit = to_text(member(interval, "unit"))
    units = {name.casefold(): duration for name, duration in _UNITS.items()}
    duration = units.get(unit.strip().casefold())
    if duration is None:
        raise ActionFailed(
            "BadRequest",
            f"The provided 'unit' property value '{unit}' in the 'wait' action inputs is not valid. "
            f"Supported units are: '{', '.join(_UNITS)}'.",
        )
    try:
        return duration(_count(member(interval, "count"))).after(now)
    except MomentBeyondCalendar as problem:
        raise ActionFailed("BadRequest", problem.message) from problem


def _count(value: Value) -> int:
    number = int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if not is_integer(number) or not 0 <= number <= _MOST:
        raise ActionFailed(
            "BadRequest",
            f"The provided 'count' property value '{to_text(value)}' in the 'wait' action inputs is not "
            f"valid. It must be an integer from 0 to {_MOST}.",
        )
    return int(number)


def _instant(value: Value, today: date) -> datetime:
    """Return the instant that a timestamp names; one without an offset is in UTC."""
    try:
        stamp = parse_date(to_text(value), culture_named("en-US"), today)
        return stamp.in_utc(UTC).clock.replace(tzinfo=UTC)
    except (NotADate, OverflowError):
        raise ActionFailed(
            "BadRequest",
            f"The provided 'timestamp' property value '{to_text(value)}' in the 'wait' action inputs is not "
            "valid. It must be an ISO 8601 time.",
        ) from None
