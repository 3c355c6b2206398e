"""Where a run begins that does not begin at the beginning: ‘Run from here’. Source: experience 4.1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deskhand.core.errors import DeskhandError
from deskhand.robin.enabled_rows import enabled
from deskhand.robin.nodes import Goto, Label, Row, Script, Statement
from deskhand.robin.walking import walk_all


@dataclass(frozen=True, slots=True)
class Start:
    """The row at which a run begins.

    Attributes:
        subflow: Its subflow.
        row: Its number there.
    """

    subflow: str
    row: int


class CannotStartHere(DeskhandError):
    """A run cannot begin at a row: it stands inside a block, is skipped, or is needed from further above.

    Choose a row that stands in no loop, condition or error block.
    """

    code = "DH2730"

    def __init__(self, start: Start, reason: str) -> None:
        super().__init__(f"A run cannot begin at {start.subflow}, row {start.row}: {reason}.")


def subflow_of(script: Script, start: Start) -> tuple[str, str, Sequence[Statement]]:
    """Return the name, the file and the rows of the subflow in which a run begins.

    Raises:
        CannotStartHere: There is no such subflow.
    """
    if start.subflow.casefold() == "main":
        return "Main", script.file, script.body
    for one in script.functions:
        if one.name.casefold() == start.subflow.casefold():
            return one.name, one.file, one.body
    raise CannotStartHere(start, "there is no such subflow")


def check_start(script: Script, start: Start) -> None:
    """Make sure that a run can begin at a row of a flow that is otherwise in order.

    Raises:
        CannotStartHere: It cannot.
    """
    *_, rows = subflow_of(enabled(script), start)
    if all(one.row != start.row for one in rows):
        raise CannotStartHere(start, _reason(script, start))
    kept = [one for one in rows if one.row >= start.row]
    labels = {one.name.casefold() for one in walk_all(kept) if isinstance(one, Label)}
    for one in walk_all(kept):
        if isinstance(one, Goto) and one.name.casefold() not in labels:
            raise CannotStartHere(start, f"row {one.row} goes to the label ‘{one.name}’ above it")


def _reason(script: Script, start: Start) -> str:
    *_, rows = subflow_of(script, start)
    if any(one.row == start.row for one in rows):
        return "the row is skipped; enable it, or choose one below"
    if any(one.row == start.row for one in _all_rows(rows)):
        return "the row stands inside a block; choose the row with which the block begins, or one below it"
    return "there is no such row"


def _all_rows(rows: Sequence[Statement]) -> Iterator[Row]:
    return (one for one in walk_all(rows) if isinstance(one, Row))
