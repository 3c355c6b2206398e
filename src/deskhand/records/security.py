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
    depth = require_privilege(principal, entity, right)
    if entity.ownership is Ownership.ORGANIZATION or _reaches(tx, principal, row, depth):
        return
    if not _shared_mask(tx, principal, row[entity.primary_key]) & ACCESS_FLAGS[right]:
        raise AccessDenied(principal, entity, row, right)


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
    shared = sa.select(_SHARES.objectid).where(
        _SHARES.principalid == principal.user_id,
        _SHARES.accessmask.op("&")(ACCESS_FLAGS[right]) != 0,
    )
    return sa.or_(_within(principal, entity, depth), entity.c[entity.primary_key].in_(shared))


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


def _shared_mask(tx: Transaction, principal: Principal, row_id: UUID) -> int:
    mask: int | None = tx.execute(
        _SHARED_MASK, {"row_id": row_id, "user_id": principal.user_id}
    ).scalar_one_or_none()
    return mask or 0


def _units_from(unit_id: UUID) -> sa.Select[tuple[UUID]]:
    """Return a business unit and those below it; units in a circle are each found once."""
    start = sa.select(BusinessUnit.c.businessunitid).where(BusinessUnit.c.businessunitid == unit_id)
    found = start.cte("units", recursive=True)
    below = sa.select(BusinessUnit.c.businessunitid).where(
        BusinessUnit.c.parentbusinessunitid == found.c.businessunitid
    )
    return sa.select(found.union(below).c.businessunitid)
