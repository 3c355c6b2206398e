"""Text as dates: .NET's ``DateTime.ParseExact`` and ``DateTime.Parse``."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import regex

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.date_patterns import DatePattern, Piece, read_pattern
from deskhand.dotnet.dates import Timestamp
from deskhand.dotnet.errors import NotADate

_LAST_TWO_DIGIT_YEAR = 2049
_LONGEST_TEXT = 256
"""No way to write a date is longer; beyond it the search for its parts would only take time."""
_LONGEST_OFFSET = timedelta(hours=14)


class _Mismatch(Exception):
    """The text does not follow the pattern; the border turns it into NotADate."""


@dataclass(slots=True)
class _Fields:
    """What has been read so far."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    fraction: str = ""
    afternoon: bool | None = None
    twelve_hours: bool = False
    offset: timedelta | None = None
    utc: bool = False

    def put(self, name: str, value: object) -> None:
        """Note one field; a second, different value for it is a mismatch."""
        known = getattr(self, name)
        if known is not None and known != "" and known != value:
            raise _Mismatch
        setattr(self, name, value)

    def has_date(self) -> bool:
        """Return whether any part of a date was read."""
        return not (self.year is None and self.month is None and self.day is None)


def parse_date_exact(text: str, format: str, culture: Culture, today: date) -> Timestamp:
    """Read a text that must follow a .NET date format to the letter.

    Args:
        text: What to read.
        format: A standard or custom format.
        culture: Whose names and separators are expected.
        today: The date of a text that holds only a time; its year where none is given.

    Raises:
        BadFormat: .NET would not take the format either.
        NotADate: The text does not follow the format, or names no real moment.
    """
    pattern = read_pattern(format, culture)
    try:
        return _finish(_Reader(text, pattern).read(), today)
    except (_Mismatch, ValueError, OverflowError) as problem:
        raise NotADate(text, f"‘{format}’") from problem


class _Reader:
    """Reads one text along one pattern."""

    def __init__(self, text: str, pattern: DatePattern) -> None:
        self.text = text
        self.pattern = pattern
        self.culture = pattern.culture
        self.position = 0
        self.fields = _Fields()

    def read(self) -> _Fields:
        pieces = self.pattern.pieces
        for index, piece in enumerate(pieces):
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            self._piece(piece, following)
        if self.position != len(self.text):
            raise _Mismatch
        return self.fields

    def _piece(self, piece: Piece, following: Piece | None) -> None:
        letter, count = piece.letter, piece.count
        if not letter:
            self._literal(piece.text, following)
        elif letter in "Hhms":
            self._clock(letter, count)
        elif letter in "dMy":
            self._calendar(letter, count)
        elif letter in "fF":
            self._fraction(letter, count)
        elif letter == "t":
            self._designator(count)
        elif letter in "zK":
            self._zone(letter, count)
        else:
            separators = {"g": self.culture.era, ":": self.culture.time_separator}
            self._literal(separators.get(letter, self.culture.date_separator), following)

    def _literal(self, text: str, following: Piece | None) -> None:
        if self.text.startswith(text, self.position):
            self.position += len(text)
        elif text.endswith(".") and following and following.letter == "F":
            self._literal(text[:-1], None)  # the dot before an absent fraction may be absent too
        else:
            raise _Mismatch

    def _match(self, pattern: str) -> str:
        found = regex.compile(pattern).match(self.text, self.position)
        if found is None:
            raise _Mismatch
        self.position = found.end()
        return str(found.group())

    def _number(self, count: int) -> int:
        return int(self._match("[0-9]{1,2}" if count == 1 else f"[0-9]{{{count}}}"))

    def _name(self, names: Sequence[str]) -> int:
        rest = self.text[self.position :].casefold()
        found = [name for name in names if name and rest.startswith(name.casefold())]
        if not found:
            raise _Mismatch
        longest = max(found, key=len)
        self.position += len(longest)
        return names.index(longest)

    def _clock(self, letter: str, count: int) -> None:
        names = {"H": "hour", "h": "hour", "m": "minute", "s": "second"}
        self.fields.put(names[letter], self._number(min(count, 2)))
        if letter == "h":
            self.fields.twelve_hours = True

    def _calendar(self, letter: str, count: int) -> None:
        if letter == "y":
            year = self._number(count)
            self.fields.put("year", year if count > 2 else four_digit_year(year))
        elif letter == "M":
            self.fields.put("month", self._number(count) if count <= 2 else self._month(count))
        elif count <= 2:
            self.fields.put("day", self._number(count))
        else:
            names = self.culture.short_days if count == 3 else self.culture.days
            self.fields.put("weekday", self._name(names))

    def _month(self, count: int) -> int:
        culture = self.culture
        if count == 3:
            names = (*culture.short_months, *culture.short_month_names)
        else:
            names = (*culture.months, *culture.month_names)
        return self._name(names) % 12 + 1

    def _fraction(self, letter: str, count: int) -> None:
        digits = self._match(f"[0-9]{{{count}}}" if letter == "f" else f"[0-9]{{0,{count}}}")
        self.fields.put("fraction", digits)

    def _designator(self, count: int) -> None:
        names = [self.culture.am, self.culture.pm]
        if not any(names):
            return
        self.fields.put("afternoon", self._name([name[:1] if count == 1 else name for name in names]) == 1)

    def _zone(self, letter: str, count: int) -> None:
        if letter == "K":
            zone = self._match("Z|[+-][0-9]{2}:[0-9]{2}|")
        else:
            zone = self._match("[+-][0-9]{1,2}" if count <= 2 else "[+-][0-9]{1,2}:[0-9]{2}")
        set_zone(self.fields, zone)


