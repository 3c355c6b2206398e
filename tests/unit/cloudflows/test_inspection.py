"""What an inspection tells of a definition beside its static faults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from deskhand.cloudflows.declare import Support
from deskhand.cloudflows.inspection import inspect
from deskhand.cloudflows.usage import usage_of
from deskhand.wdl.containers import read_container
from deskhand.wdl.definition import Trigger

REQUEST = {"manual": {"type": "Request", "kind": "Http"}}


class Everything:
    """A library that lacks one operation, one type of action and two of triggers."""

    def has_action_type(self, name: str) -> bool:
        return name != "Xslt"

    def fires(self, trigger: Trigger) -> bool:
        return trigger.type not in ("Batch", "ApiConnectionWebhook")

    def operation_support(self, api: str, operation: str) -> Support:
        return Support.IMPORTED if operation == "Missing" else Support.BUILT


def findings(document: Any, variables: Mapping[str, Any] | None = None) -> list[tuple[str, str, bool]]:
    container = read_container(json.dumps(document))
    found = inspect(container, usage_of(container), Everything(), variables or {})
    return [(one.code, one.name, one.fatal) for one in found]


def of_actions(triggers: Any = REQUEST, **actions: Any) -> list[tuple[str, str, bool]]:
    return findings({"triggers": triggers, "actions": actions})


def call(operation: str) -> dict[str, Any]:
    host = {"connectionName": "x", "apiId": "/apis/shared_x", "operationId": operation}
    return {"type": "OpenApiConnection", "inputs": {"host": host}}


def test_a_flow_of_what_is_built_has_no_findings() -> None:
    compose = {"type": "Compose", "inputs": "@concat(parameters('$authentication'), triggerBody())"}
    assert of_actions(A=compose, B=call("Built")) == []


def test_static_faults_are_fatal() -> None:
    assert of_actions(A={"type": "Compose", "inputs": "@concat("}) == [("InvalidTemplate", "A", True)]


def test_what_is_not_built_fails_at_its_place_alone() -> None:
    assert of_actions(A={"type": "Xslt"}, B=call("Missing")) == [
        ("ActionTypeNotImplemented", "A", False),
        ("ConnectorNotImplemented", "B", False),
    ]


@pytest.mark.parametrize(
    ("trigger", "fires"),
    [
        ({"type": "Recurrence", "recurrence": {"interval": 1, "frequency": "Day"}}, True),
        ({"type": "Batch"}, False),
        ({**call("Missing"), "type": "ApiConnectionWebhook"}, False),
    ],
)
def test_a_trigger_that_never_fires_is_told(trigger: Any, fires: bool) -> None:
    trigger = {"recurrence": {"interval": 1, "frequency": "Day"}, **trigger}
    expected = [] if fires else [("TriggerNotSupported", "T", False)]
    assert of_actions({"T": trigger}) == expected


def test_a_recurrence_that_makes_no_sense_is_fatal() -> None:
    trigger = {"type": "Recurrence", "recurrence": {"interval": "@parameters('Every')", "frequency": "Day"}}
    for every, expected in ((0, [("InvalidTemplate", "T", True)]), (1, [])):
        parameters = {"Every": {"type": "Int", "defaultValue": every}}
        assert findings({"triggers": {"T": trigger}, "actions": {}, "parameters": parameters}) == expected


def test_a_flow_without_a_trigger_is_told() -> None:
    assert findings({"actions": {}}) == [("TriggerMissing", "", False)]


def test_functions_and_parameters_that_do_not_exist_are_told_once_for_each_action() -> None:
    inputs = ["@nope(parameters('p'))", "@{nope(1)} @{parameters('p')}"]
    assert of_actions(A={"type": "Compose", "inputs": inputs}) == [
        ("FunctionUnknown", "A", False),
        ("ParameterUndefined", "A", False),
    ]


def test_a_parameter_may_be_given_beside_the_definition() -> None:
    definition = {"triggers": REQUEST, "actions": {"A": {"type": "Compose", "inputs": "@parameters('P')"}}}
    assert findings({"definition": definition, "parameters": {"p": {"value": 1}}}) == []


def test_an_environment_variable_needs_a_value_or_a_default() -> None:
    parameters = {"Key (new_Key)": {"type": "String", "metadata": {"schemaName": "new_Key"}}}
    definition = {"parameters": parameters, "triggers": REQUEST, "actions": {}}

    assert findings(definition) == [("EnvironmentVariableMissing", "Key (new_Key)", True)]
    assert findings(definition, {"NEW_KEY": "k"}) == []


def test_a_limit_that_nobody_heeds_is_told() -> None:
    scope = {"type": "Scope", "actions": {}, "limit": {"timeout": "PT1M"}}
    assert of_actions(S=scope) == [("LimitIgnored", "S", False)]


def test_texts_for_other_tools_are_told() -> None:
    definition = {
        "triggers": REQUEST,
        "actions": {"A": {"type": "Compose", "inputs": ["[parameters('x')]", "#workflowname#"]}},
    }
    resource = {"type": "Microsoft.Logic/workflows", "properties": {"definition": definition}}
    assert findings({"resources": [resource]}) == [
        ("TemplateExpression", "", False),
        ("TemplatePlaceholder", "", False),
    ]
    escaped = {"triggers": REQUEST, "actions": {"A": {"type": "Compose", "inputs": "[[x]"}}}
    resource = {"type": "Microsoft.Logic/workflows", "properties": {"definition": escaped}}
    assert findings({"resources": [resource]}) == []
