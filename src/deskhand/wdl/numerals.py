"""Doubles as .NET prints and reads them, where they differ from decimals. Source: cloud-flows 5.5 and 5.8."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.errors import NotANumber
from deskhand.dotnet.numbers import format_number, number_pattern
from deskhand.wdl.values import float_text

_STANDARD = re.compile(r"[A-Za-z][0-9]*")
_CUSTOM_DIGITS = 15


def format_double(number: float, format: str, culture: Culture) -> str:
    """Print a double as newer .NET does.

    A standard format rounds the exact binary value, halves to even; a custom one first takes 15 digits
    and rounds halves away from zero.

    Raises:
        BadFormat: .NET would not take the format either.
    """
    if not math.isfinite(number):
        return float_text(number)
    if format[:1] in ("", "G", "g", "R", "r") and len(format) <= 1:
        return float_text(number).replace(".", culture.decimal_separator)
    if _STANDARD.fullmatch(format):
        if format[0] in "DdXx":
            return format_number(number, format, culture)  # refuses it
        printed = format_number(Decimal(number), format, culture, ROUND_HALF_EVEN)
        return f"-{printed}" if _is_lost_sign(number, format, printed) else printed
    return format_number(Decimal(f"{number:.{_CUSTOM_DIGITS}g}"), format, culture, ROUND_HALF_UP)


def _is_lost_sign(number: float, format: str, printed: str) -> bool:
    """Return whether a negative number rounded to zero, which newer .NET still prints with its sign."""
    plain = format[0] in "FfNnEe"
    return plain and math.copysign(1, number) < 0 and not printed.startswith("-")


def parse_double(text: str, culture: Culture) -> float:
    """Read a double with thousands separators anywhere, an exponent, and a sign on either side.

    Raises:
        NotANumber: The text is none.
    """
    stripped = text.strip("\t\n\v\f\r \x00")
    match = number_pattern(culture, exponent=True).fullmatch(stripped)
    if match is None:
        return _named_double(stripped)
    whole = re.sub(r"[^0-9]", "", match["whole"] or "")
    if (match["before"] and match["after"]) or not (whole or match["fraction"]):
        raise NotANumber(text)
    sign = "-" if "-" in (match["before"], match["after"]) else ""
    return float(f"{sign}{whole or 0}.{match['fraction'] or 0}E{match['exponent'] or 0}")


def _named_double(text: str) -> float:
    named = {"nan": math.nan, "∞": math.inf, "-∞": -math.inf, "+∞": math.inf}
    if text.lower() not in named:
        raise NotANumber(text)
    return named[text.lower()]


def is_double_text(text: str, culture: Culture) -> bool:
    """Return whether a text reads as a double."""
    try:
        parse_double(text, culture)
    except NotANumber:
        return False
    return True
