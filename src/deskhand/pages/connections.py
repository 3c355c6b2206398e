"""Connections: what they lead to, whose they are, what uses them. Secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

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
from deskhand.cloudflows.connection_errors import CredentialNotUsable
from deskhand.cloudflows.credentials import credential_named, list_credentials
from deskhand.cloudflows.known_connectors import KnownConnector, list_connectors
from deskhand.core.errors import DeskhandError
from deskhand.entities.credential import Credential
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.identity.audit import Thing, note
from deskhand.identity.users import person_named
from deskhand.orchestrator.connections import administers
from deskhand.pages.declare import PageContext, Preparation, endpoint

_MOST_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection that the caller may use.

    Attributes:
        id: The connection's own id.
        name: The name that requests and references give.
        display_name: Its name for people.
        connector: The connector's name.
        target_id: The machine group that it leads to, for desktop flows.
        target: That group's name.
        owner: The sign-in name of whose it is.
        status: ``Connected``, or ``Error`` where it did not work when it was last tried out.
        created_on: When it was made.
        references: The connection references that are bound to it.
        tested_on: When it was last tried out; null for never.
        problem: Why it did not work then.
    """

    id: UUID
    name: str
    display_name: str
    connector: str
    target_id: UUID | None
    target: str | None
    owner: str | None
    status: str
    created_on: datetime
    references: tuple[str, ...]
    tested_on: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ConnectionList:
    """Connections.

    Attributes:
        items: The connections, the oldest first.
    """

    items: tuple[ConnectionRow, ...]


@dataclass(frozen=True, slots=True)
class ConnectionDetails:
    """One connection.

    Attributes:
        connection: The connection as lists show it.
        parameters: What it holds; secrets are hidden, and a credential stands by its id.
        shared_with: The sign-in names of those who may run with it, beside its owner.
        credentials: The names of the credentials that it signs in with, by id, as far as the caller may see.
        can_write: Whether the caller may change it.
    """

    connection: ConnectionRow
    parameters: Mapping[str, Any]
    shared_with: tuple[str, ...]
    credentials: Mapping[str, str]
    can_write: bool


@dataclass(frozen=True, slots=True)
class ConnectorRow:
    """A connector that connections can be made to.

    Attributes:
        name: Its name, as flows give it.
        title: Its name for people.
        description: What it is for.
        parameters: What a connection to it holds, as a JSON schema; ``format: password`` marks secrets.
        custom: Whether this installation added it.
    """

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any]
    custom: bool


@dataclass(frozen=True, slots=True)
class ConnectorList:
    """Connectors.

    Attributes:
        items: The connectors, those that are built in first.
    """

    items: tuple[ConnectorRow, ...]


@dataclass(frozen=True, slots=True)
class ConnectionToMake:
    """A connection to make.

    Attributes:
        connector: The connector's name.
        display_name: Its name for people; the connector's where it is left out.
        parameters: What it holds, secrets included.
    """

    connector: str
    display_name: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreatedConnection:
    """A connection that was made.

    Attributes:
        name: The name that requests and references give.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """What shall be different about a connection.

    Attributes:
        display_name: Its name for people.
        parameters: What it holds; what is left out stays, null goes.
    """

    display_name: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom a connection is shared.

    Attributes:
        user: Their sign-in name.
        may_use: Whether they may run with it.
    """

    user: str
    may_use: bool = True


