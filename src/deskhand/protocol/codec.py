"""Messages to JSON and back, by their declared types."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_origin, overload
from uuid import UUID

import simplejson

from deskhand.core.errors import DeskhandError, did_you_mean

M = TypeVar("M")
Reader = Callable[[Any], Any]
"""Checks a value of JSON and returns what it means; its :class:`BadMessage` says where from there on."""


MAX_DEPTH = 200
"""Lists and objects within one another that a message may hold."""

MAX_EXPONENT = 400
"""The largest power of ten, up or down, of a number in a message: more than any double has."""


class BadMessage(DeskhandError):
    """A message on an agent's or a flow process's wire does not have its declared shape.

    The two sides differ in version, or what wrote it is broken. Install the same version of Deskhand
    on the server and on the machine.
    """

    code = "DH3010"

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where or 'message'}: {problem}")
        self.where = where
        self.problem = problem


def encode(message: Any) -> str:
    """Write a message as one line of JSON, all ASCII; its ``type`` comes first.

    Numbers keep their digits: a decimal is written as a JSON number.

    Raises:
        BadMessage: It holds something that JSON cannot carry, or lies too deep.
    """
    try:
        return str(_ENCODER.encode(_plain(message, tagged=True)))
    except RecursionError as error:
        raise BadMessage("", f"it is nested more than {MAX_DEPTH} levels deep") from error
    except (TypeError, ValueError) as error:
        raise BadMessage("", f"it cannot be written as JSON ({error})") from error


@overload
def decode(text: str | bytes, expected: type[M]) -> M: ...
@overload
def decode(text: str | bytes, expected: types.UnionType) -> Any: ...
def decode(text: str | bytes, expected: Any) -> Any:
    """Read one message of an expected type (or of a union's types, told apart by ``type``).

    Raises:
        BadMessage: The text is no JSON, or does not have the declared shape.
    """
    try:
        value = _DECODER.decode(text if isinstance(text, str) else text.decode())
    except RecursionError as error:
        raise BadMessage("", f"it is nested more than {MAX_DEPTH} levels deep") from error
    except ValueError as error:
        raise BadMessage("", f"no JSON ({error})") from error
    return _reader(expected)(value)


def warm_up(*expected: Any) -> None:
    """Derive how messages of some types are read now, rather than when the first one comes."""
    for one in expected:
        _reader(one)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_BYTES_ARE_NO_TEXT = cast(str, None)
_ENCODER = simplejson.JSONEncoder(use_decimal=True, encoding=_BYTES_ARE_NO_TEXT, separators=(",", ":"))
_DECODER = simplejson.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


_AS_IT_IS = frozenset({int, float, bool, types.NoneType})


def _plain(value: Any, *, tagged: bool = False, depth: int = 0) -> Any:
    """Return what ``json`` can write: mappings, lists, texts, numbers."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is str:
        return _whole_letters(value)
    if depth > MAX_DEPTH:
        raise BadMessage("", f"it is nested more than {MAX_DEPTH} levels deep")
    if is_dataclass(kind):
        content = {"type": kind.__name__} if tagged else {}
        for name in _members(kind):
            content[name] = _plain(getattr(value, name), tagged=True, depth=depth + 1)
        return content
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, tagged=True, depth=depth + 1) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, str):
        return _whole_letters(value)
    return value


def _whole_letters(text: str) -> str:
    """Put U+FFFD in place of half surrogate pairs, as .NET does when it writes UTF-8."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)


def _number(value: Decimal) -> int | Decimal:
    if not value.is_finite() or (value and abs(value.adjusted()) > MAX_EXPONENT):
        raise BadMessage("", "a number is infinite or has too large an exponent")
    return int(value) if value == value.to_integral_value() else value


@cache
def _members(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def _reader(expected: Any) -> Reader:
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(expected))
    if origin is tuple:
        return _tuple_reader(get_args(expected))
    if origin is dict:
        return _read_object
    if is_dataclass(expected):
        return _dataclass_reader(expected)
    if isinstance(expected, type) and issubclass(expected, Enum):
        return _enum_reader(expected)
    return _SCALARS[expected]


def _checked(kind: type | tuple[type, ...], name: str) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadMessage("", f"{name} was expected, not {type(value).__name__}")
        return value

    return read


_read_dict = _checked(dict, "an object")
_read_list = _checked(list, "a list")
_read_number = _checked((int, float, Decimal), "a number")
_read_any_text = _checked(str, "a text")


def _read_text(value: Any) -> str:
    text: str = _read_any_text(value)
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        raise BadMessage("", "a text holds half a surrogate pair")
    return text


def _read_float(value: Any) -> float:
    number = _read_number(value)
    try:
        return float(number)
    except OverflowError as error:
        raise BadMessage("", "the number is too large") from error


def _read_id(value: Any) -> UUID:
    try:
        return UUID(_read_text(value))
    except ValueError as error:
        raise BadMessage("", "an id was expected") from error


def _read_open(value: Any) -> Any:
    """Check a value of any shape, level by level: its depth, its texts and its numbers."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [item for one in level for item in _items(one)]
        if not level:
            return value
    raise BadMessage("", f"it is nested more than {MAX_DEPTH} levels deep")


