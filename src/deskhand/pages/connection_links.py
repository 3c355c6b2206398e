"""Connections as the pages of what they lead to, or sign in with, name them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowmachine import Connection
from deskhand.orchestrator.connections import administers
from deskhand.pages.declare import PageContext

_C = Connection.c
_MOST = 100


@dataclass(frozen=True, slots=True)
class ConnectionLink:
    """A connection that leads to a machine group, or that signs in with a credential.

    Attributes:
        name: The connection's name; null for one that the caller may not see.
        display_name: Its name for people; null for one that the caller may not see.
    """

    name: str | None
    display_name: str | None


def connection_links(context: PageContext, group_id: UUID | None) -> tuple[ConnectionLink, ...]:
    """Return the connections that lead to a machine group, the first ones."""
    query = sa.select(_C.name, _C.displayname, _C.ownerid).where(_C.targetid == group_id)
    sees_all = administers(context.principal)
    rows = context.tx.execute(query.order_by(_C.createdon).limit(_MOST))
    return tuple(
        ConnectionLink(row.name, row.displayname or row.name)
        if sees_all or row.ownerid == context.principal.user_id
        else ConnectionLink(None, None)
        for row in rows
    )
