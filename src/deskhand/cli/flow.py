"""``deskhand flow``: desktop flows that an installation keeps, and the verbs on flow texts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.check import check, fmt
from deskhand.cli.commands import Group
from deskhand.cli.flow_import import import_
from deskhand.cli.local_run import run
from deskhand.cli.options import DATA
from deskhand.cli.output import (
    CONTENT,
    OUTPUT,
    QUIET,
    NotFound,
    choose,
    counted,
    plain,
    safe,
    write_content,
    write_exact,
    write_rows,
)
from deskhand.cli.sharing import share_with, sharing_options

if TYPE_CHECKING:
    from deskhand.server.installation import Installation

CANCELED = 8
_LONGEST_NOTE, _LONGEST_FLOW_NAME = 500, 100


@click.group(cls=Group)
def flow() -> None:
    """Desktop flows."""


flow.add_command(run, "run")
flow.add_command(check, "check")
flow.add_command(fmt, "fmt")
flow.add_command(import_, "import")


@flow.command("list", examples=["deskhand flow list", "deskhand flow list -o json"])
@QUIET
@OUTPUT
@DATA
def list_flows(quiet: bool, form: str, data: Path) -> None:
    """List desktop flows with their inputs and outputs."""
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_flows as listed

    with Installation.open(data) as installation:
        rows = installation.database.read(listed)
    if quiet:
        for workflow_id in dict.fromkeys(row["workflowid"] for row in rows):
            click.echo(workflow_id)
        return
    columns = ("workflowid", "name", "state", "inputs", "outputs")
    write_rows(rows, form, columns, empty="No flow yet. Bring some: deskhand import Solution.zip")


@flow.command("show", examples=["deskhand flow show Hello", "deskhand flow show Hello --text > Hello.robin"])
@click.argument("name")
@click.option("--draft", is_flag=True, help="The draft instead of the published version.")
@click.option("--text", is_flag=True, help="Print the Robin text alone.")
@CONTENT
@DATA
def show(name: str, draft: bool, text: bool, form: str, data: Path) -> None:
    """Show a flow: what it takes, what it returns, and its text."""
    from deskhand.entities.workflow import ComponentState
    from deskhand.server.installation import Installation
    from deskhand.server.listing import flow_row

    state = ComponentState.UNPUBLISHED if draft else ComponentState.PUBLISHED
    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        row = installation.database.read(lambda tx: flow_row(tx, chosen["workflowid"], state))
    if row is None:
        raise NotFound("draft" if draft else "published version", name)
    if text:
        write_exact(row["definition"] or "")
    elif form != "table":
        content = {key: plain(row[key]) for key in row if key != "workflowidunique"}
        write_content(content, form)
    else:
        for line in _page(dict(row)):
            click.echo(line)


def _page(row: dict[str, Any]) -> Iterator[str]:
    yield f"{safe(row['name'])}   {row['workflowid']}"
    if row["description"]:
        yield f"  {safe(row['description'])}"
    for label, column in (("takes", "inputs"), ("returns", "outputs")):
        schema = (json.loads(row[column]) if row[column] else {}).get("schema") or {}
        for name, declared in (schema.get("properties") or {}).items():
            sensitive = ", sensitive" if declared.get("format") == "password" else ""
            about = f"  {declared['description']}" if declared.get("description") else ""
            yield f"  {label:<8} {safe(name)} ({declared.get('type')}{sensitive}){safe(about)}"
    yield ""
    yield from (safe(line) for line in (row["definition"] or "").splitlines())


@flow.command(
    "publish",
    examples=["deskhand flow publish Hello", 'deskhand flow publish Hello --note "Reads the new form"'],
)
@click.argument("name")
@click.option("--note", default="", help="What is new, for the list of versions; at most 500 characters.")
@DATA
def publish(name: str, note: str, data: Path) -> None:
    """Make a flow's draft the version that runs."""
    if len(note) > _LONGEST_NOTE:
        raise click.BadParameter(
            f"it has {len(note)} characters; {_LONGEST_NOTE} are the most.", param_hint="--note"
        )
    from deskhand.entities.workflow import ComponentState, Workflow
    from deskhand.identity.accounts import load_installation
    from deskhand.orchestrator.versions import keep_version
    from deskhand.records.drafts import publish as publish_draft
    from deskhand.server.installation import Installation
    from deskhand.server.listing import flow_row
    from deskhand.store.database import Transaction

    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        draft = installation.database.read(
            lambda tx: flow_row(tx, chosen["workflowid"], ComponentState.UNPUBLISHED)
        )
        if draft is None:
            raise NotFound("draft of", name, ": what is published is its newest version.")

        def make_version(tx: Transaction) -> None:
            by = load_installation(tx).administrator_id
            publish_draft(tx, Workflow, chosen["workflowid"], by=by)
            most = installation.settings.flow_versions_max
            keep_version(tx, chosen["workflowid"], by=by, note=note.strip(), most=most)

        installation.database.write(make_version)
    click.echo(f"Published ‘{safe(chosen['name'])}’. Runs that wait take the new version.")


