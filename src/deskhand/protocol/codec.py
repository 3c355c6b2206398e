"""Messages to JSON and back, by their declared types."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from threading import Lock
from typing import Any, TypeVar, overload

import msgspec

from deskhand.core.errors import DeskhandError

M = TypeVar("M")


MAX_DEPTH = 200
"""Lists and objects within one another that a value of any shape may hold."""

MAX_EXPONENT = 400
"""The largest power of ten, up or down, of a number in such a value: more than any double has."""


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


class Message(msgspec.Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """What a wire carries: its members are typed, and its class's name goes along as ``type``.

    A message with members of any shape has them checked by :func:`require_json` when it is made, so that
    none can be made that could not be sent.
    """


def encode(message: Any) -> bytes:
    """Write a message, or a value of any shape, as one line of JSON.

    Numbers keep their digits: a decimal is written as a JSON number. Half surrogate pairs become U+FFFD,
    as .NET does when it writes UTF-8.

    Raises:
        BadMessage: It holds something that JSON cannot carry, or lies too deep.
    """
    if not isinstance(message, Message):
        require_json(message)
    try:
        return _ENCODER.encode(message)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(message, builtin_types=(Decimal,))
        return _ENCODER.encode(_with_whole_letters(plain))
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
        value = _decoder(expected).decode(text)
    except RecursionError as error:
        raise BadMessage("", _TOO_DEEP) from error
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadMessage("", f"no JSON ({_malformed(str(error), text)})") from error
    if not isinstance(value, Message):
        require_json(value)
    return value


def require_json(value: Any, where: str = "") -> None:
    """Check a value of any shape, level by level: its depth, its numbers, and that JSON knows all of it.

    Args:
        value: The value.
        where: The member that holds it.

    Raises:
        BadMessage: It is nothing that a message can carry.
    """
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [item for one in level for item in _items(one, where)]
        if not level:
            return
    raise BadMessage(where, _TOO_DEEP)


_TOO_DEEP = f"it is nested more than {MAX_DEPTH} levels deep"

_AS_IT_IS = frozenset({str, int, bool, types.NoneType})


def _items(value: Any, where: str) -> Iterable[Any]:
    """Return what a list or an object holds; check anything else."""
    if type(value) in _AS_IT_IS:
        return ()
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, float | Decimal):
        if not math.isfinite(value) or (isinstance(value, Decimal) and value and _is_extreme(value)):
            raise BadMessage(where, "a number is infinite or has too large an exponent")
    elif not isinstance(value, str | int):
        kind = type(value).__name__
        raise BadMessage(where, f"it cannot be written as JSON (it holds a value of type {kind})")
    return ()


def _is_extreme(value: Decimal) -> bool:
    return abs(value.adjusted()) > MAX_EXPONENT


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("a number has too large an exponent") from error


_ENCODER = msgspec.json.Encoder(decimal_format="number")


_DERIVING = Lock()


def _decoder(expected: Any) -> msgspec.json.Decoder[Any]:
    # The library keeps what it knows of a class with the class, and from before it knows all of it. Another
    # thread that derived a decoder with the same class inside meanwhile would crash this process.
    with _DERIVING:
        return _derived(expected)


@cache
def _derived(expected: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(expected, float_hook=_number)


def _with_whole_letters(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in value)
    if isinstance(value, dict):
        return {_with_whole_letters(name): _with_whole_letters(item) for name, item in value.items()}
    return [_with_whole_letters(item) for item in value] if isinstance(value, list) else value


_PLACE = re.compile(r" - at `\$\.?(?P<where>.*)`\Z", re.DOTALL)
_BYTE = re.compile(r" \(byte (?P<number>\d+)\)\Z")


def _misfit(words: str) -> BadMessage:
    """Return the library's finding as this module says it: the place first."""
    place = _PLACE.search(words)
    problem, where = (words[: place.start()], place["where"]) if place else (words, "")
    return BadMessage(where, _sentence(problem))


def _malformed(words: str, text: str | bytes) -> str:
    """Return why a text is no JSON, with the line and the column in place of the number of the byte."""
    problem = _sentence(words.removeprefix("JSON is malformed: "))
    place = _BYTE.search(problem)
    if place is None:
        return problem
    before = (text.encode() if isinstance(text, str) else text)[: int(place["number"])]
    line, column = (
        before.count(b"\n") + 1,
        len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1,
    )
    return f"{problem[: place.start()]} at line {line} column {column}"


def _sentence(words: str) -> str:
    return words[:1].lower() + words[1:]
