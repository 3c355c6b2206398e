"""Custom connectors: OpenAPI documents that an installation keeps. Source: cloud-flows 3.11."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import (
    ConnectorInUse,
    ConnectorMoved,
    ConnectorNameTaken,
    ConnectorUnknown,
)
from deskhand.cloudflows.declare import CONNECTORS, OPERATIONS
from deskhand.cloudflows.openapi import operations as openapi
from deskhand.cloudflows.openapi.arguments import awaited_parameters
from deskhand.cloudflows.openapi.document import text_of
from deskhand.cloudflows.openapi.operations import SchemeKind
from deskhand.cloudflows.openapi.reading import read_connector
from deskhand.cloudflows.usage import api_name
from deskhand.core.ids import new_id
from deskhand.entities.connector import Connector
from deskhand.entities.flowmachine import Connection
from deskhand.entities.security import SystemUser
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_C = Connector.c
_NAME = re.compile(r"[A-Za-z0-9_]{1,80}\Z")
_PASSWORD = "password"  # noqa: S105 - a format of JSON schema
_KINDS: Mapping[SchemeKind, Mapping[str, Value]] = {
    SchemeKind.BASIC: {
        "username": {"type": "string", "title": "User name"},
        "password": {"type": "string", "title": "Password", "format": _PASSWORD},
    },
    SchemeKind.API_KEY: {"apiKey": {"type": "string", "title": "API key", "format": _PASSWORD}},
    SchemeKind.BEARER: {
        "accessToken": {"type": "string", "title": "Access token", "format": _PASSWORD},
        "tokenUrl": {"type": "string", "title": "Address that gives access tokens"},
        "clientId": {"type": "string", "title": "Client id"},
        "clientSecret": {"type": "string", "title": "Client secret", "format": _PASSWORD},
        "scope": {"type": "string", "title": "Scope"},
    },
}
_ADDRESS: Mapping[str, Value] = {
    "baseUrl": {
        "type": "string",
        "title": "Address of the service",
        "description": "In place of the one that the connector's document names.",
    }
}

parsed = lru_cache(maxsize=16)(read_connector)
"""Reads a document; those used last are kept, since every call of a connector needs its own."""


def add_connector(tx: Transaction, name: str, document: str, *, owner_id: UUID) -> bool:
    """Add a custom connector, or replace the document of one; return whether it is new.

    Raises:
        ConnectorNameTaken: It has the name of a built-in connector, or one that flows cannot use.
        ConnectorUnreadable: The document is no OpenAPI document.
        ConnectorMoved: It leads to another server than the one before, and there are connections to that.
    """
    if not _NAME.match(name) or name.lower() in CONNECTORS:
        raise ConnectorNameTaken(name)
    described = read_connector(document)
    before = read_custom(tx, name)
    if before is not None and before.base_url != described.base_url and (used := _connections(tx, name)):
        raise ConnectorMoved(name, used, described.base_url)
    values = {"displayname": (described.title or name)[:200], "document": document}
    changed = tx.execute(sa.update(Connector.table).where(_named(name)).values(values))
    if changed.rowcount == 0:
        row = {"connectorid": new_id(), "name": name, "ownerid": owner_id, "createdon": tx.now, **values}
        tx.execute(sa.insert(Connector.table), row)
    return changed.rowcount == 0


def delete_connector(tx: Transaction, name: str) -> None:
    """Delete a custom connector.

    Raises:
        ConnectorUnknown: There is none.
        ConnectorInUse: It has connections.
    """
    used = _connections(tx, name)
    if used:
        raise ConnectorInUse(name, used)
    if tx.execute(sa.delete(Connector.table).where(_named(name))).rowcount == 0:
        raise ConnectorUnknown(name, custom_names(tx))


def _connections(tx: Transaction, name: str) -> int:
    """Return how many connections a connector has."""
    ids = tx.execute(sa.select(Connection.c.connectorid)).scalars()
    return sum(api_name(one or "").casefold() == name.casefold() for one in ids)


def read_custom(tx: Transaction, name: str) -> openapi.Connector | None:
    """Return a custom connector; None if there is none of that name.

    Raises:
        ConnectorUnreadable: Its document cannot be read any more.
    """
    document = tx.execute(sa.select(_C.document).where(_named(name))).scalar()
    return None if document is None else parsed(document)


def connector_title(tx: Transaction, api: str) -> str:
    """Return the name for people of any connector; the one that flows use where nobody knows another.

    Args:
        tx: Reads the custom connectors.
        api: The connector, as a name or as an id that ends with it.
    """
    name = api_name(api)
    declared = CONNECTORS.get(name.lower())
    if declared is not None:
        return declared.title
    return tx.execute(sa.select(_C.displayname).where(_named(name))).scalar() or name


def custom_names(tx: Transaction) -> list[str]:
    """Return the names of the custom connectors."""
    return list(tx.execute(sa.select(_C.name).order_by(_C.name)).scalars())


def list_custom(tx: Transaction) -> list[dict[str, Any]]:
    """Return the custom connectors by name."""
    query = (
        sa.select(_C.name, _C.displayname, SystemUser.c.domainname.label("owner"), _C.createdon)
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == _C.ownerid)
        .order_by(_C.name)
    )
    return [dict(row) for row in tx.execute(query).mappings()]


def operations_of(tx: Transaction, name: str) -> list[dict[str, Any]]:
    """Return the operations of a connector, custom or built in, for people to choose from."""
    custom = read_custom(tx, name)
    if custom is not None:
        return [
            {"id": one.id, "title": one.summary or one.id, "method": one.method, "path": one.path}
            for one in custom.operations.values()
        ]
    return [
        {"id": one.id, "title": one.title, "method": None, "path": None}
        for one in OPERATIONS.values()
        if one.api.casefold() == name.casefold()
    ]


def offered_inputs(connector: openapi.Connector, operation: openapi.Operation) -> dict[str, Value]:
    """Return the JSON schema of an operation's parameters as designers offer them, each under its name."""
    reader = connector.schemas(operation)
    return {
        "type": "object",
        "properties": {
            one.name: {
                "type": text_of(reader.view(one.schema), "type") or "any",
                "title": one.hints.summary or one.name,
                "description": one.description,
            }
            for one in operation.parameters
        },
        "required": awaited_parameters(operation, reader),
    }


def connection_schema(connector: openapi.Connector) -> dict[str, Value]:
    """Return what a connection to a custom connector holds: what its operations ask callers to show."""
    kinds = {scheme.kind for one in connector.operations.values() for scheme in one.security}
    properties = {
        name: schema for kind in SchemeKind if kind in kinds for name, schema in _KINDS[kind].items()
    }
    return {
        "type": "object",
        "properties": {**properties, **_ADDRESS},
        "required": [] if connector.base_url else ["baseUrl"],
    }


def _named(name: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(_C.name) == name.lower()
