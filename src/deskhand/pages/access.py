"""Programs that call the Web API: applications with client secrets, and bearer tokens of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.security import ApiToken, ApplicationSecret, SystemUser
from deskhand.identity.accounts import (
    add_client_secret,
    create_api_token,
    create_application,
    revoke_api_token,
    revoke_client_secret,
)
from deskhand.identity.audit import Thing, note
from deskhand.identity.client_secrets import ClientSecret, new_client_secret
from deskhand.identity.roles import SYSTEM_ADMINISTRATOR
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.errors import BadParameter, NotFound
from deskhand.pages.session import held_roles, require_administrator
from deskhand.pages.users import roles_of

_U, _A, _T = SystemUser.c, ApplicationSecret.c, ApiToken.c
_MOST = 1_000
_LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A client secret; its text is not kept.

    Attributes:
        id: The secret.
        created_on: When it was made.
        expires_on: When it stops working; null never.
    """

    id: UUID
    created_on: datetime
    expires_on: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application.

    Attributes:
        user_id: Its ``systemuserid``.
        client_id: Its client id.
        name: Its name.
        roles: The names of its roles.
        disabled: Whether it may not ask for tokens.
        secrets: Its client secrets.
    """

    user_id: UUID
    client_id: UUID
    name: str
    roles: tuple[str, ...]
    disabled: bool
    secrets: tuple[SecretRow, ...]


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """Applications.

    Attributes:
        items: The applications, by name.
        tenant_id: The tenant that they name.
        token_url: Where they ask for tokens.
    """

    items: tuple[ApplicationRow, ...]
    tenant_id: UUID
    token_url: str


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application to register.

    Attributes:
        name: Its name.
        roles: The names of the roles to give.
    """

    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationCredentials:
    """What an application signs in with; the secret is shown this once.

    Attributes:
        user_id: Its ``systemuserid``.
        client_id: Its client id.
        client_secret: The secret.
        tenant_id: The tenant.
        token_url: Where it asks for tokens.
    """

    user_id: UUID
    client_id: UUID
    client_secret: str
    tenant_id: UUID
    token_url: str


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A further client secret.

    Attributes:
        days: In how many days it stops working; never where it is left out.
    """

    days: int | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token that works; its text is not kept.

    Attributes:
        id: The token.
        name: What it is for.
        user: The sign-in name of the user that it acts as.
        created_on: When it was made.
        expires_on: When it stops working.
    """

    id: UUID
    name: str
    user: str | None
    created_on: datetime
    expires_on: datetime


@dataclass(frozen=True, slots=True)
class TokenList:
    """Bearer tokens.

    Attributes:
        items: The tokens, the newest first.
    """

    items: tuple[TokenRow, ...]


