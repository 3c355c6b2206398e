"""Child flows. Source: cloud-flows 3.10."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from deskhand.core.settings import Settings
from tests.cloud_runs import NOTHING, after
from tests.contract.cloudflows.servers import House, Server

NO_RETRY = {"retryPolicy": {"type": "none"}}


def wait(seconds: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Wait", "inputs": {"interval": {"count": seconds, "unit": "Second"}}, **members}


def answer(body: Any, status: Any = 200, **members: Any) -> dict[str, Any]:
    return {"type": "Response", "kind": "Http", "inputs": {"statusCode": status, "body": body}, **members}


def call(child: object, body: Any = None, **members: Any) -> dict[str, Any]:
    host = {"host": {"workflowReferenceName": str(child)}}
    return {"type": "Workflow", "inputs": {**host, **({} if body is None else {"body": body})}, **members}


def compose(value: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Compose", "inputs": value, **members}


def children(house: House, flow_id: UUID) -> list[Any]:
    return house.runs_of(flow_id)


def is_resting(house: House, server: Server, flow_id: UUID) -> bool:
    """Tell whether the flow's only run has come to its action ``Rest``."""
    rows = children(house, flow_id)
    return len(rows) == 1 and "Rest" in house.records(server, rows[0]["flowrunid"])


def run(house: House, server: Server, flow_id: UUID, body: Any = None) -> Any:
    (started,) = server.call(flow_id, body)
    (row,) = house.finish(server, started.id)
    return row


def test_a_child_gets_the_body_and_its_answer_comes_back(house: House) -> None:
    child = house.flow(
        {"Answer": answer({"sum": "@add(triggerBody()['a'], triggerBody()['b'])"}, status="201")}
    )
    parent = house.flow(
        {
            "Call": call(child, {"a": 1, "b": "@add(1, 1)"}),
            "Next": compose("@body('Call')['sum']", runAfter=after("Call")),
        }
    )

    with house.server() as server:
        row = run(house, server, parent)
        records = house.records(server, row["flowrunid"])
        (child_row,) = children(house, child)

    (called,), (following,) = records["Call"], records["Next"]
    assert (row["status"], following.outputs) == ("Succeeded", 3)
    assert (called.code, called.linked_id, called.outputs) == (
        "Created",
        child_row["flowrunid"],
        {"statusCode": 201, "headers": {"x-ms-workflow-run-id": child_row["name"]}, "body": {"sum": 3}},
    )
    assert (child_row["parentrunid"], child_row["parentflowrunid"], child_row["parentactionid"]) == (
        row["name"],
        row["flowrunid"],
        called.id,
    )
    assert child_row["clienttrackingid"] == row["clienttrackingid"]


def test_the_parent_goes_on_with_the_answer_and_the_child_after_it(house: House) -> None:
    child = house.flow({"Answer": answer("early"), "Rest": wait(3600, runAfter=after("Answer"))})
    parent = house.flow({"Call": call(child)})

    with house.server() as server:
        (started,) = server.call(parent)
        (row,) = house.finish(server, started.id)
        (still,) = children(house, child)
        (ended,) = house.finish(server, still["flowrunid"])

    assert (row["status"], still["status"], ended["status"]) == ("Succeeded", "Running", "Succeeded")


def test_a_child_called_twice_at_the_same_time_has_two_runs(house: House) -> None:
    child = house.flow(
        {"Rest": wait("@triggerBody()"), "Answer": answer("@triggerBody()", runAfter=after("Rest"))}
    )
    loop = {
        "type": "Foreach",
        "foreach": [20, 10],
        "actions": {"Call": call(child, "@item()")},
        "runtimeConfiguration": {"concurrency": {"repetitions": 2}},
    }
    parent = house.flow({"Both": loop})

    with house.server() as server:
        row = run(house, server, parent)
        records = house.records(server, row["flowrunid"])["Call"]
        rows = children(house, child)

    assert [one.outputs["body"] for one in records] == [20, 10]  # type: ignore[index,call-overload]
    assert {one.linked_id for one in records} == {one["flowrunid"] for one in rows}
    assert (row["endtime"] - row["starttime"]).total_seconds() == 20


