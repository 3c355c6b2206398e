"""``deskhand machine``: machines and their agents."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from deskhand.cli.account import Duration
from deskhand.cli.commands import Group
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, QUIET, choose, write_rows

if TYPE_CHECKING:
    from deskhand.server.installation import Installation

SERVER = click.option("--server", required=True, metavar="URL", help="Where the server answers.")
CA = click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates to trust besides the system's, PEM.",
)


@click.group(cls=Group)
def machine() -> None:
    """Machines."""


@machine.command("list", examples=["deskhand machine list"])
@QUIET
@OUTPUT
@DATA
def list_machines(quiet: bool, form: str, data: Path) -> None:
    """List machines and whether they are connected."""
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_machines as listed

    with Installation.open(data) as installation:
        silence = installation.settings.heartbeat_seconds * 3
        now = installation.clock.now()
        rows = installation.database.read(lambda tx: listed(tx, silence, now))
    if quiet:
        for row in rows:
            click.echo(row["flowmachineid"])
        return
    columns = ("name", "group", "connectivity", "running", "sessioncapacity", "agentversion")
    write_rows(rows, form, columns, empty="No machine yet. On the machine: deskhand machine register")


@machine.command(
    "token", examples=["deskhand machine token", "deskhand machine token --group FIN --expires 15m"]
)
@click.option("--group", help="The machine group it joins; a group of its own unless given.")
@click.option(
    "--expires", type=Duration(), default=timedelta(hours=1), show_default="1h", help="How long it works."
)
@DATA
def token(group: str | None, expires: timedelta, data: Path) -> None:
    """Print a one-time token with which one machine registers."""
    from deskhand.identity.accounts import load_installation
    from deskhand.orchestrator.machines import create_registration_token
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_groups

    with Installation.open(data) as installation:
        groups = installation.database.read(list_groups)
        chosen = choose("machine group", group, groups, "flowmachinegroupid") if group else None
        click.echo(
            installation.database.write(
                lambda tx: create_registration_token(
                    tx,
                    owner_id=load_installation(tx).administrator_id,
                    group_id=chosen["flowmachinegroupid"] if chosen else None,
                    valid_seconds=expires.total_seconds(),
                )
            )
        )


@machine.command(
    "register", examples=["deskhand machine register --server https://rpa.example.org --token dhm_…"]
)
@SERVER
@click.option(
    "--token",
    envvar="DESKHAND_REGISTRATION_TOKEN",
    required=True,
    help="A one-time token, from: deskhand machine token",
)
@click.option("--name", default=socket.gethostname, show_default="this machine's", help="Its name, unique.")
@click.option("--description", default="", help="What it is for.")
@CA
@DATA
def register(server: str, token: str, name: str, description: str, ca: Path | None, data: Path) -> None:
    """Register this machine with a server, once."""
    from deskhand.agent.registration import register as introduce

    introduce(server, token, name, description, data / "machine", ca)
    click.echo(f"✓ {name} is registered.  Start it: deskhand machine run --server {server}")


@machine.command(
    "share",
    examples=[
        "deskhand machine share FIN-03 --user anna",
        "deskhand machine share FIN --group --user anna --co-owner",
        "deskhand machine share FIN-03 --user anna --revoke",
    ],
)
@click.argument("name")
@click.option("--user", "person", required=True, help="Sign-in name of who gets it.")
@click.option("--group", "is_group", is_flag=True, help="NAME is a machine group.")
@click.option("--co-owner", is_flag=True, help="May change and remove it too; otherwise may only run on it.")
@click.option("--can-share", is_flag=True, help="May run on it and share it.")
@click.option("--revoke", is_flag=True, help="Take the right away again.")
@DATA
def share(
    name: str, person: str, is_group: bool, co_owner: bool, can_share: bool, revoke: bool, data: Path
) -> None:
    """Let somebody make connections to a machine or a machine group, and run on it."""
    from deskhand.records.sharing import SharingLevel
    from deskhand.server.accounts import list_users
    from deskhand.server.installation import Installation
    from deskhand.server.publishing import share_machine

    level = SharingLevel.CAN_SHARE if can_share else SharingLevel.USER
    level = SharingLevel.CO_OWNER if co_owner else level
    with Installation.open(data) as installation:
        users = installation.database.read(list_users)
        user = choose("user", person, users, "systemuserid", "domainname")
        chosen = _machine_or_group(installation, name, is_group)
        installation.database.write(
            lambda tx: share_machine(
                tx, chosen, user["systemuserid"], None if revoke else level, is_group=is_group
            )
        )


def _machine_or_group(installation: Installation, name: str, is_group: bool) -> UUID:
    from deskhand.server.listing import list_groups
    from deskhand.server.listing import list_machines as listed

    if is_group:
        rows = installation.database.read(list_groups)
        return UUID(str(choose("machine group", name, rows, "flowmachinegroupid")["flowmachinegroupid"]))
    now = installation.clock.now()
    rows = installation.database.read(lambda tx: listed(tx, installation.settings.heartbeat_seconds, now))
    return UUID(str(choose("machine", name, rows, "flowmachineid")["flowmachineid"]))


@machine.command("run", examples=["deskhand machine run --server https://rpa.example.org"])
@SERVER
@CA
@click.option("--parent", type=int, hidden=True, help="End when this process ends.")
@DATA
def run(server: str, ca: Path | None, parent: int | None, data: Path) -> None:
    """Run this machine's agent: connect to the server and take runs."""
    from deskhand.agent.linux import die_with
    from deskhand.agent.registration import load_credentials
    from deskhand.agent.service import run_agent
    from deskhand.cli.lasting import keep_for_good
    from deskhand.core import log
    from deskhand.core.settings import Settings

    if parent is not None:
        die_with(parent)
    else:
        load_credentials(data / "machine")
        click.echo(f"▶ This machine takes runs of {server}.  Ctrl+C stops it; running flows first.", err=True)
    settings = Settings.load(data)
    log.configure(settings.log_level)
    keep_for_good()
    run_agent(data / "machine", server, settings, threading.Event(), ca)
