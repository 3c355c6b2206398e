"""Until. Source: cloud-flows 3.6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deskhand.core.settings import Settings
from tests.cloud_runs import MemoryRun, after, run_actions

INIT = {"type": "InitializeVariable", "inputs": {"variables": [{"name": "n", "type": "integer"}]}}
COUNT = {"type": "IncrementVariable", "inputs": {"name": "n"}}


def wait(seconds: int, **members: Any) -> dict[str, Any]:
    return {"type": "Wait", "inputs": {"interval": {"count": seconds, "unit": "Second"}}, **members}


def repeat(
    expression: Any,
    actions: Mapping[str, Any] | None = None,
    limit: Mapping[str, Any] | None = None,
    **members: Any,
) -> MemoryRun:
    loop = {"type": "Until", "expression": expression, "actions": actions or {"Count": COUNT}, **members}
    limited = loop if limit is None else {**loop, "limit": limit}
    return run_actions({"Init": INIT, "Loop": {**limited, "runAfter": after("Init")}})


def end(finished: MemoryRun) -> tuple[str, str, str | None]:
    record = finished.record("Loop")
    return str(record.status), record.code, record.problem and record.problem.code


def test_the_actions_come_before_the_first_test() -> None:
    finished = repeat("@true")

    assert (finished.variable("n"), end(finished)) == (1, ("Succeeded", "NotSpecified", None))


def test_the_actions_repeat_until_the_condition_is_true() -> None:
    finished = repeat("@equals(variables('n'), 4)")

    assert [one.repetition for one in finished.records("Count")] == [(0,), (1,), (2,), (3,)]
    assert end(finished) == ("Succeeded", "NotSpecified", None)


def test_the_condition_sees_the_iteration_that_has_just_ended() -> None:
    inside = {
        "Count": COUNT,
        "Seen": {"type": "Compose", "inputs": "@variables('n')", "runAfter": after("Count")},
    }
    finished = repeat("@equals(outputs('Seen'), 3)", inside)

    assert finished.variable("n") == 3


@pytest.mark.parametrize(
    "expression",
    [
        {"and": [{"greaterOrEquals": ["@variables('n')", 3]}, "@true"]},
        "@not(less(variables('n'), 3))",
    ],
)
def test_the_condition_may_be_an_object_of_functions(expression: Any) -> None:
    assert repeat(expression).variable("n") == 3


@pytest.mark.parametrize(
    ("limit", "iterations"),
    [
        (None, 60),
        ({}, 60),
        ({"count": 3}, 3),
        ({"count": "4"}, 4),
        ({"count": "@add(2, 3)", "timeout": "@concat('PT', '1H')"}, 5),
        ({"count": 1, "timeout": "PT1H"}, 1),
    ],
)
def test_a_loop_that_reaches_its_count_succeeds(limit: Any, iterations: int) -> None:
    finished = repeat("@false", limit=limit)

    assert (finished.variable("n"), end(finished)) == (iterations, ("Succeeded", "NotSpecified", None))


def test_a_loop_that_reaches_its_limits_fails_if_it_says_so() -> None:
    finished = repeat("@false", limit={"count": 3}, operationOptions="FailWhenLimitsReached")

    assert (finished.variable("n"), end(finished)) == (
        3,
        ("Failed", "ActionFailed", "ActionUntilLimitsReached"),
    )


def test_a_condition_that_is_true_at_the_last_iteration_reaches_no_limit() -> None:
    finished = repeat(
        "@equals(variables('n'), 3)", limit={"count": 3}, operationOptions="FailWhenLimitsReached"
    )

    assert end(finished) == ("Succeeded", "NotSpecified", None)


@pytest.mark.parametrize(
    ("timeout", "iterations"), [(None, 6), ("PT1H", 6), ("PT25M", 3), ("PT10M", 1), ("PT0S", 1)]
)
def test_the_timeout_is_looked_at_between_iterations_and_the_one_that_runs_completes(
    timeout: str | None, iterations: int
) -> None:
    inside = {"Wait": wait(600), "Count": {**COUNT, "runAfter": after("Wait")}}
    finished = repeat("@false", inside, limit=None if timeout is None else {"timeout": timeout})

    assert (finished.variable("n"), end(finished)) == (iterations, ("Succeeded", "NotSpecified", None))
    assert (finished.time.now - finished.state.started).total_seconds() == iterations * 600


def test_the_timeout_fails_a_loop_that_says_so() -> None:
    finished = repeat(
        "@false", {"Wait": wait(600)}, limit={"timeout": "PT15M"}, operationOptions="FailWhenLimitsReached"
    )

    assert (len(finished.records("Wait")), end(finished)) == (
        2,
        ("Failed", "ActionFailed", "ActionUntilLimitsReached"),
    )


def failing_at(*iterations: int) -> dict[str, Any]:
    """Actions whose iteration fails at some values of the variable."""
    broken = f"@if(contains(createArray({','.join(map(str, iterations))}), variables('n')), int('no'), 1)"
    return {"Count": COUNT, "Work": {"type": "Compose", "inputs": broken, "runAfter": after("Count")}}


def test_the_loop_ends_as_its_last_iteration_did() -> None:
    early = repeat("@equals(variables('n'), 3)", failing_at(1, 2))
    late = repeat("@equals(variables('n'), 3)", failing_at(3))
    limited = repeat("@false", failing_at(3), limit={"count": 3})

    assert [str(one.status) for one in early.records("Work")] == ["Failed", "Failed", "Succeeded"]
    assert end(early) == ("Succeeded", "NotSpecified", None)
    assert (late.variable("n"), end(late)) == (3, ("Failed", "ActionFailed", "ActionFailed"))
    assert end(limited) == ("Failed", "ActionFailed", "ActionFailed")


@pytest.mark.parametrize(
    "expression", ["@int('no')", "@variables('n')", "@body('Loop')['x']", {"equals": ["@int('no')", 1]}]
)
def test_a_condition_that_cannot_be_evaluated_ends_the_loop_after_an_iteration(expression: Any) -> None:
    finished = repeat(expression)

    assert (finished.variable("n"), end(finished)) == (
        1,
        ("Failed", "BadRequest", "ActionUntilConditionFailed"),
    )


@pytest.mark.parametrize(
    "limit",
    [
        {"count": 0},
        {"count": -1},
        {"count": 6000},
        {"count": "many"},
        {"count": True},
        {"count": 1.5},
        {"count": "@int('no')"},
        {"timeout": "1 hour"},
        {"timeout": 5},
        {"timeout": "P9999Y"},
    ],
)
def test_limits_that_are_none_fail_the_loop_before_it_begins(limit: Any) -> None:
    finished = repeat("@true", limit=limit)

    assert (finished.variable("n"), end(finished)) == (0, ("Failed", "BadRequest", "InvalidTemplate"))
    assert str(finished.record("Count").status) == "Skipped"


def test_a_loop_may_run_as_often_as_the_settings_allow() -> None:
    finished = run_actions(
        {
            "Init": INIT,
            "Loop": {
                "type": "Until",
                "expression": "@false",
                "limit": {"count": 20},
                "actions": {"Count": COUNT},
                "runAfter": after("Init"),
            },
        },
        settings=Settings(until_iterations_max=20),
    )

    assert finished.variable("n") == 20


def test_iterations_know_their_index_at_every_depth() -> None:
    show = {"type": "Compose", "inputs": "@createArray(iterationIndexes('Outer'), iterationIndexes('inner'))"}
    inner = {
        "type": "Until",
        "expression": "@equals(iterationIndexes('Inner'), 1)",
        "actions": {"Show": show},
    }
    finished = run_actions(
        {
            "Outer": {
                "type": "Until",
                "expression": "@equals(iterationIndexes('Outer'), 1)",
                "actions": {"Inner": inner},
            }
        }
    )

    assert [one.outputs for one in finished.records("Show")] == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_an_element_of_a_loop_around_is_seen_within() -> None:
    show = {"Show": {"type": "Compose", "inputs": "@concat(item(), iterationIndexes('Again'))"}}
    again = {"type": "Until", "expression": "@equals(iterationIndexes('Again'), 1)", "actions": show}
    finished = run_actions({"Loop": {"type": "Foreach", "foreach": ["a", "b"], "actions": {"Again": again}}})

    assert [one.outputs for one in finished.records("Show")] == ["a0", "a1", "b0", "b1"]


def test_two_loops_at_the_same_time_do_not_meet() -> None:
    def loop(seconds: int) -> dict[str, Any]:
        name = f"W{seconds}"
        return {
            "type": "Until",
            "expression": f"@equals(iterationIndexes('L{seconds}'), 3)",
            "actions": {
                name: wait(seconds),
                f"C{seconds}": {"type": "Compose", "inputs": seconds, "runAfter": after(name)},
            },
        }

    finished = run_actions({"L7": loop(7), "L10": loop(10)})

    assert [[one.outputs for one in finished.records(name)] for name in ("C7", "C10")] == [[7] * 4, [10] * 4]
    assert str(finished.state.status) == "Succeeded"
