"""Terminate. Source: cloud-flows 3.6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.cloud_runs import MemoryRun, after, run_actions

FOREVER = {"type": "Wait", "inputs": {"until": {"timestamp": "2026-03-02"}}}
COMPOSE = {"type": "Compose", "inputs": 1}


def terminate(status: Any, error: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    inputs = {"runStatus": status} | ({} if error is None else {"runError": error})
    return {"type": "Terminate", "inputs": inputs, **members}


def end(finished: MemoryRun) -> tuple[str, str, tuple[str, str] | None]:
    state = finished.state
    problem = None if state.problem is None else (state.problem.code, state.problem.message)
    return str(state.status), state.code, problem


@pytest.mark.parametrize("status", ["Succeeded", "Cancelled", "cancelled"])
def test_the_run_takes_the_status_and_no_error(status: str) -> None:
    finished = run_actions({"End": terminate(status, {"code": "C", "message": "M"})})

    assert end(finished) == (status.capitalize(), "Terminated", None)
    assert (finished.record("End").code, finished.statuses()) == ("Terminated", {"End": "Succeeded"})


def test_a_failed_run_takes_the_error_with_its_expressions_evaluated() -> None:
    error = {"code": "Paper@{add(1,1)}", "message": "@concat('no ', 'paper')"}
    finished = run_actions({"End": terminate("Failed", error)})

    assert end(finished) == ("Failed", "Terminated", ("Paper2", "no paper"))


def test_a_failed_run_without_an_error_says_that_it_was_terminated() -> None:
    assert end(run_actions({"End": terminate("Failed")})) == ("Failed", "Terminated", ("Terminated", ""))


def test_succeeding_overrides_what_failed_before() -> None:
    finished = run_actions(
        {
            "Broken": {"type": "Compose", "inputs": "@int('no')"},
            "End": terminate("Succeeded", runAfter=after("Broken", statuses=("Failed",))),
        }
    )

    assert end(finished) == ("Succeeded", "Terminated", None)


def test_what_runs_is_cancelled_and_what_has_not_begun_is_skipped_at_every_depth() -> None:
    deep = {
        "End": terminate("Failed", {"code": "Stop", "message": "Now"}),
        "After_end": {**COMPOSE, "runAfter": after("End")},
    }
    finished = run_actions(
        {
            "Done": COMPOSE,
            "Outer": {
                "type": "Scope",
                "actions": {
                    "Check": {
                        "type": "If",
                        "expression": "@true",
                        "actions": deep,
                        "else": {"actions": {"Not_taken": COMPOSE}},
                    },
                    "Waits": FOREVER,
                    "After_check": {
                        "type": "Scope",
                        "actions": {"Never": COMPOSE},
                        "runAfter": after("Check"),
                    },
                },
                "runAfter": after("Done"),
            },
            "Branch": {
                "type": "Scope",
                "actions": {
                    "Also_waits": FOREVER,
                    "After_wait": {**COMPOSE, "runAfter": after("Also_waits")},
                },
            },
            "Last": {
                **COMPOSE,
                "runAfter": after("Outer", "Branch", statuses=("Succeeded", "Failed", "Skipped", "TimedOut")),
            },
        }
    )

    assert end(finished) == ("Failed", "Terminated", ("Stop", "Now"))
    assert finished.statuses() == {
        "Done": "Succeeded",
        "End": "Succeeded",
        "Not_taken": "Skipped",
        "Check": "Cancelled",
        "Outer": "Cancelled",
        "Waits": "Cancelled",
        "Branch": "Cancelled",
        "Also_waits": "Cancelled",
        "After_end": "Skipped",
        "After_check": "Skipped",
        "Never": "Skipped",
        "After_wait": "Skipped",
        "Last": "Skipped",
    }
    codes = {
        name: finished.record(name).code
        for name in ("After_end", "After_check", "Never", "After_wait", "Last")
    }
    assert set(codes.values()) == {"Terminated"}
    assert finished.record("Not_taken").code == "ActionSkipped"
    assert {finished.record(name).code for name in ("Outer", "Waits", "Also_waits")} == {"ActionCancelled"}
    assert finished.record("Outer").problem is None


def test_iterations_that_run_are_cancelled_and_others_never_begin() -> None:
    loop = {"type": "Foreach", "foreach": "@range(0, 5)", "actions": {"Wait": FOREVER}}
    concurrency = {"runtimeConfiguration": {"concurrency": {"repetitions": 2}}}
    wait = {"type": "Wait", "inputs": {"interval": {"count": 5, "unit": "Second"}}}
    finished = run_actions(
        {"Loop": {**loop, **concurrency}, "Soon": wait, "End": terminate("Cancelled", runAfter=after("Soon"))}
    )

    assert [(one.repetition, str(one.status)) for one in finished.records("Wait")] == [
        ((0,), "Cancelled"),
        ((1,), "Cancelled"),
    ]
    assert end(finished) == ("Cancelled", "Terminated", None)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "The 'runStatus' property must be provided in the 'terminate' action inputs."),
        (
            {"runStatus": "Skipped"},
            "The provided 'runStatus' property value 'Skipped' in the 'terminate' action inputs is not "
            "valid. Supported statuses are : 'Failed, Cancelled, Succeeded'.",
        ),
    ],
)
def test_a_status_that_is_none_fails_the_action(inputs: dict[str, Any], message: str) -> None:
    finished = run_actions({"End": {"type": "Terminate", "inputs": inputs}})

    problem = finished.record("End").problem
    assert problem is not None
    assert (problem.code, problem.message) == ("InvalidTemplate", message)
    assert end(finished) == (
        "Failed",
        "ActionFailed",
        ("ActionFailed", "An action failed. No dependent actions succeeded."),
    )


def test_the_error_s_text_is_bounded() -> None:
    finished = run_actions({"End": terminate("Failed", {"code": "C", "message": "x" * 300_000})})

    assert finished.state.problem is not None
    assert len(finished.state.problem.message) == 262_144


def test_a_terminated_run_returns_nothing() -> None:
    finished = run_actions({"End": terminate("Succeeded")}, outputs={"answer": {"type": "Int", "value": 1}})

    assert not finished.state.outputs
