from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from deskhand.actions.date_time import actions as date_time
from deskhand.actions.date_time.choices import DateTimeFormat, DifferenceTimeUnit, TimeUnit, TimeZoneLocation
from deskhand.actions.date_time.errors import DateOutOfRange, InvalidOffset, UnknownTimeZone
from deskhand.dotnet.timezones import squeezed
from deskhand.dotnet.zone_table import WINDOWS_ZONES
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import Value

LEAP_DAY = datetime(2024, 2, 29, 23, 59, 58)


@pytest.mark.parametrize(
    ("amount", "unit", "result"),
    [
        (3, TimeUnit.SECONDS, datetime(2024, 3, 1, 0, 0, 1)),
        (-59, TimeUnit.MINUTES, datetime(2024, 2, 29, 23, 0, 58)),
        (1, TimeUnit.HOURS, datetime(2024, 3, 1, 0, 59, 58)),
        (-60, TimeUnit.DAYS, datetime(2023, 12, 31, 23, 59, 58)),
        (12, TimeUnit.MONTHS, datetime(2025, 2, 28, 23, 59, 58)),
        (-2, TimeUnit.MONTHS, datetime(2023, 12, 29, 23, 59, 58)),
        (4, TimeUnit.YEARS, datetime(2028, 2, 29, 23, 59, 58)),
        (-1, TimeUnit.YEARS, datetime(2023, 2, 28, 23, 59, 58)),
    ],
)
def test_time_is_added_and_months_end_on_their_last_day(
    amount: int, unit: TimeUnit, result: datetime
) -> None:
    assert date_time.add(LEAP_DAY, amount, unit) == result


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(8000, TimeUnit.YEARS), (-30000, TimeUnit.MONTHS), (10**9, TimeUnit.DAYS), (10**18, TimeUnit.DAYS)],
)
def test_a_date_beyond_the_calendar_is_an_error(amount: int, unit: TimeUnit) -> None:
    with pytest.raises(DateOutOfRange):
        date_time.add(LEAP_DAY, amount, unit)


@pytest.mark.parametrize(
    ("unit", "difference"),
    [
        (DifferenceTimeUnit.SECONDS, Decimal("-129600.5")),
        (DifferenceTimeUnit.MINUTES, Decimal("-2160.008333333333333333333333")),
        (DifferenceTimeUnit.HOURS, Decimal("-36.00013888888888888888888889")),
        (DifferenceTimeUnit.DAYS, Decimal("-1.500005787037037037037037037")),
    ],
)
def test_the_time_between_is_a_decimal_number(unit: DifferenceTimeUnit, difference: Decimal) -> None:
    later = LEAP_DAY + timedelta(days=1, hours=12, microseconds=500_000)

    assert date_time.subtract(LEAP_DAY, later, unit) == difference


def test_a_whole_difference_is_a_whole_number() -> None:
    difference = date_time.subtract(datetime(2024, 3, 1), datetime(2024, 2, 1))

    assert (difference, type(difference)) == (29, int)


def test_moments_with_and_without_a_zone_can_be_compared() -> None:
    aware = datetime(2024, 3, 1, 12, tzinfo=UTC)

    assert date_time.subtract(aware, aware.astimezone().replace(tzinfo=None)) == 0


def test_the_clock_is_read_in_the_machines_zone(context: ActionContext) -> None:
    assert date_time.current_local(context) == datetime(2026, 3, 1, 8, 4, 41, 250_000)
    assert date_time.current_local(context, DateTimeFormat.DATE_ONLY) == datetime(2026, 3, 1)


@pytest.mark.parametrize(
    ("offset", "clock"),
    [
        ("", datetime(2026, 3, 1, 7, 4, 41, 250_000)),
        ("UTC", datetime(2026, 3, 1, 7, 4, 41, 250_000)),
        ("2", datetime(2026, 3, 1, 9, 4, 41, 250_000)),
        ("-8", datetime(2026, 2, 28, 23, 4, 41, 250_000)),
        ("+05:30", datetime(2026, 3, 1, 12, 34, 41, 250_000)),
        ("UTC-3.5", datetime(2026, 3, 1, 3, 34, 41, 250_000)),
    ],
)
def test_the_clock_is_read_at_an_offset(context: ActionContext, offset: str, clock: datetime) -> None:
    assert date_time.current_at_offset(context, offset=offset) == clock


def test_the_clock_is_read_at_a_number_of_hours(context: ActionContext) -> None:
    read = date_time.current_at_custom_offset(context, 5.5, DateTimeFormat.DATE_AND_TIME)

    assert read == datetime(2026, 3, 1, 12, 34, 41, 250_000)


@pytest.mark.parametrize("offset", ["noon", "15", "+5:75", "1 2"])
def test_a_bad_offset_is_an_error(context: ActionContext, offset: str) -> None:
    with pytest.raises(InvalidOffset, match="is no offset from UTC"):
        date_time.current_at_offset(context, offset=offset)


@pytest.mark.parametrize("offset", [15, -14.5, float("nan"), float("inf"), 1e300])
def test_a_number_that_is_no_offset_is_an_error(context: ActionContext, offset: Value) -> None:
    with pytest.raises(InvalidOffset):
        date_time.current_at_custom_offset(context, offset)


def test_the_clock_is_read_in_a_country(context: ActionContext) -> None:
    tokyo = datetime(2026, 3, 1, 16, 4, 41, 250_000)

    assert date_time.current_in_zone(context, TimeZoneLocation.TOKYO) == tokyo
    assert date_time.current_in_custom_zone(context, "Tokyo Standard Time") == tokyo
    assert date_time.current_in_custom_zone(context, "Asia/Tokyo", DateTimeFormat.DATE_ONLY) == datetime(
        2026, 3, 1
    )


def test_an_unknown_zone_is_an_error_that_names_the_nearest(context: ActionContext) -> None:
    with pytest.raises(UnknownTimeZone) as caught:
        date_time.current_in_custom_zone(context, "W. Europe Standart Time")

    assert str(caught.value) == (
        "There is no time zone ‘W. Europe Standart Time’; did you mean ‘W. Europe Standard Time’?"
    )


def test_every_windows_zone_can_be_chosen() -> None:
    assert {squeezed(one.value) for one in TimeZoneLocation} == {squeezed(name) for name in WINDOWS_ZONES}


def test_the_results_carry_no_zone(context: ActionContext) -> None:
    assert date_time.current_in_zone(context).tzinfo is None
    assert context.now().tzinfo == timezone(timedelta(hours=1))
