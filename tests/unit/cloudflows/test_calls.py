"""Calls: what is tried again, how long it may take, what stands in. Source: cloud-flows 3.12 and 3.13."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from deskhand.cloudflows.http.errors import ConnectionFailed, HttpError
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from tests.cloud_runs import BEGIN, NOTHING, MemoryRun, after, begin_run, program_of, run_actions, timedelta

FIXED = {"type": "fixed", "count": 3, "interval": "PT10S"}
JSON = {"Content-Type": "application/json"}


def response(status: int, body: bytes = b"", **headers: str) -> Response:
    return Response(
        status, {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}, body
    )


@dataclass
class Web:
    """Answers calls with what a test lays out, the last of it again and again."""

    answers: Sequence[Response | HttpError]
    calls: list[Request] = field(default_factory=list)

    @property
    def http(self) -> Web:
        return self

    @property
    def tokens(self) -> None:
        return None

    def callback_url(self, *_: Any) -> str:
        return "https://deskhand.example/callback"

    def send(self, request: Request) -> Response:
        answer = self.answers[min(len(self.calls), len(self.answers) - 1)]
        self.calls.append(request)
        if isinstance(answer, HttpError):
            raise answer
        return answer


def call(
    policy: Any, *answers: Response | HttpError, power_automate: bool = False, **members: Any
) -> tuple[MemoryRun, Web]:
    web = Web(answers)
    inputs = {"method": "GET", "uri": "https://api.example/x"} | (
        {} if policy is None else {"retryPolicy": policy}
    )
    run = run_actions(
        {"Call": {"type": "Http", "inputs": inputs, **members}}, services=web, power_automate=power_automate
    )
    return run, web


def seconds(run: MemoryRun) -> list[float]:
    """Return when each failed attempt ended, after the run's begin."""
    times = [one["endTime"][11:19] for one in run.value("Call").get("retryHistory", ())]
    return [
        sum(int(part) * unit for part, unit in zip(one.split(":"), (3600, 60, 1), strict=True)) - 28_800
        for one in times
    ]


def end(run: MemoryRun) -> tuple[str, str, str | None]:
    record = run.record("Call")
    return str(record.status), record.code, record.problem and record.problem.code


def test_an_answer_ends_the_action() -> None:
    run, web = call(None, response(200, b'{"a":1}', X_Id="7"))

    assert run.outputs("Call") == {"statusCode": 200, "headers": {**JSON, "X-Id": "7"}, "body": {"a": 1}}
    assert (end(run), len(web.calls)) == (("Succeeded", "OK", None), 1)
    assert "retryHistory" not in run.value("Call")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_until_it_does(status: int) -> None:
    run, web = call(FIXED, response(status), response(status), response(200, b"1"))

    assert (end(run), len(web.calls), seconds(run)) == (("Succeeded", "OK", None), 3, [0, 10])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_other_failures_are_final(status: int) -> None:
    run, web = call(FIXED, response(status, b'{"error":{"code":"Odd","message":"So odd."}}'))

    record = run.record("Call")
    assert (len(web.calls), str(record.status), record.problem and record.problem.code) == (
        1,
        "Failed",
        "Odd",
    )
    assert run.outputs("Call")["statusCode"] == status


def test_the_code_is_the_status_s_name_and_the_error_the_body_s_if_it_has_one() -> None:
    named, _ = call(None, response(404, b'{"error":{"code":"Odd","message":"So odd."}}'))
    plain, _ = call({"type": "none"}, response(429, b'"slow down"'))

    assert end(named) == ("Failed", "NotFound", "Odd")
    assert named.value("Call")["error"] == {"code": "Odd", "message": "So odd."}
    assert end(plain) == ("Failed", "TooManyRequests", "TooManyRequests")


def test_a_connection_that_fails_is_tried_again_and_has_no_outputs() -> None:
    run, web = call(FIXED, ConnectionFailed("api.example", "refused"))

    assert (len(web.calls), run.outputs("Call"), seconds(run)) == (4, NOTHING, [0, 10, 20])
    assert end(run) == ("Failed", "BadGateway", "BadGateway")


