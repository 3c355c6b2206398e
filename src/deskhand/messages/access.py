"""The messages that share rows, and tell with whom they are shared. Source: dataverse-api 9.6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from deskhand.entities.declare import Ownership
from deskhand.entities.security import SystemUser
from deskhand.identity.accounts import load_principal
from deskhand.identity.audit import Actor, Thing, note
from deskhand.identity.errors import UserNotMember
from deskhand.messages.declare import FUNCTION, MessageContext, Row, message, pascal
from deskhand.messages.errors import NotShareable, ShareWithNobody
from deskhand.messages.values import AccessRights, AnyRow, complex_type
from deskhand.records.security import ACCESS_FLAGS, has_access
from deskhand.records.service import retrieve
from deskhand.records.sharing import grant, revoke, shares_of


@complex_type
@dataclass(frozen=True, slots=True)
class PrincipalAccess:
    """What somebody may do with a row.

    Attributes:
        access_mask: The rights.
        principal: Who has them: a user or an application.
    """

    access_mask: AccessRights
    principal: AnyRow


@dataclass(frozen=True, slots=True)
class RetrieveSharedPrincipalsAndAccessResponse:
    """With whom a row is shared."""

    principal_accesses: tuple[PrincipalAccess, ...]


@dataclass(frozen=True, slots=True)
class RetrievePrincipalAccessResponse:
    """What somebody may do with a row, by role, ownership and share together."""

    access_rights: AccessRights


@message("GrantAccess", naming=pascal)
def grant_access(context: MessageContext, *, target: AnyRow, principal_access: PrincipalAccess) -> None:
    """Share a row with somebody; rights that were shared before stay.

    Args:
        target: The row.
        principal_access: Who gets which rights.
    """
    row = _target(context, target)
    user = _user("GrantAccess", principal_access.principal)
    before = next((one.mask for one in shares_of(context.tx, target.id) if one.user_id == user.id), 0)
    added = int(principal_access.access_mask)
    grant(context.tx, context.principal, target.entity, row, user.id, added, besides=before)
    _note(context, target, row, user, "shared a row", AccessRights(added | before))


@message("ModifyAccess", naming=pascal)
def modify_access(context: MessageContext, *, target: AnyRow, principal_access: PrincipalAccess) -> None:
    """Share a row with somebody, in place of the rights that were shared before.

    Args:
        target: The row.
        principal_access: Who gets which rights.
    """
    row = _target(context, target)
    user = _user("ModifyAccess", principal_access.principal)
    rights = principal_access.access_mask
    grant(context.tx, context.principal, target.entity, row, user.id, int(rights))
    _note(context, target, row, user, "shared a row", rights)


@message("RevokeAccess", naming=pascal)
def revoke_access(context: MessageContext, *, target: AnyRow, revokee: AnyRow) -> None:
    """Share a row with somebody no longer; one may always give up one's own share.

    Args:
        target: The row.
        revokee: Who loses the rights that were shared.
    """
    row = _target(context, target)
    user = _user("RevokeAccess", revokee)
    revoke(context.tx, context.principal, target.entity, row, user.id)
    _note(context, target, row, user, "stopped sharing a row", None)


@message("RetrieveSharedPrincipalsAndAccess", kind=FUNCTION, naming=pascal)
def retrieve_shared_principals_and_access(
    context: MessageContext, *, target: AnyRow
) -> RetrieveSharedPrincipalsAndAccessResponse:
    """Tell with whom a row is shared, and with which rights.

    Args:
        target: The row.
    """
    _target(context, target)
    shares = sorted(shares_of(context.tx, target.id), key=lambda one: str(one.user_id))
    return RetrieveSharedPrincipalsAndAccessResponse(
        tuple(PrincipalAccess(AccessRights(one.mask), AnyRow(SystemUser, one.user_id)) for one in shares)
    )


@message("RetrievePrincipalAccess", bound_to=SystemUser, kind=FUNCTION, naming=pascal)
def retrieve_principal_access(
    context: MessageContext, user: Row, *, target: AnyRow
) -> RetrievePrincipalAccessResponse:
    """Tell what a user may do with a row, whatever gives them that.

    Args:
        target: The row.
    """
    row = _target(context, target, is_shared=False)
    try:
        principal = load_principal(context.tx, user["systemuserid"])
    except UserNotMember:
        return RetrievePrincipalAccessResponse(AccessRights(0))
    held = (
        ACCESS_FLAGS[one.right]
        for one in target.entity.privileges()
        if has_access(context.tx, principal, target.entity, row, one.right)
    )
    return RetrievePrincipalAccessResponse(AccessRights(sum(held)))


def _target(context: MessageContext, target: AnyRow, *, is_shared: bool = True) -> Mapping[Any, Any]:
    """Return the row, which the caller has to see, of a table whose rows are shared."""
    if is_shared and target.entity.ownership is not Ownership.USER:
        raise NotShareable(target.entity.logical_name)
    row: Mapping[Any, Any] = retrieve(
        context.tx, context.principal, target.entity, target.id, include_unpublished=True
    )
    return row


def _user(message_name: str, principal: AnyRow) -> AnyRow:
    if principal.entity is not SystemUser:
        raise ShareWithNobody(message_name, principal.entity.logical_name)
    return principal


def _note(
    context: MessageContext,
    target: AnyRow,
    row: Mapping[Any, Any],
    user: AnyRow,
    act: str,
    rights: AccessRights | None,
) -> None:
    name = row.get(target.entity.primary_name) if target.entity.primary_name else None
    whom = sa.select(SystemUser.c.domainname).where(SystemUser.c.systemuserid == user.id)
    details = {} if rights is None else {"rights": ", ".join(one.name or "" for one in rights)}
    actor = Actor(context.principal.name, context.principal.user_id)
    thing = Thing(target.entity.logical_name, target.id, name)
    note(context.tx, actor, act, thing, user=context.tx.execute(whom).scalar(), **details)
