"""Messages to JSON and back, by their declared types."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin
from uuid import UUID

from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.protocol import messages

M = TypeVar("M")
Reader = Callable[[Any, str], Any]


class BadMessage(DeskhandError):
    """A message on an agent's or a flow process's wire does not have its declared shape."""

    code = "DH3010"

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where or 'message'}: {problem}")
        self.where = where


def encode(message: Any) -> str:
    """Write a message as one line of JSON; its ``type`` comes first.

    Numbers keep their digits: a decimal is written as a JSON number.
    """
    return json.dumps(_plain(message, tagged=True), ensure_ascii=False, separators=(",", ":"))


def decode(text: str | bytes, expected: type[M]) -> M:
    """Read one message of an expected type (or of a union's types, told apart by ``type``).

    Raises:
        BadMessage: The text is no JSON, or does not have the declared shape.
    """
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BadMessage("", f"no JSON ({error})") from error
    return typing.cast("M", _reader(expected)(value, ""))


def _plain(value: Any, *, tagged: bool = False) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        content = {one.name: _plain(getattr(value, one.name), tagged=True) for one in fields(value)}
        return {"type": type(value).__name__, **content} if tagged else content
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, tagged=True) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return _number(value)
    return value


class _DecimalNumber(float):
    """A decimal that ``json`` writes digit by digit, as it does for any float's ``repr``."""

    def __new__(cls, value: Decimal) -> _DecimalNumber:
        number = super().__new__(cls, value)
        number.digits = format(value, "f")
        return number

    digits: str

    def __repr__(self) -> str:
        return self.digits


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else _DecimalNumber(value)


@cache
def _reader(expected: Any) -> Reader:
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(expected))
    if origin is tuple:
        return _tuple_reader(get_args(expected))
    if origin is dict or expected is dict:
        return _checked(dict, "an object")
    if is_dataclass(expected):
        return _dataclass_reader(typing.cast("type[Any]", expected))
    if isinstance(expected, type) and issubclass(expected, Enum):
        return _enum_reader(expected)
    return _SCALARS[expected]


def _checked(kind: type | tuple[type, ...], name: str) -> Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadMessage(where, f"{name} was expected, not {type(value).__name__}")
        return value

    return read


def _read_id(value: Any, where: str) -> UUID:
    try:
        return UUID(_SCALARS[str](value, where))
    except ValueError as error:
        raise BadMessage(where, "an id was expected") from error


_SCALARS: dict[Any, Reader] = {
    str: _checked(str, "a text"),
    int: _checked(int, "a whole number"),
    float: lambda value, where: float(_checked((int, float, Decimal), "a number")(value, where)),
    bool: _checked(bool, "true or false"),
    UUID: _read_id,
    Any: lambda value, where: value,
}


def _enum_reader(expected: type[Enum]) -> Reader:
    def read(value: Any, where: str) -> Any:
        try:
            return expected(value)
        except ValueError as error:
            known = ", ".join(str(one.value) for one in expected)
            raise BadMessage(where, f"one of {known} was expected") from error

    return read


def _union_reader(options: tuple[Any, ...]) -> Reader:
    tagged = {one.__name__: one for one in options if is_dataclass(one)}
    plain = [one for one in options if not is_dataclass(one) and one is not types.NoneType]

    def read(value: Any, where: str) -> Any:
        if value is None and types.NoneType in options:
            return None
        if isinstance(value, dict) and value.get("type") in tagged:
            return _reader(tagged[value["type"]])(value, where)
        if len(tagged) == 1 and not plain:
            return _reader(next(iter(tagged.values())))(value, where)
        if plain:
            return _reader(plain[0])(value, where)
        raise BadMessage(where, f"one of {', '.join(tagged)} was expected")

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    def read(value: Any, where: str) -> Any:
        items = _checked(list, "a list")(value, where)
        kinds = [arguments[0]] * len(items) if arguments[-1] is Ellipsis else list(arguments)
        if len(kinds) != len(items):
            raise BadMessage(where, f"{len(kinds)} items were expected, not {len(items)}")
        pairs = zip(kinds, items, strict=True)
        return tuple(_reader(kind)(item, f"{where}[{index}]") for index, (kind, item) in enumerate(pairs))

    return read


def _dataclass_reader(expected: type[Any]) -> Reader:
    hints = typing.get_type_hints(expected, vars(messages))
    readers = {one.name: _reader(hints[one.name]) for one in fields(expected)}

    def read(value: Any, where: str) -> Any:
        content = dict(_checked(dict, f"{expected.__name__}")(value, where))
        named = content.pop("type", expected.__name__)
        if named != expected.__name__:
            raise BadMessage(where, f"{expected.__name__} was expected, not {named}")
        for name in content:
            if name not in readers:
                raise BadMessage(where, f"there is no member ‘{name}’{did_you_mean(name, readers)}")
        given = {name: readers[name](item, f"{where}.{name}".strip(".")) for name, item in content.items()}
        try:
            return expected(**given)
        except TypeError as error:
            missing = [name for name in readers if name not in given]
            raise BadMessage(where, f"member {', '.join(missing)} is missing") from error

    return read