def set_zone(fields: _Fields, zone: str) -> None:
    """Note the zone that a text such as ``Z``, ``GMT`` or ``+05:30`` names; empty names none."""
    if not zone:
        return
    if zone.upper() in ("Z", "GMT", "UTC"):
        fields.offset, fields.utc = timedelta(0), True
        return
    hours, _, minutes = zone[1:].partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if int(minutes or 0) > 59 or offset > _LONGEST_OFFSET:
        raise _Mismatch
    fields.put("offset", -offset if zone[0] == "-" else offset)


def four_digit_year(year: int) -> int:
    """Return the year that two digits mean: 00 to 49 lie in this century, 50 to 99 in the last."""
    century = _LAST_TWO_DIGIT_YEAR - _LAST_TWO_DIGIT_YEAR % 100
    return century + year - (100 if century + year > _LAST_TWO_DIGIT_YEAR else 0)


def _finish(fields: _Fields, today: date) -> Timestamp:
    """Turn fields into a moment, filling in what was not written."""
    day = _date_of(fields, today)
    if fields.weekday is not None and fields.weekday != day.isoweekday() % 7:
        raise _Mismatch
    fraction, carry = _seven_digits(fields.fraction)
    clock = datetime(
        day.year,
        day.month,
        day.day,
        _hour_of(fields),
        fields.minute or 0,
        fields.second or 0,
        fraction // 10,
    )
    return Timestamp(clock + timedelta(seconds=carry), fraction % 10, fields.offset, fields.utc)


def _date_of(fields: _Fields, today: date) -> date:
    if not fields.has_date():
        return today
    year = fields.year if fields.year is not None else today.year
    month, day = fields.month or 1, fields.day or 1
    if fields.month == 0 or fields.day == 0 or day > calendar.monthrange(year, month)[1]:
        raise _Mismatch
    return date(year, month, day)


def _hour_of(fields: _Fields) -> int:
    hour = fields.hour or 0
    if fields.twelve_hours:
        if hour > 12:
            raise _Mismatch
        return hour % 12 + (12 if fields.afternoon else 0)
    if fields.afternoon is not None and fields.afternoon != (hour >= 12):
        raise _Mismatch
    return hour


