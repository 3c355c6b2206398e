"""Expression actions: each kind is the function of its name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud_runs import MemoryRun, run_actions


def run(kind: str, inputs: Any) -> MemoryRun:
    return run_actions({"Do": {"type": "Expression", "kind": kind, "inputs": inputs}})


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("CurrentTime", {}, "2026-03-01T08:00:00.0000000Z"),
        (
            "ConvertTimeZone",
            {
                "baseTime": "2018-01-01T08:00:00Z",
                "sourceTimeZone": "UTC",
                "destinationTimeZone": "Pacific Standard Time",
                "formatString": "yyyy-MM-dd HH:mm",
            },
            "2018-01-01 00:00",
        ),
        (
            "ConvertTimeZone",
            {
                "baseTime": "2018-01-01T08:00:00",
                "sourceTimeZone": "Tokyo Standard Time",
                "destinationTimeZone": "UTC",
            },
            "2017-12-31T23:00:00.0000000Z",
        ),
        (
            "AddToTime",
            {"baseTime": "2018-01-31T00:00:00Z", "interval": 1, "timeUnit": "Month"},
            "2018-02-28T00:00:00.0000000Z",
        ),
        (
            "subtractfromtime",
            {"baseTime": "2018-01-02T00:00:00Z", "interval": "@add(0, 1)", "timeUnit": "day"},
            "2018-01-01T00:00:00.0000000Z",
        ),
        ("GetFutureTime", {"interval": 5, "timeUnit": "Day"}, "2026-03-06T08:00:00.0000000Z"),
        ("GetPastTime", {"Interval": 1, "TimeUnit": "Week"}, "2026-02-22T08:00:00.0000000Z"),
        ("FormatNumber", {"number": 17.35, "format": "C2", "locale": "en-US"}, "$17.35"),
        ("FormatNumber", {"number": 1234.5, "format": "N1"}, "1,234.5"),
        ("IndexOf", {"text": "hello world", "searchText": "WORLD"}, 6),
        ("Substring", {"text": "hello world", "startingPosition": 6, "length": 5}, "world"),
        ("Substring", {"text": "hello", "startingPosition": 2}, "llo"),
    ],
)
def test_each_kind_is_the_function_of_its_name(kind: str, inputs: Any, expected: Any) -> None:
    finished = run(kind, inputs)

    assert finished.record("Do").problem is None
    assert finished.outputs("Do") == {"body": expected}


def test_a_function_refuses_wrong_parameters_in_its_own_words() -> None:
    record = run("AddToTime", {"interval": 1, "timeUnit": "Day"}).record("Do")

    assert record.problem is not None
    assert (record.code, record.problem.code) == ("BadRequest", "InvalidTemplate")
    assert "'addToTime' expects its first parameter to be a string that represents a timestamp" in (
        record.problem.message
    )


def test_an_unknown_kind_is_refused() -> None:
    record = run("Guess", {}).record("Do")

    assert record.problem is not None
    assert (record.problem.code, record.problem.message) == (
        "BadRequest",
        "The expression kind 'Guess' is not supported. Supported kinds are: 'CurrentTime, ConvertTimeZone, "
        "AddToTime, SubtractFromTime, GetFutureTime, GetPastTime, FormatNumber, IndexOf, Substring'.",
    )
