"""The verbs: retrieve, create, update, upsert, delete. Source: dataverse-api 4.

Reading applies the caller's rights. Writing does not, since much is written by the server itself: what a
caller asks for goes through :mod:`deskhand.records.writing`. Every write is announced to those who
subscribed to the table's changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import AccessRight, Blob, Entity, Ownership, plain
from deskhand.entities.security import SystemUser
from deskhand.identity.principals import Principal
from deskhand.records.cascades import delete_dependents
from deskhand.records.changes import announce, change_stamps, creation_stamps
from deskhand.records.drafts import seen_version
from deskhand.records.errors import DuplicateRecord, ObjectDoesNotExist, VersionMismatch
from deskhand.records.lists import Page, count, retrieve_multiple
from deskhand.records.remembering import remembered
from deskhand.records.security import require_access, require_privilege
from deskhand.records.validation import checked_values
from deskhand.store.database import Transaction
from deskhand.store.statements import Row, Statement

__all__ = [
    "Page",
    "count",
    "create",
    "delete",
    "find",
    "retrieve",
    "retrieve_multiple",
    "update",
    "upsert",
]

_SECURITY_COLUMNS = ("ownerid", "owningbusinessunit", "versionnumber")


def retrieve(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    row_id: UUID,
    *,
    include_unpublished: bool = False,
    columns: Collection[str] | None = None,
) -> Row:
    """Return one row.

    Args:
        tx: The open transaction.
        principal: The caller.
        entity: The table.
        row_id: The row.
        include_unpublished: Whether a draft stands before the published row.
        columns: The columns needed; all but stored bytes if not given. The key, the version and whose the
            row is always come along.

    Raises:
        PrivilegeDenied: The caller may not read the table.
        ObjectDoesNotExist: There is no such row.
        AccessDenied: The row is out of the caller's reach.
    """
    require_privilege(principal, entity, AccessRight.READ)
    row = find(tx, entity, row_id, include_unpublished=include_unpublished, columns=columns)
    require_access(tx, principal, entity, row, AccessRight.READ)
    return row


def find(
    tx: Transaction,
    entity: type[Entity],
    row_id: UUID,
    *,
    include_unpublished: bool = False,
    columns: Collection[str] | None = None,
    lock: bool = False,
) -> Row:
    """Return one row without asking who wants it.

    Args:
        tx: The open transaction.
        entity: The table.
        row_id: The row.
        include_unpublished: Whether a draft stands before the published row.
        columns: The columns needed; all but stored bytes if not given.
        lock: Whether other transactions have to wait with their changes of it.

    Raises:
        ObjectDoesNotExist: There is no such row.
    """
    names = None if columns is None else tuple(sorted(columns))
    statement = _selection(entity, names, include_unpublished, lock)
    row = tx.row(statement, {"row_id": row_id})
    if row is None:
        raise ObjectDoesNotExist(entity, row_id)
    return row


def create(tx: Transaction, entity: type[Entity], values: Mapping[str, Any], *, by: UUID) -> UUID:
    """Create a row with its defaults, and return its id.

    Args:
        tx: The open transaction.
        entity: The table.
        values: Values by logical column name; the id may be among them.
        by: Who creates it, and owns it unless ``ownerid`` says otherwise.

    Raises:
        DuplicateRecord: The id, or a name that has to be unique, is taken.
    """
    row = {name: plain(column.default) for name, column in entity.columns.items()}
    row |= {name: new_id() for name in _keys(entity)}
    row |= creation_stamps(tx, entity, by)
    row |= checked_values(entity, values)
    if entity.ownership is Ownership.USER:
        row["owninguser"] = row["ownerid"]
    try:
        tx.execute(_insertion(entity), {_parameter(name): value for name, value in row.items()})
    except sa.exc.IntegrityError as error:
        raise DuplicateRecord(entity) from error
    row_id: UUID = row[entity.primary_key]
    announce(tx, entity, row_id, ChangeMessage.CREATE, row, by)
    return row_id


def update(
    tx: Transaction,
    entity: type[Entity],
    row_id: UUID,
    values: Mapping[str, Any],
    *,
    by: UUID,
    if_match: int | None = None,
) -> None:
    """Change columns of a row, a published one where there are drafts.

    Args:
        tx: The open transaction.
        entity: The table.
        row_id: The row.
        values: Values by logical column name; columns that are not named stay as they are.
        by: Who changes it.
        if_match: The version that the row must still have.

    Raises:
        ObjectDoesNotExist: There is no such row.
        VersionMismatch: The row has another version.
        DuplicateRecord: A name that has to be unique is taken.
    """
    changed = checked_values(entity, values) | change_stamps(tx, by)
    if "ownerid" in changed:
        changed["owninguser"] = changed["ownerid"]
    parameters = {_parameter(name): value for name, value in changed.items()}
    statement = _modification(entity, tuple(sorted(changed)), if_match is not None)
    try:
        done = tx.execute(statement, {**parameters, "row_id": row_id, "version": if_match})
    except sa.exc.IntegrityError as error:
        raise DuplicateRecord(entity) from error
    if done.rowcount == 0:
        find(tx, entity, row_id, columns=())
        raise VersionMismatch(entity, row_id)
    announce(tx, entity, row_id, ChangeMessage.UPDATE, changed, by)


def upsert(
    tx: Transaction, entity: type[Entity], row_id: UUID, values: Mapping[str, Any], *, by: UUID
) -> bool:
    """Change a row, or create it with this id if there is none; return whether it was created."""
    try:
        update(tx, entity, row_id, values, by=by)
    except ObjectDoesNotExist:
        create(tx, entity, {**values, entity.primary_key: row_id}, by=by)
        return True
    return False


def delete(
    tx: Transaction,
    entity: type[Entity],
    row_id: UUID,
    *,
    by: UUID | None = None,
    if_match: int | None = None,
) -> None:
    """Delete a row in all its versions, with the rows that go with it.

    Args:
        tx: The open transaction.
        entity: The table.
        row_id: The row.
        by: Who deletes it; None for the server itself.
        if_match: The version that the row must still have.

    Raises:
        ObjectDoesNotExist: There is no such row.
        VersionMismatch: The row has another version than asked for.
    """
    row = find(tx, entity, row_id, include_unpublished=True, columns=())
    if if_match is not None and row["versionnumber"] != if_match:
        raise VersionMismatch(entity, row_id)
    announce(tx, entity, row_id, ChangeMessage.DELETE, (), by)
    delete_dependents(tx, entity, [row_id], by=by)
    tx.execute(sa.delete(entity.table).where(entity.c[entity.primary_key] == row_id))


def _keys(entity: type[Entity]) -> set[str]:
    """Return the columns that need a fresh id: the SQL key, and the id of the row for clients."""
    return {*entity.table.primary_key.columns.keys(), entity.primary_key}


def _parameter(name: str) -> str:
    """Return a bound parameter's name; SQLAlchemy keeps the columns' own names for itself."""
    return f"new_{name}"


@remembered
def _selection(
    entity: type[Entity], names: tuple[str, ...] | None, include_unpublished: bool, lock: bool
) -> Statement:
    if names is None:
        names = tuple(name for name, column in entity.columns.items() if not isinstance(column, Blob))
    wanted = dict.fromkeys((entity.primary_key, *names, *_SECURITY_COLUMNS))
    statement = sa.select(*(entity.c[name] for name in wanted if name in entity.c))
    statement = statement.where(entity.c[entity.primary_key] == sa.bindparam("row_id"))
    version = seen_version(entity, include_unpublished=include_unpublished)
    if version is not None:
        statement = statement.where(version)
    return Statement(statement.with_for_update() if lock else statement)


@remembered
def _insertion(entity: type[Entity]) -> sa.Insert:
    values: dict[str, Any] = {
        column.name: sa.bindparam(_parameter(column.name), type_=column.type) for column in entity.c
    }
    if entity.ownership is Ownership.USER:
        values["owningbusinessunit"] = _unit_of_owner()
    return sa.insert(entity.table).values(values)


@remembered
def _modification(entity: type[Entity], names: tuple[str, ...], if_match: bool) -> sa.Update:
    values: dict[str, Any] = {
        name: sa.bindparam(_parameter(name), type_=entity.c[name].type) for name in names
    }
    if "ownerid" in names:
        values["owningbusinessunit"] = _unit_of_owner()
    statement = sa.update(entity.table).where(entity.c[entity.primary_key] == sa.bindparam("row_id"))
    version = seen_version(entity, include_unpublished=False)
    if version is not None:
        statement = statement.where(version)
    if if_match:
        statement = statement.where(entity.c.versionnumber == sa.bindparam("version"))
    return statement.values(values)


def _unit_of_owner() -> sa.ScalarSelect[UUID]:
    owner = sa.bindparam(_parameter("ownerid"), type_=sa.Uuid())
    return sa.select(SystemUser.c.businessunitid).where(SystemUser.c.systemuserid == owner).scalar_subquery()