def _seven_digits(digits: str) -> tuple[int, int]:
    """Round a fraction to ticks; return them and the whole second that rounding may add."""
    kept, rest = digits[:7].ljust(7, "0"), digits[7:8]
    ticks = int(kept) + (1 if rest >= "5" else 0)
    return ticks % 10_000_000, ticks // 10_000_000


_ISO = regex.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?"
    r"(?:(?:T|\s+|\s*T\s*)(?P<time>.+))?",
    regex.IGNORECASE,
)
_ZONE = regex.compile(r"\s*(?P<zone>Z|GMT|UTC|[+-][0-9]{1,2}(?::[0-9]{2})?)$", regex.IGNORECASE)
_TIME = regex.compile(
    r"(?<![0-9])(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{1,2})"
    r"(?::(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]+))?)?)?$"
)
_NUMERIC = regex.compile(r"([0-9]+)\s*[-/.\s]\s*([0-9]+)(?:\s*[-/.\s]\s*([0-9]+))?\.?")
_CJK_DATE = regex.compile(r"(?:([0-9]{1,4})年)?\s*([0-9]{1,2})月(?:\s*([0-9]{1,2})日)?")


def parse_date(text: str, culture: Culture, today: date) -> Timestamp:
    """Read a date and time as people of a culture write them, or as ISO 8601 has it.

    Args:
        text: What to read.
        culture: Whose names and order of day, month and year are expected.
        today: The date of a text that holds only a time; its year where none is given.

    Raises:
        NotADate: Neither the culture nor ISO 8601 reads the text.
    """
    if len(text) > _LONGEST_TEXT:
        raise NotADate(text, culture.name or "the invariant culture")
    try:
        return _finish(_free_fields(_arranged(text.strip(), culture), culture), today)
    except (_Mismatch, ValueError, OverflowError) as problem:
        raise NotADate(text, culture.name or "the invariant culture") from problem


def _arranged(text: str, culture: Culture) -> str:
    """Write a time behind a date with colons, and its designator last, as most cultures do."""
    if culture.time_separator != ":":
        between = regex.escape(culture.time_separator)
        time = rf"(?<=\s)([0-9]{{1,2}}){between}([0-9]{{2}})(?:{between}([0-9]{{2}}))?$"
        text = regex.sub(time, lambda match: ":".join(filter(None, match.groups())), text)
    if culture.short_time.startswith("t"):
        names = "|".join(map(regex.escape, (culture.am, culture.pm)))
        text = regex.sub(rf"({names})\s*([0-9][0-9:.]*)$", r"\2 \1", text)
    return text


def _free_fields(text: str, culture: Culture) -> _Fields:
    fields = _Fields()
    iso = _ISO.fullmatch(text)
    if iso:
        _put_date(fields, iso["year"], iso["month"], iso["day"])
        if iso["time"] and _take_time(fields, iso["time"], culture):
            raise _Mismatch
        return fields
    rest = _take_time(fields, text, culture).strip().strip(",").strip()
    rest = _take_weekday(fields, rest, culture)
    if rest:
        _take_date(fields, rest, culture)
    elif fields.hour is None:
        raise _Mismatch
    return fields


def _take_time(fields: _Fields, text: str, culture: Culture) -> str:
    """Read the zone, the designator and the time at a text's end; return what stands before."""
    before_zone = text
    if (zone := _ZONE.search(text)) and (zone["zone"][0].isalpha() or ":" in text[: zone.start()]):
        before_zone = text[: zone.start()]
        set_zone(fields, zone["zone"])
    bare, afternoon = _without_designator(before_zone.rstrip(), culture)
    time = _TIME.search(bare)
    if time is None or (afternoon is None and time["minute"] is None):
        if before_zone is not text or afternoon is not None:
            raise _Mismatch
        return text
    fields.hour = int(time["hour"])
    fields.minute, fields.second = int(time["minute"] or 0), int(time["second"] or 0)
    fields.fraction = time["fraction"] or ""
    if afternoon is not None:
        fields.afternoon, fields.twelve_hours = afternoon, fields.hour <= 12
    return bare[: time.start()].rstrip().removesuffix("T").rstrip()


