"""``deskhand connector``: custom connectors, and operations that are sent elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.commands import Group
from deskhand.cli.connection import administrator
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, OUTPUT, NotFound, safe, write_content, write_rows

if TYPE_CHECKING:
    from deskhand.store.database import Transaction

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group)
def connector() -> None:
    """Connectors: what flows can use beyond themselves."""


@connector.command("list", examples=["deskhand connector list"])
@OUTPUT
@DATA
def list_connectors(form: str, data: Path) -> None:
    """List connectors: those that are built in, and those that were added."""
    from deskhand.cloudflows.known_connectors import list_connectors as listed
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        known = installation.database.read(listed)
    rows = [
        {"name": one.name, "title": one.title, "kind": "custom" if one.is_custom else "built in"}
        for one in known
    ]
    write_rows(rows, form, ("name", "title", "kind"), empty="No connector.")


@connector.command("show", examples=["deskhand connector show shared_office365"])
@click.argument("name")
@CONTENT
@DATA
def show(name: str, form: str, data: Path) -> None:
    """Show what a connection to a connector holds, and which operations it has."""
    from deskhand.cloudflows.custom_connectors import operations_of
    from deskhand.cloudflows.known_connectors import find_connector
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        known = installation.database.read(lambda tx: find_connector(tx, name))
        operations = installation.database.read(lambda tx: operations_of(tx, known.name))
    if form != "table":
        shown: dict[str, Any] = {"name": known.name, "title": known.title, "description": known.doc}
        write_content({**shown, "parameters": dict(known.parameters), "operations": operations}, form)
        return
    click.echo(safe(f"{known.title}   {known.name}"))
    required = known.parameters.get("required") or ()
    click.echo("Parameters of a connection" if known.properties else "A connection holds nothing.")
    for key, schema in known.properties.items():
        remarks = [str(schema.get("title", ""))]
        remarks += ["required"] if key in required else []
        remarks += ["secret"] if key in known.secrets else []
        click.echo(safe(f"  {key}  {', '.join(filter(None, remarks))}"))
    click.echo("Operations")
    for one in operations:
        click.echo(safe(f"  {one['id']}  {one['title']}"))


@connector.command("add", examples=["deskhand connector add shared_orders orders.json"])
@click.argument("name")
@click.argument("document", type=_FILE)
@DATA
def add(name: str, document: Path, data: Path) -> None:
    """Add a custom connector from its OpenAPI document, or replace the document of one."""
    from deskhand.cloudflows.custom_connectors import add_connector
    from deskhand.cloudflows.library import CONNECTORS
    from deskhand.server.installation import Installation

    assert CONNECTORS, "the names that are taken are known"
    text = document.read_text(encoding="utf-8-sig")

    def act(tx: Transaction) -> bool:
        return add_connector(tx, name, text, owner_id=administrator(tx).user_id)

    with Installation.open(data) as installation:
        is_new = installation.database.write(act)
    click.echo("Added." if is_new else "Replaced.")


@connector.command("delete", examples=["deskhand connector delete shared_orders"])
@click.argument("name")
@DATA
def delete(name: str, data: Path) -> None:
    """Delete a custom connector that has no connections."""
    from deskhand.cloudflows.custom_connectors import delete_connector
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        installation.database.write(lambda tx: delete_connector(tx, name))


@connector.command("redirect", examples=["deskhand connector redirect redirects.toml"])
@click.argument("file", type=_FILE)
@DATA
def redirect(file: Path, data: Path) -> None:
    """Send operations that are not built to HTTP addresses instead, as a TOML file says."""
    from deskhand.cloudflows.redirects import read_redirects, store_redirects
    from deskhand.server.installation import Installation

    found = read_redirects(file.name, file.read_text(encoding="utf-8"))
    with Installation.open(data) as installation:
        installation.database.write(lambda tx: store_redirects(tx, found))
    for one in found:
        click.echo(safe(f"{one.api} {one.operation} → {one.method} {one.uri}"))


@connector.command("redirects", examples=["deskhand connector redirects"])
@OUTPUT
@DATA
def redirects(form: str, data: Path) -> None:
    """List the operations that are sent elsewhere."""
    from deskhand.cloudflows.redirects import list_redirects
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found = installation.database.read(list_redirects)
    rows = [
        {"connector": one.api, "operation": one.operation, "method": one.method, "uri": one.uri}
        for one in found
    ]
    columns = ("connector", "operation", "method", "uri")
    write_rows(rows, form, columns, empty="No redirect. Make some: deskhand connector redirect FILE")


@connector.command("forget", examples=["deskhand connector forget shared_teams PostMessage"])
@click.argument("name", metavar="CONNECTOR")
@click.argument("operation")
@DATA
def forget(name: str, operation: str, data: Path) -> None:
    """Send an operation nowhere any more."""
    from deskhand.cloudflows.redirects import delete_redirect
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        if not installation.database.write(lambda tx: delete_redirect(tx, name, operation)):
            raise NotFound("redirect", f"{name} {operation}")
