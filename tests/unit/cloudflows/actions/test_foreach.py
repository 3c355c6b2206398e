"""Foreach, and what stands in it as it is seen from inside and from outside. Source: cloud-flows 3.6, 3.7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deskhand.core.settings import Settings
from tests.cloud_runs import NOTHING, MemoryRun, after, run_actions

PAUSE = {"type": "Wait", "inputs": {"interval": {"count": "@sub(100, mul(item(), 10))", "unit": "Second"}}}
EVERY = ("Succeeded", "Failed", "Skipped", "TimedOut")


def compose(value: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Compose", "inputs": value, **members}


def loop(over: Any, actions: Mapping[str, Any], *, at_once: Any = None, **members: Any) -> dict[str, Any]:
    made = {"type": "Foreach", "foreach": over, "actions": actions, **members}
    if at_once is not None:
        made["runtimeConfiguration"] = {"concurrency": {"repetitions": at_once}}
    return made


def begun(finished: MemoryRun, name: str) -> list[float]:
    """Return how many seconds after the run each repetition of an action began."""
    return [(one.started - finished.state.started).total_seconds() for one in finished.records(name)]


def most_at_once(finished: MemoryRun, name: str) -> int:
    records = finished.records(name)
    return max(
        sum(1 for other in records if other.started <= one.started < (other.ended or one.started))
        for one in records
    )


def test_each_element_is_worked_on_and_seen_by_the_loop_s_name_and_as_the_innermost_item() -> None:
    finished = run_actions(
        {"Loop": loop("@createArray('a', null, 3)", {"Show": compose("@createArray(item(), items('loop'))")})}
    )

    assert [(one.repetition, one.outputs) for one in finished.records("Show")] == [
        ((0,), ["a", "a"]),
        ((1,), [None, None]),
        ((2,), [3, 3]),
    ]
    assert finished.record("Loop").inputs == ["a", None, 3]
    assert (finished.record("Loop").code, finished.outputs("Loop")) == ("NotSpecified", NOTHING)


@pytest.mark.parametrize(
    ("options", "members", "expected"),
    [
        ({}, {}, 20),
        ({"power_automate": True}, {}, 1),
        ({}, {"operationOptions": "Sequential"}, 1),
        ({}, {"operationOptions": "sequential", "at_once": 7}, 1),
        ({}, {"at_once": 1}, 1),
        ({"power_automate": True}, {"at_once": 3}, 3),
        ({}, {"at_once": "5"}, 5),
        ({}, {"at_once": 50}, 50),
        ({}, {"at_once": 500}, 50),
    ],
)
def test_so_many_iterations_run_at_the_same_time(options: Any, members: Any, expected: int) -> None:
    wait = {"Wait": {"type": "Wait", "inputs": {"interval": {"count": 10, "unit": "Second"}}}}
    finished = run_actions({"Loop": loop("@range(0, 60)", wait, **members)}, **options)

    assert most_at_once(finished, "Wait") == expected
    assert len(finished.records("Wait")) == 60


def test_a_loop_in_a_loop_runs_one_iteration_at_a_time_unless_it_says_otherwise() -> None:
    wait = {"type": "Wait", "inputs": {"interval": {"count": 10, "unit": "Second"}}}
    outer = {
        "One": loop("@range(0, 3)", {"Slow": wait}),
        "Many": loop("@range(0, 3)", {"Fast": wait}, at_once=3),
    }
    finished = run_actions({"Outer": loop("@createArray(1)", outer)})

    assert (begun(finished, "Slow"), begun(finished, "Fast")) == ([0.0, 10.0, 20.0], [0.0, 0.0, 0.0])


def test_iterations_begin_in_order_and_end_in_any() -> None:
    finished = run_actions(
        {
            "Loop": loop(
                "@range(0, 4)", {"Wait": PAUSE, "Next": compose("@item()", runAfter=after("Wait"))}, at_once=2
            )
        }
    )

    ended = sorted(finished.records("Next"), key=lambda one: one.ended or one.started)
    assert begun(finished, "Wait") == [0.0, 0.0, 90.0, 100.0]
    assert [one.outputs for one in ended] == [1, 0, 2, 3]


def test_a_failed_iteration_does_not_stop_the_others_and_fails_the_loop() -> None:
    finished = run_actions(
        {
            "Loop": loop(
                "@createArray('1', 'x', '3')",
                {
                    "Number": compose("@int(item())"),
                    "Next": compose("@outputs('Number')", runAfter=after("Number")),
                },
            ),
            "Catch": compose("@result('Loop')[2]['status']", runAfter=after("Loop", statuses=("Failed",))),
        }
    )

    assert [str(one.status) for one in finished.records("Number")] == ["Succeeded", "Failed", "Succeeded"]
    assert [str(one.status) for one in finished.records("Next")] == ["Succeeded", "Skipped", "Succeeded"]
    record = finished.record("Loop")
    assert (str(record.status), record.code, record.problem and record.problem.code) == (
        "Failed",
        "ActionFailed",
        "ActionFailed",
    )
    assert finished.outputs("Catch") == "Failed"


def test_an_error_that_an_iteration_handles_does_not_fail_the_loop() -> None:
    inside = {
        "Number": compose("@int(item())"),
        "Instead": compose(0, runAfter=after("Number", statuses=("Failed",))),
    }
    finished = run_actions({"Loop": loop("@createArray('x')", inside)})

    assert finished.statuses() == {"Number": "Failed", "Instead": "Succeeded", "Loop": "Succeeded"}


def test_over_an_empty_array_nothing_runs_and_the_actions_show_as_skipped_without_a_repetition() -> None:
    inside = {
        "Inner": loop("@items('Loop')", {"Deep": compose(1)}),
        "Next": compose(1, runAfter=after("Inner")),
    }
    finished = run_actions(
        {
            "Loop": loop("@json('[]')", inside),
            "After": compose(
                {"results": "@result('Loop')", "all": "@actions('Next')", "none": "@outputs('Next')"},
                runAfter=after("Loop"),
            ),
        }
    )

    assert finished.statuses() == {
        "Loop": "Succeeded",
        "Inner": "Skipped",
        "Next": "Skipped",
        "Deep": "Skipped",
        "After": "Succeeded",
    }
    assert {finished.record(name).repetition for name in ("Inner", "Next", "Deep")} == {()}
    assert finished.outputs("After") == {"results": [], "all": [], "none": None}


@pytest.mark.parametrize(
    ("over", "kind"),
    [
        ("@null", "Null"),
        ("@concat('a')", "String"),
        ("plain", "String"),
        ("@json('{}')", "Object"),
        ("@true", "Boolean"),
        (7, "Integer"),
    ],
)
def test_what_is_no_array_fails_the_loop_and_skips_its_actions(over: Any, kind: str) -> None:
    finished = run_actions({"Loop": loop(over, {"Show": compose(1)})})

    record = finished.record("Loop")
    assert finished.statuses() == {"Loop": "Failed", "Show": "Skipped"}
    assert (record.code, record.problem and record.problem.code) == (
        "BadRequest",
        "ExpressionEvaluationFailed",
    )
    assert record.problem is not None
    assert record.problem.message == (
        "The execution of template action 'Loop' failed: the result of the evaluation of 'foreach' "
        f"expression '{over}' is of type '{kind}'. The result must be a valid array."
    )


def test_an_expression_that_fails_fails_the_loop() -> None:
    finished = run_actions({"Loop": loop("@body('Loop')['x']", {"Show": compose(1)})})

    record = finished.record("Loop")
    assert finished.statuses() == {"Loop": "Failed", "Show": "Skipped"}
    assert (record.code, record.problem and record.problem.code) == (
        "BadRequest",
        "ExpressionEvaluationFailed",
    )


def test_a_literal_array_may_hold_expressions() -> None:
    finished = run_actions({"Loop": loop(["@add(1, 1)", "x"], {"Show": compose("@item()")})})

    assert [one.outputs for one in finished.records("Show")] == [2, "x"]


def test_too_many_elements_are_refused() -> None:
    settings = Settings(foreach_items_max=3)
    finished = run_actions({"Loop": loop("@range(0, 4)", {"Show": compose(1)})}, settings=settings)

    record = finished.record("Loop")
    assert (str(record.status), record.problem and record.problem.code) == (
        "Failed",
        "ForeachItemsLimitExceeded",
    )


def test_loops_nest_and_each_sees_the_elements_of_those_around_it() -> None:
    inner = loop(
        "@items('Outer')['list']",
        {"Show": compose("@concat(items('Outer')['name'], item(), items('Inner'))")},
    )
    finished = run_actions(
        {
            "Outer": loop(
                [{"name": "x", "list": [1, 2]}, {"name": "y", "list": []}, {"name": "z", "list": [3]}],
                {"Inner": inner, "Count": compose("@length(actions('Show'))", runAfter=after("Inner"))},
            ),
            "After": compose(
                {"all": "@length(actions('Show'))", "mine": "@outputs('Show')"}, runAfter=after("Outer")
            ),
        }
    )

    assert [
        (one.repetition, one.outputs) for one in finished.records("Show") if one.outputs is not NOTHING
    ] == [
        ((0, 0), "x11"),
        ((0, 1), "x22"),
        ((2, 0), "z33"),
    ]
    assert [one.outputs for one in finished.records("Count")] == [2, 0, 1]
    assert finished.outputs("After") == {"all": 3, "mine": None}


def test_a_query_in_a_loop_goes_through_its_own_elements() -> None:
    query = {"type": "Query", "inputs": {"from": "@range(0, 4)", "where": "@less(item(), items('Loop'))"}}
    finished = run_actions({"Loop": loop([1, 3], {"Less": query})})

    assert [one.outputs for one in finished.records("Less")] == [{"body": [0]}, {"body": [0, 1, 2]}]


# Seen from outside


def test_after_the_loop_its_actions_have_no_outputs_of_their_own_but_repetitions() -> None:
    finished = run_actions(
        {
            "Loop": loop(
                [1, 2],
                {
                    "Show": compose("@mul(item(), 10)"),
                    "Pick": compose("@outputs('Show')", runAfter=after("Show")),
                },
            ),
            "After": compose(
                {
                    "outputs": "@outputs('Show')",
                    "body": "@body('Show')",
                    "all": "@actions('show')",
                    "first": "@actions('Show')[0]['outputs']",
                },
                runAfter=after("Loop"),
            ),
        }
    )

    seen = finished.outputs("After")
    assert [one.outputs for one in finished.records("Pick")] == [10, 20]
    assert (seen["outputs"], seen["body"], seen["first"]) == (None, None, 10)
    assert [(one["name"], one["status"], one["outputs"]) for one in seen["all"]] == [
        ("Show", "Succeeded", 10),
        ("Show", "Succeeded", 20),
    ]


def items_of(result: list[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    return [(one["name"], one["status"], one.get("outputs")) for one in result]


@pytest.mark.parametrize(
    "around",
    [
        {"type": "Scope"},
        {"type": "If", "expression": "@true"},
        {"type": "Until", "expression": "@true"},
        {"type": "Foreach", "foreach": [1]},
    ],
    ids=["Scope", "If", "Until", "Foreach"],
)
def test_result_lists_the_first_level_of_what_holds_actions(around: dict[str, Any]) -> None:
    actions = {
        "A": compose(1),
        "Inner": {"type": "Scope", "actions": {"Deep": compose(2)}, "runAfter": after("A")},
        "B": compose("@int('no')", runAfter=after("Inner")),
        "C": compose(3, runAfter=after("B")),
    }
    finished = run_actions(
        {
            "Try": {**around, "actions": actions},
            "Result": compose("@result('try')", runAfter=after("Try", statuses=EVERY)),
        }
    )

    result = finished.outputs("Result")
    assert items_of(result) == [
        ("A", "Succeeded", 1),
        ("Inner", "Succeeded", None),
        ("B", "Failed", None),
        ("C", "Skipped", None),
    ]
    assert [one.get("error", {}).get("code") for one in result] == [
        None,
        None,
        "InvalidTemplate",
        "ActionConditionFailed",
    ]
    assert set(result[0]) == {
        "name",
        "inputs",
        "outputs",
        "startTime",
        "endTime",
        "trackingId",
        "clientTrackingId",
        "code",
        "status",
    }


def test_result_lists_all_branches_of_a_switch() -> None:
    cases = {
        "One": {"case": 1, "actions": {"A": compose(1)}},
        "Two": {"case": 2, "actions": {"B": compose(2)}},
    }
    choice = {"type": "Switch", "expression": "@2", "cases": cases, "default": {"actions": {"C": compose(3)}}}
    finished = run_actions(
        {"Choose": choice, "Result": compose("@result('Choose')", runAfter=after("Choose"))}
    )

    assert items_of(finished.outputs("Result")) == [
        ("A", "Skipped", None),
        ("B", "Succeeded", 2),
        ("C", "Skipped", None),
    ]


def test_result_of_loops_has_the_items_of_every_iteration_as_far_as_the_reader_s_own_loops_go() -> None:
    inner = loop("@createArray(1, 2)", {"Show": compose("@add(mul(items('Outer'), 10), item())")})
    finished = run_actions(
        {
            "Outer": loop(
                [1, 2], {"Inner": inner, "Here": compose("@result('Inner')", runAfter=after("Inner"))}
            ),
            "Inside": compose("@result('Inner')", runAfter=after("Outer")),
            "Outside": compose("@result('Outer')", runAfter=after("Outer")),
        }
    )

    assert [items_of(one.outputs) for one in finished.records("Here")] == [  # type: ignore[arg-type]
        [("Show", "Succeeded", 11), ("Show", "Succeeded", 12)],
        [("Show", "Succeeded", 21), ("Show", "Succeeded", 22)],
    ]
    assert [one["outputs"] for one in finished.outputs("Inside")] == [11, 12, 21, 22]
    assert [one["name"] for one in finished.outputs("Outside")] == ["Inner", "Here", "Inner", "Here"]


def test_the_typical_error_handler_finds_the_first_failure_of_a_scope() -> None:
    failed = {
        "type": "Query",
        "inputs": {"from": "@result('Try')", "where": "@equals(item()['status'], 'Failed')"},
    }
    finished = run_actions(
        {
            "Try": {
                "type": "Scope",
                "actions": {"A": compose(1), "B": compose("@int('no')", runAfter=after("A"))},
            },
            "Failures": {**failed, "runAfter": after("Try", statuses=("Failed",))},
            "Tell": compose("@first(body('Failures'))?['error']?['code']", runAfter=after("Failures")),
        }
    )

    assert finished.outputs("Tell") == "InvalidTemplate"
    assert str(finished.state.status) == "Succeeded"


def test_variables_are_shared_by_iterations_that_run_at_the_same_time() -> None:
    inside = {
        "Wait": PAUSE,
        "Count": {
            "type": "IncrementVariable",
            "inputs": {"name": "n", "value": 1},
            "runAfter": after("Wait"),
        },
    }
    finished = run_actions(
        {
            "Init": {
                "type": "InitializeVariable",
                "inputs": {"variables": [{"name": "n", "type": "integer"}]},
            },
            "Loop": loop("@range(0, 9)", inside, at_once=4, runAfter=after("Init")),
        }
    )

    assert finished.variable("n") == 9
    assert sorted(one.outputs["body"]["value"] for one in finished.records("Count")) == list(range(1, 10))  # type: ignore[index,call-overload]


def test_ended_iterations_leave_the_memory() -> None:
    finished = run_actions({"Loop": loop("@range(0, 100)", {"Show": compose(1)}, at_once=2)})

    assert [one.name for one in finished.state.all_records()] == ["Loop"]
