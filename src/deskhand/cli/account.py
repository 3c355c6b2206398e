"""``deskhand token``, ``deskhand user``, ``deskhand role`` and ``deskhand app``."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.commands import Group
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, choose, write_rows

if TYPE_CHECKING:
    from deskhand.store.database import Transaction

ROLE = click.option(
    "--role", "roles", multiple=True, metavar="NAME", help="A security role; may be repeated."
)


class Duration(click.ParamType[timedelta]):
    """A length of time such as ``90d``, ``12h``, ``30m`` or ``45s``."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read one length of time."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,6})([dhms])", str(value))
        if match is None:
            self.fail(f"‘{value}’ is no length of time; write 90d, 12h, 30m or 45s.", param, ctx)
        unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}[match.group(2)]
        return timedelta(**{unit: int(match.group(1))})


@click.group(cls=Group)
def token() -> None:
    """Bearer tokens for scripts."""


@token.command(
    "new",
    examples=["deskhand token new me", 'deskhand token new ci --role "Desktop Flows Runner" --expires 90d'],
)
@click.argument("name")
@click.option("--user", default="admin", show_default=True, help="Sign-in name of the user it acts as.")
@ROLE
@click.option(
    "--expires", type=Duration(), default=timedelta(days=90), show_default="90d", help="How long it works."
)
@DATA
def new_token(name: str, user: str, roles: tuple[str, ...], expires: timedelta, data: Path) -> None:
    """Print a bearer token, and nothing else.

    With --role the token gets a user of its own, called NAME, with these roles alone; a further token of
    that user is made with --user NAME.
    """
    from deskhand.identity.accounts import create_api_token, create_user, load_installation
    from deskhand.identity.tokens import TokenService
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:

        def create(tx: Transaction) -> str:
            tenant = load_installation(tx).organization_id
            tokens = TokenService(installation.keyring, installation.settings, installation.clock, tenant)
            user_id = create_user(tx, name, name, roles=roles) if roles else _user(tx, user)["systemuserid"]
            return create_api_token(tx, tokens, name, user_id, expires)

        click.echo(installation.database.write(create))


@token.command("list", examples=["deskhand token list"])
@OUTPUT
@DATA
def list_tokens(form: str, data: Path) -> None:
    """List the tokens that still work."""
    from deskhand.server.accounts import list_api_tokens
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(list_api_tokens)
    write_rows(rows, form, ("apitokenid", "name", "user", "expireson"), empty="No token works.")


@token.command("revoke", examples=["deskhand token revoke ci"])
@click.argument("name")
@DATA
def revoke_token(name: str, data: Path) -> None:
    """Make a token useless; NAME is its name or the beginning of its id."""
    from deskhand.identity.accounts import revoke_api_token
    from deskhand.server.accounts import list_api_tokens
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        row = choose("token", name, installation.database.read(list_api_tokens), "apitokenid")
        installation.database.write(lambda tx: revoke_api_token(tx, row["apitokenid"]))
    click.echo(f"Revoked ‘{row['name']}’.")


@click.group(cls=Group)
def user() -> None:
    """People."""


@user.command("add", examples=['deskhand user add anna --role "Environment Maker"'])
@click.argument("name")
@click.option("--full-name", help="The name for people; NAME unless given.")
@ROLE
@DATA
def add_user(name: str, full_name: str | None, roles: tuple[str, ...], data: Path) -> None:
    """Add a user with sign-in name NAME."""
    from deskhand.identity.accounts import create_user
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        user_id = installation.database.write(
            lambda tx: create_user(tx, full_name or name, name, roles=roles)
        )
    click.echo(f"Added ‘{name}’ ({user_id}).")
    click.echo(f"  A link to sign in with, once: deskhand user link {name}")
    click.echo(f"  A token for scripts:          deskhand token new NAME --user {name}")


@user.command("list", examples=["deskhand user list"])
@OUTPUT
@DATA
def list_users(form: str, data: Path) -> None:
    """List users and applications with their roles."""
    from deskhand.server.accounts import list_users as listed
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(listed)
    write_rows(rows, form, ("domainname", "fullname", "roles", "systemuserid"), empty="")


@user.command("grant", examples=['deskhand user grant anna "System Administrator"'])
@click.argument("name")
@click.argument("role")
@DATA
def grant(name: str, role: str, data: Path) -> None:
    """Give user NAME a security ROLE."""
    from deskhand.identity.roles import assign_role
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        installation.database.write(lambda tx: assign_role(tx, _user(tx, name)["systemuserid"], role))
    click.echo(f"‘{name}’ holds {role}.")


@user.command("revoke", examples=['deskhand user revoke anna "Environment Maker"'])
@click.argument("name")
@click.argument("role")
@DATA
def revoke(name: str, role: str, data: Path) -> None:
    """Take a security ROLE from user NAME."""
    from deskhand.identity.audit import COMMAND_LINE, Thing, note
    from deskhand.identity.users import take_role
    from deskhand.server.installation import Installation

    def take(tx: Transaction) -> None:
        row = _user(tx, name)
        take_role(tx, row["systemuserid"], role)
        thing = Thing("systemuser", row["systemuserid"], row["domainname"])
        note(tx, COMMAND_LINE, "took a role", thing, role=role)

    with Installation.open(data) as installation:
        installation.database.write(take)
    click.echo(f"‘{name}’ does not hold {role} any more.")


