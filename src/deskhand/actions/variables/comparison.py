"""When values are the same, and which comes first. Source: robin 6.5."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from deskhand.dotnet.collation import sort_key
from deskhand.dotnet.cultures import invariant
from deskhand.dotnet.errors import NotANumber
from deskhand.dotnet.numbers import parse_number
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder, Value

Key = tuple[Any, ...]


def identity(value: Value, ignore_case: bool = False) -> Hashable:
    """Return a key that is the same for values that are the same, each kind for itself."""
    if isinstance(value, bool) or value is None:
        return (type(value).__name__, value)
    if isinstance(value, (int, Decimal, float)):
        return ("number", value)
    if isinstance(value, str):
        return ("text", value.casefold() if ignore_case else value)
    if isinstance(value, (File, Folder)):
        return ("path", str(value.path))
    if isinstance(value, (list, DataRow)):
        return ("list", tuple(identity(item, ignore_case) for item in value))
    if isinstance(value, CustomObject):
        return ("object", tuple((key, identity(item, ignore_case)) for key, item in value.items()))
    if isinstance(value, DataTable):
        rows = tuple(identity(row, ignore_case) for row in value.rows)
        return ("table", tuple(value.columns), rows)
    return ("other", value)


def distinct(items: Iterable[Value], ignore_case: bool = False) -> Iterator[Value]:
    """Yield the first of each item that occurs more than once, and all others."""
    seen: set[Hashable] = set()
    for item in items:
        key = identity(item, ignore_case)
        if key not in seen:
            seen.add(key)
            yield item


def equal(left: Value, right: Value, ignore_case: bool = False) -> bool:
    """Return whether two values are equal as a condition sees it: ``'1' = 1`` holds."""
    if isinstance(left, str) and not isinstance(right, str):
        return equal(right, left, ignore_case)
    if not isinstance(right, str) or isinstance(left, str):
        return identity(left, ignore_case) == identity(right, ignore_case)
    if isinstance(left, bool):
        return str(left).casefold() == right.casefold()
    if isinstance(left, (int, Decimal, float)):
        return bool(number_of(right) == left)
    if isinstance(left, (File, Folder)):
        return str(left.path) == right
    return left is None and not right


def number_of(value: Value) -> Value:
    """Return the number that a value is or that a text spells; None if neither."""
    if isinstance(value, (int, Decimal, float)) and not isinstance(value, bool):
        return value
    try:
        return parse_number(value, invariant(), exponent=True) if isinstance(value, str) else None
    except NotANumber:
        return None


def order_key(value: Value, ignore_case: bool = False) -> Key:
    """Return a key that orders values: blanks, booleans, numbers, datetimes, then texts."""
    kind = kind_of(value)
    if kind == "text":
        return (4, sort_key(value.casefold() if ignore_case else value))
    if kind == "datetime":
        return (3, value if value.tzinfo is None else value.astimezone().replace(tzinfo=None))
    if kind in ("boolean", "number"):
        return (1 if kind == "boolean" else 2, value)
    return (0,) if kind == "blank" else (5, sort_key(str(identity(value))))


def compare(cell: Value, value: Value, ignore_case: bool = False) -> int | None:
    """Return -1, 0 or 1 as a cell is less than, level with or greater than a value.

    Where the value is or spells a number the cell must too; where the two have no order between them
    the answer is None.
    """
    number = number_of(value)
    if number is not None:
        cell, value = number_of(cell), number
    if cell is None or kind_of(cell) != kind_of(value):
        return None
    left, right = order_key(cell, ignore_case), order_key(value, ignore_case)
    return (left > right) - (left < right)


def kind_of(value: Value) -> str:
    """Return a value's kind in the words of Robin."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, Decimal, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    return "datetime" if isinstance(value, datetime) else type(value).__name__
