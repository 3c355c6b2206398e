"""``deskhand cloudflow on``, ``off``, ``url`` and ``share``: who and what may start a flow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from deskhand.cli.cloudflow_show import find_cloud_flow
from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.sharing import share_with, sharing_options


@click.command("on", cls=Command, examples=["deskhand cloudflow on Nightly"])
@click.argument("name")
@DATA
def on(name: str, data: Path) -> None:
    """Switch a cloud flow on: its triggers start runs from now on."""
    from deskhand.cloudflows.activation import turn_on

    _switch(name, data, turn_on)
    click.echo("On.")


@click.command("off", cls=Command, examples=["deskhand cloudflow off Nightly"])
@click.argument("name")
@DATA
def off(name: str, data: Path) -> None:
    """Switch a cloud flow off: its triggers start nothing more, and runs that have begun go on."""
    from deskhand.cloudflows.activation import turn_off

    _switch(name, data, turn_off)
    click.echo("Off.")


def _switch(name: str, data: Path, act: Callable[..., None]) -> None:
    import deskhand.cloudflows.library
    from deskhand.identity.accounts import load_installation
    from deskhand.server.installation import Installation

    assert deskhand.cloudflows.library.ACTION_TYPES, "everything is declared"
    with Installation.open(data) as installation:
        workflow_id = find_cloud_flow(installation, name)["workflowid"]
        administrator = installation.database.read(load_installation).administrator_id
        installation.database.write(lambda tx: act(tx, workflow_id, by=administrator))


@click.command("url", cls=Command, examples=["deskhand cloudflow url Orders"])
@click.argument("name")
@click.option("--trigger", help="The trigger; the flow's first if not given.")
@DATA
def url(name: str, trigger: str | None, data: Path) -> None:
    """Print the address at which a cloud flow is called. Whoever knows it may call the flow."""
    from deskhand.cloudflows.called import read_called
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        flows = cloud_flows_of(installation)
        workflow_id = find_cloud_flow(installation, name)["workflowid"]
        called = installation.database.read(lambda tx: read_called(tx, flows.programs, workflow_id, trigger))
        named = called.trigger.name if called.trigger else "manual"
        click.echo(flows.addresses.of_trigger(workflow_id, named, called.flow.address_key))


@click.command(
    "share",
    cls=Command,
    examples=[
        "deskhand cloudflow share Nightly --user anna",
        "deskhand cloudflow share Nightly --user anna --co-owner  # who may edit it too",
        "deskhand cloudflow share Nightly --user anna --revoke",
    ],
)
@click.argument("name")
@sharing_options
@DATA
def share(name: str, person: str, co_owner: bool, revoke: bool, data: Path) -> None:
    """Let somebody run a cloud flow, or edit it too."""
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        chosen = find_cloud_flow(installation, name)
        share_with(installation, chosen, person, co_owner=co_owner, revoke=revoke)
