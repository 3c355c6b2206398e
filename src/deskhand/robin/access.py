"""Items, cells, keys and slices of values, and putting values there. Source: robin 4, 5.2 and 6.4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deskhand.robin.conversion import as_number
from deskhand.robin.copying import copied
from deskhand.robin.errors import (
    CannotAssign,
    CannotConvert,
    CellCountMismatch,
    ColumnMissing,
    ItemOutOfRange,
    NotASequence,
    PropertyMissing,
)
from deskhand.robin.kinds import described, kind_of
from deskhand.robin.numbers import Number
from deskhand.robin.properties import get_property, value_under
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue, Instance, Value


def get_item(value: Value, index: Value) -> Value:
    """Return ``value[index]``; a row of a table is a copy.

    Raises:
        LogicError: There is nothing at that index, key or column.
    """
    if isinstance(value, list):
        return value[_position(value, index)]
    if isinstance(value, DataTable):
        return DataRow(list(value.columns), list(value.rows[_position(value.rows, index, "the datatable")]))
    return _get_inner(value, index)


def get_place(value: Value, index: Value) -> Value:
    """Return ``value[index]`` for a SET that goes on inside it; a row of a table is the row itself."""
    if isinstance(value, DataTable):
        return DataRow(value.columns, value.rows[_position(value.rows, index, "the datatable")])
    return get_item(value, index)


def _get_inner(value: Value, index: Value) -> Value:
    if isinstance(value, CustomObject):
        return value_under(value, _key(index))
    if isinstance(value, DataRow):
        return value.cells[_column(value, index)]
    if isinstance(value, str):
        return value[_position(value, index, "the text")]
    if isinstance(value, ErrorValue | Instance):
        return get_property(value, _key(index))
    raise PropertyMissing(kind_of(value), f"[{index}]", ())


def _key(index: Value) -> str:
    if isinstance(index, str):
        return index
    if isinstance(index, int) and not isinstance(index, bool):
        return str(index)
    raise CannotConvert(described(index), "the name of a key")


def _position(items: Sequence[Value], index: Value, what: str = "the list") -> int:
    """Return where an index points to, negative ones counted from the end."""
    number = _whole(as_number(index), index)
    position = number + len(items) if number < 0 else number
    if not 0 <= position < len(items):
        raise ItemOutOfRange(what, number, len(items))
    return position


def _whole(number: Number | None, index: Value) -> int:
    if not isinstance(number, int):
        raise CannotConvert(described(index), "a whole number as the index")
    return number


def _column(row: DataRow, index: Value) -> int:
    """Return which cell a column's name or number means; names go before numbers."""
    if isinstance(index, str):
        found = _find_column(row.columns, index)
        if found is not None:
            return found
        if as_number(index) is None:
            raise ColumnMissing(index, row.columns)
    return _position(row.cells, index, "the datarow")


def _find_column(columns: list[str], name: str) -> int | None:
    if name in columns:
        return columns.index(name)
    folded = name.casefold()
    return next((at for at, known in enumerate(columns) if known.casefold() == folded), None)


def get_slice(value: Value, start: Value, stop: Value) -> Value:
    """Return ``value[start:stop]``; either end may be None for the value's own.

    Raises:
        LogicError: The value has no order, or an end is no whole number.
    """
    part = slice(_end(start), _end(stop))
    if isinstance(value, list | str):
        return value[part]
    if isinstance(value, DataTable):
        return DataTable(value.columns, value.rows[part])
    if isinstance(value, DataRow):
        return value.cells[part]
    raise PropertyMissing(kind_of(value), "[:]", ())


def _end(index: Value) -> int | None:
    return None if index is None else _whole(as_number(index), index)


def set_item(value: Value, index: Value, new: Value) -> None:
    """Put a value at ``value[index]``; a custom object's missing key is made.

    Raises:
        LogicError: There is no such place.
    """
    if isinstance(value, list):
        value[_position(value, index)] = new
    elif isinstance(value, CustomObject):
        key = _key(index)
        value[value.find(key) or key] = new
    elif isinstance(value, DataRow):
        value.cells[_column(value, index)] = new
    elif isinstance(value, DataTable):
        value.rows[_position(value.rows, index, "the datatable")] = _cells(value, new)
    else:
        raise CannotAssign(described(value), f"[{index}]")


def _cells(table: DataTable, row: Value) -> list[Value]:
    cells = row.cells if isinstance(row, DataRow) else row
    if not isinstance(cells, list):
        raise CannotConvert(described(row), "a list or datarow")
    if len(cells) != len(table.columns):
        raise CellCountMismatch(len(table.columns), len(cells))
    return list(cells)


def set_property(value: Value, name: str, new: Value) -> None:
    """Put a value under a custom object's key, ``value.name``.

    Raises:
        CannotAssign: The value is no custom object.
    """
    if not isinstance(value, CustomObject):
        raise CannotAssign(described(value), f".{name}")
    value[value.find(name) or name] = new


def items_of(value: Value) -> Iterable[Value]:
    """Return what ``LOOP FOREACH`` goes over: a snapshot, of which rows are copies.

    Raises:
        NotASequence: The value has no items.
    """
    if isinstance(value, list):
        return list(value)
    if isinstance(value, DataTable):
        return list(value)
    if isinstance(value, DataRow):
        return list(value.cells)
    if value is None:
        return ()
    raise NotASequence(kind_of(value))


def copies_of(value: Value) -> Iterable[Value]:
    """Return the items for a loop that changes them: each is the loop's own."""
    return [copied(item) for item in items_of(value)]


def new_table(headings: Value, rows: Sequence[Value]) -> DataTable:
    """Build a datatable literal; without headings columns are ``Column1`` and on (robin 2.5).

    Raises:
        LogicError: A row is no list, or has another number of cells than the others.
    """
    cells = [_row_cells(row) for row in rows]
    columns = headings
    if columns is None:
        columns = [f"Column{number}" for number in range(1, len(cells[0]) + 1 if cells else 1)]
    for row in cells:
        if len(row) != len(columns):
            raise CellCountMismatch(len(columns), len(row))
    return DataTable(columns, cells)


def _row_cells(row: Value) -> list[Value]:
    if isinstance(row, list | DataRow):
        return list(row)
    raise CannotConvert(described(row), "a list as a row of the datatable")
