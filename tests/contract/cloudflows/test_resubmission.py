"""Runs are cancelled, repeated, and gone on from; on both databases. Source: cloud-flows 7.3."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from deskhand.cloudflows.activation import turn_off, turn_on
from deskhand.cloudflows.errors import (
    RunNotCancellable,
    RunNotFound,
    TooManyWaitingRuns,
    TriggerNotEnabled,
)
from deskhand.cloudflows.history_errors import (
    ActionNotResubmittable,
    DefinitionDiffers,
    HistoryNotResubmittable,
    NothingToResume,
    RunNotEnded,
    RunResumedBefore,
)
from deskhand.cloudflows.resubmission import cancel
from deskhand.entities.workflow import Workflow
from deskhand.records.service import update
from deskhand.store.database import Transaction
from tests.cloud_runs import after
from tests.contract.cloudflows.managing import come_to
from tests.contract.cloudflows.resuming import (
    NO_RETRY,
    RETRIED,
    Paths,
    change,
    http,
    resubmit_run,
    resume_run,
    wait,
)
from tests.contract.cloudflows.servers import MANUAL, House


@pytest.mark.parametrize("dies_at", [None, 2, 4, 6, 8])
def test_a_resumed_run_calls_nothing_again_that_had_answered_even_if_servers_die(
    house: House, dies_at: int | None
) -> None:
    web = Paths(house, "c")
    flow_id = house.flow(
        {
            "Count": {
                "type": "InitializeVariable",
                "inputs": {"variables": [{"name": "n", "type": "integer"}]},
            },
            "Add": {"type": "IncrementVariable", "inputs": {"name": "n"}, "runAfter": after("Count")},
            "A": http("Add", path="a"),
            "Try": {
                "type": "Scope",
                "actions": {
                    "B": http(path="b"),
                    "C": http("B", path="c", retry=RETRIED),
                    "D": http("C", path="d", retry=RETRIED),
                },
                "runAfter": after("A"),
            },
            "Tell": http(path="tell") | {"runAfter": after("Try", statuses=("Failed",))},
            "Last": {
                "type": "Compose",
                "inputs": "@concat(body('A')?['path'], body('D')?['path'], variables('n'))",
                "runAfter": after("Tell", statuses=("Skipped",)),
            },
        }
    )

    with house.server() as server:
        (run,) = server.call(flow_id, {"order": 7})
        house.finish(server, run.id)
        assert web.called == ["a", "b", "c", "tell"]
        web.failing.clear()
        again = resume_run(house, server, run.id) if dies_at is None else None
        if again is not None:
            house.finish(server, again.id)
    if again is None:
        with house.server(dies_at) as dying:
            again = resume_run(house, dying, run.id)
            dying.database.notify("cloud runs")
            house.wait_for(dying, house.ended(again.id))
        house.bury_the_dead()
        with house.server() as server:
            house.finish(server, again.id)

    row = house.run(again.id)
    assert [path for path in web.called if path not in ("c", "d")] == ["a", "b", "tell"]
    assert (row["status"], row["resumedrunid"], row["originhistoryname"]) == ("Succeeded", run.id, run.name)
    assert house.statuses(again.id) == {
        **dict.fromkeys(("Count", "Add", "A", "Try", "B", "C", "D", "Last"), "Succeeded"),
        "Tell": "Skipped",
    }
    assert house.statuses(run.id)["C"] == "Failed"
    with house.server() as server:
        assert house.records(server, again.id)["Last"][0].outputs == "ad1"


def test_a_run_with_the_fixed_definition_goes_on_with_what_had_failed(house: House) -> None:
    web = Paths(house)
    actions = {"A": http(path="a"), "B": {"type": "Compose", "inputs": "@int('x')", "runAfter": after("A")}}
    flow_id = house.flow(actions)
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        change(house, flow_id, {**actions, "B": {**actions["B"], "inputs": "@int('5')"}})
        again = resume_run(house, server, run.id, current=True)
        house.finish(server, again.id)
        assert house.records(server, again.id)["B"][0].outputs == 5

    assert web.called == ["a"]
    assert house.run(again.id)["status"] == "Succeeded"


def test_a_definition_that_is_another_one_is_refused(house: House) -> None:
    Paths(house)
    failing = {"type": "Compose", "inputs": "@int('x')", "runAfter": after("A")}
    flow_id = house.flow({"A": http(path="a"), "B": failing})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        change(house, flow_id, {"A": {"type": "Compose", "inputs": 1}, "B": failing})
        with pytest.raises(DefinitionDiffers, match="the action 'A' has another type"):
            resume_run(house, server, run.id, current=True)


def test_what_cannot_be_resumed_is_refused(house: House) -> None:
    web = Paths(house, "b")
    flow_id = house.flow({"A": http(path="a"), "B": http("A", path="b")})
    waiting_id = house.flow({"Wait": wait()})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        with pytest.raises(ActionNotResubmittable, match="The action 'A' of workflow run"):
            resume_run(house, server, run.id, actions=["A"])
        with pytest.raises(RunNotFound):
            resume_run(house, server, UUID(int=7))
        web.failing.clear()
        again = resume_run(house, server, run.id, actions=["b"])
        with pytest.raises(RunResumedBefore, match=again.name):
            resume_run(house, server, run.id)
        house.finish(server, again.id)
        with pytest.raises(NothingToResume):
            resume_run(house, server, again.id)
        (waiting,) = server.call(waiting_id)
        with pytest.raises(RunNotEnded, match="its status is 'Running'"):
            resume_run(house, server, waiting.id)

    assert web.called == ["a", "b", "b"]


def test_loops_are_resumed_where_they_failed(house: House) -> None:
    web = Paths(house, "2", "3")
    flow_id = house.flow(
        {
            "Each": {
                "type": "Foreach",
                "foreach": "@triggerBody()",
                "actions": {
                    "Call": {
                        "type": "Http",
                        "inputs": {
                            "method": "GET",
                            "uri": "https://web.example/@{item()}",
                            "retryPolicy": NO_RETRY,
                        },
                    }
                },
                "runtimeConfiguration": {"concurrency": {"repetitions": 1}},
            },
            "Poll": {
                "type": "Until",
                "expression": "@equals(iterationIndexes('Poll'), 3)",
                "limit": {"count": 3},
                "actions": {"Ask": http(path="ask")},
                "operationOptions": "FailWhenLimitsReached",
                "runAfter": after("Each", statuses=("Failed", "Succeeded")),
            },
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id, [1, 2, 3, 4])
        house.finish(server, run.id)
        assert web.called == ["1", "2", "3", "4", "ask", "ask", "ask"]
        web.failing.clear()
        again = resume_run(house, server, run.id)
        (row,) = house.finish(server, again.id)
        records = house.records(server, again.id)

    assert web.called[7:] == ["2", "3", "ask"]
    assert row["status"] == "Succeeded"
    assert [one.repetition for one in records["Call"]] == [(0,), (1,), (2,), (3,)]
    assert [one.repetition for one in records["Ask"]] == [(0,), (1,), (2,), (3,)]


def test_a_cancelled_run_is_resumed_with_what_it_was_doing(house: House) -> None:
    Paths(house)
    flow_id = house.flow({"A": http(path="a"), "Wait": wait("A"), "B": http("Wait", path="b")})
    with house.server() as server:
        (run,) = server.call(flow_id)
        come_to(server, lambda: house.statuses(run.id).get("Wait") == "Running")
        house.database.write(lambda tx: cancel(tx, run.id))
        house.finish(server, run.id)
        again = resume_run(house, server, run.id)
        (row,) = house.finish(server, again.id)

    assert house.run(run.id)["status"] == "Cancelled"
    assert house.statuses(run.id) == {"A": "Succeeded", "Wait": "Cancelled", "B": "Skipped"}
    assert row["status"] == "Succeeded"


def test_a_run_that_is_repeated_has_the_same_trigger_and_the_present_definition(house: House) -> None:
    flow_id = house.flow({"A": {"type": "Compose", "inputs": "@triggerBody()"}})
    with house.server() as server:
        (run,) = server.call(flow_id, {"order": 7})
        house.finish(server, run.id)
        change(house, flow_id, {"A": {"type": "Compose", "inputs": "@triggerBody()['order']"}})
        again = resubmit_run(house, server, run.id)
        (row,) = house.finish(server, again.id)
        outputs = house.records(server, again.id)["A"][0].outputs

    assert outputs == 7
    assert (row["originhistoryname"], row["clienttrackingid"]) == (run.name, again.name)


def test_a_run_is_not_repeated_when_its_flow_is_off_or_has_no_such_trigger(house: House) -> None:
    flow_id = house.flow({"A": {"type": "Compose", "inputs": 1}})
    renamed_id = house.flow({"A": {"type": "Compose", "inputs": 1}})
    with house.server() as server:
        runs = [server.call(one)[0] for one in (flow_id, renamed_id)]
        house.finish(server, *(run.id for run in runs))
        house.database.write(lambda tx: turn_off(tx, flow_id, by=house.owner_id))
        with pytest.raises(TriggerNotEnabled):
            resubmit_run(house, server, runs[0].id)
        house.database.write(lambda tx: rename_trigger(house, tx, renamed_id))
        with pytest.raises(HistoryNotResubmittable, match="the flow has no such trigger any more"):
            resubmit_run(house, server, runs[1].id)


def test_a_flow_that_is_off_is_tried_out_with_what_an_earlier_trigger_saw(house: House) -> None:
    flow_id = house.flow({"A": {"type": "Compose", "inputs": "@triggerBody()"}})
    with house.server() as server:
        (run,) = server.call(flow_id, {"order": 7})
        house.finish(server, run.id)
        house.database.write(lambda tx: turn_off(tx, flow_id, by=house.owner_id))
        text = json.dumps(
            {"triggers": MANUAL, "actions": {"A": {"type": "Compose", "inputs": "@triggerBody()['order']"}}}
        )
        house.database.write(
            lambda tx: update(tx, Workflow, flow_id, {"clientdata": text}, by=house.owner_id)
        )
        again = resubmit_run(house, server, run.id, is_test=True)
        (row,) = house.finish(server, again.id)
        outputs = house.records(server, again.id)["A"][0].outputs

    assert (outputs, row["status"], row["originhistoryname"]) == (7, "Succeeded", run.name)


def rename_trigger(house: House, tx: Transaction, flow_id: UUID) -> None:
    text = json.dumps({"triggers": {"other": {"type": "Request", "kind": "Http"}}, "actions": {}})
    update(tx, Workflow, flow_id, {"clientdata": text}, by=house.owner_id)
    turn_on(tx, flow_id, by=house.owner_id)


def test_a_run_that_has_ended_cannot_be_cancelled(house: House) -> None:
    flow_id = house.flow({"A": {"type": "Compose", "inputs": 1}})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
    with pytest.raises(RunNotCancellable, match="its status is 'Succeeded'"):
        house.database.write(lambda tx: cancel(tx, run.id))
    with pytest.raises(RunNotFound):
        house.database.write(lambda tx: cancel(tx, UUID(int=7)))


def test_a_run_cancelled_before_its_turn_gives_no_turn_away(house: House) -> None:
    trigger = {
        "manual": {
            "type": "Request",
            "kind": "Http",
            "runtimeConfiguration": {"concurrency": {"runs": 1, "maximumWaitingRuns": 2}},
        }
    }
    flow_id = house.flow({"Wait": wait()}, triggers=trigger)
    with house.server() as server:
        first, second, third = (server.call(flow_id)[0] for _ in range(3))
        with pytest.raises(TooManyWaitingRuns):
            server.call(flow_id)
        house.database.write(lambda tx: cancel(tx, second.id))
        come_to(server, lambda: house.run(second.id)["endtime"] is not None)
        statuses = [house.run(run.id)["status"] for run in (first, second, third)]
        house.finish(server, first.id, third.id)

    assert statuses[1:] == ["Cancelled", "Waiting"]
    assert house.run(third.id)["status"] == "Succeeded"
    assert house.rows(second.id) == []


def test_a_loop_in_a_loop_is_resumed_where_it_failed(house: House) -> None:
    web = Paths(house, "1-2")
    call = http(path="@{items('Each')}-@{iterationIndexes('Poll')}")
    poll = {
        "type": "Until",
        "expression": "@equals(iterationIndexes('Poll'), 2)",
        "limit": {"count": 5},
        "actions": {"Ask": call},
    }
    flow_id = house.flow(
        {
            "Each": {
                "type": "Foreach",
                "foreach": [0, 1, 2],
                "actions": {"Poll": poll},
                "runtimeConfiguration": {"concurrency": {"repetitions": 1}},
            }
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        assert len(web.called) == 9
        web.failing.clear()
        again = resume_run(house, server, run.id)
        (row,) = house.finish(server, again.id)
        asked = house.records(server, again.id)["Ask"]

    assert web.called[9:] == ["1-2"]
    assert row["status"] == "Succeeded"
    assert [one.repetition for one in asked] == [(first, second) for first in range(3) for second in range(3)]


def test_secrets_are_taken_over_sealed(house: House) -> None:
    web = Paths(house, "b")
    hidden = {"runtimeConfiguration": {"secureData": {"properties": ["inputs", "outputs"]}}}
    flow_id = house.flow(
        {
            "Pin": {"type": "Compose", "inputs": "@concat('kind-', 'otter')", **hidden},
            "B": http("Pin", path="b"),
            "Last": {
                "type": "Compose",
                "inputs": "@length(outputs('Pin'))",
                "runAfter": after("B"),
                "runtimeConfiguration": {"secureData": {"properties": ["inputs"]}},
            },
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        web.failing.clear()
        again = resume_run(house, server, run.id)
        house.finish(server, again.id)
        records = house.records(server, again.id)

    assert (records["Pin"][0].outputs, records["Last"][0].inputs) == ("kind-otter", 10)
    row = next(row for row in house.rows(again.id) if row["name"] == "Pin")
    assert (row["inputs"], row["outputs"]) == (None, None)
    assert b"otter" not in row["sealedoutputs"]
