"""Which declared type a trigger has."""

from __future__ import annotations

from typing import Any

import pytest

import deskhand.cloudflows.library
from deskhand.cloudflows.declare import AUTOMATED, TRIGGER_TYPES, kind_of_type, trigger_type
from deskhand.wdl.definition import read_definition

assert deskhand.cloudflows.library.TRIGGER_TYPES

DATAVERSE = "shared_commondataserviceforapps/SubscribeWebhookTrigger"


def test_the_type_alone_tells_what_runs_are_called() -> None:
    for name, declared in TRIGGER_TYPES.items():
        assert kind_of_type("OpenApiConnection" if "/" in name else name) == declared.kind
    assert kind_of_type("ApiConnectionWebhook") == AUTOMATED


def name_of(trigger: dict[str, Any]) -> str | None:
    (read,) = read_definition({"triggers": {"T": trigger}, "actions": {}}).triggers.values()
    declared = trigger_type(read)
    return None if declared is None else declared.name


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"type": "recurrence"}, "Recurrence"),
        ({"type": "HTTPWebhook", "inputs": {}}, "HttpWebhook"),
        ({"type": "Batch"}, None),
        ({"type": "ApiConnection", "inputs": {"host": {"connection": {"name": "x"}}}}, None),
    ],
)
def test_a_trigger_without_a_connector_goes_by_its_type(
    trigger: dict[str, Any], expected: str | None
) -> None:
    assert name_of(trigger) == expected


@pytest.mark.parametrize(
    ("kind", "host", "metadata"),
    [
        (
            "OpenApiConnectionWebhook",
            {
                "connectionName": "anything",
                "operationId": "subscribewebhooktrigger",
                "apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps",
            },
            {},
        ),
        (
            "ApiConnectionWebhook",
            {
                "connection": {
                    "name": "@parameters('$connections')['shared_commondataserviceforapps_1']['connectionId']"
                }
            },
            {"flowSystemMetadata": {"swaggerOperationId": "SubscribeWebhookTrigger"}},
        ),
    ],
)
def test_a_connectors_trigger_goes_by_its_operation(
    kind: str, host: dict[str, Any], metadata: dict[str, Any]
) -> None:
    assert name_of({"type": kind, "inputs": {"host": host}, "metadata": metadata}) == DATAVERSE


def test_an_operation_that_is_not_built_is_no_trigger_of_its_type() -> None:
    host = {"apiId": "/apis/shared_teams", "connectionName": "t", "operationId": "OnNewMessage"}
    assert name_of({"type": "Http", "inputs": {"host": host}}) is None


def test_every_trigger_type_says_what_it_is() -> None:
    assert all(one.title and one.doc.endswith(".") for one in TRIGGER_TYPES.values())
