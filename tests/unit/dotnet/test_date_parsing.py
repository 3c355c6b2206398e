from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from deskhand.dotnet.cultures import culture_named, invariant
from deskhand.dotnet.date_parsing import parse_date, parse_date_exact
from deskhand.dotnet.dates import Timestamp
from deskhand.dotnet.errors import BadFormat, NotADate

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "format", "clock"),
    [
        ("21052019", "ddMMyyyy", datetime(2019, 5, 21)),
        ("20190521_103059", "yyyyMMdd_HHmmss", datetime(2019, 5, 21, 10, 30, 59)),
        ("2019-05-21 3:04 PM", "yyyy-MM-dd h:mm tt", datetime(2019, 5, 21, 15, 4)),
        ("12 AM", "hh tt", datetime(2026, 11, 21)),
        ("12 PM", "hh tt", datetime(2026, 11, 21, 12)),
        ("5/21/19", "M/d/yy", datetime(2019, 5, 21)),
        ("5/21/50", "M/d/yy", datetime(1950, 5, 21)),
        ("May 21", "MMM dd", datetime(2026, 5, 21)),
        ("may 21", "MMMM dd", datetime(2026, 5, 21)),
        ("May 2019", "MMMM yyyy", datetime(2019, 5, 1)),
        ("12:30", "HH:mm", datetime(2026, 11, 21, 12, 30)),
        ("2020-01-01T00:00:00.5", "yyyy-MM-ddTHH:mm:ss.FFF", datetime(2020, 1, 1, 0, 0, 0, 500_000)),
        ("2020-01-01T00:00:00", "yyyy-MM-ddTHH:mm:ss.FFF", datetime(2020, 1, 1)),
        ("Tue 05/21/2019", "ddd MM/dd/yyyy", datetime(2019, 5, 21)),
        ("day 3", "'day' d", datetime(2026, 1, 3)),
        ("2019-05-21T10:11:12", "s", datetime(2019, 5, 21, 10, 11, 12)),
        ("5/21/2019", "d", datetime(2019, 5, 21)),
    ],
)
def test_a_text_that_follows_the_format_is_read(text: str, format: str, clock: datetime) -> None:
    assert parse_date_exact(text, format, culture_named("en-US"), TODAY) == Timestamp(clock)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("1/1/2020", "dd/MM/yyyy"),
        ("01-01-2020", "dd/MM/yyyy"),
        ("01/01/2020 ", "dd/MM/yyyy"),
        ("2019-13-01", "yyyy-MM-dd"),
        ("2019-02-30", "yyyy-MM-dd"),
        ("2019-00-01", "yyyy-MM-dd"),
        ("0000-01-01", "yyyy-MM-dd"),
        ("Mon 05/21/2019", "ddd MM/dd/yyyy"),
        ("13 AM", "HH tt"),
        ("13 PM", "hh tt"),
        ("24:00", "HH:mm"),
        ("10:60", "HH:mm"),
        ("12 13", "HH H"),
        ("Mayy", "MMM"),
        ("", "yyyy"),
        ("2020-01-01 +15:00", "yyyy-MM-dd zzz"),
    ],
)
def test_a_text_that_departs_from_the_format_is_refused(text: str, format: str) -> None:
    with pytest.raises(NotADate) as caught:
        parse_date_exact(text, format, culture_named("en-US"), TODAY)

    assert (caught.value.text, caught.value.expected) == (text, f"‘{format}’")


def test_a_bad_format_is_told_from_a_bad_text() -> None:
    with pytest.raises(BadFormat):
        parse_date_exact("2020", "'yyyy", invariant(), TODAY)


