"""Two texts of a flow side by side, by their rows. Source: experience 4.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from deskhand.editor.elements import Workbench, named_things
from deskhand.editor.errors import RepositoryBroken
from deskhand.editor.outline import Outline, OutlineRow, SummaryPiece

_COMMON = frozenset({"END", "ELSE", "DEFAULT", "**ENDREGION"})
"""Rows of which one is like another, so that none of them is said to have moved."""


class Difference(StrEnum):
    """What became of something."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of either text.

    Attributes:
        difference: What became of it.
        before: Its number in the former text; null for one that is new there.
        after: Its number in the later text; null for one that is gone.
        depth: How many blocks it stands in.
        name: The form's name; of an action that cannot run here its own.
        title: The card's title.
        summary: The card's line.
        former: The card's line in the former text, of a row that was changed.
        other: The subflow that it stood in, of a row that was moved from another one.
        text: Its own lines; of one that is gone the former ones.
        former_text: Its lines in the former text, of a row that was changed.
    """

    difference: Difference
    before: int | None
    after: int | None
    depth: int
    name: str
    title: str
    summary: tuple[SummaryPiece, ...]
    former: tuple[SummaryPiece, ...]
    other: str
    text: str
    former_text: str


@dataclass(frozen=True, slots=True)
class ComparedSubflow:
    """A subflow of either text.

    Attributes:
        name: Its name.
        difference: same, added, removed, or changed where one of its rows is.
        rows: Its rows, in the later text's order with those that are gone where they stood.
    """

    name: str
    difference: Difference
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class ComparedThing:
    """An input, an output, another line of the header, a UI element or an image.

    Attributes:
        difference: What became of it.
        name: What it is called, or the line.
    """

    difference: Difference
    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of a flow side by side.

    Attributes:
        readable: Whether both can be read; otherwise their rows cannot be compared.
        subflows: The subflows.
        header: Lines before Main that differ.
        elements: UI elements and images that differ.
        counts: How many rows are added, removed, changed and moved.
    """

    readable: bool
    subflows: tuple[ComparedSubflow, ...]
    header: tuple[ComparedThing, ...]
    elements: tuple[ComparedThing, ...]
    counts: Mapping[str, int]


def compare(before: Outline, after: Outline) -> Comparison:
    """Return what differs between two texts of a flow.

    Args:
        before: The former text.
        after: The later text.
    """
    if before.script is None or after.script is None:
        return Comparison(False, (), (), (), _counts(()))
    subflows = _with_moves(tuple(_subflows(before, after)))
    rows = [row for one in subflows for row in one.rows]
    return Comparison(
        readable=True,
        subflows=subflows,
        header=tuple(_lines(before.header, after.header)),
        elements=tuple(_elements(before, after)),
        counts=_counts(rows),
    )


def _counts(rows: Sequence[ComparedRow]) -> Mapping[str, int]:
    found = [row.difference for row in rows]
    return {one.value: found.count(one) for one in Difference if one is not Difference.SAME}


def _subflows(before: Outline, after: Outline) -> Iterator[ComparedSubflow]:
    former = {one.name.casefold(): one for one in before.subflows}
    for one in after.subflows:
        known = former.pop(one.name.casefold(), None)
        rows = tuple(_rows(() if known is None else known.rows, one.rows))
        difference = Difference.ADDED if known is None else _of_rows(rows)
        yield ComparedSubflow(one.name, difference, rows)
    for gone in former.values():
        yield ComparedSubflow(gone.name, Difference.REMOVED, tuple(_rows(gone.rows, ())))


def _of_rows(rows: Sequence[ComparedRow]) -> Difference:
    same = all(one.difference is Difference.SAME for one in rows)
    return Difference.SAME if same else Difference.CHANGED


