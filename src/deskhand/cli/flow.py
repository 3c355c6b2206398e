"""``deskhand flow``, and the short forms ``run``, ``check``, ``format`` and ``import``."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, QUIET, NotFound, choose, plain, safe, write_rows
from deskhand.cli.runs import action_line
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import stable_id
from deskhand.core.log import MASK

if TYPE_CHECKING:
    from deskhand.protocol.messages import ActionRow, Finished, Flow
    from deskhand.robin.diagnostics import Diagnostic
    from deskhand.server.installation import Installation

SOURCE = click.Path(path_type=Path)


@click.group()
def flow() -> None:
    """Desktop flows."""


@flow.command("list")
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
        for row in rows:
            click.echo(row["workflowid"])
        return
    if form in ("table", "csv"):
        rows = [
            {**row, "inputs": ", ".join(row["inputs"]), "outputs": ", ".join(row["outputs"])} for row in rows
        ]
    columns = ("workflowid", "name", "state", "inputs", "outputs")
    write_rows(rows, form, columns, empty="No flow yet. Bring some: deskhand import Solution.zip")


@flow.command("show")
@click.argument("name")
@click.option("--draft", is_flag=True, help="The draft instead of the published version.")
@click.option("--text", is_flag=True, help="Print the Robin text alone.")
@OUTPUT
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
        click.echo(row["definition"], nl=False)
    elif form != "table":
        content = {key: plain(row[key]) for key in row if key != "workflowidunique"}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
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
    yield from (safe(line) for line in row["definition"].splitlines())


@flow.command("publish")
@click.argument("name")
@DATA
def publish(name: str, data: Path) -> None:
    """Make a flow's draft the version that runs."""
    from deskhand.entities.workflow import Workflow
    from deskhand.identity.accounts import load_installation
    from deskhand.records.drafts import publish as publish_draft
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        installation.database.write(
            lambda tx: publish_draft(
                tx, Workflow, chosen["workflowid"], by=load_installation(tx).administrator_id
            )
        )
    click.echo(f"Published ‘{safe(chosen['name'])}’. Runs that wait take the new version.")


@flow.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@DATA
def delete(name: str, yes: bool, data: Path) -> None:
    """Delete a flow and its runs."""
    from deskhand.server.installation import Installation
    from deskhand.server.publishing import count_runs, delete_flow

    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        runs = installation.database.read(lambda tx: count_runs(tx, chosen["workflowid"]))
        if not yes:
            question = f"Delete ‘{safe(chosen['name'])}’? Its {runs} runs are deleted with it"
            click.confirm(question, abort=True)
        installation.database.write(lambda tx: delete_flow(tx, chosen["workflowid"]))
    click.echo(f"Deleted ‘{safe(chosen['name'])}’.")


@flow.command("share")
@click.argument("name")
@click.option("--user", "person", required=True, help="Sign-in name of who gets it.")
@click.option("--co-owner", is_flag=True, help="May edit it and see its runs; otherwise may only run it.")
@DATA
def share(name: str, person: str, co_owner: bool, data: Path) -> None:
    """Let somebody run a flow, or edit it too."""
    from deskhand.server.accounts import list_users
    from deskhand.server.installation import Installation
    from deskhand.server.publishing import share_flow

    with Installation.open(data) as installation:
        chosen = find_flow(installation, name)
        users = installation.database.read(list_users)
        user = choose("user", person, users, "systemuserid", "domainname")
        installation.database.write(
            lambda tx: share_flow(tx, chosen["workflowid"], user["systemuserid"], co_owner=co_owner)
        )
    click.echo(f"‘{person}’ may {'edit and run' if co_owner else 'run'} ‘{safe(chosen['name'])}’.")


def find_flow(installation: Installation, text: str) -> Any:
    """Return the flow that a person means by its name or the beginning of its id."""
    from deskhand.server.listing import list_flows as listed

    rows = installation.database.read(listed)
    unique = {row["workflowid"]: row for row in rows}
    return choose("flow", text, list(unique.values()), "workflowid")


@flow.command("import")
@click.argument("source", type=SOURCE)
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
    """Import a solution .zip, a flow folder or a Robin text; all of it or nothing."""
    from deskhand.identity.accounts import load_installation
    from deskhand.server.importing import ImportReport, bind_references, import_flows, read_content
    from deskhand.server.installation import Installation
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
    if form == "table":
        _print_report(report, source)
        return
    rows = [
        {
            "workflowid": one.workflow_id,
            "name": one.name,
            "category": one.category.value,
            "new": one.is_new,
            "runs": not one.problems,
            "problems": list(one.problems),
        }
        for one in report.flows
    ]
    write_rows(rows, form, (), empty="")


