"""``parse(print(tree)) == tree``, for every tree."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from deskhand.robin.nodes import Expression, Script
from deskhand.robin.parser import parse, parse_expression
from deskhand.robin.printer import print_expression, print_script
from tests.unit.robin.script_strategies import LOOSE_EXPRESSIONS, scripts, ungrouped

PATIENT = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@PATIENT
@given(LOOSE_EXPRESSIONS)
def test_an_expression_means_the_same_after_printing(tree: Expression) -> None:
    assert ungrouped(parse_expression(print_expression(tree))) == ungrouped(tree)


@PATIENT
@given(scripts())
def test_a_script_reads_as_itself_and_prints_as_itself(script: Script) -> None:
    printed = print_script(script)
    read = parse(printed)
    assert read == script
    assert print_script(read) == printed
