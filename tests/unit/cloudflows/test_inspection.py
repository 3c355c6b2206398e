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

MAIL = {
    "required": ["mail", "from"],
    "properties": {
        "mail": {
            "type": "object",
            "title": "Mail",
            "required": ["To", "Importance"],
            "properties": {
                "To": {"type": "string", "title": "To"},
                "Importance": {"type": "string", "enum": ["Low", "High"]},
            },
        },
        "from": {"type": "string", "title": "From"},
        "copy": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
    },
}


class Everything:
    """A library that lacks one operation, one type of action and two of triggers."""

    def has_action_type(self, name: str) -> bool:
        return name != "Xslt"

    def fires(self, trigger: Trigger) -> bool:
        return trigger.type not in ("Batch", "ApiConnectionWebhook")

    def operation_support(self, api: str, operation: str) -> Support:
        return Support.IMPORTED if operation == "Missing" else Support.BUILT

    def operation_inputs(self, api: str, operation: str) -> Mapping[str, Any]:
        return MAIL if operation == "Mail" else {}


def findings(document: Any, variables: Mapping[str, Any] | None = None) -> list[tuple[str, str, bool]]:
    container = read_container(json.dumps(document))
    found = inspect(container, usage_of(container), Everything(), variables or {})
    return [(one.code, one.name, one.fatal) for one in found]


def of_actions(triggers: Any = REQUEST, **actions: Any) -> list[tuple[str, str, bool]]:
    return findings({"triggers": triggers, "actions": actions})


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    host = {"connectionName": "x", "apiId": "/apis/shared_x", "operationId": operation}
    inputs = {"host": host, "parameters": parameters} if parameters else {"host": host}
    return {"type": "OpenApiConnection", "inputs": inputs}


def required(triggers: Any = REQUEST, **actions: Any) -> list[str]:
    """Return what is told of required inputs that are empty."""
    container = read_container(json.dumps({"triggers": triggers, "actions": actions}))
    found = inspect(container, usage_of(container), Everything(), {})
    missing = [one for one in found if one.code == "RequiredInputMissing"]
    assert all(one.fatal for one in missing)
    return [one.message for one in missing]


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


URI = "'URI' of 'A' is required: 'inputs/uri' must be a text, or an expression."
METHOD = (
    "'Method' of 'A' is required: 'inputs/method' must be one of 'GET, POST, PUT, PATCH, DELETE, HEAD, "
    "OPTIONS', or an expression."
)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"method": "GET", "uri": "https://example.org"}, []),
        ({"method": "GET", "URI": "@triggerBody()"}, []),
        ("@triggerBody()", []),
        ({"method": "GET"}, [URI]),
        ({"method": "GET", "uri": None}, [URI]),
        ({"method": "", "uri": " "}, [URI, METHOD]),
        ([], [URI, METHOD]),
        (None, [URI, METHOD]),
    ],
)
def test_a_required_input_that_is_empty_is_told(inputs: Any, told: list[str]) -> None:
    assert required(A={"type": "Http", "inputs": inputs}) == told


def test_an_empty_text_is_a_value_where_anything_goes() -> None:
    first = {"type": "InitializeVariable", "inputs": {"variables": [{"name": "n", "type": "string"}]}}
    setting = {"type": "SetVariable", "inputs": {"name": "n", "value": ""}, "runAfter": {"I": ["Succeeded"]}}
    joining = {"type": "Join", "inputs": {"from": [], "joinWith": ""}}
    assert required(I=first, S=setting, C={"type": "Compose", "inputs": None}, J=joining) == []
    assert required(C={"type": "Compose"}) == [
        "'Inputs' of 'C' is required: 'inputs' must be a value, or an expression."
    ]


def test_a_variable_without_a_name_is_told_once() -> None:
    unnamed = {"type": "InitializeVariable", "inputs": {"variables": [{"name": "n", "type": "string"}, {}]}}
    assert of_actions(I=unnamed) == [("RequiredInputMissing", "I", True)] * 2
    assert of_actions(S={"type": "SetVariable", "inputs": {"value": 1}}) == [
        ("RequiredInputMissing", "S", True)
    ]


def test_a_child_flow_may_be_named_as_logic_apps_do() -> None:
    named = {"host": {"workflow": {"id": "/workflows/Other"}}}
    assert required(A={"type": "Workflow", "inputs": named}) == []
    assert required(A={"type": "Workflow", "inputs": {"host": {}}}) == [
        "'Child flow' of 'A' is required: 'inputs/host/workflowReferenceName' must be a text, "
        "or an expression."
    ]


def test_a_trigger_has_required_inputs_too() -> None:
    recurrence = {"interval": 1, "frequency": "Day"}
    polling = {"type": "Http", "inputs": {"method": "GET"}, "recurrence": recurrence}
    (told,) = required({"T": polling})
    assert told.startswith("'URI' of 'T' is required")
    # Without any recurrence that is told, and not all that it lacks.
    assert of_actions({"T": {"type": "Recurrence"}}) == [("InvalidTemplate", "T", True)]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"mail": {"To": "a", "Importance": "Low"}, "from": "b"}, []),
        ({"mail/To": "a", "mail/importance": "Low", "from": "b"}, []),
        ({"mail": "@triggerBody()", "from": "b"}, []),
        ({"mail/To": "a", "from": "b"}, ["'Importance'"]),
        ({"mail": {"To": "", "Importance": "Low"}}, ["'To'", "'From'"]),
        ({"mail/To": "a", "mail/Importance": "Low", "from": "b", "copy": {}}, ["'x'"]),
        ({}, ["'Mail'", "'From'"]),
    ],
)
def test_the_schema_of_an_operation_says_what_is_required(parameters: Any, told: list[str]) -> None:
    found = required(A=call("Mail", **parameters))
    assert [one.partition(" of ")[0] for one in found] == told


def test_what_is_told_of_an_operation_names_the_place_and_the_values() -> None:
    (told,) = required(A=call("Mail", **{"mail/To": "a", "from": "b"}))
    assert told == (
        "'Importance' of 'A' is required: 'inputs/parameters/mail/Importance' must be one of 'Low, High', "
        "or an expression."
    )


def test_an_operation_that_is_called_by_its_address_has_its_inputs_there() -> None:
    addressed = call("Mail")
    addressed["inputs"]["path"] = "/mail/@{triggerBody()}"
    assert required(A=addressed) == []
