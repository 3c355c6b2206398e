"""Functions of dates and times, which are texts. Source: cloud-flows 5.10.

A text with ``Z`` is UTC and prints so; one without a zone stays without; one with an offset is turned
to UTC and prints ``+00:00``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from deskhand.dotnet.cultures import Culture, as_cloud_hosts_write, culture_named
from deskhand.dotnet.date_parsing import parse_date, parse_date_exact
from deskhand.dotnet.dates import Timestamp, format_date, months_later
from deskhand.dotnet.errors import BadFormat, NotADate, NotATimeSpan
from deskhand.dotnet.timespans import TimeSpan, format_time_span, parse_time_span
from deskhand.dotnet.timezones import find_zone
from deskhand.wdl.declare import Call, Expects, Refused, Text, Whole, function, refused

Moment = Annotated[str, Expects("to be a string that represents a timestamp")]

_DEFAULT = "o"
_STANDARD_FORMATS = "d, D, f, F, g, G, m, M, o, O, r, R, s, t, T, u, U, y, Y"


def _culture(name: str) -> Culture:
    """Return a culture; dates of an unknown one are written as American ones."""
    found = culture_named(name)
    return as_cloud_hosts_write(found if found.name or not name else culture_named("en-US"))


def _unreadable(text: str, kind: str = "datetime") -> Refused:
    return Refused(
        f"', the value provided for date time string '{text}' was not valid. "
        f"The {kind} string must match ISO 8601 format.",
        "In function '",
    )


def _read(call: Call, text: str, locale: str = "en-US", format: str | None = None) -> Timestamp:
    """Return the moment that a text names; one with an offset on UTC's clock."""
    today = call.scope.now().date()
    try:
        if format is None:
            stamp = parse_date(text, _culture(locale), today)
        else:
            stamp = parse_date_exact(text, format, _culture(locale), today)
        return _on_utc_clock(stamp)
    except (NotADate, OverflowError):
        raise _unreadable(text) from None
    except BadFormat:
        raise _bad_format(format or "") from None


def _on_utc_clock(stamp: Timestamp) -> Timestamp:
    if stamp.offset is None or stamp.utc:
        return stamp
    return Timestamp(stamp.clock - stamp.offset, stamp.tick, offset=timedelta(0))


def _bad_format(format: str) -> Refused:
    return refused(
        f"format parameter '{format}' is not supported. The supported formats are: '{_STANDARD_FORMATS}'."
    )


def _print(stamp: Timestamp, format: str, locale: str = "en-US") -> str:
    try:
        return format_date(stamp, format, _culture(locale), local=UTC)
    except BadFormat:
        raise _bad_format(format) from None
    except OverflowError:
        raise refused("format parameter cannot print the value.") from None


def _moved(stamp: Timestamp, clock: Callable[[datetime], datetime], amount: int, which: str) -> Timestamp:
    try:
        return replace(stamp, clock=clock(stamp.clock))
    except (OverflowError, ValueError):
        raise refused(
            f"{which} parameter '{amount}' is not valid. "
            "The added or subtracted value results in an unrepresentable DateTime."
        ) from None


def _added(call: Call, text: str, amount: int, seconds: int, format: str) -> str:
    stamp = _read(call, text)
    moved = _moved(stamp, lambda clock: clock + timedelta(seconds=amount * seconds), amount, "second")
    return _print(moved, format)


_ADDED = (
    "expects two or three parameters: the timestamp as the first parameter, the number of time units to add "
    "as the second parameter and the optional format as the third parameter."
)


@function(count="expects at most one parameter: the format.")
def utc_now(call: Call, format: Text = _DEFAULT) -> str:
    """Return the current time in UTC.

    Examples:
        utcNow() -> "2026-03-01T08:00:00.0000000Z"
        utcNow('yyyy-MM-dd') -> "2026-03-01"
    """
    return _print(_now(call), format)


def _now(call: Call) -> Timestamp:
    return Timestamp.of(call.scope.now().astimezone(UTC))


@function(count=_ADDED)
def add_seconds(call: Call, timestamp: Moment, number: Whole, format: Text = _DEFAULT) -> str:
    """Return a time some seconds later.

    Examples:
        addSeconds('2018-03-15T00:00:00Z', -10) -> "2018-03-14T23:59:50.0000000Z"
    """
    return _added(call, timestamp, number, 1, format)


