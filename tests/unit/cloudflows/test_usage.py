"""What a definition uses: connections in every spelling, operations, flows, variables."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from deskhand.cloudflows.usage import (
    ConnectionUse,
    FlowUse,
    OperationUse,
    Usage,
    VariableUse,
    reference_name,
    usage_of,
)
from deskhand.wdl.containers import read_container

FLOW = UUID("0d9ef6cb-70cf-4ee7-8e4c-7b1f6d0c9a55")
UIFLOW = "/providers/Microsoft.PowerApps/apis/shared_uiflow"


def usage(document: Any, beside: Any = None) -> Usage:
    return usage_of(read_container(json.dumps(document), json.dumps(beside) if beside else None))


def of_action(inputs: Any, *, connections: Any = None, kind: str = "OpenApiConnection", **more: Any) -> Usage:
    action = {"type": kind, "inputs": inputs, **more}
    definition = {"triggers": {}, "actions": {"A": action}}
    return usage({"properties": {"connectionReferences": connections or {}, "definition": definition}})


def test_a_desktop_flow_is_found_with_its_connection_reference() -> None:
    connections = {
        "shared_uiflow": {
            "runtimeSource": "embedded",
            "connection": {"connectionReferenceLogicalName": "new_flows"},
            "api": {"name": "shared_uiflow"},
        }
    }
    host = {"connectionName": "shared_uiflow", "operationId": "RunUIFlow_V2", "apiId": UIFLOW}
    found = of_action({"host": host, "parameters": {"uiFlowId": str(FLOW)}}, connections=connections)

    assert found == Usage(
        connections=(ConnectionUse("shared_uiflow", "new_flows", "shared_uiflow"),),
        operations=(OperationUse("A", UIFLOW, "RunUIFlow_V2", "shared_uiflow", is_trigger=False),),
        desktop_flows=(FlowUse("A", str(FLOW)),),
        child_flows=(),
        variables=(),
    )
    assert found.desktop_flows[0].flow_id == FLOW
    assert reference_name(FLOW, found.connections[0]) == "new_flows"


def test_a_flow_that_an_expression_names_is_nobody_known() -> None:
    host = {"connectionName": "shared_uiflow", "operationId": "RunUIFlow_V2", "apiId": UIFLOW}
    assert of_action({"host": host, "parameters": {"uiFlowId": "@variables('x')"}}).desktop_flows == ()


@pytest.mark.parametrize(
    ("inputs", "connections", "operation", "connection"),
    [
        pytest.param(
            {
                "host": {
                    "connection": {"name": "@parameters('$connections')['shared_x_1']['connectionId']"},
                    "api": {"runtimeUrl": "https://a.azure-apim.net/apim/x"},
                },
                "method": "get",
            },
            {"shared_x_1": {"connectionName": "1", "id": "/providers/Microsoft.PowerApps/apis/shared_x"}},
            ("/providers/Microsoft.PowerApps/apis/shared_x", "GetIt"),
            ConnectionUse("shared_x_1", None, "/providers/Microsoft.PowerApps/apis/shared_x"),
            id="legacy, with a map",
        ),
        pytest.param(
            {
                "host": {
                    "connection": {"name": "@parameters('$connections')['shared_x_1']['connectionId']"},
                    "api": {"runtimeUrl": "https://a.azure-apim.net/apim/x"},
                }
            },
            {},
            ("shared_x", "GetIt"),
            ConnectionUse("shared_x_1", None, "shared_x"),
            id="legacy, by its address",
        ),
        pytest.param(
            {"host": {"connection": {"referenceName": "tables_2"}}, "method": "get", "path": "/T"},
            {},
            ("tables", "GetIt"),
            ConnectionUse("tables_2", None, "tables"),
            id="Standard, by its name",
        ),
        pytest.param(
            {
                "serviceProviderConfiguration": {
                    "connectionName": "openai",
                    "operationId": "chat",
                    "serviceProviderId": "/serviceProviders/openai",
                }
            },
            {"openai": {"serviceProvider": {"id": "/serviceProviders/openai"}}},
            ("/serviceProviders/openai", "chat"),
            ConnectionUse("openai", None, "/serviceProviders/openai"),
            id="service provider",
        ),
    ],
)
def test_every_spelling_of_a_connection_is_read(
    inputs: Any, connections: Any, operation: tuple[str, str], connection: ConnectionUse
) -> None:
    metadata = {"flowSystemMetadata": {"swaggerOperationId": "GetIt"}}
    found = of_action(inputs, connections=connections, metadata=metadata)

    assert [(one.api, one.operation, one.connection) for one in found.operations] == [
        (*operation, connection.key)
    ]
    assert found.connections == (connection,)
    assert reference_name(FLOW, connection) == f"{connection.key}_0d9ef6cb"


def test_an_operation_without_an_id_is_told_by_its_request() -> None:
    host = {"connection": {"referenceName": "mail"}}
    (operation,) = of_action({"host": host, "method": "post", "path": "/v2/Mail"}).operations
    assert operation.operation == "post /v2/Mail"


def test_a_trigger_calls_an_operation_too() -> None:
    host = {"connectionName": "shared_forms", "operationId": "Created", "apiId": "/x/shared_forms"}
    definition = {"triggers": {"T": {"type": "OpenApiConnectionWebhook", "inputs": {"host": host}}}}
    assert usage(definition).operations == (
        OperationUse("T", "/x/shared_forms", "Created", "shared_forms", is_trigger=True),
    )


def test_a_projects_connections_stand_beside_it() -> None:
    beside = {"connections": {"blob": {"api": {"id": "/subscriptions/1/managedApis/azureblob"}}}}
    assert usage({"definition": {"actions": {}}, "kind": "Stateful"}, beside).connections == (
        ConnectionUse("blob", None, "/subscriptions/1/managedApis/azureblob"),
    )


@pytest.mark.parametrize(
    ("host", "flow"),
    [
        ({"workflowReferenceName": str(FLOW)}, str(FLOW)),
        ({"workflow": {"id": "enricher"}}, "enricher"),
        ({"workflow": {"id": "/subscriptions/1/workflows/enricher"}, "triggerName": "manual"}, "enricher"),
    ],
)
def test_a_child_flow_is_named_in_two_ways(host: Any, flow: str) -> None:
    assert of_action({"host": host}, kind="Workflow").child_flows == (FlowUse("A", flow),)


def test_environment_variables_stand_behind_parameters() -> None:
    parameters = {
        "Url (new_Url)": {"type": "String", "defaultValue": "x", "metadata": {"schemaName": "new_Url"}},
        "Key (new_Key)": {"type": "String", "metadata": {"schemaName": "new_Key"}},
        "Limit": {"type": "Int", "defaultValue": 1},
    }
    assert usage({"parameters": parameters, "actions": {}}).variables == (
        VariableUse("Url (new_Url)", "new_Url", has_default=True),
        VariableUse("Key (new_Key)", "new_Key", has_default=False),
    )
