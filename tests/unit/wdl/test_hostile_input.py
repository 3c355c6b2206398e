"""Expressions that want too much end with a precise error, and soon."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.wdl.errors import ExpressionError, ExpressionTooLarge
from deskhand.wdl.evaluator import evaluate_template, evaluate_text
from deskhand.wdl.functions import FUNCTIONS
from deskhand.wdl.limits import Limits
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import write_json

SCOPE = StaticScope(variables={"long": "a" * 100_000, "many": ["a" * 1_000] * 1_000})
SMALL = Limits(length=2_000, depth=20, result=200_000, work=500_000)
_END = " Please see https://aka.ms/logicexpressions for usage details."


def message(expression: str, limits: Limits = SMALL) -> str:
    with pytest.raises(ExpressionError) as caught:
        evaluate_text(expression, SCOPE, limits)
    return caught.value.message.removesuffix(_END)


def too_large(what: str) -> str:
    return f"The template language expression is too large: {what}."


def test_a_long_expression_is_refused() -> None:
    assert message("concat('" + "x" * 2_000 + "')") == too_large("its length exceeds 2000 characters")


@pytest.mark.parametrize(
    "expression",
    [
        "not(" * 21 + "true" + ")" * 21,
        "not(" * 100,
        "a()" + "['x']" * 25,
        "a(" + "b()[" * 25,
        "a()" + ".b" * 300,
    ],
)
def test_a_deeply_nested_expression_is_refused(expression: str) -> None:
    assert message(expression) == too_large("its nesting exceeds 20 levels")


def test_an_expression_as_deep_as_the_default_allows_is_evaluated() -> None:
    assert evaluate_text("not(" * 100 + "true" + ")" * 100, SCOPE) is True


@pytest.mark.parametrize(
    "expression",
    [
        "concat(variables('long'), variables('long'), variables('long'))",
        "replace(variables('long'), 'a', 'aaa')",
        "join(variables('many'), '')",
        "join(range(0, 1000), variables('long'))",
    ],
)
def test_a_result_beyond_the_limit_is_refused(expression: str) -> None:
    assert message(expression) == too_large("a result exceeds 200000 characters or elements")


def test_many_large_results_are_refused_together() -> None:
    copies = ", ".join(["concat(variables('long'), '')"] * 6)
    assert message(f"length(createArray({copies}))") == too_large(
        "all it produces exceeds 500000 characters or elements"
    )


def test_a_runaway_replacement_is_refused_before_it_fills_memory() -> None:
    expression = "variables('long')"
    for _ in range(12):
        expression = f"replace({expression}, 'a', 'aaaaaaaaaa')"
    assert message(expression, Limits()) == too_large("a result exceeds 104857600 characters or elements")


def test_a_range_has_at_most_so_many_numbers() -> None:
    assert message("range(0, 2000000000)").startswith(
        "The template language function 'range' parameters are out of range:"
    )


@pytest.mark.parametrize("format", ["F999999999", "D999999999", "N0999999", "0." + "0" * 600])
def test_a_number_is_not_padded_without_end(format: str) -> None:
    assert message(f"formatNumber(1, '{format}')").startswith(
        f"The template language function 'formatNumber' format string '{format}' is not valid."
    )


def test_a_number_of_many_digits_is_printed_whole() -> None:
    assert evaluate_text("formatNumber(1e308, 'F99')", SCOPE).endswith("336." + "0" * 99)


@pytest.mark.parametrize("text", ["1" + " " * 100_000 + "x", "1:" * 50_000, "March " * 20_000])
def test_a_long_text_is_no_date_and_takes_no_time(text: str) -> None:
    assert "was not valid" in complaint("formatDateTime(variables('t'))", text)


def test_deeply_nested_json_text_is_refused() -> None:
    limits = Limits()
    scope = StaticScope(variables={"text": "[" * 100_000})
    with pytest.raises(ExpressionError, match="MaxDepth of 128 has been exceeded"):
        evaluate_text("json(variables('text'))", scope, limits)


def test_deeply_nested_values_are_refused_wherever_they_are_walked() -> None:
    value: object = 1
    for _ in range(5_000):
        value = [value]
    scope = StaticScope(variables={"deep": value})
    with pytest.raises(ExpressionTooLarge):
        evaluate_text("string(variables('deep'))", scope)
    with pytest.raises(ExpressionTooLarge):
        evaluate_template("@{variables('deep')}", scope)
    with pytest.raises(ExpressionTooLarge):
        evaluate_template(value, scope)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
    ],
)
def test_a_document_type_is_refused(text: str) -> None:
    scope = StaticScope(variables={"text": text})
    with pytest.raises(ExpressionError, match="For security reasons DTD is prohibited"):
        evaluate_text("xml(variables('text'))", scope)


@pytest.mark.parametrize("query", ["document('/etc/passwd')", "unknown()", "$variable", "//x:y"])
def test_a_query_reaches_nothing_but_its_document(query: str) -> None:
    with pytest.raises(ExpressionError, match="must be a supported, well formed XPath expression"):
        evaluate_text(f"xpath(xml('<a/>'), '{query.replace(chr(39), chr(39) * 2)}')", StaticScope())


def test_many_digits_are_no_number() -> None:
    assert message("1" * 5_000, Limits()).endswith("the number at position '0' has too many digits.")
    assert evaluate_text("isInt(variables('t'))", StaticScope(variables={"t": "1" * 100_000})) is False


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_an_error_of_the_language(text: str) -> None:
    for evaluate in (evaluate_text, evaluate_template):
        with suppress(ExpressionError):
            evaluate(text, StaticScope())


def complaint(expression: str, text: str) -> str:
    """Return how an expression over a text fails; empty if it does not."""
    try:
        evaluate_text(expression, StaticScope(variables={"t": text}))
    except ExpressionError as error:
        return error.message
    return ""


@given(st.text(st.sampled_from("{}[]:,'\"\\u00d8\n/*-+.eE0x1ntfalsu "), max_size=30))
def test_any_json_text_is_a_value_or_a_precise_error(text: str) -> None:
    found = complaint("json(variables('t'))", text)
    assert not found or found.startswith("The template language function 'json' parameter is not valid.")


@given(st.text(st.sampled_from("<>/abx=\"'!-[]CDATA?& ;#1:"), max_size=30))
def test_any_xml_text_is_a_value_or_a_precise_error(text: str) -> None:
    found = complaint("json(xml(variables('t')))", text)
    assert not found or found.startswith("The template language function 'xml' parameter is not valid.")


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([2**63, -(2**63) - 1, 10**30]),
        st.floats(),
        st.text(max_size=6),
        st.sampled_from(
            ["2018-03-15T13:05:09Z", "0001-01-01", "Day", "Year", "UTC", "fr-FR", "N2", "<a>1</a>"]
        ),
        st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-100, max_value=100),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(max_examples=15)
@given(values=st.lists(VALUES, max_size=4))
def test_any_function_takes_any_values_or_refuses_them(name: str, values: list[object]) -> None:
    arguments = ", ".join(f"variables('v{place}')" for place in range(len(values)))
    scope = StaticScope(variables={f"v{place}": value for place, value in enumerate(values)})
    with suppress(ExpressionError):
        write_json(evaluate_text(f"{name}({arguments})", scope))
