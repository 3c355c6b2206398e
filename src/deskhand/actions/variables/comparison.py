"""When values are the same, and which comes first. Source: robin 6.5."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from deskhand.dotnet.collation import sort_key
from deskhand.robin.comparison import equal as equal_as_conditions_see_it
from deskhand.robin.conversion import as_number
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
    """Return whether two values are equal as a condition sees it, where case may be ignored."""
    if ignore_case and isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return equal_as_conditions_see_it(left, right)


def order_key(value: Value, ignore_case: bool = False) -> Key:
    """Return a key that orders values: blanks, booleans, numbers, datetimes, then texts."""
    match value:
        case None:
            return (0,)
        case bool():
            return (1, value)
        case int() | Decimal() | float():
            return (2, value)
        case datetime():
            return (3, value.astimezone() if value.tzinfo is None else value)
        case str():
            return (4, sort_key(value.casefold() if ignore_case else value))
    return (5, sort_key(str(identity(value))))


def compare(cell: Value, value: Value, ignore_case: bool = False) -> int | None:
    """Return -1, 0 or 1 as a cell is less than, level with or greater than a value.

    Where the value is or spells a number the cell must too; where the two have no order between them
    the answer is None.
    """
    number = as_number(value)
    if number is not None:
        cell, value = as_number(cell), number
    left, right = order_key(cell, ignore_case), order_key(value, ignore_case)
    if cell is None or left[0] != right[0]:
        return None
    return (left > right) - (left < right)
