"""Variables that a flow fills and never looks at. Source: experience 4.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from deskhand.editor.names import names_in
from deskhand.robin.nodes import (
    ActionCall,
    CallSubflow,
    LastError,
    Name,
    Node,
    OutputArgument,
    Script,
    Sensitive,
    Set,
)
from deskhand.robin.parameters import flow_inputs, flow_outputs
from deskhand.robin.printer import print_script
from deskhand.robin.walking import walk

N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class Tidied:
    """A flow's text without the variables that nothing uses.

    Attributes:
        text: The text.
        variables: The variables that are gone.
        rows: How many rows went with them, since they did nothing else.
    """

    text: str
    variables: tuple[str, ...]
    rows: int


def without_unused(script: Script) -> Tidied:
    """Remove the variables that are filled and never looked at.

    Rows that do nothing but fill them go; actions stay and no longer store what they return. Inputs, outputs
    and the variables of loops stay. What only a removed row looked at is removed as well.
    """
    gone: dict[str, str] = {}
    rows = 0
    while unused := _unused(script):
        gone |= unused
        pruning = _Pruning(frozenset(unused))
        script = pruning.without(script)
        rows += pruning.rows
    return Tidied(print_script(script), tuple(sorted(gone.values(), key=str.casefold)), rows)


def _unused(script: Script) -> dict[str, str]:
    """Return the variables that nothing looks at, by their folded names."""
    declared = [one.variable for one in (*flow_inputs(script), *flow_outputs(script))]
    used = {name.casefold() for name in (*declared, *_looked_at(script))}
    return {name.casefold(): name for name in _filled(script) if name.casefold() not in used}


def _filled(script: Script) -> Iterator[str]:
    """Yield the names of variables that could go, the first spelling last."""
    found = [one.name for node in walk(*script.body, *script.functions) for one in _targets(node)]
    yield from reversed(found)


def _targets(node: Node) -> Iterator[Name]:
    """Yield the names that a node fills and that are nothing more."""
    match node:
        case Set(target=Name() as target) | LastError(target=Name() as target):
            yield target
        case ActionCall(outputs=outputs) | CallSubflow(outputs=outputs):
            yield from (one.target for one in outputs if isinstance(one.target, Name))


def _looked_at(script: Script) -> Iterator[str]:
    targets = {id(one) for node in walk(*script.body, *script.functions) for one in _targets(node)}
    for node in walk(*script.body, *script.functions):
        if id(node) not in targets:
            yield from names_in(node)


class _Pruning:
    """Takes variables out of a tree."""

    def __init__(self, gone: frozenset[str]) -> None:
        self._gone = gone
        self.rows = 0

    def without(self, node: N) -> N:
        changes: dict[str, Any] = {}
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, Node):
                changes[one.name] = self.without(value)
            elif isinstance(value, tuple):
                changes[one.name] = tuple(self._kept(value))
        if isinstance(node, Sensitive):
            changes["names"] = tuple(name for name in node.names if name.casefold() not in self._gone)
        return replace(node, **changes) if changes else node

    def _kept(self, items: tuple[object, ...]) -> Iterator[object]:
        for item in items:
            if isinstance(item, Set | LastError | OutputArgument) and self._is_gone(item.target):
                self.rows += not isinstance(item, OutputArgument)
            else:
                yield self.without(item) if isinstance(item, Node) else item

    def _is_gone(self, target: Node) -> bool:
        return isinstance(target, Name) and target.name.casefold() in self._gone
