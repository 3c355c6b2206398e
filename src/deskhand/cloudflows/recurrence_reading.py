"""JSON → recurrences: every rule of their members, and what is wrong. Source: cloud-flows 2.3.

Numbers may be written as texts, names in any case, and time zones as Windows or as IANA names them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from deskhand.cloudflows.recurrence import (
    Frequency,
    Occurrence,
    Origin,
    Recurrence,
    Schedule,
    instant_of,
)
from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.date_parsing import parse_date
from deskhand.dotnet.errors import NotADate
from deskhand.dotnet.timezones import find_zone
from deskhand.dotnet.zone_table import WINDOWS_ZONES
from deskhand.wdl.definition import Json, member
from deskhand.wdl.values import Value, is_integer, type_name

T = TypeVar("T")

_LARGEST: Mapping[Frequency, int] = {
    Frequency.SECOND: 9_999_999,
    Frequency.MINUTE: 72_000,
    Frequency.HOUR: 12_000,
    Frequency.DAY: 500,
    Frequency.WEEK: 71,
    Frequency.MONTH: 16,
    Frequency.YEAR: 1,  # as long as the longest of the others, about 500 days
}
_SHORTEST: Mapping[Frequency, timedelta] = {
    Frequency.SECOND: timedelta(seconds=1),
    Frequency.MINUTE: timedelta(minutes=1),
    Frequency.HOUR: timedelta(hours=1),
}
_CALENDAR = (Frequency.DAY, Frequency.WEEK, Frequency.MONTH)
_MEMBERS: Mapping[str, tuple[Frequency, ...]] = {
    "hours": _CALENDAR,
    "minutes": _CALENDAR,
    "weekDays": (Frequency.WEEK,),
    "monthDays": (Frequency.MONTH,),
    "monthlyOccurrences": (Frequency.MONTH,),
}
"""With which frequencies each member of a schedule goes."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")
_HAS_DATE = re.compile(r"\s*[0-9]{4}-")
_NO_DAY = date(1, 1, 1)  # what a text without a date would get; such texts are refused


class RecurrenceInvalid(DeskhandError):
    """The recurrence of a trigger breaks a rule, which the message names.

    ``frequency`` is Second, Minute, Hour, Day, Week, Month or Year, and ``interval`` how many of these lie
    between two runs. A ``schedule`` goes with Day, Week and Month only; its ``weekDays`` with Week, its
    ``monthDays`` and ``monthlyOccurrences`` with Month. Times are ISO 8601 texts, and ``timeZone`` is the
    Windows name of a zone.
    """

    code = "DH6102"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The recurrence cannot be used: {problem}.")
        self.problem = problem


def read_recurrence(source: Value, *, least: timedelta = timedelta(seconds=1)) -> Recurrence:
    """Return the recurrence that a trigger's ``recurrence`` describes. Source: cloud-flows 2.3.

    Args:
        source: The JSON, with its expressions evaluated.
        least: The shortest time between two runs; 60 seconds where Power Automate's limit holds.

    Raises:
        RecurrenceInvalid: It breaks a rule.
    """
    members = _object(source, "recurrence")
    frequency = _frequency(member(members, "frequency"))
    interval = _interval(member(members, "interval"), frequency, least)
    zone = _zone(member(members, "timeZone"))
    return Recurrence(
        frequency=frequency,
        interval=interval,
        zone=zone,
        origin=_optional(members, "startTime", lambda value: _origin(value, zone, "startTime")),
        end=_optional(members, "endTime", lambda value: _origin(value, zone, "endTime").instant),
        most=_optional(members, "count", lambda value: _whole(value, "‘count’", 1, 2**31 - 1)),
        schedule=_schedule(member(members, "schedule"), frequency),
    )


def _optional(members: Json, name: str, read: Callable[[Value], T]) -> T | None:
    value = member(members, name)
    return None if value in (None, "") else read(value)


def _object(value: Value, name: str) -> Json:
    if not isinstance(value, dict):
        raise RecurrenceInvalid(f"‘{name}’ must be an object, and is of type {type_name(value)}")
    return value


