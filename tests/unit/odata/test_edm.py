from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from deskhand.odata import nodes
from deskhand.odata.edm import Scalar, text_to_scalar, to_scalar

FLOW = UUID("6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHOLE = "a whole number from -2147483648 to 2147483647"


def number(text: str) -> nodes.Number:
    return nodes.Number(Decimal(text))


@pytest.mark.parametrize(
    ("literal", "edm_type", "value"),
    [
        (nodes.Null(), "Edm.Int32", None),
        (nodes.Text("x"), "Edm.String", "x"),
        (nodes.Guid(FLOW), "Edm.Guid", FLOW),
        (nodes.Text(str(FLOW)), "Edm.Guid", FLOW),
        (nodes.Text(f"{{{FLOW}}}"), "Edm.Binary", FLOW),
        (number("2147483647"), "Edm.Int32", 2_147_483_647),
        (number("4.0"), "Edm.Int32", 4),
        (number("-9223372036854775808"), "Edm.Int64", -(2**63)),
        (number("2.5"), "Edm.Double", 2.5),
        (nodes.Boolean(True), "Edm.Boolean", True),
        (nodes.Instant(NOON), "Edm.DateTimeOffset", NOON),
        (nodes.Day(date(2026, 3, 1)), "Edm.DateTimeOffset", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_literal_has_a_value_for_its_type(
    literal: nodes.Literal, edm_type: str, value: Scalar | None
) -> None:
    assert to_scalar(literal, edm_type) == value


@pytest.mark.parametrize(
    ("literal", "edm_type", "expected"),
    [
        (number("1"), "Edm.String", "a text in quotes"),
        (nodes.Text("x"), "Edm.Guid", "a GUID"),
        (nodes.Text("4"), "Edm.Int32", WHOLE),
        (number("2.5"), "Edm.Int32", WHOLE),
        (number("2147483648"), "Edm.Int32", WHOLE),
        (number("9223372036854775808"), "Edm.Int64", "a whole number of 64 bits"),
        (number("1"), "Edm.Boolean", "true or false"),
        (nodes.Text("2026"), "Edm.DateTimeOffset", "a date and time such as 2026-03-01T08:00:00Z"),
    ],
)
def test_a_literal_of_another_type_is_refused(literal: nodes.Literal, edm_type: str, expected: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        to_scalar(literal, edm_type)


@pytest.mark.parametrize(
    ("text", "edm_type", "value"),
    [
        ("O'Neil", "Edm.String", "O'Neil"),
        ("4", "Edm.Int32", 4),
        (" -4 ", "Edm.Int64", -4),
        ("2.5", "Edm.Double", 2.5),
        ("1", "Edm.Boolean", True),
        ("False", "Edm.Boolean", False),
        (str(FLOW), "Edm.Guid", FLOW),
        ("2026-03-01T12:00:00Z", "Edm.DateTimeOffset", NOON),
        ("2026-03-01", "Edm.DateTimeOffset", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_the_texts_of_query_functions_are_read_as_the_columns_type(
    text: str, edm_type: str, value: Scalar
) -> None:
    assert text_to_scalar(nodes.Text(text), edm_type) == value


@pytest.mark.parametrize(
    ("text", "edm_type"),
    [
        ("x", "Edm.Int32"),
        ("", "Edm.Int32"),
        ("NaN", "Edm.Double"),
        ("1e999999", "Edm.Double"),
        ("2147483648", "Edm.Int32"),
        ("perhaps", "Edm.Boolean"),
        ("6f0d", "Edm.Guid"),
        ("tomorrow", "Edm.DateTimeOffset"),
        ("9999-12-31T23:59:59-23:59", "Edm.DateTimeOffset"),
    ],
)
def test_a_text_that_means_nothing_for_the_type_is_refused(text: str, edm_type: str) -> None:
    with pytest.raises(ValueError, match=r"^(a|true) "):
        text_to_scalar(nodes.Text(text), edm_type)


def test_a_value_of_a_query_function_may_also_stand_without_quotes() -> None:
    assert text_to_scalar(number("4"), "Edm.Int32") == 4
