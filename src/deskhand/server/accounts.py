"""What the command line lists of people and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from deskhand.entities.security import ApiToken, Role, SystemUser, SystemUserRole
from deskhand.identity.roles import BUILT_IN_ROLES
from deskhand.store.database import Transaction


def list_users(tx: Transaction) -> list[Mapping[str, Any]]:
    """Return every user and application with the names of their roles, by sign-in name."""
    held = sa.select(SystemUserRole.c.systemuserid, Role.c.name).join(
        Role.table, Role.c.roleid == SystemUserRole.c.roleid
    )
    roles: dict[Any, list[str]] = {}
    for user_id, name in tx.execute(held.order_by(Role.c.name)):
        roles.setdefault(user_id, []).append(name)
    columns = (
        SystemUser.c.systemuserid,
        SystemUser.c.domainname,
        SystemUser.c.fullname,
        SystemUser.c.applicationid,
        SystemUser.c.isdisabled,
    )
    rows = tx.execute(sa.select(*columns).order_by(SystemUser.c.domainname)).mappings()
    return [{**row, "roles": ", ".join(roles.get(row["systemuserid"], ()))} for row in rows]


def list_roles(tx: Transaction) -> list[Mapping[str, Any]]:
    """Return the security roles by name, with how many users hold each."""
    held = sa.select(sa.func.count()).where(SystemUserRole.c.roleid == Role.c.roleid).scalar_subquery()
    docs = {role.id: role.doc for role in BUILT_IN_ROLES}
    rows = tx.execute(sa.select(Role.c.roleid, Role.c.name, held.label("users")).order_by(Role.c.name))
    return [{**row, "description": docs.get(row["roleid"], "")} for row in rows.mappings()]


def list_api_tokens(tx: Transaction) -> list[Mapping[str, Any]]:
    """Return the API tokens that still work, the newest first; their texts are not kept."""
    query = (
        sa.select(
            ApiToken.c.apitokenid,
            ApiToken.c.name,
            SystemUser.c.domainname.label("user"),
            ApiToken.c.createdon,
            ApiToken.c.expireson,
        )
        .join(SystemUser.table, SystemUser.c.systemuserid == ApiToken.c.systemuserid)
        .where(ApiToken.c.revokedon.is_(None), ApiToken.c.expireson > tx.now)
        .order_by(ApiToken.c.createdon.desc())
    )
    return [dict(row) for row in tx.execute(query).mappings()]
