from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.json_values import MAX_DEPTH, BadInput, from_json, to_json
from deskhand.robin.rendering import rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue, File, Instance

TEXT = rendering("en-US")


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("String", "x", "x"),
        ("String", 5, "5"),
        ("String", 2.50, "2.5"),
        ("String", True, "True"),
        ("string", None, None),
        ("Numeric", 5, 5),
        ("Numeric", 0.1, Decimal("0.1")),
        ("Numeric", 3.0, 3),
        ("Numeric", Decimal("1.50"), Decimal("1.5")),
        ("Numeric", " 12.5 ", Decimal("12.5")),
        ("Bool", True, True),
        ("Bool", "FALSE", False),
        ("Bool", None, None),
        ("List", [1, {"a": [0.5]}], [1, CustomObject(a=[Decimal("0.5")])]),
        ("List", "[1, 2.5]", [1, Decimal("2.5")]),
        ("CustomObject", {"B": {"c": None}}, CustomObject(B=CustomObject(c=None))),
        ("CustomObject", '{"a": 1}', CustomObject(a=1)),
        ("DataTable", [{"a": 1}, {"b": "x", "a": 2}], DataTable(["a", "b"], [[1, None], [2, "x"]])),
        ("DataTable", [], DataTable()),
        ("DataTable", DataTable(["a"], [[1]]), DataTable(["a"], [[1]])),
        ("DateTime", "2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("DateTime", datetime(2026, 1, 1), datetime(2026, 1, 1)),
        ("Browser", {"a": 1}, CustomObject(a=1)),
    ],
)
def test_inputs_become_the_flow_s_values(type_name: str, value: Any, expected: Any) -> None:
    read = from_json(value, type_name, name="In")
    assert (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("type_name", "value", "message"),
    [
        ("Numeric", "twelve", "the input ‘In’ takes a number, not ‘twelve’"),
        ("Numeric", True, "the input ‘In’ takes a number, not true or false"),
        ("Numeric", [1], "the input ‘In’ takes a number, not a list"),
        ("Numeric", 10**30, "the input ‘In’ takes a number, not ‘1000000000000000000000000000000’"),
        ("Bool", "yes", "the input ‘In’ takes true or false, not ‘yes’"),
        ("Bool", 1, "the input ‘In’ takes true or false, not ‘1’"),
        ("String", {"a": 1}, "the input ‘In’ takes a text, not an object"),
        ("List", {"a": 1}, "the input ‘In’ takes a list, not an object"),
        ("List", "x" * 60, f"the input ‘In’ takes a list, not ‘{'x' * 39}…’"),
        ("CustomObject", [1], "the input ‘In’ takes an object, not a list"),
        ("DataTable", [1], "the input ‘In’ takes a list of objects, not a list"),
        ("DateTime", "soon", "the input ‘In’ takes a date as ISO 8601 text, not ‘soon’"),
    ],
)
def test_inputs_of_the_wrong_type(type_name: str, value: Any, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_json(value, type_name, name="In")
    assert str(caught.value) == message


def test_a_sensitive_input_is_not_shown_in_its_error() -> None:
    with pytest.raises(BadInput, match=r"^the input ‘Pin’ takes a number, not a text$"):
        from_json("my secret", "Numeric", name="Pin", sensitive=True)


def test_an_input_that_lies_too_deep_is_refused() -> None:
    value: Any = []
    for _ in range(MAX_DEPTH + 2):
        value = [value]
    with pytest.raises(BadInput):
        from_json(value, "List", name="In")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("x", "x"),
        (True, True),
        (Decimal("0.1"), Decimal("0.1")),
        ([1, CustomObject(a=[None])], [1, {"a": [None]}]),
        (DataTable(["a", "b"], [[1, "x"]]), [{"a": 1, "b": "x"}]),
        (DataRow(["a"], [1]), {"a": 1}),
        (datetime(2026, 3, 1, 8), "2026-03-01T08:00:00"),
        (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00Z"),
        (File(Path("/a")), "/a"),
        (b"\x01", "AQ=="),
        (ErrorValue("m", "d", "s", 1, "a"), "m"),
    ],
)
def test_outputs_as_json(value: Any, expected: Any) -> None:
    assert to_json(value, TEXT) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("5.00"), "5"),
        (Decimal("1E+20"), "100000000000000000000"),
        (Decimal("-0.0"), "0"),
        (Decimal("2.50"), "2.50"),
    ],
)
def test_a_whole_number_leaves_without_decimals(value: Decimal, written: str) -> None:
    assert str(to_json(value, TEXT)) == written


def test_what_has_no_form_in_json_becomes_its_text() -> None:
    instance = Instance()
    assert to_json([instance], TEXT) == [str(instance)]
