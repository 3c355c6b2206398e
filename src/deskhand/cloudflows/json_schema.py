"""Whether a value fits a JSON schema, and what is wrong with it in the service's words.

Source: cloud-flows 2.2 (EnableSchemaValidation) and 3.4 (ParseJson). Drafts 4, 6 and 7, by the
``jsonschema`` library, with these differences: nothing outside of the schema is referred to, the bases that
``$id`` sets are left aside, regular expressions are .NET's, ``1.0`` is an integer, ``format`` is a hint only,
a property may say itself that it is required, as in draft 3, and it all ends in time however hostile schema
and value are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator, Draft6Validator, Draft7Validator, TypeChecker, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from deskhand.cloudflows.json_schema_errors import describe
from deskhand.cloudflows.json_schema_keywords import KEYWORDS
from deskhand.core.errors import DeskhandError
from deskhand.dotnet.errors import BadPattern, PatternTooSlow
from deskhand.wdl.values import Value, type_name

Rule = Callable[[Any, Value, Value, Value], Iterator[ValidationError] | None]

TIME_LIMIT = 30.0
"""Seconds that one validation may take."""

_MOST_ERRORS = 1_000
_DRAFTS: Mapping[str, Any] = {
    "draft-04": Draft4Validator,
    "draft-06": Draft6Validator,
    "draft-07": Draft7Validator,
}
_MAPS = frozenset({"properties", "patternProperties", "definitions", "dependencies"})
_DATA = frozenset({"enum", "const", "default", "examples"})
_SCHEMAS = frozenset({"items", "contains", "propertyNames", "not", "if", "then", "else"})
_NEVER: Mapping[str, Value] = {"not": {}}
"""What stands for ``false``, of which the library does not tell where it stood."""


class SchemaUnusable(DeskhandError):
    """A JSON schema cannot be used to check a value.

    A schema is an object as JSON Schema's drafts 4 to 7 define it. Its ``$ref`` must begin with ``#``: other
    documents are never fetched.
    """

    code = "DH6104"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The JSON schema cannot be used: {problem}.")
        self.problem = problem


class ValidationTooLong(DeskhandError):
    """Checking a value against its JSON schema took too long.

    Either the value is very large, or schema parts refer to each other many times over, or a ``pattern``
    matches the same text in many ways; the schema wants to be simpler.
    """

    code = "DH6105"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Checking the value against its JSON schema took more than {seconds:g} seconds.")
        self.seconds = seconds


def validate(
    value: Value,
    schema: Value,
    *,
    time_limit: float = TIME_LIMIT,
    clock: Callable[[], float] = time.monotonic,
) -> list[dict[str, Value]]:
    """Return what is wrong with a value, as the outputs of a failed ParseJson list it; empty if it fits.

    Args:
        value: What to check.
        schema: The JSON schema.
        time_limit: Seconds that it may take.
        clock: Returns seconds on a scale that never goes back.

    Raises:
        SchemaUnusable: The schema is none, or refers to what is not in it.
        ValidationTooLong: The time limit passed.
    """
    try:
        return _validate(value, schema, _deadline(clock, time_limit))
    except Unresolvable as problem:
        raise SchemaUnusable("a reference in it names a part that it does not have") from problem
    except BadPattern as problem:
        raise SchemaUnusable(f"its pattern ‘{problem.pattern}’ is no regular expression") from problem
    except PatternTooSlow as problem:
        raise ValidationTooLong(problem.seconds) from problem
    except RecursionError:
        raise SchemaUnusable("it nests too deeply, or refers to itself without end") from None


def _validate(value: Value, schema: Value, check_time: Callable[[], None]) -> list[dict[str, Value]]:
    if not isinstance(schema, dict | bool):
        raise SchemaUnusable(f"it must be an object, and is of type {type_name(schema)}")
    usable = _usable(schema, schema)
    draft = _draft(schema, usable, check_time)
    errors = _errors(draft, usable, value, check_time)
    return describe(islice(errors, _MOST_ERRORS), usable)


def _deadline(clock: Callable[[], float], time_limit: float) -> Callable[[], None]:
    """Return what raises :class:`ValidationTooLong` once the time has passed."""
    end = clock() + time_limit

    def check() -> None:
        if clock() > end:
            raise ValidationTooLong(time_limit)

    return check


def _usable(schema: Value, root: Value) -> Value:
    """Return a part of a schema without what would lead the library out of it, or astray.

    Args:
        schema: The part.
        root: The whole schema.

    Raises:
        SchemaUnusable: It refers to another document, or to nothing.
    """
    if schema is False:
        return {**_NEVER}
    if isinstance(schema, list):
        return [_usable(one, root) for one in schema]
    if not isinstance(schema, dict):
        return schema
    _check_reference(schema.get("$ref", "#"), root)
    members = {
        key: _usable_member(key, one, root) for key, one in schema.items() if not _is_left_out(key, one)
    }
    required = _own_requirements(schema)
    return {**members, "required": [*members.get("required", ()), *required]} if required else members


def _usable_member(key: str, value: Value, root: Value) -> Value:
    if key in _DATA:
        return _without_dialect(value)
    if key in _MAPS and isinstance(value, dict):
        return {name: _usable(one, root) for name, one in value.items()}
    return value if isinstance(value, bool) and key not in _SCHEMAS else _usable(value, root)


def _check_reference(reference: Value, root: Value) -> None:
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise SchemaUnusable(f"its reference ‘{reference}’ leads out of the schema")
    if reference.startswith("#/") and not isinstance(_target(reference, root), dict | bool):
        raise SchemaUnusable(f"its reference ‘{reference}’ leads nowhere")


def _target(reference: str, root: Value) -> Value:
    part = root
    for step in unquote(reference.removeprefix("#/")).split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(part, list) and name.isascii() and name.isdecimal():
            part = dict(enumerate(part)).get(int(name))
        else:
            part = part.get(name) if isinstance(part, dict) else None
    return part


def _own_requirements(schema: Mapping[str, Value]) -> list[str]:
    """Return the properties that say themselves that they are required."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return []
    return [name for name, one in properties.items() if isinstance(one, dict) and one.get("required") is True]


