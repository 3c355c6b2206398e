"""``deskhand import``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, counted, safe, write_rows

if TYPE_CHECKING:
    from deskhand.server.importing import Imported, ImportReport
    from deskhand.server.reading import Checked

SHOWN_PROBLEMS = 5


@click.command(
    "import",
    cls=Command,
    examples=[
        "deskhand import Finance_1_2_0_4.zip",
        "deskhand import flows/invoice  # a folder with a flow.toml",
        "deskhand import Hello.robin --draft",
        "deskhand import Finance_1_2_0_4.zip --connect new_flows=4709ab8c3e4746ce8b9e7fc1a8a2f095",
    ],
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--draft", is_flag=True, help="As drafts, which do not run before they are published.")
@click.option(
    "--connect",
    multiple=True,
    metavar="REFERENCE=CONNECTION",
    help="Bind a connection reference to a connection; may be repeated.",
)
@OUTPUT
@DATA
def import_(source: Path, draft: bool, connect: tuple[str, ...], form: str, data: Path) -> None:
    """Import a solution .zip, a flow folder or a Robin text; all of it or nothing.

    A flow that is there already is replaced: a solution's by its id, a text by its name.
    """
    from deskhand.identity.accounts import load_installation
    from deskhand.server.importing import ImportReport, bind_references, import_flows
    from deskhand.server.installation import Installation
    from deskhand.server.reading import read_content
    from deskhand.store.database import Transaction

    bindings = [_binding(one) for one in connect]
    checked = read_content(source)

    def store(tx: Transaction) -> ImportReport:
        administrator = load_installation(tx).administrator_id
        report = import_flows(tx, checked, by=administrator, draft=draft)
        bind_references(tx, bindings, by=administrator)
        bound = {name.casefold() for name, _ in bindings}
        return ImportReport(report.flows, tuple(one for one in report.unbound if one.casefold() not in bound))

    with Installation.open(data) as installation:
        report = installation.database.write(store)
    if form != "table":
        write_rows(map(_row, report.flows), form, (), empty="")
        return
    for line in _page(report, checked, source, draft=draft):
        click.echo(line)


def _binding(text: str) -> tuple[str, str]:
    reference, equals, connection = text.partition("=")
    if not (reference and equals and connection):
        raise click.UsageError(f"--connect takes REFERENCE=CONNECTION, not ‘{text}’.")
    return reference, connection


def _row(one: Imported) -> dict[str, object]:
    return {
        "workflowid": one.workflow_id,
        "name": one.name,
        "category": one.category.value,
        "new": one.is_new,
        "runs": not one.problems,
        "problems": list(one.problems),
    }


def _page(report: ImportReport, checked: Checked, source: Path, *, draft: bool) -> Iterator[str]:
    width = max((len(one.name) for one in report.flows), default=0)
    for one in report.flows:
        yield from _flow(one, width, source)
    for flow in checked.flows:
        if flow.open_names:
            yield f"  ◌ {fragment_note(flow.flow.name, flow.open_names)}"
    for name in report.unbound:
        yield f"  ◌ connection reference {safe(name)} needs a connection: --connect {safe(name)}=CONNECTION"
    running = sum(not one.problems for one in report.flows)
    state = " as drafts; publish one with: deskhand flow publish NAME" if draft else ""
    yield f"{counted(len(report.flows), 'flow')} imported, {running} can run here{state}."


def _flow(one: Imported, width: int, source: Path) -> Iterator[str]:
    mark = "✖" if one.problems else "✓"
    done = "imported" if one.is_new else "replaced"
    reasons = f"  cannot run yet: {counted(len(one.problems), 'reason')}" if one.problems else ""
    yield f"  {mark} {safe(one.name):<{width}}  {done}{reasons}"
    for problem in one.problems[:SHOWN_PROBLEMS]:
        yield f"      {safe(problem)}"
    if len(one.problems) > SHOWN_PROBLEMS:
        yield f"      … and {len(one.problems) - SHOWN_PROBLEMS} more: deskhand check {safe(str(source))}"


def fragment_note(flow: str, names: Sequence[str]) -> str:
    """Say that a fragment names variables that nothing in it sets. Source: robin 11."""
    listed = ", ".join(map(safe, names))
    given = " ".join(f"--input {safe(name)}=…" for name in names)
    return (
        f"‘{safe(flow)}’ declares no inputs, and nothing in it sets {listed}. If callers give these, declare "
        f"each with @INPUT; to try it with values: deskhand run FILE {given}"
    )
