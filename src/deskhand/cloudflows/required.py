"""Required inputs that a definition leaves empty, as the declarations of its parts have them.

Fields of built-in actions and triggers say themselves what must be filled; of a connector's operation, the
JSON schema of its parameters does. Source: cloud-flows 1.8, 3.4 to 3.11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deskhand.cloudflows.declare import Field
from deskhand.cloudflows.paths import parameter_object
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value

Json = Mapping[str, Value]

PARAMETERS = "inputs/parameters"
"""Where an operation's parameters stand in an action or a trigger."""
_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "duration": "a duration such as PT1H",
}


@dataclass(frozen=True, slots=True)
class MissingInput:
    """A required input that is not there, or empty.

    Attributes:
        path: Where its value belongs in the action or trigger, such as ``inputs/uri``.
        title: Its label.
        wanted: What would be right there, in words.
    """

    path: str
    title: str
    wanted: str


def missing_fields(part: Json, fields: Iterable[Field]) -> Iterator[MissingInput]:
    """Yield the required fields of a card that an action or a trigger leaves empty.

    Args:
        part: The action or trigger as the definition has it.
        fields: Its card.
    """
    for one in fields:
        places = (one.path, *one.alternatives)
        if one.required and all(_is_missing(part, place.split("/"), one) for place in places):
            yield MissingInput(one.path, one.title, _wanted(one.type, one.options))


def missing_parameters(part: Json, schema: Json) -> Iterator[MissingInput]:
    """Yield the required parameters of an operation that an action leaves empty, members of objects included.

    Args:
        part: The action as the definition has it.
        schema: The JSON schema of the operation's parameters.
    """
    inputs = member(part, "inputs")
    given = member(inputs, "parameters") if isinstance(inputs, Mapping) else None
    if not _is_expression(given):
        yield from _missing_members(given if isinstance(given, Mapping) else {}, schema, PARAMETERS)


def _missing_members(given: Json, schema: Json, path: str) -> Iterator[MissingInput]:
    properties = schema.get("properties")
    for name, node in properties.items() if isinstance(properties, Mapping) else ():
        declared = node if isinstance(node, Mapping) else {}
        value, place = parameter_object(given, name), f"{path}/{name}"
        kind, options = str(declared.get("type", "any")), _options(declared)
        if isinstance(value, Mapping):
            yield from _missing_members(value, declared, place)
        elif name in _listed(schema, "required") and _is_empty(
            value, kind, options, is_given=value is not None
        ):
            yield MissingInput(place, str(declared.get("title") or name), _wanted(kind, options))


def _is_missing(value: Value, steps: list[str], field: Field) -> bool:
    """Tell whether nothing stands where a path leads; in a list, where it leads in one of the elements."""
    match value:
        case _ if not steps:
            return _is_empty(value, field.type, field.options, is_given=True, takes_blank=field.takes_blank)
        case Mapping():
            found, is_given = _member(value, steps[0])
            return not is_given or _is_missing(found, steps[1:], field)
        case list():
            return not value or any(_is_missing(one, steps[1:], field) for one in value)
        case _:
            return not _is_expression(value)


def _member(members: Json, name: str) -> tuple[Value, bool]:
    if any(key.casefold() == name.casefold() for key in members):
        return member(members, name), True
    # Parameters may be given member by member: ``subscriptionRequest/entityname``.
    found = parameter_object(members, name)
    return found, found is not None


def _is_empty(
    value: Value, kind: str, options: tuple[str, ...], *, is_given: bool, takes_blank: bool = False
) -> bool:
    """Tell whether a value fills no field; where anything goes, null and an empty text are values, too."""
    if not is_given or (kind == "any" and not options):
        return not is_given
    return value is None or (isinstance(value, str) and not value.strip() and not takes_blank)


def _is_expression(value: Value) -> bool:
    return isinstance(value, str) and value.startswith("@")


def _listed(schema: Json, name: str) -> tuple[str, ...]:
    found = schema.get(name)
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _options(schema: Json) -> tuple[str, ...]:
    return _listed(schema, "enum")


def _wanted(kind: str, options: tuple[str, ...]) -> str:
    if kind == "expression":
        return "an expression"
    if options:
        return f"one of '{', '.join(options)}', or an expression"
    return f"{_KINDS.get(kind, 'a value')}, or an expression"
