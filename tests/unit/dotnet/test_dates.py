from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from deskhand.dotnet.cultures import culture_named, invariant
from deskhand.dotnet.dates import Timestamp, format_date
from deskhand.dotnet.errors import BadFormat

AFTERNOON = datetime(2018, 3, 15, 13, 5, 9, tzinfo=UTC)
MORNING = Timestamp(datetime(2018, 3, 5, 3, 5, 9, 123_456), tick=7, offset=timedelta(0), utc=True)
BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("format", "printed"),
    [
        ("d", "3/15/2018"),
        ("D", "Thursday, March 15, 2018"),
        ("f", "Thursday, March 15, 2018 1:05 PM"),
        ("F", "Thursday, March 15, 2018 1:05:09 PM"),
        ("g", "3/15/2018 1:05 PM"),
        ("G", "3/15/2018 1:05:09 PM"),
        ("", "3/15/2018 1:05:09 PM"),
        ("m", "March 15"),
        ("M", "March 15"),
        ("o", "2018-03-15T13:05:09.0000000Z"),
        ("O", "2018-03-15T13:05:09.0000000Z"),
        ("r", "Thu, 15 Mar 2018 13:05:09 GMT"),
        ("R", "Thu, 15 Mar 2018 13:05:09 GMT"),
        ("s", "2018-03-15T13:05:09"),
        ("t", "1:05 PM"),
        ("T", "1:05:09 PM"),
        ("u", "2018-03-15 13:05:09Z"),
        ("U", "Thursday, March 15, 2018 1:05:09 PM"),
        ("y", "March 2018"),
        ("Y", "March 2018"),
    ],
)
def test_standard_formats_print_as_in_net(format: str, printed: str) -> None:
    assert format_date(AFTERNOON, format, culture_named("en-US")) == printed


@pytest.mark.parametrize(
    ("format", "printed"),
    [
        ("d/M/yy h:m:s t tt", "5/3/18 3:5:9 A AM"),
        ("dd-MM-yyyy HH:mm", "05-03-2018 03:05"),
        ("mm/MM", "05/03"),
        ("ddd dddd MMM MMMM yyyyy", "Mon Monday Mar March 02018"),
        ("f ff fff ffff fffff ffffff fffffff", "1 12 123 1234 12345 123456 1234567"),
        ("ss.FFFFFFF", "09.1234567"),
        ("H HH h hh K z zz zzz", "3 03 3 03 Z +0 +00 +00:00"),
        ("g", "3/5/2018 3:05 AM"),
        ("gg yyy", "A.D. 2018"),
        ("%d", "5"),
        ("%h", "3"),
        ("%M", "3"),
        ("hhh", "03"),
        (r"yyyy\-MM", "2018-03"),
        (r"\d\d", "dd"),
        ('"Q"yyyy', "Q2018"),
        ("d 'of' MMMM", "5 of March"),
        (r"'it\'s' HH", "it's 03"),
        ("yyyy-MM-ddTHH:mm:ssZ", "2018-03-05T03:05:09Z"),
        ("yyyyMMdd_HHmmss", "20180305_030509"),
    ],
)
def test_custom_formats_print_as_in_net(format: str, printed: str) -> None:
    assert format_date(MORNING, format, culture_named("en-US")) == printed


@pytest.mark.parametrize(
    ("microseconds", "printed"), [(0, "09"), (120_000, "09.12"), (123_000, "09.123"), (100, "09")]
)
def test_an_absent_fraction_takes_its_dot_with_it(microseconds: int, printed: str) -> None:
    moment = AFTERNOON.replace(microsecond=microseconds)

    assert format_date(moment, "ss.FFF", invariant()) == printed


@pytest.mark.parametrize(
    ("hour", "printed"),
    [(0, "12 AM"), (1, "1 AM"), (11, "11 AM"), (12, "12 PM"), (13, "1 PM"), (23, "11 PM")],
)
def test_noon_and_midnight_are_twelve(hour: int, printed: str) -> None:
    assert format_date(AFTERNOON.replace(hour=hour), "h tt", invariant()) == printed


