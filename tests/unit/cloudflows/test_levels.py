"""What runs after what, how lists of actions end, why actions are skipped. Source: cloud-flows 3.2, 3.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.cloud_runs import MemoryRun, after, begin_run, program_of, run_actions

S, F, T, K = "Succeeded", "Failed", "TimedOut", "Skipped"
ALL = (S, F, K, T)
STATIC_RESULTS = {
    name: {"status": name, "outputs": {"statusCode": 200}} for name in (S, F, T, K, "Cancelled", "Aborted")
}
FAILED = ("ActionFailed", "An action failed. No dependent actions succeeded.")


def ends(status: str, **members: Any) -> dict[str, Any]:
    """An action that ends with a status, if it comes to run."""
    configuration = {"staticResult": {"name": status, "staticResultOptions": "Enabled"}}
    return {"type": "Http", "inputs": {}, "runtimeConfiguration": configuration, **members}


def run(actions: Mapping[str, Any], **options: Any) -> MemoryRun:
    return run_actions(actions, staticResults=STATIC_RESULTS, **options)


def then(status: str, *wanted: str, on: str = "a") -> dict[str, Any]:
    return ends(status, runAfter=after(on, statuses=wanted))


TABLE: list[tuple[str, dict[str, Any], dict[str, str], str]] = [
    ("caught", {"a": ends(F), "b": then(S, F)}, {"a": F, "b": S}, S),
    ("failed, and nothing after it ran", {"a": ends(F), "b": then(S, S)}, {"a": F, "b": K}, F),
    ("nothing to catch", {"a": ends(S), "b": then(S, F)}, {"a": S, "b": K}, S),
    (
        "caught beside a skipped leaf",
        {"a": ends(F), "b": then(S, S), "c": then(S, F)},
        {"a": F, "b": K, "c": S},
        F,
    ),
    (
        "caught after what was skipped",
        {"a": ends(F), "b": then(S, S), "c": then(S, K, on="b")},
        {"a": F, "b": K, "c": S},
        S,
    ),
    (
        "skipped along a chain",
        {"a": ends(F), "b": then(S, S), "c": then(S, S, on="b")},
        {"a": F, "b": K, "c": K},
        F,
    ),
    ("two roots, one failed", {"a": ends(F), "b": ends(S)}, {"a": F, "b": S}, F),
    (
        "a join behind a failed branch",
        {"a": ends(S), "b": ends(F), "c": ends(S, runAfter=after("a", "b"))},
        {"a": S, "b": F, "c": K},
        F,
    ),
    ("a timeout that is caught", {"a": ends(T), "b": then(S, T)}, {"a": T, "b": S}, S),
    (
        "try failed, catch failed, finally",
        {"a": ends(F), "b": then(F, F, T), "c": then(S, *ALL, on="b")},
        {"a": F, "b": F, "c": S},
        S,
    ),
    (
        "try succeeded, catch skipped, finally",
        {"a": ends(S), "b": then(S, F, T), "c": then(S, *ALL, on="b")},
        {"a": S, "b": K, "c": S},
        S,
    ),
    ("a timeout at the end", {"a": ends(T)}, {"a": T}, F),
    ("a cancelled leaf", {"a": ends("Cancelled")}, {"a": "Cancelled"}, F),
    (
        "nothing follows what was cancelled",
        {"a": ends("Cancelled"), "b": then(S, *ALL)},
        {"a": "Cancelled", "b": K},
        F,
    ),
    ("only skipped", {"a": ends(K)}, {"a": K}, S),
    (
        "a failure far up a skipped chain, beside one that succeeded",
        {
            "a": ends(F),
            "b": ends(S),
            "c": ends(S, runAfter=after("a", "b")),
            "d": then(S, S, on="c"),
            "e": then(S, S, on="d"),
        },
        {"a": F, "b": S, "c": K, "d": K, "e": K},
        F,
    ),
    (
        "every predecessor is waited for, each with its own list",
        {
            "a": ends(F),
            "b": ends(S),
            "c": ends(S, runAfter={"a": [F, T], "b": [S]}),
            "d": ends(S, runAfter={"a": [S], "b": [S]}),
        },
        {"a": F, "b": S, "c": S, "d": K},
        F,
    ),
]


@pytest.mark.parametrize(
    ("actions", "statuses", "level"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_run_ends_as_its_leaves_and_what_stands_before_skipped_ones(
    actions: dict[str, Any], statuses: dict[str, str], level: str
) -> None:
    finished = run(actions)

    assert finished.statuses() == statuses
    problem = finished.state.problem
    assert str(finished.state.status) == level
    assert (None if problem is None else (problem.code, problem.message)) == (FAILED if level == F else None)


@pytest.mark.parametrize(
    ("actions", "statuses", "level"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
@pytest.mark.parametrize("kind", ["Scope", "If", "Switch", "Foreach", "Until"])
def test_what_holds_actions_ends_as_a_run_does(
    kind: str, actions: dict[str, Any], statuses: dict[str, str], level: str
) -> None:
    around = {
        "Scope": {"type": "Scope", "actions": actions},
        "If": {"type": "If", "expression": "@true", "actions": actions},
        "Switch": {"type": "Switch", "expression": "@1", "cases": {"One": {"case": 1, "actions": actions}}},
        "Foreach": {"type": "Foreach", "foreach": "@createArray(1)", "actions": actions},
        "Until": {"type": "Until", "expression": "@true", "actions": actions},
    }
    finished = run({"Around": around[kind]})

    record = finished.record("Around")
    assert finished.statuses() == {**statuses, "Around": level}
    assert (str(record.status), record.code) == (level, "ActionFailed" if level == F else "NotSpecified")
    assert (None if record.problem is None else (record.problem.code, record.problem.message)) == (
        FAILED if level == F else None
    )


@pytest.mark.parametrize(
    "inside",
    [
        {"type": "Scope"},
        {"type": "Scope", "actions": {}},
        {"type": "If", "expression": "@false", "actions": {}},
    ],
    ids=["no member", "no actions", "no else"],
)
def test_a_level_without_actions_succeeds(inside: dict[str, Any]) -> None:
    finished = run({"Empty": inside, "Next": {**ends(S), "runAfter": after("Empty")}})

    assert finished.statuses() == {"Empty": S, "Next": S}


def test_a_definition_without_actions_succeeds() -> None:
    assert str(run({}).state.status) == S


def test_the_order_of_a_definition_carries_no_meaning_and_names_match_in_any_case() -> None:
    finished = run({"c": then(S, "SUCCEEDED", on="B"), "b": then(S, "succeeded", on="A"), "a": ends(S)})

    assert finished.statuses() == {"a": S, "b": S, "c": S}


def test_a_join_begins_once_when_the_last_of_many_has_ended() -> None:
    many = {f"a{index}": ends(S) for index in range(30)}
    finished = run({**many, "join": ends(S, runAfter=after(*many))})

    assert len(finished.records("join")) == 1
    assert list(finished.statuses())[-1] == "join"


def test_a_chain_of_hundreds_is_skipped_without_nesting_calls() -> None:
    chain = {f"a{index}": then(S, S, on=f"a{index - 1}") for index in range(1, 499)}
    finished = run({"a0": ends(F), **chain})

    assert list(finished.statuses().values()) == [F] + [K] * 498
    assert str(finished.state.status) == F


# Why something is skipped


def skipped(finished: MemoryRun, name: str) -> tuple[str, str, str]:
    record = finished.record(name)
    assert record.problem is not None
    assert (str(record.status), record.started) == (K, record.ended)
    assert set(finished.value(name)) == {
        "name", "startTime", "endTime", "trackingId", "clientTrackingId", "code", "status", "error",
    }  # fmt: skip
    return record.code, record.problem.code, record.problem.message


def test_an_action_tells_which_condition_of_run_after_was_not_met() -> None:
    finished = run(
        {
            "Scope_1": {"type": "Scope", "actions": {}, "runAfter": after("First", statuses=(F,))},
            "First": ends(S),
            "Compose": then(S, S, on="Scope_1"),
            "Either": then(S, F, T, on="First"),
        }
    )

    assert skipped(finished, "Compose") == (
        "ActionSkipped",
        "ActionConditionFailed",
        "The execution of template action 'Compose' is skipped: the 'runAfter' condition for action "
        "'Scope_1' is not satisfied. Expected status values 'Succeeded' and actual value 'Skipped'.",
    )
    assert skipped(finished, "Either") == (
        "ActionSkipped",
        "ActionConditionFailed",
        "The execution of template action 'Either' is skipped: the 'runAfter' condition for action 'First' "
        "is not satisfied. Expected status values 'Failed, TimedOut' and actual value 'Succeeded'.",
    )


@pytest.mark.parametrize(
    "around",
    [
        {"type": "If", "expression": "@false", "actions": {"Compose_2": ends(S)}},
        {"type": "If", "expression": True, "else": {"actions": {"Compose_2": ends(S)}}},
        {
            "type": "Switch",
            "expression": "@1",
            "cases": {"Two": {"case": 2, "actions": {"Compose_2": ends(S)}}},
        },
        {
            "type": "Switch",
            "expression": "@1",
            "cases": {"One": {"case": 1, "actions": {}}},
            "default": {"actions": {"Compose_2": ends(S)}},
        },
    ],
    ids=["if", "else", "case", "default"],
)
def test_an_action_of_a_branch_that_is_not_taken_tells_so(around: dict[str, Any]) -> None:
    finished = run({"Around": around})

    assert skipped(finished, "Compose_2") == (
        "ActionSkipped",
        "ActionBranchingConditionNotSatisfied",
        "The execution of template action 'Compose_2' skipped: the branching condition for this action is "
        "not satisfied.",
    )


def test_an_action_within_what_is_skipped_tells_so_at_every_depth() -> None:
    inner = {"type": "Foreach", "foreach": "@createArray(1)", "actions": {"Deep": ends(S)}}
    finished = run(
        {
            "First": ends(S),
            "Scope_2": {
                "type": "Scope",
                "actions": {"Inner": inner},
                "runAfter": after("First", statuses=(F,)),
            },
        }
    )

    assert skipped(finished, "Inner") == (
        "ActionSkipped",
        "ActionDependencyFailed",
        "The execution of template action 'Inner' is skipped: dependant action 'Scope_2' completed with "
        "status 'Skipped' and code 'ActionSkipped'.",
    )
    assert skipped(finished, "Deep") == (
        "ActionSkipped",
        "ActionDependencyFailed",
        "The execution of template action 'Deep' is skipped: dependant action 'Inner' completed with status "
        "'Skipped' and code 'ActionSkipped'.",
    )


def test_actions_of_unknown_types_fail_and_the_branch_that_handles_errors_goes_on() -> None:
    finished = run({"Odd": {"type": "Teleport", "inputs": {}}, "Catch": then(S, F, on="Odd")})

    record = finished.record("Odd")
    assert finished.statuses() == {"Odd": F, "Catch": S}
    assert (record.code, record.problem and record.problem.code) == ("NotImplemented", "ActionNotImplemented")


# Expressions


def test_an_expression_error_fails_the_action_and_keeps_no_inputs() -> None:
    finished = run({"X": {"type": "Compose", "inputs": {"ok": 1, "bad": "@int('no')"}}})

    record = finished.record("X")
    assert record.problem is not None
    assert (record.code, record.problem.code) == ("BadRequest", "InvalidTemplate")
    assert record.problem.message.startswith(
        "Unable to process template language expressions in action 'X' inputs at line '0' and column '0': "
        "'The template language function 'int' was invoked with a parameter that is not valid."
    )
    assert set(finished.value("X")) == {
        "name", "startTime", "endTime", "trackingId", "clientTrackingId", "code", "status", "error",
    }  # fmt: skip


def test_keys_are_evaluated_too_and_data_is_not_evaluated_again() -> None:
    trigger = {"name": "manual", "outputs": {"body": "@int('no')"}}
    finished = run(
        {"X": {"type": "Compose", "inputs": {"plain": "a@b.example", "@{add(1,1)}": "@triggerBody()"}}},
        trigger=trigger,
    )

    assert finished.outputs("X") == {"plain": "a@b.example", "2": "@int('no')"}


def test_reading_actions_that_failed_were_skipped_or_wait_gives_null_or_what_they_stored() -> None:
    finished = run(
        {
            "Failed": ends(F),
            "Broken": {"type": "Compose", "inputs": "@int('no')"},
            "Skipped": then(S, S, on="Failed"),
            "Read": {
                "type": "Compose",
                "inputs": {
                    "failed": "@outputs('failed')",
                    "broken": "@outputs('Broken')",
                    "body": "@body('Broken')",
                    "deep": "@body('Skipped')?['error']?['code']",
                    "status": "@actions('Skipped')['status']",
                    "error": "@actions('Broken')?['error']?['code']",
                    "none": "@actions('Skipped')?['outputs']",
                    "later": "@outputs('Later')",
                },
                "runAfter": after("Failed", "Broken", "Skipped", statuses=ALL),
            },
            "Later": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Hour"}}},
        }
    )

    assert finished.outputs("Read") == {
        "failed": {"statusCode": 200},
        "broken": None,
        "body": None,
        "deep": None,
        "status": "Skipped",
        "error": "InvalidTemplate",
        "none": None,
        "later": None,
    }


def test_an_unknown_action_is_an_error() -> None:
    record = run({"X": {"type": "Compose", "inputs": "@outputs('Z')"}}).record("X")

    assert record.problem is not None
    assert (
        "Template language expression cannot be evaluated: the template action 'Z' is not defined at current "
        "scope."
    ) in record.problem.message


def test_an_actions_record_has_the_members_of_the_service() -> None:
    finished = run(
        {
            "X": {"type": "Compose", "inputs": 1},
            "Read": {"type": "Compose", "inputs": "@actions('X')", "runAfter": after("X")},
        }
    )

    record = finished.record("X")
    assert finished.outputs("Read") == {
        "name": "X",
        "inputs": 1,
        "outputs": 1,
        "startTime": "2026-03-01T08:00:00.0000000Z",
        "endTime": "2026-03-01T08:00:00.0000000Z",
        "trackingId": str(record.id),
        "clientTrackingId": "08584000000000000000000000000CU00",
        "code": "OK",
        "status": "Succeeded",
    }


# The run as a whole


def test_what_a_flow_returns_is_evaluated_after_its_last_action() -> None:
    finished = run(
        {"X": {"type": "Compose", "inputs": 2}},
        outputs={"answer": {"type": "Int", "value": "@add(outputs('X'), 1)"}},
    )

    assert finished.state.outputs == {"answer": {"type": "Int", "value": 3}}


def test_a_failed_run_returns_nothing_and_an_error_in_what_it_returns_fails_it() -> None:
    outputs = {"answer": {"type": "Int", "value": "@int('no')"}}
    failed = run({"X": ends(F)}, outputs=outputs)
    broken = run({"X": ends(S)}, outputs=outputs)

    assert (failed.state.outputs or None, failed.state.problem and failed.state.problem.code) == (
        None,
        "ActionFailed",
    )
    assert (broken.state.outputs or None, str(broken.state.status), broken.state.code) == (
        None,
        F,
        "InvalidTemplate",
    )


def test_a_run_that_takes_too_long_is_timed_out_and_what_it_waited_for_is_let_go() -> None:
    forever = {"type": "Wait", "inputs": {"until": {"timestamp": "2027-01-01"}}}
    begun = begin_run(
        program_of({"Wait": forever, "Next": {"type": "Compose", "inputs": 1, "runAfter": after("Wait")}})
    )
    begun.drive()

    problem = begun.state.problem
    assert (str(begun.state.status), begun.state.code) == ("TimedOut", "WorkflowRunTimedOut")
    assert problem is not None
    assert problem.code == "WorkflowRunTimedOut"
    assert begun.statuses() == {"Wait": "Cancelled", "Next": K}
    assert (begun.time.now - begun.state.started).days == 30
