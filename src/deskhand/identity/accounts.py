"""Users, applications and their tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id, parse_id
from deskhand.entities.declare import Depth
from deskhand.entities.security import (
    AccessMode,
    ApiToken,
    ApplicationSecret,
    BusinessUnit,
    Organization,
    RolePrivilege,
    SystemUser,
    SystemUserRole,
)
from deskhand.identity.errors import NotInitialized, TokenRefused, UnknownApiToken, UserExists, UserNotMember
from deskhand.identity.principals import Principal
from deskhand.identity.roles import SYSTEM_ADMINISTRATOR, assign_role, ensure_roles
from deskhand.identity.rows import insert_row
from deskhand.identity.sessions import is_open
from deskhand.identity.tokens import Claims, TokenService
from deskhand.store.database import Transaction

ADMINISTRATOR = "admin"
"""The sign-in name of the administrator that the first start creates."""

_FIRST_START = 72_187_001
"""The advisory lock that two servers starting on one new PostgreSQL database take in turn."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The organisation, its root unit and its first administrator."""

    organization_id: UUID
    name: str
    business_unit_id: UUID
    administrator_id: UUID


@dataclass(frozen=True, slots=True)
class ApplicationUser:
    """An application that may ask for tokens."""

    application_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the database knows of a client that asks for a token: its user and its secrets' hashes."""

    application: ApplicationUser
    hashes: tuple[str, ...]


def ensure_organization(tx: Transaction, name: str = "Deskhand") -> Installation:
    """Create what every installation needs, as far as it is not there, and return it.

    That is: the organisation, its root business unit, the built-in roles and an administrator.

    Args:
        tx: The open transaction.
        name: What to call a new organisation.
    """
    if tx.dialect == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_FIRST_START)))
    try:
        installation = load_installation(tx)
    except NotInitialized:
        installation = _create_organization(tx, name)
    ensure_roles(tx, installation.business_unit_id)
    assign_role(tx, installation.administrator_id, SYSTEM_ADMINISTRATOR.name)
    return installation


def load_installation(tx: Transaction) -> Installation:
    """Return the organisation of this database.

    Raises:
        NotInitialized: There is none yet.
    """
    root = BusinessUnit.c.parentbusinessunitid.is_(None)
    query = sa.select(
        Organization.c.organizationid,
        Organization.c.name,
        sa.select(BusinessUnit.c.businessunitid).where(root).scalar_subquery(),
        sa.select(SystemUser.c.systemuserid)
        .where(SystemUser.c.domainname == ADMINISTRATOR)
        .scalar_subquery(),
    )
    row = tx.execute(query).first()
    if row is None:
        raise NotInitialized
    return Installation(*row)


def _create_organization(tx: Transaction, name: str) -> Installation:
    organization_id = insert_row(tx, Organization, {"name": name})
    business_unit_id = insert_row(tx, BusinessUnit, {"name": name})
    administrator_id = create_user(tx, "Administrator", ADMINISTRATOR, business_unit_id=business_unit_id)
    return Installation(organization_id, name, business_unit_id, administrator_id)


def create_user(
    tx: Transaction,
    full_name: str,
    domain_name: str,
    *,
    business_unit_id: UUID | None = None,
    roles: Sequence[str] = (),
    by: UUID | None = None,
) -> UUID:
    """Create a user and return the ``systemuserid``.

    Args:
        tx: The open transaction.
        full_name: The name for people.
        domain_name: The sign-in name, unique.
        business_unit_id: The unit; the root unit if not given.
        roles: Names of roles to give.
        by: Who creates it.

    Raises:
        UserExists: The sign-in name is taken.
        UnknownRole: One of the roles does not exist.
    """
    taken = sa.func.lower(SystemUser.c.domainname) == domain_name.lower()
    if tx.execute(sa.select(SystemUser.c.systemuserid).where(taken)).first() is not None:
        raise UserExists(domain_name)
    user_id = new_id()
    values = {
        "systemuserid": user_id,
        "fullname": full_name,
        "domainname": domain_name,
        # Our own token service is the identity provider; it knows users by the same id.
        "azureactivedirectoryobjectid": user_id,
        "businessunitid": business_unit_id or load_installation(tx).business_unit_id,
    }
    insert_row(tx, SystemUser, values, by=by)
    for role in roles:
        assign_role(tx, user_id, role)
    return user_id


def create_application(
    tx: Transaction, name: str, secret_hash: str, *, roles: Sequence[str] = (), by: UUID | None = None
) -> ApplicationUser:
    """Create an application user with a first client secret.

    Args:
        tx: The open transaction.
        name: The application's name, unique among users.
        secret_hash: From :func:`~deskhand.identity.client_secrets.new_client_secret`, made beforehand.
        roles: Names of roles to give.
        by: Who creates it.

    Raises:
        UserExists: The name is taken.
        UnknownRole: One of the roles does not exist.
    """
    application_id = new_id()
    user_id = create_user(tx, name, f"{name}@applications", roles=roles, by=by)
    update = SystemUser.table.update().where(SystemUser.c.systemuserid == user_id)
    tx.execute(update.values(applicationid=application_id, accessmode=int(AccessMode.NON_INTERACTIVE)))
    add_client_secret(tx, application_id, secret_hash)
    return ApplicationUser(application_id, user_id)


