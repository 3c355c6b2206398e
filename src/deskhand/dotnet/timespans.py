"""Lengths of time as text: .NET's ``TimeSpan`` formats.

Source: cloud-flows 5.10 (``dateDifference``, ``formatTimeSpan``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.errors import BadFormat, NotATimeSpan

_TICKS = 10_000_000
_MOST = {"d": 8, "h": 2, "m": 2, "s": 2, "f": 7, "F": 7}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A length of time, negative if it goes back.

    Attributes:
        ticks: How many steps of 100 nanoseconds it has.
    """

    ticks: int

    @property
    def parts(self) -> dict[str, int]:
        """Return days, hours, minutes, seconds and the fraction's ticks, all without a sign."""
        seconds, fraction = divmod(abs(self.ticks), _TICKS)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        return {"d": days, "h": hours, "m": minutes, "s": seconds, "f": fraction}


def format_time_span(span: TimeSpan, format: str, culture: Culture) -> str:
    """Print a length of time as .NET's ``TimeSpan.ToString(format, culture)`` does.

    Args:
        span: What to print.
        format: ``c``, ``g``, ``G`` or a custom format; empty means ``c``.
        culture: Whose decimal separator ``g`` and ``G`` use.

    Raises:
        BadFormat: .NET would not take the format either.
    """
    sign = "-" if span.ticks < 0 else ""
    parts = span.parts
    if format in ("", "c", "t", "T"):
        days = f"{parts['d']}." if parts["d"] else ""
        fraction = f".{parts['f']:07}" if parts["f"] else ""
        return f"{sign}{days}{parts['h']:02}:{parts['m']:02}:{parts['s']:02}{fraction}"
    point = culture.decimal_separator
    if format == "g":
        days = f"{parts['d']}:" if parts["d"] else ""
        fraction = f"{point}{parts['f']:07}".rstrip("0") if parts["f"] else ""
        return f"{sign}{days}{parts['h']}:{parts['m']:02}:{parts['s']:02}{fraction}"
    if format == "G":
        clock = f"{parts['h']:02}:{parts['m']:02}:{parts['s']:02}"
        return f"{sign}{parts['d']}:{clock}{point}{parts['f']:07}"
    if len(format) == 1:
        raise BadFormat(format, "a single letter is a standard format, and this is none of them")
    return "".join(_custom(format, parts))


def _custom(format: str, parts: dict[str, int]) -> Iterator[str]:
    position = 0
    while position < len(format):
        letter = format[position]
        if letter == "%" and format[position + 1 : position + 2] not in ("", "%"):
            position += 1
        elif letter == "\\" and position + 1 < len(format):
            yield format[position + 1]
            position += 2
        elif letter in "'\"":
            end = format.find(letter, position + 1)
            if end < 0:
                raise BadFormat(format, f"the quoted text that begins with {letter} does not end")
            yield format[position + 1 : end]
            position = end + 1
        else:
            count = len(format[position:]) - len(format[position:].lstrip(letter))
            if count > _MOST.get(letter, 0):
                raise BadFormat(
                    format, f"‘{letter * count}’ is no part of a length of time; quote literal text"
                )
            yield _printed(letter, count, parts)
            position += count


def _printed(letter: str, count: int, parts: dict[str, int]) -> str:
    if letter in "fF":
        digits = f"{parts['f']:07}"[:count]
        return digits if letter == "f" else digits.rstrip("0")
    return f"{parts[letter]:0{count}}"


_SPAN = re.compile(
    r"\s*(?P<sign>-)?(?:"
    r"(?P<alone>[0-9]{1,8})"
    r"|(?:(?P<days>[0-9]{1,8})[.:](?=[0-9]+:[0-9]+:))?(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{1,2})"
    r"(?::(?P<seconds>[0-9]{1,2})(?:\.(?P<fraction>[0-9]{1,7}))?)?"
    r"|(?P<far>[0-9]{1,8})\.(?P<late>[0-9]{1,2}):(?P<later>[0-9]{1,2})"
    r")\s*"
)
_LONGEST = 2**63 - 1


def parse_time_span(text: str) -> TimeSpan:
    """Read a length of time as .NET's ``TimeSpan.Parse`` does: ``[-]d``, or ``[-][d.]hh:mm[:ss[.fffffff]]``.

    Raises:
        NotATimeSpan: The text is none.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        raise NotATimeSpan(text)
    days = int(match["alone"] or match["days"] or match["far"] or 0)
    hours = int(match["hours"] or match["late"] or 0)
    minutes = int(match["minutes"] or match["later"] or 0)
    seconds = int(match["seconds"] or 0)
    ticks = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * _TICKS
    ticks += int((match["fraction"] or "").ljust(7, "0"))
    if hours > 23 or minutes > 59 or seconds > 59 or ticks > _LONGEST:
        raise NotATimeSpan(text)
    return TimeSpan(-ticks if match["sign"] else ticks)
