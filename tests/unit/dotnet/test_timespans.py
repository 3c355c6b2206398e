from __future__ import annotations

import pytest

from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.errors import BadFormat, NotATimeSpan
from deskhand.dotnet.timespans import TimeSpan, format_time_span, parse_time_span

LONG = TimeSpan(((3 * 24 + 4) * 3600 + 5 * 60 + 6) * 10_000_000 + 1_230_000)
SHORT = TimeSpan(-(12 * 3600 + 34 * 60 + 56) * 10_000_000)


@pytest.mark.parametrize(
    ("span", "format", "printed"),
    [
        (LONG, "", "3.04:05:06.1230000"),
        (LONG, "c", "3.04:05:06.1230000"),
        (LONG, "g", "3:4:05:06.123"),
        (LONG, "G", "3:04:05:06.1230000"),
        (SHORT, "c", "-12:34:56"),
        (SHORT, "g", "-12:34:56"),
        (SHORT, "G", "-0:12:34:56.0000000"),
        (TimeSpan(0), "c", "00:00:00"),
        (LONG, r"hh\:mm", "04:05"),
        (LONG, "%d", "3"),
        (LONG, "dddd' days 'h\\h", "0003 days 4h"),
        (LONG, r"s\.fff", "6.123"),
        (LONG, r"s\.FFFFFF", "6.123"),
    ],
)
def test_lengths_of_time_print_as_in_net(span: TimeSpan, format: str, printed: str) -> None:
    assert format_time_span(span, format, culture_named("en-US")) == printed


def test_the_culture_decides_the_decimal_separator() -> None:
    assert format_time_span(LONG, "g", culture_named("fr-FR")) == "3:4:05:06,123"


@pytest.mark.parametrize("format", ["x", "hh:mm", "hhh", "'open", "%", "%%", "a\\"])
def test_what_net_refuses_is_refused(format: str) -> None:
    with pytest.raises(BadFormat):
        format_time_span(LONG, format, culture_named("en-US"))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3.04:05:06.123", LONG),
        (" -12:34:56 ", SHORT),
        ("12:34", TimeSpan((12 * 60 + 34) * 60 * 10_000_000)),
        ("1.02:03", TimeSpan(((24 + 2) * 60 + 3) * 60 * 10_000_000)),
        ("5", TimeSpan(5 * 86_400 * 10_000_000)),
        ("0:0:0.0000001", TimeSpan(1)),
    ],
)
def test_a_length_of_time_is_read(text: str, span: TimeSpan) -> None:
    assert parse_time_span(text) == span


@pytest.mark.parametrize(
    "text", ["", "PT1H", "24:00:00", "1:60", "1:2:60", "99999999", "1:2:3.12345678", "-"]
)
def test_a_text_that_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(NotATimeSpan):
        parse_time_span(text)
