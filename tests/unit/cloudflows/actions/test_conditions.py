"""If and Switch. Source: cloud-flows 3.6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud_runs import NOTHING, MemoryRun, run_actions

YES = {"Yes": {"type": "Compose", "inputs": "yes"}}
NO = {"No": {"type": "Compose", "inputs": "no"}}


def check(expression: Any) -> MemoryRun:
    return run_actions(
        {"Check": {"type": "If", "expression": expression, "actions": YES, "else": {"actions": NO}}}
    )


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("@equals(1, 1.0)", True),
        ("@not(true)", False),
        (True, True),
        (False, False),
        ({"equals": [1, "@add(0,1)"]}, True),
        ({"EQUALS": ["true", True]}, False),
        ({"not": {"equals": [1, 1]}}, False),
        ({"not": "@false"}, True),
        ({"and": [{"greater": [2, 1]}, {"or": [{"equals": [1, 2]}, "@equals(3, 3)"]}]}, True),
        ({"and": [False, {"equals": ["@int('never evaluated')", 1]}]}, False),
        ({"or": [True, {"equals": ["@int('never evaluated')", 1]}]}, True),
        ({"contains": ["@createArray('x', 'y')", "x"]}, True),
        ({"empty": [""]}, True),
    ],
)
def test_one_of_two_branches_runs(expression: Any, result: bool) -> None:
    finished = check(expression)

    taken, other = ("Yes", "No") if result else ("No", "Yes")
    assert finished.statuses() == {other: "Skipped", taken: "Succeeded", "Check": "Succeeded"}
    assert finished.record("Check").inputs == {"expressionResult": result}
    assert finished.outputs("Check") is NOTHING


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("@int('no')", "InvalidTemplate"),
        ({"equals": ["@int('no')", 1]}, "InvalidTemplate"),
        ({"equals": [1, 1], "not": False}, "InvalidTemplate"),
        ({}, "InvalidTemplate"),
        ({"and": []}, "InvalidTemplate"),
        ({"teleport": [1]}, "InvalidTemplate"),
        ("true", "ExpressionEvaluationFailed"),
        ("@string(true)", "ExpressionEvaluationFailed"),
        (None, "ExpressionEvaluationFailed"),
        (1, "ExpressionEvaluationFailed"),
    ],
)
def test_a_condition_that_fails_or_is_no_boolean_fails_the_action_and_no_branch_runs(
    expression: Any, code: str
) -> None:
    finished = check(expression)

    record = finished.record("Check")
    assert finished.statuses() == {"Check": "Failed", "Yes": "Skipped", "No": "Skipped"}
    assert (record.code, record.problem and record.problem.code) == ("BadRequest", code)
    for name in ("Yes", "No"):
        problem = finished.record(name).problem
        assert problem is not None
        assert problem.message == (
            f"The execution of template action '{name}' is skipped: dependant action 'Check' completed with "
            "status 'Failed' and code 'BadRequest'."
        )


def choose(value: Any, **members: Any) -> MemoryRun:
    cases = {
        "Red": {"case": "red", "actions": {"A": {"type": "Compose", "inputs": 1}}},
        "Two": {"case": 2, "actions": {"B": {"type": "Compose", "inputs": 1}}},
        "Named": {"case": "@parameters('Colour')", "actions": {"C": {"type": "Compose", "inputs": 1}}},
    }
    default = {"default": {"actions": {"D": {"type": "Compose", "inputs": 1}}}}
    choice = {"type": "Switch", "expression": value, "cases": cases, **default, **members}
    return run_actions({"Choose": choice}, parameters={"Colour": "blue"})


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("@concat('re', 'd')", "A"),
        ("red", "A"),
        ("@concat('R', 'ed')", "D"),
        ("@add(1, 1)", "B"),
        ("@string(2)", "D"),
        ("@true", "D"),
        ("@null", "D"),
        ("@concat('blue')", "C"),
    ],
)
def test_exactly_one_case_runs_the_first_that_equals_the_value_strictly(value: str, taken: str) -> None:
    finished = choose(value)

    ended = finished.statuses()
    assert [name for name in "ABCD" if ended[name] == "Succeeded"] == [taken]
    assert {ended[name] for name in "ABCD" if name != taken} == {"Skipped"}
    assert ended["Choose"] == "Succeeded"


def test_a_switch_returns_what_it_switched_on() -> None:
    assert choose("@add(1, 1)").outputs("Choose") == {"expression": 2}


def test_without_a_default_nothing_runs() -> None:
    finished = run_actions({"Choose": {"type": "Switch", "expression": "@1", "cases": {}}})

    assert finished.statuses() == {"Choose": "Succeeded"}


def test_a_switch_whose_expression_fails_skips_every_branch() -> None:
    finished = choose("@int('no')")

    assert finished.statuses() == {
        "Choose": "Failed",
        "A": "Skipped",
        "B": "Skipped",
        "C": "Skipped",
        "D": "Skipped",
    }


def test_a_branch_that_fails_fails_the_switch() -> None:
    broken = {"Broken": {"type": "Compose", "inputs": "@int('no')"}}
    finished = run_actions(
        {"Choose": {"type": "Switch", "expression": "@1", "cases": {"One": {"case": 1, "actions": broken}}}}
    )

    assert (finished.statuses(), finished.outputs("Choose")) == (
        {"Broken": "Failed", "Choose": "Failed"},
        {"expression": 1},
    )
