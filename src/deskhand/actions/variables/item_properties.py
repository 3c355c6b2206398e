"""The properties by which a list's items can be sorted."""

from __future__ import annotations

from deskhand.actions.variables.errors import PropertyNotFound
from deskhand.actions.variables.tables import find_column
from deskhand.robin.errors import LogicError
from deskhand.robin.properties import get_property
from deskhand.robin.values import DataRow, Value


def property_of(item: Value, name: str) -> Value:
    """Return an item's property (robin 8), a custom object's value or a datarow's cell, in any case.

    Raises:
        PropertyNotFound: The item has none of that name, or it cannot be read.
    """
    if isinstance(item, DataRow) and (column := find_column(item.columns, name)) is not None:
        return item.cells[column]
    try:
        return get_property(item, name.strip())
    except LogicError as problem:
        raise PropertyNotFound(problem.message) from problem
