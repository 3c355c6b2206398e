"""When recurrences fire: the vectors of the specification, changes of the clock, and properties."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.cloudflows.recurrence import Recurrence, first_run, instant_of, next_after
from deskhand.cloudflows.recurrence_reading import read_recurrence

ACTIVATED = datetime(2026, 3, 1, 8, 0, 7, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"
BERLIN = "W. Europe Standard Time"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def recurrence(frequency: str, interval: int = 1, start: str | None = None, **others: Any) -> Recurrence:
    given = {"frequency": frequency, "interval": interval, **others}
    return read_recurrence(given if start is None else {**given, "startTime": start})


def slots(given: Recurrence, after: str, number: int, anchor: datetime = ACTIVATED) -> list[str]:
    """Return the next slots as texts, in UTC and without an offset."""
    found: list[str] = []
    moment = at(after)
    while len(found) < number:
        following = next_after(given, moment, anchor=anchor)
        if following is None:
            break
        found.append(following.replace(tzinfo=None).isoformat())
        moment = following
    return found


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        (
            recurrence("Day", 1, "2020-01-01T00:15:30", schedule={"hours": [8, 16], "minutes": [30]}),
            "2020-03-01T10:00",
            ["2020-03-01T16:30:30", "2020-03-02T08:30:30", "2020-03-02T16:30:30"],
        ),
        (
            recurrence("Day", 1, "2020-01-01T00:15:30", schedule={"hours": [8]}),
            "2020-03-01T10:00",
            ["2020-03-02T08:15:30", "2020-03-03T08:15:30"],
        ),
        (
            recurrence("Day", 2, "2020-01-01T00:15:30", schedule={"hours": [8], "minutes": [0]}),
            "2020-03-01T10:00",
            ["2020-03-03T08:00:30", "2020-03-05T08:00:30", "2020-03-07T08:00:30"],
        ),
        (
            recurrence(
                "Week",
                2,
                "2020-01-01T00:15:30",
                schedule={"weekDays": ["Monday", "Friday"], "hours": [17], "minutes": [0]},
            ),
            "2020-01-01T10:00",
            [f"2020-01-{day:02}T17:00:30" for day in (3, 13, 17, 27, 31)],
        ),
        (
            recurrence("Week", 1, "2020-01-01T09:15:30", schedule={"weekDays": ["Monday"]}),
            "2020-01-01T10:00",
            ["2020-01-06T09:15:30", "2020-01-13T09:15:30"],
        ),
        (
            recurrence("Month", 1, "2020-01-01T09:15:30", schedule={"monthDays": [-1]}),
            "2020-01-15T10:00",
            ["2020-01-31T09:15:30", "2020-02-29T09:15:30", "2020-03-31T09:15:30"],
        ),
        (
            recurrence("Month", 1, "2020-01-01T09:15:30", schedule={"monthDays": [31]}),
            "2020-01-15T10:00",
            [f"2020-{month:02}-31T09:15:30" for month in (1, 3, 5, 7)],
        ),
        (
            recurrence(
                "Month",
                1,
                "2020-01-01T09:15:30",
                schedule={
                    "monthlyOccurrences": [{"day": "Friday", "occurrence": -1}],
                    "hours": [6],
                    "minutes": [0],
                },
            ),
            "2020-01-15T10:00",
            ["2020-01-31T06:00:30", "2020-02-28T06:00:30", "2020-03-27T06:00:30", "2020-04-24T06:00:30"],
        ),
        (
            recurrence("Day", 1, "2020-03-01", timeZone=PACIFIC, schedule={"hours": [2], "minutes": [30]}),
            "2020-03-07T00:00",
            ["2020-03-07T10:30:00", "2020-03-08T10:30:00", "2020-03-09T09:30:00"],
        ),
        (
            recurrence("Day", 1, "2020-10-30", timeZone=PACIFIC, schedule={"hours": [1], "minutes": [30]}),
            "2020-10-30T12:00",
            ["2020-10-31T08:30:00", "2020-11-01T09:30:00", "2020-11-02T09:30:00"],
        ),
    ],
)
def test_the_vectors_of_the_specification(given: Recurrence, after: str, expected: list[str]) -> None:
    assert slots(given, after, len(expected)) == expected


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        (
            recurrence("Second", 90, "2020-01-01T00:00:00Z"),
            "2020-01-01T00:03:00",
            ["2020-01-01T00:04:30", "2020-01-01T00:06:00"],
        ),
        (
            recurrence("Minute", 7, "2020-01-01T00:00:00Z"),
            "2020-01-01T00:14:00",
            ["2020-01-01T00:21:00", "2020-01-01T00:28:00"],
        ),
        (
            recurrence("Month", 1, "2020-01-31T09:00:00Z"),
            "2020-01-31T09:00:00",
            ["2020-02-29T09:00:00", "2020-03-31T09:00:00", "2020-04-30T09:00:00"],
        ),
        (
            recurrence("Year", 1, "2020-02-29T09:00:00Z"),
            "2020-03-01",
            ["2021-02-28T09:00:00", "2022-02-28T09:00:00", "2023-02-28T09:00:00", "2024-02-29T09:00:00"],
        ),
        (
            recurrence("Day", 1, "2020-03-27T08:00:00", timeZone=BERLIN),
            "2020-03-27T12:00",
            ["2020-03-28T07:00:00", "2020-03-29T06:00:00"],
        ),
        (
            recurrence("Hour", 24, "2020-03-27T08:00:00", timeZone=BERLIN),
            "2020-03-27T12:00",
            ["2020-03-28T07:00:00", "2020-03-29T07:00:00"],
        ),
    ],
    ids=["seconds", "minutes", "short months", "leap years", "days keep the clock", "hours do not"],
)
def test_without_a_schedule_intervals_count_from_the_start(
    given: Recurrence, after: str, expected: list[str]
) -> None:
    assert slots(given, after, len(expected)) == expected


def test_a_start_in_the_future_is_the_first_slot() -> None:
    given = recurrence("Day", 3, "2026-05-01T12:00:00", timeZone=BERLIN)

    assert slots(given, "2026-03-01", 2) == ["2026-05-01T10:00:00", "2026-05-04T10:00:00"]
    assert first_run(given, ACTIVATED) == at("2026-05-01T10:00:00")


def test_a_start_in_the_past_waits_for_its_next_slot() -> None:
    assert first_run(recurrence("Hour", 1, "2020-01-01T00:30:00Z"), ACTIVATED) == at("2026-03-01T08:30:00")


def test_a_start_that_is_now_runs_at_once() -> None:
    assert first_run(recurrence("Hour", 1, "2026-03-01T08:00:07Z"), ACTIVATED) == ACTIVATED


def test_without_a_start_the_first_run_is_at_once_and_each_counts_from_the_one_before() -> None:
    given = recurrence("Minute", 5)
    last_run = ACTIVATED + timedelta(seconds=11)

    assert given.drifts
    assert first_run(given, ACTIVATED) == ACTIVATED
    assert next_after(given, last_run, anchor=last_run) == last_run + timedelta(minutes=5)


def test_a_schedule_without_a_start_runs_at_once_and_then_by_the_schedule() -> None:
    given = recurrence("Day", 1, schedule={"hours": ["9"], "minutes": ["0"]})

    assert not given.drifts
    assert first_run(given, ACTIVATED) == ACTIVATED
    assert slots(given, "2026-03-01T08:00:07", 2) == ["2026-03-01T09:00:07", "2026-03-02T09:00:07"]


@pytest.mark.parametrize(
    "given", [recurrence("Hour", 1, "2020-01-01T00:30:00Z"), recurrence("Hour", 1)], ids=["start", "drift"]
)
def test_missed_slots_are_not_made_up_for(given: Recurrence) -> None:
    last_run = at("2026-02-20T07:30:00")

    assert next_after(given, ACTIVATED, anchor=last_run) == at("2026-03-01T08:30:00")


def test_slots_of_the_first_day_before_the_start_are_left_out() -> None:
    given = recurrence("Day", 1, "2026-03-02T12:00:00Z", schedule={"hours": [6, 18], "minutes": [0]})

    assert slots(given, "2026-03-01", 2) == ["2026-03-02T18:00:00", "2026-03-03T06:00:00"]


def test_a_start_with_an_offset_is_not_moved_by_the_zone_but_the_schedule_is() -> None:
    given = recurrence(
        "Day",
        1,
        "2026-03-01T00:00:00+02:00",
        timeZone=PACIFIC,
        schedule={"hours": [20], "minutes": [0]},
    )

    assert given.origin is not None
    assert given.origin.instant == at("2026-02-28T22:00:00")
    assert slots(given, "2026-02-28", 2) == ["2026-03-01T04:00:00", "2026-03-02T04:00:00"]


def test_weeks_begin_on_sunday() -> None:
    given = recurrence("Week", 2, "2020-01-01T09:00:00Z", schedule={"weekDays": ["Sunday", "Saturday"]})

    assert slots(given, "2020-01-01T10:00", 3) == [f"2020-01-{day:02}T09:00:00" for day in (4, 12, 18)]


def test_week_and_month_follow_the_start_where_the_schedule_names_no_day() -> None:
    weekly = recurrence("Week", 1, "2020-01-01T09:00:00Z", schedule={"hours": [7]})
    monthly = recurrence("Month", 1, "2020-01-31T09:00:00Z", schedule={"hours": [7]})

    assert slots(weekly, "2020-01-01", 2) == ["2020-01-08T07:00:00", "2020-01-15T07:00:00"]
    assert slots(monthly, "2020-01-31T12:00", 2) == ["2020-03-31T07:00:00", "2020-05-31T07:00:00"]


def test_month_days_and_occurrences_add_up() -> None:
    given = recurrence(
        "Month",
        1,
        "2020-01-01T09:00:00Z",
        schedule={
            "monthDays": [2, -1],
            "monthlyOccurrences": [
                {"day": "thursday", "occurrence": "1"},
                {"day": "Friday", "occurrence": 5},
            ],
        },
    )

    assert slots(given, "2020-01-01T10:00", 5) == [
        f"2020-{day}T09:00:00" for day in ("01-02", "01-31", "02-02", "02-06", "02-29")
    ]


@pytest.mark.parametrize(
    ("start", "schedule"),
    [
        ("2025-02-01T00:00:00Z", {"monthDays": [30, 31]}),
        ("2025-02-01T00:00:00Z", {"monthDays": [-31]}),
    ],
)
def test_a_schedule_that_never_matches_has_no_slot(start: str, schedule: Any) -> None:
    given = recurrence("Month", 12, start, schedule=schedule)

    assert next_after(given, ACTIVATED, anchor=ACTIVATED) is None


def test_a_leap_day_of_every_twelfth_month_is_found() -> None:
    given = recurrence("Month", 12, "2020-02-01T00:00:00Z", schedule={"monthDays": [29]})

    assert slots(given, "2096-03-01", 2) == ["2104-02-29T00:00:00", "2108-02-29T00:00:00"]


@pytest.mark.parametrize(
    "given",
    [
        recurrence("Day", 500, "9999-12-01T00:00:00Z"),
        recurrence("Month", 16, "9999-12-01T00:00:00Z"),
        recurrence("Week", 71, "9999-12-01T00:00:00Z", schedule={"hours": [0]}),
        recurrence("Day", 1, "2020-01-01", timeZone=PACIFIC),
    ],
)
def test_the_calendar_has_an_end(given: Recurrence) -> None:
    assert next_after(given, at("9999-12-31T20:00:00"), anchor=ACTIVATED) is None


def test_a_recurrence_ends_at_its_end_time() -> None:
    given = recurrence("Hour", 1, "2026-03-01T08:00:00Z", endTime="2026-03-01T11:00:00", timeZone=BERLIN)

    assert slots(given, "2026-03-01T08:00:00", 5) == ["2026-03-01T09:00:00", "2026-03-01T10:00:00"]


def test_a_recurrence_ends_after_its_count() -> None:
    given = recurrence("Hour", 1, count="2")

    assert [next_after(given, ACTIVATED, anchor=ACTIVATED, fired=fired) for fired in (1, 2)] == [
        ACTIVATED + timedelta(hours=1),
        None,
    ]


def test_hours_that_the_clock_skips_or_repeats_fire_once() -> None:
    spring = recurrence(
        "Day", 1, "2020-03-01", timeZone=PACIFIC, schedule={"hours": [1, 2, 3], "minutes": [0, 30]}
    )
    autumn = recurrence(
        "Day", 1, "2020-10-30", timeZone=PACIFIC, schedule={"hours": [0, 1, 2], "minutes": [30]}
    )

    assert slots(spring, "2020-03-08T08:00", 5) == [
        f"2020-03-08T{time}:00" for time in ("09:00", "09:30", "10:00", "10:30")
    ] + ["2020-03-09T08:00:00"]
    assert slots(autumn, "2020-11-01T07:00", 4) == [
        f"2020-11-01T{time}:00" for time in ("07:30", "09:30", "10:30")
    ] + ["2020-11-02T08:30:00"]


ZONES = st.sampled_from(
    ["UTC", PACIFIC, BERLIN, "Lord Howe Standard Time", "India Standard Time", "America/Sao_Paulo"]
)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(microsecond=0))
HOURS = st.lists(st.integers(0, 23), max_size=4)
MINUTES = st.lists(st.integers(0, 59), max_size=4)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@st.composite
def recurrences(draw: st.DrawFn) -> dict[str, Any]:
    frequency = draw(st.sampled_from(["Second", "Minute", "Hour", "Day", "Week", "Month", "Year"]))
    schedule: dict[str, Any] = {}
    if frequency in ("Day", "Week", "Month"):
        schedule = {"hours": draw(HOURS), "minutes": draw(MINUTES)}
    if frequency == "Week":
        schedule["weekDays"] = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3))
    if frequency == "Month":
        schedule["monthDays"] = draw(st.lists(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -31]), max_size=3))
    return {
        "frequency": frequency,
        "interval": 1 if frequency == "Year" else draw(st.integers(1, 16)),
        "startTime": draw(MOMENTS).isoformat(),
        "timeZone": draw(ZONES),
        "schedule": schedule,
    }


@settings(deadline=None)
@given(recurrences(), MOMENTS)
def test_slots_rise_strictly_from_the_start_on(given: dict[str, Any], after: datetime) -> None:
    read = read_recurrence(given)
    assert read.origin is not None
    moments = [after.replace(tzinfo=UTC)]
    while len(moments) < 6:
        following = next_after(read, moments[-1], anchor=ACTIVATED)
        if following is None:
            break
        moments.append(following)

    assert all(earlier < later for earlier, later in pairwise(moments))
    assert all(moment >= read.origin.instant for moment in moments[1:])


@settings(deadline=None)
@given(recurrences(), MOMENTS)
def test_no_slot_lies_between_an_instant_and_the_next_one(given: dict[str, Any], after: datetime) -> None:
    read = read_recurrence(given)
    following = next_after(read, after.replace(tzinfo=UTC), anchor=ACTIVATED)
    if following is not None:
        just_before = following - timedelta(seconds=1)
        assert next_after(read, just_before, anchor=ACTIVATED) == following


@settings(deadline=None)
@given(recurrences(), MOMENTS)
def test_slots_match_the_schedule(given: dict[str, Any], after: datetime) -> None:
    read = read_recurrence(given)
    following = next_after(read, after.replace(tzinfo=UTC), anchor=ACTIVATED)
    if following is None or read.schedule is None or read.origin is None:
        return
    clocks = _clocks_around(following, read.zone)
    hours = read.schedule.hours or (read.origin.clock.hour,)
    minutes = read.schedule.minutes or (read.origin.clock.minute,)
    weekdays = read.schedule.weekdays or range(7)

    matching = [
        clock
        for clock in clocks
        if clock.hour in hours and clock.minute in minutes and clock.weekday() in weekdays
    ]
    assert any(clock.second == read.origin.clock.second for clock in matching)


def _naive_days(read: Recurrence, number: int) -> list[date]:
    """Return the first matching days from the start on, found day by day."""
    assert read.origin is not None
    assert read.schedule is not None
    start = read.origin.clock.date()
    sunday = start - timedelta(days=start.isoweekday() % 7)
    found: list[date] = []
    for passed in range(5_000):
        day = start + timedelta(days=passed)
        months = (day.year - start.year) * 12 + day.month - start.month
        from_end = day.day - 1 - monthrange(day.year, day.month)[1]
        matches = {
            "Day": passed % read.interval == 0,
            "Week": (day - sunday).days // 7 % read.interval == 0
            and day.weekday() in (read.schedule.weekdays or (start.weekday(),)),
            "Month": months % read.interval == 0
            and bool({day.day, from_end} & set(read.schedule.month_days or (start.day,))),
        }
        found += [day] if matches[read.frequency] else []
        if len(found) == number:
            break
    return found


@settings(deadline=None)
@given(recurrences())
def test_the_days_of_a_schedule_are_those_found_day_by_day(given: dict[str, Any]) -> None:
    schedule = {**given["schedule"], "hours": [12], "minutes": [0]}
    start = given["startTime"][:10] + "T12:00:00"
    if given["frequency"] not in ("Day", "Week", "Month"):
        return
    read = read_recurrence({**given, "schedule": schedule, "startTime": start, "timeZone": "UTC"})
    assert read.origin is not None
    moment = read.origin.instant - timedelta(seconds=1)
    days: list[date] = []
    for _ in range(5):
        following = next_after(read, moment, anchor=ACTIVATED)
        if following is None:
            break
        moment = following
        days.append(following.date())

    naive = _naive_days(read, 5)
    assert days[: len(naive)] == naive


def _clocks_around(moment: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the clock readings that fire at an instant: its own, and one the clock skipped before it."""
    own = moment.astimezone(zone).replace(tzinfo=None)
    candidates = [own - timedelta(minutes=step) for step in (0, 30, 60)]
    return [clock for clock in candidates if instant_of(clock, zone) == moment]


@settings(deadline=None)
@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(0, 23), ZONES)
def test_the_instant_of_a_clock_reading_shows_it_unless_the_clock_skips_it(
    day: date, hour: int, zone_name: str
) -> None:
    read = recurrence("Day", timeZone=zone_name)
    clock = datetime(day.year, day.month, day.day, hour)
    shown = instant_of(clock, read.zone).astimezone(read.zone).replace(tzinfo=None)

    assert shown - clock in (timedelta(0), timedelta(minutes=30), timedelta(hours=1))
