"""Wait: how long, until when, and what is no time at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cloud_runs import BEGIN, MemoryRun, run_actions


def run(inputs: Any, **options: Any) -> MemoryRun:
    return run_actions({"Rest": {"type": "Wait", "inputs": inputs}}, **options)


def interval(count: Any, unit: str) -> dict[str, Any]:
    return {"interval": {"count": count, "unit": unit}}


@pytest.mark.parametrize(
    ("inputs", "end"),
    [
        (interval(10, "Second"), BEGIN + timedelta(seconds=10)),
        (interval("5", "minute"), BEGIN + timedelta(minutes=5)),
        (interval("@add(1, 1)", "Hour"), BEGIN + timedelta(hours=2)),
        (interval(1, "Day"), BEGIN + timedelta(days=1)),
        (interval(2, "Week"), BEGIN + timedelta(days=14)),
        (interval(0, "Month"), BEGIN),
        ({"until": {"timestamp": "@addHours(utcNow(), 1)"}}, BEGIN + timedelta(hours=1)),
        ({"until": {"timestamp": "2026-03-02T09:00:00+01:00"}}, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ({"until": {"timestamp": "2026-03-02 08:00"}}, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ({"until": {"timestamp": "2020-01-01"}}, BEGIN),
    ],
)
def test_the_action_ends_when_the_time_has_come(inputs: Any, end: datetime) -> None:
    record = run(inputs).record("Rest")

    assert (str(record.status), record.code, record.ended) == ("Succeeded", "OK", end)


def test_a_month_is_a_month_of_the_calendar() -> None:
    waiting = run_actions({"Rest": {"type": "Wait", "inputs": interval(1, "Month")}})

    assert waiting.state.code == "WorkflowRunTimedOut"  # 31 days are longer than a run may take
    assert waiting.record("Rest").status == "Cancelled"


@pytest.mark.parametrize(("power_automate", "seconds"), [(False, 0.25), (True, 1.0)])
def test_power_automate_waits_for_a_second_at_least(power_automate: bool, seconds: float) -> None:
    inputs = {"until": {"timestamp": "2026-03-01T08:00:00.25Z"}}
    record = run(inputs, power_automate=power_automate).record("Rest")

    assert record.ended == BEGIN + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "Either the 'interval' or the 'until' property must be in the 'wait' action inputs."),
        ("soon", "Either the 'interval' or the 'until' property must be in the 'wait' action inputs."),
        (
            interval(-1, "Second"),
            "The provided 'count' property value '-1' in the 'wait' action inputs is not valid. "
            "It must be an integer from 0 to 999999999.",
        ),
        (
            interval(1.5, "Second"),
            "The provided 'count' property value '1.5' in the 'wait' action inputs is not valid. "
            "It must be an integer from 0 to 999999999.",
        ),
        (
            interval(1, "Fortnight"),
            "The provided 'unit' property value 'Fortnight' in the 'wait' action inputs is not valid. "
            "Supported units are: 'Second, Minute, Hour, Day, Week, Month'.",
        ),
        (
            interval(999_999, "Month"),
            "The time to reach from 2026-03-01T08:00:00+00:00 lies after the year 9999.",
        ),
        (
            {"until": {"timestamp": "tomorrow"}},
            "The provided 'timestamp' property value 'tomorrow' in the 'wait' action inputs is not valid. "
            "It must be an ISO 8601 time.",
        ),
        (
            {"until": {}},
            "The provided 'timestamp' property value '' in the 'wait' action inputs is not valid. "
            "It must be an ISO 8601 time.",
        ),
    ],
)
def test_what_is_no_time_is_refused(inputs: Any, message: str) -> None:
    record = run(inputs).record("Rest")

    assert record.problem is not None
    assert (record.code, record.problem.code, record.problem.message) == ("BadRequest", "BadRequest", message)
