"""Connections: through which one a run reaches its machine group. Source: machines-and-runs 2."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.declare import AccessRight, Depth
from deskhand.entities.flowmachine import Connection, ConnectionReference, FlowMachineGroup
from deskhand.identity.principals import Principal
from deskhand.orchestrator.errors import (
    ConnectionNotFound,
    ConnectionNotUsable,
    ConnectionReferenceNotFound,
    ConnectionReferenceUnbound,
)
from deskhand.orchestrator.rows import Row
from deskhand.records.security import ACCESS_FLAGS, require_access, require_privilege, shared_mask
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

CONNECTOR_ID = "/providers/Microsoft.PowerApps/apis/shared_uiflow"


_BY_NAME = Statement(sa.select(Connection.table).where(Connection.c.name == sa.bindparam("connection")))


class ConnectionType(IntEnum):
    """What the name in a request names. Source: dataverse-api 9.2."""

    CONNECTION = 1
    CONNECTION_REFERENCE = 2


@dataclass(frozen=True, slots=True)
class ConnectionTarget:
    """A connection that a caller may use.

    Attributes:
        name: Its name, 32 hex digits.
        display_name: Its name for people.
        group_id: The machine group it targets.
    """

    name: str
    display_name: str
    group_id: UUID


def create_connection(tx: Transaction, *, display_name: str, group_id: UUID, owner_id: UUID) -> str:
    """Make a connection to a machine group and return its name."""
    connection_id = new_id()
    values = {
        "connectionid": connection_id,
        "name": connection_id.hex,
        "displayname": display_name,
        "connectorid": CONNECTOR_ID,
        "targetid": group_id,
        "ownerid": owner_id,
        "statuscode": 1,
        "createdon": tx.now,
    }
    tx.execute(Connection.table.insert(), values)
    return connection_id.hex


def resolve_connection(
    tx: Transaction, principal: Principal, name: str, connection_type: ConnectionType
) -> ConnectionTarget:
    """Find the connection that a request names, and check that the caller may use it.

    Raises:
        ConnectionNotFound: There is none of that name.
        ConnectionNotUsable: It is somebody else's, who did not share it.
        ConnectionReferenceNotFound: There is no connection reference of that name.
        ConnectionReferenceUnbound: The reference names no connection.
    """
    if connection_type is ConnectionType.CONNECTION_REFERENCE:
        name = _bound_connection(tx, principal, name)
    row = tx.row(_BY_NAME, {"connection": name.lower()})
    if row is None:
        raise ConnectionNotFound(name, is_reference=_is_reference(tx, principal, name))
    if not may_use(tx, principal, row):
        raise ConnectionNotUsable(name)
    return ConnectionTarget(row["name"], row["displayname"] or row["name"], row["targetid"])


def may_use(tx: Transaction, principal: Principal, connection: Row) -> bool:
    """Tell whether somebody may run with a connection: it is theirs, or was shared with them.

    Who looks after everybody's machines may use every connection to them; those hold no secrets.
    """
    if connection["ownerid"] == principal.user_id:
        return True
    if connection["targetid"] is not None and administers(principal):
        return True
    return bool(shared_mask(tx, principal, connection["connectionid"]) & ACCESS_FLAGS[AccessRight.READ])


def _bound_connection(tx: Transaction, principal: Principal, logical_name: str) -> str:
    require_privilege(principal, ConnectionReference, AccessRight.READ)
    c = ConnectionReference.c
    statement = sa.select(ConnectionReference.table).where(
        c.connectionreferencelogicalname == logical_name.lower()
    )
    row: Row | None = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise ConnectionReferenceNotFound(logical_name, _known_references(tx, principal))
    require_access(tx, principal, ConnectionReference, row, AccessRight.READ)
    if not row["connectionid"]:
        raise ConnectionReferenceUnbound(logical_name)
    return str(row["connectionid"])


def _known_references(tx: Transaction, principal: Principal) -> tuple[str, ...]:
    """Return the names to suggest from: the caller's own."""
    c = ConnectionReference.c
    statement = sa.select(c.connectionreferencelogicalname).where(c.ownerid == principal.user_id).limit(1_000)
    return tuple(tx.execute(statement).scalars())


def _is_reference(tx: Transaction, principal: Principal, name: str) -> bool:
    return any(name.casefold() == known.casefold() for known in _known_references(tx, principal))


def administers(principal: Principal) -> bool:
    """Tell whether somebody looks after everybody's machines and connections."""
    return principal.depth(FlowMachineGroup.privilege(AccessRight.WRITE).name) is Depth.GLOBAL
