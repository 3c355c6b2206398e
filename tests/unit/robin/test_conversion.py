from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.conversion import (
    Manner,
    converter,
    enum_converter,
    from_python,
    to_boolean,
    to_number,
    to_whole_number,
)
from deskhand.robin.errors import CannotConvert, NumberTooLarge
from deskhand.robin.rendering import rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder, Instance, Secret

MANNER = Manner(rendering("en-US"), "en-US", lambda: date(2026, 3, 1))


class Window(Instance):
    """An instance of a test."""


class SpecialWindow(Window):
    """A kind of it."""


WINDOW = SpecialWindow()
ROW = DataRow(["a", "b"], [1, "x"])


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("String", 5, "5"),
        ("String", Decimal("2.50"), "2.5"),
        ("String", File(Path("/a/b")), "/a/b"),
        ("String", None, ""),
        ("String", [1, 2], "1\r\n2"),
        ("Int32", "7", 7),
        ("Int32", " -2147483648 ", -(2**31)),
        ("Int32", None, 0),
        ("Int64", 2**40, 2**40),
        ("Double", "1.5", 1.5),
        ("Double", 3, 3.0),
        ("Decimal", "1,234.50", Decimal("1234.5")),
        ("Decimal", 5, 5),
        ("Boolean", "tRuE", True),
        ("Boolean", False, False),
        ("Boolean", None, False),
        ("DateTime", "3/4/2026 5:06 PM", datetime(2026, 3, 4, 17, 6)),
        ("DateTime", "2026-03-04T05:06:07", datetime(2026, 3, 4, 5, 6, 7)),
        ("DateTime", datetime(2026, 1, 1), datetime(2026, 1, 1)),
        ("Encryptable", "secret", Secret("secret")),
        ("Encryptable", Secret("secret"), Secret("secret")),
        ("Encryptable", 1234, Secret("1234")),
        ("File", "a/b.txt", File(Path("a/b.txt"))),
        ("File", File(Path("a")), File(Path("a"))),
        ("File", Folder(Path("a")), File(Path("a"))),
        ("Folder", "a", Folder(Path("a"))),
        ("Folder", File(Path("a")), Folder(Path("a"))),
        ("DataTable", DataTable(["a"], [[1]]), DataTable(["a"], [[1]])),
        ("DataTable", ROW, DataTable(["a", "b"], [[1, "x"]])),
        ("DataTable", None, DataTable()),
        ("DataRow", ROW, ROW),
        ("CustomObject", CustomObject(a=1), CustomObject(a=1)),
        ("CustomObject", ROW, CustomObject(a=1, b="x")),
        ("Binary", b"x", b"x"),
        ("Any", [1], [1]),
        ("Object", None, None),
        ("Window", WINDOW, WINDOW),
        ("SpecialWindow", WINDOW, WINDOW),
        ("Instance", WINDOW, WINDOW),
        ("List<Any>", [1, "x"], [1, "x"]),
        ("List<Any>", 5, [5]),
        ("List<Any>", None, []),
        ("List<Any>", ROW, [1, "x"]),
        ("List<Any>", DataTable(["a"], [[1]]), [DataRow(["a"], [1])]),
        ("List<File>", "a", [File(Path("a"))]),
        ("List<Int32>", ["1", 2], [1, 2]),
        ("List<List<String>>", [[1], 2], [["1"], ["2"]]),
    ],
)
def test_values_become_what_a_parameter_takes(type_name: str, value: Any, expected: Any) -> None:
    converted = converter(type_name)(value, MANNER)
    assert (converted, type(converted)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("type_name", "value", "message"),
    [
        ("Int32", "x", "a number was expected, not a text ‘x’"),
        ("Int32", Decimal("2.5"), "a whole number was expected, not a number"),
        (
            "Int32",
            2**31,
            "a whole number between -2147483648 and 2147483647 was expected, not a number 2147483648",
        ),
        ("Int32", True, "a number was expected, not a boolean True"),
        (
            "Int64",
            2**63,
            "a whole number between -9223372036854775808 and 9223372036854775807 was expected, "
            "not a number 9223372036854775808",
        ),
        ("Double", [], "a number was expected, not a list"),
        ("Boolean", "yes", "a boolean (True or False) was expected, not a text ‘yes’"),
        ("Boolean", 1, "a boolean (True or False) was expected, not a number 1"),
        ("DateTime", "soon", "a datetime was expected, not a text ‘soon’"),
        ("DateTime", 5, "a datetime was expected, not a number 5"),
        ("File", "", "a file or its path was expected, not a text ‘’"),
        ("Folder", None, "a folder or its path was expected, not an empty value"),
        ("DataTable", [1], "a datatable was expected, not a list"),
        ("CustomObject", "{}", "a custom object was expected, not a text ‘{}’"),
        ("DataRow", [1], "a datarow was expected, not a list"),
        ("Binary", "x", "binary data was expected, not a text ‘x’"),
        ("Browser", WINDOW, "an instance of Browser was expected, not an instance (SpecialWindow)"),
        ("Window", "x" * 50, "an instance of Window was expected, not a text of 50 letters"),
        ("List<Int32>", [1, "x"], "a number was expected, not a text ‘x’"),
    ],
)
def test_values_that_cannot_become_it_say_so(type_name: str, value: Any, message: str) -> None:
    with pytest.raises(CannotConvert) as caught:
        converter(type_name)(value, MANNER)
    assert str(caught.value) == message


class Colour(StrEnum):
    """An enumeration of a test."""

    RED = "Red"
    DARK_BLUE = "DarkBlue"


@pytest.mark.parametrize("value", [Colour.DARK_BLUE, "darkblue", "Test.Colour.DarkBlue", " DARKBLUE "])
def test_enumeration_values_are_found_by_name(value: Any) -> None:
    assert enum_converter(Colour)(value, MANNER) is Colour.DARK_BLUE


def test_an_unknown_enumeration_value_lists_the_known() -> None:
    with pytest.raises(CannotConvert, match=r"^one of Red, DarkBlue was expected, not a text ‘Green’$"):
        enum_converter(Colour)("Green", MANNER)


def test_numbers_and_booleans_on_their_own() -> None:
    assert [to_number(None), to_number("1e2"), to_boolean(None), to_whole_number("3")] == [0, 100, False, 3]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.5, Decimal("1.5")),
        (2.0, 2),
        (Decimal("2.00"), 2),
        ((1, 0.5), [1, Decimal("0.5")]),
        ({"a": 1.0}, CustomObject(a=1)),
        (Colour.RED, "Red"),
        ("text", "text"),
        (None, None),
    ],
)
def test_what_functions_give_becomes_robin_s(value: object, expected: Any) -> None:
    converted = from_python(value)
    assert (converted, type(converted)) == (expected, type(expected))


def test_what_no_number_of_a_flow_is_is_refused() -> None:
    with pytest.raises(NumberTooLarge):
        from_python(float("inf"))
