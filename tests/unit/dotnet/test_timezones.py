from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deskhand.dotnet.timezones import find_zone
from deskhand.dotnet.zone_table import WINDOWS_ZONES


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("WEuropeStandardTime", "Europe/Berlin"),
        ("India Standard Time", "Asia/Kolkata"),
        ("UTC-08", "Etc/GMT+8"),
        ("UTC+12", "Etc/GMT-12"),
        ("UTC", "Etc/UTC"),
        ("Europe/Paris", "Europe/Paris"),
    ],
)
def test_zones_are_found_by_windows_and_iana_names(name: str, iana: str) -> None:
    zone = find_zone(name)

    assert zone is not None
    assert zone.key == iana


@pytest.mark.parametrize(
    "name", ["Nope", "", "America", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0"]
)
def test_an_unknown_zone_is_none(name: str) -> None:
    assert find_zone(name) is None


def test_every_windows_zone_can_be_used() -> None:
    unusable = [name for name in WINDOWS_ZONES if find_zone(name) is None]

    assert (len(WINDOWS_ZONES), unusable) == (141, [])


def test_summer_time_counts() -> None:
    zone = find_zone("W. Europe Standard Time")

    offsets = [datetime(2020, month, 1, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7)]
    assert offsets == [timedelta(hours=1), timedelta(hours=2)]
