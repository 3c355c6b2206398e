from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskhand.robin.errors import CannotConvert
from deskhand.robin.functions import FUNCTIONS
from deskhand.robin.rendering import rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, Instance


def call(name: str, *arguments: Any) -> bool:
    function: Callable[..., bool] = FUNCTIONS[name.casefold()].build(rendering("en-US"))
    return function(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("StartsWith", ("Order", "Ord"), True),
        ("StartsWith", ("Order", "ord"), False),
        ("StartsWith", ("Order", "ord", "True"), True),
        ("StartsWith", (125, 12), True),
        ("EndsWith", ("a.TXT", ".txt", True), True),
        ("EndsWith", ("", ""), True),
        ("Contains", ("Straße", "STRASSE", True), True),
        ("Contains", (None, "x"), False),
        ("Contains", ([1, "A"], "1"), True),
        ("Contains", ([1, "A"], "a"), False),
        ("Contains", ([1, "A"], "a", True), True),
        ("Contains", (DataRow(["c"], ["x"]), "x"), True),
        ("Contains", (DataTable(["c"], [["x"], ["y"]]), "Y", True), True),
        ("Contains", (DataTable(["c"], [["x"]]), "c"), False),
        ("Contains", (CustomObject(Key=None), "Key"), True),
        ("Contains", (CustomObject(Key=None), "key", False), False),
        ("Contains", (CustomObject(Key=None), "key", True), True),
        ("IsEmpty", ("",), True),
        ("IsEmpty", (" ",), False),
        ("IsEmpty", (None,), True),
        ("IsEmpty", ([],), True),
        ("IsEmpty", (DataTable(["a"]),), True),
        ("IsEmpty", (CustomObject(),), True),
        ("IsEmpty", (0,), False),
        ("IsEmpty", (False,), False),
        ("IsEmpty", (Instance(),), False),
        ("IsBlank", (" \t\r\n",), True),
        ("IsBlank", (None,), True),
        ("IsBlank", ("x",), False),
        ("IsBlank", (0,), False),
    ],
)
def test_functions_and_their_opposites(name: str, arguments: tuple[Any, ...], expected: bool) -> None:
    opposite = f"IsNot{name[2:]}" if name.startswith("Is") else f"Not{name}"
    assert call(name, *arguments) is expected
    assert call(opposite, *arguments) is not expected


def test_whether_case_counts_is_a_boolean() -> None:
    with pytest.raises(CannotConvert):
        call("Contains", "a", "b", "perhaps")
