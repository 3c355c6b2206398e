"""Functions of numbers. Source: cloud-flows 5.9."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException
from typing import Annotated, Any

from deskhand.wdl.declare import Call, Expects, Number, Refused, function, refused
from deskhand.wdl.errors import FunctionFailed, ValueRefused
from deskhand.wdl.values import Value, fits_long, is_integer, is_number, type_name

_FIRST = "to be an integer, a float or a decimal number"
_SECOND = "to be an integer or a decimal number"
Left = Annotated[Number, Expects(_FIRST)]
Right = Annotated[Number, Expects(_SECOND)]

_DECIMAL = Context(prec=28)


def _operands(left: Number, right: Number) -> tuple[Any, Any]:
    """Return two numbers of one type: whole numbers if both are, else doubles, or decimals beside one."""
    for number in (left, right):
        if is_integer(number) and not fits_long(int(number)):
            raise ValueRefused("Object must implement IConvertible.")
    if is_integer(left) and is_integer(right):
        return left, right
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _decimal(left), _decimal(right)
    return float(left), float(right)


def _decimal(number: Number) -> Decimal:
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def _overflow() -> Refused:
    return Refused(
        "' caused arithmetic overflow.", "The provided parameters for template language function '"
    )


def _computed(left: Number, right: Number, compute: Callable[[Any, Any], Any]) -> Number:
    one, other = _operands(left, right)
    try:
        result: Number = (
            _DECIMAL.plus(compute(one, other)) if isinstance(one, Decimal) else compute(one, other)
        )
    except (DecimalException, OverflowError):
        raise _overflow() from None
    if isinstance(result, int) and not fits_long(result):
        raise _overflow()
    return result


def _arithmetic(first: str, second: str) -> str:
    return (
        f"expects two numeric parameters: the {first} as the first parameter and the {second} as the second "
        "parameter."
    )


@function(count=_arithmetic("first summand", "second summand"))
def add(left: Left, right: Right) -> Number:
    """Return the sum of two numbers.

    Examples:
        add(1, 2) -> 3
        add(1, 1.5) -> 2.5
    """
    return _computed(left, right, lambda one, other: one + other)


@function(count=_arithmetic("minuend", "subtrahend"))
def sub(left: Left, right: Right) -> Number:
    """Return the difference of two numbers.

    Examples:
        sub(10.3, 0.3) -> 10.0
    """
    return _computed(left, right, lambda one, other: one - other)


@function(count=_arithmetic("first multiplicand", "second multiplicand"))
def mul(left: Left, right: Right) -> Number:
    """Return the product of two numbers.

    Examples:
        mul(1.5, 2) -> 3.0
    """
    return _computed(left, right, lambda one, other: one * other)


def _refuse_zero(name: str, divisor: Number) -> None:
    if divisor == 0:
        raise FunctionFailed(
            name, f"Attempt to divide an integral or decimal value by zero in function '{name}'."
        )


def _truncated(one: Any, other: Any) -> Any:
    if isinstance(one, int):
        quotient = abs(one) // abs(other)
        return quotient if (one < 0) == (other < 0) else -quotient
    return one / other


def _remainder(one: Any, other: Any) -> Any:
    if isinstance(one, int):
        rest = abs(one) % abs(other)
        return -rest if one < 0 else rest
    if isinstance(one, Decimal):
        return one % other
    return math.fmod(one, other) if math.isfinite(one) else math.nan


@function(count=_arithmetic("dividend", "divisor"))
def div(left: Left, right: Right) -> Number:
    """Return the quotient of two numbers; of two whole numbers without its fraction.

    Examples:
        div(11, 5) -> 2
        div(-7, 2) -> -3
        div(11.0, 5) -> 2.2
    """
    _refuse_zero("div", right)
    return _computed(left, right, _truncated)


@function(count=_arithmetic("dividend", "divisor"))
def mod(left: Left, right: Right) -> Number:
    """Return the remainder of a division, with the dividend's sign.

    Examples:
        mod(3, 2) -> 1
        mod(-5, 2) -> -1
    """
    _refuse_zero("mod", right)
    return _computed(left, right, _remainder)


def _numbers(values: tuple[Value, ...]) -> list[Number]:
    """Return the numbers that ``min`` and ``max`` look at: one array's, or the parameters themselves."""
    listed = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
    if not listed:
        raise refused(
            "expects either an array of numbers or a comma separated list of numbers as its parameters. The "
            "function was invoked with no parameters."
        )
    wrong = list(dict.fromkeys(type_name(one) for one in listed if not is_number(one)))
    if wrong:
        raise refused(
            "expects all of its parameters to be either integer or decimal numbers. "
            f"Found invalid parameter types: '{','.join(wrong)}'."
        )
    return listed


@function(name="max")
def max_(*values: Value) -> Number:
    """Return the greatest of several numbers, or of an array of them.

    Examples:
        max(1, 2.5) -> 2.5
        max(createArray(1, 2, 3)) -> 3
    """
    return max(_numbers(values))


@function(name="min")
def min_(*values: Value) -> Number:
    """Return the least of several numbers, or of an array of them.

    Examples:
        min(createArray(3, 1.5)) -> 1.5
    """
    return min(_numbers(values))


@function(
    count="expects two integer parameters: an inclisive minimum of the range as the first parameter and an "
    "inclusive maximum of the range as the second parameter."
)
def rand(
    call: Call,
    low: Annotated[int, Expects("'minimum' to be an integer")],
    high: Annotated[int, Expects("'maximum' to be an integer")],
) -> int:
    """Return a random whole number from the first to just below the second.

    Examples:
        rand(1, 1) -> 1
        rand(1, 2) -> 1
    """
    if low > high:
        raise refused(
            f"parameters are out of range: the value '{low}' provided for 'minimum' cannot be greater "
            "than the "
            f"value '{high}' provided for 'maximum'."
        )
    return low if low == high else call.scope.random_below(low, high)
