"""JSON bodies of writes → values of columns. Source: dataverse-api 4.1 and 4.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.core.clock import from_wire
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.entities.declare import REGISTRY, Column, DateTime, Entity, Guid, Lookup, PrimaryKey
from deskhand.records.changes import STAMPS
from deskhand.records.errors import PropertyReadOnly, UndeclaredProperty, WrongValueType
from deskhand.records.serialize import readable_columns
from deskhand.webapi.bodies import Unreadable, check_content_type, parse_object
from deskhand.webapi.calls import Call
from deskhand.webapi.refusals import MalformedBody
from deskhand.webapi.row_keys import bound_row
from deskhand.webapi.rows import find_lookup

_BIND = "@odata.bind"


def row_values(call: Call, entity: type[Entity]) -> Mapping[str, Any]:
    """Return the values of a body that holds a row, by logical column name; lookups as rows they name.

    A body that cannot be read says so when it is looked at, after the row and the rights.
    """
    try:
        return read_row(body_object(call, entity), entity)
    except DeskhandError as error:
        return Unreadable(error)


def property_value(call: Call, entity: type[Entity], column: Column) -> Mapping[str, Any]:
    """Return the value of a body such as ``{"value": 5}``, by its column's name."""
    try:
        content = body_object(call, entity)
        if "value" not in content:
            raise MalformedBody(entity.set_name or "", 'The body has no "value".')
        return read_row({column.name: content["value"]}, entity)
    except DeskhandError as error:
        return Unreadable(error)


def lookup_value(call: Call, entity: type[Entity], column: Lookup) -> Mapping[str, Any]:
    """Return the row that a body such as ``{"@odata.id": "workqueues(…)"}`` names, by its column's name."""
    try:
        address = body_object(call, entity).get("@odata.id", "")
        return {column.name: bound_row(address, "@odata.id", entity, REGISTRY[column.target])}
    except DeskhandError as error:
        return Unreadable(error)


def body_object(call: Call, entity: type[Entity]) -> Mapping[str, Any]:
    """Return a body's JSON object.

    Raises:
        UnsupportedMediaType: It is declared as something else.
        MalformedBody: It is none.
    """
    check_content_type(call.headers, call.body)
    content = parse_object(call.body, entity.set_name or "")
    if content is None:
        raise MalformedBody(entity.set_name or "", "There is no body; send an object: {…}.")
    return content


def read_row(content: Mapping[str, Any], entity: type[Entity]) -> dict[str, Any]:
    """Return the values of a JSON object that holds a row.

    Annotations, such as the row's type and its version, are passed over.

    Raises:
        UndeclaredProperty: The table has no such column, or no such navigation property.
        PropertyReadOnly: A lookup is set by its value rather than by its navigation property.
        WrongValueType: A text is no id, or no date and time.
        BindingUnreadable: A lookup names no row of its table.
    """
    values: dict[str, Any] = {}
    for name, value in content.items():
        if name.endswith(_BIND):
            lookup = _lookup(entity, name.removesuffix(_BIND))
            values[lookup.name] = bound_row(value, name, entity, REGISTRY[lookup.target])
        elif "@" not in name and name not in STAMPS:
            values[name] = _converted(entity, _column(entity, name), value)
    return values


def _lookup(entity: type[Entity], navigation: str) -> Lookup:
    """Return the lookup of a navigation property; case matters (dataverse-api 4.1)."""
    lookup = find_lookup(entity, navigation)
    if lookup is None:
        raise UndeclaredProperty(entity, navigation)
    return lookup


def _column(entity: type[Entity], name: str) -> Column:
    for column in readable_columns(entity):
        if name == column.api_name:
            if isinstance(column, Lookup):
                raise PropertyReadOnly(entity, name)
            return column
    raise UndeclaredProperty(entity, name)


def _converted(entity: type[Entity], column: Column, value: Any) -> Any:
    """Return a JSON value as its column holds it; what is no text is checked where it is written."""
    if not isinstance(value, str):
        return value
    if isinstance(column, Guid | PrimaryKey):
        row_id = parse_id(value)
        if row_id is None:
            raise WrongValueType(entity, column, value)
        return row_id
    if isinstance(column, DateTime):
        try:
            return from_wire(value)
        except (ValueError, OverflowError) as error:
            raise WrongValueType(entity, column, value) from error
    return value
