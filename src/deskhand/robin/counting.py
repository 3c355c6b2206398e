"""What ``LOOP FROM ... TO ... STEP`` counts. Source: robin 5.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from math import ceil, floor

from deskhand.robin.conversion import to_number
from deskhand.robin.numbers import Number, add
from deskhand.robin.values import Value


def counting(start: Value, stop: Value, step: Value) -> Iterable[Number]:
    """Return the values of a loop's counter, both ends included; a step of 0 never ends.

    Raises:
        CannotConvert: A bound or the step is no number.
    """
    first, last, width = to_number(start), to_number(stop), to_number(step)
    if not within(first, last, width):
        return ()
    if width == 0:
        return repeat(first)
    if isinstance(first, int) and isinstance(width, int):
        return range(first, _whole(last, width) + (1 if width > 0 else -1), width)
    return _steps(first, last, width)


def _whole(last: Number, width: int) -> int:
    """Return the last whole number that is not beyond the end, seen in the counting direction."""
    return floor(last) if width > 0 else ceil(last)


def _steps(value: Number, last: Number, width: Number) -> Iterator[Number]:
    while within(value, last, width):
        yield value
        value = add(value, width)


def within(value: Number, last: Number, width: Number) -> bool:
    """Return whether a counter has not passed its last value."""
    return value <= last if width >= 0 else value >= last


def advance(value: Value, width: Number) -> Number:
    """Return the counter's next value, after what the loop's rows left in it."""
    return add(to_number(value), width)