def test_every_failed_attempt_but_the_last_is_in_the_history() -> None:
    run, _ = call(FIXED, response(503, b'{"error":{"code":"Busy","message":"Later."}}'))

    history = run.value("Call")["retryHistory"]
    assert history[0] == {
        "startTime": "2026-03-01T08:00:00.0000000Z",
        "endTime": "2026-03-01T08:00:00.0000000Z",
        "code": "ServiceUnavailable",
        "error": {"code": "Busy", "message": "Later."},
    }
    assert (len(history), run.value("Call")["endTime"]) == (3, "2026-03-01T08:00:30.0000000Z")
    assert run.outputs("Call")["statusCode"] == 503


@pytest.mark.parametrize(
    ("policy", "power_automate", "waits"),
    [
        ({"type": "none"}, False, []),
        ({"type": "Fixed", "count": 2, "interval": "PT1M"}, False, [0, 60]),
        ({"type": "fixed", "count": "2", "interval": "PT30S"}, False, [0, 30]),
        # Half way between the bounds of each random interval.
        ({"type": "exponential", "count": 3, "interval": "PT10S"}, False, [0, 7, 22]),
        (
            {
                "type": "exponential",
                "count": 3,
                "interval": "PT10S",
                "minimumInterval": "PT12S",
                "maximumInterval": "PT20S",
            },
            False,
            [0, 12, 28],
        ),
        (None, False, [0, 6, 17, 40]),
        ({"type": "Default"}, False, [0, 6, 17, 40]),
    ],
)
def test_attempts_follow_each_other_as_the_policy_says(
    policy: Any, power_automate: bool, waits: list[int]
) -> None:
    run, web = call(policy, response(500), power_automate=power_automate)

    assert seconds(run) == waits
    assert len(web.calls) == len(waits) + 1


def test_power_automate_tries_more_often_by_default() -> None:
    _, web = call(None, response(500), power_automate=True)

    assert len(web.calls) == 9


def test_a_policy_may_stand_in_the_configuration() -> None:
    _, web = call(None, response(500), runtimeConfiguration={"retryPolicy": {**FIXED, "count": 1}})

    assert len(web.calls) == 2


@pytest.mark.parametrize(("asked", "first"), [("60", 60), ("3", 10)])
def test_retry_after_wins_over_a_shorter_interval(asked: str, first: int) -> None:
    run, _ = call({**FIXED, "count": 1}, response(429, Retry_After=asked))

    assert (run.time.now - run.state.started).total_seconds() == first


def test_the_tracking_id_stays_the_same_over_all_attempts() -> None:
    run, web = call(FIXED, response(500))

    assert {one.header("x-ms-action-tracking-id") for one in web.calls} == {str(run.record("Call").id)}
    assert {one.header("x-ms-client-tracking-id") for one in web.calls} == {run.state.client_tracking_id}


def test_an_error_in_an_expression_calls_nothing_and_is_not_tried_again() -> None:
    web = Web([response(200)])
    run = run_actions(
        {"Call": {"type": "Http", "inputs": {"method": "GET", "uri": "@int('no')", "retryPolicy": FIXED}}},
        services=web,
    )

    assert (end(run), web.calls, run.record("Call").attempts) == (
        ("Failed", "BadRequest", "InvalidTemplate"),
        [],
        [],
    )


def test_work_that_is_accepted_is_asked_for_until_it_is_done() -> None:
    accepted = response(202, Location="https://api.example/jobs/1", Retry_After="30")
    run, web = call(None, accepted, accepted, response(200, b'"done"'))

    assert [(one.method, str(one.url)) for one in web.calls] == [
        ("GET", "https://api.example/x"),
        ("GET", "https://api.example/jobs/1"),
        ("GET", "https://api.example/jobs/1"),
    ]
    assert (run.outputs("Call")["body"], (run.time.now - run.state.started).total_seconds()) == ("done", 60)


def test_the_asynchronous_pattern_can_be_switched_off() -> None:
    run, web = call(
        None, response(202, Location="https://api.example/jobs/1"), operationOptions="DisableAsyncPattern"
    )

    assert (end(run), len(web.calls)) == (("Succeeded", "Accepted", None), 1)


# Time limits


TIMED_OUT = ("TimedOut", "ActionTimedOut", "ActionTimedOut")


def test_the_limit_covers_all_attempts() -> None:
    run, web = call({**FIXED, "count": 90}, response(500), limit={"timeout": "PT25S"})

    assert (end(run), len(web.calls)) == (TIMED_OUT, 3)
    assert (run.time.now - run.state.started).total_seconds() == 25
    assert run.value("Call")["error"]["message"].startswith(
        "The execution of template action 'Call' timed out. "
    )


