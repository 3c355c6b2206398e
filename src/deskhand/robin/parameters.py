"""A flow's declared inputs and outputs. Source: robin 11, machines-and-runs 6.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deskhand.robin.literals import literal_value
from deskhand.robin.nodes import Input, ObjectLiteral, Output, Script, Sensitive
from deskhand.robin.values import CustomObject, Value

PARAMETER_MEMBERS: Mapping[type[Input | Output], tuple[str, ...]] = {
    Input: ("Description", "FriendlyName", "Type", "IsOptional", "DefaultValue"),
    Output: ("Description", "FriendlyName", "Type"),
}
"""What flow text says of an input and of an output. Source: robin 11."""


@dataclass(frozen=True, slots=True)
class FlowParameter:
    """One input or output.

    Attributes:
        variable: The flow's variable.
        name: The external name, by which callers know it.
        type: The type as the flow's text spells it, such as ``Numeric``.
        description: The help text.
        optional: Whether callers may leave an input out.
        default: What an input is then; None where nothing is declared.
        sensitive: Whether nobody may see its value.
    """

    variable: str
    name: str
    type: str
    description: str
    optional: bool
    default: Value
    sensitive: bool


def flow_inputs(script: Script) -> tuple[FlowParameter, ...]:
    """Return what callers give a flow, in the order of its text."""
    return _declared(script, (one for one in script.headers if isinstance(one, Input)))


def flow_outputs(script: Script) -> tuple[FlowParameter, ...]:
    """Return what a flow gives back, in the order of its text."""
    return _declared(script, (one for one in script.headers if isinstance(one, Output)))


def sensitive_names(script: Script) -> frozenset[str]:
    """Return the variables that ``@SENSITIVE`` lists, in lower case."""
    lists = (one.names for one in script.headers if isinstance(one, Sensitive))
    return frozenset(name.casefold() for names in lists for name in names)


def _declared(script: Script, headers: Iterable[Input | Output]) -> tuple[FlowParameter, ...]:
    sensitive = sensitive_names(script)
    return tuple(_parameter(one, sensitive) for one in headers)


def _parameter(header: Input | Output, sensitive: frozenset[str]) -> FlowParameter:
    said = _properties(header.properties)
    return FlowParameter(
        variable=header.name,
        name=_text(said, "FriendlyName") or header.name,
        type=_text(said, "Type") or "String",
        description=_text(said, "Description"),
        optional=_under(said, "IsOptional") is True,
        default=_under(said, "DefaultValue"),
        sensitive=header.name.casefold() in sensitive,
    )


def _properties(literal: ObjectLiteral | None) -> CustomObject:
    value = CustomObject() if literal is None else literal_value(literal)
    return value if isinstance(value, CustomObject) else CustomObject()


def _under(said: CustomObject, key: str) -> Value:
    found = said.find(key)
    return None if found is None else said[found]


def _text(said: CustomObject, key: str) -> str:
    value = _under(said, key)
    return value if isinstance(value, str) else ""
