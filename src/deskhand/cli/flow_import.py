"""``deskhand import``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, Row, counted, safe, write_rows

if TYPE_CHECKING:
    from deskhand.server.importing import Imported, ImportReport
    from deskhand.server.installation import Installation
    from deskhand.server.reading import Checked

SHOWN_PROBLEMS = 5


@click.command(
    "import",
    cls=Command,
    examples=[
        "deskhand import Finance_1_2_0_4.zip",
        "deskhand import flows/invoice  # a folder with a flow.toml",
        "deskhand import Hello.robin --draft",
        "deskhand import Nightly.json  # a cloud flow",
        "deskhand import Finance_1_2_0_4.zip --connect new_flows=4709ab8c3e4746ce8b9e7fc1a8a2f095",
    ],
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--draft", is_flag=True, help="Desktop flows as drafts, which do not run before publishing.")
@click.option(
    "--connect",
    multiple=True,
    metavar="REFERENCE=CONNECTION",
    help="Bind a connection reference, or all of one connector such as shared_uiflow; may be repeated.",
)
@OUTPUT
@DATA
def import_(source: Path, draft: bool, connect: tuple[str, ...], form: str, data: Path) -> None:
    """Import flows; all of them or nothing.

    SOURCE is a solution .zip or its folder, a flow folder, a Robin text, a cloud flow's .json or package,
    or a Logic Apps project. A flow that is there already is replaced: by its id, or by its name where the
    source has no id. Cloud flows come switched off, and those that are on stay on. On a terminal, a
    connection is asked for wherever one is missing.
    """
    from deskhand.identity.accounts import load_installation
    from deskhand.server.importing import examined, import_flows
    from deskhand.server.installation import Installation
    from deskhand.server.reading import read_content
    from deskhand.server.references import bind_references
    from deskhand.store.database import Transaction

    bindings = [_binding(one) for one in connect]
    checked = read_content(source)

    def store(tx: Transaction) -> ImportReport:
        administrator = load_installation(tx).administrator_id
        return import_flows(tx, checked, by=administrator, draft=draft, bindings=bindings)

    def bind(tx: Transaction) -> ImportReport:
        bind_references(tx, chosen, by=load_installation(tx).administrator_id)
        return examined(tx, report)

    with Installation.open(data) as installation:
        report = installation.database.write(store)
        chosen = _ask(report, installation) if form == "table" and sys.stdin.isatty() else []
        if chosen:
            report = installation.database.write(bind)
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


def _ask(report: ImportReport, installation: Installation) -> list[tuple[str, str]]:
    """Ask for the connection of each reference that has none, where there is one to choose."""
    from deskhand.server.listing import list_connections

    connections = installation.database.read(list_connections)
    chosen: list[tuple[str, str]] = []
    for one in report.unbound:
        connector = one.connector_id.rpartition("/")[2].casefold()
        fitting = [
            row for row in connections if str(row["connectorid"]).rpartition("/")[2].casefold() == connector
        ]
        number = _choice(one.logical_name, fitting)
        if number:
            chosen.append((one.logical_name, fitting[number - 1]["name"]))
    return chosen


def _choice(reference: str, fitting: Sequence[Row]) -> int:
    """Return which connection a person chooses, from 1; 0 for none."""
    if not fitting:
        return 0
    click.echo(f"Connection reference {safe(reference)} needs a connection:", err=True)
    for place, row in enumerate(fitting, 1):
        target = f" → {row['target']}" if row["target"] else ""
        click.echo(safe(f"  {place}  {row['displayname']}{target}  ({row['owner']})"), err=True)
    number: int = click.prompt(
        "Which one (0 to leave it)", type=click.IntRange(0, len(fitting)), default=1, err=True
    )
    return number


def _row(one: Imported) -> dict[str, object]:
    return {
        "workflowid": one.workflow_id,
        "name": one.name,
        "category": one.category.value,
        "new": one.is_new,
        "runs": not one.problems,
        "on": one.is_on,
        "problems": list(one.problems),
        "warnings": list(one.warnings),
    }


def _page(report: ImportReport, checked: Checked, source: Path, *, draft: bool) -> Iterator[str]:
    width = max((len(one.name) for one in report.flows), default=0)
    for one in report.flows:
        yield from _flow(one, width, source)
    for flow in checked.flows:
        if flow.open_names:
            yield f"  ◌ {fragment_note(flow.flow.name, flow.open_names)}"
    for reference in report.unbound:
        name = safe(reference.logical_name)
        yield f"  ◌ connection reference {name} needs a connection: --connect {name}=CONNECTION"
    running = sum(not one.problems for one in report.flows)
    state = " as drafts; publish one with: deskhand flow publish NAME" if draft else ""
    yield f"{counted(len(report.flows), 'flow')} imported, {running} can run here{state}."


def _flow(one: Imported, width: int, source: Path) -> Iterator[str]:
    from deskhand.entities.workflow import Category

    mark = "✖" if one.problems else "✓"
    desktop = one.category is Category.DESKTOP_FLOW
    done = "imported" if one.is_new else "replaced"
    reasons = f"  cannot run yet: {counted(len(one.problems), 'reason')}" if one.problems else ""
    warnings = f"  {counted(len(one.warnings), 'warning')}" if one.warnings else ""
    former = "; on with its former definition" if one.is_on and one.problems else ""
    yield f"  {mark} {safe(one.name):<{width}}  {done}{reasons}{warnings}{former}"
    told = [*one.problems, *(f"◌ {warning}" for warning in one.warnings)]
    for problem in told[:SHOWN_PROBLEMS]:
        yield f"      {safe(problem)}"
    if len(told) > SHOWN_PROBLEMS:
        check = f"check {safe(str(source))}" if desktop else f"cloudflow check {one.workflow_id}"
        yield f"      … and {len(told) - SHOWN_PROBLEMS} more: deskhand {check}"


def fragment_note(flow: str, names: Sequence[str]) -> str:
    """Say that a fragment names variables that nothing in it sets. Source: robin 11."""
    listed = ", ".join(map(safe, names))
    given = " ".join(f"--input {safe(name)}=…" for name in names)
    return (
        f"‘{safe(flow)}’ declares no inputs, and nothing in it sets {listed}. If callers give these, declare "
        f"each with @INPUT; to try it with values: deskhand run FILE {given}"
    )