@user.command(
    "password", examples=["deskhand user password anna", "deskhand user password anna < password.txt"]
)
@click.argument("name")
@DATA
def password(name: str, data: Path) -> None:
    """Set the password of user NAME: asked for on a terminal, otherwise the first line of standard input.

    Every browser that is signed in as NAME is signed out.
    """
    from deskhand.identity.audit import COMMAND_LINE, Thing, note
    from deskhand.identity.passwords import new_password_hash, set_password
    from deskhand.identity.users import person_named
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        row = installation.database.read(lambda tx: person_named(tx, name))
        hashed = new_password_hash(_new_password(row["domainname"]), row["domainname"])

        def store(tx: Transaction) -> None:
            set_password(tx, row["systemuserid"], hashed)
            note(
                tx,
                COMMAND_LINE,
                "set a password",
                Thing("systemuser", row["systemuserid"], row["domainname"]),
            )

        installation.database.write(store)
    click.echo(f"‘{row['domainname']}’ signs in with the new password.")


def _new_password(name: str) -> str:
    if sys.stdin.isatty():
        text: str = click.prompt(
            f"New password of ‘{name}’", hide_input=True, confirmation_prompt=True, err=True
        )
        return text
    return sys.stdin.readline().rstrip("\r\n")


@user.command("link", examples=["deskhand user link anna"])
@click.argument("name")
@DATA
def link(name: str, data: Path) -> None:
    """Print an address that signs user NAME in, once and within 10 minutes."""
    from deskhand.identity.audit import COMMAND_LINE, Thing, note
    from deskhand.identity.sessions import link_address
    from deskhand.identity.users import person_named, sign_in_code
    from deskhand.server.installation import Installation

    def create(tx: Transaction) -> str:
        row = person_named(tx, name)
        thing = Thing("systemuser", row["systemuserid"], row["domainname"])
        note(tx, COMMAND_LINE, "made a sign-in link", thing)
        return sign_in_code(tx, row)

    with Installation.open(data) as installation:
        code = installation.database.write(create)
        click.echo(link_address(installation.address, code))


@user.command("disable", examples=["deskhand user disable anna"])
@click.argument("name")
@DATA
def disable(name: str, data: Path) -> None:
    """Let user NAME sign in no more, and sign them out everywhere."""
    _set_disabled(name, data, disabled=True)
    click.echo(f"‘{name}’ can sign in no more. To undo it: deskhand user enable {name}")


@user.command("enable", examples=["deskhand user enable anna"])
@click.argument("name")
@DATA
def enable(name: str, data: Path) -> None:
    """Let user NAME, who was disabled, sign in again."""
    _set_disabled(name, data, disabled=False)
    click.echo(f"‘{name}’ can sign in again.")


def _set_disabled(name: str, data: Path, *, disabled: bool) -> None:
    from deskhand.identity.audit import COMMAND_LINE, Thing, note
    from deskhand.identity.users import person_named, set_disabled
    from deskhand.server.installation import Installation

    def change(tx: Transaction) -> None:
        row = person_named(tx, name)
        set_disabled(tx, row["systemuserid"], disabled)
        thing = Thing("systemuser", row["systemuserid"], row["domainname"])
        note(tx, COMMAND_LINE, "disabled a user" if disabled else "enabled a user", thing)

    with Installation.open(data) as installation:
        installation.database.write(change)


@click.group(cls=Group)
def role() -> None:
    """What users and applications may be given."""


@role.command("list", examples=["deskhand role list"])
@OUTPUT
@DATA
def list_roles(form: str, data: Path) -> None:
    """List the security roles."""
    from deskhand.server.accounts import list_roles as listed
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(listed)
    write_rows(rows, form, ("name", "users", "description"), empty="")


@click.group(cls=Group)
def app() -> None:
    """Applications that call the Web API with client credentials."""


@app.command("add", examples=['deskhand app add billing --role "Desktop Flows Runner"'])
@click.argument("name")
@ROLE
@DATA
def add_app(name: str, roles: tuple[str, ...], data: Path) -> None:
    """Register an application and print its client id and secret, which are shown this once."""
    from deskhand.identity.accounts import create_application, load_installation
    from deskhand.identity.client_secrets import new_client_secret
    from deskhand.server.installation import Installation

    secret = new_client_secret()

    def create(tx: Transaction) -> tuple[UUID, UUID]:
        made = create_application(tx, name, secret.hash, roles=roles)
        return made.application_id, load_installation(tx).organization_id

    with Installation.open(data) as installation:
        client_id, tenant = installation.database.write(create)
    click.echo(f"tenant         {tenant}\nclient id      {client_id}\nclient secret  {secret.text}")


@app.command("list", examples=["deskhand app list"])
@OUTPUT
@DATA
def list_apps(form: str, data: Path) -> None:
    """List applications; ``deskhand user grant`` gives their sign-in names further roles."""
    from deskhand.server.accounts import list_users as listed
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = [row for row in installation.database.read(listed) if row["applicationid"] is not None]
    columns = ("fullname", "applicationid", "roles", "domainname")
    write_rows(rows, form, columns, empty="No application. Register one: deskhand app add NAME")


def _user(tx: Transaction, name: str) -> Any:
    from deskhand.server.accounts import list_users as listed

    return choose("user", name, listed(tx), "systemuserid", "domainname")
