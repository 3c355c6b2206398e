"""What is wrong with a value, in the words and the shape of the service. Source: cloud-flows 3.4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from deskhand.wdl.values import Value, to_text, type_name, write_json

_PLAIN_NAME = re.compile(r"[^\s.'/\"\[\]()\\\x00-\x1f\x85\u2028\u2029]+")
_ERROR_TYPES: Mapping[str, str] = {
    "minLength": "minimumLength",
    "maxLength": "maximumLength",
    "minItems": "minimumItems",
    "maxItems": "maximumItems",
    "minProperties": "minimumProperties",
    "maxProperties": "maximumProperties",
    "exclusiveMinimum": "minimum",
    "exclusiveMaximum": "maximum",
}
"""What the service calls an error, where it is not the keyword's own name."""


def describe(errors: Iterable[ValidationError], schema: Value) -> list[dict[str, Value]]:
    """Return errors as the outputs of a failed ParseJson list them.

    Args:
        errors: What the library found.
        schema: The schema that was used.
    """
    places = dict(_places(schema, "#"))
    return [_described(error, places) for error in _merged(errors)]


def _merged(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Leave out further errors of one keyword about one value: our message names them all."""
    known = set()
    for error in errors:
        key = (tuple(error.absolute_path), tuple(error.absolute_schema_path))
        if key not in known:
            known.add(key)
            yield error


def _places(schema: Value, pointer: str) -> Iterator[tuple[int, str]]:
    """Yield the pointer of every part of a schema, by the part's identity."""
    members: Iterable[tuple[Any, Value]] = ()
    if isinstance(schema, dict):
        yield id(schema), pointer
        members = schema.items()
    elif isinstance(schema, list):
        members = enumerate(schema)
    for key, one in members:
        yield from _places(one, f"{pointer}/{key}")


def _described(error: ValidationError, places: Mapping[int, str]) -> dict[str, Value]:
    keyword = str(error.validator)
    return {
        "message": _MESSAGES[keyword](error),
        "lineNumber": 0,
        "linePosition": 0,
        "path": _path(error.absolute_path),
        "value": error.instance,
        "schemaId": places[id(error.schema)],
        "errorType": _ERROR_TYPES.get(keyword, keyword),
        "childErrors": [_described(one, places) for one in _merged(error.context or ())],
    }


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            path += f".{step}" if path else step
        else:
            path += "['" + step.replace("'", "\\'") + "']"
    return path


_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


def _type(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    names = wanted if isinstance(wanted, list) else [wanted]
    listed = ", ".join(name.capitalize() for name in _TYPES if name in names)
    found = {"Float": "Number"}.get(type_name(error.instance), type_name(error.instance))
    return f"Invalid type. Expected {listed} but got {found}."


def _number(value: Value) -> str:
    return f"{type_name(value)} {to_text(value)}"


def _minimum(error: ValidationError) -> str:
    least = to_text(error.validator_value)
    if error.instance == error.validator_value:
        return f"{_number(error.instance)} equals minimum value of {least} and exclusive minimum is true."
    return f"{_number(error.instance)} is less than minimum value of {least}."


def _maximum(error: ValidationError) -> str:
    most = to_text(error.validator_value)
    if error.instance == error.validator_value:
        return f"{_number(error.instance)} equals maximum value of {most} and exclusive maximum is true."
    return f"{_number(error.instance)} exceeds maximum value of {most}."


def _count(what: str, comparison: str) -> Callable[[ValidationError], str]:
    def say(error: ValidationError) -> str:
        instance: Any = error.instance
        return f"{what} {len(instance)} {comparison} count of {error.validator_value}."

    return say


def _required(error: ValidationError) -> str:
    missing: Any = error.instance
    return f"Required properties are missing from object: {', '.join(missing)}."


def _one_of(error: ValidationError) -> str:
    failed = {child.relative_schema_path[0] for child in error.context or ()}
    schemas: Any = error.validator_value
    fitting = [place for place in range(len(schemas)) if place not in failed]
    if not fitting:
        return "JSON is valid against no schemas from 'oneOf'."
    return (
        "JSON is valid against more than one schema from 'oneOf'. "
        f"Valid schema indexes: {', '.join(map(str, fitting))}."
    )


def _all_of(error: ValidationError) -> str:
    failed = dict.fromkeys(child.relative_schema_path[0] for child in error.context or ())
    return (
        "JSON does not match all schemas from 'allOf'. "
        f"Invalid schema indexes: {', '.join(map(str, failed))}."
    )


def _dependencies(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    instance: Any = error.instance
    missing = [
        (name, [one for one in names if one not in instance])
        for name, names in wanted.items()
        if name in instance and isinstance(names, list)
    ]
    return " ".join(
        f"Dependencies for property '{name}' failed. Missing required keys: {', '.join(lacking)}."
        for name, lacking in missing
        if lacking
    )


def _additional_items(error: ValidationError) -> str:
    schema: Any = error.schema
    return (
        f"Index {len(schema['items'])} has not been defined and the schema does not allow additional items."
    )


_MESSAGES: Mapping[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "required": _required,
    "enum": lambda error: f"Value {write_json(error.instance)} is not defined in enum.",
    "const": lambda error: f"Value {write_json(error.instance)} does not match const.",
    "minimum": _minimum,
    "exclusiveMinimum": _minimum,
    "maximum": _maximum,
    "exclusiveMaximum": _maximum,
    "multipleOf": lambda error: (
        f"{_number(error.instance)} is not a multiple of {to_text(error.validator_value)}."
    ),
    "minLength": lambda error: (
        f"String '{error.instance}' is less than minimum length of {error.validator_value}."
    ),
    "maxLength": lambda error: (
        f"String '{error.instance}' exceeds maximum length of {error.validator_value}."
    ),
    "pattern": lambda error: (
        f"String '{error.instance}' does not match regex pattern '{error.validator_value}'."
    ),
    "minItems": _count("Array item count", "is less than minimum"),
    "maxItems": _count("Array item count", "exceeds maximum"),
    "uniqueItems": lambda error: f"Non-unique array item at index {error.absolute_path[-1]}.",
    "contains": lambda error: "No items match contains.",
    "additionalItems": _additional_items,
    "minProperties": _count("Object property count", "is less than minimum"),
    "maxProperties": _count("Object property count", "exceeds maximum"),
    "additionalProperties": lambda error: (
        f"Property '{error.absolute_path[-1]}' has not been defined and the schema does not allow additional "
        "properties."
    ),
    "dependencies": _dependencies,
    "allOf": _all_of,
    "anyOf": lambda error: "JSON does not match any schemas from 'anyOf'.",
    "oneOf": _one_of,
    "not": lambda error: "JSON is valid against schema from 'not'.",
}
"""What the service says, by keyword."""
