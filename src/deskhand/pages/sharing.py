"""The share pane: who may do what with a flow, a machine, a group, a connection. Source: experience 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_editing import connection_row, share_connection
from deskhand.entities.credential import Credential
from deskhand.entities.declare import AccessRight, Entity
from deskhand.entities.flowmachine import Connection, ConnectionReference, FlowMachine, FlowMachineGroup
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Workflow
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.connections import administers
from deskhand.orchestrator.sharing import grant, revoke, shared_group
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.pages.lists import contains
from deskhand.records.security import has_access, require_privilege
from deskhand.records.service import retrieve
from deskhand.records.sharing import Share, SharingLevel, inherited, mask_of, shares_of

_U = SystemUser.c
_MOST_FOUND = 20
_NAME_COLUMNS: Mapping[type[Entity], str] = {
    Workflow: "name",
    FlowMachine: "name",
    FlowMachineGroup: "name",
    ConnectionReference: "connectionreferencelogicalname",
    Credential: "name",
}


class Shared(StrEnum):
    """What can be shared."""

    FLOW = "flow"
    MACHINE = "machine"
    GROUP = "group"
    REFERENCE = "reference"
    CREDENTIAL = "credential"
    CONNECTION = "connection"


_ENTITIES: Mapping[Shared, type[Entity]] = {
    Shared.FLOW: Workflow,
    Shared.MACHINE: FlowMachine,
    Shared.GROUP: FlowMachineGroup,
    Shared.REFERENCE: ConnectionReference,
    Shared.CREDENTIAL: Credential,
}
_LEVELS: Mapping[Shared, tuple[SharingLevel, ...]] = {
    Shared.FLOW: (SharingLevel.CO_OWNER, SharingLevel.USER),
    Shared.MACHINE: tuple(SharingLevel),
    Shared.GROUP: tuple(SharingLevel),
    Shared.REFERENCE: (SharingLevel.CO_OWNER, SharingLevel.USER),
    Shared.CREDENTIAL: tuple(SharingLevel),
    Shared.CONNECTION: (SharingLevel.USER,),
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody with whom something can be shared.

    Attributes:
        id: Their ``systemuserid``.
        name: Their name for people.
        sign_in_name: Their sign-in name.
        is_application: Whether it is an application.
        disabled: Whether they may not sign in.
    """

    id: UUID
    name: str
    sign_in_name: str
    is_application: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class PersonList:
    """People and applications.

    Attributes:
        items: The first ones, by name.
    """

    items: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Somebody with whom something is shared.

    Attributes:
        person: Who.
        level: As what; null for a choice of rights that is none of the levels.
    """

    person: PersonRow
    level: SharingLevel | None


@dataclass(frozen=True, slots=True)
class InheritedRow:
    """Somebody who reaches something without a share.

    Attributes:
        person: Who.
        role: The role that lets them.
        may_write: Whether they may change it, too.
    """

    person: PersonRow
    role: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what with something.

    Attributes:
        name: Its name.
        owner: Whose it is.
        shares: With whom it is shared, by name.
        inherited: Who reaches it by a role.
        levels: As what it can be shared.
        can_share: Whether the caller may share it.
        group_id: The machine group whose shares count in its place.
        group: That group's name.
    """

    name: str
    owner: PersonRow | None
    shares: tuple[ShareRow, ...]
    inherited: tuple[InheritedRow, ...]
    levels: tuple[SharingLevel, ...]
    can_share: bool
    group_id: UUID | None
    group: str | None


@dataclass(frozen=True, slots=True)
class NewShare:
    """As what something is shared with somebody.

    Attributes:
        level: As what.
    """

    level: SharingLevel


@endpoint("GET", "/people")
def people(context: PageContext, *, search: str = "") -> PersonList:
    """Find people and applications to share something with.

    Args:
        search: Only those whose name, sign-in name or mail address holds this text.
    """
    require_privilege(context.principal, SystemUser, AccessRight.READ)
    query = sa.select(SystemUser.table).where(sa.or_(_U.isdisabled.is_(None), _U.isdisabled.is_(False)))
    if search.strip():
        texts = (_U.fullname, _U.domainname, _U.internalemailaddress)
        query = query.where(sa.or_(*(contains(one, search.strip()) for one in texts)))
    shown = sa.func.lower(sa.func.coalesce(_U.fullname, _U.domainname))
    rows = context.tx.execute(query.order_by(shown, _U.systemuserid).limit(_MOST_FOUND)).mappings()
    return PersonList(tuple(map(person_row, rows)))