def test_no_attempt_begins_once_the_time_is_up_however_late_somebody_looks() -> None:
    web = Web([response(500)])
    inputs = {"method": "GET", "uri": "https://api.example/x", "retryPolicy": FIXED}
    actions = {"Call": {"type": "Http", "inputs": inputs, "limit": {"timeout": "PT15S"}}}
    run = run_actions(actions, services=web)
    late = begin_late(actions, web)

    assert end(run) == TIMED_OUT
    assert (end(late), len(web.calls)) == (TIMED_OUT, 3)


def begin_late(actions: dict[str, Any], web: Web) -> MemoryRun:
    """Make the first attempt in time, and look again only when its limit has long passed."""
    run = begin_run(program_of(actions), services=web)
    run.drive(until=BEGIN)
    run.time.now = BEGIN + timedelta(hours=1)
    return run.drive()


def test_the_limit_covers_the_waiting_for_accepted_work() -> None:
    run, web = call(
        None,
        response(202, Location="https://api.example/jobs/1", Retry_After="30"),
        limit={"timeout": "@concat('PT', '70S')"},
    )

    assert (end(run), len(web.calls)) == (TIMED_OUT, 3)


def test_an_action_after_one_that_timed_out_can_ask_for_that() -> None:
    web = Web([response(500)])
    inputs = {"method": "GET", "uri": "https://api.example/x", "retryPolicy": FIXED}
    run = run_actions(
        {
            "Call": {"type": "Http", "inputs": inputs, "limit": {"timeout": "PT5S"}},
            "Late": {
                "type": "Compose",
                "inputs": "@actions('Call')['code']",
                "runAfter": after("Call", statuses=("TimedOut",)),
            },
            "Fine": {"type": "Compose", "inputs": 1, "runAfter": after("Call")},
        },
        services=web,
    )

    assert run.statuses() == {"Call": "TimedOut", "Late": "Succeeded", "Fine": "Skipped"}
    assert run.outputs("Late") == "ActionTimedOut"


@pytest.mark.parametrize("timeout", ["soon", 5, "@int('no')", "P9999Y"])
def test_a_limit_that_is_none_fails_the_action_before_it_calls(timeout: Any) -> None:
    run, web = call(None, response(200), limit={"timeout": timeout})

    assert (end(run), web.calls) == (("Failed", "BadRequest", "InvalidTemplate"), [])


@pytest.mark.parametrize(
    "action",
    [
        {"type": "Compose", "inputs": 1},
        {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Hour"}}},
        {
            "type": "Scope",
            "actions": {"Wait": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Hour"}}}},
        },
    ],
)
def test_only_calls_have_a_time_limit(action: dict[str, Any]) -> None:
    run = run_actions({"Call": {**action, "limit": {"timeout": "PT1S"}}})

    assert str(run.record("Call").status) == "Succeeded"


# Static results


def mocked(result: Any, options: str = "Enabled", **members: Any) -> tuple[MemoryRun, Web]:
    web = Web([response(500)])
    configuration = {"staticResult": {"name": "Call0", "staticResultOptions": options}}
    action = {
        "type": "Http",
        "inputs": {
            "method": "GET",
            "uri": "https://api.example/@{add(1,1)}",
            "retryPolicy": {"type": "none"},
        },
        "runtimeConfiguration": configuration,
        **members,
    }
    return run_actions({"Call": action}, services=web, staticResults={"Call0": result}), web


def test_a_static_result_stands_in_for_the_call_and_inputs_are_evaluated_all_the_same() -> None:
    result = {"status": "Succeeded", "outputs": {"statusCode": "OK", "headers": {"A": "b"}, "body": {"a": 1}}}
    run, web = mocked(result)

    record = run.record("Call")
    assert (end(run), web.calls) == (("Succeeded", "OK", None), [])
    assert record.inputs == {"method": "GET", "uri": "https://api.example/2", "retryPolicy": {"type": "none"}}
    assert record.outputs == {"statusCode": 200, "headers": {"A": "b"}, "body": {"a": 1}}
    assert record.notes == {"mocked": True}


@pytest.mark.parametrize("options", ["Disabled", "disabled", ""])
def test_a_static_result_that_is_left_behind_does_nothing(options: str) -> None:
    run, web = mocked({"status": "Succeeded", "outputs": {}}, options)

    assert (end(run)[0], len(web.calls)) == ("Failed", 1)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"status": "Failed", "outputs": {"statusCode": "NotFound"}}, ("Failed", "NotFound", None)),
        ({"status": "Failed", "outputs": {"statusCode": 404}}, ("Failed", "NotFound", None)),
        ({"status": "Failed", "code": "Odd", "error": {"code": "E", "message": "M"}}, ("Failed", "Odd", "E")),
        ({"status": "TimedOut"}, ("TimedOut", "OK", None)),
        ({"status": "Skipped", "code": "ActionSkipped"}, ("Skipped", "ActionSkipped", None)),
        ({"Status": "succeeded", "Outputs": {"StatusCode": "teapot"}}, ("Succeeded", "teapot", None)),
    ],
)
def test_a_static_result_may_be_any_end(result: Any, expected: Any) -> None:
    assert end(mocked(result)[0]) == expected


