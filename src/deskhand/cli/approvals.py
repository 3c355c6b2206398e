"""``deskhand approvals`` and ``notifications``: what cloud flows ask and tell people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.commands import Command, Group
from deskhand.cli.connection import administrator
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, OUTPUT, choose, safe, write_page, write_rows

if TYPE_CHECKING:
    from deskhand.identity.principals import Principal
    from deskhand.server.installation import Installation

_STATUSES = ("pending", "completed", "canceled", "all")
_USER = click.option("--user", default="admin", show_default=True, help="Sign-in name of who answers.")


@click.group(cls=Group)
def approvals() -> None:
    """Questions that cloud flows ask people."""


@approvals.command("list", examples=["deskhand approvals list", "deskhand approvals list --status all"])
@click.option(
    "--status",
    type=click.Choice(_STATUSES),
    default="pending",
    show_default=True,
    help="Only those that stand so.",
)
@OUTPUT
@DATA
def list_approvals(status: str, form: str, data: Path) -> None:
    """List approvals, the newest first."""
    from deskhand.cloudflows.approvals import ApprovalStatus
    from deskhand.cloudflows.approvals import list_approvals as listed
    from deskhand.server.installation import Installation

    wanted = None if status == "all" else ApprovalStatus(status.capitalize())
    with Installation.open(data) as installation:
        rows = installation.database.read(lambda tx: listed(tx, administrator(tx), wanted))
    columns = ("name", "title", "assignees", "status", "result", "createdon")
    write_rows(rows, form, columns, empty="No approval waits for an answer.")


@approvals.command("show", examples=["deskhand approvals show 3f2504e0"])
@click.argument("name")
@CONTENT
@DATA
def show(name: str, form: str, data: Path) -> None:
    """Show what is asked, whom, and what they have answered."""
    from deskhand.cloudflows.approvals import show_approval
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found = _find(installation, name)
        shown = installation.database.read(lambda tx: show_approval(tx, administrator(tx), found))
    write_page(shown, form, _page)


@approvals.command(
    "answer",
    examples=["deskhand approvals answer 3f2504e0 Approve --user anna --comments 'Go ahead'"],
)
@click.argument("name")
@click.argument("response")
@_USER
@click.option("--comments", default="", help="What to say to it.")
@DATA
def answer(name: str, response: str, user: str, comments: str, data: Path) -> None:
    """Answer an approval as one of those who are asked."""
    from deskhand.cloudflows.approvals import answer as answered
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        found, principal = _find(installation, name), _principal(installation, user)
        installation.database.write(lambda tx: answered(tx, principal, found, response, comments))
    click.echo("Answered.")


@click.command("notifications", cls=Command, examples=["deskhand notifications --user anna --unread"])
@_USER
@click.option("--unread", is_flag=True, help="Only those that nobody has read.")
@OUTPUT
@DATA
def notifications(user: str, unread: bool, form: str, data: Path) -> None:
    """List what cloud flows have told somebody, the newest first."""
    from deskhand.cloudflows.notifications import list_notifications
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        user_id = _principal(installation, user).user_id
        rows = installation.database.read(lambda tx: list_notifications(tx, user_id, unread=unread))
    write_rows(rows, form, ("createdon", "title", "text"), empty="Nothing to read.")


def _principal(installation: Installation, name: str) -> Principal:
    from deskhand.identity.accounts import load_principal
    from deskhand.server.accounts import list_users

    row = choose("user", name, installation.database.read(list_users), "systemuserid", "domainname")
    return installation.database.read(lambda tx: load_principal(tx, row["systemuserid"]))


def _find(installation: Installation, text: str) -> str:
    """Return the id of the approval that a person means by its title or the beginning of its id."""
    from deskhand.cloudflows.approvals import list_approvals as listed

    rows = installation.database.read(lambda tx: listed(tx, administrator(tx), None))
    return str(choose("approval", text, rows, "name", "title")["name"])


def _page(shown: Mapping[str, Any]) -> Iterator[str]:
    yield safe(f"{shown['title']}   {shown['name']}   {shown['status']}")
    if shown["result"]:
        yield safe(f"  result    {shown['result']}")
    yield safe(f"  asked     {', '.join(shown['assignees'])}")
    yield safe(f"  answers   {', '.join(shown['options'])}")
    for line in (shown["details"] or "").splitlines():
        yield safe(f"  {line}")
    if shown["itemlink"]:
        yield safe(f"  {shown['itemlinkdescription'] or 'see'}  {shown['itemlink']}")
    for one in shown["responses"]:
        who = one["responder"]["displayName"]
        yield safe(f"  {who}: {one['approverResponse']}  {one['comments']}".rstrip())