@pytest.mark.parametrize(
    ("culture", "format", "printed"),
    [
        ("de-DE", "D", "Donnerstag, 15. März 2018"),
        ("de-DE", "G", "15.03.2018 13:05:09"),
        ("en-AU", "G", "15/03/2018 1:05:09 PM"),
        ("en-CA", "d", "2018-03-15"),
        ("fi-FI", "f", "torstai 15. maaliskuuta 2018 13.05"),
        ("ru-RU", "D", "15 марта 2018 г."),
        ("cs-CZ", "m", "15. března"),
        ("tr-TR", "D", "15 Mart 2018 Perşembe"),
        ("zh-CN", "d", "2018/3/15"),
        ("ko-KR", "F", "2018년 3월 15일 목요일 오후 1:05:09"),
        ("de-DE", "dd/MM/yyyy", "15.03.2018"),
        ("en-GB", "d", "15/03/2018"),
        ("fr-FR", "D", "jeudi 15 mars 2018"),
        ("fr-fr", "dddd MMMM d", "jeudi mars 15"),
        ("ja-JP", "G", "2018/03/15 13:05:09"),
        ("ja-JP", "D", "2018年3月15日"),
        ("es-ES", "D", "jueves, 15 de marzo de 2018"),
        ("it-IT", "y", "marzo 2018"),
        ("nl-NL", "d", "15-3-2018"),
        ("pt-BR", "D", "quinta-feira, 15 de março de 2018"),
        ("pl-PL", "D", "czwartek, 15 marca 2018"),
        ("pl-PL", "y", "marzec 2018"),
        ("", "d", "03/15/2018"),
        ("zz-ZZ", "d", "03/15/2018"),
    ],
)
def test_names_and_order_follow_the_culture(culture: str, format: str, printed: str) -> None:
    assert format_date(AFTERNOON, format, culture_named(culture)) == printed


@pytest.mark.parametrize("format", ["o", "r", "s", "u"])
def test_round_trip_formats_ignore_the_culture(format: str) -> None:
    german = format_date(AFTERNOON, format, culture_named("de-DE"))

    assert german == format_date(AFTERNOON, format, invariant())


def test_a_moment_without_a_zone_prints_the_local_offset_but_no_kind() -> None:
    moment = Timestamp(datetime(2018, 3, 15, 13, 5))

    assert format_date(moment, "K|zzz|%z", invariant(), local=BERLIN) == "|+01:00|+1"


def test_an_offset_is_printed_with_its_sign() -> None:
    west = AFTERNOON.astimezone(timezone(-timedelta(hours=3, minutes=30)))

    assert format_date(west, "HH:mm K zz", invariant()) == "09:35 -03:30 -03"


def test_the_universal_format_turns_the_clock_to_utc() -> None:
    moment = datetime(2018, 3, 15, 0, 30)

    assert format_date(Timestamp(moment), "U", invariant(), local=BERLIN) == (
        "Wednesday, 14 March 2018 23:30:00"
    )


@pytest.mark.parametrize(
    "format", ["q", "h", " ", "S", "%", "%%", "'abc", "abc\\", "ffffffff", "FFFFFFFF", "'a\\"]
)
def test_what_net_refuses_is_refused(format: str) -> None:
    with pytest.raises(BadFormat) as caught:
        format_date(AFTERNOON, format, invariant())

    assert caught.value.format == format


def test_ticks_count_from_the_year_one() -> None:
    assert Timestamp(datetime(1970, 1, 1)).ticks == 621_355_968_000_000_000


def test_an_instant_becomes_the_local_clock() -> None:
    assert MORNING.to_local(BERLIN) == datetime(2018, 3, 5, 4, 5, 9, 123_456)
    assert Timestamp(datetime(2018, 3, 5)).to_local(BERLIN) == datetime(2018, 3, 5)