def _rows(before: Sequence[OutlineRow], after: Sequence[OutlineRow]) -> Iterator[ComparedRow]:
    former, later = ([(row.depth, row.text) for row in rows] for rows in (before, after))
    for tag, start, end, at, stop in SequenceMatcher(None, former, later, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(before[start:end], after[at:stop], strict=True)
            yield from (_row(Difference.SAME, one, other) for one, other in pairs)
        else:
            yield from _replaced(before[start:end], after[at:stop])


def _replaced(before: Sequence[OutlineRow], after: Sequence[OutlineRow]) -> Iterator[ComparedRow]:
    """Yield rows that stand for others: those with the same action, in order, were changed."""
    former, later = ([row.name for row in rows] for rows in (before, after))
    for tag, start, end, at, stop in SequenceMatcher(None, former, later, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(before[start:end], after[at:stop], strict=True)
            yield from (_row(_of_pair(one, other), one, other) for one, other in pairs)
        else:
            yield from (_row(Difference.REMOVED, one, None) for one in before[start:end])
            yield from (_row(Difference.ADDED, None, one) for one in after[at:stop])


def _of_pair(before: OutlineRow, after: OutlineRow) -> Difference:
    """Tell what became of a row that stands for one with the same action: one in another block has moved."""
    if before.text != after.text:
        return Difference.CHANGED
    return Difference.SAME if before.name in _COMMON else Difference.MOVED


def _row(difference: Difference, before: OutlineRow | None, after: OutlineRow | None) -> ComparedRow:
    shown = after or before
    assert shown is not None
    changed = difference is Difference.CHANGED and before is not None
    return ComparedRow(
        difference=difference,
        before=None if before is None else before.number,
        after=None if after is None else after.number,
        depth=shown.depth,
        name=shown.name,
        title=shown.title,
        summary=shown.summary,
        former=before.summary if changed and before is not None else (),
        other="",
        text=shown.text if difference is not Difference.SAME else "",
        former_text=before.text if changed and before is not None else "",
    )


def _with_moves(subflows: tuple[ComparedSubflow, ...]) -> tuple[ComparedSubflow, ...]:
    """Return subflows in which rows that are gone here and new there are said to have moved."""
    gone: dict[str, list[tuple[int, int]]] = {}
    for index, one in enumerate(subflows):
        for at, row in enumerate(one.rows):
            if row.difference is Difference.REMOVED and row.name not in _COMMON:
                gone.setdefault(row.text, []).append((index, at))
    rows = [list(one.rows) for one in subflows]
    for index, one in enumerate(subflows):
        for at, row in enumerate(one.rows):
            if row.difference is not Difference.ADDED or not gone.get(row.text):
                continue
            where, place = gone[row.text].pop(0)
            former = rows[where][place]
            other = "" if where == index else subflows[where].name
            rows[index][at] = replace(row, difference=Difference.MOVED, before=former.before, other=other)
            rows[where][place] = replace(former, difference=Difference.MOVED)
    return tuple(
        replace(one, rows=tuple(_without_ghosts(one, list_)))
        for one, list_ in zip(subflows, rows, strict=True)
    )


def _without_ghosts(subflow: ComparedSubflow, rows: Sequence[ComparedRow]) -> Iterator[ComparedRow]:
    """Yield rows, a moved one only where it stands now."""
    for before, row in zip(subflow.rows, rows, strict=True):
        if not (row.difference is Difference.MOVED and before.difference is Difference.REMOVED):
            yield row


def _lines(before: str, after: str) -> Iterator[ComparedThing]:
    former, later = (dict.fromkeys(filter(None, text.split("\n"))) for text in (before, after))
    yield from (ComparedThing(Difference.REMOVED, one) for one in former if one not in later)
    yield from (ComparedThing(Difference.ADDED, one) for one in later if one not in former)


def _elements(before: Outline, after: Outline) -> Iterator[ComparedThing]:
    if before.repository == after.repository:
        return
    try:
        former, later = (dict(named_things(Workbench(one).section)) for one in (before, after))
    except RepositoryBroken:
        return
    for name, text in later.items():
        if name not in former:
            yield ComparedThing(Difference.ADDED, name)
        elif former[name] != text:
            yield ComparedThing(Difference.CHANGED, name)
    yield from (ComparedThing(Difference.REMOVED, name) for name in former if name not in later)
