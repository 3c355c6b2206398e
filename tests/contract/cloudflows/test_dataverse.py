"""The Dataverse connector on our own tables: rows as the Web API shows them, with the owner's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.identity.roles import (
    DESKTOP_FLOWS_RUNNER,
    SYSTEM_ADMINISTRATOR,
    assign_role,
    remove_role,
)
from deskhand.orchestrator.connections import create_connection
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.protocol.messages import RegisterMachine
from deskhand.records.service import create
from deskhand.store.database import Transaction
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House

API = "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps"
LABEL = "@OData.Community.Display.V1.FormattedValue"


def operation(
    operation_id: str, parameters: Mapping[str, Any], *runs_after: str, api: str = API, **members: Any
) -> dict[str, Any]:
    return {
        "type": "OpenApiConnection",
        "inputs": {
            "host": {"apiId": api, "connectionName": "dataverse", "operationId": operation_id},
            "parameters": parameters,
            "authentication": "@parameters('$authentication')",
        },
        "runAfter": after(*runs_after),
        **members,
    }


def outputs_of(house: House, actions: Mapping[str, Any]) -> dict[str, Any]:
    """Run a flow and return the outputs of its actions."""
    flow_id = house.flow(actions)
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        return {name: records[0].outputs for name, records in house.records(server, run.id).items()}


def queues(house: House, count: int) -> list[UUID]:
    def make(tx: Any) -> list[UUID]:
        rows = ({"name": f"Queue {number:02}", "workqueuekey": f"q{number}"} for number in range(count))
        return [create(tx, WorkQueue, row, by=house.owner_id) for row in rows]

    return house.database.write(make)


def test_a_row_is_created_read_changed_and_deleted(house: House) -> None:
    row = "@outputs('Create')?['body/workqueueid']"
    table = {"entityName": "workqueues"}
    outputs = outputs_of(
        house,
        {
            "Create": operation(
                "CreateRecord",
                {**table, "item/name": "Invoices", "item/workqueuekey": "invoices", "item/description": None},
            ),
            "Change": operation(
                "UpdateRecord", {**table, "recordId": row, "item": {"description": "All of them"}}, "Create"
            ),
            "Read": operation(
                "GetItem", {**table, "recordId": row, "$select": "name,description,statecode"}, "Change"
            ),
            "Delete": operation("DeleteRecord", {**table, "recordId": row}, "Read"),
            "Gone": operation("GetItem", {**table, "recordId": row}, "Delete"),
        },
    )
    row_id = outputs["Create"]["body"]["workqueueid"]
    assert (outputs["Create"]["statusCode"], outputs["Create"]["body"]["name"]) == (201, "Invoices")
    assert outputs["Change"]["body"]["description"] == "All of them"
    body = outputs["Read"]["body"]
    assert body.pop("@odata.etag").startswith('W/"')
    assert body.pop("@odata.context").endswith("#workqueues(name,description,statecode)/$entity")
    assert body == {
        "name": "Invoices",
        "description": "All of them",
        f"statecode{LABEL}": "Active",
        "statecode": 0,
        "workqueueid": row_id,
    }
    assert outputs["Delete"]["statusCode"] == 204
    assert (outputs["Gone"]["statusCode"], outputs["Gone"]["body"]["error"]["code"]) == (404, "0x80040217")


def test_a_list_is_filtered_sorted_and_shortened(house: House) -> None:
    queues(house, 4)
    query = {"$filter": "name ne 'Queue 01'", "$orderby": "name desc", "$top": 2, "$select": "name"}
    outputs = outputs_of(house, {"List": operation("ListRecords", {"entityName": "workqueues", **query})})
    assert [row["name"] for row in outputs["List"]["body"]["value"]] == ["Queue 03", "Queue 02"]


def test_pages_are_gathered_until_there_are_as_many_rows_as_asked_for(house: House) -> None:
    queues(house, 7)
    house.settings = Settings(page_size=3)
    query = {"entityName": "workqueues", "$select": "name", "$orderby": "name"}

    def policy(least: Any) -> dict[str, Any]:
        return {"runtimeConfiguration": {"paginationPolicy": {"minimumItemCount": least}}}

    outputs = outputs_of(
        house,
        {
            "First": operation("ListRecords", query),
            "Some": operation("ListRecords", query, **policy(4)),
            "All": operation("ListRecords", query, **policy("@add(90, 10)")),
        },
    )
    assert {name: len(one["body"]["value"]) for name, one in outputs.items()} == {
        "First": 3,
        "Some": 6,
        "All": 7,
    }
    assert "@odata.nextLink" in outputs["First"]["body"]
    assert "@odata.nextLink" not in outputs["All"]["body"]


def test_our_messages_are_called_bound_and_unbound(house: House) -> None:
    (queue_id,) = queues(house, 1)
    item = {"name": "First", "workqueueid": queue_id, "input": "{}"}
    item_id = house.database.write(lambda tx: create(tx, WorkQueueItem, item, by=house.owner_id))
    dequeue = {
        "entityName": "workqueues",
        "actionName": "Microsoft.Dynamics.CRM.Dequeue",
        "recordId": str(queue_id),
    }
    outputs = outputs_of(
        house,
        {
            "Who": operation("PerformUnboundAction", {"actionName": "WhoAmI"}),
            "Take": operation("PerformBoundAction", dequeue),
            "None": operation("PerformBoundAction", dequeue, "Take"),
        },
    )
    assert outputs["Who"]["body"]["UserId"] == str(house.owner_id)
    assert outputs["Take"]["body"]["workqueueitemid"] == str(item_id)
    assert outputs["None"]["statusCode"] == 204


def desktop_flow(house: House) -> tuple[UUID, str]:
    """Return a desktop flow, and the name of a connection to a machine for it."""
    row = {"name": "Greet", "definition": "SET A TO 1", "inputs": '{"schema": null}'}

    def make(tx: Transaction) -> tuple[UUID, str]:
        token = create_registration_token(tx, house.owner_id)
        machine = register_machine(tx, RegisterMachine(token, "FIN-01", "", "1.0", "ada"), house.settings)
        name = create_connection(
            tx, display_name="FIN-01", group_id=machine.group_id, owner_id=house.owner_id
        )
        return create(tx, Workflow, row, by=house.owner_id), name

    return house.database.write(make)


def test_a_desktop_flow_is_queued_and_cancelled_by_bound_actions(house: House) -> None:
    desktop_id, connection = desktop_flow(house)
    session = {"entityName": "flowsessions", "recordId": "@outputs('Run')?['body/flowsessionId']"}
    columns = {"$select": "statuscode,_regardingobjectid_value"}
    outputs = outputs_of(
        house,
        {
            "Run": operation(
                "PerformBoundAction",
                {
                    "entityName": "workflows",
                    "actionName": "Microsoft.Dynamics.CRM.RunDesktopFlow",
                    "recordId": str(desktop_id),
                    "item/runMode": "unattended",
                    "item/connectionName": connection,
                },
            ),
            "Waiting": operation("GetItem", {**session, **columns}, "Run"),
            "Cancel": operation(
                "PerformBoundAction", {**session, "actionName": "CancelDesktopFlowRun"}, "Waiting"
            ),
            "Cancelled": operation("GetItem", {**session, **columns}, "Cancel"),
        },
    )
    assert outputs["Run"]["statusCode"] == 200
    body = outputs["Run"]["body"]
    session_id = body.pop("flowsessionId")
    assert body.pop("@odata.context").endswith("#Microsoft.Dynamics.CRM.RunDesktopFlowResponse")
    assert outputs["Cancel"]["statusCode"] == 204
    found = {
        name: (one["flowsessionid"], one["_regardingobjectid_value"], one[f"statuscode{LABEL}"])
        for name, one in ((name, outputs[name]["body"]) for name in ("Waiting", "Cancelled"))
    }
    assert found == {
        "Waiting": (session_id, str(desktop_id), "Waiting"),
        "Cancelled": (session_id, str(desktop_id), "Cancelled"),
    }


@pytest.mark.parametrize("dies_at", range(1, 4))
@pytest.mark.parametrize("loses", [False, True], ids=["kept", "lost"])
def test_a_desktop_flow_is_queued_exactly_once_whenever_the_server_dies(
    house: House, dies_at: int, loses: bool
) -> None:
    desktop_id, connection = desktop_flow(house)
    parameters = {
        "entityName": "workflows",
        "actionName": "RunDesktopFlow",
        "recordId": str(desktop_id),
        "item": {"runMode": "unattended", "connectionName": connection},
    }
    run_id = house.start(house.flow({"Run": operation("PerformBoundAction", parameters)}))
    with house.server(dies_at, loses=loses) as server:
        house.wait_for(server, house.ended(run_id))
    house.bury_the_dead()
    with house.server() as server:
        (row,) = house.finish(server, run_id)
    count = sa.select(sa.func.count()).select_from(FlowSession.table)
    assert (row["status"], house.database.read(lambda tx: tx.execute(count).scalar_one())) == ("Succeeded", 1)


def test_rows_are_related_and_what_must_be_related_stays_so(house: House) -> None:
    first, second = queues(house, 2)
    item = {"name": "First", "workqueueid": first, "input": "{}"}
    item_id = house.database.write(lambda tx: create(tx, WorkQueueItem, item, by=house.owner_id))
    related = {
        "entityName": "workqueueitems",
        "recordId": str(item_id),
        "associationEntityRelationship": "workqueueid",
    }
    row = {"entityName": "workqueueitems", "recordId": str(item_id), "$select": "_workqueueid_value"}
    outputs = outputs_of(
        house,
        {
            "Relate": operation("AssociateEntities", {**related, "item/@odata.id": f"workqueues({second})"}),
            "Unrelate": operation("DisassociateEntities", related, "Relate"),
            "Read": {
                **operation("GetItem", row),
                "runAfter": {"Unrelate": ["Succeeded", "Failed"]},
            },
        },
    )
    assert outputs["Relate"]["statusCode"] == 204
    assert (outputs["Unrelate"]["statusCode"], outputs["Unrelate"]["body"]["error"]["code"]) == (
        400,
        "0x80040203",  # every item has a queue
    )
    assert outputs["Read"]["body"]["_workqueueid_value"] == str(second)


def test_what_the_web_api_refuses_fails_the_action_and_leaves_nothing_behind(house: House) -> None:
    queues(house, 1)
    taken = {"entityName": "workqueues", "item/name": "Again", "item/workqueuekey": "q0"}
    outputs = outputs_of(
        house,
        {
            "Taken": operation("CreateRecord", taken),
            "Unknown": operation("CreateRecord", {"entityName": "workqueues", "item/nme": "x"}),
            "Nowhere": operation("ListRecords", {"entityName": "nothings"}),
            "After": {
                "type": "Compose",
                "inputs": "@body('Taken')?['error']?['code']",
                "runAfter": {"Taken": ["Failed"]},
            },
        },
    )
    assert {name: one["statusCode"] for name, one in outputs.items() if name != "After"} == {
        "Taken": 412,
        "Unknown": 400,
        "Nowhere": 404,
    }
    assert outputs["After"] == "0x80040237"
    count = sa.select(sa.func.count()).select_from(WorkQueue.table)
    assert house.database.read(lambda tx: tx.execute(count).scalar_one()) == 1


def test_the_owner_of_the_flow_may_do_no_more_than_elsewhere(house: House) -> None:
    queues(house, 1)
    actions = {
        "Read": operation("ListRecords", {"entityName": "workqueues"}),
        "Write": operation("CreateRecord", {"entityName": "workqueues", "item/name": "Mine"}),
    }
    flow_id = house.flow(actions)

    def demote(tx: Any) -> None:
        remove_role(tx, house.owner_id, SYSTEM_ADMINISTRATOR.name)
        assign_role(tx, house.owner_id, DESKTOP_FLOWS_RUNNER.name)

    house.database.write(demote)
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        records = house.records(server, run.id)
    assert {name: (one[0].code, one[0].problem.code) for name, one in records.items() if one[0].problem} == {
        "Read": ("Forbidden", "0x80040220"),
        "Write": ("Forbidden", "0x80040220"),
    }


@pytest.mark.parametrize("dies_at", range(1, 5))
@pytest.mark.parametrize("loses", [False, True], ids=["kept", "lost"])
def test_a_row_is_created_exactly_once_whenever_the_server_dies(
    house: House, dies_at: int, loses: bool
) -> None:
    flow_id = house.flow(
        {
            "Create": operation("CreateRecord", {"entityName": "workqueues", "item/name": "Once"}),
            "Say": {"type": "Compose", "inputs": 1, "runAfter": after("Create")},
        }
    )
    run_id = house.start(flow_id)
    with house.server(dies_at, loses=loses) as server:
        house.wait_for(server, house.ended(run_id))
    house.bury_the_dead()
    with house.server() as server:
        (row,) = house.finish(server, run_id)
    count = sa.select(sa.func.count()).select_from(WorkQueue.table)
    assert (row["status"], house.database.read(lambda tx: tx.execute(count).scalar_one())) == ("Succeeded", 1)


def test_the_older_connector_means_the_same_rows(house: House) -> None:
    api = "/providers/Microsoft.PowerApps/apis/shared_commondataservice"
    table = {"dataset": "org.crm4", "table": "workqueues"}
    row = "@outputs('Create')?['body/workqueueid']"
    outputs = outputs_of(
        house,
        {
            "Create": operation("PostItem_V2", {**table, "item/name": "Old"}, api=api),
            "Change": operation(
                "PatchItem_V2", {**table, "id": row, "item/name": "Older"}, "Create", api=api
            ),
            "List": operation("GetItems_V2", {**table, "$select": "name"}, "Change", api=api),
            "Delete": operation("DeleteItem_V2", {**table, "id": row}, "List", api=api),
        },
    )
    assert [one["name"] for one in outputs["List"]["body"]["value"]] == ["Older"]
    assert outputs["Delete"]["statusCode"] == 204
