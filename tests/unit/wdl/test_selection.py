"""Selecting properties and elements: each row of the table, safe and not."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.wdl.errors import SelectionFailed
from deskhand.wdl.evaluator import evaluate_text
from deskhand.wdl.scope import StaticScope

SCOPE = StaticScope(
    variables={
        "o": {"a": 1, "B": {"c/d": 2, "c": {"d": 3}}, "list": [1]},
        "arr": [1, 2, 3],
        "none": None,
        "s": "text",
        "void": [],
    }
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("variables('O').A", 1),
        ("variables('o')?.zz", None),
        ("variables('o')?['zz']", None),
        ("variables('o')['b/c/d']", 3),
        ("variables('o')['B']['c/d']", 2),
        ("variables('o')?['b/x/y']", None),
        ("variables('o')?['list/0']", None),
        ("variables('arr')[2]", 3),
        ("variables('arr')?[3]", None),
        ("variables('none')?['a']?['b']", None),
        ("variables('none')?[0]", None),
    ],
)
def test_what_is_there_is_selected_and_a_question_mark_forgives(expression: str, value: Any) -> None:
    assert evaluate_text(expression, SCOPE) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("variables('o').zz", "property 'zz' doesn't exist, available properties are 'a, B, list'"),
        ("variables('o')?['zz']['b']", "property 'b' cannot be selected"),
        ("variables('none').a", "property 'a' cannot be selected"),
        (
            "variables('arr')?['a']",
            "property 'a' cannot be selected. Array elements can only be selected using an integer index",
        ),
        (
            "variables('s')?.a",
            "property 'a' cannot be selected. Property selection is not supported on values of type 'String'",
        ),
        (
            "variables('s')?[0]",
            "property '0' cannot be selected. Property selection is not supported on values of type 'String'",
        ),
        ("variables('arr')[9]", "array index '9' is outside bounds (0, 2) of array"),
        ("variables('arr')[-1]", "array index '-1' is outside bounds (0, 2) of array"),
        ("variables('void')[0]", "array index '0' cannot be selected from empty array"),
    ],
)
def test_what_is_not_there_is_an_error_that_quotes_the_expression(expression: str, reason: str) -> None:
    with pytest.raises(SelectionFailed) as caught:
        evaluate_text(expression, SCOPE)
    assert caught.value.message == (
        f"The template language expression '{expression}' cannot be evaluated because {reason}. "
        "Please see https://aka.ms/logicexpressions for usage details."
    )
