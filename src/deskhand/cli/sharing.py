"""Sharing a flow of either kind with somebody, by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.output import choose, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskhand.server.installation import Installation


def sharing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of sharing a flow: with whom, as what, or no longer."""
    for option in (
        click.option("--revoke", is_flag=True, help="Take the right away again."),
        click.option(
            "--co-owner", is_flag=True, help="May edit it and see its runs; otherwise may only run it."
        ),
        click.option("--user", "person", required=True, help="Sign-in name of who gets it."),
    ):
        command = option(command)
    return command


def share_with(
    installation: Installation, chosen: Mapping[str, Any], person: str, *, co_owner: bool, revoke: bool
) -> None:
    """Share a flow and say so.

    Args:
        installation: Where it is.
        chosen: The flow's ``workflowid`` and ``name``.
        person: The sign-in name, or the beginning of it, of who gets it.
        co_owner: Whether they may edit it, too.
        revoke: Whether they shall have no right to it any more.
    """
    from deskhand.records.sharing import SharingLevel
    from deskhand.server.accounts import list_users
    from deskhand.server.publishing import share_flow

    users = installation.database.read(list_users)
    user = choose("user", person, users, "systemuserid", "domainname")
    level = SharingLevel.CO_OWNER if co_owner else SharingLevel.USER
    installation.database.write(
        lambda tx: share_flow(tx, chosen["workflowid"], user["systemuserid"], None if revoke else level)
    )
    if revoke:
        click.echo(f"‘{safe(chosen['name'])}’ is shared with ‘{person}’ no longer.")
        return
    click.echo(f"‘{person}’ may {'edit and run' if co_owner else 'run'} ‘{safe(chosen['name'])}’.")
