from __future__ import annotations

from deskhand.robin.parser import parse
from deskhand.robin.schema import inputs_schema, outputs_schema

FLOW = """@SENSITIVE: [Password, Result]
@INPUT Text1 : { 'Description': 'Say', 'FriendlyName': 'inputText', 'Type': 'String', 'DefaultValue': '' }
@INPUT Number1 : { 'FriendlyName': 'inputInteger', 'Type': 'Numeric', 'IsOptional': False, 'DefaultValue': 0 }
@INPUT Password : { 'FriendlyName': 'Password', 'Type': 'String', 'DefaultValue': 'hunter2' }
@INPUT Flag : { 'Type': 'Bool', 'DefaultValue': True }
@INPUT Items : { 'Type': 'List', 'DefaultValue': [1, 'x'] }
@INPUT Rows : { 'Type': 'DataTable' }
@INPUT Obj : { 'Type': 'CustomObject', 'DefaultValue': {{ }} }
@OUTPUT Result : { 'Description': 'Why', 'FriendlyName': 'The result', 'Type': 'Numeric' }
"""


def entry(
    title: str, kind: str, value: str | None, *, description: str = "", format: str | None = None
) -> object:
    return {
        "default": "",
        "description": description,
        "format": format,
        "title": title,
        "type": kind,
        "value": value,
    }


def test_inputs_by_external_name_with_their_defaults_as_text() -> None:
    assert inputs_schema(parse(FLOW)) == {
        "schema": {
            "properties": {
                "inputText": entry("inputText", "string", "", description="Say"),
                "inputInteger": entry("inputInteger", "number", "0"),
                "Password": entry("Password", "string", "", format="password"),
                "Flag": entry("Flag", "boolean", "True"),
                "Items": entry("Items", "array", '[1, "x"]'),
                "Rows": entry("Rows", "array", ""),
                "Obj": entry("Obj", "object", "{}"),
            },
            "type": "object",
        }
    }


def test_outputs_have_no_value() -> None:
    assert outputs_schema(parse(FLOW)) == {
        "schema": {
            "properties": {
                "The result": entry("The result", "number", None, description="Why", format="password")
            },
            "type": "object",
        }
    }


def test_a_flow_without_either_has_empty_schemas() -> None:
    empty = {"schema": {"properties": {}, "type": "object"}}
    assert (inputs_schema(parse("")), outputs_schema(parse(""))) == (empty, empty)
