"""Flows that runs call."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from deskhand.entities.declare import AccessRight
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import create_user, load_principal
from deskhand.identity.principals import Principal
from deskhand.orchestrator.errors import RunAlreadyFinished
from deskhand.protocol.messages import (
    ActionRow,
    ActionsLogged,
    ActionStatus,
    ChildRunEnded,
    ChildRunStarted,
    Flow,
    MachineRegistered,
    Reply,
    RunError,
    RunOrder,
    RunResult,
)
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.store.database import Transaction
from tests.contract.orchestrator.queue import Queue, schema_of

TAKEN = Reply(accepted=True)


def calling(flow_id: UUID, name: str = "") -> str:
    annotation = f"@@flowname: '{name}'\n" if name else ""
    return f"{annotation}External.RunFlow FlowId: '{flow_id}' @Input_Name: $'''Ada'''"


def started(
    order: RunOrder, called: UUID, flow: UUID, parent: UUID | None = None, **inputs: Any
) -> ChildRunStarted:
    return ChildRunStarted(
        order.run_id,
        order.fencing_token,
        called,
        parent or order.run_id,
        flow,
        "2026-03-01T08:00:00Z",
        inputs,
    )


def ended(
    order: RunOrder,
    called: UUID,
    result: RunResult = RunResult.SUCCEEDED,
    error: RunError | None = None,
    **outputs: Any,
) -> ChildRunEnded:
    return ChildRunEnded(
        order.run_id, order.fencing_token, called, "2026-03-01T08:00:00Z", result, outputs or None, error
    )


def begun(queue: Queue, **flow: Any) -> tuple[MachineRegistered, RunOrder]:
    machine = queue.machine()
    queue.request(queue.flow("Caller", **flow), queue.connection(machine.group_id))
    return machine, queue.begin(machine)


def test_an_order_carries_every_flow_that_may_be_called(queue: Queue) -> None:
    grandchild = queue.flow("Grandchild", definition="SET x TO 1")
    child = queue.flow("Child", definition=calling(grandchild))
    by_name = queue.flow("By Name", definition="SET y TO 2")
    declared = queue.flow("Declared", definition="SET z TO 3")
    queue.flow("Stranger")
    machine = queue.machine()
    caller = queue.flow(
        "Caller",
        definition="\n".join([calling(child), calling(uuid4(), "By name"), calling(uuid4(), "Nobody")]),
        dependencies=json.dumps({"childFlows": [{"childFlowId": str(declared)}]}),
    )
    queue.change_flow(grandchild, definition=calling(caller))
    queue.request(caller, queue.connection(machine.group_id))
    order = queue.take(machine)
    assert sorted(order.children, key=lambda one: one.name) == [
        Flow(by_name, "By Name", "SET y TO 2"),
        Flow(child, "Child", calling(grandchild)),
        Flow(declared, "Declared", "SET z TO 3"),
        Flow(grandchild, "Grandchild", calling(caller)),
    ]


def test_an_order_carries_no_flow_that_the_callers_owner_may_not_read(queue: Queue) -> None:
    def become(tx: Transaction) -> Principal:
        return load_principal(tx, create_user(tx, "Ben", "ben@example.org", roles=("Environment Maker",)))

    other = replace(queue, owner=queue.database.write(become))
    hidden = other.flow("Hidden")
    shared = other.flow("Shared", definition="SET x TO 1")
    reader = queue.owner.user_id
    queue.database.write(lambda tx: share(tx, Workflow, shared, reader, ACCESS_FLAGS[AccessRight.READ]))
    machine = queue.machine()
    caller = queue.flow("Caller", definition="\n".join([calling(hidden, "Hidden"), calling(shared)]))
    queue.request(caller, queue.connection(machine.group_id))
    assert queue.take(machine).children == (Flow(shared, "Shared", "SET x TO 1"),)


def test_a_called_flow_has_a_session_of_its_own(queue: Queue) -> None:
    flow = queue.flow(
        "Child", inputs=schema_of(Name="string", Pin="password"), outputs=schema_of(Token="password")
    )
    machine, order = begun(queue)
    called = uuid4()
    message = started(order, called, flow, Name="Ada", Pin="1234")
    assert queue.report(machine, message, message) == (TAKEN, TAKEN)
    row = queue.row(called)
    columns = "name", "statuscode", "triggertype", "parentdesktopflowrunid", "regardingobjectid", "runmode"
    assert [row[one] for one in columns] == ["Child", 2, 1, order.run_id, flow, 2]
    assert (row["ownerid"], row["machineid"]) == (queue.owner.user_id, machine.machine_id)
    assert row["startedon"] == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert queue.file(called, "inputs") == {"Name": "Ada", "Pin": None}
    row = ActionRow(
        0, "action", "Main", 1, "File.WriteText", "", ActionStatus.SUCCEEDED, "2026-03-01T08:00:00Z", 1.0
    )
    assert queue.report(machine, ActionsLogged(called, order.fencing_token, (row,))) == (TAKEN,)
    assert [one["name"] for one in queue.log(called)] == ["File.WriteText"]
    over = ended(order, called, Token="t0p")
    assert queue.report(machine, over, over) == (TAKEN, TAKEN)
    assert (queue.status(called), queue.file(called, "outputs")) == (4, {"Token": None})
    assert queue.status(order.run_id) == 2


def test_what_a_run_called_ends_with_it(queue: Queue) -> None:
    flow = queue.flow("Child")
    machine, order = begun(queue)
    child, grandchild, over = uuid4(), uuid4(), uuid4()
    queue.report(
        machine,
        started(order, child, flow),
        started(order, grandchild, flow, parent=child),
        started(order, over, flow),
        ended(order, over),
    )
    assert queue.finish(machine, order, RunResult.FAILED, error=RunError("Boom", "it broke")).accepted
    assert [queue.status(one) for one in (child, grandchild, over)] == [8, 8, 4]
    assert queue.row(grandchild)["errorcode"] == "ParentRunEnded"


def test_cancel_of_a_called_flow_cancels_the_whole_run(queue: Queue) -> None:
    flow = queue.flow("Child")
    machine, order = begun(queue)
    child = uuid4()
    queue.report(machine, started(order, child, flow))
    queue.cancel(child)
    held = ((order.run_id, order.fencing_token),)
    assert [cancel.run_id for cancel in queue.claim(machine, 0, held).cancels] == [order.run_id]
    queue.finish(machine, order, RunResult.CANCELLED)
    assert (queue.status(child), queue.status(order.run_id)) == (7, 7)
    with pytest.raises(RunAlreadyFinished):
        queue.cancel(child)


def test_called_flows_that_make_no_sense_are_refused(queue: Queue) -> None:
    flow = queue.flow("Child")
    machine, order = begun(queue)
    other = queue.machine("SALES-01")
    foreign = queue.request(flow, queue.connection(other.group_id))
    child = uuid4()

    def refused(reason: str) -> Reply:
        return Reply(accepted=False, reason=reason)

    assert queue.report(
        machine,
        started(order, child, uuid4()),
        started(order, foreign, flow),
        started(order, child, flow, parent=foreign),
        ended(order, child),
        ended(order, foreign),
        ended(order, order.run_id),
    ) == (
        refused("the called flow does not exist"),
        refused("the child run's id belongs to another run"),
        refused("the calling run is not part of this run"),
        refused("there is no such called run"),
        refused("there is no such called run"),
        refused("there is no such called run"),
    )
    assert queue.status(foreign) == 3
