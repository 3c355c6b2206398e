"""Dates as text: .NET's standard and custom formats, printed exactly.

Reading them back stands in :mod:`deskhand.dotnet.date_parsing`.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.date_patterns import DatePattern, Piece, read_pattern

_EPOCH = datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A .NET ``DateTime``: a reading of the clock down to 100 nanoseconds.

    Attributes:
        clock: The reading, without a zone; its microseconds hold six of the seven fraction digits.
        tick: The seventh fraction digit.
        offset: How far the clock is ahead of UTC; None where nobody said.
        utc: Whether the clock is UTC itself and prints ``Z``.
    """

    clock: datetime
    tick: int = 0
    offset: timedelta | None = None
    utc: bool = False

    @classmethod
    def of(cls, moment: datetime) -> Timestamp:
        """Return a Python datetime as .NET would hold it; a naive one has no zone."""
        offset = moment.utcoffset()
        return cls(moment.replace(tzinfo=None), offset=offset, utc=moment.tzinfo is UTC)

    @property
    def fraction(self) -> str:
        """Return the seven fraction digits of the second."""
        return f"{self.clock.microsecond:06}{self.tick}"

    @property
    def ticks(self) -> int:
        """Return how many 100-nanosecond steps have passed since the first day of year 1."""
        elapsed = self.clock - _EPOCH
        return (elapsed.days * 86_400 + elapsed.seconds) * 10_000_000 + int(self.fraction)

    def in_utc(self, local: tzinfo | None = None) -> Timestamp:
        """Return the same instant on UTC's clock; one without a zone is read in the local zone."""
        clock = self.clock - self.offset_in(local)
        return Timestamp(clock, self.tick, offset=timedelta(0), utc=True)

    def offset_in(self, local: tzinfo | None) -> timedelta:
        """Return the offset from UTC; one without a zone has the local zone's."""
        if self.offset is not None:
            return self.offset
        # Python's own name for "the machine's zone" is astimezone without an argument.
        aware = self.clock.replace(tzinfo=local) if local else self.clock.astimezone()
        return aware.utcoffset() or timedelta(0)

    def to_local(self, local: tzinfo | None = None) -> datetime:
        """Return the naive local datetime that a desktop flow would hold.

        .NET turns a text with a zone into the machine's local time, and takes one without as it is.
        """
        moment = self.clock
        if self.offset is not None:
            aware = (self.clock - self.offset).replace(tzinfo=UTC)
            moment = aware.astimezone(local).replace(tzinfo=None)
        return moment


def months_later(clock: datetime, months: int) -> datetime:
    """Return a date some months later; one that the month is too short for becomes its last day.

    Raises:
        OverflowError: The calendar does not reach that far.
    """
    year, month = divmod(clock.year * 12 + clock.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    day = min(clock.day, calendar.monthrange(year, month + 1)[1])
    return clock.replace(year=year, month=month + 1, day=day)


def format_date(
    value: datetime | Timestamp, format: str, culture: Culture, local: tzinfo | None = None
) -> str:
    """Print a date as .NET's ``DateTime.ToString(format, culture)`` does.

    Args:
        value: What to print.
        format: One letter for a standard format, or a custom one; empty means ``G``.
        culture: Whose names, separators and standard patterns are used.
        local: The zone of values that name none; the machine's if omitted.

    Raises:
        BadFormat: .NET would not take the format either.
    """
    pattern = read_pattern(format, culture)
    stamp = Timestamp.of(value) if isinstance(value, datetime) else value
    if pattern.in_utc:
        stamp = stamp.in_utc(local)
    printed = ""
    for piece in pattern.pieces:
        if piece.letter == "F" and not stamp.fraction[: piece.count].strip("0"):
            printed = printed.removesuffix(".")
        else:
            printed += _print(piece, stamp, pattern, local)
    return printed


def _print(piece: Piece, stamp: Timestamp, pattern: DatePattern, local: tzinfo | None) -> str:
    if not piece.letter:
        return piece.text
    if piece.letter == "z":
        return _offset(stamp.offset_in(local), min(piece.count, 3))
    if piece.letter == "M" and piece.count > 2:
        return _month_name(stamp.clock.month, piece.count, pattern)
    return _PRINTERS[piece.letter](stamp, piece.count, pattern.culture)


def _month_name(month: int, count: int, pattern: DatePattern) -> str:
    culture = pattern.culture
    if pattern.has_day_number:
        names = culture.short_month_names if count == 3 else culture.month_names
    else:
        names = culture.short_months if count == 3 else culture.months
    return names[month - 1]


def _digits(number: int, count: int) -> str:
    return f"{number:0{min(count, 2)}}"


def _day(stamp: Timestamp, count: int, culture: Culture) -> str:
    if count <= 2:
        return _digits(stamp.clock.day, count)
    names = culture.short_days if count == 3 else culture.days
    return names[stamp.clock.isoweekday() % 7]


def _year(stamp: Timestamp, count: int, culture: Culture) -> str:
    year = stamp.clock.year
    return f"{year % 100:0{count}}" if count <= 2 else f"{year:0{count}}"


def _designator(stamp: Timestamp, count: int, culture: Culture) -> str:
    text = culture.am if stamp.clock.hour < 12 else culture.pm
    return text[:1] if count == 1 else text


def _zone(stamp: Timestamp, count: int, culture: Culture) -> str:
    if stamp.utc:
        return "Z"
    return "" if stamp.offset is None else _offset(stamp.offset, 3)


def _offset(offset: timedelta, count: int) -> str:
    minutes = round(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}{hours:0{min(count, 2)}}" + (f":{rest:02}" if count == 3 else "")


_PRINTERS: Mapping[str, Callable[[Timestamp, int, Culture], str]] = {
    "y": _year,
    "M": lambda stamp, count, culture: _digits(stamp.clock.month, count),
    "d": _day,
    "H": lambda stamp, count, culture: _digits(stamp.clock.hour, count),
    "h": lambda stamp, count, culture: _digits(stamp.clock.hour % 12 or 12, count),
    "m": lambda stamp, count, culture: _digits(stamp.clock.minute, count),
    "s": lambda stamp, count, culture: _digits(stamp.clock.second, count),
    "f": lambda stamp, count, culture: stamp.fraction[:count],
    "F": lambda stamp, count, culture: stamp.fraction[:count].rstrip("0"),
    "t": _designator,
    "g": lambda stamp, count, culture: culture.era,
    "K": _zone,
    ":": lambda stamp, count, culture: culture.time_separator,
    "/": lambda stamp, count, culture: culture.date_separator,
}
