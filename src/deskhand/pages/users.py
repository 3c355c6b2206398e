"""People, and what they may do. For System Administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.security import Role, RolePrivilege, SystemUser, SystemUserRole
from deskhand.entities.signing_in import SignInSession, UserPassword
from deskhand.identity.accounts import create_user
from deskhand.identity.audit import Thing, note
from deskhand.identity.passwords import new_password_hash, set_password
from deskhand.identity.roles import BUILT_IN_ROLES, assign_role
from deskhand.identity.sessions import LINK_LIFETIME, link_address
from deskhand.identity.users import person, set_disabled, sign_in_code, take_role
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.errors import BadParameter, NotFound
from deskhand.pages.lists import contains
from deskhand.pages.session import require_administrator
from deskhand.pages.sharing import PersonRow, person_row

_U = SystemUser.c
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person.

    Attributes:
        id: Their ``systemuserid``.
        name: Their name for people.
        sign_in_name: Their sign-in name.
        roles: The names of their roles.
        disabled: Whether they may not sign in.
        has_password: Whether they have a password; others sign in by link.
        last_seen: When a browser of theirs that is signed in was last used.
        created_on: When they were added.
    """

    id: UUID
    name: str
    sign_in_name: str
    roles: tuple[str, ...]
    disabled: bool
    has_password: bool
    last_seen: datetime | None
    created_on: datetime