@pytest.mark.parametrize(
    "actions",
    [
        {"Broken": compose("@int('no')"), "Answer": answer(1, runAfter=after("Broken"))},
        {
            "End": {"type": "Terminate", "inputs": {"runStatus": "Succeeded"}},
            "Answer": answer(1, runAfter=after("End")),
        },
        {"Check": {"type": "If", "expression": False, "actions": {"Answer": answer(1)}}},
    ],
    ids=["failed", "terminated", "not reached"],
)
def test_a_child_that_ends_without_an_answer_is_a_bad_gateway(house: House, actions: Any) -> None:
    child = house.flow(actions)
    parent = house.flow(
        {
            "Call": call(child),
            "Catch": compose(
                "@actions('Call')['error']['code']", runAfter=after("Call", statuses=("Failed",))
            ),
        }
    )

    with house.server() as server:
        row = run(house, server, parent)
        records = house.records(server, row["flowrunid"])

    (called,), (caught,) = records["Call"], records["Catch"]
    assert (called.code, called.problem and called.problem.code, called.outputs) == (
        "BadGateway",
        "NoResponse",
        NOTHING,
    )
    assert (row["status"], caught.outputs, len(children(house, child))) == ("Succeeded", "NoResponse", 1)


def test_terminate_ends_the_child_alone(house: House) -> None:
    error = {"runStatus": "Failed", "runError": {"code": "C", "message": "M"}}
    child = house.flow(
        {"Answer": answer("fine"), "End": {"type": "Terminate", "inputs": error, "runAfter": after("Answer")}}
    )
    parent = house.flow({"Call": call(child), "Next": compose(1, runAfter=after("Call"))})

    with house.server() as server:
        row = run(house, server, parent)
        (child_row,) = house.finish(server, children(house, child)[0]["flowrunid"])

    assert (row["status"], child_row["status"], child_row["errorcode"]) == ("Succeeded", "Failed", "C")


def test_a_child_that_cannot_answer_is_not_waited_for(house: House) -> None:
    child = house.flow({"Rest": wait(3600)})
    parent = house.flow({"Call": call(child)})

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]
        (child_row,) = children(house, child)

    assert (called.code, called.outputs) == (
        "Accepted",
        {"statusCode": 202, "headers": {"x-ms-workflow-run-id": child_row["name"]}},
    )
    assert (row["status"], child_row["status"]) == ("Succeeded", "Running")


def test_cancelling_the_parent_cancels_the_child_that_it_waits_for(house: House) -> None:
    grandchild = house.flow(
        {"Rest": wait(3600), "Answer": answer(1, runAfter=after("Rest"))}, name="Grandchild"
    )
    child = house.flow({"Call": call("Grandchild"), "Answer": answer(1, runAfter=after("Call"))})
    parent = house.flow({"Call": call(child)})

    with house.server() as server:
        (started,) = server.call(parent)
        assert house.wait_for(server, lambda: is_resting(house, server, grandchild), jumps=False)
        house.cancel(started.id)
        rows = house.finish(
            server,
            started.id,
            children(house, child)[0]["flowrunid"],
            children(house, grandchild)[0]["flowrunid"],
        )

    assert [one["status"] for one in rows] == ["Cancelled"] * 3


def test_a_child_that_takes_too_long_times_out_and_is_cancelled(house: House) -> None:
    child = house.flow({"Rest": wait(3600), "Answer": answer(1, runAfter=after("Rest"))})
    parent = house.flow(
        {
            "Call": call(child, limit={"timeout": "PT10M"}),
            "Late": compose(1, runAfter=after("Call", statuses=("TimedOut",))),
        }
    )

    with house.server() as server:
        row = run(house, server, parent)
        (child_row,) = house.finish(server, children(house, child)[0]["flowrunid"])

    assert (row["status"], house.statuses(row["flowrunid"])) == (
        "Succeeded",
        {"Call": "TimedOut", "Late": "Succeeded"},
    )
    assert (child_row["status"], (row["endtime"] - row["starttime"]).total_seconds()) == ("Cancelled", 600)


