"""What a paused flow's variables look like from outside: bounded, and without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from deskhand.core.log import MASK
from deskhand.protocol.codec import encode
from deskhand.protocol.messages import DebugVariable
from deskhand.robin.debugging import RunningFlow
from deskhand.robin.json_values import to_json
from deskhand.robin.kinds import kind_of
from deskhand.robin.replacing import replaceable_type
from deskhand.robin.values import CustomObject, DataRow, DataTable, Secret, Value

ITEMS_MAX = 100
"""Items of a list, members of an object, rows and columns of a table."""

LETTERS_MAX = 4_000
DEPTH_MAX = 5
STATE_BYTES_MAX = 256 * 1024
"""Bytes of all variables together; those beyond it come without their value."""

TEXT_MAX = 200
VARIABLES_MAX = 1_000

_LEFT_OUT = "…"


def snapshot(flow: RunningFlow, variables: Mapping[str, Value]) -> tuple[DebugVariable, ...]:
    """Return variables as they may be shown, by name.

    Args:
        flow: The run that they belong to.
        variables: The variables by their spelled names.
    """
    left = STATE_BYTES_MAX
    found: list[DebugVariable] = []
    for name in islice(sorted(variables, key=str.casefold), VARIABLES_MAX):
        one = _variable(flow, name, variables[name], with_value=left > 0)
        left -= len(encode(one))
        if left < 0 and one.value is not None:
            one = _variable(flow, name, variables[name], with_value=False)
        found.append(one)
    return tuple(found)


def _variable(flow: RunningFlow, name: str, value: Value, *, with_value: bool) -> DebugVariable:
    kind, editable = _kind(value), replaceable_type(value) is not None
    if flow.is_sensitive(name) or _holds_secret(value):
        return DebugVariable(name, kind, MASK, None, True, False, editable)
    cut = _Cut(flow)
    shown = cut.cut(value)
    text = _short(flow, value, shown)
    if not with_value:
        return DebugVariable(name, kind, text, None, False, True, False)
    return DebugVariable(name, kind, text, shown, False, cut.truncated, editable and not cut.truncated)


def _kind(value: Value) -> str:
    """Return a kind's name without its article."""
    return "" if value is None else kind_of(value).removeprefix("an ").removeprefix("a ")


def _holds_secret(value: Value, depth: int = 0) -> bool:
    if isinstance(value, Secret):
        return True
    if depth > DEPTH_MAX:
        return False  # what lies deeper is not shown
    return any(_holds_secret(one, depth + 1) for one in islice(_inside(value), ITEMS_MAX))


def _inside(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | DataRow | DataTable):
        yield from value


def _short(flow: RunningFlow, value: Value, shown: Any) -> str:
    if isinstance(value, DataTable):
        return f"{len(value.rows)} rows, {len(value.columns)} columns"
    if isinstance(value, list):
        return f"{len(value)} items"
    if isinstance(value, CustomObject | DataRow):
        text = encode(shown).decode()
    else:
        text = shown if isinstance(shown, str) else flow.mask(flow.text(value))
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"


class _Cut:
    """Cuts one value down to what is shown.

    Attributes:
        truncated: Whether anything was left out.
    """

    def __init__(self, flow: RunningFlow) -> None:
        self._flow = flow
        self.truncated = False

    def cut(self, value: Value, depth: int = 1) -> Any:
        if isinstance(value, list | dict | DataTable | DataRow):
            if depth > DEPTH_MAX:
                self.truncated = True
                return _LEFT_OUT
            return self._collection(value, depth + 1)
        return self._leaf(value)

    def _collection(self, value: Any, depth: int) -> Any:
        if isinstance(value, list):
            return [self.cut(one, depth) for one in self._some(value)]
        if isinstance(value, DataTable):
            return [self._record(value.columns, row, depth) for row in self._some(value.rows)]
        if isinstance(value, DataRow):
            return self._record(value.columns, value.cells, depth)
        return {self._letters(key): self.cut(value[key], depth) for key in self._some(list(value))}

    def _record(self, columns: list[str], cells: list[Value], depth: int) -> dict[str, Any]:
        pairs = self._some(list(zip(columns, cells, strict=True)))
        return {self._letters(column): self.cut(cell, depth) for column, cell in pairs}

    def _some(self, items: list[Any]) -> list[Any]:
        self.truncated |= len(items) > ITEMS_MAX
        return items[:ITEMS_MAX]

    def _leaf(self, value: Value) -> Any:
        plain = to_json(value, self._flow.text)
        if isinstance(plain, str):
            return self._letters(plain)
        text = self._flow.text(value)
        return plain if self._flow.mask(text) == text else MASK

    def _letters(self, text: str) -> str:
        """Mask before cutting: half a secret would no longer be known as one."""
        masked = self._flow.mask(text)
        self.truncated |= len(masked) > LETTERS_MAX or masked != text
        return masked if len(masked) <= LETTERS_MAX else f"{masked[: LETTERS_MAX - 1]}…"
