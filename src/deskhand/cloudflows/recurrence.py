"""When a time-based trigger fires. Source: cloud-flows 2.3.

Pure arithmetic on calendars: which instant comes next after a given one. A slot that nobody took is not
made up for; whoever asks gives the present instant and gets the next one.

Days, weeks, months and years keep the local time across changes of the clock; hours and what is shorter
are lengths of time.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, product
from zoneinfo import ZoneInfo

from deskhand.dotnet.dates import months_later

_DAY = timedelta(days=1)
_MONTHS_OF_CALENDAR = 10_000 * 12


class Frequency(StrEnum):
    """What an interval counts."""

    SECOND = "Second"
    MINUTE = "Minute"
    HOUR = "Hour"
    DAY = "Day"
    WEEK = "Week"
    MONTH = "Month"
    YEAR = "Year"


_LENGTHS: Mapping[Frequency, timedelta] = {
    Frequency.SECOND: timedelta(seconds=1),
    Frequency.MINUTE: timedelta(minutes=1),
    Frequency.HOUR: timedelta(hours=1),
}
_DAYS: Mapping[Frequency, int] = {Frequency.DAY: 1, Frequency.WEEK: 7}
_MONTHS: Mapping[Frequency, int] = {Frequency.MONTH: 1, Frequency.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a recurrence begins to count.

    Attributes:
        instant: The instant, in UTC.
        clock: What the clock of the recurrence's zone was to show; it skips what changes of the clock skip.
    """

    instant: datetime
    clock: datetime

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> Origin:
        """Return an instant as an origin in a zone."""
        return cls(instant.astimezone(UTC), instant.astimezone(zone).replace(tzinfo=None))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A weekday of a month: the first Friday, or the last.

    Attributes:
        weekday: 0 for Monday.
        number: 1 to 5, or from the end of the month -1 to -5.
    """

    weekday: int
    number: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots within a day, a week or a month; what is empty follows the origin.

    Attributes:
        weekdays: 0 for Monday.
        month_days: 1 to 31, or from the end of the month -1 to -31.
    """

    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a trigger fires.

    Attributes:
        zone: Whose clock its days and its schedule follow.
        origin: Its ``startTime``; None to begin when the flow is switched on.
        end: The last instant at which it may fire.
        most: How often it fires at most.
    """

    frequency: Frequency
    interval: int
    zone: ZoneInfo
    origin: Origin | None = None
    end: datetime | None = None
    most: int | None = None
    schedule: Schedule | None = None

    @property
    def drifts(self) -> bool:
        """Return whether each run counts from the one before: there is no start time and no schedule."""
        return self.origin is None and self.schedule is None


def first_run(recurrence: Recurrence, activated: datetime) -> datetime | None:
    """Return when a flow that was just switched on runs first; None if never.

    Without a start time that is at once. A start time in the past leaves its next slot.

    Args:
        recurrence: When the flow is to run.
        activated: When it was switched on, aware.
    """
    if recurrence.origin is None:
        return _allowed(recurrence, activated.astimezone(UTC), 0)
    return next_after(recurrence, activated - datetime.resolution, anchor=activated)


def next_after(
    recurrence: Recurrence, after: datetime, *, anchor: datetime, fired: int = 0
) -> datetime | None:
    """Return the first instant after a given one at which a trigger fires, in UTC; None if never.

    Args:
        recurrence: When the trigger fires.
        after: Usually the present instant, aware.
        anchor: What stands in for a missing start time: the last run where the recurrence
            :attr:`~Recurrence.drifts`, otherwise when the flow was switched on.
        fired: How often the trigger has fired, for recurrences that end after some times.
    """
    origin = recurrence.origin or Origin.at(anchor, recurrence.zone)
    after = after.astimezone(UTC)
    try:
        found = _next_slot(recurrence, origin, after)
    except OverflowError:  # the calendar ends with the year 9999
        return None
    return None if found is None else _allowed(recurrence, found, fired)


def _next_slot(recurrence: Recurrence, origin: Origin, after: datetime) -> datetime | None:
    if recurrence.schedule is not None:
        return _scheduled(recurrence, recurrence.schedule, origin, after)
    if after < origin.instant:
        return origin.instant
    length = _LENGTHS.get(recurrence.frequency)
    if length is not None:
        step = length * recurrence.interval
        return origin.instant + ((after - origin.instant) // step + 1) * step
    return _calendar_slot(recurrence, origin, after)


def instant_of(clock: datetime, zone: ZoneInfo) -> datetime:
    """Return when a zone's clock shows a time, in UTC.

    One that the clock skips in spring is reached an hour later by the clock; of one that it shows twice in
    autumn, the second counts.
    """
    offsets = (clock.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return (clock - min(offsets)).replace(tzinfo=UTC)


def _allowed(recurrence: Recurrence, moment: datetime, fired: int) -> datetime | None:
    is_late = recurrence.end is not None and moment > recurrence.end
    is_enough = recurrence.most is not None and fired >= recurrence.most
    return None if is_late or is_enough else moment


# Without a schedule: the origin and whole numbers of intervals after it


def _calendar_slot(recurrence: Recurrence, origin: Origin, after: datetime) -> datetime:
    step, passed, later = _calendar_steps(recurrence, origin, after)
    clocks = (later(origin.clock, number * step) for number in count(max(0, passed // step - 1)))
    return next(moment for moment in _instants(clocks, recurrence.zone) if moment > after)


def _calendar_steps(
    recurrence: Recurrence, origin: Origin, after: datetime
) -> tuple[int, int, Callable[[datetime, int], datetime]]:
    """Return an interval in days or months, how many of these have passed, and what adds some."""
    local, clock = after.astimezone(recurrence.zone), origin.clock
    if recurrence.frequency in _DAYS:
        step = _DAYS[recurrence.frequency] * recurrence.interval
        return step, (local.date() - clock.date()).days, lambda moment, days: moment + days * _DAY
    step = _MONTHS[recurrence.frequency] * recurrence.interval
    return step, _month(local) - _month(clock), months_later


def _instants(clocks: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    return (instant_of(clock, zone) for clock in clocks)


# With a schedule: every combination of its hours and minutes on the days that match


def _scheduled(
    recurrence: Recurrence, schedule: Schedule, origin: Origin, after: datetime
) -> datetime | None:
    # A slot that the clock skips comes later, perhaps on the next day by the clock.
    yesterday = after.astimezone(recurrence.zone).date() - _DAY
    for day in _days(recurrence, schedule, origin.clock.date(), max(origin.clock.date(), yesterday)):
        slots = _instants(_clocks(schedule, origin.clock, day), recurrence.zone)
        found = min((slot for slot in slots if slot > after and slot >= origin.instant), default=None)
        if found is not None:
            return found
    return None


def _clocks(schedule: Schedule, clock: datetime, day: date) -> Iterator[datetime]:
    hours, minutes = schedule.hours or (clock.hour,), schedule.minutes or (clock.minute,)
    for hour, minute in product(hours, minutes):
        yield datetime.combine(day, time(hour, minute, clock.second, clock.microsecond))


def _days(recurrence: Recurrence, schedule: Schedule, start: date, since: date) -> Iterator[date]:
    """Yield the matching days in order, leaving out those before ``since``."""
    found = _DAYS_OF[recurrence.frequency](recurrence.interval, schedule, start, since)
    return (day for day in found if day >= since)


def _every_day(interval: int, schedule: Schedule, start: date, since: date) -> Iterator[date]:
    for number in count((since - start).days // interval):
        yield start + number * interval * _DAY


def _days_of_weeks(interval: int, schedule: Schedule, start: date, since: date) -> Iterator[date]:
    sunday = start - start.isoweekday() % 7 * _DAY
    weekdays = sorted((weekday + 1) % 7 for weekday in schedule.weekdays or (start.weekday(),))
    for number in count((since - sunday).days // 7 // interval):
        for weekday in weekdays:
            yield sunday + (number * interval * 7 + weekday) * _DAY


def _days_of_months(interval: int, schedule: Schedule, start: date, since: date) -> Iterator[date]:
    first = _month(start)
    passed = (_month(since) - first) // interval
    for month in range(first + passed * interval, _MONTHS_OF_CALENDAR, interval):
        yield from sorted(_matching(schedule, start.day, month))


_DAYS_OF: Mapping[Frequency, Callable[[int, Schedule, date, date], Iterator[date]]] = {
    Frequency.DAY: _every_day,
    Frequency.WEEK: _days_of_weeks,
    Frequency.MONTH: _days_of_months,
}


def _month(day: date) -> int:
    """Return the number of a date's month, counted through the years."""
    return day.year * 12 + day.month - 1


def _matching(schedule: Schedule, start_day: int, month: int) -> set[date]:
    """Return the days of one month that a schedule names; a day that the month lacks is none."""
    year, of_year = divmod(month, 12)
    first_weekday, length = calendar.monthrange(year, of_year + 1)
    days = schedule.month_days or (() if schedule.occurrences else (start_day,))
    numbers = {day if day > 0 else length + 1 + day for day in days}
    for occurrence in schedule.occurrences:
        same = range(1 + (occurrence.weekday - first_weekday) % 7, length + 1, 7)
        place = occurrence.number - 1 if occurrence.number > 0 else len(same) + occurrence.number
        numbers |= {same[place]} if 0 <= place < len(same) else set()
    return {date(year, of_year + 1, number) for number in numbers if 0 < number <= length}
