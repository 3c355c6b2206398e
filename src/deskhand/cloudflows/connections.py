"""The connection that an operation of a run uses. Source: cloud-flows 1.3, 3.11 and 4.3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import CredentialNotUsable
from deskhand.cloudflows.credentials import NoteUse, resolved
from deskhand.cloudflows.declare import ActionFailed
from deskhand.cloudflows.usage import ConnectionUse, api_name, reference_name
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.orchestrator.connections import may_use
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, find_key

_C = Connection.c
_R = ConnectionReference.c
_INVOKER = "invoker"


@dataclass(frozen=True, slots=True)
class BoundConnection:
    """A connection that a run uses, and as whom.

    Attributes:
        name: The connection's name.
        principal: Whose rights count: the flow's owner, or who started the run.
    """

    name: str
    principal: Principal


class ConnectionUser(Protocol):
    """What uses a connection: a run, or a trigger that looks."""

    @property
    def workflow_id(self) -> UUID:
        """Return the flow."""
        ...

    @property
    def connections(self) -> Mapping[str, Value]:
        """Return the flow's connection references, by the key that its parts name."""
        ...

    @property
    def owner_id(self) -> UUID:
        """Return whose the flow is."""
        ...

    @property
    def started_by(self) -> UUID:
        """Return who started the run."""
        ...


def bound_connection(tx: Transaction, run: ConnectionUser, key: str) -> BoundConnection:
    """Return the connection that a flow's reference is bound to.

    Args:
        tx: The open transaction.
        run: The run.
        key: The name by which the action means it.

    Raises:
        ActionFailed: It is bound to none, or whose it is may not act any more.
    """
    principal = acting_principal(tx, run, key)
    bound = bound_name(tx, run.workflow_id, run.connections, key)
    if bound is None:
        raise _unbound(reference_of(run.workflow_id, run.connections, key))
    return BoundConnection(bound, principal)


def acting_principal(tx: Transaction, run: ConnectionUser, key: str) -> Principal:
    """Return as whom an operation acts: the flow's owner, or for connections of the invoker who started it.

    Raises:
        ActionFailed: They may not act any more.
    """
    user_id: UUID = run.started_by if _is_invokers(run.connections, key) else run.owner_id
    try:
        return load_principal(tx, user_id)
    except UserNotMember as error:
        raise ActionFailed("ConnectionNotUsable", error.message, action_code="Forbidden") from error


def connection_values(
    tx: Transaction,
    run: ConnectionUser,
    key: str,
    connector: str,
    vault: Vault,
    note_use: NoteUse | None = None,
) -> Mapping[str, Value]:
    """Return what the connection holds that an operation of a run uses, secrets included.

    A connection serves its own connector and nobody else's: its secrets never go to another service.

    Args:
        tx: The open transaction.
        run: The run.
        key: The name by which the action means it.
        connector: The name of the operation's connector.
        vault: Opens secrets.
        note_use: Is told of the credentials that the connection names.

    Raises:
        ActionFailed: There is none, it is to another connector, or whoever the operation acts as may not
            use it.
    """
    principal = acting_principal(tx, run, key)
    row = _connection(tx, run, key, connector, principal)
    if not may_use(tx, principal, row):
        message = f"The connection '{row['name']}' belongs to somebody else, who has not shared it."
        raise ActionFailed("ConnectionNotUsable", message, action_code="Forbidden")
    if api_name(row["connectorid"] or "").casefold() != connector.casefold():
        message = f"The connection '{row['name']}' is not one to the connector '{connector}'."
        raise ActionFailed("ConnectionNotUsable", message, action_code="Forbidden")
    try:
        return open_values(tx, row, vault, note_use)
    except CredentialNotUsable as error:
        raise ActionFailed("CredentialNotUsable", error.message, action_code="Forbidden") from error