def _items(value: Any) -> Iterable[Any]:
    """Return what a list or an object holds; check anything else."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        _read_text(value)
    elif isinstance(value, Decimal):
        _number(value)
    return ()


def _read_object(value: Any) -> dict[str, Any]:
    content: dict[str, Any] = _read_open(_read_dict(value))
    return content


_SCALARS: dict[Any, Reader] = {
    str: _read_text,
    int: _checked(int, "a whole number"),
    float: _read_float,
    bool: _checked(bool, "true or false"),
    UUID: _read_id,
    Any: _read_open,
}


def _enum_reader(expected: type[Enum]) -> Reader:
    def read(value: Any) -> Any:
        try:
            return expected(value)
        except ValueError as error:
            known = ", ".join(str(one.value) for one in expected)
            raise BadMessage("", f"one of {known} was expected") from error

    return read


def _union_reader(options: tuple[Any, ...]) -> Reader:
    tagged = {one.__name__: one for one in options if is_dataclass(one) and isinstance(one, type)}
    plain = [one for one in options if not is_dataclass(one) and one is not types.NoneType]

    def read(value: Any) -> Any:
        if value is None and types.NoneType in options:
            return None
        named = value.get("type") if isinstance(value, dict) else None
        if isinstance(named, str) and named in tagged:
            return _reader(tagged[named])(value)
        if len(tagged) == 1 and not plain:
            return _reader(next(iter(tagged.values())))(value)
        if plain:
            return _reader(plain[0])(value)
        raise BadMessage("", f"one of {', '.join(tagged)} was expected")

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    endless = arguments[-1] is Ellipsis
    one_reader = _reader(arguments[0])

    def read(value: Any) -> Any:
        items = _read_list(value)
        if not endless and len(items) != len(arguments):
            raise BadMessage("", f"{len(arguments)} items were expected, not {len(items)}")
        read_items = []
        for index, item in enumerate(items):
            try:
                read_items.append((one_reader if endless else _reader(arguments[index]))(item))
            except BadMessage as error:
                raise _within(f"[{index}]", error) from error
        return tuple(read_items)

    return read


def _dataclass_reader(expected: Any) -> Reader:
    hints = typing.get_type_hints(expected)
    readers = {name: _reader(hints[name]) for name in _members(expected)}
    tag = expected.__name__

    def read(value: Any) -> Any:
        content: dict[str, Any] = _read_dict(value)
        named = content.get("type", tag)
        if named != tag:
            raise BadMessage("", f"{tag} was expected, not {str(named)[:100]}")
        given = {}
        for name, item in content.items():
            if name == "type":
                continue
            reader = readers.get(name)
            if reader is None:
                raise _unknown(name, readers)
            try:
                given[name] = reader(item)
            except BadMessage as error:
                raise _within(name, error) from error
        try:
            return expected(**given)
        except TypeError as error:
            missing = [name for name in readers if name not in given]
            raise BadMessage("", f"member {', '.join(missing)} is missing") from error

    return read


def _within(step: str, error: BadMessage) -> BadMessage:
    """Return an error as the container of the value sees it."""
    joint = "." if error.where and not error.where.startswith("[") else ""
    return BadMessage(f"{step}{joint}{error.where}", error.problem)


def _unknown(name: str, known: Iterable[str]) -> BadMessage:
    shown = name[:100]
    return BadMessage("", f"there is no member ‘{shown}’{did_you_mean(shown, known)}")
