"""Keywords of JSON Schema that we check ourselves.

The library's own would run regular expressions without a time limit, compare each element with each other,
stumble over numbers that no double holds, or tell less than the service does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from jsonschema.exceptions import ValidationError

from deskhand.dotnet.regexes import compile_expression
from deskhand.wdl.values import Value

_PATTERN_TIME_LIMIT = 1.0

Rule = Callable[[Any, Value, Value, Value], Iterator[ValidationError]]


def _matches(pattern: str, text: str) -> bool:
    return compile_expression(pattern, time_limit=_PATTERN_TIME_LIMIT).first(text) is not None


def _pattern(validator: Any, pattern: str, instance: Value, schema: Value) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Value], instance: Value, schema: Value
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, inner in patterns.items():
            for name, value in instance.items():
                if _matches(pattern, name):
                    yield from validator.descend(value, inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, additional: Value, instance: Value, schema: Value
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    patterns = schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in schema.get("properties", {}) or any(_matches(pattern, name) for pattern in patterns):
            continue
        if additional is False:
            yield ValidationError("", path=[name], instance=value)
        else:
            yield from validator.descend(value, additional, path=name)


def _required(validator: Any, names: Value, instance: Value, schema: Value) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        missing = [name for name in names if name not in instance]
        if missing:
            yield ValidationError("", instance=missing)


def _unique_items(validator: Any, unique: bool, instance: Value, schema: Value) -> Iterator[ValidationError]:
    if unique and isinstance(instance, list):
        known = set()
        for place, one in enumerate(instance):
            key = _key(one)
            if key in known:
                yield ValidationError("", path=[place], instance=one)
                return
            known.add(key)


def _key(value: Value) -> Any:
    """Return a key that is equal for equal values, as JSON Schema sees them: ``1`` equals ``1.0``."""
    if isinstance(value, dict):
        return ("object", frozenset((name, _key(one)) for name, one in value.items()))
    if isinstance(value, list):
        return ("array", tuple(map(_key, value)))
    return (isinstance(value, bool), value)


def _multiple_of(validator: Any, divisor: Any, instance: Value, schema: Value) -> Iterator[ValidationError]:
    if not validator.is_type(instance, "number"):
        return
    is_finite = isinstance(instance, int) or math.isfinite(instance)
    if not is_finite or _fraction(instance) % _fraction(divisor):
        yield ValidationError("")


def _fraction(number: Any) -> Fraction:
    """Return a number as its shortest decimal text has it: 0.3 is meant to be a multiple of 0.1."""
    return Fraction(number if isinstance(number, int) else str(number))


def _all_of(validator: Any, schemas: Value, instance: Value, schema: Value) -> Iterator[ValidationError]:
    found = [
        error
        for place, inner in enumerate(schemas)
        for error in validator.descend(instance, inner, schema_path=place)
    ]
    if found:
        yield ValidationError("", context=found)


def _one_of(validator: Any, schemas: Value, instance: Value, schema: Value) -> Iterator[ValidationError]:
    tried = [
        list(validator.descend(instance, inner, schema_path=place)) for place, inner in enumerate(schemas)
    ]
    if sum(not errors for errors in tried) != 1:
        yield ValidationError("", context=[error for errors in tried for error in errors])


KEYWORDS: Mapping[str, Rule] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "required": _required,
    "uniqueItems": _unique_items,
    "multipleOf": _multiple_of,
    "allOf": _all_of,
    "oneOf": _one_of,
}
"""Our own, by name; their messages are written by :mod:`deskhand.cloudflows.json_schema_errors`."""
