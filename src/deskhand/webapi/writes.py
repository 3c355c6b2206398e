"""Creating, changing and deleting rows. Source: dataverse-api 4.1 to 4.5 and 4.8."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from deskhand.entities.declare import Column, Entity, Lookup
from deskhand.records import writing
from deskhand.records.errors import PropertyReadOnly
from deskhand.records.references import RowReference, row_id_of
from deskhand.records.serialize import Shape
from deskhand.records.writing import Condition
from deskhand.store.database import Transaction
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.conditions import write_condition
from deskhand.webapi.payloads import lookup_value, property_value, row_values
from deskhand.webapi.replies import Reply
from deskhand.webapi.rows import row_reply, row_shape


def creator(call: Call, entity: type[Entity]) -> Act:
    """Return what creates a row.

    Raises:
        UnknownColumn: The row is to be answered with a column that there is not.
    """
    return partial(_create, call, entity, row_values(call, entity), _answered_shape(call, entity))


def _create(
    call: Call, entity: type[Entity], values: Mapping[str, Any], shape: Shape | None, tx: Transaction
) -> Reply:
    row_id = writing.create(tx, call.principal, entity, values)
    return _written(call, entity, row_id, shape, tx, created=True)


def changer(call: Call, entity: type[Entity], row: RowReference) -> Act:
    """Return what changes a row, or creates it if there is none.

    Raises:
        UnknownColumn: The row is to be answered with a column that there is not.
    """
    condition = write_condition(call.headers)
    shape = _answered_shape(call, entity)
    return partial(_change, call, entity, row, row_values(call, entity), condition, shape)


def _change(
    call: Call,
    entity: type[Entity],
    row: RowReference,
    values: Mapping[str, Any],
    condition: Condition,
    shape: Shape | None,
    tx: Transaction,
) -> Reply:
    row_id, created = writing.upsert(tx, call.principal, entity, row, values, condition)
    return _written(call, entity, row_id, shape, tx, created=created)


def property_setter(call: Call, entity: type[Entity], row: RowReference, column: Column) -> Act:
    """Return what sets one property to the body's ``value``.

    Raises:
        PropertyReadOnly: Only the server sets it.
    """
    _require_writable(entity, column)
    return partial(_set, call, entity, row, property_value(call, entity, column))


def lookup_setter(call: Call, entity: type[Entity], row: RowReference, column: Lookup) -> Act:
    """Return what has a lookup name the row of the body's ``@odata.id``."""
    return partial(_set, call, entity, row, lookup_value(call, entity, column))


def clearer(call: Call, entity: type[Entity], row: RowReference, column: Column) -> Act:
    """Return what leaves a property without a value.

    Raises:
        PropertyReadOnly: Only the server sets it.
    """
    _require_writable(entity, column)
    return partial(_set, call, entity, row, {column.name: None})


def _require_writable(entity: type[Entity], column: Column) -> None:
    if not column.writable:
        raise PropertyReadOnly(entity, column.api_name)


def _set(
    call: Call, entity: type[Entity], row: RowReference, values: Mapping[str, Any], tx: Transaction
) -> Reply:
    version = write_condition(call.headers).version
    writing.update(tx, call.principal, entity, row_id_of(tx, row), values, version=version)
    return Reply(204)


def deleter(call: Call, entity: type[Entity], row: RowReference) -> Act:
    """Return what deletes a row."""
    return partial(_delete, call, entity, row)


def _delete(call: Call, entity: type[Entity], row: RowReference, tx: Transaction) -> Reply:
    version = write_condition(call.headers).version
    writing.delete(tx, call.principal, entity, row_id_of(tx, row), version=version)
    return Reply(204)


def _answered_shape(call: Call, entity: type[Entity]) -> Shape | None:
    """Return the columns to answer with; None where only the row's address is answered."""
    return row_shape(call, entity) if call.preferences.representation else None


def _written(
    call: Call, entity: type[Entity], row_id: UUID, shape: Shape | None, tx: Transaction, *, created: bool
) -> Reply:
    address = f"{call.root}{entity.set_name}({row_id})"
    headers = {"OData-EntityId": address} | ({"Location": address} if created else {})
    if shape is None:
        return Reply(204, headers=headers)
    headers |= call.preferences.applied(written=True)
    return row_reply(call, shape, row_id, tx, status=201 if created else 200, headers=headers)
