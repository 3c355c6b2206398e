"""A flow's text as subflows and rows; each row keeps its own lines, so that nothing of the text is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deskhand.editor.errors import TextTooLong
from deskhand.editor.forms import form_named, library
from deskhand.editor.handling import handler_of
from deskhand.editor.names import distinct, names_by_line
from deskhand.editor.rows import Filled, filled, first_word, is_action, shown
from deskhand.robin.checker import check
from deskhand.robin.diagnostics import Diagnostic, SyntaxErrors
from deskhand.robin.nodes import (
    Annotation,
    Block,
    Case,
    Comment,
    Default,
    ElseBranch,
    Function,
    Header,
    HeaderAnnotation,
    If,
    IfBranch,
    Import,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    PowerFxLiteral,
    Row,
    Script,
    Switch,
    TextLiteral,
    UnparsedLiteral,
    Unreadable,
)
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_expression, print_script
from deskhand.robin.walking import walk

MOST_LETTERS = 4_000_000
_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST = 160
_MAIN = re.compile(r"^[ \t]*FUNCTION[ \t]+'?Main\b", re.IGNORECASE | re.MULTILINE)
_HIDDEN = "•••••"
_OF_LINES = (Annotation, Comment, PowerFxLiteral, TextLiteral, Unreadable, UnparsedLiteral)


@dataclass(frozen=True, slots=True)
class SummaryPiece:
    """A piece of a card's line.

    Attributes:
        text: The letters.
        variable: Whether they are a value with variables in it.
    """

    text: str
    variable: bool


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One row of a subflow.

    Attributes:
        text: Its own lines, with annotations and error handling, not indented.
        fixed: Which of these lines, from 0, begin within a text, so that they are never indented.
        depth: How many blocks it stands in.
        number: Its number in the subflow.
        name: The form's name; of an action that cannot run here its own.
        title: The card's title.
        summary: The card's line.
        produces: The variables that it fills.
        names: The names that stand in it, those of variables among them; each once.
        opens: Whether a block begins with it.
        closes: Whether a block ends with it.
        branch: Whether it is a further branch of its block.
        disabled: Whether it is skipped.
        handled: Whether it says what happens when it fails.
        known: Whether its action can run here.
    """

    text: str
    fixed: tuple[int, ...]
    depth: int
    number: int
    name: str
    title: str
    summary: tuple[SummaryPiece, ...]
    produces: tuple[str, ...]
    names: tuple[str, ...]
    opens: bool
    closes: bool
    branch: bool
    disabled: bool
    handled: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Subflow:
    """One subflow.

    Attributes:
        name: Its name; Main for the first.
        opening: The lines before its rows, FUNCTION among them; empty for Main.
        rows: Its rows.
    """

    name: str
    opening: str
    rows: tuple[OutlineRow, ...]


@dataclass(frozen=True, slots=True)
class RowFinding:
    """Something that the checker found.

    Attributes:
        code: Its code.
        severity: error, or warning.
        message: What is wrong, and what would be right.
        subflow: The subflow; empty for what stands before all of them, and where the text cannot be read.
        row: The place among the subflow's rows, from 0; -1 outside of rows.
        line: The line in the whole text, from 1.
        column: The column there.
        end_line: The line of its end.
        end_column: The column of its end.
    """

    code: str
    severity: str
    message: str
    subflow: str
    row: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A flow's text, taken apart.

    Attributes:
        header: The lines before Main: imports, inputs, outputs.
        subflows: Main and the others; empty where the text cannot be read.
        repository: What follows them: UI elements and images, as they were copied.
        findings: What the checker found.
        script: The tree; None where the text cannot be read.
        text: The text that all of this is of, with plain line ends and in the designer's order.
    """

    header: str
    subflows: tuple[Subflow, ...]
    repository: str
    findings: tuple[RowFinding, ...]
    script: Script | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row begins, and what it is there."""

    row: Row
    start: int
    depth: int
    opens: bool = False
    closes: bool = False
    branch: bool = False


def outline(text: str) -> Outline:
    """Take a flow's text apart and check it.

    Raises:
        TextTooLong: It is longer than can be edited.
    """
    if len(text) > MOST_LETTERS:
        raise TextTooLong(MOST_LETTERS)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        script = parse(text, is_action=is_action)
        if not _is_in_order(script, text):
            text = print_script(script)
            script = parse(text, is_action=is_action)
    except SyntaxErrors as error:
        return Outline("", (), "", tuple(_finding(one, "", -1) for one in error.diagnostics), None, text)
    return _taken_apart(script, text)