def _is_left_out(key: str, value: Value) -> bool:
    """Return whether a member says which draft a schema follows, where it lies, or that itself is required.

    A place such as ``#name`` stays: it only names a part.
    """
    if key in ("$id", "id"):
        return isinstance(value, str) and (not value.startswith("#") or "/" in value)
    return (key == "$schema" and isinstance(value, str)) or (key == "required" and isinstance(value, bool))


def _without_dialect(value: Value) -> Value:
    """Return data without ``$schema``: were it referred to, the library would forget our keywords there."""
    if isinstance(value, list):
        return [_without_dialect(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_dialect(one) for key, one in value.items() if key != "$schema"}
    return value


def _draft(schema: Value, usable: Value, check_time: Callable[[], None]) -> Any:
    """Return the draft that a schema names, or else the first that it is right in.

    Raises:
        SchemaUnusable: It is no right schema.
    """
    named = schema.get("$schema") if isinstance(schema, dict) else None
    drafts = [draft for name, draft in _DRAFTS.items() if isinstance(named, str) and name in named]
    problems = []
    for draft in drafts or (Draft7Validator, Draft4Validator):
        found = next(_errors(draft, _usable(draft.META_SCHEMA, draft.META_SCHEMA), usable, check_time), None)
        if found is None:
            return draft
        problems.append(found)
    place = "".join(f"/{step}" for step in problems[0].absolute_path)
    raise SchemaUnusable(f"what stands at ‘#{place}’ is not what JSON Schema has there")


def _errors(
    draft: Any, schema: Value, value: Value, check_time: Callable[[], None]
) -> Iterator[ValidationError]:
    rules = {name: _watched(rule, check_time) for name, rule in {**draft.VALIDATORS, **KEYWORDS}.items()}
    extend: Any = validators.extend
    kind = extend(draft, rules, type_checker=draft.TYPE_CHECKER.redefine("integer", _is_integer))
    found: Iterator[ValidationError] = kind(schema, registry=Registry()).iter_errors(value)
    return found


def _watched(rule: Rule, check_time: Callable[[], None]) -> Rule:
    def watched(
        validator: Any, value: Value, instance: Value, schema: Value
    ) -> Iterator[ValidationError] | None:
        check_time()
        return rule(validator, value, instance, schema)

    return watched


def _is_integer(checker: TypeChecker, instance: Value) -> bool:
    if not checker.is_type(instance, "number"):
        return False
    return isinstance(instance, int) or instance == instance // 1
