"""Who is signed in, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.security import Organization, Role, SystemUser, SystemUserRole
from deskhand.identity.audit import note
from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.errors import PasswordWrong
from deskhand.identity.passwords import new_password_hash, normal, password_hash, set_password
from deskhand.identity.roles import SYSTEM_ADMINISTRATOR
from deskhand.identity.sessions import end_session
from deskhand.identity.users import person
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.errors import NotAdministrator


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The caller.

    Attributes:
        id: Their ``systemuserid``.
        name: Their name for people.
        sign_in_name: Their sign-in name.
        mail: Their mail address.
        has_password: Whether they have set a password; somebody without one should.
    """

    id: UUID
    name: str
    sign_in_name: str
    mail: str | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """The settings that pages need.

    Attributes:
        culture: The culture in which flows write dates and read text.
        run_timeout_default: Seconds a run may take when nobody says otherwise.
        run_timeout_max: The longest timeout in seconds.
        queue_wait_max: Seconds a run may wait for a machine.
        inputs_max_bytes: Bytes of a run's inputs.
        upload_max_bytes: Bytes of an uploaded file.
    """

    culture: str
    run_timeout_default: int
    run_timeout_max: int
    queue_wait_max: int
    inputs_max_bytes: int
    upload_max_bytes: int


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """Who is signed in, and what they may do.

    Attributes:
        user: The caller.
        organization_id: The installation's id, the tenant.
        organization: Its name; it labels the environment.
        roles: The names of the caller's roles.
        is_administrator: Whether the caller looks after the installation.
        privileges: How far each of the caller's privileges reaches, by its name in lower case: 1 own rows, 2
            the unit's, 3 those of units below, 4 everybody's.
        settings: The settings that pages need.
        version: The server's version.
        now: The server's time.
    """

    user: SignedIn
    organization_id: UUID
    organization: str
    roles: tuple[str, ...]
    is_administrator: bool
    privileges: Mapping[str, int]
    settings: PortalSettings
    version: str
    now: datetime


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password to set.

    Attributes:
        password: The new one.
        current: The present one; not needed where there is none.
    """

    password: str
    current: str | None = None


@endpoint("GET", "/session")
def session(context: PageContext) -> SessionInfo:
    """Tell who is signed in, and what they may do."""
    principal, c = context.principal, SystemUser.c
    query = sa.select(c.domainname, c.internalemailaddress, c.fullname)
    row = context.tx.execute(query.where(c.systemuserid == principal.user_id)).one()
    organization = context.tx.execute(sa.select(Organization.c.name).limit(1)).scalar_one()
    roles = held_roles(context)
    return SessionInfo(
        user=SignedIn(
            principal.user_id,
            row.fullname or row.domainname,
            row.domainname,
            row.internalemailaddress,
            password_hash(context.tx, principal.user_id) is not None,
        ),
        organization_id=principal.organization_id,
        organization=organization,
        roles=roles,
        is_administrator=SYSTEM_ADMINISTRATOR.name in roles,
        privileges={name: int(depth) for name, depth in principal.privileges.items()},
        settings=_settings(context),
        version=context.about.version,
        now=context.now,
    )


def _settings(context: PageContext) -> PortalSettings:
    settings = context.settings
    return PortalSettings(
        settings.culture,
        settings.run_timeout_default,
        settings.run_timeout_max,
        settings.queue_wait_max,
        settings.inputs_max_bytes,
        # In a body it stands as base64, which makes three bytes four.
        settings.request_body_max_bytes // 4 * 3 - 4_096,
    )


@endpoint("DELETE", "/session")
def sign_out(context: PageContext) -> None:
    """Sign out: the browser's session ends, and so does every token that came from it."""
    if context.session_id is not None:
        end_session(context.tx, context.session_id)
        note(context.tx, context.actor, "signed out")


def _checked_password(preparation: Preparation, body: NewPassword) -> str:
    """Return the hash of a new password, if the caller knows the present one."""
    user_id = preparation.principal.user_id
    kept, name = preparation.read(lambda tx: (password_hash(tx, user_id), person(tx, user_id)["domainname"]))
    if kept is not None and not secret_matches((kept,), normal(body.current or "")):
        raise PasswordWrong
    return new_password_hash(body.password, name)


@endpoint("PUT", "/session/password", prepare=_checked_password)
def change_password(context: PageContext, *, body: NewPassword, prepared: str) -> None:
    """Set the caller's own password; every other browser of theirs is signed out.

    Args:
        body: The password.
        prepared: Its hash.

    Raises:
        PasswordTooWeak: It is too easily guessed.
        PasswordWrong: The present one is another one.
    """
    set_password(context.tx, context.principal.user_id, prepared, keep_session=context.session_id)
    note(context.tx, context.actor, "changed their password")


def held_roles(context: PageContext) -> tuple[str, ...]:
    """Return the names of the caller's roles."""
    held = sa.select(Role.c.name).join(SystemUserRole.table, SystemUserRole.c.roleid == Role.c.roleid)
    query = held.where(SystemUserRole.c.systemuserid == context.principal.user_id).order_by(Role.c.name)
    return tuple(context.tx.execute(query).scalars())


def require_administrator(context: PageContext) -> None:
    """Let System Administrators pass alone.

    Raises:
        NotAdministrator: The caller is none.
    """
    if SYSTEM_ADMINISTRATOR.name not in held_roles(context):
        raise NotAdministrator