@function(count=_ADDED)
def add_minutes(call: Call, timestamp: Moment, number: Whole, format: Text = _DEFAULT) -> str:
    """Return a time some minutes later.

    Examples:
        addMinutes('2018-03-15T00:10:00Z', 10) -> "2018-03-15T00:20:00.0000000Z"
    """
    return _added(call, timestamp, number, 60, format)


@function(count=_ADDED)
def add_hours(call: Call, timestamp: Moment, number: Whole, format: Text = _DEFAULT) -> str:
    """Return a time some hours later.

    Examples:
        addHours('2018-03-15T15:00:00Z', -5) -> "2018-03-15T10:00:00.0000000Z"
    """
    return _added(call, timestamp, number, 3_600, format)


@function(count=_ADDED)
def add_days(call: Call, timestamp: Moment, number: Whole, format: Text = _DEFAULT) -> str:
    """Return a time some days later.

    Examples:
        addDays('2018-03-15T00:00:00Z', 1, 'yyyy-MM-dd') -> "2018-03-16"
    """
    return _added(call, timestamp, number, 86_400, format)


_SECONDS: Mapping[str, int] = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
}
_MONTHS: Mapping[str, int] = {"month": 1, "year": 12}


def _shifted(stamp: Timestamp, amount: int, unit: str, shown: int, which: str) -> Timestamp:
    """Return a time moved by some units; a month that is too short ends at its last day."""
    folded = unit.lower()
    if folded in _SECONDS:
        seconds = _SECONDS[folded] * amount
        return _moved(stamp, lambda clock: clock + timedelta(seconds=seconds), shown, which)
    if folded in _MONTHS:
        months = _MONTHS[folded] * amount
        return _moved(stamp, lambda clock: months_later(clock, months), shown, which)
    raise refused(
        "expects its second parameter to be a string that represents a valid time unit. "
        f"The provided value '{unit}' is not a valid time unit."
    )


_SHIFTED = (
    "expects three or four parameters: the timestamp as the first parameter, the number of time units as "
    "the second parameter, the time unit as the third parameter and the optional format as the fourth "
    "parameter."
)


@function(count=_SHIFTED)
def add_to_time(call: Call, timestamp: Moment, number: Whole, unit: Text, format: Text = _DEFAULT) -> str:
    """Return a time some seconds, minutes, hours, days, weeks, months or years later.

    Examples:
        addToTime('2018-01-31T00:00:00Z', 1, 'Month') -> "2018-02-28T00:00:00.0000000Z"
    """
    return _print(_shifted(_read(call, timestamp), number, unit, number, "second"), format)


@function(count=_SHIFTED)
def subtract_from_time(
    call: Call, timestamp: Moment, number: Whole, unit: Text, format: Text = _DEFAULT
) -> str:
    """Return a time some seconds, minutes, hours, days, weeks, months or years earlier.

    Examples:
        subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day') -> "2018-01-01T00:00:00.0000000Z"
    """
    return _print(_shifted(_read(call, timestamp), -number, unit, number, "second"), format)


_FROM_NOW = (
    "expects two or three parameters: the number of time units as the first parameter, the time unit as the "
    "second parameter and the optional format as the third parameter."
)


@function(count=_FROM_NOW)
def get_future_time(call: Call, number: Whole, unit: Text, format: Text = _DEFAULT) -> str:
    """Return the time some units from now.

    Examples:
        getFutureTime(5, 'Day', 'd') -> "3/6/2026"
    """
    return _print(_shifted(_now(call), number, unit, number, "first"), format)


@function(count=_FROM_NOW)
def get_past_time(call: Call, number: Whole, unit: Text, format: Text = _DEFAULT) -> str:
    """Return the time some units ago.

    Examples:
        getPastTime(1, 'Month', 'd') -> "2/1/2026"
    """
    return _print(_shifted(_now(call), -number, unit, number, "first"), format)


_STARTED = (
    "expects one or two parameters: the timestamp as the first parameter and the optional format as the "
    "second parameter."
)


@function(count=_STARTED)
def start_of_day(call: Call, timestamp: Moment, format: Text = _DEFAULT) -> str:
    """Return when a time's day began.

    Examples:
        startOfDay('2018-03-15T13:30:30Z') -> "2018-03-15T00:00:00.0000000Z"
    """
    return _begun(call, timestamp, format, hour=0)


@function(count=_STARTED)
def start_of_hour(call: Call, timestamp: Moment, format: Text = _DEFAULT) -> str:
    """Return when a time's hour began.

    Examples:
        startOfHour('2018-03-15T13:30:30Z') -> "2018-03-15T13:00:00.0000000Z"
    """
    return _begun(call, timestamp, format)