def open_values(tx: Transaction, row: Row, vault: Vault, note_use: NoteUse | None = None) -> dict[str, Value]:
    """Return what a connection holds, its secrets and those of the credentials that it names included.

    Args:
        tx: The open transaction.
        row: The connection's row.
        vault: Opens secrets.
        note_use: Is told of the credentials that the connection names.

    Raises:
        CredentialNotUsable: A credential is not there any more, or the connection's owner may not use it.
    """
    return resolved(tx, held_values(row, vault), row["ownerid"], vault, note_use)


def held_values(row: Row, vault: Vault) -> dict[str, Value]:
    """Return what a connection holds, its own secrets included; credentials are only named."""
    values: dict[str, Value] = json.loads(row["parameters"] or "{}")
    if row["targetid"] is not None:
        values["targetId"] = str(row["targetid"])
    if row["sealedparameters"] is not None:
        values |= json.loads(vault.open(row["sealedparameters"], secret_context(row["connectionid"])))
    return values


def secret_context(connection_id: UUID) -> str:
    """Return what the secrets of a connection are sealed for."""
    return f"connection:{connection_id}:parameters"


def reference_of(workflow_id: UUID, connections: Mapping[str, Value], key: str) -> str:
    """Return the logical name of the connection reference that a flow means by a key."""
    connection = member(_reference(connections, key), "connection")
    logical = (
        member(connection, "connectionReferenceLogicalName") if isinstance(connection, Mapping) else None
    )
    return reference_name(workflow_id, ConnectionUse(key, logical if isinstance(logical, str) else None, ""))


def bound_name(tx: Transaction, workflow_id: UUID, connections: Mapping[str, Value], key: str) -> str | None:
    """Return the name of the connection that a flow's reference is bound to; None if to none."""
    logical_name = reference_of(workflow_id, connections, key)
    found = sa.select(_R.connectionid).where(
        sa.func.lower(_R.connectionreferencelogicalname) == logical_name.lower()
    )
    bound: str | None = tx.execute(found).scalar()
    return bound or None


def find_connection(tx: Transaction, name: str) -> Row | None:
    """Return a connection's row by its name."""
    return tx.execute(sa.select(Connection.table).where(_C.name == name.lower())).mappings().one_or_none()


def _connection(tx: Transaction, run: ConnectionUser, key: str, connector: str, principal: Principal) -> Row:
    """Return the connection that is bound; where none is, an invoker brings their own."""
    bound = bound_name(tx, run.workflow_id, run.connections, key)
    if bound is not None:
        row = find_connection(tx, bound)
        if row is None:
            message = f"The connection '{bound}' is not here any more."
            raise ActionFailed("ConnectionNotFound", message, action_code="NotFound")
        return row
    own = _own_connection(tx, principal, connector) if _is_invokers(run.connections, key) else None
    if own is None:
        raise _unbound(reference_of(run.workflow_id, run.connections, key))
    return own


def _own_connection(tx: Transaction, principal: Principal, connector: str) -> Row | None:
    """Return somebody's oldest connection to a connector."""
    query = sa.select(Connection.table).where(_C.ownerid == principal.user_id).order_by(_C.createdon)
    rows = tx.execute(query).mappings()
    return next(
        (row for row in rows if api_name(row["connectorid"] or "").casefold() == connector.casefold()), None
    )


def _is_invokers(connections: Mapping[str, Value], key: str) -> bool:
    source = member(_reference(connections, key), "runtimeSource")
    return isinstance(source, str) and source.casefold() == _INVOKER


def _reference(connections: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    known = find_key(connections, key)
    found = connections[known] if known is not None else None
    return found if isinstance(found, Mapping) else {}


def _unbound(logical_name: str) -> ActionFailed:
    return ActionFailed(
        "ConnectionNotConfigured",
        f"The connection reference '{logical_name}' is bound to no connection. Bind it with: deskhand "
        f"connection bind {logical_name} CONNECTION",
    )
