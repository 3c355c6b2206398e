"""``deskhand cloudflow check``: what is wrong with cloud flows, in files or imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, counted, safe, write_rows
from deskhand.core.errors import DeskhandError

if TYPE_CHECKING:
    from deskhand.solutions.content import CloudFlow, Content
    from deskhand.wdl.validation import Finding

_FILES = (".json", ".zip")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one cloud flow."""

    flow: str
    findings: tuple[Finding, ...]


@click.command(
    "check",
    cls=Command,
    examples=[
        "deskhand cloudflow check Nightly.json",
        "deskhand cloudflow check Finance_1_2_0_4.zip -o json",
        "deskhand cloudflow check flows/  # every definition below a folder",
        "deskhand cloudflow check Nightly  # an imported flow",
    ],
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@OUTPUT
@DATA
def check(sources: tuple[str, ...], form: str, data: Path) -> int:
    """Check cloud flows and list every problem; the exit code is 1 when there is an error.

    SOURCE is a file or folder that an import takes, a folder of such files, or the name or id of an
    imported flow. Only for an imported flow is it known whether what it names is here.
    """
    checked = [one for source in sources for one in _checked(source, data)]
    rows = [_row(one.flow, finding) for one in checked for finding in one.findings]
    errors = sum(row["severity"] == "error" for row in rows)
    if form != "table":
        write_rows(rows, form, (), empty="")
        return 1 if errors else 0
    for row in rows:
        click.echo(_line(row))
    counts = (
        counted(len(checked), "cloud flow"),
        counted(errors, "error"),
        counted(len(rows) - errors, "warning"),
    )
    click.echo(", ".join(counts), err=True)
    return 1 if errors else 0


def _row(flow: str, finding: Finding) -> dict[str, str]:
    return {
        "flow": flow,
        "name": finding.name,
        "code": finding.code,
        "severity": "error" if finding.fatal else "warning",
        "message": finding.message,
    }


def _line(row: dict[str, str]) -> str:
    place = f"{row['flow']}: {row['name']}: " if row["name"] else f"{row['flow']}: "
    return safe(f"{place}{row['code']} {row['severity']:<7} {row['message']}")


def _checked(source: str, data: Path) -> Iterable[Checked]:
    path = Path(source)
    if source and path.exists():
        return _of_path(path)
    return [_imported(source, data)]


def _imported(source: str, data: Path) -> Checked:
    from deskhand.cli.cloudflow_show import find_cloud_flow
    from deskhand.cli.output import NotFound
    from deskhand.cloudflows.library import examine_flow
    from deskhand.server.installation import Installation, NoInstallation

    try:
        with Installation.open(data) as installation:
            chosen = find_cloud_flow(installation, source)
            findings = installation.database.read(lambda tx: examine_flow(tx, chosen["workflowid"]))
    except NoInstallation:
        raise NotFound(
            "cloud flow or file",
            source,
            f", and no installation in {data} that could hold a flow of this name.",
        ) from None
    return Checked(chosen["name"], findings)


def _of_path(path: Path) -> Iterator[Checked]:
    """Check what an import of a path would bring; search a folder that is nothing to import by itself."""
    from deskhand.solutions.errors import NothingToImport
    from deskhand.solutions.source import read_source

    try:
        content = read_source(path)
    except NothingToImport:
        if not path.is_dir():
            raise
        yield from _below(path)
        return
    yield from _of_content(path, content)


def _below(folder: Path) -> Iterator[Checked]:
    """Check every definition below a folder; other JSON files are passed over."""
    from deskhand.wdl.validation import Finding

    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not (path.is_dir() or path.suffix.casefold() in _FILES):
            continue
        try:
            yield from list(_of_path(path))
        except DeskhandError as error:
            if path.suffix.casefold() != ".json":
                yield Checked(str(path), (Finding(error.code, error.message),))


def _of_content(path: Path, content: Content) -> Iterator[Checked]:
    variables = {
        one.schema_name: one.value if one.value is not None else one.default_value
        for one in content.environment_variables
    }
    known = {name: value for name, value in variables.items() if value is not None}
    for flow in content.cloud_flows:
        name = str(path) if len(content.cloud_flows) == 1 else f"{path}: {flow.name}"
        yield Checked(name, _findings(content, flow, known))


def _findings(content: Content, flow: CloudFlow, variables: dict[str, str]) -> tuple[Finding, ...]:
    """Return what is found in a flow; the definition of a file must be one, that of a solution is told."""
    from deskhand.cloudflows.inspection import inspect
    from deskhand.cloudflows.library import BuiltIn
    from deskhand.cloudflows.usage import usage_of
    from deskhand.wdl.containers import read_container
    from deskhand.wdl.definition import DefinitionUnreadable
    from deskhand.wdl.validation import Finding

    try:
        container = read_container(flow.client_data, flow.beside)
    except DefinitionUnreadable as error:
        if content.solution is None:
            raise
        return (Finding("InvalidRequestContent", error.message),)
    return inspect(container, usage_of(container), BuiltIn(), variables)
