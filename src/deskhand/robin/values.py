"""Robin's values as Python holds them.

===============  =======================================================================
Robin            Python
===============  =======================================================================
text             ``str``
number           ``int``, or ``decimal.Decimal`` when it has a fraction
boolean          ``bool``
datetime         ``datetime.datetime``; naive is the machine's local time, as in the original
list             ``list``
datatable        :class:`DataTable`
datarow          :class:`DataRow`
custom object    :class:`CustomObject`
file, folder     :class:`File`, :class:`Folder`
error            :class:`ErrorValue`
binary data      ``bytes``
blank            ``None``
instances        subclasses of :class:`Instance`
===============  =======================================================================

Source: robin 7 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Value = Any
"""Any Robin value: one of the table above. Only here may a value's type be open."""


class CustomObject(dict[str, Value]):
    """Named values in insertion order; a key is looked up exactly, then without regard to case."""

    def find(self, key: str) -> str | None:
        """Return the spelling under which a key is stored, or None."""
        if key in self:
            return key
        folded = key.casefold()
        return next((known for known in self if known.casefold() == folded), None)


class DataRow:
    """One row of a datatable: cells with the table's column names."""

    __slots__ = ("cells", "columns")

    def __init__(self, columns: list[str], cells: list[Value]) -> None:
        self.columns = columns
        self.cells = cells

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataRow):
            return NotImplemented
        return self.columns == other.columns and self.cells == other.cells

    def __hash__(self) -> int:
        return hash(tuple(self.columns))

    def __iter__(self) -> Iterator[Value]:
        return iter(self.cells)

    def __repr__(self) -> str:
        return f"DataRow({self.columns!r}, {self.cells!r})"


class DataTable:
    """Rows of cells under named columns; every row holds one cell for each column.

    Args:
        columns: The columns' names; copied.
        rows: The rows' cells; each row is copied.
    """

    __slots__ = ("columns", "rows")

    def __init__(self, columns: Iterable[str] = (), rows: Iterable[Iterable[Value]] = ()) -> None:
        self.columns: list[str] = list(columns)
        self.rows: list[list[Value]] = [list(row) for row in rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataTable):
            return NotImplemented
        return self.columns == other.columns and self.rows == other.rows

    def __hash__(self) -> int:
        return hash(tuple(self.columns))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[DataRow]:
        return (DataRow(list(self.columns), list(row)) for row in self.rows)

    def __repr__(self) -> str:
        return f"DataTable({self.columns!r}, {self.rows!r})"


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path; its properties are read when they are asked for."""

    path: Path


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its path; its properties are read when they are asked for."""

    path: Path


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What *Get last error* yields. Source: robin 8 and 12.3."""

    message: str
    details: str
    subflow: str
    action_index: int
    action_name: str

    @property
    def location(self) -> str:
        """Return where it happened, in the original's wording."""
        return f"Subflow: {self.subflow}, Action: {self.action_index}, Action name: {self.action_name}"


class Instance:
    """A handle that an action keeps open for later ones: a browser, a workbook, a connection.

    Subclasses list the properties that a flow may read; the runtime closes what is still open when
    the flow ends.
    """

    def properties(self) -> Mapping[str, Value]:
        """Return the readable properties by their documented names."""
        return {}

    def close(self) -> None:
        """Let go of what the handle holds; called once, when the flow ends."""


@dataclass(slots=True)
class Reference(Generic[T]):
    """A variable handed to an action that changes it in place (``by_ref`` in the catalogue).

    The action reads and assigns :attr:`value`; the runtime stores it back into the variable.
    """

    value: T


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that is never printed, logged or sent in an event."""

    text: str

    def __repr__(self) -> str:
        return "Secret(********)"

    def __str__(self) -> str:
        return "********"