def _binding(text: str) -> tuple[str, str]:
    reference, equals, connection = text.partition("=")
    if not (reference and equals and connection):
        raise click.UsageError(f"--connect takes REFERENCE=CONNECTION, not ‘{text}’.")
    return reference, connection


def _print_report(report: Any, source: Path) -> None:
    for one in report.flows:
        mark = "✖" if one.problems else "✓"
        done = "imported" if one.is_new else "replaced"
        verdict = f"cannot run yet: {len(one.problems)} reasons" if len(one.problems) > 1 else ""
        click.echo(f"  {mark} {safe(one.name):<44} {done}  {verdict}".rstrip())
        for problem in one.problems[:5]:
            click.echo(f"      {safe(problem)}")
        if len(one.problems) > 5:
            click.echo(f"      … and {len(one.problems) - 5} more: deskhand check {source}")
    for name in report.unbound:
        click.echo(f"  ◌ connection reference {name} needs a connection: --connect {name}=CONNECTION")
    running = sum(not one.problems for one in report.flows)
    click.echo(f"{len(report.flows)} flows imported, {running} can run here.")


@flow.command("check")
@click.argument("sources", nargs=-1, required=True, type=SOURCE)
@OUTPUT
def check(sources: tuple[Path, ...], form: str) -> int:
    """Check flows, folders, texts or solutions; list every problem. Exit code 1 when there is an error."""
    from deskhand.robin.diagnostics import Severity

    flows = 0
    found: list[Diagnostic] = []
    for source in sources:
        for diagnostics in _diagnostics_of(source):
            flows += 1
            found += diagnostics
    errors = sum(one.severity is Severity.ERROR for one in found)
    if form == "table":
        for one in found:
            click.echo(safe(f"{one} ({one.severity})"))
        click.echo(f"{flows} flows, {errors} errors, {len(found) - errors} warnings", err=True)
    else:
        rows = [
            {
                "file": one.file,
                "line": one.span.line,
                "column": one.span.column,
                "code": one.code,
                "severity": one.severity.value,
                "message": one.message,
            }
            for one in found
        ]
        write_rows(rows, form, (), empty="")
    return 1 if errors else 0


def _diagnostics_of(source: Path) -> Iterator[Sequence[Diagnostic]]:
    """Yield the diagnostics of each flow that a path holds; a folder of flows is walked."""
    from deskhand.robin.diagnostics import SyntaxErrors
    from deskhand.server.importing import read_content
    from deskhand.solutions.folder import is_flow_folder

    if source.is_dir() and not is_flow_folder(source):
        for one in sorted(source.iterdir()):
            if one.is_dir() or one.suffix.casefold() in (".robin", ".zip", ".txt"):
                yield from _diagnostics_of(one)
        return
    try:
        checked = read_content(source)
    except SyntaxErrors as error:
        yield error.diagnostics
        return
    yield from (flow.diagnostics for flow in checked.flows)


@flow.command("fmt")
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 and show what would change.")
def fmt(sources: tuple[Path, ...], only_check: bool) -> int:
    """Write flow texts in their canonical form."""
    from deskhand.robin.parser import parse
    from deskhand.robin.printer import print_script
    from deskhand.solutions.text import decode_text

    changed = 0
    for path in _texts(sources):
        text = decode_text(str(path), path.read_bytes())
        canonical = print_script(parse(text, path.name))
        if canonical == text:
            continue
        changed += 1
        if only_check:
            lines = difflib.unified_diff(
                text.splitlines(), canonical.splitlines(), str(path), f"{path} (canonical)", lineterm=""
            )
            click.echo("\n".join(safe(line) for line in lines))
        else:
            path.write_text(canonical, encoding="utf-8", newline="")
    click.echo(f"{changed} files {'would change' if only_check else 'changed'}", err=True)
    return 1 if only_check and changed else 0


def _texts(sources: Sequence[Path]) -> Iterator[Path]:
    for source in sources:
        yield from sorted(source.rglob("*.robin")) if source.is_dir() else [source]


class BadInput(DeskhandError):
    """An ``--input`` is not NAME=VALUE, or names an input twice."""

    code = "DH0130"
    exit_code = 2

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(f"--input {text}: {problem}. Write NAME=VALUE, or NAME=@FILE to read the value.")


