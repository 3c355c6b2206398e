"""Conditions in object form."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.wdl.conditions import evaluate_condition
from deskhand.wdl.errors import ConditionMalformed, ExpressionError, ExpressionTooLarge, FunctionUnknown
from deskhand.wdl.scope import StaticScope

SCOPE = StaticScope(variables={"n": 1, "list": ["a", "x"]})


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("@equals(1, 1)", True),
        (True, True),
        ({"equals": ["@variables('n')", 1]}, True),
        ({"EQUALS": ["@variables('n')", "1"]}, False),
        ({"not": {"contains": ["@variables('list')", "y"]}}, True),
        ({"and": [{"greater": ["@variables('n')", 0]}, {"or": ["@false", "@true"]}]}, True),
        ({"or": ["@true", {"equals": ["@div(1, 0)", 1]}]}, True),
        ({"and": ["@false", {"nonsense": []}]}, False),
        ({"equals": ["true", "@true"]}, False),
    ],
)
def test_a_condition_is_worth_what_its_functions_say(condition: Any, value: bool) -> None:
    assert evaluate_condition(condition, SCOPE) is value


@pytest.mark.parametrize(
    ("condition", "error", "message"),
    [
        ({}, ConditionMalformed, "found ''"),
        ({"and": [], "or": []}, ConditionMalformed, "found 'and, or'"),
        ({"nonsense": [1]}, FunctionUnknown, "The template function 'nonsense' is not defined or not valid"),
        ({"and": []}, ExpressionError, "expects at least one boolean parameter"),
        ({"equals": [1]}, ExpressionError, "The function was invoked with '1' parameter"),
    ],
)
def test_a_malformed_condition_is_refused(condition: Any, error: type[ExpressionError], message: str) -> None:
    with pytest.raises(error, match=message):
        evaluate_condition(condition, SCOPE)


def test_a_condition_nested_too_deeply_is_refused() -> None:
    condition: Any = True
    for _ in range(200):
        condition = {"not": condition}
    with pytest.raises(ExpressionTooLarge):
        evaluate_condition(condition, SCOPE)
