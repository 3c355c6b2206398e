"""Documents with something wrong in any place: they are read or refused, and nothing breaks."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from deskhand.cloudflows.openapi.building import build_request
from deskhand.cloudflows.openapi.reading import read_connector
from deskhand.core.errors import DeskhandError

ITEM: dict[str, Any] = {
    "allOf": [{"properties": {"a": {"type": "string", "default": "x"}}, "required": ["a"]}],
    "properties": {
        "self": {"$ref": "#/definitions/Item"},
        "lines": {"type": "array", "items": {"properties": {"n": {"type": "integer"}}}},
    },
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "T", "description": "D"},
    "host": "a.example",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "securityDefinitions": {"key": {"type": "apiKey", "in": "query", "name": "k"}},
    "security": [{"key": []}],
    "definitions": {"Item": ITEM},
    "parameters": {
        "q": {"name": "q", "in": "query", "type": "array", "items": {}, "collectionFormat": "multi"}
    },
    "paths": {
        "/x/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "default": "1"}],
            "x-ms-notification-content": {"schema": {"$ref": "#/definitions/Item"}},
            "post": {
                "operationId": "Do",
                "summary": "S",
                "parameters": [
                    {"$ref": "#/parameters/q"},
                    {"name": "item", "in": "body", "schema": {"$ref": "#/definitions/Item"}},
                ],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Item"}}},
            },
            "put": {
                "operationId": "Form",
                "security": [],
                "parameters": [{"name": "f", "in": "formData", "type": "file", "x-ms-summary": "F"}],
            },
        }
    },
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.0.0",
    "info": {"title": "T"},
    "servers": [{"url": "https://{r}.example", "variables": {"r": {"default": "a"}}}],
    "components": {
        "schemas": {"Item": ITEM},
        "securitySchemes": {"b": {"type": "http", "scheme": "bearer"}},
    },
    "definitions": {"Item": ITEM},
    "security": [{"b": []}],
    "paths": {
        "/x": {
            "post": {
                "operationId": "Do",
                "parameters": [{"name": "q", "in": "query", "style": "form", "schema": {"type": "array"}}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}
                },
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
            }
        }
    },
}
WRONG: list[Any] = [
    None, 5, True, "x", "body", "path", [], [None], ["x", 5], {}, {"a": None}, {"$ref": 5}, {"$ref": "#/"},
    {"$ref": "#/definitions/Item"}, {"$ref": "#/paths"}, {"type": ["array", "null"]},
]  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield from places(node[key], (*path, key))


def with_wrong(document: dict[str, Any], path: tuple[Any, ...], wrong: Any) -> dict[str, Any]:
    changed = node = copy.deepcopy(document)
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = wrong
    return changed


def use(document: dict[str, Any]) -> None:
    connector = read_connector(json.dumps(document))
    for operation in connector.operations.values():
        inputs = {one.name: "1" for one in connector.inputs(operation)}
        connector.inputs_schema(operation)
        connector.outputs_schema(operation)
        connector.notification_schema(operation)
        build_request(connector, operation, {**inputs, "item/lines/0/n": 1})


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("document", [SWAGGER, OPENAPI], ids=["swagger", "openapi"])
def test_whatever_is_wrong_is_an_error_of_ours_or_none(document: dict[str, Any], wrong: Any) -> None:
    for path in places(document):
        try:
            use(with_wrong(document, path, wrong))
        except DeskhandError:
            continue