@flow.command("run")
@click.argument("source")
@click.option(
    "--input",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for an input; @FILE reads it from a file. May be repeated.",
)
@click.option("--flow", "chosen", help="Which flow, where SOURCE is a solution with several.")
@click.option("--timeout", type=click.IntRange(1), help="Seconds after which it is stopped.")
@click.option(
    "--working-directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="here",
    help="The folder that relative paths start from.",
)
@OUTPUT
@DATA
def run(
    source: str,
    given: tuple[str, ...],
    chosen: str | None,
    timeout: int | None,
    working_directory: Path,
    form: str,
    data: Path,
) -> int:
    """Run a flow here and now, without a server.

    SOURCE is a flow folder, a Robin text, a solution .zip, or the name of an imported flow. The exit
    code is 0 when it succeeded, 1 when it failed, 7 when its time was up.
    """
    from deskhand.agent.local import run_locally
    from deskhand.core.settings import Settings
    from deskhand.protocol.messages import ActionRow, Finished

    flows = _flows_to_run(source, data)
    wanted, others = _choose_flow(source, flows, chosen)
    settings = Settings.load(data)
    inputs = _inputs(given)
    table = form == "table"
    if table:
        click.echo(f"▶ {safe(wanted.name)}", err=True)
    ended: Finished | None = None
    for event in run_locally(
        wanted,
        inputs,
        settings,
        children=others,
        working_directory=working_directory,
        timeout_seconds=timeout,
    ):
        if isinstance(event, ActionRow) and table:
            click.echo(action_line(_row(event)), err=True)
        elif isinstance(event, Finished):
            ended = event
    if ended is None:
        raise click.ClickException("The run ended without a verdict.")
    return _tell(ended, wanted.definition, table)


def _flows_to_run(source: str, data: Path) -> list[Flow]:
    """Return the flows that a path holds, or every imported one when it is a name."""
    from deskhand.protocol.messages import Flow
    from deskhand.solutions.source import read_source

    path = Path(source)
    if path.exists():
        found = read_source(path).desktop_flows
        return [
            Flow(one.workflow_id or stable_id("flow", one.name), one.name, one.definition) for one in found
        ]
    from deskhand.server.installation import Installation, NoInstallation
    from deskhand.server.listing import published_flows

    try:
        with Installation.open(data) as installation:
            return installation.database.read(published_flows)
    except NoInstallation:
        raise NotFound("flow or file", source) from None


def _choose_flow(source: str, flows: list[Flow], chosen: str | None) -> tuple[Flow, list[Flow]]:
    rows = [{"workflowid": one.workflow_id, "name": one.name, "flow": one} for one in flows]
    if chosen is None and len(flows) == 1:
        return flows[0], []
    if chosen is None and Path(source).exists():
        names = ", ".join(safe(one.name) for one in flows)
        raise click.UsageError(f"{source} holds {len(flows)} flows; name one with --flow: {names}")
    wanted: Flow = choose("flow", chosen or source, rows, "workflowid")["flow"]
    return wanted, [one for one in flows if one is not wanted]


def _inputs(given: tuple[str, ...]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise BadInput(text, "there is no ‘=’")
        if name in inputs:
            raise BadInput(text, "this input is given twice")
        inputs[name] = _read_value(text, value[1:]) if value.startswith("@") else value
    return inputs


def _read_value(text: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(text, f"{path} cannot be read ({error})") from error


def _row(row: ActionRow) -> dict[str, Any]:
    return {
        "subflow": row.subflow,
        "line": row.line,
        "action": row.action,
        "summary": row.summary,
        "durationMs": row.duration_ms,
        "error": row.error,
    }


def _tell(ended: Finished, definition: str, table: bool) -> int:
    """Print how a run ended, sensitive outputs masked; return its exit code."""
    from deskhand.protocol.messages import RunResult
    from deskhand.robin.parser import parse
    from deskhand.robin.schema import outputs_schema

    declared = outputs_schema(parse(definition))["schema"]["properties"] if ended.outputs else {}
    hidden = {name for name, one in declared.items() if one["format"] == "password"}
    outputs = {name: None if name in hidden else value for name, value in (ended.outputs or {}).items()}
    if not table:
        error = ended.error and {"code": ended.error.code, "message": ended.error.message}
        content = {"status": ended.result.value, "outputs": outputs, "error": error}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=float))
    elif ended.error is None:
        click.echo(f"✓ {ended.result.value.capitalize()}")
        for name, value in outputs.items():
            shown = MASK if name in hidden else json.dumps(value, ensure_ascii=False, default=float)
            click.echo(f"  {safe(name)} = {safe(shown)}")
    else:
        click.echo(
            f"✖ {ended.result.value.capitalize()}   {safe(ended.error.code)}\n  {safe(ended.error.message)}"
        )
    exits = {RunResult.SUCCEEDED: 0, RunResult.TIMED_OUT: 7, RunResult.CANCELLED: 8}
    return exits.get(ended.result, 1)
