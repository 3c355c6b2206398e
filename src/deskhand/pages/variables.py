"""Environment variables: what they are, and the value that each has here. Source: dataverse-api 11.12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.environment_variables import (
    MADE_HERE,
    VariableRefused,
    VariableType,
    checked_value,
    name_of_variable,
)
from deskhand.core.log import MASK
from deskhand.entities.declare import AccessRight
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.identity.audit import Thing, note
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import contains, reach
from deskhand.records.security import has_access, visible
from deskhand.records.service import retrieve
from deskhand.records.writing import create, delete, update

_D, _V = EnvironmentVariableDefinition.c, EnvironmentVariableValue.c
_MOST = 1_000


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
        can_write: Whether the caller may change it.
        can_delete: Whether the caller may delete it.
    """

    id: UUID
    schema_name: str
    display_name: str
    description: str | None
    type: VariableType
    default: str | None
    value: str | None
    modified_on: datetime
    can_write: bool
    can_delete: bool


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
class VariableToMake:
    """An environment variable to make.

    Attributes:
        display_name: Its name for people.
        type: What kind of value it has: text, number, boolean or JSON.
        schema_name: Its name in flows; made from the one for people where it is null.
        description: What it is for.
        default: Its value where no other is set.
        value: The value that is set here.
    """

    display_name: str
    type: VariableType
    schema_name: str | None = None
    description: str = ""
    default: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class VariableMade:
    """An environment variable that was made.

    Attributes:
        id: The variable.
        schema_name: Its name in flows.
    """

    id: UUID
    schema_name: str


@dataclass(frozen=True, slots=True)
class VariableDetails:
    """What an environment variable shall be. A secret one keeps its default and its value.

    Attributes:
        display_name: Its name for people.
        description: What it is for.
        default: Its value where no other is set.
        value: The value that is set here; null takes it away, so that the default counts.
    """

    display_name: str
    description: str
    default: str | None
    value: str | None


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
    return VariableList(tuple(_row(context, one) for one in rows[:_MOST]), len(rows) <= _MOST)


@endpoint("POST", "/variables")
def make_variable(context: PageContext, *, body: VariableToMake) -> VariableMade:
    """Make an environment variable.

    Args:
        body: What it is.
    """
    if body.type not in MADE_HERE:
        raise VariableRefused(
            f"A variable of the type {body.type} cannot be made here. Keep what is secret as a credential."
        )
    display_name = _named(body.display_name)
    name = name_of_variable(body.schema_name, display_name)
    values = {
        "schemaname": name,
        "displayname": display_name,
        "description": body.description,
        "type": body.type.number,
        "defaultvalue": checked_value(body.type, body.default),
    }
    known = _find(sa.func.lower(_D.schemaname) == name.lower())
    if context.tx.execute(known).first() is not None:
        raise VariableRefused(f"There is an environment variable ‘{name}’ already.")
    made = create(context.tx, context.principal, EnvironmentVariableDefinition, values)
    value = checked_value(body.type, body.value)
    if value is not None:
        _set_value(context, made, name, value)
    thing = Thing(EnvironmentVariableDefinition.logical_name, made, name)
    note(context.tx, context.actor, "made an environment variable", thing)
    return VariableMade(made, name)


@endpoint("PUT", "/variables/{variable_id}")
def edit_variable(context: PageContext, *, variable_id: UUID, body: VariableDetails) -> None:
    """Change an environment variable; its type and its name in flows stay.

    Args:
        variable_id: The variable.
        body: What it shall be.
    """
    definition = retrieve(context.tx, context.principal, EnvironmentVariableDefinition, variable_id)
    kind, name = VariableType.of(definition["type"]), definition["schemaname"]
    values: dict[str, str | None] = {
        "displayname": _named(body.display_name),
        "description": body.description,
    }
    if kind is not VariableType.SECRET:
        values["defaultvalue"] = checked_value(kind, body.default)
        _set_value(context, variable_id, name, checked_value(kind, body.value))
    update(context.tx, context.principal, EnvironmentVariableDefinition, variable_id, values)
    thing = Thing(EnvironmentVariableDefinition.logical_name, variable_id, name)
    note(context.tx, context.actor, "changed an environment variable", thing)


@endpoint("DELETE", "/variables/{variable_id}")
def remove_variable(context: PageContext, *, variable_id: UUID) -> None:
    """Delete an environment variable with its value; flows that read it fail where they have no default.

    Args:
        variable_id: The variable.
    """
    tx, principal = context.tx, context.principal
    definition = retrieve(tx, principal, EnvironmentVariableDefinition, variable_id)
    delete(tx, principal, EnvironmentVariableDefinition, variable_id)
    thing = Thing(EnvironmentVariableDefinition.logical_name, variable_id, definition["schemaname"])
    note(tx, context.actor, "deleted an environment variable", thing)


@endpoint("PUT", "/variables/{variable_id}/value")
def set_variable(context: PageContext, *, variable_id: UUID, body: VariableValue) -> None:
    """Set the value that a variable has here, or take it away.

    Args:
        variable_id: The variable.
        body: The value.
    """
    definition = retrieve(context.tx, context.principal, EnvironmentVariableDefinition, variable_id)
    name = definition["schemaname"]
    value = checked_value(VariableType.of(definition["type"]), body.value)
    _set_value(context, variable_id, name, value)
    thing = Thing(EnvironmentVariableDefinition.logical_name, variable_id, name)
    note(context.tx, context.actor, "set an environment variable", thing)


def _set_value(context: PageContext, variable_id: UUID, name: str, value: str | None) -> None:
    tx, principal, entity = context.tx, context.principal, EnvironmentVariableValue
    query = sa.select(_V.environmentvariablevalueid, _V.value)
    held = tx.execute(query.where(_V.environmentvariabledefinitionid == variable_id)).first()
    if held is None and value is not None:
        values = {"schemaname": name, "value": value, "environmentvariabledefinitionid": variable_id}
        create(tx, principal, entity, values)
    elif held is not None and value is None:
        delete(tx, principal, entity, held[0])
    elif held is not None and held[1] != value:
        update(tx, principal, entity, held[0], {"value": value})


def _named(display_name: str) -> str:
    if not display_name.strip():
        raise VariableRefused("An environment variable has a name for people.")
    return display_name.strip()


def _find(condition: sa.ColumnElement[bool]) -> sa.Select[tuple[UUID]]:
    return sa.select(_D.environmentvariabledefinitionid).where(condition)


def _row(context: PageContext, row: sa.RowMapping) -> VariableRow:
    kind = VariableType.of(row["type"])
    hidden = kind is VariableType.SECRET

    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, EnvironmentVariableDefinition, row, right)

    return VariableRow(
        row["environmentvariabledefinitionid"],
        row["schemaname"],
        row["displayname"] or row["schemaname"],
        row["description"],
        kind,
        _masked(row["defaultvalue"], hidden),
        _masked(row["current"], hidden),
        row["modifiedon"],
        may(AccessRight.WRITE),
        may(AccessRight.DELETE),
    )


def _masked(value: str | None, hidden: bool) -> str | None:
    return MASK if hidden and value else value