def test_a_failing_static_result_is_not_tried_again() -> None:
    web = Web([response(200)])
    action = {
        "type": "Http",
        "inputs": {"retryPolicy": FIXED},
        "runtimeConfiguration": {"staticResult": {"name": "Call0", "staticResultOptions": "Enabled"}},
    }
    run = run_actions(
        {"Call": action},
        services=web,
        staticResults={"Call0": {"status": "Failed", "outputs": {"statusCode": 503}}},
    )

    assert (end(run), run.record("Call").attempts) == (("Failed", "ServiceUnavailable", None), [])


def test_a_static_result_stands_in_for_a_whole_scope() -> None:
    scope = {
        "type": "Scope",
        "actions": {"Inside": {"type": "Compose", "inputs": 1}},
        "runtimeConfiguration": {"staticResult": {"name": "S", "staticResultOptions": "Enabled"}},
    }
    run = run_actions({"Around": scope}, staticResults={"S": {"status": "Failed"}})

    assert run.statuses() == {"Around": "Failed", "Inside": "Skipped"}


# Tracked properties


def test_tracked_properties_see_the_action_the_trigger_and_parameters() -> None:
    declared = {
        "id": "@action()['inputs']['id']",
        "status": "@action()['status']",
        "caller": "@triggerBody()?['who']",
        "limit": "@parameters('Limit')",
        "kind": "order",
    }
    run = run_actions(
        {"X": {"type": "Compose", "inputs": {"id": 7}, "trackedProperties": declared}},
        trigger={"name": "manual", "outputs": {"body": {"who": "Ada"}}},
        parameters={"Limit": 5},
    )

    assert run.record("X").tracked == {
        "id": 7,
        "status": "Succeeded",
        "caller": "Ada",
        "limit": 5,
        "kind": "order",
    }
    assert run.state.found == [
        ("id", "7"),
        ("status", "Succeeded"),
        ("caller", "Ada"),
        ("limit", "5"),
        ("kind", "order"),
    ]


def test_a_failed_action_is_tracked_and_a_skipped_one_is_not() -> None:
    tracked = {"trackedProperties": {"status": "@action()['status']"}}
    run = run_actions(
        {
            "Bad": {"type": "Compose", "inputs": "@int('no')", **tracked},
            "Never": {"type": "Compose", "inputs": 1, "runAfter": after("Bad"), **tracked},
        }
    )

    assert run.state.found == [("status", "Failed")]


def test_an_error_in_tracked_properties_fails_the_action() -> None:
    run = run_actions(
        {"X": {"type": "Compose", "inputs": 1, "trackedProperties": {"id": "@action()['inputs']['id']"}}}
    )

    record = run.record("X")
    assert (str(record.status), record.code, record.outputs) == (
        "Failed",
        "TrackedPropertiesEvaluationFailed",
        1,
    )
    assert record.problem is not None
    assert record.problem.code == "TrackedPropertiesEvaluationFailed"


def test_only_tracked_properties_may_ask_for_their_action() -> None:
    run = run_actions({"X": {"type": "Compose", "inputs": "@action()"}})

    problem = run.record("X").problem
    assert problem is not None
    assert "The template function 'action' is not expected at this location." in problem.message
