from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskhand.cloudflows.durations import Duration, DurationUnreadable
from deskhand.cloudflows.recurrence_reading import RecurrenceInvalid
from deskhand.cloudflows.sliding_windows import Window, next_window, read_sliding_windows

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY: dict[str, Any] = {"frequency": "Hour", "interval": 1, "startTime": "2026-03-01T08:00:00Z"}


def test_windows_follow_each_other_without_a_gap_however_late_it_is() -> None:
    windows = read_sliding_windows(HOURLY, {"delay": "PT15S"})
    found: list[Window] = []
    for number in range(3):
        window = next_window(windows, found[-1].end if found else None, anchor=START, fired=number)
        assert window is not None
        found.append(window)

    assert found == [
        Window(START + n * HOUR, START + (n + 1) * HOUR, START + (n + 1) * HOUR + timedelta(seconds=15))
        for n in range(3)
    ]


def test_without_a_start_time_the_first_window_begins_when_the_flow_is_switched_on() -> None:
    windows = read_sliding_windows({"frequency": "Day", "interval": 1}, None)

    assert next_window(windows, None, anchor=START) == Window(
        START, START + timedelta(days=1), START + timedelta(days=1)
    )


def test_windows_of_months_follow_the_calendar() -> None:
    windows = read_sliding_windows({**HOURLY, "frequency": "Month"}, {})
    end = datetime(2026, 4, 1, 8, tzinfo=UTC)

    assert next_window(windows, None, anchor=START) == Window(START, end, end)


def test_windows_end_with_the_count() -> None:
    windows = read_sliding_windows({**HOURLY, "count": 1}, {})

    assert next_window(windows, START + HOUR, anchor=START, fired=1) is None


@pytest.mark.parametrize("delay", [None, ""])
def test_the_delay_may_be_missing(delay: Any) -> None:
    assert read_sliding_windows(HOURLY, {"delay": delay}).delay == Duration()


def test_windows_have_no_schedule() -> None:
    with pytest.raises(RecurrenceInvalid, match="have no ‘schedule’"):
        read_sliding_windows({"frequency": "Day", "interval": 1, "schedule": {"hours": [8]}}, {})


def test_a_delay_must_be_a_duration() -> None:
    with pytest.raises(DurationUnreadable):
        read_sliding_windows(HOURLY, {"delay": "15 s"})