@dataclass(frozen=True, slots=True)
class ConnectionToTest:
    """A connection to try out.

    Attributes:
        name: Its name.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ConnectionTrial:
    """Whether a connection works.

    Attributes:
        works: Whether it does.
        message: Why not.
    """

    works: bool
    message: str | None


@endpoint("GET", "/connections")
def connections(context: PageContext, *, connector: str | None = None) -> ConnectionList:
    """List the connections that the caller may use; one who administers sees everybody's.

    Args:
        connector: Only those to this connector, such as shared_uiflow.
    """
    rows = list_connections(context.tx, context.principal, connector)
    references = _references(context)
    return ConnectionList(tuple(_row(row, references) for row in rows))


@endpoint("GET", "/connections/{name}")
def connection(context: PageContext, *, name: str) -> ConnectionDetails:
    """Return one connection; its secrets stay hidden.

    Args:
        name: Its name.
    """
    shown = show_connection(context.tx, context.principal, name)
    row = _row(shown, _references(context))
    return ConnectionDetails(
        row,
        shown["parameters"],
        tuple(shown["sharedwith"]),
        _credential_names(context, shown["parameters"]),
        shown["ownerid"] == context.principal.user_id or administers(context.principal),
    )


def _credential_names(context: PageContext, parameters: Mapping[str, Any]) -> dict[str, str]:
    named = {one for value in parameters.values() if (one := credential_named(value)) is not None}
    if not named or context.principal.depth(Credential.privilege(AccessRight.READ).name) is None:
        return {}
    known = list_credentials(context.tx, context.principal)
    return {str(one["credentialid"]): one["name"] for one in known if str(one["credentialid"]) in named}


@endpoint("GET", "/connectors")
def connectors(context: PageContext) -> ConnectorList:
    """List the connectors that connections can be made to."""
    return ConnectorList(tuple(map(_connector, list_connectors(context.tx))))


@endpoint("POST", "/connections")
def make_connection(context: PageContext, *, body: ConnectionToMake) -> CreatedConnection:
    """Make a connection of the caller's own.

    Args:
        body: What it is.
    """
    asked = NewConnection(body.connector, body.parameters, body.display_name)
    name = create_connection(context.tx, context.principal, asked, context.vault)
    thing = Thing(Connection.logical_name, UUID(name), body.display_name or body.connector)
    note(context.tx, context.actor, "made a connection", thing, connector=body.connector)
    return CreatedConnection(name)


@endpoint("PATCH", "/connections/{name}")
def change_connection(context: PageContext, *, name: str, body: ConnectionChange) -> None:
    """Change a connection.

    Args:
        name: Its name.
        body: What shall be different.
    """
    update_connection(
        context.tx,
        context.principal,
        name,
        body.parameters,
        context.vault,
        display_name=body.display_name,
    )
    note(context.tx, context.actor, "changed a connection", _thing(context, name))


@endpoint("DELETE", "/connections/{name}")
def remove_connection(context: PageContext, *, name: str) -> None:
    """Delete a connection; references to it stay and name nothing.

    Args:
        name: Its name.
    """
    thing = _thing(context, name)
    delete_connection(context.tx, context.principal, name)
    note(context.tx, context.actor, "deleted a connection", thing)


@endpoint("PUT", "/connections/{name}/sharing")
def set_sharing(context: PageContext, *, name: str, body: Sharing) -> None:
    """Let somebody run with a connection, or no longer; they never see its secrets, nor change it.

    Args:
        name: Its name.
        body: With whom it is shared.
    """
    user = person_named(context.tx, body.user)
    share_connection(context.tx, context.principal, name, user["systemuserid"], may_use=body.may_use)
    act = "shared a connection" if body.may_use else "stopped sharing a connection"
    note(context.tx, context.actor, act, _thing(context, name), user=body.user)


def _try(preparation: Preparation, body: ConnectionToTest) -> ConnectionTrial:
    try:
        attempt = preparation.read(
            lambda tx: connection_test(tx, preparation.principal, body.name, preparation.flow_services)
        )
    except CredentialNotUsable as error:
        return ConnectionTrial(False, error.message)
    try:
        attempt()
    except DeskhandError as error:
        return ConnectionTrial(False, error.message)
    return ConnectionTrial(True, None)


@endpoint("POST", "/connections/test", prepare=_try)
def try_connection(
    context: PageContext, *, body: ConnectionToTest, prepared: ConnectionTrial
) -> ConnectionTrial:
    """Try a connection out.

    Args:
        body: Which one.
        prepared: Whether it works.
    """
    note_status(context.tx, body.name, works=prepared.works, message=prepared.message)
    return prepared


def _row(row: Mapping[str, Any], references: Mapping[str, tuple[str, ...]]) -> ConnectionRow:
    return ConnectionRow(
        row["connectionid"],
        row["name"],
        row["displayname"] or row["name"],
        row["connector"],
        row["targetid"],
        row["target"],
        row["owner"],
        row["status"],
        row["createdon"],
        references.get(row["name"], ())[:_MOST_REFERENCES],
        row["testedon"],
        row["testmessage"],
    )


def _connector(one: KnownConnector) -> ConnectorRow:
    return ConnectorRow(one.name, one.title, one.doc, one.parameters, one.is_custom)


def _references(context: PageContext) -> Mapping[str, tuple[str, ...]]:
    c = ConnectionReference.c
    shown = sa.func.coalesce(c.connectionreferencedisplayname, c.connectionreferencelogicalname)
    query = sa.select(c.connectionid, shown).where(c.connectionid.is_not(None)).order_by(shown)
    found: dict[str, tuple[str, ...]] = {}
    for name, reference in context.tx.execute(query):
        found[name] = (*found.get(name, ()), reference)
    return found


def _thing(context: PageContext, name: str) -> Thing:
    c = Connection.c
    query = sa.select(c.connectionid, c.displayname).where(c.name == name.lower())
    row = context.tx.execute(query).first()
    return Thing(Connection.logical_name, row[0] if row else None, row[1] if row else name)
