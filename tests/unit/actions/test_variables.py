from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.actions.variables import actions as variables
from deskhand.actions.variables.errors import BadJson, NotJson, RandomNumberFailed
from deskhand.robin.values import CustomObject, DataTable, File, Reference, Secret


@pytest.mark.parametrize(
    ("start", "step", "sum_", "difference"),
    [
        (1, 1, 2, 0),
        (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("-0.1")),
        (Decimal("0.5"), Decimal("0.5"), 1, 0),
        (None, 3, 3, -3),
    ],
)
def test_a_variable_is_increased_and_decreased_exactly(
    start: Any, step: Decimal | int, sum_: object, difference: object
) -> None:
    up, down = Reference(start), Reference(start)

    variables.increase_variable(up, step)
    variables.decrease_variable(down, step)

    assert (up.value, down.value) == (sum_, difference)
    assert (type(up.value), type(down.value)) == (type(sum_), type(difference))


@pytest.mark.parametrize(
    ("number", "whole", "fraction", "rounded"),
    [
        (Decimal("3.4567"), 3, Decimal("0.4567"), Decimal("3.46")),
        (Decimal("-3.455"), -3, Decimal("-0.455"), Decimal("-3.46")),
        (7, 7, 0, 7),
    ],
)
def test_numbers_are_truncated(number: Any, whole: object, fraction: object, rounded: object) -> None:
    assert variables.get_integer_part(number) == whole
    assert variables.get_decimal_part(number) == fraction
    assert variables.round_to_places(number, 2) == rounded


def test_random_numbers_reach_both_ends() -> None:
    assert {variables.random_number(1, 3) for _ in range(200)} == {1, 2, 3}


def test_random_numbers_are_distinct_unless_duplicates_are_allowed() -> None:
    assert sorted(variables.random_numbers(1, 5, 5)) == [1, 2, 3, 4, 5]
    assert variables.random_numbers(7, 7, 3, allow_duplicates=True) == [7, 7, 7]
    assert variables.random_numbers(1, 5, 0) == []


@pytest.mark.parametrize("arguments", [(5, 1, 1, True), (1, 3, 4, False), (1, 3, -1, True)])
def test_numbers_that_cannot_be_drawn_are_an_error(arguments: tuple[int, int, int, bool]) -> None:
    with pytest.raises(RandomNumberFailed):
        variables.random_numbers(*arguments)


def test_an_empty_range_is_an_error() -> None:
    with pytest.raises(RandomNumberFailed):
        variables.random_number(2, 1)


def test_json_becomes_values_with_exact_numbers() -> None:
    read = variables.json_to_custom_object(
        '\ufeff{"b": [1, 1.0, 0.10, -1e2, true, null], "a": {"d": "2020-01-01T00:00:00Z"}, "ü": ""}'
    )

    expected = CustomObject(
        b=[1, 1, Decimal("0.1"), -100, True, None], a=CustomObject(d="2020-01-01T00:00:00Z"), ü=""
    )
    assert read == expected
    assert isinstance(read, CustomObject)
    assert list(read) == ["b", "a", "ü"]
    assert [type(one) for one in read["b"]] == [int, int, Decimal, int, bool, type(None)]


def test_json_numbers_keep_what_a_net_decimal_keeps() -> None:
    assert variables.json_to_custom_object("[1e-99999, 0.12345678901234567890123456789, -1e28]") == [
        0,
        Decimal("0.1234567890123456789012345679"),
        -(10**28),
    ]


def test_json_may_be_an_array_or_a_plain_value() -> None:
    assert variables.json_to_custom_object("[{}, 1]") == [CustomObject(), 1]
    assert variables.json_to_custom_object('"x"') == "x"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value at line 1, column 1"),
        ('{"a": }', "Expecting value at line 1, column 7"),
        ("NaN", "NaN is no number"),
        ("1e40", "the number 1e40 is too large"),
        ("1e99999999999999999999", "the number 1e99999999999999999999 is too large"),
        ("9" * 5000, "a number in it is too large"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_an_error(text: str, reason: str) -> None:
    with pytest.raises(BadJson) as caught:
        variables.json_to_custom_object(text)

    assert str(caught.value) == f"The text is no JSON: {reason}."


def test_values_become_compact_json() -> None:
    written = variables.custom_object_to_json(
        CustomObject(
            text='ü "\n',
            whole=1,
            exact=Decimal("0.1000000000000000000000000001"),
            large=Decimal("1E+3"),
            yes=True,
            none=None,
            when=datetime(2026, 3, 1, 8, 4),
            file=File(Path("/a/b.txt")),
            binary=b"\x00\xff",
            table=DataTable(["x"], [[1], ["y"]]),
            items=[CustomObject(), []],
        )
    )

    assert written == (
        '{"text":"ü \\"\\n","whole":1,"exact":0.1000000000000000000000000001,"large":1000,"yes":true,'
        '"none":null,"when":"2026-03-01T08:04:00","file":"/a/b.txt","binary":"AP8=",'
        '"table":[{"x":1},{"x":"y"}],"items":[{},[]]}'
    )


def test_json_survives_a_round_trip() -> None:
    text = '{"a":[1,2.5,"x",{"b":null}],"c":{"d":false}}'
    read = variables.json_to_custom_object(text)

    assert isinstance(read, CustomObject)
    assert variables.custom_object_to_json(read) == text
    assert json.loads(text) == read


def test_a_secret_never_becomes_json() -> None:
    with pytest.raises(NotJson) as caught:
        variables.custom_object_to_json(CustomObject(key=Secret("hunter2")))

    assert "hunter2" not in str(caught.value)
