"""``deskhand connection``: which group runs go to, and whose they are."""

from __future__ import annotations

from pathlib import Path

import click

from deskhand.cli.commands import Group
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, QUIET, choose, write_rows


@click.group(cls=Group)
def connection() -> None:
    """Desktop flow connections."""


@connection.command(
    "list",
    examples=["deskhand connection list", "deskhand connection list --quiet  # names for connectionName"],
)
@QUIET
@OUTPUT
@DATA
def list_connections(quiet: bool, form: str, data: Path) -> None:
    """List connections; ``name`` is what callers give as ``connectionName``."""
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_connections as listed

    with Installation.open(data) as installation:
        rows = installation.database.read(listed)
    if quiet:
        for row in rows:
            click.echo(row["name"])
        return
    columns = ("name", "displayname", "target", "owner")
    write_rows(rows, form, columns, empty="No connection. Make one: deskhand connection add --machine NAME")


@connection.command("add", examples=["deskhand connection add --machine FIN-03 --owner anna"])
@click.option("--machine", required=True, help="The machine or machine group that runs go to.")
@click.option("--owner", default="admin", show_default=True, help="Sign-in name of whose it is.")
@click.option("--display-name", help="Its name for people; the machine's unless given.")
@DATA
def add_connection(machine: str, owner: str, display_name: str | None, data: Path) -> None:
    """Make a connection and print its name."""
    from deskhand.orchestrator.connections import create_connection
    from deskhand.server.accounts import list_users
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_groups

    with Installation.open(data) as installation:
        group = choose("machine", machine, installation.database.read(list_groups), "flowmachinegroupid")
        person = choose("user", owner, installation.database.read(list_users), "systemuserid", "domainname")
        name = installation.database.write(
            lambda tx: create_connection(
                tx,
                group_id=group["flowmachinegroupid"],
                owner_id=person["systemuserid"],
                display_name=display_name or group["name"],
            )
        )
    click.echo(name)
