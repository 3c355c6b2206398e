"""Typed Python ↔ JSON, by declared types: dataclasses are objects whose members are in camel case."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from deskhand.core.clock import from_wire
from deskhand.core.errors import did_you_mean
from deskhand.core.ids import parse_id
from deskhand.pages.errors import BadParameter

Reader = Callable[[Any, str], Any]

_LARGEST_INTEGER = 2**53 - 1
"""What every client and both databases hold exactly."""


def camel(name: str) -> str:
    """Return ``runMode`` for ``run_mode``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def to_json(value: Any) -> Any:
    """Return what JSON can write of a response."""
    kind: Any = value.__class__
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [to_json(item) for item in value]
    if is_dataclass(value):
        return {member: to_json(getattr(value, name)) for name, member in _members(kind)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


_AS_THEY_ARE = frozenset((str, int, bool, float, types.NoneType))


@cache
def _members(kind: Any) -> tuple[tuple[str, str], ...]:
    """Return what the members of a dataclass are called in Python and in JSON."""
    return tuple((one.name, camel(one.name)) for one in fields(kind))


def instant(moment: datetime) -> str:
    """Write an instant with milliseconds: ``2026-03-01T08:04:41.120Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_json(expected: Any, value: Any, where: str) -> Any:
    """Return a value of JSON as an expected type.

    Raises:
        BadParameter: It does not fit.
    """
    return _reader(expected)(value, where)


def read_text(expected: Any, text: str, where: str) -> Any:
    """Return a parameter of an address as an expected type; lists are separated by commas.

    Raises:
        BadParameter: It does not fit.
    """
    kind, _ = without_none(expected)
    if get_origin(kind) is tuple:
        return tuple(read_text(get_args(kind)[0], one, where) for one in text.split(",") if one)
    if kind is bool:
        known = {"true": True, "false": False}
        if text not in known:
            raise BadParameter(where, f"is ‘{text[:40]}’; it takes true or false.")
        return known[text]
    if kind is int:
        try:
            return _read_integer(int(text[:20]), where)
        except ValueError as error:
            raise BadParameter(where, f"is ‘{text[:40]}’; it takes a whole number.") from error
    return _reader(kind)(text, where)


def without_none(expected: Any) -> tuple[Any, bool]:
    """Return a type without None, and whether None was among it."""
    if get_origin(expected) in (Union, types.UnionType):
        rest = [one for one in get_args(expected) if one is not types.NoneType]
        if len(rest) == 1:
            return rest[0], True
    return expected, False


@cache
def _reader(expected: Any) -> Reader:
    kind, optional = without_none(expected)
    if optional:
        inner = _reader(kind)
        return lambda value, where: None if value is None else inner(value, where)
    origin = get_origin(expected)
    if origin is tuple:
        return _list_reader(get_args(expected)[0])
    if origin is Mapping or origin is dict:
        return _mapping_reader(get_args(expected)[1])
    if is_dataclass(expected):
        return _object_reader(expected)
    if isinstance(expected, type) and issubclass(expected, Enum):
        return _choice_reader(expected)
    return _SCALARS[expected]


def _list_reader(item: Any) -> Reader:
    read = _reader(item)

    def read_list(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise BadParameter(where, "takes a list.")
        return tuple(read(one, f"{where}[{index}]") for index, one in enumerate(value))

    return read_list


def _mapping_reader(item: Any) -> Reader:
    read = _reader(item)

    def read_mapping(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise BadParameter(where, "takes an object.")
        return {key: read(one, f"{where}.{key[:60]}") for key, one in value.items()}

    return read_mapping


def _object_reader(expected: Any) -> Reader:
    hints = typing.get_type_hints(expected)
    members = {camel(one.name): one for one in fields(expected)}

    def read_object(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise BadParameter(where, "takes an object.")
        given = {}
        for key, item in value.items():
            if key not in members:
                raise BadParameter(f"{where}.{key[:60]}", f"is not known here{did_you_mean(key, members)}")
            given[members[key].name] = _reader(hints[members[key].name])(item, f"{where}.{key}")
        for key, one in members.items():
            if one.default is MISSING and one.default_factory is MISSING and one.name not in given:
                raise BadParameter(f"{where}.{key}", "is missing.")
        return expected(**given)

    return read_object


def _choice_reader(expected: type[Enum]) -> Reader:
    def read_choice(value: Any, where: str) -> Any:
        try:
            return expected(value)
        except ValueError as error:
            known = ", ".join(str(one.value) for one in expected)
            raise BadParameter(where, f"is ‘{str(value)[:40]}’; it takes {known}.") from error

    return read_choice


def _checked(kind: type | tuple[type, ...], expected: str) -> Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadParameter(where, f"takes {expected}.")
        return value

    return read


def _read_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value):
        raise BadParameter(where, "takes a text.")
    return value


def _read_id(value: Any, where: str) -> UUID:
    found = parse_id(value) if isinstance(value, str) else None
    if found is None:
        raise BadParameter(where, "takes an id.")
    return found


def _read_instant(value: Any, where: str) -> datetime:
    try:
        return from_wire(_read_text(value, where))
    except (ValueError, OverflowError) as error:
        raise BadParameter(where, "takes an instant such as 2026-03-01T08:00:00Z.") from error


def _read_integer(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_INTEGER:
        raise BadParameter(where, "takes a whole number.")
    return value


_SCALARS: Mapping[Any, Reader] = {
    str: _read_text,
    int: _read_integer,
    float: _checked((int, float), "a number"),
    bool: _checked(bool, "true or false"),
    UUID: _read_id,
    datetime: _read_instant,
    Any: lambda value, where: value,
}