@endpoint("GET", "/access/{kind}/{row_id}")
def access_to(context: PageContext, *, kind: Shared, row_id: UUID) -> Access:
    """Tell who may do what with something that the caller sees.

    Args:
        kind: What it is.
        row_id: Its id.
    """
    if kind is Shared.CONNECTION:
        return _connection_access(context, row_id)
    entity = _ENTITIES[kind]
    row = _row(context, kind, row_id)
    group = shared_group(context.tx, row) if kind is Shared.MACHINE else None
    by_role = inherited(context.tx, entity, row)
    shares = shares_of(context.tx, row_id)
    known = people_by_id(
        context, [row["ownerid"], *(one.user_id for one in shares), *(one.user_id for one in by_role)]
    )
    may_share = has_access(context.tx, context.principal, entity, row, AccessRight.SHARE)
    return Access(
        name=row[_NAME_COLUMNS[entity]] or "",
        owner=known.get(row["ownerid"]),
        shares=tuple(_share_rows(shares, known)),
        inherited=tuple(
            InheritedRow(known[one.user_id], one.role, one.may_write)
            for one in by_role
            if one.user_id in known
        ),
        levels=_LEVELS[kind],
        can_share=may_share and group is None,
        group_id=group[0] if group else None,
        group=group[1] if group else None,
    )


@endpoint("PUT", "/access/{kind}/{row_id}/{user_id}")
def give_access(context: PageContext, *, kind: Shared, row_id: UUID, user_id: UUID, body: NewShare) -> None:
    """Share something with somebody, in place of what they could do with it before.

    Args:
        kind: What it is.
        row_id: Its id.
        user_id: The ``systemuserid`` of who gets it.
        body: As what.
    """
    if body.level not in _LEVELS[kind]:
        known = ", ".join(_LEVELS[kind])
        raise BadParameter("body.level", f"is ‘{body.level}’; a {kind} is shared as {known}.")
    if kind is Shared.CONNECTION:
        share_connection(context.tx, context.principal, row_id.hex, user_id)
        _note_share(context, kind, row_id, user_id, body.level)
        return
    row = _row(context, kind, row_id)
    grant(context.tx, context.principal, _ENTITIES[kind], row, user_id, mask_of(body.level))
    _note_share(context, kind, row_id, user_id, body.level)


@endpoint("DELETE", "/access/{kind}/{row_id}/{user_id}")
def take_access(context: PageContext, *, kind: Shared, row_id: UUID, user_id: UUID) -> None:
    """Share something with somebody no longer; one may always give up what one was given.

    Args:
        kind: What it is.
        row_id: Its id.
        user_id: The ``systemuserid`` of who has it.
    """
    if kind is Shared.CONNECTION:
        share_connection(context.tx, context.principal, row_id.hex, user_id, may_use=False)
    else:
        row = _row(context, kind, row_id)
        revoke(context.tx, context.principal, _ENTITIES[kind], row, user_id)
    _note_share(context, kind, row_id, user_id, None)


def _row(context: PageContext, kind: Shared, row_id: UUID) -> Mapping[str, Any]:
    return retrieve(context.tx, context.principal, _ENTITIES[kind], row_id, include_unpublished=True)


def _connection_access(context: PageContext, connection_id: UUID) -> Access:
    row = connection_row(context.tx, context.principal, connection_id.hex)
    shares = shares_of(context.tx, row["connectionid"])
    known = people_by_id(context, [row["ownerid"], *(one.user_id for one in shares)])
    is_owner = row["ownerid"] == context.principal.user_id
    return Access(
        name=row["displayname"] or row["name"],
        owner=known.get(row["ownerid"]),
        shares=tuple(_share_rows(shares, known)),
        inherited=(),
        levels=_LEVELS[Shared.CONNECTION],
        can_share=is_owner or administers(context.principal),
        group_id=None,
        group=None,
    )


def _share_rows(shares: Sequence[Share], known: Mapping[UUID, PersonRow]) -> Iterator[ShareRow]:
    there = [one for one in shares if one.user_id in known]
    for one in sorted(there, key=lambda share: known[share.user_id].name.casefold()):
        yield ShareRow(known[one.user_id], one.level)


def people_by_id(context: PageContext, ids: Sequence[UUID | None]) -> Mapping[UUID, PersonRow]:
    """Return people and applications by their ids."""
    query = sa.select(SystemUser.table).where(_U.systemuserid.in_({one for one in ids if one is not None}))
    return {row["systemuserid"]: person_row(row) for row in context.tx.execute(query).mappings()}


def person_row(row: sa.RowMapping) -> PersonRow:
    """Return somebody as lists show them."""
    return PersonRow(
        row["systemuserid"],
        row["fullname"] or row["domainname"],
        row["domainname"],
        row["applicationid"] is not None,
        bool(row["isdisabled"]),
    )


def _note_share(
    context: PageContext, kind: Shared, row_id: UUID, user_id: UUID, level: SharingLevel | None
) -> None:
    entity = Connection if kind is Shared.CONNECTION else _ENTITIES[kind]
    name_column = "displayname" if kind is Shared.CONNECTION else _NAME_COLUMNS[entity]
    query = sa.select(entity.c[name_column]).where(entity.c[entity.primary_key] == row_id).limit(1)
    thing = Thing(entity.logical_name, row_id, context.tx.execute(query).scalar())
    user = context.tx.execute(sa.select(_U.domainname).where(_U.systemuserid == user_id)).scalar()
    act = f"shared a {kind}" if level else f"stopped sharing a {kind}"
    note(context.tx, context.actor, act, thing, user=user, **({"level": level.value} if level else {}))
