"""``deskhand connection``: what connectors act with, whose it is, and who else may use it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.commands import Group
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, OUTPUT, QUIET, choose, safe, write_page, write_rows
from deskhand.core.errors import DeskhandError

if TYPE_CHECKING:
    from deskhand.cloudflows.known_connectors import KnownConnector
    from deskhand.identity.principals import Principal
    from deskhand.server.installation import Installation
    from deskhand.store.database import Transaction

_SET = click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A parameter.")
_SECRET = click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME",
    help="A secret parameter; asked for on a terminal, otherwise a line of standard input.",
)
_CREDENTIAL = click.option(
    "--credential",
    "named",
    multiple=True,
    metavar="NAME=CREDENTIAL",
    help="A parameter that a credential gives: its password where that is secret, otherwise its user name.",
)
_OWNER = click.option("--owner", default="admin", show_default=True, help="Sign-in name of whose it is.")


@click.group(cls=Group)
def connection() -> None:
    """Connections: what connectors act with."""


@connection.command(
    "list",
    examples=["deskhand connection list", "deskhand connection list --quiet  # names for connectionName"],
)
@QUIET
@OUTPUT
@DATA
def list_connections(quiet: bool, form: str, data: Path) -> None:
    """List connections; ``name`` is what callers give as ``connectionName``."""
    from deskhand.cloudflows.connection_editing import list_connections as listed
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(lambda tx: listed(tx, administrator(tx)))
    if quiet:
        for row in rows:
            click.echo(row["name"])
        return
    columns = ("name", "displayname", "connector", "target", "status", "owner")
    write_rows(rows, form, columns, empty="No connection. Make one: deskhand connection add --machine NAME")


@connection.command("add", examples=["deskhand connection add --machine FIN-03 --owner anna"])
@click.option("--machine", required=True, help="The machine or machine group that runs go to.")
@_OWNER
@click.option("--display-name", help="Its name for people; the machine's unless given.")
@DATA
def add_connection(machine: str, owner: str, display_name: str | None, data: Path) -> None:
    """Make a connection for desktop flows and print its name."""
    from deskhand.orchestrator.connections import create_connection
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_groups

    with Installation.open(data) as installation:
        group = choose("machine", machine, installation.database.read(list_groups), "flowmachinegroupid")
        person = _person(installation, owner)
        name = installation.database.write(
            lambda tx: create_connection(
                tx,
                group_id=group["flowmachinegroupid"],
                owner_id=person["systemuserid"],
                display_name=display_name or group["name"],
            )
        )
    click.echo(name)


@connection.command(
    "new",
    examples=[
        "deskhand connection new shared_sendmail --set address=a@b.example --set smtpHost=mail.b.example",
        "deskhand connection new shared_orders --secret apiKey --owner anna",
        "deskhand connection new shared_orders --credential apiKey='Orders key'",
    ],
)
@click.argument("connector")
@_SET
@_SECRET
@_CREDENTIAL
@_OWNER
@click.option("--display-name", help="Its name for people; the connector's unless given.")
@DATA
def new_connection(
    connector: str,
    given: tuple[str, ...],
    secrets: tuple[str, ...],
    named: tuple[str, ...],
    owner: str,
    display_name: str | None,
    data: Path,
) -> None:
    """Make a connection to any connector and print its name.

    ``deskhand connector show NAME`` lists the parameters that it takes.
    """
    from deskhand.cloudflows.connection_editing import NewConnection, create_connection
    from deskhand.cloudflows.known_connectors import find_connector
    from deskhand.identity.accounts import load_principal
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        known = installation.database.read(lambda tx: find_connector(tx, connector))
        asked = NewConnection(known.name, _parameters(known, given, secrets, named), display_name)
        person = _person(installation, owner)

        def make(tx: Transaction) -> str:
            principal = load_principal(tx, person["systemuserid"])
            return create_connection(tx, principal, asked, installation.vault)

        name = installation.database.write(make)
    click.echo(name)


@connection.command("show", examples=["deskhand connection show Mail"])
@click.argument("name")
@CONTENT
@DATA
def show(name: str, form: str, data: Path) -> None:
    """Show what a connection holds, its secrets masked, and with whom it is shared."""
    from deskhand.cloudflows.connection_editing import show_connection
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found = _find(installation, name)
        shown = installation.database.read(lambda tx: show_connection(tx, administrator(tx), found))
    write_page(shown, form, _page)


@connection.command("test", examples=["deskhand connection test Mail"])
@click.argument("name")
@DATA
def test(name: str, data: Path) -> None:
    """Try a connection out: log in to its servers, call its service, look for its machines."""
    from deskhand.cloudflows.connection_editing import connection_test, note_status
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found, database = _find(installation, name), installation.database
        services = cloud_flows_of(installation).services
        attempt = database.read(lambda tx: connection_test(tx, administrator(tx), found, services))
        problem: str | None = "It was not tried out to the end."
        try:
            attempt()
            problem = None
        except DeskhandError as error:
            problem = error.message
            raise
        finally:
            database.write(lambda tx: note_status(tx, found, works=problem is None, message=problem))
    click.echo("Connected")


@connection.command(
    "update",
    examples=[
        "deskhand connection update Mail --set smtpPort=465 --set smtpSecurity=tls",
        "deskhand connection update Mail --secret password",
    ],
)
@click.argument("name")
@_SET
@_SECRET
@_CREDENTIAL
@click.option("--unset", multiple=True, metavar="NAME", help="A parameter to take away.")
@click.option("--display-name", help="Its new name for people.")
@DATA
def update(
    name: str,
    given: tuple[str, ...],
    secrets: tuple[str, ...],
    named: tuple[str, ...],
    unset: tuple[str, ...],
    display_name: str | None,
    data: Path,
) -> None:
    """Change what a connection holds; what is not named stays."""
    from deskhand.cloudflows.connection_editing import update_connection
    from deskhand.cloudflows.connections import find_connection
    from deskhand.cloudflows.known_connectors import find_connector
    from deskhand.cloudflows.usage import api_name
    from deskhand.identity.accounts import load_principal
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found, database = _find(installation, name), installation.database
        row = database.read(lambda tx: find_connection(tx, found))
        assert row is not None, "it was found a moment ago"
        known = database.read(lambda tx: find_connector(tx, api_name(row["connectorid"])))
        changes = {**_parameters(known, given, secrets, named), **dict.fromkeys(unset)}

        def change(tx: Transaction) -> None:
            owner = load_principal(tx, row["ownerid"])
            update_connection(tx, owner, found, changes, installation.vault, display_name=display_name)

        database.write(change)


@connection.command("share", examples=["deskhand connection share Mail --user anna"])
@click.argument("name")
@click.option("--user", required=True, help="Sign-in name of who may run with it.")
@click.option("--revoke", is_flag=True, help="Take the right away again.")
@DATA
def share(name: str, user: str, revoke: bool, data: Path) -> None:
    """Let somebody run flows with a connection; its secrets stay hidden from them."""
    from deskhand.cloudflows.connection_editing import share_connection
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found, person = _find(installation, name), _person(installation, user)
        installation.database.write(
            lambda tx: share_connection(
                tx, administrator(tx), found, person["systemuserid"], may_use=not revoke
            )
        )


@connection.command("delete", examples=["deskhand connection delete Mail"])
@click.argument("name")
@DATA
def delete(name: str, data: Path) -> None:
    """Delete a connection with its secrets; what is bound to it can run no more."""
    from deskhand.cloudflows.connection_editing import delete_connection
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found = _find(installation, name)
        installation.database.write(lambda tx: delete_connection(tx, administrator(tx), found))


@connection.command("references", examples=["deskhand connection references"])
@OUTPUT
@DATA
def references(form: str, data: Path) -> None:
    """List connection references: what flows call connections, and what they are bound to."""
    from deskhand.cloudflows.connection_references import list_references
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(lambda tx: list_references(tx, administrator(tx)))
    columns = ("connectionreferencelogicalname", "connector", "connectionid", "connection")
    write_rows(rows, form, columns, empty="No connection reference. Flows bring them: deskhand import")


@connection.group(cls=Group)
def reference() -> None:
    """Connection references: what flows call connections."""


@reference.command("new", examples=["deskhand connection reference new new_mail shared_office365"])
@click.argument("logical_name")
@click.argument("connector")
@_OWNER
@click.option("--display-name", help="Its name for people; the connector's unless given.")
@DATA
def new_reference(
    logical_name: str, connector: str, owner: str, display_name: str | None, data: Path
) -> None:
    """Make a connection reference that is bound to nothing yet.

    ``deskhand connection bind`` binds it; flows name it as ``connectionReferenceLogicalName``.
    """
    from deskhand.cloudflows.connection_references import create_reference
    from deskhand.identity.accounts import load_principal
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        person = _person(installation, owner)

        def make(tx: Transaction) -> None:
            principal = load_principal(tx, person["systemuserid"])
            create_reference(tx, principal, logical_name, connector, display_name=display_name)

        installation.database.write(make)


@connection.command("bind", examples=["deskhand connection bind new_mail Mail"])
@click.argument("logical_name", metavar="REFERENCE")
@click.argument("name", metavar="CONNECTION")
@DATA
def bind(logical_name: str, name: str, data: Path) -> None:
    """Bind a connection reference to a connection of its connector.

    A flow runs with it if the flow's owner may: it is theirs, or shared with them.
    """
    from deskhand.cloudflows.connection_references import require_fit
    from deskhand.server.installation import Installation
    from deskhand.server.references import bind_references

    with Installation.open(data) as installation:
        found = _find(installation, name)

        def act(tx: Transaction) -> None:
            require_fit(tx, logical_name, found)
            bind_references(tx, [(logical_name, found)], by=administrator(tx).user_id)

        installation.database.write(act)


def administrator(tx: Transaction) -> Principal:
    """Return as whom the command line acts: who has the data directory administers everything."""
    from deskhand.identity.accounts import load_installation, load_principal

    return load_principal(tx, load_installation(tx).administrator_id)


def _person(installation: Installation, name: str) -> Mapping[str, Any]:
    from deskhand.server.accounts import list_users

    return choose("user", name, installation.database.read(list_users), "systemuserid", "domainname")


def _find(installation: Installation, text: str) -> str:
    """Return the name of the connection that a person means by its name, or its name for people."""
    from deskhand.cloudflows.connection_editing import list_connections as listed

    rows = installation.database.read(lambda tx: listed(tx, administrator(tx)))
    return str(choose("connection", text, rows, "name", "displayname")["name"])


def _parameters(
    known: KnownConnector, given: tuple[str, ...], secrets: tuple[str, ...], named: tuple[str, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given:
        name, separator, value = one.partition("=")
        if not separator:
            raise click.UsageError(f"‘{safe(one)}’ is no NAME=VALUE.")
        if name in known.secrets:
            raise click.UsageError(f"‘{name}’ is secret; give it with --secret {name}.")
        is_number = known.properties.get(name, {}).get("type") == "integer" and value.isdecimal()
        found[name] = int(value) if is_number else value
    for one in named:
        name, _, credential = one.partition("=")
        if not credential:
            raise click.UsageError(f"‘{safe(one)}’ is no NAME=CREDENTIAL.")
        found[name] = {"credential": credential}
    return found | {name: _secret(name) for name in secrets}


def _secret(name: str) -> str:
    if sys.stdin.isatty():
        value: str = click.prompt(name, hide_input=True)
        return value
    return sys.stdin.readline().rstrip("\r\n")


def _page(shown: Mapping[str, Any]) -> Iterator[str]:
    yield safe(f"{shown['displayname']}   {shown['name']}   {shown['status']}")
    yield safe(f"  connector  {shown['connector']}")
    yield safe(f"  owner      {shown['owner']}")
    if shown["target"]:
        yield safe(f"  machines   {shown['target']}")
    if shown["sharedwith"]:
        yield safe(f"  shared     {', '.join(shown['sharedwith'])}")
    if shown["parameters"]:
        yield "Parameters"
    for name, value in shown["parameters"].items():
        yield safe(f"  {name}  {value}")
