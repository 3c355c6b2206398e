"""Rows → JSON. Source: dataverse-api 3.5 and 3.8."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from deskhand.core.clock import to_wire
from deskhand.entities.declare import REGISTRY, Boolean, Choice, Column, DateTime, Entity, Lookup
from deskhand.records.labels import primary_names
from deskhand.store.database import Transaction

FORMATTED_VALUE = "OData.Community.Display.V1.FormattedValue"
LOOKUP_LOGICAL_NAME = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION_PROPERTY = "Microsoft.Dynamics.CRM.associatednavigationproperty"

Row = Mapping[Any, Any]
"""A row by logical column name."""

Labels = Mapping[UUID, str]
"""The names of the rows that lookups point to, by their ids."""

Includes = Callable[[str], bool]
"""Tells whether an annotation, named without ``@``, is to be included."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns of a table are answered, in which order.

    Attributes:
        entity: The table.
        columns: The columns, the primary key among them.
        selected: What ``$select`` names, as the context repeats it; None without one.
    """

    entity: type[Entity]
    columns: tuple[Column, ...]
    selected: tuple[str, ...] | None = None

    @property
    def context(self) -> str:
        """Return the fragment of ``@odata.context``: ``workflows(name,workflowid)``."""
        return f"{self.entity.set_name}" + (f"({','.join(self.selected)})" if self.selected else "")


def readable_columns(entity: type[Entity]) -> tuple[Column, ...]:
    """Return the columns that clients may see."""
    return tuple(column for column in entity.columns.values() if not column.internal)


def whole_row(entity: type[Entity]) -> Shape:
    """Return the shape without ``$select``: every readable column."""
    return Shape(entity, readable_columns(entity))


def selected_shape(entity: type[Entity], columns: Iterable[Column]) -> Shape:
    """Return the shape that ``$select`` asks for; the primary key comes along, last if not named."""
    named = tuple(dict.fromkeys((column.name, column.api_name) for column in columns))
    names = [name for name, _ in named]
    key = () if entity.primary_key in names else (entity.primary_key,)
    shown = tuple(entity.columns[name] for name in (*names, *key))
    return Shape(entity, shown, tuple(api_name for _, api_name in named))


def etag(row: Row) -> str:
    """Return a row's entity tag: ``W/"1069462"``."""
    return f'W/"{row["versionnumber"]}"'


def to_value(value: Any) -> Any:
    """Return one column's value as JSON has it: dates without fraction, GUIDs in lower case."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return to_wire(value)
    return value


def lookup_names(tx: Transaction, shape: Shape, rows: Iterable[Row]) -> Labels:
    """Return the names of the rows that lookups point to."""
    wanted: dict[str, set[UUID]] = {}
    for column in shape.columns:
        if isinstance(column, Lookup) and column.target in REGISTRY:
            ids = {row[column.name] for row in rows if row[column.name] is not None}
            wanted.setdefault(column.target, set()).update(ids)
    return {
        row_id: name
        for target, ids in wanted.items()
        for row_id, name in primary_names(tx, REGISTRY[target], ids).items()
    }


def row_writer(shape: Shape, includes: Includes | None, labels: Labels) -> Callable[[Row], dict[str, Any]]:
    """Return what turns a row of a shape into a JSON object.

    Args:
        shape: The columns.
        includes: Which annotations to include; None for none.
        labels: Names of the rows that lookups point to; needed for their formatted values only.
    """
    columns = [(column.name, column.api_name) for column in shape.columns]

    def write(row: Row) -> dict[str, Any]:
        content: dict[str, Any] = {"@odata.etag": etag(row)}
        for name, api_name in columns:
            content[api_name] = to_value(row[name])
        return content

    if includes is None:
        return write

    def write_annotated(row: Row) -> dict[str, Any]:
        content: dict[str, Any] = {"@odata.etag": etag(row)}
        for column in shape.columns:
            value = row[column.name]
            if value is not None:
                for annotation, text in _annotations(column, value, labels):
                    if includes(annotation):
                        content[f"{column.api_name}@{annotation}"] = text
            content[column.api_name] = to_value(value)
        return content

    return write_annotated


def _annotations(column: Column, value: Any, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield what can be told of one value, in the original's order."""
    formatted = _formatted(column, value, labels)
    if formatted is not None:
        yield FORMATTED_VALUE, formatted
    if isinstance(column, Lookup):
        yield NAVIGATION_PROPERTY, column.navigation_property
        yield LOOKUP_LOGICAL_NAME, column.target


def _formatted(column: Column, value: Any, labels: Labels) -> str | None:
    """Return a value as people read it, in the organisation's language, English."""
    if isinstance(column, Lookup):
        return labels.get(value)
    if isinstance(column, Choice):
        known = value in {int(option) for option in column.options}
        return column.label(value) if known else str(value)
    if isinstance(column, Boolean):
        return "Yes" if value else "No"
    if isinstance(column, DateTime):
        return _formatted_date(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else None


def _formatted_date(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment.minute:02} {half}"