@dataclass(frozen=True, slots=True)
class UserList:
    """People.

    Attributes:
        items: The people, by sign-in name.
        complete: Whether these are all.
    """

    items: tuple[UserRow, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to add.

    Attributes:
        sign_in_name: Their sign-in name.
        name: Their name for people; the sign-in name where it is left out.
        roles: The names of the roles to give.
    """

    sign_in_name: str
    name: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreatedUser:
    """A person who was added.

    Attributes:
        id: Their ``systemuserid``.
    """

    id: UUID


@dataclass(frozen=True, slots=True)
class UserChange:
    """What shall be different about a person; what is left out stays.

    Attributes:
        name: Their name for people.
        disabled: Whether they may not sign in.
    """

    name: str | None = None
    disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class SignInLinkMade:
    """A link that signs a person in, once.

    Attributes:
        address: The link; it is shown this once.
        expires_on: Until when it works.
    """

    address: str
    expires_on: datetime


@dataclass(frozen=True, slots=True)
class PasswordToSet:
    """A password that an administrator sets.

    Attributes:
        password: The password.
    """

    password: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A security role.

    Attributes:
        id: The role.
        name: Its name.
        description: What its holders may do.
        users: How many users and applications hold it.
        privileges: How far each of its privileges reaches, by name.
    """

    id: UUID
    name: str
    description: str
    users: int
    privileges: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RoleList:
    """Security roles.

    Attributes:
        items: The roles, by name.
    """

    items: tuple[RoleRow, ...]


@endpoint("GET", "/users")
def users(context: PageContext, *, search: str | None = None) -> UserList:
    """List people by sign-in name.

    Args:
        search: Only people whose name or sign-in name holds this text.
    """
    require_administrator(context)
    seen = (
        sa.select(sa.func.max(SignInSession.c.lastusedon))
        .where(SignInSession.c.systemuserid == _U.systemuserid)
        .scalar_subquery()
    )
    query = (
        sa.select(
            SystemUser.table,
            UserPassword.c.systemuserid.is_not(None).label("has_password"),
            seen.label("last_seen"),
        )
        .outerjoin(UserPassword.table, UserPassword.c.systemuserid == _U.systemuserid)
        .where(_U.applicationid.is_(None))
    )
    if search:
        query = query.where(
            sa.or_(contains(_U.domainname, search.strip()), contains(_U.fullname, search.strip()))
        )
    rows = context.tx.execute(query.order_by(sa.func.lower(_U.domainname)).limit(_MOST + 1)).mappings().all()
    held = roles_of(context, [row["systemuserid"] for row in rows])
    return UserList(
        tuple(
            UserRow(
                row["systemuserid"],
                row["fullname"] or row["domainname"],
                row["domainname"],
                held.get(row["systemuserid"], ()),
                bool(row["isdisabled"]),
                bool(row["has_password"]),
                row["last_seen"],
                row["createdon"],
            )
            for row in rows[:_MOST]
        ),
        len(rows) <= _MOST,
    )


@endpoint("POST", "/users")
def add_user(context: PageContext, *, body: NewUser) -> CreatedUser:
    """Add a person. They sign in by a link, and then set a password.

    Args:
        body: Who they are.
    """
    require_administrator(context)
    name = body.sign_in_name.strip()
    if not 1 <= len(name) <= 100 or len(body.name) > 200:
        raise BadParameter("body.signInName", "takes 1 to 100 characters, and a name 200.")
    user_id = create_user(
        context.tx, body.name.strip() or name, name, roles=body.roles, by=context.principal.user_id
    )
    thing = Thing(SystemUser.logical_name, user_id, name)
    note(context.tx, context.actor, "added a user", thing, roles=body.roles)
    return CreatedUser(user_id)


@endpoint("PATCH", "/users/{user_id}")
def change_user(context: PageContext, *, user_id: UUID, body: UserChange) -> None:
    """Change a person's name, or whether they may sign in; one who is disabled is signed out everywhere.

    Args:
        user_id: The person.
        body: What shall be different.
    """
    require_administrator(context)
    thing = _thing(context, user_id)
    if body.name is not None:
        if not 1 <= len(body.name.strip()) <= 200:
            raise BadParameter("body.name", "takes 1 to 200 characters.")
        values = {
            "fullname": body.name.strip(),
            "modifiedon": context.now,
            "versionnumber": context.tx.next_version(),
        }
        context.tx.execute(sa.update(SystemUser.table).where(_U.systemuserid == user_id).values(values))
        note(context.tx, context.actor, "renamed a user", thing, name=body.name.strip())
    if body.disabled is not None:
        set_disabled(context.tx, user_id, body.disabled)
        note(context.tx, context.actor, "disabled a user" if body.disabled else "enabled a user", thing)


@endpoint("POST", "/users/{user_id}/link")
def make_link(context: PageContext, *, user_id: UUID) -> SignInLinkMade:
    """Make a link that signs a person in, once and within 10 minutes.

    Args:
        user_id: The person.
    """
    require_administrator(context)
    note(context.tx, context.actor, "made a sign-in link", _thing(context, user_id))
    code = sign_in_code(context.tx, person(context.tx, user_id))
    return SignInLinkMade(link_address(context.base_url, code), context.now + LINK_LIFETIME)


def _hash(preparation: Preparation, body: PasswordToSet) -> str:
    return new_password_hash(body.password, "")


@endpoint("PUT", "/users/{user_id}/password", prepare=_hash)
def set_user_password(context: PageContext, *, user_id: UUID, body: PasswordToSet, prepared: str) -> None:
    """Set a person's password; every browser of theirs is signed out.

    Args:
        user_id: The person.
        body: The password.
        prepared: Its hash.
    """
    require_administrator(context)
    thing = _thing(context, user_id)
    set_password(context.tx, user_id, prepared)
    note(context.tx, context.actor, "set a password", thing)


@endpoint("PUT", "/users/{user_id}/roles/{role}")
def give_role(context: PageContext, *, user_id: UUID, role: str) -> None:
    """Give a user or an application a role.

    Args:
        user_id: The ``systemuserid``.
        role: The role's name.
    """
    require_administrator(context)
    thing = _anybody(context, user_id)
    assign_role(context.tx, user_id, role)
    note(context.tx, context.actor, "gave a role", thing, role=role)


@endpoint("DELETE", "/users/{user_id}/roles/{role}")
def remove_role(context: PageContext, *, user_id: UUID, role: str) -> None:
    """Take a role from a user or an application.

    Args:
        user_id: The ``systemuserid``.
        role: The role's name.
    """
    require_administrator(context)
    thing = _anybody(context, user_id)
    take_role(context.tx, user_id, role)
    note(context.tx, context.actor, "took a role", thing, role=role)


@endpoint("GET", "/roles")
def roles(context: PageContext) -> RoleList:
    """List the security roles by name."""
    require_administrator(context)
    return RoleList(tuple(_roles(context)))


@dataclass(frozen=True, slots=True)
class RoleHolders:
    """Who holds a role.

    Attributes:
        items: The people and applications, by name, the first ones.
        complete: Whether these are all.
    """

    items: tuple[PersonRow, ...]
    complete: bool


@endpoint("GET", "/roles/{role_id}/holders")
def role_holders(context: PageContext, *, role_id: UUID) -> RoleHolders:
    """List who holds a role, by name.

    Args:
        role_id: The role.
    """
    require_administrator(context)
    if context.tx.execute(sa.select(Role.c.roleid).where(Role.c.roleid == role_id)).first() is None:
        raise NotFound("role", role_id)
    held = sa.select(SystemUserRole.c.systemuserid).where(SystemUserRole.c.roleid == role_id)
    query = sa.select(SystemUser.table).where(_U.systemuserid.in_(held))
    shown = sa.func.lower(sa.func.coalesce(_U.fullname, _U.domainname))
    rows = context.tx.execute(query.order_by(shown, _U.systemuserid).limit(_MOST + 1)).mappings().all()
    return RoleHolders(tuple(map(person_row, rows[:_MOST])), len(rows) <= _MOST)


def _roles(context: PageContext) -> Iterator[RoleRow]:
    docs = {role.id: role.doc for role in BUILT_IN_ROLES}
    privileges: dict[UUID, dict[str, int]] = {}
    c = RolePrivilege.c
    for role_id, name, depth in context.tx.execute(sa.select(c.roleid, c.privilegename, c.depth)):
        privileges.setdefault(role_id, {})[name] = depth
    held = sa.select(sa.func.count()).where(SystemUserRole.c.roleid == Role.c.roleid).scalar_subquery()
    query = sa.select(Role.c.roleid, Role.c.name, held).order_by(Role.c.name)
    for role_id, name, count in context.tx.execute(query):
        held_privileges = dict(sorted(privileges.get(role_id, {}).items()))
        yield RoleRow(role_id, name, docs.get(role_id, ""), count, held_privileges)


def roles_of(context: PageContext, user_ids: list[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Return the names of the roles of some users."""
    query = (
        sa.select(SystemUserRole.c.systemuserid, Role.c.name)
        .join(Role.table, Role.c.roleid == SystemUserRole.c.roleid)
        .where(SystemUserRole.c.systemuserid.in_(user_ids))
        .order_by(Role.c.name)
    )
    held: dict[UUID, tuple[str, ...]] = {}
    for user_id, name in context.tx.execute(query):
        held[user_id] = (*held.get(user_id, ()), name)
    return held


def _thing(context: PageContext, user_id: UUID) -> Thing:
    return Thing(SystemUser.logical_name, user_id, person(context.tx, user_id)["domainname"])


def _anybody(context: PageContext, user_id: UUID) -> Thing:
    query = sa.select(_U.domainname).where(_U.systemuserid == user_id)
    name = context.tx.execute(query).scalar()
    # Somebody who is not there is told as a person would be.
    return _thing(context, user_id) if name is None else Thing(SystemUser.logical_name, user_id, name)
