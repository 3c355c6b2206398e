"""Numbers as text: .NET's standard and custom formats, and reading them back."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache

import regex

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.custom_numbers import format_custom, grouped
from deskhand.dotnet.errors import BadFormat, NotANumber

Number = int | Decimal

_LARGEST = Decimal(2**96 - 1)
_STANDARD = regex.compile(r"([A-Za-z])([0-9]{0,9})")
_CONTEXT = decimal.Context(prec=1_400, rounding=decimal.ROUND_HALF_UP)


def round_number(number: Number, places: int, rounding: str = decimal.ROUND_HALF_UP) -> Number:
    """Round to a number of decimal places, halves away from zero unless told otherwise."""
    exact = Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_CONTEXT)
    return plain_number(exact)


def plain_number(number: Decimal) -> Number:
    """Return a number without trailing zeros; a whole one as ``int``."""
    if number == number.to_integral_value():
        return int(number)
    return number.normalize(_CONTEXT)


def format_number(
    number: int | float | Decimal,
    format: str,
    culture: Culture,
    rounding: str = decimal.ROUND_HALF_UP,
) -> str:
    """Print a number as .NET's ``ToString(format, culture)`` does.

    Args:
        number: What to print.
        format: A letter and digits for a standard format, or a custom one; empty means ``G``.
        culture: Whose separators and symbols are used.
        rounding: What happens to halves, as the decimal module names it.

    Raises:
        BadFormat: .NET would not take the format for this number either.
    """
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    standard = _STANDARD.fullmatch(format or "G")
    if standard is None:
        return format_custom(exact, format, culture, rounding)
    letter, digits = standard[1].upper(), standard[2]
    if letter not in _PRINTERS:
        raise BadFormat(format, f"‘{standard[1]}’ is no numeric format")
    if letter in "DX" and not isinstance(number, int):
        raise BadFormat(format, "only whole numbers can be printed with it")
    printed = _PRINTERS[letter](exact, int(digits) if digits else None, culture, rounding)
    return printed.lower() if standard[1] in "xe" else printed


def _fixed(number: Decimal, places: int, rounding: str) -> str:
    """Return the absolute value with a number of decimal places, a dot between."""
    exact = number.copy_abs().quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_CONTEXT)
    return f"{exact:f}"


def _localized(text: str, culture: Culture, group: bool) -> str:
    whole, _, fraction = text.partition(".")
    if group:
        whole = grouped(whole, culture.group_separator)
    return whole + (culture.decimal_separator + fraction if fraction else "")


def _is_negative(number: Decimal, text: str) -> bool:
    return number < 0 and any(digit not in "0.," for digit in text)


def _number(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    text = _fixed(number, culture.decimal_digits if digits is None else digits, rounding)
    return ("-" if _is_negative(number, text) else "") + _localized(text, culture, group=True)


def _fixed_point(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    text = _fixed(number, culture.decimal_digits if digits is None else digits, rounding)
    return ("-" if _is_negative(number, text) else "") + _localized(text, culture, group=False)


def _currency(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    text = _fixed(number, culture.currency_digits if digits is None else digits, rounding)
    pattern = culture.currency_negative if _is_negative(number, text) else culture.currency_positive
    printed = pattern.replace("n", _localized(text, culture, group=True))
    return printed.replace("$", culture.currency_symbol)


def _percent(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    text = _fixed(number.scaleb(2, _CONTEXT), culture.decimal_digits if digits is None else digits, rounding)
    pattern = culture.percent_negative if _is_negative(number, text) else culture.percent_positive
    return pattern.replace("n", _localized(text, culture, group=True))


def _decimal_digits(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    return ("-" if number < 0 else "") + str(abs(int(number))).rjust(digits or 0, "0")


def _hexadecimal(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    whole = int(number)
    if whole < 0:  # two's complement, in as many bits as .NET's integer would have
        whole += 2**32 if whole >= -(2**31) else 2**64
    return f"{whole:X}".rjust(digits or 0, "0")


def _scientific(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    places = 6 if digits is None else digits
    rounded = decimal.Context(prec=places + 1, rounding=rounding).plus(number)
    mantissa, _, exponent = f"{rounded:.{places}E}".partition("E")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa.replace('.', culture.decimal_separator)}E{sign}{exponent[1:]:0>3}"


def _general(number: Decimal, digits: int | None, culture: Culture, rounding: str) -> str:
    if digits:
        number = decimal.Context(prec=digits, rounding=rounding).plus(number)
        if number and not -5 <= number.adjusted() < digits:
            mantissa, _, exponent = f"{number.normalize(_CONTEXT):E}".partition("E")
            sign = "-" if exponent.startswith("-") else "+"
            return f"{mantissa.replace('.', culture.decimal_separator)}E{sign}{exponent[1:]:0>2}"
    return f"{Decimal(plain_number(number)):f}".replace(".", culture.decimal_separator)


_PRINTERS: Mapping[str, Callable[[Decimal, int | None, Culture, str], str]] = {
    "C": _currency,
    "D": _decimal_digits,
    "E": _scientific,
    "F": _fixed_point,
    "G": _general,
    "N": _number,
    "P": _percent,
    "X": _hexadecimal,
}


def parse_number(text: str, culture: Culture, exponent: bool = False) -> Number:
    """Read a decimal number as .NET's ``decimal.Parse`` does.

    Blanks around it, a sign on either side, the culture's decimal separator and its thousands
    separators anywhere before that are accepted.

    Args:
        text: What to read.
        culture: Whose separators are expected.
        exponent: Whether ``1e3`` is a number too.

    Raises:
        NotANumber: The text is none, or too large for a .NET decimal.
    """
    if len(text) <= 28 and text.isascii() and text.isdigit():
        return int(text)  # by far the most common text
    match = number_pattern(culture, exponent).fullmatch(text.strip("\t\n\v\f\r \x00"))
    if match is None or (match["before"] and match["after"]):
        raise NotANumber(text)
    whole = regex.sub(r"[^0-9]", "", match["whole"] or "")
    if not whole and not match["fraction"]:
        raise NotANumber(text)
    sign = "-" if "-" in (match["before"], match["after"]) else ""
    exact = Decimal(f"{sign}{whole or 0}.{match['fraction'] or 0}E{match['exponent'] or 0}")
    try:
        return plain_number(_net_decimal(exact))
    except OverflowError as problem:
        raise NotANumber(text) from problem


def _net_decimal(number: Decimal) -> Decimal:
    """Return what a .NET decimal keeps of a number: 28 fraction digits, and 28 or 29 digits in all.

    Raises:
        OverflowError: The number is too large for one.
    """
    if number.copy_abs() > _LARGEST:
        raise OverflowError(f"{number} is too large")
    places = max(min(28, 28 - number.adjusted()), 0)
    while True:
        kept = number.quantize(Decimal(1).scaleb(-places), rounding=decimal.ROUND_HALF_EVEN, context=_CONTEXT)
        if kept.copy_abs().scaleb(places, _CONTEXT) <= _LARGEST:
            return kept
        places -= 1


@lru_cache(maxsize=64)
def number_pattern(culture: Culture, exponent: bool) -> regex.Pattern[str]:
    """Return the pattern of a number as a culture writes it.

    Its groups are ``before`` and ``after`` (signs), ``whole``, ``fraction`` and ``exponent``.

    Args:
        culture: Whose separators are expected.
        exponent: Whether ``1e3`` is a number too.
    """
    group = regex.escape(culture.group_separator)
    if culture.group_separator.isspace():
        group = r"[\u00a0\u202f ]"  # people type the blank that their keyboard has
    point = regex.escape(culture.decimal_separator)
    power = r"(?:[eE](?P<exponent>[+-]?[0-9]{1,5}))?" if exponent else r"(?P<exponent>(?!))?"
    return regex.compile(
        rf"(?P<before>[+-])?\s*(?P<whole>[0-9](?:[0-9]|{group})*)?"
        rf"(?:{point}(?P<fraction>[0-9]*))?{power}\s*(?P<after>[+-])?"
    )