def test_zones_are_kept() -> None:
    pattern = "yyyy-MM-ddTHH:mm:ss.fffffffK"
    clock = datetime(2020, 1, 1, 12, 0, 0, 123_456)

    assert parse_date_exact("2020-01-01T12:00:00.1234567Z", pattern, invariant(), TODAY) == Timestamp(
        clock, tick=7, offset=timedelta(0), utc=True
    )
    assert parse_date_exact("2020-01-01T12:00:00.1234567-05:30", pattern, invariant(), TODAY) == Timestamp(
        clock, tick=7, offset=-timedelta(hours=5, minutes=30)
    )


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2018-03-15T13:05:09", datetime(2018, 3, 15, 13, 5, 9)),
        ("2018-03", datetime(2018, 3, 1)),
        ("2018-3-5", datetime(2018, 3, 5)),
        ("2018-03-15 13:05", datetime(2018, 3, 15, 13, 5)),
        ("03/15/2018 12:00:00", datetime(2018, 3, 15, 12)),
        ("2018/03/05", datetime(2018, 3, 5)),
        ("12/31/99", datetime(1999, 12, 31)),
        ("15 March 2018", datetime(2018, 3, 15)),
        ("March 5, 2018 3pm", datetime(2018, 3, 5, 15)),
        ("5-Mar-2018", datetime(2018, 3, 5)),
        ("March 2018", datetime(2018, 3, 1)),
        ("5 March", datetime(2026, 3, 5)),
        ("3/15", datetime(2026, 3, 15)),
        ("Thursday, March 15, 2018 1:05:09 PM", datetime(2018, 3, 15, 13, 5, 9)),
        ("13:05", datetime(2026, 11, 21, 13, 5)),
        ("1:05 PM", datetime(2026, 11, 21, 13, 5)),
        ("3 pm", datetime(2026, 11, 21, 15)),
        ("  2018-03-15  ", datetime(2018, 3, 15)),
    ],
)
def test_dates_are_read_as_americans_write_them(text: str, clock: datetime) -> None:
    assert parse_date(text, culture_named("en-US"), TODAY) == Timestamp(clock)


@pytest.mark.parametrize(
    ("text", "culture", "clock"),
    [
        ("20/10/2014", "fr-FR", datetime(2014, 10, 20)),
        ("jeudi 15 mars 2018", "fr-FR", datetime(2018, 3, 15)),
        ("15.03.2018 14:05", "de-DE", datetime(2018, 3, 15, 14, 5)),
        ("3. Mai 2018", "de-DE", datetime(2018, 5, 3)),
        ("2026年9月9日 5:00", "ja-JP", datetime(2026, 9, 9, 5)),
        ("2026/09/09 0:00:00", "ja-JP", datetime(2026, 9, 9)),
        ("15 marca 2018", "pl-PL", datetime(2018, 3, 15)),
        ("5 de mayo de 2020", "es-ES", datetime(2020, 5, 5)),
        ("15-3-2018", "nl-NL", datetime(2018, 3, 15)),
    ],
)
def test_dates_are_read_as_the_culture_writes_them(text: str, culture: str, clock: datetime) -> None:
    assert parse_date(text, culture_named(culture), TODAY) == Timestamp(clock)


def test_a_written_zone_is_kept() -> None:
    clock = datetime(2018, 3, 15, 13, 5, 9)

    assert parse_date("2018-03-15T13:05:09Z", invariant(), TODAY) == Timestamp(
        clock, offset=timedelta(0), utc=True
    )
    assert parse_date("Thu, 15 Mar 2018 13:05:09 GMT", invariant(), TODAY) == Timestamp(
        clock, offset=timedelta(0), utc=True
    )
    assert parse_date("2018-03-15T13:05:09+02:00", invariant(), TODAY) == Timestamp(
        clock, offset=timedelta(hours=2)
    )


def test_more_than_seven_fraction_digits_are_rounded() -> None:
    read = parse_date("2018-03-15T13:05:09.99999996", invariant(), TODAY)

    assert read == Timestamp(datetime(2018, 3, 15, 13, 5, 10))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "nope",
            "1521119109",
            "20180315",
            "2018-13-01",
            "2018-02-30",
            "25:00",
            "2018-03-15T24:00:00Z",
        ),
        *("Fri, 15 Mar 2018", "/Date(15)/", "2018-01-01T80:00:00Z", "March", "12", "March 99 2018 5 6"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse_date(text, culture_named("en-US"), TODAY)