@flow.command(
    "copy",
    examples=[
        'deskhand flow copy Hello "Hello again"',
        'deskhand flow copy Hello "Hello again" --quiet  # prints the id of the copy',
    ],
)
@click.argument("name")
@click.argument("copy", metavar="NAME_OF_COPY")
@click.option("-q", "--quiet", is_flag=True, help="Print the id of the copy alone.")
@DATA
def copy(name: str, copy: str, quiet: bool, data: Path) -> None:
    """Save a flow as another one: its text, elements and images, its draft too.

    Runs, versions and shares stay with the flow. The copy is the administrator's.
    """
    from deskhand.identity.accounts import load_installation
    from deskhand.orchestrator.flow_copies import copy_flow
    from deskhand.server.installation import Installation

    called = copy.strip()
    if not 1 <= len(called) <= _LONGEST_FLOW_NAME:
        raise click.BadParameter(f"it takes 1 to {_LONGEST_FLOW_NAME} characters.", param_hint="NAME_OF_COPY")
    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        made = installation.database.write(
            lambda tx: copy_flow(
                tx,
                chosen["workflowid"],
                called,
                by=load_installation(tx).administrator_id,
                most_versions=installation.settings.flow_versions_max,
            )
        )
    click.echo(made if quiet else f"Saved ‘{safe(chosen['name'])}’ as ‘{safe(called)}’, {made}.")


@flow.command(
    "delete", examples=["deskhand flow delete Hello", "deskhand flow delete Hello --yes  # asks nothing"]
)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can answer.")
@DATA
def delete(name: str, yes: bool, data: Path) -> int:
    """Delete a flow and its runs."""
    from deskhand.messages.flow_writes import count_runs
    from deskhand.server.installation import Installation
    from deskhand.server.publishing import delete_flow

    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        shown = safe(chosen["name"])
        runs = counted(installation.database.read(lambda tx: count_runs(tx, chosen["workflowid"])), "run")
        if not yes and not _agreed(f"Delete ‘{shown}’? {runs} of it will be deleted with it"):
            click.echo("Nothing was deleted.", err=True)
            return CANCELED
        installation.database.write(lambda tx: delete_flow(tx, chosen["workflowid"]))
    click.echo(f"Deleted ‘{shown}’ and {runs} of it.", err=True)
    return 0


def _agreed(question: str) -> bool:
    """Ask, where somebody can answer."""
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here; --yes deletes without asking.")
    return click.confirm(question, err=True)


@flow.command(
    "export",
    examples=[
        "deskhand flow export Hello  # writes Hello.robin",
        "deskhand flow export Hello Bye --folder -o flows.zip",
        "deskhand flow export Hello Bye --solution Greetings  # writes Greetings.zip",
    ],
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--folder", is_flag=True, help="A folder of texts for each flow, zipped.")
@click.option("--solution", metavar="NAME", help="A solution .zip of this unique name.")
@DATA
def export(
    names: tuple[str, ...], output: Path | None, folder: bool, solution: str | None, data: Path
) -> None:
    """Write desktop flows to a file that an import reads again: what is published, else the draft."""
    from deskhand.pages.installation import ExportForm
    from deskhand.server.desktop_exporting import export_desktop
    from deskhand.server.installation import Installation

    if folder and solution is not None:
        raise click.UsageError("A folder and a solution are two forms; name one of them.")
    form = ExportForm.SOLUTION if solution else ExportForm.FOLDER if folder else ExportForm.TEXT
    with Installation.open(data) as installation:
        ids = list(dict.fromkeys(find_flow(installation, name)["workflowid"] for name in names))
        file = installation.database.read(lambda tx: export_desktop(tx, ids, form, solution))
    written = output or Path(file.name)
    written.write_bytes(file.content)
    click.echo(f"{written}: {counted(len(ids), 'flow')}, {len(file.content):,} bytes", err=True)


@flow.command(
    "share",
    examples=[
        "deskhand flow share Hello --user anna",
        "deskhand flow share Hello --user anna --co-owner  # who may edit it too",
        "deskhand flow share Hello --user anna --revoke",
    ],
)
@click.argument("name")
@sharing_options
@DATA
def share(name: str, person: str, co_owner: bool, revoke: bool, data: Path) -> None:
    """Let somebody run a flow, or edit it too."""
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        share_with(installation, find_flow(installation, name), person, co_owner=co_owner, revoke=revoke)


def find_flow(installation: Installation, text: str) -> Any:
    """Return the flow that a person means by its name or the beginning of its id."""
    from deskhand.server.listing import list_flows as listed

    rows = installation.database.read(listed)
    unique = {row["workflowid"]: row for row in rows}
    return choose("flow", text, list(unique.values()), "workflowid")
