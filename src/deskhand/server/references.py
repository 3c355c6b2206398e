"""The connection references that imports bring, and what they are bound to. Source: machines-and-runs 2.7."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.custom_connectors import connector_title
from deskhand.cloudflows.examining import read_stored
from deskhand.cloudflows.usage import api_name, reference_name, usage_of
from deskhand.core.errors import DeskhandError
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.workflow import Workflow
from deskhand.records.service import create, update
from deskhand.solutions.content import ConnectionReference as Brought
from deskhand.store.database import Transaction
from deskhand.wdl.definition import DefinitionUnreadable


@dataclass(frozen=True, slots=True)
class UnboundReference:
    """A connection reference that names no connection yet.

    Attributes:
        logical_name: Its name.
        connector_id: The connector that the connection has to be of.
    """

    logical_name: str
    connector_id: str


def store_reference(tx: Transaction, reference: Brought, by: UUID) -> str:
    """Store a reference that a solution brings, and return its name; a binding that exists is kept."""
    values: dict[str, object] = {
        "connectionreferencelogicalname": reference.logical_name,
        "connectionreferencedisplayname": reference.display_name,
        "connectorid": reference.connector_id,
        "description": reference.description,
        "promptingbehavior": reference.prompting_behavior,
    }
    existing = _find_reference(tx, reference.logical_name)
    if existing is None:
        create(tx, ConnectionReference, values, by=by)
    else:
        update(tx, ConnectionReference, existing.connectionreferenceid, values, by=by)
    return reference.logical_name


def store_named_references(tx: Transaction, workflow_id: UUID, by: UUID) -> Iterator[str]:
    """Create the references that a flow names and nothing brought, and yield the names of all it names."""
    columns = Workflow.c
    query = sa.select(columns.clientdata, columns.metadata).where(columns.workflowid == workflow_id)
    row = tx.execute(query).one()
    try:
        uses = usage_of(read_stored(row.clientdata, row.metadata)).connections
    except DefinitionUnreadable:
        return
    for use in uses:
        name = reference_name(workflow_id, use)
        if _find_reference(tx, name) is None:
            values: dict[str, object] = {
                "connectionreferencelogicalname": name,
                "connectionreferencedisplayname": connector_title(tx, use.api) or use.key,
                "connectorid": use.api,
            }
            create(tx, ConnectionReference, values, by=by)
        yield name


def _find_reference(tx: Transaction, logical_name: str) -> sa.Row[tuple[UUID, str | None, str]] | None:
    """Return a reference's id, the connection it is bound to, and its connector."""
    columns = ConnectionReference.c
    query = sa.select(columns.connectionreferenceid, columns.connectionid, columns.connectorid).where(
        sa.func.lower(columns.connectionreferencelogicalname) == logical_name.lower()
    )
    return tx.execute(query).first()


def unbound_references(tx: Transaction, names: Iterable[str]) -> Iterator[UnboundReference]:
    """Yield those of some references that name no connection."""
    for name in dict.fromkeys(names):
        reference = _find_reference(tx, name)
        if reference is not None and reference.connectionid is None:
            yield UnboundReference(name, reference.connectorid or "")


def bind_references(
    tx: Transaction, bindings: Sequence[tuple[str, str]], *, by: UUID, brought: Sequence[str] = ()
) -> None:
    """Bind connection references to connections.

    Args:
        tx: The open transaction.
        bindings: Pairs of a reference's logical name and a connection's name. The name of a connector stands
            for every reference to it that the import brings.
        by: Who binds them.
        brought: The references that the import brings.

    Raises:
        UnknownReference: There is no reference of that name.
    """
    for name, connection_name in bindings:
        for reference_id in _named_references(tx, name, brought):
            update(tx, ConnectionReference, reference_id, {"connectionid": connection_name}, by=by)


def _named_references(tx: Transaction, name: str, brought: Sequence[str]) -> list[UUID]:
    reference = _find_reference(tx, name)
    if reference is not None:
        return [reference.connectionreferenceid]
    found = [one for one in (_find_reference(tx, each) for each in dict.fromkeys(brought)) if one is not None]
    of_connector = [
        one.connectionreferenceid
        for one in found
        if api_name(one.connectorid or "").casefold() == name.casefold()
    ]
    if not of_connector:
        raise UnknownReference(name, brought)
    return of_connector


class UnknownReference(DeskhandError):
    """There is no connection reference of that logical name; an import brings them, and names them."""

    code = "DH5011"
    exit_code = 3

    def __init__(self, logical_name: str, brought: Sequence[str] = ()) -> None:
        known = f" This import brings {', '.join(dict.fromkeys(brought))}." if brought else ""
        super().__init__(f"There is no connection reference ‘{logical_name}’.{known}")