def test_a_failing_answer_fails_the_action_with_its_outputs_and_may_be_asked_for_again(house: House) -> None:
    child = house.flow({"Answer": answer({"why": "busy"}, status=503)})
    policy = {"type": "fixed", "count": 2, "interval": "PT10S"}
    again = {
        "type": "Workflow",
        "inputs": {"host": {"workflowReferenceName": str(child)}, "retryPolicy": policy},
    }
    parent = house.flow({"Call": again})

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]

    assert (row["status"], called.code, len(called.attempts), len(children(house, child))) == (
        "Failed",
        "ServiceUnavailable",
        2,
        3,
    )
    assert called.outputs["body"] == {"why": "busy"}  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ({"workflowReferenceName": "00000000-0000-4000-8000-000000000000"}, "NestedWorkflowNotFound"),
        ({"workflowReferenceName": ""}, "NestedWorkflowNotFound"),
    ],
)
def test_a_child_that_is_not_there_fails_the_action(house: House, host: Any, code: str) -> None:
    # What the host names is only known when the action runs.
    named = {
        key: f"@{{concat('{value}', '')}}" if isinstance(value, str) else value for key, value in host.items()
    }
    parent = house.flow({"Call": {"type": "Workflow", "inputs": {"host": named, **NO_RETRY}}})

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]

    assert (row["status"], called.problem and called.problem.code) == ("Failed", code)


def test_a_child_whose_trigger_splits_is_refused(house: House) -> None:
    split = {"manual": {"type": "Request", "kind": "Http", "splitOn": "@triggerBody()"}}
    child = house.flow({"Do": compose(1)}, triggers=split)
    parent = house.flow({"Call": call(child, [1])})

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]

    assert (row["status"], called.problem and called.problem.code, children(house, child)) == (
        "Failed",
        "NestedWorkflowContainsSplitOnTrigger",
        [],
    )


def test_children_of_logic_apps_are_called_by_name_with_headers_and_queries(house: House) -> None:
    child = house.flow({"Answer": answer("@triggerOutputs()")}, name="Orders")
    inputs = {
        "host": {
            "workflow": {
                "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/orders"
            },
            "triggerName": "manual",
        },
        "headers": {"X-One": 1},
        "queries": {"q": "a b"},
        "body": {"k": None},
    }
    parent = house.flow({"Call": {"type": "Workflow", "inputs": inputs}})
    assert child

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]

    assert called.outputs["body"] == {"headers": {"X-One": "1"}, "queries": {"q": "a b"}, "body": {"k": None}}  # type: ignore[index,call-overload]


def test_a_parent_waits_for_an_answer_longer_than_a_caller_over_http_can(house: House) -> None:
    house.settings = Settings(cloudflow_answer_seconds=60)
    child = house.flow({"Rest": wait(600), "Answer": answer("late", runAfter=after("Rest"))})
    parent = house.flow({"Call": call(child)})

    with house.server() as server:
        row = run(house, server, parent)
        (called,) = house.records(server, row["flowrunid"])["Call"]

    assert (row["status"], called.outputs["body"]) == ("Succeeded", "late")  # type: ignore[index,call-overload]


def test_a_child_outlives_the_server_that_started_it(house: House) -> None:
    child = house.flow({"Rest": wait(60), "Answer": answer("back", runAfter=after("Rest"))})
    parent = house.flow({"Call": call(child)})
    run_id = house.start(parent)

    for dies_at in range(1, 5):
        with house.server(dies_at) as server:
            house.wait_for(server, house.ended(run_id))
        house.bury_the_dead()
    with house.server() as server:
        (row,) = house.finish(server, run_id)
        (called,) = house.records(server, run_id)["Call"]

    assert (row["status"], called.outputs["body"], len(children(house, child))) == ("Succeeded", "back", 1)  # type: ignore[index,call-overload]
