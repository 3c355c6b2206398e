"""Connection references: a flow's names for connections, bound to one in each installation.

Whoever may write a reference chooses a connection for it, and only one that they may use themselves; a run
checks once more that whoever it acts as may use it. Source: cloud-flows 1.3, machines-and-runs 2.7.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import ConnectionOfOtherConnector
from deskhand.cloudflows.connections import find_connection
from deskhand.cloudflows.custom_connectors import connector_title
from deskhand.cloudflows.known_connectors import find_connector
from deskhand.cloudflows.usage import api_name
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.identity.principals import Principal
from deskhand.orchestrator.connections import may_use
from deskhand.orchestrator.errors import (
    ConnectionNotFound,
    ConnectionNotUsable,
    ConnectionReferenceNotFound,
)
from deskhand.records import writing
from deskhand.records.rules import Write, before_write
from deskhand.records.security import require_access, visible
from deskhand.store.database import Transaction

_C = ConnectionReference.c
_ID_PREFIX = "/providers/Microsoft.PowerApps/apis/"


def list_references(tx: Transaction, principal: Principal) -> list[dict[str, Any]]:
    """Return the connection references that somebody may read, by name.

    Raises:
        PrivilegeDenied: They may read none at all.
    """
    query = (
        sa.select(
            _C.connectionreferencelogicalname,
            _C.connectionreferencedisplayname,
            _C.connectorid,
            _C.connectionid,
            Connection.c.displayname.label("connection"),
        )
        .outerjoin(Connection.table, Connection.c.name == sa.func.lower(_C.connectionid))
        .order_by(_C.connectionreferencelogicalname)
    )
    condition = visible(principal, ConnectionReference)
    rows = tx.execute(query if condition is None else query.where(condition)).mappings()
    return [{**row, "connector": api_name(row["connectorid"] or "")} for row in rows]


def create_reference(
    tx: Transaction, principal: Principal, name: str, connector: str, *, display_name: str | None = None
) -> UUID:
    """Make a connection reference that is bound to nothing yet, and return its id.

    Raises:
        ConnectorUnknown: There is no such connector.
        DeskhandError: The caller may make none, or the name is taken.
    """
    known = find_connector(tx, connector)
    values = {
        "connectionreferencelogicalname": name,
        "connectionreferencedisplayname": display_name or known.title,
        "connectorid": f"{_ID_PREFIX}{known.name}",
    }
    return writing.create(tx, principal, ConnectionReference, values)


def bind_reference(tx: Transaction, principal: Principal, name: str, connection: str | None) -> None:
    """Bind a connection reference to a connection; None lets it name none.

    Raises:
        ConnectionReferenceNotFound: There is no such reference.
        ConnectionNotFound: There is no such connection.
        ConnectionNotUsable: It is somebody else's, who has not shared it.
        ConnectionOfOtherConnector: It is to another connector.
        DeskhandError: The caller may not write the reference.
    """
    query = sa.select(ConnectionReference.table).where(
        sa.func.lower(_C.connectionreferencelogicalname) == name.lower()
    )
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        known = list_references(tx, principal)
        raise ConnectionReferenceNotFound(name, tuple(one["connectionreferencelogicalname"] for one in known))
    require_access(tx, principal, ConnectionReference, row, AccessRight.WRITE)
    values = {"connectionid": connection.lower() if connection else None}
    writing.update(tx, principal, ConnectionReference, row["connectionreferenceid"], values)


def require_fit(tx: Transaction, reference: str, connection: str) -> None:
    """Make sure that a connection is one to the connector of a reference; one that is not there fits all.

    Raises:
        ConnectionOfOtherConnector: It is not.
        ConnectionNotFound: There is no such connection.
    """
    query = sa.select(_C.connectorid).where(
        sa.func.lower(_C.connectionreferencelogicalname) == reference.lower()
    )
    row = find_connection(tx, connection)
    if row is None:
        raise ConnectionNotFound(connection)
    _require_connector(tx, reference, tx.execute(query).scalar(), row["connectorid"])


@before_write(ConnectionReference)
def check_binding(tx: Transaction, principal: Principal, write: Write) -> dict[str, Any]:
    """Let a reference name only a connection of its connector that the writer may use."""
    name = write.changes.get("connectionid")
    if name and (write.before is None or write.before["connectionid"] != name):
        _check(tx, principal, str(name), write)
    return dict(write.changes)


def _check(tx: Transaction, principal: Principal, name: str, write: Write) -> None:
    connection = find_connection(tx, name)
    if connection is None:
        raise ConnectionNotFound(name)
    if not may_use(tx, principal, connection):
        raise ConnectionNotUsable(name)
    logical_name = write.value("connectionreferencelogicalname")
    _require_connector(tx, logical_name, write.value("connectorid"), connection["connectorid"])


def _require_connector(tx: Transaction, reference: str, wanted_id: str | None, given_id: str | None) -> None:
    wanted, given = api_name(wanted_id or ""), api_name(given_id or "")
    if wanted and wanted.casefold() != given.casefold():
        raise ConnectionOfOtherConnector(reference, connector_title(tx, wanted), connector_title(tx, given))