@function(count=_STARTED)
def start_of_month(call: Call, timestamp: Moment, format: Text = _DEFAULT) -> str:
    """Return when a time's month began.

    Examples:
        startOfMonth('2018-03-15T13:30:30Z') -> "2018-03-01T00:00:00.0000000Z"
    """
    return _begun(call, timestamp, format, day=1, hour=0)


def _begun(call: Call, timestamp: str, format: str, day: int | None = None, hour: int | None = None) -> str:
    stamp = _read(call, timestamp)
    clock = stamp.clock.replace(minute=0, second=0, microsecond=0)
    clock = clock if hour is None else clock.replace(hour=hour)
    clock = clock if day is None else clock.replace(day=day)
    return _print(replace(stamp, clock=clock, tick=0), format)


@function()
def day_of_week(call: Call, timestamp: Moment) -> int:
    """Return a time's day of the week; Sunday is 0.

    Examples:
        dayOfWeek('2018-03-15T13:27:36Z') -> 4
    """
    return _read(call, timestamp).clock.isoweekday() % 7


@function()
def day_of_month(call: Call, timestamp: Moment) -> int:
    """Return a time's day of the month.

    Examples:
        dayOfMonth('2018-03-15T13:27:36Z') -> 15
    """
    return _read(call, timestamp).clock.day


@function()
def day_of_year(call: Call, timestamp: Moment) -> int:
    """Return a time's day of the year.

    Examples:
        dayOfYear('2018-03-15T13:27:36Z') -> 74
    """
    return _read(call, timestamp).clock.timetuple().tm_yday


@function()
def ticks(call: Call, timestamp: Moment) -> int:
    """Return how many steps of 100 nanoseconds a time is after the first day of year 1.

    Examples:
        ticks('1970-01-01T00:00:00Z') -> 621355968000000000
    """
    return _read(call, timestamp).ticks


@function(
    count="expects two parameters: the start date as the first parameter and the end date as the second "
    "parameter."
)
def date_difference(call: Call, start: Moment, end: Moment) -> str:
    """Return how much time lies between two times.

    Examples:
        dateDifference('2015-02-08', '2018-07-30') -> "1268.00:00:00"
    """
    began, ended = _read(call, start).ticks, _read(call, end).ticks
    return format_time_span(TimeSpan(ended - began), "c", _culture("en-US"))


@function(
    count="expects two or three parameters: the time span as the first parameter, the format as the second "
    "parameter and the optional locale as the third parameter."
)
def format_time_span_(span: Text, format: Text, locale: Text = "en-US") -> str:
    """Return a length of time in another format.

    Examples:
        formatTimeSpan('01:02:03', 'hh\\:mm') -> "01:02"
    """
    try:
        return format_time_span(parse_time_span(span), format, _culture(locale))
    except NotATimeSpan:
        raise _unreadable(span, "timespan") from None
    except BadFormat:
        raise refused(
            f"format parameter '{format}' is not supported. The supported formats are: 'c, g, G'."
        ) from None


@function(
    count="expects one, two or three parameters: the timestamp as the first parameter, the optional format "
    "as the second parameter and the optional locale as the third parameter."
)
def format_date_time(call: Call, timestamp: Text, format: Text = _DEFAULT, locale: Text = "en-US") -> str:
    """Return a time in another format.

    Examples:
        formatDateTime('03/15/2018 12:00:00', 'yyyy-MM-ddTHH:mm:ss') -> "2018-03-15T12:00:00"
        formatDateTime('01/31/2016', 'dddd MMMM d', 'fr-fr') -> "dimanche janvier 31"
    """
    return _print(_read(call, timestamp), format, locale)


@function(
    count="expects one, two or three parameters: the timestamp as the first parameter, the optional locale "
    "as the second parameter and the optional format as the third parameter."
)
def parse_date_time(
    call: Call,
    timestamp: Text,
    locale: Text = "en-US",
    format: Annotated[str | None, Expects("to be of type string")] = None,
) -> str:
    """Return a time that is written as another culture, or as a format, has it.

    Examples:
        parseDateTime('20/10/2014', 'fr-fr') -> "2014-10-20T00:00:00.0000000"
        parseDateTime('20190521', 'fr-fr', 'yyyyMMdd') -> "2019-05-21T00:00:00.0000000"
    """
    return _print(_read(call, timestamp, locale, format), _DEFAULT)


# Time zones


