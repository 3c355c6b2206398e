"""When values are equal, and which comes first. Source: robin 6.5."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from deskhand.dotnet.collation import sort_key
from deskhand.robin.conversion import as_number
from deskhand.robin.errors import CannotCompare
from deskhand.robin.kinds import described
from deskhand.robin.values import DataRow, DataTable, File, Folder, Value

_sort_key = lru_cache(maxsize=4096)(sort_key)


def equal(left: Value, right: Value) -> bool:
    """Return whether ``left = right``; mixtures that have nothing to do with each other are not."""
    kinds = type(left), type(right)
    if kinds[0] is kinds[1]:
        return _equal_of_a_kind(left, right)
    if str in kinds:
        return _equals_text(left, right) if kinds[1] is str else _equals_text(right, left)
    if bool in kinds or None in (left, right):
        return left is right
    if isinstance(left, DataRow) and isinstance(right, list):
        return _all_equal(left.cells, right)
    if isinstance(left, list) and isinstance(right, DataRow):
        return _all_equal(left, right.cells)
    return bool(left == right)


def _equal_of_a_kind(left: Value, right: Value) -> bool:
    if isinstance(left, datetime):
        return _instant(left) == _instant(right)
    if isinstance(left, list):
        return _all_equal(left, right)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(item, right[key]) for key, item in left.items())
    if isinstance(left, DataRow):
        return left.columns == right.columns and _all_equal(left.cells, right.cells)
    if isinstance(left, DataTable):
        rows = zip(left.rows, right.rows, strict=False)
        return (
            left.columns == right.columns
            and len(left) == len(right)
            and all(_all_equal(one, other) for one, other in rows)
        )
    return bool(left == right)


def _all_equal(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(map(equal, left, right))


def _equals_text(value: Value, text: str) -> bool:
    if isinstance(value, bool):
        return str(value).casefold() == text.strip().casefold()
    if isinstance(value, int | Decimal):
        return as_number(text) == value
    if isinstance(value, File | Folder):
        return str(value.path) == text
    return value is None and not text


def less(left: Value, right: Value) -> bool:
    """Return whether ``left < right``.

    Texts are ordered as people order them, ``'a'`` before ``'A'``; a text beside a number is read as one.

    Raises:
        CannotCompare: The two have no order between them.
    """
    first, second = _ordered(left, right)
    return bool(first < second)


def less_or_equal(left: Value, right: Value) -> bool:
    """Return whether ``left <= right``; see :func:`less`."""
    first, second = _ordered(left, right)
    return bool(first <= second)


def greater(left: Value, right: Value) -> bool:
    """Return whether ``left > right``; see :func:`less`."""
    first, second = _ordered(left, right)
    return bool(first > second)


def greater_or_equal(left: Value, right: Value) -> bool:
    """Return whether ``left >= right``; see :func:`less`."""
    first, second = _ordered(left, right)
    return bool(first >= second)


def not_equal(left: Value, right: Value) -> bool:
    """Return whether ``left <> right``."""
    return not equal(left, right)


def _ordered(left: Value, right: Value) -> tuple[Any, Any]:
    """Return two keys that compare as the two values do."""
    if isinstance(left, str) and isinstance(right, str):
        return _sort_key(left), _sort_key(right)
    first, second = as_number(left), as_number(right)
    if first is not None and second is not None:
        return first, second
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _instant(left), _instant(right)
    if isinstance(left, bool) and isinstance(right, bool):
        return left, right
    raise CannotCompare(described(left), described(right))


def _instant(moment: datetime) -> datetime:
    """Return a naive datetime as the local time that it means."""
    return moment.astimezone() if moment.tzinfo is None else moment
