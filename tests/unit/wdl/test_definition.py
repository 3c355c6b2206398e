"""Definitions: every container is read, exported as it came, and typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deskhand.wdl.containers import Form, export_container, read_container
from deskhand.wdl.definition import DefinitionUnreadable, read_definition, walk

BARE: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
    "parameters": {"Limit": {"type": "Int", "defaultValue": None, "allowedValues": [1, 2]}},
    "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {"schema": {}}}},
    "actions": {
        "Check": {
            "type": "If",
            "expression": "@equals(1, 1)",
            "actions": {"Yes": {"type": "Compose", "inputs": 1}},
            "else": {"actions": {"No": {"type": "Compose", "inputs": 2}}},
            "runAfter": {},
        },
        "Choose": {
            "Type": "Switch",
            "expression": "@outputs('Check')",
            "cases": {"Red": {"case": "red", "actions": {"Paint": {"type": "Compose"}}}},
            "default": {"actions": {}},
            "runafter": {"Check": ["SUCCEEDED", "Failed"]},
            "operationOptions": "A, B",
        },
    },
    "outputs": {},
    "unknown": [1.0],
}
CONNECTIONS = {"shared_uiflow": {"api": {"name": "shared_uiflow"}}}
CONTAINERS = [
    (Form.BARE, BARE, {}, {}),
    (
        Form.CLIENT_DATA,
        {"properties": {"connectionReferences": CONNECTIONS, "definition": BARE}, "schemaVersion": "1.0.0.0"},
        CONNECTIONS,
        {},
    ),
    (
        Form.LEGACY_PACKAGE,
        {
            "type": "Microsoft.Flow/flows",
            "properties": {"definition": BARE, "connectionReferences": CONNECTIONS},
        },
        CONNECTIONS,
        {},
    ),
    (Form.CODE_VIEW, {"definition": BARE, "parameters": {"Limit": {"value": 1}}}, {}, {"Limit": 1}),
    (Form.STANDARD, {"definition": BARE, "kind": "Stateful"}, {}, {}),
    (
        Form.RESOURCE,
        {"properties": {"definition": BARE, "parameters": {"Limit": {"value": 2}}}},
        {},
        {"Limit": 2},
    ),
    (
        Form.ARM_TEMPLATE,
        {
            "resources": [
                {"type": "Microsoft.Web/connections"},
                {"type": "Microsoft.Logic/workflows", "properties": {"definition": BARE}},
            ]
        },
        {},
        {},
    ),
]


@pytest.mark.parametrize(("form", "document", "connections", "parameters"), CONTAINERS)
def test_a_definition_is_found_in_every_container(
    form: Form, document: Any, connections: Any, parameters: Any
) -> None:
    found = read_container(json.dumps(document))
    assert (found.form, found.definition.source, found.connections, found.parameters) == (
        form,
        BARE,
        connections,
        parameters,
    )


@pytest.mark.parametrize(("form", "document", "connections", "parameters"), CONTAINERS)
def test_an_unchanged_document_is_exported_byte_for_byte(
    form: Form, document: Any, connections: Any, parameters: Any
) -> None:
    text = "\ufeff" + json.dumps(document, indent=3).replace("\n", "\r\n")
    assert export_container(read_container(text)) == text


@pytest.mark.parametrize(("form", "document", "connections", "parameters"), CONTAINERS)
def test_a_changed_definition_takes_the_place_of_the_old_one(
    form: Form, document: Any, connections: Any, parameters: Any
) -> None:
    container = read_container(json.dumps(document))
    changed = {**BARE, "outputs": {"answer": {"type": "Int", "value": 42}}}
    exported = json.loads(export_container(container, changed))
    assert exported == json.loads(
        json.dumps(document).replace('"outputs": {}', f'"outputs": {json.dumps(changed["outputs"])}')
    )


def test_a_definition_becomes_typed_parts() -> None:
    definition = read_definition(BARE)
    choose = definition.actions["Choose"]
    assert (choose.type, choose.run_after, choose.options) == (
        "Switch",
        {"Check": ("SUCCEEDED", "Failed")},
        ("A", "B"),
    )
    assert [(branch.name, branch.case, list(branch.actions)) for branch in choose.branches] == [
        ("Red", "red", ["Paint"]),
        ("default", None, []),
    ]
    assert [action.name for action in walk(definition.actions)] == ["Check", "Yes", "No", "Choose", "Paint"]
    limit = definition.parameters["Limit"]
    assert (limit.type, limit.has_default, limit.default, limit.allowed) == ("Int", True, None, (1, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "‘document’ must be JSON, and is of type String."),
        ("[]", "‘document’ must be an object, and is of type Array."),
        ("{}", "‘definition’ must be an object with triggers or actions, and is of type Null."),
        ('{"actions": []}', "‘actions’ must be an object, and is of type Array."),
        ('{"actions": {"a": 1}}', "‘actions/a’ must be an object, and is of type Integer."),
        (
            '{"actions": {"a": {"actions": {"b": {"runAfter": {"c": "x"}}}}}}',
            "‘actions/a/actions/b/runAfter/c’ must be an array, and is of type String.",
        ),
        ('{"resources": []}', "‘resources’ must be an array with a workflow, and is of type Array."),
    ],
)
def test_a_document_of_another_shape_is_refused(text: str, message: str) -> None:
    with pytest.raises(DefinitionUnreadable) as caught:
        read_container(text)
    assert str(caught.value) == f"The workflow definition cannot be read: {message}"


def test_a_definition_nested_beyond_measure_is_refused() -> None:
    nested: Any = {"type": "Compose"}
    for _ in range(800):
        nested = {"type": "Scope", "actions": {"a": nested}}
    with pytest.raises(DefinitionUnreadable):
        read_definition({"actions": {"a": nested}})