def _without_designator(text: str, culture: Culture) -> tuple[str, bool | None]:
    for name, afternoon in (
        (culture.am, False),
        (culture.pm, True),
        ("AM", False),
        ("PM", True),
        ("A", False),
        ("P", True),
    ):
        stem = text[: len(text) - len(name)].rstrip() if name else text
        if name and text.casefold().endswith(name.casefold()) and stem[-1:].isdigit():
            return stem, afternoon
    return text, None


def _take_weekday(fields: _Fields, text: str, culture: Culture) -> str:
    for names in (culture.days, culture.short_days):
        for index, name in enumerate(names):
            ending = text[len(name) : len(name) + 1]
            if text.casefold().startswith(name.casefold()) and not ending.isalpha():
                fields.weekday = index
                return text[len(name) :].lstrip(" ,.")
    return text


def _take_date(fields: _Fields, text: str, culture: Culture) -> None:
    if cjk := _CJK_DATE.fullmatch(text):
        _put_date(fields, *cjk.groups())
    elif numeric := _NUMERIC.fullmatch(text):
        _put_numeric(fields, [part for part in numeric.groups() if part], culture)
    else:
        _put_named(fields, text, culture)


def _put_date(fields: _Fields, year: str | None, month: str | None, day: str | None) -> None:
    if year:
        fields.year = int(year) if len(year) > 2 else four_digit_year(int(year))
    if month:
        fields.month = int(month)
    if day:
        fields.day = int(day)


def _put_numeric(fields: _Fields, parts: list[str], culture: Culture) -> None:
    """Read two or three numbers in the culture's order, unless the first or last must be a year."""
    if len(parts) == 2:
        if len(parts[0]) > 2:
            _put_date(fields, parts[0], parts[1], None)
        elif len(parts[1]) > 2:
            _put_date(fields, parts[1], parts[0], None)
        else:
            day_first = culture.month_day.lstrip("'").startswith("d")
            month, day = reversed(parts) if day_first else parts
            _put_date(fields, None, month, day)
        return
    order = _order_of(culture)
    if len(parts[0]) > 2:
        order = "yMd"
    elif len(parts[2]) > 2 and order == "yMd":
        order = "Mdy"
    by_letter = dict(zip(order, parts, strict=True))
    _put_date(fields, by_letter["y"], by_letter["M"], by_letter["d"])


def _order_of(culture: Culture) -> str:
    """Return the order of year, month and day in the culture's short date: ``Mdy``, ``dMy``, ``yMd``."""
    return "".join(dict.fromkeys(letter for letter in culture.short_date if letter in "yMd"))


def _put_named(fields: _Fields, text: str, culture: Culture) -> None:
    """Read a date with its month in words: ``15 March 2018``, ``March 5, 2018``, ``5 de mayo``."""
    month, before, after = _split_at_month(text, culture)
    fields.month = month
    numbers = regex.findall(r"[0-9]+", f"{before} {after}")
    leftover = regex.sub(r"[0-9]+|[\s,.\-/']|\bde\b|\b(?:st|nd|rd|th)\b", "", f"{before} {after}")
    if leftover or not 1 <= len(numbers) <= 2:
        raise _Mismatch
    if len(numbers) == 1:
        name = "year" if len(numbers[0]) > 2 else "day"
        setattr(fields, name, int(numbers[0]))
        return
    first, second = numbers
    year, day = (first, second) if len(first) > 2 else (second, first)
    _put_date(fields, year, None, day)


def _split_at_month(text: str, culture: Culture) -> tuple[int, str, str]:
    groups = (culture.months, culture.month_names, culture.short_months, culture.short_month_names)
    named = [(name, index + 1) for names in groups for index, name in enumerate(names)]
    for name, month in sorted(named, key=lambda one: -len(one[0])):
        if name.isdigit():
            continue
        found = regex.search(rf"(?<!\p{{L}}){regex.escape(name)}(?!\p{{L}})", text, regex.IGNORECASE)
        if found:
            return month, text[: found.start()], text[found.end() :]
    raise _Mismatch
