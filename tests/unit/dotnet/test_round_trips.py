"""What is printed can be read back, whatever the value and the culture."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.dotnet.culture_table import CULTURES
from deskhand.dotnet.cultures import Culture, invariant
from deskhand.dotnet.date_parsing import parse_date, parse_date_exact
from deskhand.dotnet.dates import Timestamp, format_date
from deskhand.dotnet.numbers import format_number, parse_number
from deskhand.dotnet.regexes import compile_expression, escape_expression

TODAY = date(2026, 11, 21)
cultures = st.sampled_from(list(CULTURES.values()))
seconds = st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
decimals = st.decimals(
    min_value=Decimal(-(10**20)), max_value=Decimal(10**20), places=8, allow_nan=False, allow_infinity=False
)


@given(moment=st.datetimes(), tick=st.integers(0, 9))
@settings(deadline=None)
def test_the_round_trip_format_keeps_every_tick(moment: datetime, tick: int) -> None:
    stamp = Timestamp.of(moment.replace(tzinfo=UTC))
    stamp = Timestamp(stamp.clock, tick, stamp.offset, stamp.utc)

    printed = format_date(stamp, "o", invariant())

    assert parse_date_exact(printed, "o", invariant(), TODAY) == stamp
    assert parse_date(printed, invariant(), TODAY) == stamp


@pytest.mark.parametrize("format", ["D", "F", "f", "G", "d"])
@given(moment=seconds, culture=cultures)
@settings(deadline=None, max_examples=40)
def test_a_standard_format_is_read_back_in_its_culture(
    format: str, moment: datetime, culture: Culture
) -> None:
    printed = format_date(Timestamp(moment), format, culture)

    read = parse_date_exact(printed, format, culture, TODAY)

    assert format_date(read, format, culture) == printed


@given(moment=seconds, culture=cultures)
@settings(deadline=None)
def test_the_general_format_is_read_without_being_named(moment: datetime, culture: Culture) -> None:
    printed = format_date(Timestamp(moment), "G", culture)

    assert parse_date(printed, culture, TODAY) == Timestamp(moment)


@given(number=decimals, culture=cultures)
@settings(deadline=None)
def test_numbers_are_read_back(number: Decimal, culture: Culture) -> None:
    assert parse_number(format_number(number, "N8", culture), culture) == number
    assert parse_number(format_number(number, "#,##0.########", culture), culture) == number


@given(text=st.text(max_size=30))
@settings(deadline=None)
def test_an_escaped_text_is_found_where_it_stands(text: str) -> None:
    found = compile_expression(escape_expression(text)).first(f"{text}")

    assert found is not None
    assert (found.start, found.text) == (0, text)
