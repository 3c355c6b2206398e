"""Response. Source: cloud-flows 3.9."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.core.settings import Settings
from tests.cloud_runs import NOTHING, MemoryRun, after, run_actions


def answer(**inputs: Any) -> MemoryRun:
    return run_actions({"Answer": {"type": "Response", "inputs": inputs}}, awaits_answer=True)


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        ({"statusCode": 200}, {"statusCode": 200}),
        ({}, {"statusCode": 200}),
        ({"statusCode": "202", "body": None}, {"statusCode": 202, "body": None}),
        ({"statusCode": "@add(400, 4)", "body": {"a": "@{1}"}}, {"statusCode": 404, "body": {"a": "1"}}),
        (
            {"statusCode": 503, "headers": {"Retry-After": 5, "X": True, "Y": "z"}},
            {"statusCode": 503, "headers": {"Retry-After": "5", "X": "True", "Y": "z"}},
        ),
    ],
)
def test_the_answer_is_what_the_inputs_give(inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
    finished = answer(**inputs)

    record = finished.record("Answer")
    assert (str(record.status), record.code, record.outputs) == ("Succeeded", "OK", outputs)
    assert finished.state.response_id == record.id


@pytest.mark.parametrize("status", [100, 302, 600, "three", True, 200.5])
def test_other_status_codes_fail(status: Any) -> None:
    finished = answer(statusCode=status)

    problem = finished.record("Answer").problem
    assert problem is not None
    assert (problem.code, finished.state.response_id) == (
        "WorkflowRunActionResponseStatusCodeNotSupported",
        None,
    )


def test_a_second_answer_fails() -> None:
    second = {"type": "Response", "inputs": {"statusCode": 201}, "runAfter": after("First")}
    finished = run_actions(
        {"First": {"type": "Response", "inputs": {"statusCode": 200}}, "Second": second}, awaits_answer=True
    )

    record = finished.record("Second")
    assert (record.code, record.problem and record.problem.code) == ("ActionResponseAlreadyDefined",) * 2
    assert finished.state.response_id == finished.record("First").id


def test_without_a_caller_the_answer_is_skipped_and_so_is_what_needs_it() -> None:
    finished = run_actions(
        {
            "Answer": {"type": "Response", "inputs": {"statusCode": 200}},
            "Next": {"type": "Compose", "inputs": 1, "runAfter": after("Answer")},
            "Always": {
                "type": "Compose",
                "inputs": 1,
                "runAfter": after("Answer", statuses=("Succeeded", "Skipped")),
            },
        }
    )

    record = finished.record("Answer")
    assert finished.statuses() == {"Answer": "Skipped", "Next": "Skipped", "Always": "Succeeded"}
    assert (record.code, record.problem and record.problem.code) == ("ActionResponseSkipped",) * 2
    assert str(finished.state.status) == "Succeeded"


def test_an_answer_that_comes_too_late_fails() -> None:
    wait = {"type": "Wait", "inputs": {"interval": {"count": 121, "unit": "Second"}}}
    late = {"type": "Response", "inputs": {"statusCode": 200}, "runAfter": after("Wait")}
    finished = run_actions(
        {"Wait": wait, "Answer": late}, awaits_answer=True, settings=Settings(cloudflow_answer_seconds=120)
    )

    record = finished.record("Answer")
    assert (record.code, record.problem and record.problem.code) == ("ActionResponseTimedOut",) * 2
    assert (record.outputs, finished.state.response_id) == (NOTHING, None)


def test_a_run_that_has_answered_may_still_fail() -> None:
    finished = run_actions(
        {
            "Answer": {"type": "Response", "inputs": {"statusCode": 200, "body": "done"}},
            "Broken": {"type": "Compose", "inputs": "@int('no')", "runAfter": after("Answer")},
        },
        awaits_answer=True,
    )

    assert finished.outputs("Answer") == {"statusCode": 200, "body": "done"}
    assert finished.state.response_id == finished.record("Answer").id
    assert (str(finished.state.status), finished.state.problem and finished.state.problem.code) == (
        "Failed",
        "ActionFailed",
    )
