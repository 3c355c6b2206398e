from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from deskhand.dotnet.cultures import as_cloud_hosts_write, culture_named, find_culture
from deskhand.dotnet.errors import BadFormat, NotANumber
from deskhand.dotnet.numbers import Number, format_number, parse_number, round_number

CASES = [
    (1234567890, "#,##0.00", "en-US", "1,234,567,890.00"),
    (1234567890, "#,##0.00", "is-IS", "1.234.567.890,00"),
    (17.35, "C2", "en-US", "$17.35"),
    (-17.35, "C2", "en-US", "($17.35)"),
    (1234.5, "C", "de-DE", "1.234,50 €"),
    (1234.5, "C", "ja-JP", "¥1,235"),
    (0.256, "P1", "en-US", "25.6%"),
    (0.256, "P1", "fr-FR", "25,6 %"),
    (1234.5678, "N2", "en-US", "1,234.57"),
    (1234.5678, "n", "en-US", "1,234.57"),
    (-1234.5678, "N0", "de-DE", "-1.235"),
    (-0.4, "N0", "en-US", "0"),
    (1234.5678, "F0", "en-US", "1235"),
    (2.5, "F0", "en-US", "3"),
    (-2.5, "F0", "en-US", "-3"),
    (Decimal("2.675"), "F2", "en-US", "2.68"),
    (42, "D5", "en-US", "00042"),
    (-5, "D3", "en-US", "-005"),
    (255, "X", "en-US", "FF"),
    (255, "x4", "en-US", "00ff"),
    (-255, "X", "en-US", "FFFFFF01"),
    (12345.678, "E2", "en-US", "1.23E+004"),
    (0.00012, "e1", "en-US", "1.2e-004"),
    (12345.678, "G", "en-US", "12345.678"),
    (12345.678, "", "de-DE", "12345,678"),
    (12345, "", "de-DE", "12345"),
    (Decimal("10.00"), "G", "en-US", "10"),
    (1234567.891, "G3", "en-US", "1.23E+06"),
    (123456789012345678901234567890, "N0", "en-US", "123,456,789,012,345,678,901,234,567,890"),
    (12, "000", "en-US", "012"),
    (-1, "0;(0);zero", "en-US", "(1)"),
    (0, "0;(0);zero", "en-US", "zero"),
    (0.4, "0;(0);zero", "en-US", "zero"),
    (-0.4, "0", "en-US", "0"),
    (1.5, "0.00", "de-DE", "1,50"),
    (0.123, "0.0%", "en-US", "12.3%"),
    (1234567, "0,,.0", "en-US", "1.2"),
    (1234, "0.##E+00", "en-US", "1.23E+03"),
    (1234567, "#-#-#", "en-US", "12345-6-7"),
    (0, "#.##", "en-US", ""),
    (0.5, "#.##", "en-US", ".5"),
    (5, "'#'0 \\# \"x\"", "en-US", "#5 # x"),
    (1234, "#,#", "en-US", "1,234"),
    (42, "00000 Stück", "de-DE", "00042 Stück"),
]


@pytest.mark.parametrize(("number", "format", "culture", "printed"), CASES)
def test_numbers_print_as_in_net(number: float, format: str, culture: str, printed: str) -> None:
    assert format_number(number, format, culture_named(culture)) == printed


def test_cloud_hosts_print_three_fraction_digits() -> None:
    french = as_cloud_hosts_write(culture_named("fr-FR"))

    assert format_number(1234567.891, "N", french) == "1\u202f234\u202f567,891"


def test_halves_may_be_rounded_otherwise() -> None:
    american = culture_named("en-US")

    assert format_number(2.5, "F0", american, rounding=decimal.ROUND_HALF_EVEN) == "2"


@pytest.mark.parametrize(("number", "format"), [(42.5, "D5"), (42.5, "X"), (1, "Q"), (1, "'open")])
def test_what_net_refuses_is_refused(number: float, format: str) -> None:
    with pytest.raises(BadFormat):
        format_number(number, format, culture_named("en-US"))


@pytest.mark.parametrize(
    ("text", "culture", "number"),
    [
        ("1,234.50", "en-US", Decimal("1234.5")),
        (" -5 ", "en-US", -5),
        ("5-", "en-US", -5),
        ("+7", "en-US", 7),
        (".5", "en-US", Decimal("0.5")),
        ("5.", "en-US", 5),
        ("1.0", "en-US", 1),
        ("1,2,3", "en-US", 123),
        ("1.234,5", "de-DE", Decimal("1234.5")),
        ("1\u202f234,5", "fr-FR", Decimal("1234.5")),
        ("1 234,5", "fr-FR", Decimal("1234.5")),
        ("79228162514264337593543950335", "en-US", 79228162514264337593543950335),
        ("0.12345678901234567890123456789", "en-US", Decimal("0.1234567890123456789012345679")),
        ("-0", "en-US", 0),
    ],
)
def test_numbers_are_read_as_the_culture_writes_them(text: str, culture: str, number: Number) -> None:
    read = parse_number(text, culture_named(culture))

    assert (read, type(read)) == (number, type(number))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1e3",
        "--5",
        "-5-",
        "(5)",
        "$5",
        "1.2.3",
        ".",
        ",5",
        "5 5",
        "79228162514264337593543950336",
        "٣",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text, culture_named("en-US"))


def test_exponents_are_read_where_they_are_wanted() -> None:
    assert parse_number("1.5e3", culture_named("en-US"), exponent=True) == 1500


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [(Decimal("2.5"), 0, 3), (Decimal("-2.5"), 0, -3), (Decimal("1.005"), 2, Decimal("1.01")), (7, 3, 7)],
)
def test_halves_round_away_from_zero(number: Number, places: int, rounded: Number) -> None:
    assert round_number(number, places) == rounded


def test_cultures_are_found_by_name_and_by_language() -> None:
    names = [
        found.name if (found := find_culture(name)) else None for name in ("EN-us", "fr_FR", "de", "", "zz")
    ]

    assert names == ["en-US", "fr-FR", "de-DE", "", None]
    assert culture_named("de-LU").name == "de-DE"
    assert culture_named("xx-YY").name == ""
