"""The DateTime actions. Source: actions.yaml, group DateTime."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from deskhand.actions.date_time.choices import (
    DateTimeFormat,
    DifferenceTimeUnit,
    TimeUnit,
    TimeZoneLocation,
    date_time,
)
from deskhand.actions.date_time.errors import DateOutOfRange, InvalidOffset, UnknownTimeZone
from deskhand.dotnet.dates import months_later
from deskhand.dotnet.numbers import Number, plain_number
from deskhand.dotnet.timezones import find_zone
from deskhand.robin.catalog import ActionContext

__all__ = ["date_time"]

_LONGEST_OFFSET = timedelta(hours=14)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-]?)([0-9]{1,2})(?::([0-5][0-9])|[.,]([0-9]+))?", re.IGNORECASE)
_STEPS: Mapping[TimeUnit, timedelta] = {
    TimeUnit.SECONDS: timedelta(seconds=1),
    TimeUnit.MINUTES: timedelta(minutes=1),
    TimeUnit.HOURS: timedelta(hours=1),
    TimeUnit.DAYS: timedelta(days=1),
}
_MICROSECONDS: Mapping[DifferenceTimeUnit, int] = {
    DifferenceTimeUnit.SECONDS: 1_000_000,
    DifferenceTimeUnit.MINUTES: 60_000_000,
    DifferenceTimeUnit.HOURS: 3_600_000_000,
    DifferenceTimeUnit.DAYS: 86_400_000_000,
}
_CLOCK_ERRORS = (DateOutOfRange, InvalidOffset, UnknownTimeZone)


@date_time.action(
    "Add",
    label="Add to datetime",
    summary="Add {TimeToAdd} {TimeUnit} to {DateTime}",
    outputs=("ResultedDate",),
    errors=(DateOutOfRange,),
    names={"moment": "DateTime"},
    labels={"moment": "Datetime", "time_to_add": "Add"},
)
def add(moment: datetime, time_to_add: int, time_unit: TimeUnit = TimeUnit.SECONDS) -> datetime:
    """Move a datetime forward, or back with a negative amount.

    Args:
        moment: The datetime to start from.
        time_to_add: How much to add; negative to subtract.
        time_unit: What is added. A month or year that lacks the day ends on its last one.

    Returns:
        The new datetime.
    """
    try:
        if time_unit in _STEPS:
            return moment + time_to_add * _STEPS[time_unit]
        return months_later(moment, time_to_add * (12 if time_unit is TimeUnit.YEARS else 1))
    except (OverflowError, ValueError) as problem:
        raise DateOutOfRange(f"{moment} plus {time_to_add} {time_unit.value.lower()}") from problem


@date_time.action(
    "Subtract",
    label="Subtract dates",
    summary="Subtract {SubstractDate} from {FromDate} in {TimeUnit}",
    outputs=("TimeDifference",),
    labels={
        "from_date": "From date",
        "substract_date": "Subtract date",
        "time_unit": "Get difference in",
    },
    parameter_aliases={"substract_date": ("SubtractDate",)},
)
def subtract(
    from_date: datetime,
    substract_date: datetime,
    time_unit: DifferenceTimeUnit = DifferenceTimeUnit.DAYS,
) -> Number:
    """Find the time between two datetimes.

    Args:
        from_date: The datetime to subtract from.
        substract_date: The datetime to subtract.
        time_unit: What the difference is counted in.

    Returns:
        The difference, with a fraction; negative if the first datetime is the earlier one.
    """
    elapsed = _comparable(from_date) - _comparable(substract_date)
    microseconds = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
    return plain_number(Decimal(microseconds) / _MICROSECONDS[time_unit])


def _comparable(moment: datetime) -> datetime:
    """Return the machine's clock reading: what a datetime without a zone already is."""
    return moment if moment.tzinfo is None else moment.astimezone().replace(tzinfo=None)


@date_time.action(
    "GetCurrentDateTime",
    variant="Local",
    label="Get current date and time",
    summary="Get the current {DateTimeFormat}",
    outputs=("CurrentDateTime",),
    errors=_CLOCK_ERRORS,
    names={"form": "DateTimeFormat"},
    labels={"form": "Retrieve"},
)
def current_local(context: ActionContext, form: DateTimeFormat = DateTimeFormat.DATE_AND_TIME) -> datetime:
    """Read the machine's clock.

    Args:
        form: Whether the time of day is kept.

    Returns:
        The present moment in the machine's time zone.
    """
    return _reading(context.now(), None, form)


