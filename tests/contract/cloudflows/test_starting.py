"""From what a trigger saw to runs: splitting, conditions, turns, parameters. Source: cloud-flows 1.2, 2.1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.errors import CloudFlowInvalid, TooManyWaitingRuns, TriggerConditionFailed
from deskhand.entities.flowtrigger import FlowTriggerHistory
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.records.service import create
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House

SHOW = {"Show": {"type": "Compose", "inputs": "@triggerBody()"}}
LONG = {"Wait": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Hour"}}}}


def trigger(**members: Any) -> dict[str, Any]:
    return {"manual": {"type": "Request", "kind": "Http", "inputs": {}, **members}}


def histories(house: House, flow_id: UUID) -> list[str]:
    columns = FlowTriggerHistory.c
    query = sa.select(columns.status).where(columns.workflowid == flow_id).order_by(columns.name.desc())
    return list(house.database.read(lambda tx: tx.execute(query).scalars().all()))


def shown(house: House, flow_id: UUID) -> list[Any]:
    return [
        json.loads(row["inputs"]) for run in house.runs_of(flow_id) for row in house.rows(run["flowrunid"])
    ]


@pytest.mark.parametrize(
    ("body", "elements"),
    [([1, {"a": 2}, None], [1, {"a": 2}, None]), ([7], [7])],
)
def test_each_element_has_a_run_that_sees_it_as_the_body(house: House, body: Any, elements: Any) -> None:
    flow_id = house.flow(SHOW, triggers=trigger(splitOn="@triggerOutputs()?['body/value']"))
    with house.server() as server:
        runs = server.call(flow_id, {"value": body})
        house.finish(server, *(run.id for run in runs))

    assert sorted(map(json.dumps, shown(house, flow_id))) == sorted(map(json.dumps, elements))
    assert len({run.name for run in runs}) == len(elements)
    assert histories(house, flow_id) == []


@pytest.mark.parametrize("body", [{"value": []}, {"value": None}, {}, None])
def test_nothing_to_split_starts_no_run_and_leaves_a_history(house: House, body: Any) -> None:
    flow_id = house.flow(SHOW, triggers=trigger(splitOn="@triggerBody()?['value']"))
    with house.server() as server:
        assert server.call(flow_id, body) == []

    assert (house.runs_of(flow_id), histories(house, flow_id)) == ([], ["Skipped"])


@pytest.mark.parametrize("value", ["text", {"a": 1}, 5])
def test_what_cannot_be_split_is_an_error(house: House, value: Any) -> None:
    flow_id = house.flow(SHOW, triggers=trigger(splitOn="@triggerBody()?['value']"))
    with house.server() as server, pytest.raises(TriggerConditionFailed, match="the result is not an array"):
        server.call(flow_id, {"value": value})

    assert house.runs_of(flow_id) == []


def test_more_elements_than_may_wait_for_each_other_are_an_error(house: House) -> None:
    turns = {"concurrency": {"runs": 2}}
    flow_id = house.flow(
        SHOW, triggers=trigger(splitOn="@triggerBody()?['value']", runtimeConfiguration=turns)
    )
    with (
        house.server() as server,
        pytest.raises(TriggerConditionFailed, match="101 elements, and at most 100"),
    ):
        server.call(flow_id, {"value": list(range(101))})

    assert house.runs_of(flow_id) == []


def test_all_conditions_must_hold_for_each_element_by_itself(house: House) -> None:
    conditions = [{"expression": "@greater(triggerBody(), 1)"}, {"expression": "@less(triggerBody(), 4)"}]
    flow_id = house.flow(SHOW, triggers=trigger(splitOn="@triggerBody()", conditions=conditions))
    with house.server() as server:
        runs = server.call(flow_id, [1, 2, 3, 4])
        house.finish(server, *(run.id for run in runs))

    assert sorted(shown(house, flow_id)) == [2, 3]
    assert histories(house, flow_id) == ["Skipped", "Skipped"]


def test_a_condition_that_is_false_starts_no_run_and_leaves_a_history(house: House) -> None:
    flow_id = house.flow(
        SHOW,
        triggers=trigger(conditions=[{"expression": "@equals(triggerBody()?['a'], parameters('A'))"}]),
        parameters={"A": {"type": "Int", "defaultValue": 1}},
    )
    with house.server() as server:
        skipped = server.call(flow_id, {"a": 2})
        (started,) = server.call(flow_id, {"a": 1})
        house.finish(server, started.id)

    assert (skipped, histories(house, flow_id), shown(house, flow_id)) == ([], ["Skipped"], [{"a": 1}])


@pytest.mark.parametrize("expression", ["@variables('n')", "@int('no')", "@string('true')"])
def test_a_condition_that_cannot_be_evaluated_is_an_error(house: House, expression: str) -> None:
    flow_id = house.flow(SHOW, triggers=trigger(conditions=[{"expression": expression}]))
    with house.server() as server, pytest.raises(TriggerConditionFailed):
        server.call(flow_id)

    assert house.runs_of(flow_id) == []


def test_a_run_is_tracked_as_the_trigger_says(house: House) -> None:
    own = house.flow(SHOW, triggers=trigger(correlation={"clientTrackingId": "@{triggerBody()?['id']}-x"}))
    split = house.flow(
        SHOW,
        triggers=trigger(
            splitOn="@triggerBody()",
            splitOnConfiguration={"correlation": {"clientTrackingId": "@item()['id']"}},
        ),
    )
    plain = house.flow(SHOW)
    with house.server() as server:
        started = [
            run
            for flow, body in ((own, {"id": 7}), (split, [{"id": "a"}, {"id": "b"}]), (plain, None))
            for run in server.call(flow, body)
        ]
        rows = house.finish(server, *(run.id for run in started))

    assert [row["clienttrackingid"] for row in rows] == ["7-x", "a", "b", rows[-1]["name"]]


def concurrency(runs: int, waiting: int | None = None) -> dict[str, Any]:
    limits = {"runs": runs} | ({} if waiting is None else {"maximumWaitingRuns": waiting})
    return trigger(runtimeConfiguration={"concurrency": limits})


def statuses(house: House, flow_id: UUID) -> list[str]:
    return sorted(row["status"] for row in house.runs_of(flow_id))


def test_runs_wait_for_their_turn_and_begin_in_the_order_in_which_they_came(house: House) -> None:
    flow_id = house.flow(LONG, triggers=concurrency(2))
    with house.server() as server:
        runs = []
        for _ in range(5):
            runs += server.call(flow_id)
            house.clock.advance(1)
        before = statuses(house, flow_id)
        rows = house.finish(server, *(run.id for run in runs))
        begun = [house.records(server, run.id)["Wait"][0].started for run in runs]

    assert before == ["Running", "Running", "Waiting", "Waiting", "Waiting"]
    assert [row["status"] for row in rows] == ["Succeeded"] * 5
    assert [row["waitendtime"] is None for row in rows] == [True, True, False, False, False]
    assert begun == sorted(begun)
    assert [(one - begun[0]).total_seconds() // 3600 for one in begun] == [0, 0, 1, 1, 2]


def test_too_many_waiting_runs_are_refused(house: House) -> None:
    flow_id = house.flow(LONG, triggers=concurrency(1, 2))
    with house.server() as server:
        for _ in range(3):
            server.call(flow_id)
        with pytest.raises(TooManyWaitingRuns) as refused:
            server.call(flow_id)

    assert (refused.value.service_code, refused.value.http_status) == (
        "WorkflowMaximumWaitingRunCountExceeded",
        429,
    )
    assert statuses(house, flow_id) == ["Running", "Waiting", "Waiting"]


def test_a_single_instance_is_one_run_at_a_time(house: House) -> None:
    flow_id = house.flow(LONG, triggers=trigger(operationOptions="SingleInstance"))
    with house.server() as server:
        runs = [server.call(flow_id)[0] for _ in range(2)]
        before = statuses(house, flow_id)
        house.finish(server, *(run.id for run in runs))

    assert before == ["Running", "Waiting"]


def test_a_waiting_run_can_be_cancelled_and_gives_its_place_to_none(house: House) -> None:
    flow_id = house.flow(LONG, triggers=concurrency(1))
    with house.server() as server:
        first, second, third = (server.call(flow_id)[0] for _ in range(3))
        house.cancel(second.id)
        rows = house.finish(server, first.id, second.id, third.id)

    assert [row["status"] for row in rows] == ["Succeeded", "Cancelled", "Succeeded"]
    assert rows[2]["starttime"] <= rows[0]["endtime"] <= rows[2]["waitendtime"]


def test_without_concurrency_control_all_run_at_once(house: House) -> None:
    flow_id = house.flow(LONG)
    with house.server() as server:
        for _ in range(30):
            server.call(flow_id)

        assert set(statuses(house, flow_id)) == {"Running"}


# Parameters


def parameter(kind: str, **members: Any) -> dict[str, Any]:
    return {"P": {"type": kind, **members}}


def value_of(house: House, declared: Mapping[str, Any]) -> Any:
    flow_id = house.flow({"Show": {"type": "Compose", "inputs": "@parameters('p')"}}, parameters=declared)
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Show"]
    assert record.problem is None
    return record.outputs


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", "a"),
        ("int", 5),
        ("Float", 1.5),
        ("Float", 2),
        ("BOOL", True),
        ("Array", [1]),
        ("Object", {"a": 1}),
        ("SecureString", "s"),
    ],
)
def test_a_parameter_has_its_default(house: House, kind: str, value: Any) -> None:
    assert value_of(house, parameter(kind, defaultValue=value)) == value


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (parameter("String", defaultValue=5), "Expected 'String'. Actual 'Integer'."),
        (parameter("Int", defaultValue=1.5), "Expected 'Integer'. Actual 'Float'."),
        (parameter("Bool", defaultValue="true"), "Expected 'Boolean'. Actual 'String'."),
        (parameter("Array", defaultValue={}), "Expected 'Array'. Actual 'Object'."),
        (
            parameter("String", defaultValue="c", allowedValues=["a", "b"]),
            "it is not one of the allowed values.",
        ),
    ],
)
def test_a_value_that_does_not_fit_keeps_the_flow_from_being_switched_on(
    house: House, declared: Any, message: str
) -> None:
    with pytest.raises(CloudFlowInvalid) as refused:
        house.flow(SHOW, parameters=declared)

    assert refused.value.message.endswith(f"The value of the workflow parameter 'P' is not valid: {message}")


def test_an_allowed_value_is_taken(house: House) -> None:
    assert value_of(house, parameter("String", defaultValue="b", allowedValues=["a", "b"])) == "b"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("String", "https://b", "https://b"),
        ("Int", "7", 7),
        ("Bool", "True", True),
        ("Object", '{"a":1}', {"a": 1}),
        ("Float", "1.5", 1.5),
    ],
)
def test_an_environment_variable_wins_over_the_default(
    house: House, kind: str, text: str, value: Any
) -> None:
    def make(tx: Any) -> None:
        definition = {
            "schemaname": "new_P",
            "displayname": "P",
            "type": 100_000_000,
            "defaultvalue": "unused",
        }
        made = create(tx, EnvironmentVariableDefinition, definition, by=house.owner_id)
        create(
            tx,
            EnvironmentVariableValue,
            {"environmentvariabledefinitionid": made, "value": text},
            by=house.owner_id,
        )

    house.database.write(make)
    default = {"String": "x", "Int": 1, "Bool": False, "Object": {}, "Float": 1.0}[kind]

    assert value_of(house, parameter(kind, defaultValue=default, metadata={"schemaName": "new_P"})) == value


def test_the_parameters_of_the_service_are_empty_objects(house: House) -> None:
    both = {
        "Show": {
            "type": "Compose",
            "inputs": "@createArray(parameters('$connections'), parameters('$authentication'))",
        }
    }
    flow_id = house.flow(both)
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Show"]

    assert record.outputs == [{}, {}]


def test_a_parameter_that_is_not_declared_fails_the_action_that_reads_it(house: House) -> None:
    flow_id = house.flow(
        {
            "Show": {"type": "Compose", "inputs": "@parameters('Q')"},
            "Next": {"type": "Compose", "inputs": 1, "runAfter": after("Show", statuses=("Failed",))},
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id)
        (row,) = house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Show"]

    assert record.problem is not None
    assert "The workflow parameter 'Q' is not found." in record.problem.message
    assert row["status"] == "Succeeded"
