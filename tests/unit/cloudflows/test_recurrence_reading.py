"""Which recurrences are read, and what is said of those that break a rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deskhand.cloudflows.recurrence import Frequency, Occurrence, Origin, Recurrence, Schedule
from deskhand.cloudflows.recurrence_reading import RecurrenceInvalid, read_recurrence


def test_everything_is_read_leniently() -> None:
    assert read_recurrence(
        {
            "Frequency": "week",
            "INTERVAL": "2",
            "startTime": "2025-01-06T08:00:00.1234567",
            "endTime": "2026-01-01T00:00:00Z",
            "count": "5",
            "timezone": "w. europe standard time",
            "schedule": {"weekdays": ["friday", "Monday", "MONDAY"], "hours": ["8", 17], "minutes": [30]},
        }
    ) == Recurrence(
        frequency=Frequency.WEEK,
        interval=2,
        zone=ZoneInfo("Europe/Berlin"),
        origin=Origin(datetime(2025, 1, 6, 7, 0, 0, 123_456, UTC), datetime(2025, 1, 6, 8, 0, 0, 123_456)),
        end=datetime(2026, 1, 1, tzinfo=UTC),
        most=5,
        schedule=Schedule(hours=(8, 17), minutes=(30,), weekdays=(0, 4)),
    )


def test_month_schedules_are_read() -> None:
    read = read_recurrence(
        {
            "frequency": "Month",
            "interval": 1,
            "timeZone": "Asia/Kolkata",
            "schedule": {
                "monthDays": [1, "-1"],
                "monthlyOccurrences": [{"day": "Friday", "occurrence": -1}],
            },
        }
    )

    assert read == Recurrence(
        Frequency.MONTH,
        1,
        ZoneInfo("Asia/Kolkata"),
        schedule=Schedule(month_days=(-1, 1), occurrences=(Occurrence(4, -1),)),
    )


@pytest.mark.parametrize("schedule", [None, {}, {"hours": []}, {"weekDays": None}])
def test_an_empty_schedule_is_none(schedule: Any) -> None:
    assert read_recurrence({"frequency": "Hour", "interval": 1, "schedule": schedule}).schedule is None


FREQUENCIES = "Second, Minute, Hour, Day, Week, Month, Year"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (None, "‘recurrence’ must be an object, and is of type Null"),
        ({"interval": 1}, f"‘frequency’ is missing; it is one of {FREQUENCIES}"),
        (
            {"frequency": "Fortnight", "interval": 1},
            f"‘frequency’ is ‘Fortnight’; it is one of {FREQUENCIES}",
        ),
        ({"frequency": "Day"}, "‘interval’ is missing"),
        (
            {"frequency": "Day", "interval": "two"},
            "‘interval’ of frequency Day must be a whole number, and is ‘two’",
        ),
        ({"frequency": "Day", "interval": 0}, "‘interval’ of frequency Day is 0; it must be from 1 to 500"),
        (
            {"frequency": "Day", "interval": 1, "startTime": "soon"},
            "‘startTime’ must be an ISO 8601 time, and is ‘soon’",
        ),
        (
            {"frequency": "Day", "interval": 1, "startTime": "08:00"},
            "‘startTime’ must be an ISO 8601 time, and is ‘08:00’",
        ),
        (
            {"frequency": "Day", "interval": 1, "endTime": 5},
            "‘endTime’ must be an ISO 8601 time, and is ‘5’",
        ),
        (
            {"frequency": "Day", "interval": 1, "startTime": "0001-01-01T00:00:00+14:00"},
            "‘startTime’ must be an ISO 8601 time, and is ‘0001-01-01T00:00:00+14:00’",
        ),
        ({"frequency": "Day", "interval": 1, "count": 0}, "‘count’ is 0; it must be from 1 to 2147483647"),
        (
            {"frequency": "Day", "interval": 1, "timeZone": "W. Europe Standrd Time"},
            "there is no time zone ‘W. Europe Standrd Time’; did you mean ‘W. Europe Standard Time’",
        ),
        (
            {"frequency": "Day", "interval": 1, "schedule": [8]},
            "‘schedule’ must be an object, and is of type Array",
        ),
        (
            {"frequency": "Hour", "interval": 1, "schedule": {"minutes": [30]}},
            "‘minutes’ of a schedule needs the frequency Day or Week or Month, and this is Hour",
        ),
        (
            {"frequency": "Minute", "interval": 1, "schedule": {"hours": [8]}},
            "‘hours’ of a schedule needs the frequency Day or Week or Month, and this is Minute",
        ),
        (
            {"frequency": "Day", "interval": 1, "schedule": {"weekDays": ["Monday"]}},
            "‘weekDays’ of a schedule needs the frequency Week, and this is Day",
        ),
        (
            {"frequency": "Week", "interval": 1, "schedule": {"monthDays": [1]}},
            "‘monthDays’ of a schedule needs the frequency Month, and this is Week",
        ),
        (
            {"frequency": "Day", "interval": 1, "schedule": {"hours": [24]}},
            "‘hours’ is 24; it must be from 0 to 23",
        ),
        (
            {"frequency": "Day", "interval": 1, "schedule": {"minutes": ["-1"]}},
            "‘minutes’ is -1; it must be from 0 to 59",
        ),
        (
            {"frequency": "Week", "interval": 1, "schedule": {"weekDays": ["Mon"]}},
            "‘Mon’ is no weekday; write Monday, Tuesday, and so on",
        ),
        (
            {"frequency": "Month", "interval": 1, "schedule": {"monthDays": [0]}},
            "‘monthDays’ is 0; it must be from 1 to 31, or from -31 to -1",
        ),
        (
            {
                "frequency": "Month",
                "interval": 1,
                "schedule": {"monthlyOccurrences": [{"day": "Friday", "occurrence": 6}]},
            },
            "‘occurrence’ is 6; it must be from -5 to 5",
        ),
    ],
)
def test_each_rule_is_named_when_it_is_broken(given: Any, problem: str) -> None:
    with pytest.raises(RecurrenceInvalid) as refusal:
        read_recurrence(given)

    assert str(refusal.value) == f"The recurrence cannot be used: {problem}."


@pytest.mark.parametrize(
    ("frequency", "most"),
    [("Second", 9_999_999), ("Minute", 72_000), ("Hour", 12_000), ("Day", 500), ("Week", 71), ("Month", 16)],
)
def test_an_interval_has_a_largest_value(frequency: str, most: int) -> None:
    assert read_recurrence({"frequency": frequency, "interval": most}).interval == most

    with pytest.raises(RecurrenceInvalid, match=f"from 1 to {most}"):
        read_recurrence({"frequency": frequency, "interval": most + 1})


def test_the_shortest_time_between_runs_is_the_callers_to_say() -> None:
    given = {"frequency": "Second", "interval": 59}

    assert read_recurrence(given).interval == 59
    with pytest.raises(RecurrenceInvalid) as refusal:
        read_recurrence(given, least=timedelta(seconds=60))
    assert refusal.value.problem == ("it would run every 59 s, and at least 60 s must lie between two runs")
    assert read_recurrence({**given, "interval": 60}, least=timedelta(seconds=60)).interval == 60
