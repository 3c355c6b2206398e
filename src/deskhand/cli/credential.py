"""``deskhand credential``: user names with passwords that connections name in place of holding them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.commands import Group
from deskhand.cli.connection import administrator
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, QUIET, choose, safe, write_rows

if TYPE_CHECKING:
    from deskhand.server.installation import Installation
    from deskhand.store.database import Transaction


@click.group(cls=Group)
def credential() -> None:
    """Credentials: user names with passwords."""


@credential.command("list", examples=["deskhand credential list", "deskhand credential list --output json"])
@QUIET
@OUTPUT
@DATA
def list_all(quiet: bool, form: str, data: Path) -> None:
    """List credentials and how many connections sign in with each; passwords stay hidden."""
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = _rows(installation)
    if quiet:
        for row in rows:
            click.echo(row["credentialid"])
        return
    columns = ("name", "account", "owner", "connections", "used", "changed", "expires")
    write_rows(
        rows, form, columns, empty="No credential. Make one: deskhand credential add NAME --account WHO"
    )


@credential.command("add", examples=["deskhand credential add 'Bank portal' --account svc-fin --owner anna"])
@click.argument("name")
@click.option("--account", default="", help="The user name.")
@click.option("--description", default="", help="What it is for.")
@click.option("--owner", default="admin", show_default=True, help="Sign-in name of whose it is.")
@DATA
def add(name: str, account: str, description: str, owner: str, data: Path) -> None:
    """Make a credential; its password is asked for on a terminal, otherwise a line of standard input."""
    from deskhand.cloudflows.credentials import NewCredential, create_credential
    from deskhand.identity.accounts import load_principal
    from deskhand.server.accounts import list_users
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        users = installation.database.read(list_users)
        person = choose("user", owner, users, "systemuserid", "domainname")
        asked = NewCredential(name, account, _password(), description)

        def make(tx: Transaction) -> UUID:
            return create_credential(
                tx, load_principal(tx, person["systemuserid"]), asked, installation.vault
            )

        installation.database.write(make)
    click.echo(f"Made the credential ‘{safe(name)}’.", err=True)


@credential.command("rotate", examples=["deskhand credential rotate 'Bank portal'"])
@click.argument("name")
@DATA
def rotate(name: str, data: Path) -> None:
    """Give a credential another password; every connection that names it uses it from now on."""
    from deskhand.cloudflows.credentials import rotate_credential
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        row, password = _find(installation, name), _password()
        installation.database.write(
            lambda tx: rotate_credential(
                tx, administrator(tx), row["credentialid"], password, installation.vault
            )
        )
    click.echo(f"‘{safe(row['name'])}’ has a new password for {row['connections']} connections.", err=True)


@credential.command("remove", examples=["deskhand credential remove 'Bank portal'"])
@click.argument("name")
@DATA
def remove(name: str, data: Path) -> None:
    """Delete a credential; connections that sign in with it work no more."""
    from deskhand.cloudflows.credentials import delete_credential
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        row = _find(installation, name)
        installation.database.write(lambda tx: delete_credential(tx, administrator(tx), row["credentialid"]))
    click.echo(f"Deleted ‘{safe(row['name'])}’; {row['connections']} connections named it.", err=True)


@credential.command(
    "share",
    examples=[
        "deskhand credential share 'Bank portal' --user anna",
        "deskhand credential share 'Bank portal' --user anna --revoke",
    ],
)
@click.argument("name")
@click.option("--user", "person", required=True, help="Sign-in name of who gets it.")
@click.option("--revoke", is_flag=True, help="Take the right away again.")
@DATA
def share(name: str, person: str, revoke: bool, data: Path) -> None:
    """Let somebody's connections sign in with a credential; the password stays hidden from them."""
    from deskhand.entities.credential import Credential
    from deskhand.records.security import share as share_row
    from deskhand.records.sharing import SharingLevel, mask_of
    from deskhand.server.accounts import list_users
    from deskhand.server.installation import Installation

    mask = 0 if revoke else mask_of(SharingLevel.USER)
    with Installation.open(data) as installation:
        users = installation.database.read(list_users)
        user = choose("user", person, users, "systemuserid", "domainname")
        row = _find(installation, name)
        installation.database.write(
            lambda tx: share_row(tx, Credential, row["credentialid"], user["systemuserid"], mask)
        )


def _rows(installation: Installation) -> list[dict[str, Any]]:
    from deskhand.cloudflows.credentials import list_credentials, users_of
    from deskhand.server.accounts import list_users

    def read(tx: Transaction) -> list[dict[str, Any]]:
        rows = list_credentials(tx, administrator(tx))
        users = users_of(tx, [row["credentialid"] for row in rows])
        owners = {one["systemuserid"]: one["domainname"] for one in list_users(tx)}
        return [
            {
                "credentialid": row["credentialid"],
                "name": row["name"],
                "account": row["accountname"],
                "owner": owners.get(row["ownerid"]),
                "connections": len(users.get(row["credentialid"], ())),
                "used": row["lastusedon"],
                "changed": row["secretchangedon"],
                "expires": row["expireson"],
            }
            for row in rows
        ]

    return installation.database.read(read)


def _find(installation: Installation, name: str) -> dict[str, Any]:
    return dict(choose("credential", name, _rows(installation), "credentialid"))


def _password() -> str:
    if sys.stdin.isatty():
        value: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return value
    return sys.stdin.readline().rstrip("\r\n")
