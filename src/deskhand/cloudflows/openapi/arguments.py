"""The parameters of an action → one value for each parameter of its operation. Pure.

Source: cloud-flows 3.11. A name with slashes is a path into the body: ``item/Title``, ``rows/0/name``.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from deskhand.cloudflows.openapi.document import Json, SchemaReader, listed, members, text_of
from deskhand.cloudflows.openapi.errors import ParameterRefused
from deskhand.cloudflows.openapi.operations import Operation, Parameter, Place, read_hints
from deskhand.core.errors import did_you_mean
from deskhand.wdl.values import Value, envelope_bytes, find_key

_MOST_ELEMENTS = 10_000
_DEEPEST = 32
_ANYTHING: Json = {}
_NOTHING = object()  # an element of an array that no parameter gives; what stays so is not sent


def collect_arguments(
    operation: Operation, reader: SchemaReader, given: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what an operation's parameters are, by name; those that are not sent are missing.

    Args:
        operation: The operation.
        reader: Reads its schemas.
        given: The evaluated parameters of the action.

    Raises:
        ParameterRefused: A parameter is unknown or missing, or a path leads through something else.
    """
    declared = {one.name: one for one in operation.parameters}
    sent = {name: value for name, value in given.items() if value is not None}
    whole = {name: find_key(declared, name) for name in sent}
    values = {known: sent[name] for name, known in whole.items() if known is not None}
    for name in sorted(whole, key=lambda one: one.count("/")):  # a whole object before its members
        if whole[name] is None:
            root, steps = _path(operation, declared, name)
            insertion = _Insertion(operation.id, name, reader)
            values[root] = insertion.put(values.get(root), declared[root].schema, steps, sent[name])
    for parameter in operation.parameters:
        _complete(operation, parameter, reader, values)
    return values


def awaited_parameters(operation: Operation, reader: SchemaReader) -> list[str]:
    """Return the parameters that an action must give: needed ones that nothing else has a value for.

    Args:
        operation: The operation.
        reader: Reads its schemas.
    """
    return [
        one.name
        for one in operation.parameters
        if one.required
        and not one.hints.is_notification_url
        and _default(reader.view(one.schema), reader, _DEEPEST) is None
    ]


def _path(operation: Operation, declared: Mapping[str, Parameter], name: str) -> tuple[str, list[str]]:
    """Return the body's parameter, and the steps from there, that a name with slashes leads to."""
    first, *steps = name.split("/")
    root = find_key(declared, first)
    if root is None or not steps or declared[root].place is not Place.BODY:
        raise ParameterRefused(operation.id, name, f"is unknown{did_you_mean(name, declared)}")
    if len(steps) > _DEEPEST:
        raise ParameterRefused(operation.id, name[:80], "is nested too deep")
    return root, steps


class _Insertion:
    """Puts one value where its path leads."""

    def __init__(self, operation_id: str, name: str, reader: SchemaReader) -> None:
        self._operation_id = operation_id
        self._name = name
        self._reader = reader

    def put(self, holder: Value, schema: Any, steps: list[str], value: Value) -> Value:
        """Return the holder with a value in it; what is there already stays."""
        if not steps:
            return value
        view = self._reader.view(schema)
        first, *rest = steps
        if isinstance(holder, list) or (holder is None and _is_index(first, view)):
            return self._put_element(list(holder or []), view, first, rest, value)
        if holder is not None and not isinstance(holder, dict):
            raise ParameterRefused(
                self._operation_id, self._name, "leads through something that is no object"
            )
        inner = members(view, "properties").get(first, _ANYTHING)
        return {**(holder or {}), first: self.put((holder or {}).get(first), inner, rest, value)}

    def _put_element(
        self, elements: list[Value], view: Json, step: str, rest: list[str], value: Value
    ) -> list[Value]:
        if not step.isascii() or not step.isdigit() or len(step) > 9 or int(step) >= _MOST_ELEMENTS:
            problem = f"leads into an array: ‘{step[:40]}’ is no index below {_MOST_ELEMENTS}"
            raise ParameterRefused(self._operation_id, self._name, problem)
        index = int(step)
        elements += [_NOTHING] * (index + 1 - len(elements))
        before = None if elements[index] is _NOTHING else elements[index]
        elements[index] = self.put(before, view.get("items", _ANYTHING), rest, value)
        return elements


def _is_index(step: str, view: Json) -> bool:
    """Return whether a step leads into an array: the schema says so, or says nothing and it is a number."""
    if "type" in view or members(view, "properties"):
        kinds = view.get("type")
        return kinds == "array" or (isinstance(kinds, list) and "array" in kinds)
    return step.isascii() and step.isdigit()


def _complete(
    operation: Operation, parameter: Parameter, reader: SchemaReader, values: dict[str, Value]
) -> None:
    """Give a parameter the value that the connector has for it, and check that a needed one is there."""
    name = parameter.name
    schema = reader.view(parameter.schema)
    if name in values:
        values[name] = _finished(values[name], schema, reader, _DEEPEST)
        return
    fills = parameter.required or parameter.hints.visibility == "internal"
    filled = _default(schema, reader, _DEEPEST) if fills else None
    if filled is not None:
        values[name] = filled
    elif parameter.required:
        raise ParameterRefused(operation.id, name, "is missing")


def _finished(value: Value, schema: Json, reader: SchemaReader, depth: int) -> Value:
    """Return a value as its schema wants it: gaps closed, defaults filled in, files as base64."""
    if depth <= 0:
        return value
    if isinstance(value, list):
        items = reader.view(schema.get("items", _ANYTHING))
        return [_finished(one, items, reader, depth - 1) for one in value if one is not _NOTHING]
    if not isinstance(value, dict):
        return value
    content = envelope_bytes(value) if text_of(schema, "format") == "byte" else None
    if content is not None:
        return base64.b64encode(content).decode("ascii")
    known = members(schema, "properties")
    finished = {
        name: _finished(one, reader.view(known.get(name, _ANYTHING)), reader, depth - 1)
        for name, one in value.items()
    }
    return {**finished, **_defaults(schema, finished, reader, depth - 1)}


def _default(schema: Json, reader: SchemaReader, depth: int) -> Value:
    """Return what a schema says stands where nothing is given; None if it does not say."""
    if "default" in schema or depth <= 0:
        return schema.get("default")
    return _defaults(schema, {}, reader, depth - 1) or None


def _defaults(schema: Json, given: Mapping[str, Value], reader: SchemaReader, depth: int) -> dict[str, Value]:
    """Return the members of an object that are needed or internal, not given, and have a default."""
    found: dict[str, Value] = {}
    for name, node in members(schema, "properties").items():
        one = reader.view(node)
        if name in given or not (name in listed(schema, "required") or _is_internal(one)):
            continue
        filled = _default(one, reader, depth)
        if filled is not None:
            found[name] = filled
    return found


def _is_internal(schema: Json) -> bool:
    return read_hints(schema).visibility == "internal"
