"""What commands print: a table for people, a stable format for scripts."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import click

from deskhand.core.clock import to_wire
from deskhand.core.errors import DeskhandError, did_you_mean

FORMATS = ("table", "json", "ndjson", "csv")
CELL_WIDTH = 60
HEADINGS = {
    "apitokenid": "id",
    "applicationid": "client id",
    "displayname": "display name",
    "domainname": "sign-in name",
    "expireson": "expires",
    "fullname": "name",
    "sessioncapacity": "runs at most",
    "agentversion": "agent",
    "systemuserid": "id",
    "used": "last used",
    "workflowid": "id",
}
"""What people read above a column; its key otherwise."""
Row = Mapping[str, Any]

OUTPUT = click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to print; all but ‘table’ are stable contracts for scripts.",
)
CONTENT = click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(("table", "json", "ndjson")),
    default="table",
    show_default=True,
    help="How to print; ‘json’ and ‘ndjson’ are stable contracts for scripts.",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print ids only.")


class NotFound(DeskhandError):
    """Nothing has the name or the id that was given, or begins with it."""

    code = "DH1301"
    exit_code = 3

    def __init__(self, noun: str, text: str, hint: str = "") -> None:
        super().__init__(f"There is no {noun} ‘{safe(text)}’{hint or '.'}")


class Ambiguous(DeskhandError):
    """A name, or the beginning of a name or an id, fits several things; the message lists them."""

    code = "DH1302"
    exit_code = 2

    def __init__(self, noun: str, text: str, candidates: Sequence[str]) -> None:
        listed = "\n".join(f"  {one}" for one in candidates)
        super().__init__(f"‘{text}’ fits {len(candidates)} {noun}s; name one by its id:\n{listed}")


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime):
        return to_wire(value)
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


def write_rows(rows: Iterable[Row], form: str, columns: Sequence[str], *, empty: str) -> None:
    """Print rows.

    Args:
        rows: What to print; ``columns`` are taken for a table, everything for other formats.
        form: One of :data:`FORMATS`.
        columns: The table's columns.
        empty: What to tell a person when there is nothing: what to do next.
    """
    listed = [{name: plain(value) for name, value in row.items()} for row in rows]
    if form == "json":
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif form == "ndjson":
        for row in listed:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif form == "csv":
        write_exact(_csv(listed))
    elif listed:
        click.echo(table(listed, columns))
    else:
        click.echo(empty, err=True)


def write_exact(text: str) -> None:
    """Print text exactly where a program reads it, and without control characters where people do."""
    # Elsewhere click takes out what looks like a colour; here that is part of somebody's data.
    click.echo(paragraph(text) + "\n" if sys.stdout.isatty() else text, nl=False, color=True)


def write_content(content: Mapping[str, Any], form: str) -> None:
    """Print one thing as JSON, on one line for ``ndjson``."""
    listed = {name: plain(value) for name, value in content.items()}
    indent = None if form == "ndjson" else 2
    click.echo(json.dumps(listed, ensure_ascii=False, indent=indent, default=_json_value))


def write_page(content: Mapping[str, Any], form: str, page: Callable[[Any], Iterable[str]]) -> None:
    """Print one thing: as a page of lines for people, or as JSON.

    Args:
        content: The thing.
        form: Which, as its option has it.
        page: Makes the lines.
    """
    if form != "table":
        write_content(content, form)
        return
    for line in page(content):
        click.echo(line)


def _json_value(value: Any) -> Any:
    """Return what JSON has no form for: numbers with a fraction are decimals here."""
    return float(value) if isinstance(value, Decimal) else plain(value)


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as an aligned table with a heading line, long cells but the last cut short."""
    cells = [[HEADINGS.get(column, column).upper() for column in columns]]
    for row in rows:
        *others, last = (safe(_text(row.get(column))) for column in columns)
        cells.append([*map(_shortened, others), last])
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _text(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= CELL_WIDTH else f"{text[: CELL_WIDTH - 1]}…"


def _csv(rows: Sequence[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def safe(text: str) -> str:
    """Return text as one terminal line: control characters of a flow's text must not steer a terminal."""
    return "".join(one if one.isprintable() else "·" for one in text)


def paragraph(text: str) -> str:
    """Return text of several lines without any other control characters."""
    return "\n".join(map(safe, text.splitlines()))


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 flow``, ``2 flows``."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


def choose(noun: str, text: str, rows: Sequence[Row], key: str, name: str = "name") -> Row:
    """Return the one row that a person means by its name, its id, or the beginning of one of them.

    Raises:
        NotFound: Nothing fits.
        Ambiguous: Several rows do.
    """
    folded = text.casefold()
    fits: list[Callable[[Row], bool]] = [
        lambda row: str(row[key]).casefold() == folded,
        lambda row: str(row[name]).casefold() == folded,
        lambda row: len(folded) >= 4 and str(row[key]).replace("-", "").startswith(folded.replace("-", "")),
        lambda row: str(row[name]).casefold().startswith(folded),
    ]
    for fit in fits:
        found = [row for row in rows if fit(row)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(noun, text, [f"{row[key]}  {safe(str(row[name]))}" for row in found])
    raise NotFound(noun, text, did_you_mean(text, (str(row[name]) for row in rows)))