@date_time.action(
    "GetCurrentDateTime",
    variant="Current",
    label="Get current date and time",
    summary="Get the current {DateTimeFormat} at {Offset} from UTC",
    outputs=("CurrentDateTime",),
    errors=_CLOCK_ERRORS,
    names={"form": "DateTimeFormat"},
    labels={"form": "Retrieve"},
)
def current_at_offset(
    context: ActionContext, form: DateTimeFormat = DateTimeFormat.DATE_AND_TIME, offset: str = ""
) -> datetime:
    """Read the clock at an offset from UTC.

    Args:
        form: Whether the time of day is kept.
        offset: Hours ahead of UTC, such as 2, -3.5, +05:30 or UTC+2; UTC itself if empty.

    Returns:
        The present moment at that offset.
    """
    return _reading(context.now(), _zone_of_text(offset), form)


@date_time.action(
    "GetCurrentDateTime",
    variant="CustomOffset",
    label="Get current date and time",
    summary="Get the current {DateTimeFormat} at {CustomOffset} hours from UTC",
    outputs=("CurrentDateTime",),
    errors=_CLOCK_ERRORS,
    names={"form": "DateTimeFormat"},
    labels={"form": "Retrieve", "custom_offset": "Offset"},
)
def current_at_custom_offset(
    context: ActionContext, custom_offset: float, form: DateTimeFormat = DateTimeFormat.DATE_AND_TIME
) -> datetime:
    """Read the clock at a number of hours from UTC.

    Args:
        custom_offset: Hours ahead of UTC; 5.5 is five hours and a half.
        form: Whether the time of day is kept.

    Returns:
        The present moment at that offset.
    """
    try:
        zone = _zone_at(timedelta(hours=float(custom_offset)), custom_offset)
    except (OverflowError, ValueError) as problem:
        raise InvalidOffset(custom_offset) from problem
    return _reading(context.now(), zone, form)


@date_time.action(
    "GetCurrentDateTime",
    variant="Windows",
    label="Get current date and time",
    summary="Get the current {DateTimeFormat} in {TimeZoneLocation}",
    outputs=("CurrentDateTime",),
    errors=_CLOCK_ERRORS,
    names={"form": "DateTimeFormat"},
    labels={"form": "Retrieve", "time_zone_location": "Country/region"},
)
def current_in_zone(
    context: ActionContext,
    time_zone_location: TimeZoneLocation = TimeZoneLocation.UTC,
    form: DateTimeFormat = DateTimeFormat.DATE_AND_TIME,
) -> datetime:
    """Read the clock of a country or region.

    Args:
        time_zone_location: The time zone, summer time included.
        form: Whether the time of day is kept.

    Returns:
        The present moment in that time zone.
    """
    return _reading(context.now(), _zone_named(str(time_zone_location)), form)


@date_time.action(
    "GetCurrentDateTime",
    variant="CustomTimeZone",
    label="Get current date and time",
    summary="Get the current {DateTimeFormat} in {CustomTimeZone}",
    outputs=("CurrentDateTime",),
    errors=_CLOCK_ERRORS,
    names={"form": "DateTimeFormat"},
    labels={"form": "Retrieve", "custom_time_zone": "Time zone"},
)
def current_in_custom_zone(
    context: ActionContext, custom_time_zone: str, form: DateTimeFormat = DateTimeFormat.DATE_AND_TIME
) -> datetime:
    """Read the clock of a time zone that is given by name.

    Args:
        custom_time_zone: A Windows name such as W. Europe Standard Time; Europe/Berlin will do too.
        form: Whether the time of day is kept.

    Returns:
        The present moment in that time zone.
    """
    return _reading(context.now(), _zone_named(custom_time_zone), form)


def _reading(now: datetime, zone: tzinfo | None, form: DateTimeFormat) -> datetime:
    """Return what the clock of a zone shows; the datetime itself carries no zone, as in the original."""
    shown = (now.astimezone(zone) if zone else now).replace(tzinfo=None)
    return shown.replace(hour=0, minute=0, second=0, microsecond=0) if form == "DateOnly" else shown


def _zone_named(name: str) -> tzinfo:
    zone = find_zone(name)
    if zone is None:
        raise UnknownTimeZone(name)
    return zone


def _zone_of_text(offset: str) -> tzinfo:
    if offset.strip().upper() in ("", "UTC", "GMT"):
        return UTC
    found = _OFFSET.fullmatch(offset.strip())
    if found is None:
        raise InvalidOffset(offset)
    sign, hours, minutes, tenths = found.groups()
    ahead = timedelta(hours=float(f"{hours}.{tenths or 0}"), minutes=int(minutes or 0))
    return _zone_at(-ahead if sign == "-" else ahead, offset)


def _zone_at(offset: timedelta, written: object) -> tzinfo:
    if abs(offset) > _LONGEST_OFFSET:
        raise InvalidOffset(written)
    return timezone(offset)
