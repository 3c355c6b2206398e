"""The variables of a flow: which there are, what they hold, and other names. Source: robin 11 and 15."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from deskhand.editor.errors import NameRefused
from deskhand.editor.forms import library
from deskhand.robin.kinds import name_of_kind
from deskhand.robin.lexer import RESERVED_WORDS
from deskhand.robin.nodes import (
    ActionCall,
    CallSubflow,
    Input,
    LastError,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    Output,
    Script,
    Sensitive,
    Set,
)
from deskhand.robin.parameters import FlowParameter, flow_inputs, flow_outputs, sensitive_names
from deskhand.robin.printer import print_script
from deskhand.robin.property_checks import variable_types
from deskhand.robin.walking import walk

N = TypeVar("N", bound=Node)
_NAME = re.compile(r"[^\W\d]\w*\Z")


class VariableRole(StrEnum):
    """What a variable is to callers of the flow."""

    INPUT = "input"
    OUTPUT = "output"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class FlowVariable:
    """One variable.

    Attributes:
        name: Its name.
        role: What it is to callers.
        type: What it holds, where that is known.
        external_name: The name that callers know; empty for the flow's own.
        description: What it is for.
        sensitive: Whether its value is shown to nobody.
        uses: How often it is named in rows.
    """

    name: str
    role: VariableRole
    type: str
    external_name: str
    description: str
    sensitive: bool
    uses: int


def variables(script: Script) -> tuple[FlowVariable, ...]:
    """Return a flow's variables: inputs, outputs, then its own by name."""
    uses = Counter(
        one.name.casefold() for one in walk(*script.body, *script.functions) if isinstance(one, Name)
    )
    hidden = sensitive_names(script)
    declared = [
        *(_declared(one, VariableRole.INPUT, uses) for one in flow_inputs(script)),
        *(_declared(one, VariableRole.OUTPUT, uses) for one in flow_outputs(script)),
    ]
    known = {one.name.casefold() for one in declared}
    types = variable_types([*script.body, *script.functions], library())
    own = {name.casefold(): name for name in reversed(list(_assigned(script)))}
    listed = [
        FlowVariable(
            name, VariableRole.FLOW, _kind(types.get(folded)), "", "", folded in hidden, max(uses[folded], 1)
        )
        for folded, name in own.items()
        if folded not in known
    ]
    return (*declared, *sorted(listed, key=lambda one: one.name.casefold()))


def _declared(one: FlowParameter, role: VariableRole, uses: Counter[str]) -> FlowVariable:
    count = uses[one.variable.casefold()]
    return FlowVariable(one.variable, role, one.type, one.name, one.description, one.sensitive, count)


def _kind(kind: type | None) -> str:
    return "" if kind is None else name_of_kind(kind).removeprefix("a ").removeprefix("an ")


def _assigned(script: Script) -> Iterator[str]:
    for node in walk(*script.body, *script.functions):
        match node:
            case Set(target=Name(name=name)) | LastError(target=Name(name=name)):
                yield name
            case LoopForEach(variable=name):
                yield name
            case LoopFrom(variable=str(name)):
                yield name
            case ActionCall(outputs=outputs) | CallSubflow(outputs=outputs):
                yield from (one.target.name for one in outputs if isinstance(one.target, Name))


def rename_variable(script: Script, old: str, new: str) -> str:
    """Return the flow's text with another name for a variable, wherever it stands.

    Raises:
        NameRefused: The new name is none.
    """
    if not _NAME.match(new) or new.upper() in RESERVED_WORDS:
        raise NameRefused(new)
    return print_script(_renamed(script, old.casefold(), new))


def _renamed(node: N, old: str, new: str) -> N:
    changes: dict[str, Any] = {}
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(value, Node):
            changes[one.name] = _renamed(value, old, new)
        elif isinstance(value, tuple):
            changes[one.name] = tuple(
                _renamed(item, old, new) if isinstance(item, Node) else item for item in value
            )
        elif one.name in _NAMING.get(type(node), ()) and isinstance(value, str) and value.casefold() == old:
            changes[one.name] = new
    if isinstance(node, Sensitive):
        changes["names"] = tuple(new if name.casefold() == old else name for name in node.names)
    return replace(node, **changes) if changes else node


def _renamed_item(item: object, old: str, new: str) -> object:
    return _renamed(item, old, new) if isinstance(item, Node) else item


_NAMING = {
    Name: ("name",),
    Input: ("name",),
    Output: ("name",),
    LoopForEach: ("variable",),
    LoopFrom: ("variable",),
}
