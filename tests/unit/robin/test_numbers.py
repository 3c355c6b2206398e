from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.robin.errors import DivisionByZero, NumberTooLarge
from deskhand.robin.numbers import (
    LARGEST,
    Number,
    add,
    checked,
    divide,
    fitted,
    modulo,
    multiply,
    negate,
    number_from_float,
    subtract,
)

WHOLE = st.integers(-(10**12), 10**12)
FRACTIONS = st.decimals(min_value=-(10**7), max_value=10**7, places=6, allow_nan=False, allow_infinity=False)


def typed(number: Number) -> tuple[str, str]:
    return type(number).__name__, str(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.50", ("Decimal", "1.5")),
        ("3.0", ("int", "3")),
        ("-0.0", ("int", "0")),
        ("1E3", ("int", "1000")),
        ("1E-28", ("Decimal", "1E-28")),
        ("1E-29", ("int", "0")),
        ("1E-500", ("int", "0")),
        ("0.00000000000000000000000000015", ("Decimal", "2E-28")),
        ("79228162514264337593543950335", ("int", "79228162514264337593543950335")),
        ("7.92281625142643375935439503351", ("Decimal", "7.9228162514264337593543950335")),
        ("8.92281625142643375935439503351", ("Decimal", "8.922816251426433759354395034")),
        ("12345678901234567890.1234567891", ("Decimal", "12345678901234567890.123456789")),
    ],
)
def test_numbers_keep_what_a_net_decimal_can_hold(text: str, expected: tuple[str, str]) -> None:
    assert typed(fitted(Decimal(text))) == expected


@pytest.mark.parametrize("text", ["79228162514264337593543950335.5", "-1E29", "1E999", "NaN", "Infinity"])
def test_numbers_beyond_the_range_are_refused(text: str) -> None:
    with pytest.raises(NumberTooLarge):
        fitted(Decimal(text))


def test_the_range_of_whole_numbers_is_symmetric() -> None:
    assert [checked(LARGEST), checked(-LARGEST)] == [LARGEST, -LARGEST]
    for number in (LARGEST + 1, -LARGEST - 1):
        with pytest.raises(NumberTooLarge):
            checked(number)


@given(WHOLE, WHOLE)
def test_whole_arithmetic_is_python_s(left: int, right: int) -> None:
    assert (add(left, right), subtract(left, right), multiply(left, right)) == (
        left + right,
        left - right,
        left * right,
    )


@given(FRACTIONS, FRACTIONS)
def test_sums_and_products_of_fractions_are_exact(left: Decimal, right: Decimal) -> None:
    assert Fraction(add(left, right)) == Fraction(left) + Fraction(right)
    assert Fraction(multiply(left, right)) == Fraction(left) * Fraction(right)


@given(WHOLE, WHOLE.filter(bool))
def test_quotient_and_rest_go_together(left: int, right: int) -> None:
    rest = modulo(left, right)
    assert abs(rest) < abs(right)
    assert rest == 0 or (rest > 0) == (left > 0)
    assert (left - rest) % right == 0


@given(FRACTIONS, FRACTIONS.filter(bool))
def test_a_division_is_right_to_its_last_place(left: Decimal, right: Decimal) -> None:
    quotient = Fraction(divide(left, right))
    exact = Fraction(left) / Fraction(right)
    assert abs(quotient - exact) <= Fraction(1, 10**28) + abs(exact) / 10**28


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (10, 4, ("Decimal", "2.5")),
        (10, 5, ("int", "2")),
        (1, 3, ("Decimal", "0.3333333333333333333333333333")),
        (2, 3, ("Decimal", "0.6666666666666666666666666667")),
        (Decimal("7.5"), Decimal("2.5"), ("int", "3")),
        (LARGEST, LARGEST, ("int", "1")),
        (LARGEST, 2, ("int", "39614081257132168796771975168")),
    ],
)
def test_division_gives_fractions_where_it_must(
    left: Number, right: Number, expected: tuple[str, str]
) -> None:
    assert typed(divide(left, right)) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(-5, 3, -2), (5, -3, 2), (Decimal("5.5"), 2, Decimal("1.5")), (Decimal("-5.5"), 2, Decimal("-1.5"))],
)
def test_the_rest_has_the_dividend_s_sign(left: Number, right: Number, expected: Number) -> None:
    assert modulo(left, right) == expected


@pytest.mark.parametrize("divide_by", [divide, modulo])
def test_nothing_divides_by_zero(divide_by: type[divide]) -> None:
    with pytest.raises(DivisionByZero):
        divide_by(5, 0)


def test_negation_keeps_every_digit() -> None:
    number = Decimal("7.9228162514264337593543950335")
    assert (negate(number), negate(5), negate(negate(number))) == (number.copy_negate(), -5, number)


def test_a_binary_fraction_is_what_it_prints_as() -> None:
    assert [number_from_float(one) for one in (0.1, 2.0, -1.25, 1e3)] == [
        Decimal("0.1"),
        2,
        Decimal("-1.25"),
        1000,
    ]
