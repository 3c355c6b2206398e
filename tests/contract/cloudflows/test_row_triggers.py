"""Flows that start when rows change. Source: cloud-flows 2.6, machines-and-runs 8.3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows import row_changes
from deskhand.cloudflows.errors import CloudFlowInvalid
from deskhand.cloudflows.triggers.errors import RunAsRefused
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.workflow import Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.identity.accounts import create_user
from deskhand.protocol.messages import RunError, RunResult
from deskhand.records.service import create, delete, update
from deskhand.store.database import Database
from tests.clock import StillClock
from tests.contract.cloudflows.watching import Watching
from tests.contract.orchestrator.queue import Queue

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
ADDED, DELETED, MODIFIED, ANY = 1, 2, 3, 7


def on_rows(entity: str = "workqueueitem", message: int = ADDED, **request: Any) -> dict[str, Any]:
    parameters = {"message": message, "entityname": entity, "scope": 4, **request}
    connector = "shared_commondataserviceforapps"
    host = {
        "apiId": f"/providers/Microsoft.PowerApps/apis/{connector}",
        "connectionName": connector,
        "operationId": "SubscribeWebhookTrigger",
    }
    return {
        "type": "OpenApiConnectionWebhook",
        "inputs": {
            "host": host,
            "parameters": {f"subscriptionRequest/{name}": value for name, value in parameters.items()},
            "authentication": "@parameters('$authentication')",
        },
    }


def queue_of(watching: Watching) -> UUID:
    return watching.database.write(lambda tx: create(tx, WorkQueue, {"name": "Bills"}, by=watching.user_id))


def add(watching: Watching, queue: UUID, by: UUID | None = None, **values: Any) -> UUID:
    row = {"workqueueid": queue, "name": "Bill 7", "input": '{"number": 7}', **values}
    return watching.database.write(lambda tx: create(tx, WorkQueueItem, row, by=by or watching.user_id))


def change(watching: Watching, item: UUID, by: UUID | None = None, **values: Any) -> None:
    watching.database.write(lambda tx: update(tx, WorkQueueItem, item, values, by=by or watching.user_id))


def started_by(watching: Watching) -> list[UUID]:
    columns = FlowRun.c
    query = sa.select(columns.startedby).order_by(columns.createdon)
    return list(watching.database.read(lambda tx: tx.execute(query).scalars().all()))


def test_a_work_queue_item_that_is_added_starts_a_run_with_the_row(watching: Watching) -> None:
    flow = watching.flow(on_rows())
    queue = queue_of(watching)
    item = add(watching, queue)
    watching.tell()

    (run,) = watching.runs(flow)
    body = run["outputs"]["body"]
    shown = ("workqueueitemid", "name", "input", "_workqueueid_value", "statuscode", "SdkMessage")
    assert [body[name] for name in shown] == [
        str(item), "Bill 7", '{"number": 7}', str(queue), 0, "Create",
    ]  # fmt: skip
    assert (body[f"_workqueueid_value{FORMATTED}"], body[f"statuscode{FORMATTED}"]) == ("Bills", "Queued")


def test_a_change_that_comes_right_after_switching_on_is_told(watching: Watching) -> None:
    queue = queue_of(watching)
    flow = watching.flow(on_rows(), on=False)
    add(watching, queue)
    watching.on(flow)
    item = add(watching, queue)
    watching.tell()

    assert [one["workqueueitemid"] for one in watching.bodies(flow)] == [str(item)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (ADDED, ["Create"]),
        (MODIFIED, ["Update"]),
        (DELETED, ["Delete"]),
        (ANY, ["Create", "Delete", "Update"]),
    ],
)
def test_the_message_says_which_changes_count(watching: Watching, message: int, expected: list[str]) -> None:
    flow = watching.flow(on_rows(message=message))
    item = add(watching, queue_of(watching))
    change(watching, item, name="Bill 8")
    watching.database.write(lambda tx: delete(tx, WorkQueueItem, item, by=watching.user_id))
    watching.tell()

    assert sorted(one["SdkMessage"] for one in watching.bodies(flow)) == expected
    assert {one["workqueueitemid"] for one in watching.bodies(flow)} == {str(item)}


def test_each_run_sees_its_own_change_though_others_followed(watching: Watching) -> None:
    flow = watching.flow(on_rows(message=MODIFIED, filterexpression="statuscode eq 1"))
    item = add(watching, queue_of(watching))
    change(watching, item, statecode=1, statuscode=1)
    change(watching, item, statecode=2, statuscode=2)
    watching.tell()

    assert [one["statuscode"] for one in watching.bodies(flow)] == [1]


def test_only_the_selected_columns_count(watching: Watching) -> None:
    flow = watching.flow(on_rows(message=MODIFIED, filteringattributes="priority, name"))
    item = add(watching, queue_of(watching))
    change(watching, item, input="{}")
    change(watching, item, priority=100)
    watching.tell()

    assert [one["priority"] for one in watching.bodies(flow)] == [100]


def test_a_flow_starts_when_a_desktop_flow_run_fails(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    queue = Queue.make(database, clock, tmp_path)
    watching = Watching.make(database, clock, tmp_path)
    failed = on_rows(
        "flowsession", MODIFIED, filteringattributes="statuscode", filterexpression="statuscode eq 8"
    )
    flow = watching.flow(failed)
    added = watching.flow(on_rows("flowsession", ADDED))
    machine = queue.machine()
    connection = queue.connection(machine.group_id)
    runs = []
    for error in (None, RunError("Boom", "It burst.")):
        runs.append(queue.request(queue.flow(), connection))
        result = RunResult.SUCCEEDED if error is None else RunResult.FAILED
        queue.finish(machine, queue.begin(machine), result, outputs={}, error=error)
    watching.tell()

    bodies = watching.bodies(flow)
    shown = ("flowsessionid", "statuscode", f"statuscode{FORMATTED}", "errorcode", "SdkMessage")
    assert [[one[name] for name in shown] for one in bodies] == [
        [str(runs[1]), 8, "Failed", "Boom", "Update"]
    ]
    assert {one["flowsessionid"] for one in watching.bodies(added)} == set(map(str, runs))


def test_conditions_and_splitting_count_for_rows_too(watching: Watching) -> None:
    condition = {"expression": "@equals(triggerOutputs()?['body/name'], 'Bill 8')"}
    flow = watching.flow({**on_rows(), "conditions": [condition]})
    queue = queue_of(watching)
    add(watching, queue)
    add(watching, queue, name="Bill 8")
    watching.tell()

    assert [one["name"] for one in watching.bodies(flow)] == ["Bill 8"]
    assert watching.histories(flow) == [("Skipped", None)]


def test_a_flow_that_is_off_or_changed_is_told_no_more(watching: Watching) -> None:
    flow = watching.flow(on_rows())
    queue = queue_of(watching)
    add(watching, queue)
    watching.change(flow, on_rows(message=DELETED))
    item = add(watching, queue)
    watching.look()
    watching.database.write(lambda tx: delete(tx, WorkQueueItem, item, by=watching.user_id))
    watching.tell()
    assert [one["SdkMessage"] for one in watching.bodies(flow)] == ["Delete"]

    watching.off(flow)
    watching.database.write(lambda tx: delete(tx, WorkQueue, queue, by=watching.user_id))
    watching.tell()
    assert len(watching.runs(flow)) == 1


def test_two_triggers_of_one_flow_are_told_apart(watching: Watching) -> None:
    triggers = {"T": on_rows(), "U": on_rows(message=MODIFIED)}
    flow = watching.flow(on_rows(), triggers=triggers)
    item = add(watching, queue_of(watching))
    change(watching, item, name="Bill 8")
    watching.tell()

    assert sorted((one["name"], one["outputs"]["body"]["SdkMessage"]) for one in watching.runs(flow)) == [
        ("T", "Create"),
        ("U", "Update"),
    ]


@pytest.mark.parametrize(
    ("run_as", "expected"), [(1, "modifier"), (2, "owner"), (3, "flow's owner"), (None, "flow's owner")]
)
def test_runs_start_as_whom_the_trigger_names(watching: Watching, run_as: int | None, expected: str) -> None:
    people: dict[str, UUID] = {"flow's owner": watching.user_id}
    for name in ("modifier", "owner"):
        people[name] = watching.database.write(
            lambda tx, name=name: create_user(tx, name, f"{name}@x.example")
        )
    request = {} if run_as is None else {"runas": run_as}
    watching.flow(on_rows(message=MODIFIED, **request))
    item = add(watching, queue_of(watching), by=people["owner"])
    change(watching, item, by=people["modifier"], name="Bill 8")
    watching.tell()

    assert started_by(watching) == [people[expected]]


def test_nobody_lets_runs_start_as_others_who_could_not_be_them(watching: Watching) -> None:
    maker = watching.database.write(
        lambda tx: create_user(tx, "Mia", "mia@x.example", roles=["Environment Maker"])
    )
    flow = watching.flow(on_rows(message=MODIFIED, runas=1), on=False)
    watching.database.write(lambda tx: update(tx, Workflow, flow, {"ownerid": maker}, by=watching.user_id))

    with pytest.raises(RunAsRefused):
        watching.on(flow)


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({"entityname": "wokflow"}, "there is no table ‘wokflow’"),
        ({"entityname": "flowtrigger"}, "there is no table ‘flowtrigger’"),
        ({"message": 8}, "‘message’ is ‘8’; it is from 1 to 7"),
        ({"scope": "everywhere"}, "‘scope’ is ‘everywhere’; it is from 1 to 4"),
        ({"filteringattributes": "statuscod"}, "statuscod"),
        ({"filterexpression": "statuscode eq"}, "filterexpression"),
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(
    watching: Watching, request_: dict[str, Any], problem: str
) -> None:
    flow = watching.flow(on_rows(**request_), on=False)
    with pytest.raises(CloudFlowInvalid, match=problem):
        watching.on(flow)


def test_a_change_that_meets_a_fault_keeps_no_other_from_being_told(
    watching: Watching, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    flow = watching.flow(on_rows())
    queue = queue_of(watching)
    bad, good = add(watching, queue), add(watching, queue)
    outputs_of: Callable[..., Any] = row_changes.outputs_of

    def fail(tx: Any, change: Any) -> Any:
        if change.row_id == bad:
            raise RuntimeError("out of order")
        return outputs_of(tx, change)

    monkeypatch.setattr(row_changes, "outputs_of", fail)
    watching.tell()

    assert [one["workqueueitemid"] for one in watching.bodies(flow)] == [str(good)]
    assert watching.histories(flow) == [("Failed", "InternalServerError")]
    assert "out of order" in caplog.text


def test_a_server_that_dies_while_it_tells_starts_every_run_once(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = watching.flow(on_rows())
    item = add(watching, queue_of(watching))

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(row_changes, "fire", die)
        with pytest.raises(Killed):
            watching.tell()
    watching.restart()
    watching.tell()

    assert [one["workqueueitemid"] for one in watching.bodies(flow)] == [str(item)]
