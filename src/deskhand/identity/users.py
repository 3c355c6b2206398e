"""Looking after people: who they are, whether they may sign in, which roles they hold."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.security import SystemUser, SystemUserRole
from deskhand.identity.errors import LastAdministrator, UnknownUser, UserDisabled
from deskhand.identity.roles import SYSTEM_ADMINISTRATOR, remove_role
from deskhand.identity.sessions import create_link_code, end_sessions_of
from deskhand.store.database import Transaction

_USER = sa.select(
    SystemUser.c.systemuserid,
    SystemUser.c.domainname,
    SystemUser.c.fullname,
    SystemUser.c.isdisabled,
    SystemUser.c.applicationid,
)


def person(tx: Transaction, user_id: UUID) -> sa.RowMapping:
    """Return a person's row by their id.

    Raises:
        UnknownUser: There is none, or it is an application.
    """
    return _person(tx, SystemUser.c.systemuserid == user_id, user_id)


def person_named(tx: Transaction, sign_in_name: str) -> sa.RowMapping:
    """Return a person's row by their sign-in name, in any case.

    Raises:
        UnknownUser: There is none, or it is an application.
    """
    return _person(tx, sa.func.lower(SystemUser.c.domainname) == sign_in_name.lower(), sign_in_name)


def _person(tx: Transaction, found: sa.ColumnElement[bool], named: object) -> sa.RowMapping:
    row = tx.execute(_USER.where(found, SystemUser.c.applicationid.is_(None))).mappings().first()
    if row is None:
        raise UnknownUser(named)
    return row


def sign_in_code(tx: Transaction, user: sa.RowMapping) -> str:
    """Return the code of a new one-time link for a person.

    Raises:
        UserDisabled: They may not sign in.
    """
    if user["isdisabled"]:
        raise UserDisabled(user["domainname"])
    return create_link_code(tx, user["systemuserid"])


def set_disabled(tx: Transaction, user_id: UUID, disabled: bool) -> None:
    """Let a user sign in no more, or again; one who is disabled is signed out everywhere.

    Raises:
        LastAdministrator: Nobody else could look after the installation.
    """
    if disabled:
        require_other_administrator(tx, user_id)
        end_sessions_of(tx, user_id)
    changes = {"isdisabled": disabled, "modifiedon": tx.now, "versionnumber": tx.next_version()}
    tx.execute(sa.update(SystemUser.table).where(SystemUser.c.systemuserid == user_id).values(changes))


def take_role(tx: Transaction, user_id: UUID, role_name: str) -> None:
    """Take a role from a user.

    Raises:
        UnknownRole: There is no such role.
        LastAdministrator: Nobody else could look after the installation.
    """
    if role_name.casefold() == SYSTEM_ADMINISTRATOR.name.casefold():
        require_other_administrator(tx, user_id)
    remove_role(tx, user_id, role_name)


def require_other_administrator(tx: Transaction, user_id: UUID) -> None:
    """Make sure that somebody else can look after the installation, if this user does.

    Raises:
        LastAdministrator: Nobody could.
    """
    held = SystemUserRole.c
    administrators = set(
        tx.execute(
            sa.select(SystemUser.c.systemuserid)
            .join(SystemUserRole.table, held.systemuserid == SystemUser.c.systemuserid)
            .where(
                held.roleid == SYSTEM_ADMINISTRATOR.id,
                ~SystemUser.c.isdisabled,
                SystemUser.c.applicationid.is_(None),
            )
        ).scalars()
    )
    if administrators == {user_id}:
        raise LastAdministrator(person(tx, user_id)["domainname"])
