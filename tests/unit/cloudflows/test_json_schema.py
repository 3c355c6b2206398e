"""Validation against JSON schemas: the service's words and shape, and schemas that mean harm."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from deskhand.cloudflows.json_schema import SchemaUnusable, ValidationTooLong, validate

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def repr_short(value: Any) -> str:
    return repr(value)[:20]


def messages(value: Any, schema: Any) -> list[str]:
    return [error["message"] for error in validate(value, schema)]


def test_errors_have_the_shape_of_the_service() -> None:
    schema = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name", "id", "size"],
        },
    }

    assert validate([{"name": None}], schema) == [
        {
            "message": "Invalid type. Expected String but got Null.",
            "lineNumber": 0,
            "linePosition": 0,
            "path": "[0].name",
            "value": None,
            "schemaId": "#/items/properties/name",
            "errorType": "type",
            "childErrors": [],
        },
        {
            "message": "Required properties are missing from object: id, size.",
            "lineNumber": 0,
            "linePosition": 0,
            "path": "[0]",
            "value": ["id", "size"],
            "schemaId": "#/items",
            "errorType": "required",
            "childErrors": [],
        },
    ]


def test_errors_of_alternatives_are_children() -> None:
    error = {"lineNumber": 0, "linePosition": 0, "path": "", "value": 5}

    assert validate(5, {"anyOf": [{"type": "string"}, {"minimum": 6}]}) == [
        {
            **error,
            "message": "JSON does not match any schemas from 'anyOf'.",
            "schemaId": "#",
            "errorType": "anyOf",
            "childErrors": [
                {
                    **error,
                    "message": "Invalid type. Expected String but got Integer.",
                    "schemaId": "#/anyOf/0",
                    "errorType": "type",
                    "childErrors": [],
                },
                {
                    **error,
                    "message": "Integer 5 is less than minimum value of 6.",
                    "schemaId": "#/anyOf/1",
                    "errorType": "minimum",
                    "childErrors": [],
                },
            ],
        }
    ]


@pytest.mark.parametrize(
    ("value", "schema", "message", "error_type"),
    [
        (1.5, {"type": ["null", "string"]}, "Invalid type. Expected String, Null but got Number.", "type"),
        ("b", {"enum": ["a"]}, 'Value "b" is not defined in enum.', "enum"),
        (1, {"const": {"a": 1}}, "Value 1 does not match const.", "const"),
        (7, {"maximum": 5}, "Integer 7 exceeds maximum value of 5.", "maximum"),
        (
            5,
            {"exclusiveMaximum": 5},
            "Integer 5 equals maximum value of 5 and exclusive maximum is true.",
            "maximum",
        ),
        (1.5, {"exclusiveMinimum": 2}, "Float 1.5 is less than minimum value of 2.", "minimum"),
        (3, {"multipleOf": 2}, "Integer 3 is not a multiple of 2.", "multipleOf"),
        ("ab", {"minLength": 3}, "String 'ab' is less than minimum length of 3.", "minimumLength"),
        ("ab", {"maxLength": 1}, "String 'ab' exceeds maximum length of 1.", "maximumLength"),
        ("ab", {"pattern": "^b"}, "String 'ab' does not match regex pattern '^b'.", "pattern"),
        ([], {"minItems": 1}, "Array item count 0 is less than minimum count of 1.", "minimumItems"),
        ([1, 2], {"maxItems": 1}, "Array item count 2 exceeds maximum count of 1.", "maximumItems"),
        ([1, {}, 1.0], {"uniqueItems": True}, "Non-unique array item at index 2.", "uniqueItems"),
        ([1], {"contains": {"type": "string"}}, "No items match contains.", "contains"),
        (
            [1, 2],
            {"items": [{}], "additionalItems": False},
            "Index 1 has not been defined and the schema does not allow additional items.",
            "additionalItems",
        ),
        (
            {},
            {"minProperties": 1},
            "Object property count 0 is less than minimum count of 1.",
            "minimumProperties",
        ),
        (
            {"a": 1},
            {"maxProperties": 0},
            "Object property count 1 exceeds maximum count of 0.",
            "maximumProperties",
        ),
        (
            {"a": 1},
            {"additionalProperties": False},
            "Property 'a' has not been defined and the schema does not allow additional properties.",
            "additionalProperties",
        ),
        (
            {"a": 1},
            {"dependencies": {"a": ["b", "c"]}},
            "Dependencies for property 'a' failed. Missing required keys: b, c.",
            "dependencies",
        ),
        (
            5,
            {"allOf": [{}, {"type": "string"}]},
            "JSON does not match all schemas from 'allOf'. Invalid schema indexes: 1.",
            "allOf",
        ),
        (5, {"oneOf": [False]}, "JSON is valid against no schemas from 'oneOf'.", "oneOf"),
        (
            5,
            {"oneOf": [{}, False, True]},
            "JSON is valid against more than one schema from 'oneOf'. Valid schema indexes: 0, 2.",
            "oneOf",
        ),
        (5, {"not": {}}, "JSON is valid against schema from 'not'.", "not"),
        (5, {"if": {}, "then": {"type": "null"}}, "Invalid type. Expected Null but got Integer.", "type"),
        (5, False, "JSON is valid against schema from 'not'.", "not"),
    ],
)
def test_each_keyword_says_what_is_wrong(value: Any, schema: Any, message: str, error_type: str) -> None:
    found = [(error["message"], error["errorType"]) for error in validate(value, schema)]

    assert found == [(message, error_type)]


@pytest.mark.parametrize("schema", [{}, True, {"type": "object"}, {"x-ms-anything": {"at": "all"}}])
def test_what_fits_has_no_errors(schema: Any) -> None:
    assert validate({"a": [1, {"b": None}]}, schema) == []


@pytest.mark.parametrize("value", [1, 1.0, 2**70, Decimal("2.0")])
def test_a_whole_number_is_an_integer_however_it_is_written(value: Any) -> None:
    for schema in ({"type": "integer"}, {"type": "integer", "$schema": DRAFT_4}):
        assert validate(value, schema) == []


@pytest.mark.parametrize("value", [1.5, True, "1", math.inf, math.nan, Decimal("2.5")])
def test_what_is_not_whole_is_no_integer(value: Any) -> None:
    assert len(validate(value, {"type": "integer"})) == 1


@pytest.mark.parametrize(
    ("value", "fits"),
    [(0.3, True), (Decimal("0.3"), True), (0.35, False), (math.inf, False), (10**400, True)],
    ids=repr_short,
)
def test_multiples_are_counted_in_decimals(value: Any, fits: bool) -> None:
    assert (validate(value, {"multipleOf": 0.1}) == []) is fits


def test_a_boolean_exclusive_minimum_is_draft_4() -> None:
    assert messages(5, {"minimum": 5, "exclusiveMinimum": True}) == [
        "Integer 5 equals minimum value of 5 and exclusive minimum is true."
    ]


def test_a_property_may_say_itself_that_it_is_required() -> None:
    assert messages({}, {"properties": {"a": {"required": True}, "b": {"required": False}}}) == [
        "Required properties are missing from object: a."
    ]


def test_generated_ids_do_not_disturb_references() -> None:
    schema = {
        "$schema": DRAFT_4,
        "id": "http://example.com/order.json",
        "definitions": {
            "n": {"id": "#/definitions/n", "type": "number"},
            "t": {"id": "#t", "type": "null"},
        },
        "properties": {"id": {"$ref": "#/definitions/n"}, "$ref": {"type": "string"}, "t": {"$ref": "#t"}},
    }
    found = validate({"id": "x", "$ref": 1, "t": 1}, schema)
    assert [(error["path"], error["schemaId"]) for error in found] == [
        ("id", "#/definitions/n"),
        ("$ref", "#/properties/$ref"),
        ("t", "#/definitions/t"),
    ]


def test_paths_quote_names_that_are_not_plain() -> None:
    schema = {"additionalProperties": {"additionalProperties": {"items": {"type": "null"}}}}

    assert [error["path"] for error in validate({"a b": {"c.'d'": [None, 1]}, "e": {"f": [1]}}, schema)] == [
        r"['a b']['c.\'d\''][1]",
        "e.f[0]",
    ]


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (None, "it must be an object, and is of type Null"),
        ("{}", "it must be an object, and is of type String"),
        ({"type": "text"}, "what stands at ‘#/type’ is not what JSON Schema has there"),
        (
            {"properties": {"a": {"minLength": "3"}}},
            "what stands at ‘#/properties/a/minLength’ is not what JSON Schema has there",
        ),
        ({"pattern": "("}, "its pattern ‘(’ is no regular expression"),
        ({"$ref": "http://127.0.0.1:1/x"}, "its reference ‘http://127.0.0.1:1/x’ leads out of the schema"),
        ({"items": {"$ref": "other.json"}}, "its reference ‘other.json’ leads out of the schema"),
        ({"$ref": 5}, "its reference ‘5’ leads out of the schema"),
        ({"$ref": "#/definitions/none"}, "its reference ‘#/definitions/none’ leads nowhere"),
        ({"$ref": "#/required", "required": ["a"]}, "its reference ‘#/required’ leads nowhere"),
        ({"$ref": "#/x/y", "x": [{}]}, "its reference ‘#/x/y’ leads nowhere"),
        ({"$ref": "#none"}, "a reference in it names a part that it does not have"),
        ({"$ref": "#"}, "it nests too deeply, or refers to itself without end"),
    ],
)
def test_an_unusable_schema_is_refused(schema: Any, problem: str) -> None:
    with pytest.raises(SchemaUnusable) as refusal:
        validate("text", schema)

    assert refusal.value.problem == problem


def test_a_schema_nested_beyond_measure_is_refused() -> None:
    schema: Any = {}
    for _ in range(2_000):
        schema = {"items": schema}

    with pytest.raises(SchemaUnusable, match="nests too deeply"):
        validate([], schema)


def test_references_that_multiply_end_with_the_time() -> None:
    twice = {f"d{level}": {"allOf": [{"$ref": f"#/definitions/d{level + 1}"}] * 2} for level in range(60)}
    ticks = count()

    with pytest.raises(ValidationTooLong) as refusal:
        validate(
            1,
            {"$ref": "#/definitions/d0", "definitions": {**twice, "d60": {}}},
            time_limit=5_000,
            clock=lambda: next(ticks),
        )
    assert str(refusal.value) == "Checking the value against its JSON schema took more than 5000 seconds."


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^(a|a)*$"},
        {
            "$ref": "#/default",
            "default": {"$schema": DRAFT_4, "pattern": "^(a|a)*$"},
        },
    ],
    ids=["plain", "hidden in data"],
)
def test_a_catastrophic_pattern_ends(schema: Any) -> None:
    with pytest.raises(ValidationTooLong):
        validate("a" * 60 + "!", schema)


def test_a_flood_of_errors_is_cut_off() -> None:
    assert len(validate([1] * 5_000, {"items": {"type": "string"}})) == 1_000


def test_many_objects_are_compared_without_comparing_each_with_each() -> None:
    assert validate([{"n": n} for n in range(20_000)], {"uniqueItems": True}) == []
