"""Environment variables: what they are, and the value that each has here. Source: dataverse-api 11.12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.log import MASK
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.identity.audit import Thing, note
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import contains, reach
from deskhand.records.security import visible
from deskhand.records.service import retrieve
from deskhand.records.writing import create, delete, update

_D, _V = EnvironmentVariableDefinition.c, EnvironmentVariableValue.c
_MOST = 1_000
_FIRST_TYPE = 100_000_000


class VariableType(StrEnum):
    """What kind of value a variable has."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"
    DATA_SOURCE = "dataSource"
    SECRET = "secret"  # noqa: S105 - the word, not one


_TYPES = tuple(VariableType)


@dataclass(frozen=True, slots=True)
class VariableRow:
    """An environment variable.

    Attributes:
        id: The variable.
        schema_name: Its name in flows.
        display_name: Its name for people.
        description: What it is for.
        type: What kind of value it has.
        default: Its value where no other is set.
        value: The value that is set here; null where none is.
        modified_on: When it was last changed.
    """

    id: UUID
    schema_name: str
    display_name: str
    description: str | None
    type: VariableType
    default: str | None
    value: str | None
    modified_on: datetime


@dataclass(frozen=True, slots=True)
class VariableList:
    """Environment variables.

    Attributes:
        items: The variables, by name.
        complete: Whether these are all.
    """

    items: tuple[VariableRow, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class VariableValue:
    """A value to set.

    Attributes:
        value: The value; null takes it away, so that the default counts.
    """

    value: str | None


@endpoint("GET", "/variables")
def variables(context: PageContext, *, search: str | None = None) -> VariableList:
    """List environment variables by name.

    Args:
        search: Only variables whose name or description holds this text.
    """
    query = (
        sa.select(EnvironmentVariableDefinition.table, _V.value.label("current"))
        .outerjoin(
            EnvironmentVariableValue.table,
            _V.environmentvariabledefinitionid == _D.environmentvariabledefinitionid,
        )
        .where(reach(visible(context.principal, EnvironmentVariableDefinition)))
    )
    if search:
        texts = (_D.schemaname, _D.displayname, _D.description)
        query = query.where(sa.or_(*(contains(one, search.strip()) for one in texts)))
    rows = context.tx.execute(query.order_by(sa.func.lower(_D.schemaname)).limit(_MOST + 1)).mappings().all()
    return VariableList(tuple(map(_row, rows[:_MOST])), len(rows) <= _MOST)


@endpoint("PUT", "/variables/{variable_id}/value")
def set_variable(context: PageContext, *, variable_id: UUID, body: VariableValue) -> None:
    """Set the value that a variable has here, or take it away.

    Args:
        variable_id: The variable.
        body: The value.
    """
    definition = retrieve(context.tx, context.principal, EnvironmentVariableDefinition, variable_id)
    query = sa.select(_V.environmentvariablevalueid).where(_V.environmentvariabledefinitionid == variable_id)
    value_id = context.tx.execute(query).scalar()
    tx, principal, entity = context.tx, context.principal, EnvironmentVariableValue
    if body.value is None:
        if value_id is not None:
            delete(tx, principal, entity, value_id)
    elif value_id is not None:
        update(tx, principal, entity, value_id, {"value": body.value})
    else:
        values = {
            "schemaname": definition["schemaname"],
            "value": body.value,
            "environmentvariabledefinitionid": variable_id,
        }
        create(tx, principal, entity, values)
    thing = Thing(EnvironmentVariableDefinition.logical_name, variable_id, definition["schemaname"])
    note(tx, context.actor, "set an environment variable", thing)


def _row(row: sa.RowMapping) -> VariableRow:
    number = (row["type"] or _FIRST_TYPE) - _FIRST_TYPE
    kind = _TYPES[number] if 0 <= number < len(_TYPES) else VariableType.TEXT
    hidden = kind is VariableType.SECRET
    return VariableRow(
        row["environmentvariabledefinitionid"],
        row["schemaname"],
        row["displayname"] or row["schemaname"],
        row["description"],
        kind,
        _masked(row["defaultvalue"], hidden),
        _masked(row["current"], hidden),
        row["modifiedon"],
    )


def _masked(value: str | None, hidden: bool) -> str | None:
    return MASK if hidden and value else value
