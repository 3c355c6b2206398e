"""The management API's calls about connections, connection references and connectors.

Source: cloud-flows 1.3 and 3.11, machines-and-runs 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from deskhand.cloudflows.connection_editing import (
    NewConnection,
    connection_test,
    create_connection,
    delete_connection,
    list_connections,
    note_status,
    share_connection,
    show_connection,
    update_connection,
)
from deskhand.cloudflows.connection_errors import ConnectionTestFailed
from deskhand.cloudflows.connection_references import bind_reference, create_reference, list_references
from deskhand.cloudflows.custom_connectors import operations_of
from deskhand.cloudflows.known_connectors import KnownConnector, find_connector, list_connectors
from deskhand.core.clock import to_wire
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value
from deskhand.webapi.cloud_requests import Answer, BodyRefused, ManagementCall, Query

# Connections


def _list_connections(tx: Transaction, query: Query) -> Answer:
    """Return the connections that the caller may use; `connector` names one connector."""
    rows = list_connections(tx, query.principal, query.options.get("connector"))
    return query.listed([as_json(row) for row in rows])


def _get_connection(tx: Transaction, query: Query) -> Answer:
    """Return a connection with what it holds, secrets masked, and with whom it is shared."""
    return Answer(as_json(show_connection(tx, query.principal, query.path["connection"])))


def _create_connection(tx: Transaction, query: Query) -> Answer:
    """Make a connection from `connector`, `parameters` and perhaps `displayName`."""
    asked = NewConnection(text_of(query, "connector"), _parameters(query), _optional(query, "displayName"))
    name = create_connection(tx, query.principal, asked, query.flows.services.vault)
    return Answer(as_json(show_connection(tx, query.principal, name)), 201)


def _update_connection(tx: Transaction, query: Query) -> Answer:
    """Change `parameters` or `displayName`; what is not named stays, null takes it away."""
    name = query.path["connection"]
    update_connection(
        tx,
        query.principal,
        name,
        _parameters(query),
        query.flows.services.vault,
        display_name=_optional(query, "displayName"),
    )
    return Answer(as_json(show_connection(tx, query.principal, name)))


def _delete_connection(tx: Transaction, query: Query) -> Answer:
    """Delete a connection with its secrets."""
    delete_connection(tx, query.principal, query.path["connection"])
    return Answer(status=204)


def _test_connection(tx: Transaction, query: Query) -> Answer:
    """Try a connection out."""
    name = query.path["connection"]
    test = connection_test(tx, query.principal, name, query.flows.services)
    return Answer(outside=lambda: _tested(query, name, test))


def _tested(query: Query, name: str, test: Callable[[], None]) -> Answer:
    """Try a connection out, note how that went, and tell."""
    try:
        test()
    except DeskhandError as error:
        message = error.message
        query.flows.database.write(lambda tx: note_status(tx, name, works=False, message=message))
        if isinstance(error, ConnectionTestFailed):
            raise
        raise ConnectionTestFailed(error.message) from error
    query.flows.database.write(lambda tx: note_status(tx, name, works=True))
    return Answer({"name": name, "status": "Connected"})


def _share_connection(tx: Transaction, query: Query) -> Answer:
    """Let a user run with a connection."""
    share_connection(tx, query.principal, query.path["connection"], _user(query))
    return Answer(status=204)


def _unshare_connection(tx: Transaction, query: Query) -> Answer:
    """Let a user run with a connection no longer."""
    share_connection(tx, query.principal, query.path["connection"], _user(query), may_use=False)
    return Answer(status=204)


def _user(query: Query) -> UUID:
    user_id = parse_id(query.path["user"])
    if user_id is None:
        raise BodyRefused("the address names no user's id")
    return user_id


# References


def _list_references(tx: Transaction, query: Query) -> Answer:
    """Return the connection references that the caller may read."""
    return query.listed([as_json(row) for row in list_references(tx, query.principal)])


def _create_reference(tx: Transaction, query: Query) -> Answer:
    """Make a connection reference from `name`, `connector` and perhaps `displayName`."""
    name = text_of(query, "name")
    reference_id = create_reference(
        tx, query.principal, name, text_of(query, "connector"), display_name=_optional(query, "displayName")
    )
    return Answer({"connectionreferenceid": str(reference_id), "name": name}, 201)


def _bind_reference(tx: Transaction, query: Query) -> Answer:
    """Bind a connection reference to the `connection` of that name; null lets it name none."""
    connection = query.body.get("connection")
    if connection is not None and not isinstance(connection, str):
        raise BodyRefused("'connection' must be the name of a connection, or null")
    bind_reference(tx, query.principal, query.path["reference"], connection)
    return Answer(status=204)


# Connectors


def _list_connectors(tx: Transaction, query: Query) -> Answer:
    """Return every connector with what its connections hold."""
    return query.listed([_connector(one) for one in list_connectors(tx)])


def _get_connector(tx: Transaction, query: Query) -> Answer:
    """Return a connector with its operations."""
    known = find_connector(tx, query.path["connector"])
    return Answer({**_connector(known), "operations": operations_of(tx, known.name)})


def _connector(known: KnownConnector) -> dict[str, Value]:
    return {
        "name": known.name,
        "title": known.title,
        "description": known.doc,
        "isCustom": known.is_custom,
        "parameters": dict(known.parameters),
    }


# Bodies


def _parameters(query: Query) -> Mapping[str, Value]:
    found = query.body.get("parameters", {})
    if not isinstance(found, dict):
        raise BodyRefused("'parameters' must be an object")
    return found


def text_of(query: Query, name: str) -> str:
    """Return a text of the body.

    Raises:
        BodyRefused: There is none.
    """
    value = query.body.get(name)
    if not isinstance(value, str) or not value:
        raise BodyRefused(f"'{name}' must be a text")
    return value


def _optional(query: Query, name: str) -> str | None:
    return text_of(query, name) if query.body.get(name) is not None else None


def as_json(row: Mapping[str, Any]) -> dict[str, Value]:
    """Return a row as JSON holds it."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Value:
    if isinstance(value, UUID):
        return str(value)
    return to_wire(value) if hasattr(value, "isoformat") else value


CONNECTION_CALLS = (
    ManagementCall("GET", "/connections", _list_connections),
    ManagementCall("POST", "/connections", _create_connection, writes=True),
    ManagementCall("GET", "/connections/{connection}", _get_connection),
    ManagementCall("PATCH", "/connections/{connection}", _update_connection, writes=True),
    ManagementCall("DELETE", "/connections/{connection}", _delete_connection, writes=True),
    ManagementCall("POST", "/connections/{connection}/test", _test_connection),
    ManagementCall("PUT", "/connections/{connection}/users/{user}", _share_connection, writes=True),
    ManagementCall("DELETE", "/connections/{connection}/users/{user}", _unshare_connection, writes=True),
    ManagementCall("GET", "/connectionreferences", _list_references),
    ManagementCall("POST", "/connectionreferences", _create_reference, writes=True),
    ManagementCall("PATCH", "/connectionreferences/{reference}", _bind_reference, writes=True),
    ManagementCall("GET", "/connectors", _list_connectors),
    ManagementCall("GET", "/connectors/{connector}", _get_connector),
)
"""Every call about connections, below the management API's own base."""
