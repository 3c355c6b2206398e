"""What an import makes of cloud flows, and what it tells of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.parameters import environment_variables
from deskhand.entities.storage import EnvironmentVariableValue
from deskhand.entities.workflow import Category, Workflow, WorkflowState, WorkflowVersion
from deskhand.identity.accounts import ensure_organization
from deskhand.server.importing import Imported, ImportReport, examined, import_flows
from deskhand.server.reading import Checked, check_text
from deskhand.server.references import UnboundReference, UnknownReference, bind_references
from deskhand.solutions.content import (
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.store.database import Database

DESKTOP = UUID("6f3f0c56-76de-4b9f-a7a1-4b8d3f0f2b11")
CLOUD = UUID("0d9ef6cb-70cf-4ee7-8e4c-7b1f6d0c9a55")
ORDERS = Solution("Orders", "All orders", "1.2.0.3", managed=False)
REFERENCE = ConnectionReference("new_flows", "Desktop flows", "/apis/shared_uiflow")
CONNECTIONS = {
    "shared_uiflow": {
        "connection": {"connectionReferenceLogicalName": "new_flows"},
        "api": {"name": "shared_uiflow"},
    }
}
MANUAL = {"manual": {"type": "Request", "kind": "Button"}}


def definition(**actions: Any) -> dict[str, Any]:
    return {"triggers": MANUAL, "actions": actions}


def envelope(content: dict[str, Any], connections: dict[str, Any] | None = None) -> str:
    return json.dumps({"properties": {"connectionReferences": connections or {}, "definition": content}})


def running_desktop_flow(flow: UUID) -> dict[str, Any]:
    host = {"apiId": "/apis/shared_uiflow", "connectionName": "shared_uiflow", "operationId": "RunUIFlow_V2"}
    parameters = {"uiFlowId": str(flow), "runMode": "unattended"}
    return {"type": "OpenApiConnection", "inputs": {"host": host, "parameters": parameters}}


def cloud_flow(text: str, workflow_id: UUID | None = CLOUD, **more: Any) -> CloudFlow:
    return CloudFlow(workflow_id, "Nightly", "Every night.", text, 1, **more)


def solution(*flows: CloudFlow, **more: Any) -> Content:
    return Content("Orders.zip", solution=ORDERS, cloud_flows=flows, **more)


@pytest.fixture
def by(database: Database) -> UUID:
    return database.write(ensure_organization).administrator_id


def bring(database: Database, content: Content, by: UUID, **more: Any) -> ImportReport:
    checked = Checked(content, tuple(check_text(flow) for flow in content.desktop_flows))
    return database.write(lambda tx: import_flows(tx, checked, by=by, **more))


def stored(database: Database, workflow_id: UUID = CLOUD) -> dict[str, Any]:
    query = sa.select(Workflow.table).where(Workflow.c.workflowid == workflow_id)
    return dict(database.read(lambda tx: tx.execute(query).mappings().one()))


def versions(database: Database) -> list[tuple[int, str]]:
    c = WorkflowVersion.c
    query = sa.select(c.number, c.definition).where(c.workflowid == CLOUD).order_by(c.number)
    return [(row.number, row.definition) for row in database.read(lambda tx: tx.execute(query).all())]


def switch_on(database: Database, by: UUID) -> None:
    database.write(lambda tx: turn_on(tx, CLOUD, by=by))


def test_a_cloud_flow_is_kept_as_it_came_and_is_off(database: Database, by: UUID) -> None:
    text = envelope(definition()).replace(", ", " ,\r\n\t")
    report = bring(database, solution(cloud_flow(text)), by)
    row = stored(database)

    assert (row["clientdata"], row["category"], row["statecode"]) == (text, Category.MODERN_FLOW.value, 0)
    assert (row["name"], row["description"], row["metadata"]) == ("Nightly", "Every night.", None)
    assert report.flows == (Imported(CLOUD, "Nightly", Category.MODERN_FLOW, is_new=True),)


def test_a_second_import_keeps_what_the_installation_set(database: Database, by: UUID) -> None:
    variable = EnvironmentVariable("new_Url", "Url", "", 100_000_000, "default", "from the export")
    content = solution(
        cloud_flow(envelope(definition(), CONNECTIONS)),
        connection_references=(REFERENCE,),
        environment_variables=(variable,),
    )
    bring(database, content, by)
    switch_on(database, by)
    database.write(lambda tx: bind_references(tx, [("new_flows", "4709ab8c")], by=by))
    own = sa.update(EnvironmentVariableValue.table).values(value="our own")
    database.write(lambda tx: tx.execute(own))
    newer = envelope(definition(A={"type": "Compose", "inputs": 1}), CONNECTIONS)
    report = bring(database, replace(content, cloud_flows=(cloud_flow(newer),)), by)

    row = stored(database)
    assert (row["clientdata"], row["statecode"]) == (newer, WorkflowState.ACTIVATED.value)
    assert versions(database) == [(1, envelope(definition(), CONNECTIONS)), (2, newer)]
    assert [one.is_new for one in report.flows] == [False]
    assert report.unbound == ()
    assert database.read(environment_variables) == {"new_Url": "our own"}


@pytest.mark.parametrize("name", ["new_flows", "shared_uiflow"])
def test_a_connection_goes_to_a_reference_or_to_every_one_of_a_connector(
    database: Database, by: UUID, name: str
) -> None:
    loose = {"shared_uiflow": {"connectionName": "old", "id": "/apis/shared_uiflow", "source": "Invoker"}}
    flows = (
        cloud_flow(envelope(definition(Run=running_desktop_flow(DESKTOP)), CONNECTIONS)),
        cloud_flow(envelope(definition(Run=running_desktop_flow(DESKTOP)), loose), DESKTOP),
    )
    content = solution(*flows, connection_references=(REFERENCE,))
    report = bring(database, content, by, bindings=[(name, "4709ab8c")])

    open_ones = {one.logical_name for one in report.unbound}
    assert open_ones == (set() if name == "shared_uiflow" else {f"shared_uiflow_{DESKTOP.hex[:8]}"})


def test_a_connection_for_an_unknown_reference_is_refused_with_the_known_ones(
    database: Database, by: UUID
) -> None:
    content = solution(cloud_flow(envelope(definition(), CONNECTIONS)), connection_references=(REFERENCE,))

    known = r"There is no connection reference ‘new_flow’\. This import brings new_flows\."
    with pytest.raises(UnknownReference, match=known):
        bring(database, content, by, bindings=[("new_flow", "4709ab8c")])


def test_a_flow_that_is_on_stays_on_even_if_its_new_definition_cannot_be(
    database: Database, by: UUID
) -> None:
    bring(database, solution(cloud_flow(envelope(definition()))), by)
    switch_on(database, by)
    wrong = envelope(definition(A={"type": "Compose", "inputs": "@concat(", "runAfter": {}}))
    (flow,) = bring(database, solution(cloud_flow(wrong)), by).flows

    assert stored(database)["statecode"] == WorkflowState.ACTIVATED.value
    assert len(flow.problems) == 1


def test_what_is_missing_is_told_and_nothing_more_once_it_is_there(database: Database, by: UUID) -> None:
    key = {"type": "String", "metadata": {"schemaName": "new_Key"}}
    child = {"type": "Workflow", "inputs": {"host": {"workflowReferenceName": str(DESKTOP)}}}
    content = definition(Run=running_desktop_flow(DESKTOP), Call=child)
    text = envelope({**content, "parameters": {"Key (new_Key)": key}}, CONNECTIONS)
    (flow,) = bring(database, solution(cloud_flow(text)), by).flows

    assert flow.problems[:2] == (
        "The environment variable 'new_Key' has no value here, and the parameter 'Key (new_Key)' has no "
        "default.",
        f"The flow '{DESKTOP}' that 'Call' calls is not here; import it, too.",
    )
    assert f"The desktop flow '{DESKTOP}' of 'Run' is not here; import it with its id." in flow.warnings
    assert (
        "The connection reference 'new_flows' is bound to no connection to 'Desktop flows'." in flow.problems
    )

    more = Content(
        "More.zip",
        solution=ORDERS,
        desktop_flows=(DesktopFlow(DESKTOP, "Book", definition="SET A TO 1\n"),),
        environment_variables=(EnvironmentVariable("new_Key", "Key", "", 100_000_000, None, "k"),),
    )
    bring(database, more, by)
    (flow,) = bring(database, solution(cloud_flow(text)), by).flows
    assert not [one for one in (*flow.problems, *flow.warnings) if "new_Key" in one or "desktop flow" in one]


def test_a_reference_that_nothing_brings_is_made_unbound(database: Database, by: UUID) -> None:
    report = bring(database, solution(cloud_flow(envelope(definition(), CONNECTIONS))), by)
    assert report.unbound == (UnboundReference("new_flows", "shared_uiflow"),)

    database.write(lambda tx: bind_references(tx, [("new_flows", "4709ab8c")], by=by))
    assert database.read(lambda tx: examined(tx, replace(report, flows=()))).unbound == ()


def test_a_flow_from_outside_of_solutions_gets_references_of_its_own(database: Database, by: UUID) -> None:
    old = {"shared_x": {"connectionName": "1", "id": "/apis/shared_x", "source": "Embedded"}}
    content = Content("nightly.zip", cloud_flows=(cloud_flow(envelope(definition(), old)),))
    report = bring(database, content, by, bindings=[("shared_x_0d9ef6cb", "4709ab8c")])

    assert report.unbound == ()
    assert report.flows[0].warnings == (
        "The connection reference 'shared_x_0d9ef6cb' is bound to the connection '4709ab8c', which is not "
        "here.",
    )


def test_a_file_without_an_id_replaces_the_flow_of_its_name(database: Database, by: UUID) -> None:
    bare = json.dumps(definition())
    (first,) = bring(database, Content("a.json", cloud_flows=(cloud_flow(bare, None),)), by).flows
    (second,) = bring(database, Content("a.json", cloud_flows=(cloud_flow(bare, None),)), by).flows

    assert (first.is_new, second.is_new, second.workflow_id) == (True, False, first.workflow_id)


def test_what_stood_beside_a_document_is_kept_beside_it(database: Database, by: UUID) -> None:
    uses = definition(A={"type": "Compose", "inputs": "@parameters('limit')"})
    text = json.dumps({"definition": uses, "kind": "Stateful"})
    flow = cloud_flow(
        text,
        encoding="utf-8-sig",
        parameters={"limit": {"type": "int", "value": 7}},
        connections={"blob": {"api": {"id": "/managedApis/azureblob"}}},
    )
    report = bring(database, Content("project", cloud_flows=(flow,)), by)

    row = stored(database)
    assert row["clientdata"] == text
    assert json.loads(row["metadata"]) == {
        "encoding": "utf-8-sig",
        "parameters": {"limit": {"type": "int", "value": 7}},
        "connections": {"blob": {"api": {"id": "/managedApis/azureblob"}}},
    }
    assert report.unbound == (UnboundReference("blob_0d9ef6cb", "/managedApis/azureblob"),)
    assert not any("parameter" in one for one in report.flows[0].warnings)


def test_a_document_that_is_no_definition_is_kept_and_told(database: Database, by: UUID) -> None:
    (flow,) = bring(database, solution(cloud_flow("{}")), by).flows
    assert flow.problems == (
        "The workflow definition cannot be read: ‘definition’ must be an object with triggers or actions, "
        "and is of type Null.",
    )
