"""Sharing of rows: with whom, as what, and who reaches a row without any share.

Source: dataverse-api 9.6 and 12, machines-and-runs 1.8 and 7.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight, Depth, Entity
from deskhand.entities.security import (
    PrincipalObjectAccess,
    Role,
    RolePrivilege,
    SystemUser,
    SystemUserRole,
)
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.identity.principals import Principal
from deskhand.records.errors import AccessDenied, ObjectDoesNotExist, OwnerNeedsNoShare, Row
from deskhand.records.security import ACCESS_FLAGS, has_access, require_access, share, within
from deskhand.store.database import Transaction

_S = PrincipalObjectAccess.c
_MOST_INHERITED = 100


class SharingLevel(StrEnum):
    """As what something is shared."""

    CO_OWNER = "coOwner"
    CAN_SHARE = "canShare"
    USER = "user"


RIGHTS: Mapping[SharingLevel, tuple[AccessRight, ...]] = {
    SharingLevel.CO_OWNER: (
        AccessRight.READ,
        AccessRight.WRITE,
        AccessRight.APPEND,
        AccessRight.APPEND_TO,
        AccessRight.DELETE,
        AccessRight.SHARE,
    ),
    SharingLevel.CAN_SHARE: (AccessRight.READ, AccessRight.SHARE),
    SharingLevel.USER: (AccessRight.READ,),
}
"""What each level gives, the most first."""


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody with whom a row is shared.

    Attributes:
        user_id: Their ``systemuserid``.
        mask: Their rights, as the sum of their flags.
    """

    user_id: UUID
    mask: int

    @property
    def level(self) -> SharingLevel | None:
        """Return the level whose rights these are; None for a choice of rights that is none of them."""
        return next((level for level in SharingLevel if mask_of(level) == self.mask), None)


@dataclass(frozen=True, slots=True)
class Inherited:
    """Somebody whom a role lets reach a row.

    Attributes:
        user_id: Their ``systemuserid``.
        role: The role's name.
        may_write: Whether they may change the row, too.
    """

    user_id: UUID
    role: str
    may_write: bool


def mask_of(level: SharingLevel) -> int:
    """Return a level's rights as the sum of their flags."""
    return sum(ACCESS_FLAGS[right] for right in RIGHTS[level])


def rights_of(mask: int) -> tuple[AccessRight, ...]:
    """Return the rights of a sum of flags."""
    return tuple(right for right, flag in ACCESS_FLAGS.items() if mask & flag)


def grant(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    row: Row,
    user_id: UUID,
    mask: int,
    *,
    besides: int = 0,
) -> None:
    """Give somebody rights on a row for a caller, in place of what they were given before.

    Args:
        tx: The open transaction.
        principal: The caller, who may share what they may do themselves.
        entity: The row's table.
        row: The row, with its primary key, ``ownerid`` and ``owningbusinessunit``.
        user_id: With whom it is shared.
        mask: Their rights, as the sum of their flags.
        besides: Rights that they were given before and keep.

    Raises:
        PrivilegeDenied: The caller may share no such rows.
        AccessDenied: The caller may not share this row, or not with such rights.
        ObjectDoesNotExist: There is no such user.
        OwnerNeedsNoShare: The row is theirs.
    """
    require_access(tx, principal, entity, row, AccessRight.SHARE)
    for right in rights_of(mask):
        if not has_access(tx, principal, entity, row, right):
            raise AccessDenied(principal, entity, row, right)
    known = sa.select(SystemUser.c.systemuserid).where(SystemUser.c.systemuserid == user_id)
    if tx.execute(known).first() is None:
        raise ObjectDoesNotExist(SystemUser, user_id)
    if row["ownerid"] == user_id:
        raise OwnerNeedsNoShare
    share(tx, entity, row[entity.primary_key], user_id, mask | besides)


def revoke(tx: Transaction, principal: Principal, entity: type[Entity], row: Row, user_id: UUID) -> None:
    """Take away what somebody was given on a row; one may always give up one's own.

    Raises:
        PrivilegeDenied: The caller may share no such rows.
        AccessDenied: The caller may not share this row.
    """
    if user_id != principal.user_id:
        require_access(tx, principal, entity, row, AccessRight.SHARE)
    share(tx, entity, row[entity.primary_key], user_id, 0)


def shares_of(tx: Transaction, row_id: UUID) -> tuple[Share, ...]:
    """Return with whom a row is shared."""
    query = sa.select(_S.principalid, _S.accessmask).where(_S.objectid == row_id)
    return tuple(Share(user_id, mask) for user_id, mask in tx.execute(query))


def copy_shares(tx: Transaction, from_id: UUID, entity: type[Entity], row_id: UUID) -> None:
    """Share a row with the same people as another one, and with nobody else."""
    tx.execute(sa.delete(PrincipalObjectAccess.table).where(_S.objectid == row_id))
    for one in shares_of(tx, from_id):
        share(tx, entity, row_id, one.user_id, one.mask)


def inherited(tx: Transaction, entity: type[Entity], row: Row) -> tuple[Inherited, ...]:
    """Return those whom a role lets reach a row that is not theirs, by the role that lets them do most.

    Args:
        tx: The open transaction.
        entity: The row's table.
        row: The row, with its primary key, ``ownerid`` and ``owningbusinessunit``.
    """
    found: dict[UUID, Inherited] = {}
    for one in _held(tx, entity, row):
        known = found.get(one.user_id)
        if known is None or (one.may_write and not known.may_write):
            found[one.user_id] = one
    return tuple(found.values())[:_MOST_INHERITED]


def _held(tx: Transaction, entity: type[Entity], row: Row) -> Iterator[Inherited]:
    read, write = (entity.privilege(right).name for right in (AccessRight.READ, AccessRight.WRITE))
    query = (
        sa.select(SystemUserRole.c.systemuserid, Role.c.roleid, Role.c.name, RolePrivilege.c.depth)
        .join(Role.table, Role.c.roleid == SystemUserRole.c.roleid)
        .join(RolePrivilege.table, RolePrivilege.c.roleid == Role.c.roleid)
        .join(SystemUser.table, SystemUser.c.systemuserid == SystemUserRole.c.systemuserid)
        .where(
            RolePrivilege.c.privilegename == read,
            RolePrivilege.c.depth > int(Depth.BASIC),
            SystemUserRole.c.systemuserid != row["ownerid"],
            sa.or_(SystemUser.c.isdisabled.is_(None), SystemUser.c.isdisabled.is_(False)),
        )
        .order_by(SystemUser.c.domainname, Role.c.name)
    )
    writing = sa.select(RolePrivilege.c.roleid, RolePrivilege.c.depth).where(
        RolePrivilege.c.privilegename == write
    )
    depths = {role_id: Depth(depth) for role_id, depth in tx.execute(writing)}
    for user_id, role_id, role, depth in tx.execute(query).all():
        person = _principal(tx, user_id)
        if person is None or not within(tx, person, entity, row, Depth(depth)):
            continue
        may_write = role_id in depths and within(tx, person, entity, row, depths[role_id])
        yield Inherited(user_id, role, may_write)


def _principal(tx: Transaction, user_id: UUID) -> Principal | None:
    try:
        return load_principal(tx, user_id)
    except UserNotMember:
        return None
