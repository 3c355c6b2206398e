"""Typed Python from JSON and from addresses, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from deskhand.pages.errors import BadParameter
from deskhand.pages.shapes import camel, read_json, read_text, to_json

ID = UUID("0a1b2c3d-0000-4000-8000-000000000001")


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Part:
    part_name: str
    weight: int | None = None


@dataclass(frozen=True)
class Whole:
    row_id: UUID
    parts: tuple[Part, ...]
    color: Color = Color.RED
    at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    is_on: bool = False


def test_names_are_written_in_camel_case() -> None:
    assert [camel(one) for one in ("a", "run_mode", "last_run_on")] == ["a", "runMode", "lastRunOn"]


def test_a_dataclass_becomes_json_and_comes_back() -> None:
    at = datetime(2026, 3, 1, 9, 0, 0, 120_000, tzinfo=timezone(timedelta(hours=1)))
    whole = Whole(ID, (Part("a"), Part("b", 2)), Color.BLUE, at, {"x": [1, {"y": None}]}, True)

    content = to_json(whole)

    assert content == {
        "rowId": str(ID),
        "parts": [{"partName": "a", "weight": None}, {"partName": "b", "weight": 2}],
        "color": "blue",
        "at": "2026-03-01T08:00:00.120Z",
        "values": {"x": [1, {"y": None}]},
        "isOn": True,
    }
    assert read_json(Whole, content, "body") == whole


def test_what_has_a_default_may_be_left_out() -> None:
    assert read_json(Whole, {"rowId": str(ID), "parts": []}, "body") == Whole(ID, ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "‘body’ takes an object."),
        ({"parts": []}, "‘body.rowId’ is missing."),
        ({"rowId": "1", "parts": []}, "‘body.rowId’ takes an id."),
        ({"rowId": str(ID), "parts": {}}, "‘body.parts’ takes a list."),
        ({"rowId": str(ID), "parts": [{"partNam": "a"}]}, "‘body.parts[0].partNam’ is not known here"),
        ({"rowId": str(ID), "parts": [{"partName": 1}]}, "‘body.parts[0].partName’ takes a text."),
        ({"rowId": str(ID), "parts": [{"partName": "a\x00"}]}, "‘body.parts[0].partName’ takes a text."),
        ({"rowId": str(ID), "parts": [], "color": "green"}, "‘body.color’ is ‘green’; it takes red, blue."),
        ({"rowId": str(ID), "parts": [], "isOn": 1}, "‘body.isOn’ takes true or false."),
        ({"rowId": str(ID), "parts": [], "at": "noon"}, "‘body.at’ takes an instant"),
        ({"rowId": str(ID), "parts": [], "values": []}, "‘body.values’ takes an object."),
        ({"rowId": str(ID), "parts": [{"partName": "a", "weight": True}]}, "‘body.parts[0].weight’ takes"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(content: Any, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        read_json(Whole, content, "body")

    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("expected", "text", "value"),
    [
        (str | None, "a,b", "a,b"),
        (int, "-7", -7),
        (bool, "true", True),
        (UUID | None, str(ID), ID),
        (tuple[Color, ...], "red,blue", (Color.RED, Color.BLUE)),
        (datetime | None, "2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_parameters_of_addresses_are_read_by_their_types(expected: Any, text: str, value: Any) -> None:
    assert read_text(expected, text, "x") == value


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (int, "1.5"),
        (int, "9" * 19),
        (datetime, "9999-12-31T23:59:59-14:00"),
        (datetime, "0001-01-01T00:00:00+14:00"),
        (bool, "yes"),
        (tuple[Color, ...], "red,green"),
    ],
)
def test_other_texts_are_refused(expected: Any, text: str) -> None:
    with pytest.raises(BadParameter):
        read_text(expected, text, "x")
