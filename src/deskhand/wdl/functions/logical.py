"""Functions of logic and comparison. Source: cloud-flows 5.7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deskhand.dotnet.collation import sort_key
from deskhand.wdl.declare import function, refused
from deskhand.wdl.values import Value, are_equal, is_number, type_name

Deferred = Callable[[], Value]


def _boolean(parameter: Deferred) -> bool:
    value = parameter()
    if not isinstance(value, bool):
        raise refused(
            "expects all of its parameters to be booleans. "
            f"Found invalid parameter types: '{type_name(value)}'."
        )
    return value


_BOOLEANS = "expects at least one boolean parameter. The function was invoked with '{count}' parameters."


@function(lazy=True, count=_BOOLEANS)
def and_(first: Deferred, *others: Deferred) -> bool:
    """Return whether all values are true; what follows a false one is not evaluated.

    Examples:
        and(true, true) -> true
        and(false, div(1, 0)) -> false
    """
    return all(map(_boolean, (first, *others)))


@function(lazy=True, count=_BOOLEANS)
def or_(first: Deferred, *others: Deferred) -> bool:
    """Return whether any value is true; what follows a true one is not evaluated.

    Examples:
        or(false, true) -> true
        or(true, div(1, 0)) -> true
    """
    return any(map(_boolean, (first, *others)))


@function(
    count="expects one parameter: the boolean value to negate. The function was invoked with '{count}' "
    "parameters."
)
def not_(value: Value) -> bool:
    """Return the opposite of a boolean.

    Examples:
        not(false) -> true
    """
    if not isinstance(value, bool):
        raise refused(
            f"expects its parameter to be a boolean. The provided value is of type '{type_name(value)}'."
        )
    return not value


@function(
    lazy=True,
    count="expects three parameter: the condition to test as the first parameter, the value to return if "
    "the condition is true as the second parameter, and the value to return if the condition is false as "
    "the third parameter.",
)
def if_(condition: Deferred, yes: Deferred, no: Deferred) -> Value:
    """Return one of two values; the other one is not evaluated.

    Examples:
        if(equals(1, 2), div(1, 0), 'ok') -> "ok"
    """
    chosen = condition()
    if not isinstance(chosen, bool):
        raise refused(
            "expects its first parameter to be of type boolean. "
            f"The provided value is of type '{type_name(chosen)}'."
        )
    return yes() if chosen else no()


@function(
    aliases=("strongEquals",),
    count="expects two parameters: the values to test for deep equality.",
)
def equals(first: Value, second: Value, *others: Value) -> bool:
    """Return whether values are equal: numbers by value, everything else strictly.

    Examples:
        equals(1, 1.0) -> true
        equals('1', 1) -> false
        equals(json('{"a": 1, "b": 2}'), json('{"b": 2, "a": 1}')) -> true
    """
    return all(are_equal(first, other) for other in (second, *others))


_COMPARED = "expects two parameters: the values to compare as the first and the second parameter."


def _ordered(left: Value, right: Value) -> tuple[Any, Any]:
    """Return two values in a form that Python orders as the service does."""
    if is_number(left) and is_number(right):
        return left, right
    if isinstance(left, str) and isinstance(right, str):
        return sort_key(left), sort_key(right)
    comparable = [is_number(one) or isinstance(one, str) for one in (left, right)]
    if all(comparable):
        raise refused(
            "expects two parameter of matching types. The function was invoked with values of type "
            f"'{type_name(left)}' and '{type_name(right)}' that do not match."
        )
    wrong = dict.fromkeys(
        type_name(one) for one, fits in zip((left, right), comparable, strict=True) if not fits
    )
    raise refused(
        "expects all of its parameters to be either integer or decimal numbers. "
        f"Found invalid parameter types: '{','.join(wrong)}'."
    )


@function(count=_COMPARED)
def greater(left: Value, right: Value) -> bool:
    """Return whether the first of two numbers or texts is greater.

    Examples:
        greater(10, 5) -> true
        greater('a', 'B') -> false
    """
    one, other = _ordered(left, right)
    return bool(one > other)


@function(count=_COMPARED)
def greater_or_equals(left: Value, right: Value) -> bool:
    """Return whether the first of two numbers or texts is greater, or equal.

    Examples:
        greaterOrEquals(5, 5) -> true
    """
    one, other = _ordered(left, right)
    return bool(one >= other)


@function(count=_COMPARED)
def less(left: Value, right: Value) -> bool:
    """Return whether the first of two numbers or texts is less.

    Examples:
        less('a', 'B') -> true
    """
    one, other = _ordered(left, right)
    return bool(one < other)


@function(count=_COMPARED)
def less_or_equals(left: Value, right: Value) -> bool:
    """Return whether the first of two numbers or texts is less, or equal.

    Examples:
        lessOrEquals(10, 10) -> true
    """
    one, other = _ordered(left, right)
    return bool(one <= other)


@function(count="expects at least one parameter: the value to coalesce.")
def coalesce(first: Value, *others: Value) -> Value:
    """Return the first value that is not null.

    Examples:
        coalesce(null, '', 1) -> ""
        coalesce(null) -> null
    """
    return next((one for one in (first, *others) if one is not None), None)