def _frequency(value: Value) -> Frequency:
    names = {one.casefold(): one for one in Frequency}
    if value is None:
        raise RecurrenceInvalid(f"‘frequency’ is missing; it is one of {', '.join(Frequency)}")
    found = names.get(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        raise RecurrenceInvalid(f"‘frequency’ is ‘{value}’; it is one of {', '.join(Frequency)}")
    return found


def _interval(value: Value, frequency: Frequency, least: timedelta) -> int:
    if value is None:
        raise RecurrenceInvalid("‘interval’ is missing")
    interval = _whole(value, f"‘interval’ of frequency {frequency}", 1, _LARGEST[frequency])
    shortest = _SHORTEST.get(frequency)
    if shortest is not None and shortest * interval < least:
        seconds = f"{least.total_seconds():g}"
        raise RecurrenceInvalid(
            f"it would run every {(shortest * interval).total_seconds():g} s, and at least {seconds} s must "
            "lie between two runs"
        )
    return interval


def _whole(value: Value, label: str, low: int, high: int) -> int:
    number = value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = int(value)
    if not is_integer(number):
        raise RecurrenceInvalid(f"{label} must be a whole number, and is ‘{value}’")
    if not low <= number <= high:
        raise RecurrenceInvalid(f"{label} is {number}; it must be from {low} to {high}")
    return int(number)


def _zone(value: Value) -> ZoneInfo:
    if value in (None, ""):
        return ZoneInfo("UTC")
    zone = find_zone(value) if isinstance(value, str) else None
    if zone is None:
        hint = did_you_mean(str(value), WINDOWS_ZONES).rstrip("?")
        raise RecurrenceInvalid(f"there is no time zone ‘{value}’{hint}")
    return zone


def _origin(value: Value, zone: ZoneInfo, name: str) -> Origin:
    """Return a time: one without an offset is what the zone's clock shows."""
    problem = RecurrenceInvalid(f"‘{name}’ must be an ISO 8601 time, and is ‘{value}’")
    if not isinstance(value, str) or not _HAS_DATE.match(value):
        raise problem
    try:
        stamp = parse_date(value, culture_named("en-US"), _NO_DAY)
        if stamp.offset is None:
            return Origin(instant_of(stamp.clock, zone), stamp.clock)
        return Origin.at((stamp.clock - stamp.offset).replace(tzinfo=UTC), zone)
    except (NotADate, OverflowError):
        raise problem from None


# Schedules


def _schedule(value: Value, frequency: Frequency) -> Schedule | None:
    if value is None:
        return None
    members = _object(value, "schedule")
    lists = {name: _list(member(members, name), name) for name in _MEMBERS}
    for name, listed in lists.items():
        if listed and frequency not in _MEMBERS[name]:
            raise RecurrenceInvalid(
                f"‘{name}’ of a schedule needs the frequency {' or '.join(_MEMBERS[name])}, and this is "
                f"{frequency}"
            )
    if not any(lists.values()):
        return None
    return Schedule(
        hours=_numbers(lists["hours"], "hours", 0, 23),
        minutes=_numbers(lists["minutes"], "minutes", 0, 59),
        weekdays=tuple(sorted({_weekday(one) for one in lists["weekDays"]})),
        month_days=_signed(lists["monthDays"], "monthDays", 31),
        occurrences=tuple(map(_occurrence, lists["monthlyOccurrences"])),
    )


def _list(value: Value, name: str) -> list[Value]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _numbers(values: list[Value], name: str, low: int, high: int) -> tuple[int, ...]:
    return tuple(sorted({_whole(value, f"‘{name}’", low, high) for value in values}))


def _signed(values: list[Value], name: str, most: int) -> tuple[int, ...]:
    """Return numbers that count from the beginning or, below zero, from the end; there is no zeroth."""
    numbers = _numbers(values, name, -most, most)
    if 0 in numbers:
        raise RecurrenceInvalid(f"‘{name}’ is 0; it must be from 1 to {most}, or from -{most} to -1")
    return numbers


def _weekday(value: Value) -> int:
    names = [one.casefold() for one in _WEEKDAYS]
    folded = value.strip().casefold() if isinstance(value, str) else ""
    if folded not in names:
        raise RecurrenceInvalid(f"‘{value}’ is no weekday; write Monday, Tuesday, and so on")
    return names.index(folded)


def _occurrence(value: Value) -> Occurrence:
    members = _object(value, "monthlyOccurrences")
    number = _signed([member(members, "occurrence")], "occurrence", 5)
    return Occurrence(_weekday(member(members, "day")), number[0])
