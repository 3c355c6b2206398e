"""Table: arrays as CSV or HTML text. Source: cloud-flows 3.4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, action
from deskhand.cloudflows.elements import (
    Gathering,
    evaluate_for,
    evaluated_member,
    raw_inputs,
    source_array,
)
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

Row = Sequence[str]

_LINE_END = "\r\n"
_QUOTED = re.compile('[,"\r\n]')
_ESCAPED = re.compile("[&<>\"'\xa0-\xff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


@action(
    "Table",
    title="Create table",
    group=Group.DATA,
    fields=(
        Field("inputs/from", "From", type="array", required=True),
        Field("inputs/format", "Format", required=True, options=("CSV", "HTML")),
        Field(
            "inputs/columns",
            "Columns",
            type="array",
            doc="A header and a value for each, where item() is the element; without them all keys show.",
        ),
    ),
    inherits_secrecy=True,
    differs="Outputs are hidden with secret inputs.",
)
def table(step: Step) -> Outcome:
    """Make a CSV or HTML table of an array of objects."""
    source, chosen = evaluated_member(step, "from"), evaluated_member(step, "format")
    columns = member(raw_inputs(step), "columns")
    given = {"from": source, "format": chosen}
    step.give(given if columns is None else {**given, "columns": columns})
    array = source_array(step, source)
    print_table = _FORMATS.get(to_text(chosen).strip().casefold())
    if print_table is None:
        raise ActionFailed(
            "BadRequest",
            f"The provided 'format' property value '{to_text(chosen)}' in the 'table' action inputs is not "
            "valid. Supported formats are: 'CSV, HTML'.",
        )
    if isinstance(columns, list) and columns:
        headers, rows = _chosen_columns(step, columns, array)
    else:
        headers, rows = _all_columns(array)
    gathering = Gathering()
    parts: list[str] = []
    for part in print_table(headers, rows):
        gathering.add(part)
        parts.append(part)
    return Done(outputs={"body": "".join(parts)})


def _chosen_columns(step: Step, columns: list[Value], array: list[Value]) -> tuple[Row, Iterator[Row]]:
    """Return the headers of a card's columns, and for each element the columns' values."""
    members = [one if isinstance(one, dict) else {} for one in columns]
    headers = [to_text(step.evaluate(member(one, "header"))) for one in members]
    templates = [member(one, "value") for one in members]
    rows = (
        [to_text(evaluate_for(step, "columns", template, item)) for template in templates] for item in array
    )
    return headers, rows


def _all_columns(array: list[Value]) -> tuple[Row, Iterator[Row]]:
    """Return the keys of all elements in order of first appearance, and each element's values."""
    headers: dict[str, str] = {}
    for element in array:
        for key in element if isinstance(element, dict) else ():
            headers.setdefault(key.casefold(), key)
    rows = (_values(element, headers) for element in array)
    return list(headers.values()), rows


def _values(element: Value, keys: Mapping[str, str]) -> Row:
    members = element if isinstance(element, dict) else {}
    folded = {key.casefold(): one for key, one in reversed(members.items())}
    return [to_text(folded.get(key)) for key in keys]


# Formats


def _csv(headers: Row, rows: Iterator[Row]) -> Iterator[str]:
    if any(headers):
        yield _csv_line(headers)
    for row in rows:
        yield _csv_line(row)


def _csv_line(values: Row) -> str:
    return ",".join(map(_csv_value, values)) + _LINE_END


def _csv_value(text: str) -> str:
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _html(headers: Row, rows: Iterator[Row]) -> Iterator[str]:
    yield "<table>"
    if any(headers):
        yield f"<thead>{_html_row('th', headers)}</thead>"
    yield "<tbody>"
    for row in rows:
        yield _html_row("td", row)
    yield "</tbody></table>"


def _html_row(tag: str, values: Row) -> str:
    return f"<tr>{''.join(f'<{tag}>{_html_text(one)}</{tag}>' for one in values)}</tr>"


def _html_text(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match.group()) or f"&#{ord(match.group())};", text)


_FORMATS: Mapping[str, Callable[[Row, Iterator[Row]], Iterator[str]]] = {"csv": _csv, "html": _html}
