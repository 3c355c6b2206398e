"""``deskhand cloudflow export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from deskhand.cli.cloudflow_show import find_cloud_flow
from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.output import counted


@click.command(
    "export",
    cls=Command,
    examples=[
        "deskhand cloudflow export Nightly > Nightly.json",
        "deskhand cloudflow export Nightly -o flows/Nightly.json",
        "deskhand cloudflow export Nightly Hourly --solution Orders  # writes Orders.zip",
    ],
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; else it is printed.",
)
@click.option(
    "--solution", metavar="NAME", help="Make a solution .zip of this unique name; takes several flows."
)
@DATA
def export(names: tuple[str, ...], output: Path | None, solution: str | None, data: Path) -> None:
    """Give back cloud flows as they came, byte for byte, or as a solution for Power Automate.

    A solution holds the flows with the connection references and environment variables that they use.
    """
    from deskhand.server.exporting import export_flow, export_solution
    from deskhand.server.installation import Installation

    if solution is None and len(names) > 1:
        raise click.UsageError("Only a solution takes several flows; name it with --solution.")
    with Installation.open(data) as installation:
        ids = list(dict.fromkeys(find_cloud_flow(installation, name)["workflowid"] for name in names))
        if solution is None:
            content = installation.database.read(lambda tx: export_flow(tx, ids[0]))
        else:
            content = installation.database.read(lambda tx: export_solution(tx, ids, solution))
            output = output or Path(f"{solution}.zip")
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    click.echo(f"{output}: {counted(len(ids), 'flow')}, {len(content):,} bytes", err=True)