def rows_of(text: str) -> tuple[OutlineRow, ...]:
    """Return the rows of a text that may be a branch alone, without the block that it stands in."""
    word = first_word(text)
    if word == "ELSE":
        return outline(f"IF True THEN\n{text}\nEND").subflows[0].rows[1:2]
    if word in ("CASE", "DEFAULT"):
        return outline(f"SWITCH 1\n{text}\nEND").subflows[0].rows[1:2]
    return outline(text).subflows[0].rows


def _is_in_order(script: Script, text: str) -> bool:
    """Tell whether headers stand first, Main's rows next and bare, and the other subflows last."""
    starts = [one.span.line for one in (*script.headers, *script.body, *script.functions)]
    return starts == sorted(starts) and _MAIN.search(text) is None


def _taken_apart(script: Script, text: str) -> Outline:
    lines = text.split("\n")
    repository = _repository_line(script, lines)
    places = list(_places(script.body, 0))
    heads = [_function_start(one) for one in script.functions]
    first = min([one.start for one in places[:1]] + heads[:1] + [repository])
    fixed, names = _fixed_lines(script), names_by_line(script)
    main = _rows(places, lines, heads[0] if heads else repository, fixed, names)
    subflows = [Subflow("Main", "", main)]
    starts: list[tuple[str, list[int]]] = [("Main", [one.start for one in places])]
    for function, head in zip(script.functions, heads, strict=True):
        inner = list(_places(function.body, 0))
        close = function.span.end_line
        opening = lines[head - 1 : (inner[0].start if inner else close) - 1]
        subflows.append(
            Subflow(function.name, "\n".join(opening).strip("\n"), _rows(inner, lines, close, fixed, names))
        )
        starts.append((function.name, [one.start for one in inner]))
    return Outline(
        header="\n".join(lines[: first - 1]).strip("\n"),
        subflows=tuple(subflows),
        repository="\n".join(lines[repository - 1 :]).rstrip("\n"),
        findings=tuple(_placed(one, starts, script) for one in check(script, library())),
        script=script,
        text=text,
    )


def row_starts(script: Script) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the line at which each row begins, by subflow, for a text in the designer's order."""
    bodies = [("Main", script.body), *((one.name, one.body) for one in script.functions)]
    return tuple((name, tuple(one.start for one in _places(rows, 0))) for name, rows in bodies)


def _repository_line(script: Script, lines: Sequence[str]) -> int:
    """Return the line at which the repository begins, from 1; one past the end without one."""
    if script.repository is None:
        return len(lines) + 1
    held = script.repository.replace("\r\n", "\n").count("\n")
    for number in range(max(1, len(lines) - held - 1), len(lines) + 1):
        if "[ControlRepository]" in lines[number - 1]:
            return number
    return next(at for at, line in enumerate(lines, 1) if "[ControlRepository]" in line)


def _function_start(function: Function) -> int:
    return min([function.span.line, *(one.span.line for one in function.annotations)])


def _start(row: Row) -> int:
    return min([row.span.line, *(one.span.line for one in row.annotations)])


def _places(rows: Sequence[Row], depth: int) -> Iterator[_Place]:
    for row in rows:
        if isinstance(row, If):
            yield from _if_places(row, depth)
        elif isinstance(row, Switch):
            yield from _switch_places(row, depth)
        elif isinstance(row, LoopFrom | LoopForEach | LoopWhile | Block):
            yield _Place(row, _start(row), depth, opens=True)
            yield from _places(row.body, depth + 1)
            yield _Place(row.end, _start(row.end), depth, closes=True)
        else:
            yield _Place(row, _start(row), depth)


def _if_places(row: If, depth: int) -> Iterator[_Place]:
    first, *others = row.branches
    yield _Place(row, _start(row), depth, opens=True)
    yield from _places(first.body, depth + 1)
    last: list[IfBranch | ElseBranch] = [] if row.otherwise is None else [row.otherwise]
    for branch in (*others, *last):
        yield _Place(branch, _start(branch), depth, opens=True, branch=True)
        yield from _places(branch.body, depth + 1)
    yield _Place(row.end, _start(row.end), depth, closes=True)


def _switch_places(row: Switch, depth: int) -> Iterator[_Place]:
    yield _Place(row, _start(row), depth, opens=True)
    yield from _places(row.before, depth + 1)
    last: list[Case | Default] = [] if row.default is None else [row.default]
    for case in (*row.cases, *last):
        yield _Place(case, _start(case), depth + 1, opens=True, branch=True)
        yield from _places(case.body, depth + 2)
    yield _Place(row.end, _start(row.end), depth, closes=True)