def _zone(name: str) -> ZoneInfo:
    zone = find_zone(name)
    if zone is None:
        raise Refused(
            f"', the value provided for the time zone id '{name}' was not valid.",
            "In the template language function '",
        )
    return zone


def _is_utc(zone: ZoneInfo) -> bool:
    return zone.key in ("UTC", "Etc/UTC")


def _shown_zone(zone: ZoneInfo) -> str:
    """Return a zone as the service's hosts show it: with its standard offset, and no name but GMT."""
    winter = datetime(2018, 1, 1, tzinfo=zone)
    standard = (winter.utcoffset() or timedelta(0)) - (winter.dst() or timedelta(0))
    minutes = round(standard.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else ""
    return f"(UTC{sign}) {'GMT' if minutes else 'Coordinated Universal Time'}"


def _from_utc(stamp: Timestamp, zone: ZoneInfo) -> Timestamp:
    """Return a moment on UTC's clock as a zone's clock shows it."""
    if _is_utc(zone):
        return Timestamp(stamp.clock, stamp.tick, offset=timedelta(0), utc=True)
    local = stamp.clock.replace(tzinfo=UTC).astimezone(zone)
    return Timestamp(local.replace(tzinfo=None), stamp.tick)


def _to_utc(stamp: Timestamp, zone: ZoneInfo) -> Timestamp:
    """Return a moment on a zone's clock as UTC's clock shows it.

    Times that the zone's clock skips or shows twice are refused, as the service does.
    """
    early, late = (stamp.clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        raise refused(
            f"was given a timestamp '{_print(stamp, _DEFAULT)}' that was invalid or ambiguous in the "
            "source time zone 'GMT'."
        )
    return Timestamp(
        stamp.clock - (early.utcoffset() or timedelta(0)), stamp.tick, offset=timedelta(0), utc=True
    )


def _converted(
    convert: Callable[[Timestamp, ZoneInfo], Timestamp], stamp: Timestamp, zone: ZoneInfo
) -> Timestamp:
    try:
        return convert(stamp, zone)
    except (OverflowError, ValueError):
        raise refused("parameters result in an unrepresentable DateTime.") from None


_CONVERTED = (
    "expects two or three parameters: the timestamp as the first parameter, the time zone as the second "
    "parameter and the optional format as the third parameter."
)


@function(count=_CONVERTED)
def convert_from_utc(call: Call, timestamp: Moment, zone: Text, format: Text = _DEFAULT) -> str:
    """Return a UTC time as a time zone's clock shows it.

    Examples:
        convertFromUtc('2018-01-01T08:00:00Z', 'Pacific Standard Time') -> "2018-01-01T00:00:00.0000000"
    """
    stamp = _read(call, timestamp)
    if not stamp.utc:
        raise refused(
            "expects its first parameter to be a string that contains a UTC date time. "
            f"The value was '{_print(stamp, _DEFAULT)}'."
        )
    return _print(_converted(_from_utc, stamp, _zone(zone)), format)


@function(count=_CONVERTED)
def convert_to_utc(call: Call, timestamp: Moment, zone: Text, format: Text = _DEFAULT) -> str:
    """Return a time on a time zone's clock in UTC.

    Examples:
        convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time') -> "2018-01-01T08:00:00.0000000Z"
    """
    stamp = _read(call, timestamp)
    source = _zone(zone)
    if stamp.offset is not None and not _is_utc(source):
        raise refused(
            "expects its second parameter to be a time zone matching the time zone indicated by the "
            "timestamp. "
            f"The provided value '{_shown_zone(source)}' is not valid or does not match the timestamp "
            f"'{_print(stamp, _DEFAULT)}'."
        )
    return _print(_converted(_to_utc, stamp, source), format)


@function(
    count="expects three or four parameters: the timestamp as the first parameter, the source time zone as "
    "the second parameter, the destination time zone as the third parameter and the optional format as the "
    "fourth parameter."
)
def convert_time_zone(
    call: Call, timestamp: Moment, source: Text, target: Text, format: Text = _DEFAULT
) -> str:
    """Return a time on one time zone's clock as another's shows it; an offset in the text wins.

    Examples:
        convertTimeZone('2018-01-01T08:00:00', 'Tokyo Standard Time', 'UTC', 's') -> "2017-12-31T23:00:00"
    """
    stamp = _read(call, timestamp)
    here, there = _zone(source), _zone(target)
    if stamp.offset is None:
        stamp = _converted(_to_utc, stamp, here)
    return _print(_converted(_from_utc, stamp, there), format)
