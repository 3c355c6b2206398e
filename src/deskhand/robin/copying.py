"""Copies of values that can change in place.

Whether ``SET B TO A`` shares a list was settled by no source; copying is the recommended default, and
:func:`copied` is the one switch (robin 7).
"""

from __future__ import annotations

from deskhand.robin.values import CustomObject, DataRow, DataTable, Value


def copied(value: Value) -> Value:
    """Return a value that shares no list, table, row or object with another; others as they are."""
    kind = type(value)
    if kind is list:
        return [copied(item) for item in value]
    if kind is CustomObject:
        return CustomObject((key, copied(item)) for key, item in value.items())
    if kind is DataTable:
        return DataTable(value.columns, (map(copied, row) for row in value.rows))
    if kind is DataRow:
        return DataRow(list(value.columns), [copied(cell) for cell in value.cells])
    return value
