"""The functions of expressions. Source: robin 6.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deskhand.robin.comparison import equal
from deskhand.robin.conversion import to_boolean
from deskhand.robin.rendering import Rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, Value


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        name: Its spelling.
        fewest: How many arguments it needs.
        most: How many it takes.
        build: Returns what it does, given how values become text.
    """

    name: str
    fewest: int
    most: int
    build: Callable[[Rendering], Callable[..., bool]]


TextTest = Callable[[str, str], bool]


def _text_test(test: TextTest, wanted: bool) -> Callable[[Rendering], Callable[..., bool]]:
    def build(text: Rendering) -> Callable[..., bool]:
        def call(value: Value, part: Value, ignore_case: Value = False) -> bool:
            return _compare_texts(test, text(value), text(part), to_boolean(ignore_case)) is wanted

        return call

    return build


def _compare_texts(test: TextTest, text: str, part: str, ignore_case: bool) -> bool:
    return test(text.casefold(), part.casefold()) if ignore_case else test(text, part)


def _contains(wanted: bool) -> Callable[[Rendering], Callable[..., bool]]:
    def build(text: Rendering) -> Callable[..., bool]:
        def call(value: Value, part: Value, ignore_case: Value = False) -> bool:
            return _holds(value, part, to_boolean(ignore_case), text) is wanted

        return call

    return build


def _holds(value: Value, part: Value, ignore_case: bool, text: Rendering) -> bool:
    if isinstance(value, CustomObject):
        return value.find(text(part)) is not None if ignore_case else text(part) in value
    if isinstance(value, list | DataRow):
        return any(_is_item(item, part, ignore_case) for item in value)
    if isinstance(value, DataTable):
        return any(_is_item(cell, part, ignore_case) for row in value.rows for cell in row)
    return _compare_texts(str.__contains__, text(value), text(part), ignore_case)


def _is_item(item: Value, wanted: Value, ignore_case: bool) -> bool:
    if ignore_case and isinstance(item, str) and isinstance(wanted, str):
        return item.casefold() == wanted.casefold()
    return equal(item, wanted)


def is_empty(value: Value) -> bool:
    """Return whether a value is nothing: an empty text, list, table or object, or no value at all."""
    return value is None or (isinstance(value, str | list | DataTable | CustomObject) and len(value) == 0)


def is_blank(value: Value) -> bool:
    """Return whether a value is empty or a text of nothing but white space."""
    return is_empty(value) or (isinstance(value, str) and not value.strip())


def _one(test: Callable[[Value], bool], wanted: bool) -> Callable[[Rendering], Callable[..., bool]]:
    return lambda text: lambda value: test(value) is wanted


_DECLARED = (
    Function("StartsWith", 2, 3, _text_test(str.startswith, True)),
    Function("NotStartsWith", 2, 3, _text_test(str.startswith, False)),
    Function("EndsWith", 2, 3, _text_test(str.endswith, True)),
    Function("NotEndsWith", 2, 3, _text_test(str.endswith, False)),
    Function("Contains", 2, 3, _contains(True)),
    Function("NotContains", 2, 3, _contains(False)),
    Function("IsEmpty", 1, 1, _one(is_empty, True)),
    Function("IsNotEmpty", 1, 1, _one(is_empty, False)),
    Function("IsBlank", 1, 1, _one(is_blank, True)),
    Function("IsNotBlank", 1, 1, _one(is_blank, False)),
)

FUNCTIONS: Mapping[str, Function] = {one.name.casefold(): one for one in _DECLARED}
"""Every function by its name in lower case."""
