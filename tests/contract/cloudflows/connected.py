"""Flows whose actions use a connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.connection_editing import NewConnection, create_connection
from deskhand.cloudflows.connection_references import bind_reference, create_reference
from deskhand.entities.workflow import Category, Workflow
from deskhand.identity.accounts import load_principal
from deskhand.records.service import create
from deskhand.store.database import Transaction
from tests.contract.cloudflows.servers import MANUAL, House

KEY = "connection"


def call(connector: str, operation_id: str, parameters: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """Return an action that calls an operation over the flow's connection."""
    api = f"/providers/Microsoft.PowerApps/apis/{connector}"
    host = {"apiId": api, "connectionName": KEY, "operationId": operation_id}
    return {"type": "OpenApiConnection", "inputs": {"host": host, "parameters": parameters}, **members}


def connected_flow(
    house: House, actions: Mapping[str, Any], connector: str, held: Mapping[str, Any] | None
) -> UUID:
    """Return a new flow, switched on.

    Args:
        house: The installation.
        actions: Its actions.
        connector: What its connection is to.
        held: What the connection holds; None for a flow whose connection is bound to none.
    """
    reference = {
        "runtimeSource": "embedded",
        "connection": {"connectionReferenceLogicalName": "new_connection"},
        "api": {"name": connector},
    }
    document = {
        "properties": {
            "connectionReferences": {KEY: reference},
            "definition": {"triggers": MANUAL, "actions": actions},
        }
    }
    columns = {"name": "A flow", "category": Category.MODERN_FLOW.value, "clientdata": json.dumps(document)}

    def make(tx: Transaction) -> UUID:
        if held is not None:
            principal = load_principal(tx, house.owner_id)
            name = create_connection(tx, principal, NewConnection(connector, held), house.vault)
            create_reference(tx, principal, "new_connection", connector)
            bind_reference(tx, principal, "new_connection", name)
        flow_id = create(tx, Workflow, columns, by=house.owner_id)
        turn_on(tx, flow_id, by=house.owner_id)
        return flow_id

    return house.database.write(make)


def run(house: House, flow_id: UUID) -> dict[str, Any]:
    """Run a flow to its end, and return the record of each action."""
    with house.server() as server:
        (begun,) = server.call(flow_id)
        house.finish(server, begun.id)
        return {name: records[0] for name, records in house.records(server, begun.id).items()}
