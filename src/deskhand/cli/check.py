"""``deskhand check`` and ``deskhand format``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deskhand.cli.commands import Command
from deskhand.cli.flow_import import fragment_note
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, counted, safe, write_rows
from deskhand.core.errors import DeskhandError

if TYPE_CHECKING:
    from deskhand.robin.diagnostics import Diagnostic
    from deskhand.server.reading import CheckedFlow

FLOW_FILES = (".robin", ".zip")
"""What a folder of flows is searched for, beside flow folders."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found in one flow.

    Attributes:
        diagnostics: What is wrong or odd.
        note: What else a person should know; empty where there is nothing.
    """

    diagnostics: Sequence[Diagnostic]
    note: str = ""


@click.command(
    "check",
    cls=Command,
    examples=[
        "deskhand check flows/",
        "deskhand check Finance_1_2_0_4.zip -o json",
        "deskhand check Hello  # an imported flow",
    ],
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@OUTPUT
@DATA
def check(sources: tuple[str, ...], form: str, data: Path) -> int:
    """Check flows and list every problem; the exit code is 1 when there is an error.

    SOURCE is a flow folder, a folder of flows, a Robin text, a solution .zip, or the name of an
    imported flow.
    """
    findings = [one for source in sources for one in _findings(source, data)]
    found = [one for flow in findings for one in flow.diagnostics]
    errors = sum(one.severity == "error" for one in found)
    if form != "table":
        write_rows(map(_row, found), form, (), empty="")
        return 1 if errors else 0
    for line in lines(found):
        click.echo(line)
    for flow in findings:
        if flow.note:
            click.echo(flow.note, err=True)
    counts = (
        counted(len(findings), "flow"),
        counted(errors, "error"),
        counted(len(found) - errors, "warning"),
    )
    click.echo(", ".join(counts), err=True)
    return 1 if errors else 0


def lines(found: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield diagnostics as people read them, one a line."""
    for one in found:
        place = f"{one.file}:{one.span.line}:{one.span.column}:"
        yield safe(f"{place} {one.code} {one.severity:<7} {one.message}")


def _row(one: Diagnostic) -> dict[str, object]:
    return {
        "file": one.file,
        "line": one.span.line,
        "column": one.span.column,
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
    }


def _findings(source: str, data: Path) -> Iterator[Findings]:
    from deskhand.cli.imported import imported_flow
    from deskhand.robin.diagnostics import SyntaxErrors
    from deskhand.server.reading import check_text

    path = Path(source)
    if source and path.exists():
        yield from _findings_in(path) if _is_one(path) else _findings_below(path)
        return
    try:
        yield _of(check_text(imported_flow(source, data)))
    except SyntaxErrors as error:
        yield Findings(error.diagnostics)


def _is_one(path: Path) -> bool:
    """Tell whether a path is something to check, and not a folder to search."""
    from deskhand.solutions.folder import is_flow_folder

    return not path.is_dir() or is_flow_folder(path)


def _findings_below(folder: Path) -> Iterator[Findings]:
    """Search a folder for flows; what cannot be read is one finding among others."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not _is_one(path):
            yield from _findings_below(path)
        elif path.is_dir() or path.suffix.casefold() in FLOW_FILES:
            try:
                yield from _findings_in(path)
            except DeskhandError as error:
                yield Findings([_unreadable(path, error)])


def _unreadable(path: Path, error: DeskhandError) -> Diagnostic:
    from deskhand.robin.diagnostics import Diagnostic
    from deskhand.robin.nodes import Span

    return Diagnostic(error.code, error.message, Span(1, 1, 1, 1), file=str(path))


def _findings_in(path: Path) -> Iterator[Findings]:
    """Yield what is found in each flow of a text, a flow folder or a solution."""
    from deskhand.robin.diagnostics import SyntaxErrors
    from deskhand.server.reading import read_content

    try:
        checked = read_content(path)
    except SyntaxErrors as error:
        yield Findings(error.diagnostics)
        return
    yield from map(_of, checked.flows)


def _of(flow: CheckedFlow) -> Findings:
    note = fragment_note(flow.flow.name, flow.open_names) if flow.open_names else ""
    return Findings(flow.diagnostics, note)


@click.command(
    "fmt",
    cls=Command,
    examples=["deskhand format flows/", "deskhand format --check Hello.robin  # shows what would change"],
)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="SOURCE...",
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 and show what would change.")
def fmt(sources: tuple[Path, ...], only_check: bool) -> int:
    """Write flow texts in their canonical form; a text with faults stops it before anything is written.

    SOURCE is a Robin text, or a folder, in which every .robin file is meant.
    """
    from deskhand.robin.diagnostics import SyntaxErrors

    changes: list[tuple[Path, str, str]] = []
    faults: list[Diagnostic] = []
    for path in _texts(sources):
        try:
            text, canonical = _formatted(path)
        except SyntaxErrors as error:
            faults += error.diagnostics
            continue
        if canonical != text:
            changes.append((path, text, canonical))
    if faults:
        raise SyntaxErrors(faults)
    for path, text, canonical in changes:
        if only_check:
            click.echo("\n".join(_difference(path, text, canonical)))
        else:
            path.write_text(canonical, encoding="utf-8", newline="")
    click.echo(f"{counted(len(changes), 'file')} {'would change' if only_check else 'changed'}", err=True)
    return 1 if only_check and changes else 0


def _formatted(path: Path) -> tuple[str, str]:
    """Return a file's text and its canonical form."""
    from deskhand.actions.library import standard_library
    from deskhand.robin.parser import parse
    from deskhand.robin.printer import print_script
    from deskhand.solutions.text import decode_text

    library = standard_library()
    text = decode_text(str(path), path.read_bytes())
    script = parse(text, str(path), is_action=lambda name: library.resolve(name) is not None)
    return text, print_script(script)


def _difference(path: Path, text: str, canonical: str) -> Iterator[str]:
    names = str(path), f"{path} (canonical)"
    changed = difflib.unified_diff(text.splitlines(), canonical.splitlines(), *names, lineterm="")
    yield from map(safe, changed)


def _texts(sources: Sequence[Path]) -> Iterator[Path]:
    for source in sources:
        yield from sorted(source.rglob("*.robin")) if source.is_dir() else [source]
