"""Writing what a caller asks for: with their rights, and by the rules of the table.

Source: dataverse-api 4.1 to 4.5 and 12. What goes wrong is told in the documented order: the privilege,
the row, its version, and only then the values (dataverse-api 7). Values may therefore be a mapping that
raises when it is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import (
    REGISTRY,
    AccessRight,
    Entity,
    Lookup,
    Ownership,
    PrimaryKey,
    State,
    Status,
)
from deskhand.entities.security import SystemUser
from deskhand.identity.principals import Principal
from deskhand.records import service
from deskhand.records.changes import STAMPS
from deskhand.records.errors import (
    ColumnRequired,
    DuplicateRecord,
    IdMismatch,
    ObjectDoesNotExist,
    OperationNotSupported,
    PropertyReadOnly,
    Row,
    UndeclaredProperty,
    VersionMismatch,
)
from deskhand.records.references import AlternateKey, RowReference, find_row_id, row_id_of
from deskhand.records.rules import Write, apply_rules_after, apply_rules_before
from deskhand.records.security import require_access, require_privilege
from deskhand.records.validation import checked_values
from deskhand.store.database import Transaction

Values = Mapping[str, Any]
"""Values by logical column name; a lookup's is an id or an alternate key."""

_OPERATIONS: Mapping[AccessRight, str] = {
    AccessRight.CREATE: "Create",
    AccessRight.WRITE: "Update",
    AccessRight.DELETE: "Delete",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be so for a write to happen. Source: dataverse-api 4.5.

    Attributes:
        must_exist: Whether the row has to be there.
        must_be_new: Whether it must not be there.
        version: The version that it must have; None for any.
    """

    must_exist: bool = False
    must_be_new: bool = False
    version: int | None = None


UNCONDITIONAL = Condition()
_ABSENT = object()


def require_operation(principal: Principal, entity: type[Entity], right: AccessRight) -> None:
    """Make sure that clients create, change or delete rows of a table, and that a caller may.

    Raises:
        OperationNotSupported: Clients do no such thing.
        PrivilegeDenied: The caller lacks the privilege.
    """
    if right not in entity.client_writes:
        raise OperationNotSupported(entity, _OPERATIONS[right])
    require_privilege(principal, entity, right)


def create(tx: Transaction, principal: Principal, entity: type[Entity], values: Values) -> UUID:
    """Create a row for a caller, and return its id. Source: dataverse-api 4.1.

    Args:
        tx: The open transaction.
        principal: The caller, who owns the row unless ``ownerid`` says otherwise.
        entity: The table.
        values: What the row holds; the id may be among it.

    Raises:
        OperationNotSupported: Clients create no rows of this table.
        PrivilegeDenied: The caller lacks a privilege.
        AccessDenied: The row would be out of the caller's reach, or names one that is.
        ObjectDoesNotExist: A lookup names no row.
        KeyDoesNotExist: A lookup's alternate key names no row.
        DuplicateRecord: The id, or a name that has to be unique, is taken.
        DeskhandError: The values do not fit the columns, or a rule of the table refuses them.
    """
    return _create(tx, principal, entity, values, {})


def _create(tx: Transaction, principal: Principal, entity: type[Entity], values: Values, key: Values) -> UUID:
    """Create a row; what the address says of its key counts more than the values."""
    require_operation(principal, entity, AccessRight.CREATE)
    # Nothing is the same as no word: the column has its default.
    given = {name: value for name, value in _given(tx, entity, values).items() if value is not None}
    addressed = key.get(entity.primary_key)
    if addressed is not None and given.get(entity.primary_key, addressed) != addressed:
        raise IdMismatch(entity, addressed)
    given |= key
    named: UUID | None = given.pop(entity.primary_key, None)
    if named is not None and _exists(tx, entity, named):
        raise DuplicateRecord(entity)
    row_id = named or new_id()
    owned = _row_to_be(tx, principal, entity, row_id, given)
    require_access(tx, principal, entity, owned, AccessRight.CREATE)
    _require_lookups(tx, principal, entity, owned, given)
    write = apply_rules_before(tx, principal, entity, Write(ChangeMessage.CREATE, row_id, None, given))
    _require_values(
        entity, {name: write.changes.get(name, column.default) for name, column in entity.columns.items()}
    )
    service.create(tx, entity, {**write.changes, entity.primary_key: row_id}, by=principal.user_id)
    apply_rules_after(tx, principal, entity, write)
    return row_id


def update(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    row_id: UUID,
    values: Values,
    *,
    version: int | None = None,
) -> None:
    """Change columns of a row for a caller; the published row, where there are drafts.

    Args:
        tx: The open transaction.
        principal: The caller.
        entity: The table.
        row_id: The row.
        values: The new values; columns that are not named stay as they are.
        version: The version that the row must still have.

    Raises:
        OperationNotSupported: Clients change no rows of this table.
        PrivilegeDenied: The caller lacks a privilege.
        ObjectDoesNotExist: There is no such row, or a lookup names none.
        AccessDenied: The row is out of the caller's reach, or a lookup names one that is.
        VersionMismatch: The row has another version.
        DuplicateRecord: A name that has to be unique is taken.
        DeskhandError: The values do not fit the columns, or a rule of the table refuses them.
    """
    require_operation(principal, entity, AccessRight.WRITE)
    row = service.find(tx, entity, row_id, lock=True)
    require_access(tx, principal, entity, row, AccessRight.WRITE)
    _require_version(entity, row, row_id, version)
    given = _given(tx, entity, values)
    if given.pop(entity.primary_key, row_id) != row_id:
        raise IdMismatch(entity, row_id)
    if "ownerid" in given and given["ownerid"] != row["ownerid"]:
        require_access(tx, principal, entity, row, AccessRight.ASSIGN)
        service.find(tx, SystemUser, given["ownerid"], columns=())
    _require_lookups(tx, principal, entity, row, given)
    write = apply_rules_before(tx, principal, entity, Write(ChangeMessage.UPDATE, row_id, row, given))
    _require_values(entity, write.changes)
    service.update(tx, entity, row_id, write.changes, by=principal.user_id)
    apply_rules_after(tx, principal, entity, write)


def upsert(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    reference: RowReference,
    values: Values,
    condition: Condition = UNCONDITIONAL,
) -> tuple[UUID, bool]:
    """Change a row, or create it if there is none; return its id, and whether it was created.

    Source: dataverse-api 4.3 and 4.9. The arguments and errors are those of :func:`create` and
    :func:`update`; a row that is created by an alternate key has the key's values.
    """
    row_id = find_row_id(tx, reference)
    if row_id is not None and _exists(tx, entity, row_id):
        if condition.must_be_new:
            raise DuplicateRecord(entity)
        update(tx, principal, entity, row_id, values, version=condition.version)
        return row_id, False
    if condition.must_exist:
        require_operation(principal, entity, AccessRight.WRITE)
        raise ObjectDoesNotExist(entity, row_id_of(tx, reference))
    if isinstance(reference, AlternateKey):
        return _create(tx, principal, entity, values, dict(reference.values)), True
    return _create(tx, principal, entity, values, {entity.primary_key: reference}), True


def delete(
    tx: Transaction, principal: Principal, entity: type[Entity], row_id: UUID, *, version: int | None = None
) -> None:
    """Delete a row in all its versions for a caller. Source: dataverse-api 4.4.

    Raises:
        OperationNotSupported: Clients delete no rows of this table.
        PrivilegeDenied: The caller lacks the privilege.
        ObjectDoesNotExist: There is no such row.
        AccessDenied: The row is out of the caller's reach.
        VersionMismatch: The row has another version.
        DeskhandError: A rule of the table refuses it.
    """
    require_operation(principal, entity, AccessRight.DELETE)
    row = service.find(tx, entity, row_id, include_unpublished=True, lock=True)
    require_access(tx, principal, entity, row, AccessRight.DELETE)
    _require_version(entity, row, row_id, version)
    write = apply_rules_before(tx, principal, entity, Write(ChangeMessage.DELETE, row_id, row, {}))
    service.delete(tx, entity, row_id, by=principal.user_id)
    apply_rules_after(tx, principal, entity, write)


def _require_version(entity: type[Entity], row: Row, row_id: UUID, version: int | None) -> None:
    if version is not None and row["versionnumber"] != version:
        raise VersionMismatch(entity, row_id)


def _exists(tx: Transaction, entity: type[Entity], row_id: UUID) -> bool:
    """Return whether there is a row of this id, if only as a draft."""
    return bool(tx.execute(sa.select(sa.exists().where(entity.c[entity.primary_key] == row_id))).scalar_one())


def _given(tx: Transaction, entity: type[Entity], values: Values) -> dict[str, Any]:
    """Return the values that a caller may set, as the columns hold them.

    Clients send rows back as they read them: stamps among the values are passed over, as in the original.
    """
    accepted: dict[str, Any] = {}
    for name, value in values.items():
        column = entity.columns.get(name)
        if column is None or column.internal:
            raise UndeclaredProperty(entity, name)
        if name in STAMPS:
            continue
        if not column.writable:
            raise PropertyReadOnly(entity, name)
        accepted[name] = row_id_of(tx, value) if isinstance(value, AlternateKey) else value
    if accepted.get("ownerid", _ABSENT) is None:
        raise ColumnRequired(entity, "ownerid")
    return checked_values(entity, accepted)


def _row_to_be(
    tx: Transaction, principal: Principal, entity: type[Entity], row_id: UUID, values: Values
) -> dict[str, Any]:
    """Return whose a new row will be; one for somebody else takes the right to assign rows."""
    row: dict[str, Any] = {entity.primary_key: row_id}
    if entity.ownership is Ownership.ORGANIZATION:
        return row
    owner = values.get("ownerid", principal.user_id)
    if owner == principal.user_id:
        return row | {"ownerid": owner, "owningbusinessunit": principal.business_unit_id}
    require_privilege(principal, entity, AccessRight.ASSIGN)
    found = service.find(tx, SystemUser, owner, columns=("businessunitid",))
    return row | {"ownerid": owner, "owningbusinessunit": found["businessunitid"]}


def _require_lookups(
    tx: Transaction, principal: Principal, entity: type[Entity], row: Row, values: Values
) -> None:
    """Make sure that a row may name the rows it is to name. Source: dataverse-api 12."""
    for name, target_id in values.items():
        column = entity.columns[name]
        if not isinstance(column, Lookup) or name == "ownerid" or target_id in (None, row.get(name)):
            continue
        require_access(tx, principal, entity, row, AccessRight.APPEND)
        target = REGISTRY[column.target]
        named = service.find(tx, target, target_id, include_unpublished=True, columns=())
        require_access(tx, principal, target, named, AccessRight.APPEND_TO)


def _require_values(entity: type[Entity], values: Values) -> None:
    for name, value in values.items():
        column = entity.columns[name]
        is_key = isinstance(column, PrimaryKey) or name == entity.primary_key
        if value is None and (column.required or isinstance(column, State | Status)) and not is_key:
            raise ColumnRequired(entity, name)
