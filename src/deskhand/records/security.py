"""Who may do what with which row. Source: dataverse-api 12."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.declare import AccessRight, Depth, Entity, Ownership
from deskhand.entities.security import BusinessUnit, PrincipalObjectAccess
from deskhand.identity.principals import Principal
from deskhand.records.errors import AccessDenied, PrivilegeDenied, Row
from deskhand.store.database import Transaction

ACCESS_FLAGS: Mapping[AccessRight, int] = {
    AccessRight.READ: 1,
    AccessRight.WRITE: 2,
    AccessRight.APPEND: 4,
    AccessRight.APPEND_TO: 16,
    AccessRight.CREATE: 32,
    AccessRight.DELETE: 65_536,
    AccessRight.SHARE: 262_144,
    AccessRight.ASSIGN: 524_288,
}
"""The flags of a share's access mask. Source: dataverse-api 9.6."""

_SHARES = PrincipalObjectAccess.c

_RIGHTS_OF_CO_OWNERS = (AccessRight.READ, AccessRight.WRITE)
"""What a flow's co-owners may do with its runs: see and cancel them. Source: machines-and-runs 7.2."""

_SHARED_MASK = sa.select(_SHARES.accessmask).where(
    _SHARES.objectid == sa.bindparam("row_id"), _SHARES.principalid == sa.bindparam("user_id")
)


def require_privilege(principal: Principal, entity: type[Entity], right: AccessRight) -> Depth:
    """Make sure that a caller holds a privilege on a table at all, and return how far it reaches.

    Raises:
        PrivilegeDenied: No role gives it.
    """
    privilege = entity.privilege(right)
    depth = principal.depth(privilege.name)
    if depth is None:
        raise PrivilegeDenied(principal, privilege, entity)
    return depth


def require_access(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    row: Row,
    right: AccessRight,
) -> None:
    """Make sure that a caller may do something with one row.

    Args:
        tx: The open transaction.
        principal: The caller.
        entity: The row's table.
        row: The row, with its primary key, ``ownerid`` and ``owningbusinessunit``.
        right: What the caller wants to do.

    Raises:
        PrivilegeDenied: No role gives the privilege.
        AccessDenied: The privilege does not reach the row, and nobody shared it.
    """
    require_privilege(principal, entity, right)
    if not has_access(tx, principal, entity, row, right):
        raise AccessDenied(principal, entity, row, right)


def has_access(
    tx: Transaction, principal: Principal, entity: type[Entity], row: Row, right: AccessRight
) -> bool:
    """Return whether somebody may do something with one row; :func:`require_access` names the arguments."""
    depth = principal.depth(entity.privilege(right).name)
    if depth is None:
        return False
    if within(tx, principal, entity, row, depth):
        return True
    if shared_mask(tx, principal, row[entity.primary_key]) & ACCESS_FLAGS[right]:
        return True
    return _is_co_owned(tx, principal, entity, row[entity.primary_key], right)


def within(tx: Transaction, principal: Principal, entity: type[Entity], row: Row, depth: Depth) -> bool:
    """Return whether a row is among those that a depth means to a user; no share counts here."""
    return entity.ownership is Ownership.ORGANIZATION or _reaches(tx, principal, row, depth)


def visible(
    principal: Principal, entity: type[Entity], right: AccessRight = AccessRight.READ
) -> sa.ColumnElement[bool] | None:
    """Return the condition that holds for the rows a caller reaches; None if that is all of them.

    Raises:
        PrivilegeDenied: No role gives the privilege.
    """
    depth = require_privilege(principal, entity, right)
    if depth is Depth.GLOBAL or entity.ownership is Ownership.ORGANIZATION:
        return None
    conditions = [
        _within(principal, entity, depth),
        entity.c[entity.primary_key].in_(shared_rows(principal, right)),
    ]
    if entity.co_owned_by is not None and right in _RIGHTS_OF_CO_OWNERS:
        conditions.append(entity.c[entity.co_owned_by].in_(shared_rows(principal, AccessRight.WRITE)))
    return sa.or_(*conditions)


def shared_rows(principal: Principal, right: AccessRight) -> sa.Select[tuple[UUID]]:
    """Return the ids of the rows, of whatever table, on which somebody was given a right by a share."""
    return sa.select(_SHARES.objectid).where(
        _SHARES.principalid == principal.user_id,
        _SHARES.accessmask.op("&")(ACCESS_FLAGS[right]) != 0,
    )


def share(tx: Transaction, entity: type[Entity], row_id: UUID, user_id: UUID, mask: int) -> None:
    """Give a user rights on one row, in place of those that were shared before; 0 takes them away.

    Args:
        tx: The open transaction.
        entity: The row's table.
        row_id: The row.
        user_id: With whom it is shared.
        mask: The sum of :data:`ACCESS_FLAGS`.
    """
    this_share = sa.and_(_SHARES.objectid == row_id, _SHARES.principalid == user_id)
    tx.execute(sa.delete(PrincipalObjectAccess.table).where(this_share))
    if mask:
        row = {
            "principalobjectaccessid": new_id(),
            "objectid": row_id,
            "objecttype": entity.logical_name,
            "principalid": user_id,
            "accessmask": mask,
        }
        tx.execute(sa.insert(PrincipalObjectAccess.table), row)


def _within(principal: Principal, entity: type[Entity], depth: Depth) -> sa.ColumnElement[bool]:
    own = entity.c.ownerid == principal.user_id
    unit = entity.c.owningbusinessunit
    if depth is Depth.LOCAL:
        return sa.or_(own, unit == principal.business_unit_id)
    if depth is Depth.DEEP:
        return sa.or_(own, unit.in_(_units_from(principal.business_unit_id)))
    return own


def _reaches(tx: Transaction, principal: Principal, row: Row, depth: Depth) -> bool:
    if depth is Depth.GLOBAL or row["ownerid"] == principal.user_id:
        return True
    unit = row["owningbusinessunit"]
    if depth is Depth.BASIC or unit is None:
        return False
    if depth is Depth.LOCAL or unit == principal.business_unit_id:
        return bool(unit == principal.business_unit_id)
    return unit in tx.execute(_units_from(principal.business_unit_id)).scalars().all()


def shared_mask(tx: Transaction, principal: Principal, row_id: UUID) -> int:
    """Return the rights on a row that were shared with somebody, as the sum of :data:`ACCESS_FLAGS`."""
    mask: int | None = tx.execute(
        _SHARED_MASK, {"row_id": row_id, "user_id": principal.user_id}
    ).scalar_one_or_none()
    return mask or 0


def _is_co_owned(
    tx: Transaction, principal: Principal, entity: type[Entity], row_id: UUID, right: AccessRight
) -> bool:
    """Return whether a row belongs to something that is shared with somebody as co-owner."""
    if entity.co_owned_by is None or right not in _RIGHTS_OF_CO_OWNERS:
        return False
    co_owned = entity.c[entity.co_owned_by].in_(shared_rows(principal, AccessRight.WRITE))
    query = sa.select(entity.c[entity.primary_key]).where(entity.c[entity.primary_key] == row_id, co_owned)
    return tx.execute(query).first() is not None


def _units_from(unit_id: UUID) -> sa.Select[tuple[UUID]]:
    """Return a business unit and those below it; units in a circle are each found once."""
    start = sa.select(BusinessUnit.c.businessunitid).where(BusinessUnit.c.businessunitid == unit_id)
    found = start.cte("units", recursive=True)
    below = sa.select(BusinessUnit.c.businessunitid).where(
        BusinessUnit.c.parentbusinessunitid == found.c.businessunitid
    )
    return sa.select(found.union(below).c.businessunitid)
