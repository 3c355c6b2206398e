"""Arithmetic with .NET decimals in meaning. Source: robin 6.2.

A number is an ``int`` while it is whole and a ``Decimal`` without trailing zeros otherwise. No number
is larger than 2**96 - 1, and none has more than 28 decimal places.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

from deskhand.robin.errors import DivisionByZero, NumberTooLarge

Number = int | Decimal

LARGEST = 2**96 - 1
"""The largest number that a flow can hold."""

_PLACES = 28

# Sums and products of two numbers have 58 digits at most, so they are exact before they are fitted.
_EXACT = decimal.Context(prec=60, rounding=decimal.ROUND_HALF_EVEN, Emax=9999, Emin=-9999, traps=[])


def fitted(number: Decimal) -> Number:
    """Return a number as flows hold it: rounded to 28 places or 29 digits, whole ones as ``int``.

    Raises:
        NumberTooLarge: It is beyond the range, or no number at all.
    """
    if not number.is_finite() or number.adjusted() > _PLACES + 1:
        raise NumberTooLarge
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "a finite number has an exponent"
    if exponent < 0:
        number = _rounded(number, min(-exponent, _PLACES))
    if number == number.to_integral_value(context=_EXACT):
        return checked(int(number))
    return number.normalize(_EXACT)


def _rounded(number: Decimal, places: int) -> Decimal:
    """Keep as many decimal places as fit beside the whole digits, as .NET does."""
    places = min(places, max(_PLACES - max(number.adjusted(), 0), 0))
    while True:
        kept = number.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        if places == 0 or abs(int(kept.scaleb(places, _EXACT))) <= LARGEST:
            return kept
        places -= 1


def checked(number: int) -> int:
    """Return a whole number that is in range.

    Raises:
        NumberTooLarge: It is not.
    """
    if -LARGEST <= number <= LARGEST:
        return number
    raise NumberTooLarge


def number_from_float(number: float) -> Number:
    """Return what a binary fraction prints as, since people mean ``0.1`` by it."""
    return fitted(Decimal(repr(number)))


def add(left: Number, right: Number) -> Number:
    """Add two numbers."""
    if type(left) is int and type(right) is int:
        return checked(left + right)
    return fitted(_EXACT.add(Decimal(left), Decimal(right)))


def subtract(left: Number, right: Number) -> Number:
    """Subtract one number from another."""
    if type(left) is int and type(right) is int:
        return checked(left - right)
    return fitted(_EXACT.subtract(Decimal(left), Decimal(right)))


def multiply(left: Number, right: Number) -> Number:
    """Multiply two numbers."""
    if type(left) is int and type(right) is int:
        return checked(left * right)
    return fitted(_EXACT.multiply(Decimal(left), Decimal(right)))


def divide(left: Number, right: Number) -> Number:
    """Divide exactly as far as 28 places go; ``10 / 4`` is 2.5."""
    if not right:
        raise DivisionByZero("/")
    if type(left) is int and type(right) is int and left % right == 0:
        return left // right
    return fitted(_EXACT.divide(Decimal(left), Decimal(right)))


def modulo(left: Number, right: Number) -> Number:
    """Return what remains of a division; its sign is the dividend's, as in .NET."""
    if not right:
        raise DivisionByZero("MOD")
    if type(left) is int and type(right) is int:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return fitted(_EXACT.remainder(Decimal(left), Decimal(right)))


def negate(number: Number) -> Number:
    """Return a number with the other sign."""
    return -number if type(number) is int else Decimal(number).copy_negate()
