"""What a value looks like in a file: as plain text, and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deskhand.actions.file.delimited import write_delimited
from deskhand.robin.rendering import LINE_END, rendering
from deskhand.robin.values import DataRow, DataTable


def as_csv(value: object, separator: str, culture: str, heading: bool) -> str:
    """Return a value as delimited text.

    A table or datarow keeps its columns, a list stands one item a line (an item that is itself a list
    or datarow fills a line), and a text is written as it is.

    Args:
        value: What to write.
        separator: What stands between fields.
        culture: How dates are written.
        heading: Whether a table's column names come first.
    """
    if isinstance(value, str):
        return value if value.endswith(("\n", "\r")) or not value else value + LINE_END
    text = rendering(culture)
    rows = [[text(cell) for cell in row] for row in _rows_of(value)]
    columns = value.columns if isinstance(value, (DataTable, DataRow)) else []
    return write_delimited([list(columns), *rows] if heading and columns else rows, separator)


def _rows_of(value: object) -> list[Sequence[Any]]:
    if isinstance(value, DataTable):
        return [*value.rows]
    if isinstance(value, DataRow):
        return [value.cells]
    if isinstance(value, list):
        return [_row_of(item) for item in value]
    return [[value]]


def _row_of(item: object) -> Sequence[Any]:
    if isinstance(item, DataRow):
        return item.cells
    return item if isinstance(item, list) else [item]