def add_client_secret(
    tx: Transaction, application_id: UUID, secret_hash: str, *, expires: datetime | None = None
) -> UUID:
    """Give an application one more secret, so that the old one can be replaced without a gap."""
    values = {
        "applicationid": application_id,
        "secrethash": secret_hash,
        "createdon": tx.now,
        "expireson": expires,
    }
    return insert_row(tx, ApplicationSecret, values)


def revoke_client_secret(tx: Transaction, secret_id: UUID) -> None:
    """Delete a client secret; tokens that were issued for it work until they expire."""
    tx.execute(ApplicationSecret.table.delete().where(ApplicationSecret.c.applicationsecretid == secret_id))


def client_credentials(tx: Transaction, application_id: UUID) -> ClientCredentials | None:
    """Return what a client's secret is to be compared with; None for an unknown or disabled client.

    The comparison itself takes long: do it outside of the transaction with
    :func:`~deskhand.identity.client_secrets.secret_matches`.
    """
    users, kept = SystemUser.c, ApplicationSecret.c
    query = sa.select(users.systemuserid).where(users.applicationid == application_id, ~users.isdisabled)
    user_id = tx.execute(query).scalar()
    if user_id is None:
        return None
    works = sa.or_(kept.expireson.is_(None), kept.expireson > tx.now)
    hashes = tx.execute(
        sa.select(kept.secrethash).where(kept.applicationid == application_id, works)
    ).scalars()
    return ClientCredentials(ApplicationUser(application_id, user_id), tuple(hashes))


def create_api_token(
    tx: Transaction, tokens: TokenService, name: str, user_id: UUID, lifetime: timedelta
) -> str:
    """Create a long-lived bearer token and return its text, which is not kept.

    Args:
        tx: The open transaction.
        tokens: Signs it.
        name: What it is for.
        user_id: As whom it acts.
        lifetime: How long it works.
    """
    expires = tx.now + lifetime
    values = {"name": name, "systemuserid": user_id, "createdon": tx.now, "expireson": expires}
    return tokens.issue_api_token(insert_row(tx, ApiToken, values), user_id, expires)


def revoke_api_token(tx: Transaction, token_id: UUID) -> None:
    """Make an API token useless; servers notice within seconds.

    Raises:
        UnknownApiToken: There is none with this id.
    """
    update = ApiToken.table.update().where(ApiToken.c.apitokenid == token_id).values(revokedon=tx.now)
    if tx.execute(update).rowcount == 0:
        raise UnknownApiToken(token_id)


def principal_of(tx: Transaction, claims: Claims) -> Principal:
    """Return the user whom a verified token stands for. Source: dataverse-api 13.2.

    Raises:
        TokenRefused: It is an API token that was revoked, or its browser session has ended.
        UserNotMember: The organisation does not know the user, or has disabled them.
    """
    if claims.api_token:
        return load_principal(tx, _api_token_user(tx, claims))
    if claims.session_id is not None and not is_open(tx, claims.session_id):
        raise TokenRefused("its session has ended")
    users = SystemUser.c
    for condition in _user_conditions(claims):
        user_id = tx.execute(sa.select(users.systemuserid).where(condition)).scalar()
        if user_id is not None:
            return load_principal(tx, user_id)
    raise UserNotMember(str(claims.application_id or claims.object_id or claims.user_name))


def _user_conditions(claims: Claims) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the ways to find a token's user, the surest first."""
    users = SystemUser.c
    if not claims.delegated:
        yield users.applicationid == claims.application_id
        return
    if claims.object_id is not None:
        yield users.azureactivedirectoryobjectid == claims.object_id
    if claims.user_name is not None:
        yield sa.func.lower(users.domainname) == claims.user_name.lower()


def _api_token_user(tx: Transaction, claims: Claims) -> UUID:
    tokens = ApiToken.c
    works = sa.and_(tokens.revokedon.is_(None), tokens.expireson > tx.now)
    token_id = parse_id(claims.token_id)
    query = sa.select(tokens.systemuserid).where(tokens.apitokenid == token_id, works)
    user_id: UUID | None = tx.execute(query).scalar()
    if user_id is None or user_id != claims.object_id:
        raise TokenRefused("it was revoked")
    return user_id


def load_principal(tx: Transaction, user_id: UUID) -> Principal:
    """Return a user with the privileges of their roles.

    Raises:
        UserNotMember: There is no such user, or they are disabled.
    """
    users = SystemUser.c
    organization = sa.select(Organization.c.organizationid).limit(1).scalar_subquery()
    query = sa.select(users.fullname, users.businessunitid, organization)
    row = tx.execute(query.where(users.systemuserid == user_id, ~users.isdisabled)).first()
    if row is None:
        raise UserNotMember(str(user_id))
    held = sa.select(SystemUserRole.c.roleid).where(SystemUserRole.c.systemuserid == user_id)
    role_ids = tx.execute(held).scalars().all()
    return Principal(user_id, row[0], row[1], row[2], _privileges(tx, role_ids), len(role_ids))


def _privileges(tx: Transaction, role_ids: Sequence[UUID]) -> dict[str, Depth]:
    columns = RolePrivilege.c
    deepest = sa.func.max(columns.depth)
    query = sa.select(columns.privilegename, deepest).where(columns.roleid.in_(role_ids))
    rows = tx.execute(query.group_by(columns.privilegename))
    return {name.casefold(): Depth(depth) for name, depth in rows}
