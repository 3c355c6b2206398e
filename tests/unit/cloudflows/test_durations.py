from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.cloudflows.durations import Duration, DurationUnreadable, MomentBeyondCalendar, read_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT5S", Duration(length=timedelta(seconds=5))),
        ("PT0S", Duration()),
        ("PT7.5S", Duration(length=timedelta(seconds=7.5))),
        ("PT0.1234567S", Duration(length=timedelta(microseconds=123_456))),
        ("PT1H30M", Duration(length=timedelta(minutes=90))),
        ("PT90M", Duration(length=timedelta(minutes=90))),
        ("P1D", Duration(length=timedelta(days=1))),
        ("P2W", Duration(length=timedelta(days=14))),
        ("P3M", Duration(months=3)),
        ("P1Y2M3DT4H5M6S", Duration(14, timedelta(days=3, hours=4, minutes=5, seconds=6))),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert read_duration(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "P", "PT", "P1DT", "5", "PT5", "pt5s", "P1H", "PT1D", "-PT5S", "PT-5S", " PT5S", "PT5S\n"),
        *("PT1.5H", "P1M1Y", "P1.5D", "PT1M1H", "P٣D", "P999999999D", "P99999Y", None, 5, True, ["PT5S"]),
    ],
)
def test_what_is_no_duration_is_refused(value: Any) -> None:
    with pytest.raises(DurationUnreadable):
        read_duration(value)


def test_the_refusal_says_what_was_found() -> None:
    assert (str(DurationUnreadable("5m")), str(DurationUnreadable(5))) == (
        "A duration must be an ISO 8601 text such as ‘PT5M’ or ‘P1D’, and is ‘5m’.",
        "A duration must be an ISO 8601 text such as ‘PT5M’ or ‘P1D’, and is a value of type Integer.",
    )


def test_only_a_duration_without_months_is_exact() -> None:
    assert [read_duration(text).exact for text in ("P1D", "P1M", "P1M1D")] == [timedelta(days=1), None, None]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P1M", datetime(2023, 1, 31, 8, tzinfo=UTC), datetime(2023, 2, 28, 8, tzinfo=UTC)),
        ("P1Y", datetime(2024, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)),
        ("P1M1D", datetime(2023, 1, 31, tzinfo=UTC), datetime(2023, 3, 1, tzinfo=UTC)),
        ("PT36H", datetime(2023, 12, 31, tzinfo=UTC), datetime(2024, 1, 1, 12, tzinfo=UTC)),
    ],
)
def test_months_follow_the_calendar(text: str, start: datetime, end: datetime) -> None:
    assert read_duration(text).after(start) == end


@pytest.mark.parametrize("text", ["P9000Y", "P3600000D"])
def test_a_time_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(MomentBeyondCalendar):
        read_duration(text).after(datetime(2025, 1, 1, tzinfo=UTC))


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_an_exact_duration_is_the_sum_of_its_parts(days: int, hours: int, minutes: int, seconds: int) -> None:
    read = read_duration(f"P{days}DT{hours}H{minutes}M{seconds}S")
    assert read.exact == timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