def _fixed_lines(script: Script) -> frozenset[int]:
    """Return the lines that begin within a text or comment, whose indentation is part of it."""
    return frozenset(
        line
        for node in walk(script)
        if isinstance(node, _OF_LINES) and node.span.end_line > node.span.line
        for line in range(node.span.line + 1, node.span.end_line + 1)
    )


def _rows(
    places: Sequence[_Place],
    lines: Sequence[str],
    end: int,
    fixed: frozenset[int],
    names: Mapping[int, list[str]],
) -> tuple[OutlineRow, ...]:
    ends = [*(one.start for one in places[1:]), end][: len(places)]
    return tuple(
        _row(place, lines, stop, fixed, distinct(names, place.start, stop))
        for place, stop in zip(places, ends, strict=True)
    )


def _row(
    place: _Place, lines: Sequence[str], end: int, fixed: frozenset[int], names: tuple[str, ...]
) -> OutlineRow:
    row = place.row
    found = filled(row)
    form = found.form
    first = lines[place.start - 1]
    width = len(first) - len(first.lstrip(" \t"))
    while end - 1 > place.start and end - 1 not in fixed and not lines[end - 2].strip():
        end -= 1
    own = [
        line if number in fixed or line[:width].strip() else line[width:]
        for number, line in enumerate(lines[place.start - 1 : end - 1], place.start)
    ]
    return OutlineRow(
        text="\n".join(own),
        fixed=tuple(number - place.start for number in range(place.start, end) if number in fixed),
        depth=place.depth,
        number=row.row,
        name=found.name,
        title=form.title if form else _unknown_title(found.name),
        summary=_summary(found),
        produces=tuple(print_expression(one) for one in found.targets.values()),
        names=names,
        opens=place.opens,
        closes=place.closes,
        branch=place.branch,
        disabled=row.disabled,
        handled=handler_of(row) is not None,
        known=form is not None,
    )


def _unknown_title(name: str) -> str:
    known = library().resolve(name)
    return str(known.label) if known is not None else name


def _summary(found: Filled) -> tuple[SummaryPiece, ...]:
    form = form_named(found.name)
    if form is None:
        return tuple(_listed(found))
    fields = {one.name: one for one in form.fields}
    pieces: list[SummaryPiece] = []
    for index, part in enumerate(_PLACE.split(form.summary)):
        if index % 2 == 0:
            pieces += [SummaryPiece(part, variable=False)] if part else []
            continue
        field = fields.get(part)
        value = found.values.get(part)
        if field is not None and field.secret and value is not None:
            pieces.append(SummaryPiece(_HIDDEN, variable=False))
        elif value is None:
            pieces += (
                [SummaryPiece(field.default, variable=False)] if field is not None and field.default else []
            )
        else:
            text = shown(value, field)[:_LONGEST]
            pieces.append(SummaryPiece(text, variable=not isinstance(value, str) and _varies(value, text)))
    return tuple(pieces)


def _varies(value: object, text: str) -> bool:
    return "%" in text.replace("%%", "") if isinstance(value, TextLiteral) else text.startswith("%")


def _listed(found: Filled) -> Iterator[SummaryPiece]:
    for name, value in list(found.values.items())[:3]:
        yield SummaryPiece(f"{name}: ", variable=False)
        yield SummaryPiece(f"{shown(value, None)[:_LONGEST]} ", variable=False)


def _placed(one: Diagnostic, starts: Sequence[tuple[str, list[int]]], script: Script) -> RowFinding:
    """Return a finding with the row that it stands in."""
    found, index = "", -1
    for name, lines in starts:
        if lines and lines[0] <= one.span.line:
            found, index = name, sum(start <= one.span.line for start in lines) - 1
    if found == "" and not _is_in_headers(one, script.headers):
        found = "Main"
    return _finding(one, found, index)


def _is_in_headers(one: Diagnostic, headers: Sequence[Header]) -> bool:
    return any(
        header.span.line <= one.span.line <= header.span.end_line
        for header in headers
        if not isinstance(header, Import | HeaderAnnotation)
    )


def _finding(one: Diagnostic, subflow: str, row: int) -> RowFinding:
    span = one.span
    place = span.line, span.column, span.end_line, span.end_column
    return RowFinding(one.code, one.severity.value, one.message, subflow, row, *place)