@dataclass(frozen=True, slots=True)
class NewToken:
    """A bearer token to make for the caller.

    Attributes:
        name: What it is for.
        days: In how many days it stops working.
    """

    name: str
    days: int = 90


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A bearer token; its text is shown this once.

    Attributes:
        token: The text.
        expires_on: When it stops working.
    """

    token: str
    expires_on: datetime


def _new_secret(preparation: Preparation, body: NewApplication | NewSecret) -> ClientSecret:
    return new_client_secret()


@endpoint("GET", "/applications")
def applications(context: PageContext) -> ApplicationList:
    """List applications by name."""
    require_administrator(context)
    query = sa.select(SystemUser.table).where(_U.applicationid.is_not(None))
    rows = context.tx.execute(query.order_by(sa.func.lower(_U.fullname)).limit(_MOST)).mappings().all()
    held = roles_of(context, [row["systemuserid"] for row in rows])
    secrets = _secrets(context)
    items = tuple(
        ApplicationRow(
            row["systemuserid"],
            row["applicationid"],
            row["fullname"] or row["domainname"],
            held.get(row["systemuserid"], ()),
            bool(row["isdisabled"]),
            secrets.get(row["applicationid"], ()),
        )
        for row in rows
    )
    return ApplicationList(items, context.tokens.tenant_id, _token_url(context))


@endpoint("POST", "/applications", prepare=_new_secret)
def add_application(
    context: PageContext, *, body: NewApplication, prepared: ClientSecret
) -> ApplicationCredentials:
    """Register an application.

    Args:
        body: What it is.
        prepared: Its first secret.
    """
    require_administrator(context)
    name = body.name.strip()
    if not 1 <= len(name) <= 100:
        raise BadParameter("body.name", "takes 1 to 100 characters.")
    made = create_application(context.tx, name, prepared.hash, roles=body.roles, by=context.principal.user_id)
    thing = Thing(SystemUser.logical_name, made.user_id, name)
    note(context.tx, context.actor, "registered an application", thing, roles=body.roles)
    return ApplicationCredentials(
        made.user_id, made.application_id, prepared.text, context.tokens.tenant_id, _token_url(context)
    )


@endpoint("POST", "/applications/{user_id}/secrets", prepare=_new_secret)
def add_secret(
    context: PageContext, *, user_id: UUID, body: NewSecret, prepared: ClientSecret
) -> ApplicationCredentials:
    """Give an application one more secret, so that the old one can be replaced without a gap.

    Args:
        user_id: The application's ``systemuserid``.
        body: How long the secret works.
        prepared: The secret.
    """
    require_administrator(context)
    row = _application(context, user_id)
    expires = None if body.days is None else context.now + timedelta(days=_days(body.days))
    add_client_secret(context.tx, row.applicationid, prepared.hash, expires=expires)
    thing = Thing(SystemUser.logical_name, user_id, row.domainname)
    note(context.tx, context.actor, "made a client secret", thing)
    return ApplicationCredentials(
        user_id, row.applicationid, prepared.text, context.tokens.tenant_id, _token_url(context)
    )


@endpoint("DELETE", "/applications/{user_id}/secrets/{secret_id}")
def remove_secret(context: PageContext, *, user_id: UUID, secret_id: UUID) -> None:
    """Delete a client secret; tokens that were issued for it work until they expire.

    Args:
        user_id: The application's ``systemuserid``.
        secret_id: The secret.
    """
    require_administrator(context)
    row = _application(context, user_id)
    if secret_id not in {one.id for one in _secrets(context).get(row.applicationid, ())}:
        raise NotFound("client secret", secret_id)
    revoke_client_secret(context.tx, secret_id)
    thing = Thing(SystemUser.logical_name, user_id, row.domainname)
    note(context.tx, context.actor, "deleted a client secret", thing)


@endpoint("GET", "/tokens")
def api_tokens(context: PageContext) -> TokenList:
    """List the bearer tokens that work: the caller's own, for an administrator everybody's."""
    query = (
        sa.select(_T.apitokenid, _T.name, _U.domainname, _T.createdon, _T.expireson)
        .join(SystemUser.table, _U.systemuserid == _T.systemuserid)
        .where(_T.revokedon.is_(None), _T.expireson > context.now)
    )
    if not _administers(context):
        query = query.where(_T.systemuserid == context.principal.user_id)
    rows = context.tx.execute(query.order_by(_T.createdon.desc()).limit(_MOST))
    return TokenList(tuple(TokenRow(*row) for row in rows))


@endpoint("POST", "/tokens")
def add_token(context: PageContext, *, body: NewToken) -> CreatedToken:
    """Make a bearer token with which a program acts as the caller.

    Args:
        body: What it is for.
    """
    name = body.name.strip()
    if not 1 <= len(name) <= 100:
        raise BadParameter("body.name", "takes 1 to 100 characters.")
    lifetime = timedelta(days=_days(body.days))
    text = create_api_token(context.tx, context.tokens, name, context.principal.user_id, lifetime)
    note(context.tx, context.actor, "made a token", Thing(ApiToken.logical_name, None, name))
    return CreatedToken(text, context.now + lifetime)


@endpoint("DELETE", "/tokens/{token_id}")
def revoke_token(context: PageContext, *, token_id: UUID) -> None:
    """Make a bearer token useless: one of the caller's own, for an administrator anybody's.

    Args:
        token_id: The token.
    """
    query = sa.select(_T.name, _T.systemuserid).where(_T.apitokenid == token_id)
    row = context.tx.execute(query).first()
    if row is None or (row.systemuserid != context.principal.user_id and not _administers(context)):
        raise NotFound("token", token_id)
    revoke_api_token(context.tx, token_id)
    note(context.tx, context.actor, "revoked a token", Thing(ApiToken.logical_name, token_id, row.name))


def _administers(context: PageContext) -> bool:
    return SYSTEM_ADMINISTRATOR.name in held_roles(context)


def _days(days: int) -> int:
    if not 1 <= days <= _LONGEST_DAYS:
        raise BadParameter("body.days", f"is {days}; it takes 1 to {_LONGEST_DAYS}.")
    return days


def _token_url(context: PageContext) -> str:
    return f"{context.base_url}/{context.tokens.tenant_id}/oauth2/v2.0/token"


def _secrets(context: PageContext) -> Mapping[UUID, tuple[SecretRow, ...]]:
    found: dict[UUID, tuple[SecretRow, ...]] = {}
    query = sa.select(_A.applicationid, _A.applicationsecretid, _A.createdon, _A.expireson)
    for application_id, *row in context.tx.execute(query.order_by(_A.createdon)):
        found[application_id] = (*found.get(application_id, ()), SecretRow(*row))
    return found


def _application(context: PageContext, user_id: UUID) -> sa.Row[tuple[UUID, str]]:
    query = sa.select(_U.applicationid, _U.domainname).where(
        _U.systemuserid == user_id, _U.applicationid.is_not(None)
    )
    row = context.tx.execute(query).first()
    if row is None:
        raise NotFound("application", user_id)
    return row
