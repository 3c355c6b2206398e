"""Values that somebody gives a variable while its flow is paused: they keep its type. Source: robin 7."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from deskhand.core.errors import DeskhandError
from deskhand.robin.json_values import BadInput, from_json
from deskhand.robin.kinds import name_of_kind
from deskhand.robin.values import CustomObject, DataTable, Value

_TYPES: Mapping[type, str] = {
    str: "Text",
    bool: "Boolean",
    int: "Numeric",
    Decimal: "Numeric",
    float: "Numeric",
    datetime: "DateTime",
    list: "List",
    CustomObject: "CustomObject",
    DataTable: "DataTable",
}

EMPTY = "Any"
"""The type of a variable that has no value: it takes any."""

KINDS: Mapping[str, str] = {"": EMPTY} | {
    name_of_kind(kind).removeprefix("a "): name for kind, name in _TYPES.items()
}
"""The type that the new value of a variable must have, by the word for its present one."""

STRUCTURED = frozenset({"List", "CustomObject", "DataTable"})
"""The types whose values are given as JSON."""


class ValueRefused(DeskhandError):
    """A paused flow's variable was given a value of another type than it has; it keeps its own.

    Give a value of the same type: for lists, objects and tables JSON, for the others what an action's field
    takes.
    """

    code = "DH2732"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"‘{name}’ keeps its value: {reason}")


def replaceable_type(value: Value) -> str | None:
    """Return the type that a variable's new value must have; None where it takes no other value."""
    return EMPTY if value is None else _TYPES.get(type(value))


def replacement(name: str, type_name: str, value: Value) -> Value:
    """Return a new value as a variable of a type holds it.

    Args:
        name: The variable.
        type_name: What :func:`replaceable_type` said of its present value.
        value: Robin's own, or JSON.

    Raises:
        ValueRefused: It is of another type.
    """
    if value is None and type_name != EMPTY:
        raise ValueRefused(name, "it needs a value")
    try:
        return from_json(value, type_name, name=name)
    except BadInput as error:
        raise ValueRefused(name, f"it takes {error.wanted}, not {error.found}") from error
