"""A scope from a JSON object, for expressions outside of a run.

The object may hold ``variables``, ``parameters``, ``outputs`` (by action name), ``trigger``, and for
what only a run has: ``actions`` (whole records), ``action``, ``items``, ``item``, ``iterationIndexes``,
``results``, ``workflow`` and ``settings``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.wdl.scope import Record, StaticScope
from deskhand.wdl.values import Value, type_name

_MEMBERS = (
    *("variables", "parameters", "outputs", "trigger", "actions", "action", "items", "item"),
    *("iterationIndexes", "results", "workflow", "settings"),
)
_RECORD_MEMBERS = frozenset({"outputs", "inputs", "name", "status"})


class ContextMalformed(DeskhandError):
    """The context of an expression is not an object of the members that are known."""

    code = "DH6012"

    def __init__(self, member: str, problem: str) -> None:
        where = f"‘{member}’ of the context" if member else "The context"
        super().__init__(f"{where} {problem}")
        self.member = member


def read_context(context: Value, moment: datetime) -> StaticScope:
    """Return the scope that a context describes.

    Args:
        context: The JSON object.
        moment: What time it is for the expressions.

    Raises:
        ContextMalformed: It has another shape.
    """
    if not isinstance(context, dict):
        raise ContextMalformed("", f"must be a JSON object, and is of type {type_name(context)}.")
    for member in context:
        if member not in _MEMBERS:
            raise ContextMalformed(member, f"is unknown{did_you_mean(member, _MEMBERS) or '.'}")
    outputs = _members(context, "outputs")
    actions = {name: {"name": name, "outputs": value} for name, value in outputs.items()}
    return StaticScope(
        moment=moment,
        variables=_members(context, "variables"),
        parameters=_members(context, "parameters"),
        actions={**actions, **cast("Mapping[str, Record]", _members(context, "actions"))},
        trigger=_trigger(context.get("trigger")),
        action=_members(context, "action") or None,
        items=_members(context, "items"),
        item=(context["item"],) if "item" in context else (),
        iteration_indexes=cast("Mapping[str, int]", _members(context, "iterationIndexes")),
        results=cast("Mapping[str, list[Value]]", _members(context, "results")),
        workflow=_members(context, "workflow"),
        settings=cast("Mapping[str, str]", _members(context, "settings")),
    )


def _members(context: Mapping[str, Value], member: str) -> dict[str, Value]:
    value = context.get(member)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ContextMalformed(member, f"must be an object, and is of type {type_name(value)}.")
    return value


def _trigger(value: Value) -> Record | None:
    """Return the trigger's record; what looks like its outputs alone becomes one."""
    if not isinstance(value, dict):
        return None
    return value if not value or _RECORD_MEMBERS & value.keys() else {"outputs": value}
