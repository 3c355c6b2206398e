"""Finding one's way in data tables."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.actions.variables.errors import (
    ColumnExists,
    ColumnIndexOutOfRange,
    ColumnNotFound,
    RowIndexOutOfRange,
    TooManyCells,
)
from deskhand.robin.values import DataTable, Reference, Value


def table_in(reference: Reference[DataTable]) -> DataTable:
    """Return the table of a variable; one that was never assigned gets an empty table."""
    held: DataTable | None = reference.value
    reference.value = DataTable() if held is None else held
    return reference.value


def named_column(table: DataTable, name: str) -> int:
    """Return the index of the column with a name; case matters only where two names differ by it.

    Raises:
        ColumnNotFound: There is none.
    """
    found = find_column(table.columns, name)
    if found is None:
        raise ColumnNotFound(name, table.columns)
    return found


def find_column(columns: list[str], name: str) -> int | None:
    """Return the index of a name among column names, or None."""
    if name in columns:
        return columns.index(name)
    folded = [column.casefold() for column in columns]
    return folded.index(name.casefold()) if name.casefold() in folded else None


def column_at(table: DataTable, index: int) -> int:
    """Return the index if the table has such a column.

    Raises:
        ColumnIndexOutOfRange: It has none.
    """
    if not 0 <= index < len(table.columns):
        raise ColumnIndexOutOfRange(index, len(table.columns))
    return index


def column_of(table: DataTable, name_or_index: str) -> int:
    """Return the index of the column that a name, or else a number, points at.

    Raises:
        ColumnNotFound: There is no column of that name.
        ColumnIndexOutOfRange: There is no column of that number.
    """
    found = find_column(table.columns, name_or_index)
    if found is not None:
        return found
    number = name_or_index.strip()
    if number.removeprefix("-").isdecimal():
        return column_at(table, int(number))
    raise ColumnNotFound(name_or_index, table.columns)


def row_at(table: DataTable, index: int) -> list[Value]:
    """Return the row at an index, itself and not a copy.

    Raises:
        RowIndexOutOfRange: The table has no such row.
    """
    if not 0 <= index < len(table.rows):
        raise RowIndexOutOfRange(index, len(table.rows))
    return table.rows[index]


def fitting_row(table: DataTable, row: Iterable[Value]) -> list[Value]:
    """Return a row's cells as the table takes them, blanks where cells are missing.

    A table without columns takes its columns from its first row.

    Raises:
        TooManyCells: The row is wider than the table.
    """
    cells = list(row)
    if not table.columns and not table.rows:
        table.columns.extend(f"Column{number}" for number in range(1, len(cells) + 1))
    if len(cells) > len(table.columns):
        raise TooManyCells(len(cells), len(table.columns))
    return [*cells, *[None] * (len(table.columns) - len(cells))]


def insert_column(table: DataTable, index: int, name: str) -> None:
    """Put a column of blanks before the column at an index.

    Raises:
        ColumnExists: The table has a column of that name.
    """
    if find_column(table.columns, name) is not None:
        raise ColumnExists(name)
    table.columns.insert(index, name or f"Column{len(table.columns) + 1}")
    for row in table.rows:
        row.insert(index, None)


def is_blank(cell: Value) -> bool:
    """Return whether a cell holds nothing to be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
