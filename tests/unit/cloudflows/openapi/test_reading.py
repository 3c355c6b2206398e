"""OpenAPI documents → connectors."""

import json
from typing import Any

import pytest

from deskhand.cloudflows.openapi.errors import ConnectorUnreadable, OperationUnknown
from deskhand.cloudflows.openapi.operations import (
    Hints,
    Input,
    Operation,
    Parameter,
    Place,
    SchemeKind,
    SecurityScheme,
)
from deskhand.cloudflows.openapi.reading import read_connector

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Orders", "description": "Takes orders", "version": "1.0"},
    "host": "orders.example",
    "basePath": "/v1/",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "web": {"type": "oauth2", "flow": "accessCode"},
    },
    "security": [{"key": []}, {"web": ["read"]}],
    "paths": {
        "/tables/{table}/items": {
            "parameters": [
                {
                    "name": "table",
                    "in": "path",
                    "required": True,
                    "type": "string",
                    "x-ms-url-encoding": "double",
                },
                {"name": "dry", "in": "query", "type": "boolean", "default": False},
            ],
            "post": {
                "operationId": "CreateItem",
                "summary": "Create item",
                "description": "Makes one.",
                "x-ms-visibility": "important",
                "parameters": [
                    {"name": "dry", "in": "query", "type": "string", "x-ms-summary": "Dry run"},
                    {"$ref": "#/parameters/tags"},
                    {
                        "name": "item",
                        "in": "body",
                        "required": True,
                        "schema": {"$ref": "#/definitions/Item", "x-ms-summary": "The item"},
                    },
                ],
                "responses": {
                    "202": {"description": "later"},
                    "201": {"schema": {"$ref": "#/definitions/Item"}},
                    "default": {"schema": {"type": "string"}},
                },
            },
        },
        "/hooks": {
            "x-ms-notification-content": {
                "description": "a new one",
                "schema": {"$ref": "#/definitions/Item"},
            },
            "post": {
                "operationId": "WhenCreated",
                "x-ms-trigger": "single",
                "deprecated": True,
                "security": [],
                "parameters": [
                    {
                        "name": "hook",
                        "in": "body",
                        "schema": {
                            "properties": {
                                "url": {"type": "string", "x-ms-notification-url": True, "title": "URL"}
                            }
                        },
                    }
                ],
                "responses": {"201": {}},
            },
        },
    },
    "parameters": {"tags": {"name": "tags", "in": "query", "type": "array", "collectionFormat": "multi"}},
    "definitions": {
        "Named": {"required": ["Title"], "properties": {"Title": {"type": "string", "x-ms-summary": "Name"}}},
        "Item": {
            "type": "object",
            "allOf": [{"$ref": "#/definitions/Named"}],
            "properties": {
                "Owner": {
                    "type": "object",
                    "required": ["Email"],
                    "properties": {"Email": {"type": "string", "description": "Of the owner"}},
                },
                "Parent": {"$ref": "#/definitions/Item"},
                "Lines": {"type": "array", "items": {"$ref": "#/definitions/Named"}},
                "Extra": {
                    "type": "object",
                    "x-ms-dynamic-schema": {"operationId": "GetSchema"},
                    "x-ms-visibility": "advanced",
                },
                "Kind": {"type": "string", "x-ms-dynamic-values": {"operationId": "GetKinds"}},
            },
        },
    },
}


def connector(document: dict[str, Any]) -> Any:
    return read_connector(json.dumps(document))


def changed(**changes: Any) -> dict[str, Any]:
    return {**SWAGGER, **changes}


def test_a_swagger_document_becomes_operations() -> None:
    orders = connector(SWAGGER)
    assert (orders.title, orders.description, orders.base_url, list(orders.operations)) == (
        "Orders",
        "Takes orders",
        "https://orders.example/v1",
        ["CreateItem", "WhenCreated"],
    )
    item = {"$ref": "#/definitions/Item", "x-ms-summary": "The item"}
    assert orders.operation("CreateItem") == Operation(
        id="CreateItem",
        summary="Create item",
        description="Makes one.",
        method="POST",
        path="/tables/{table}/items",
        parameters=(
            Parameter(
                "table",
                Place.PATH,
                True,
                {"type": "string", "x-ms-url-encoding": "double"},
                separator=",",
                encodings=2,
            ),
            Parameter(
                "dry",
                Place.QUERY,
                False,
                {"type": "string", "x-ms-summary": "Dry run"},
                Hints(summary="Dry run"),
            ),
            Parameter("tags", Place.QUERY, False, {"type": "array"}, separator=None),
            Parameter("item", Place.BODY, True, item, Hints(summary="The item")),
        ),
        security=(
            SecurityScheme(SchemeKind.API_KEY, Place.HEADER, "X-Key"),
            SecurityScheme(SchemeKind.BEARER),
        ),
        outputs={"$ref": "#/definitions/Item"},
        visibility="important",
    )


def test_members_of_the_body_are_inputs_of_their_own() -> None:
    orders = connector(SWAGGER)
    inputs = {one.name: one for one in orders.inputs(orders.operation("CreateItem"))}
    assert [(name, one.required) for name, one in inputs.items()] == [
        ("table", True),
        ("dry", False),
        ("tags", False),
        ("item/Title", True),
        ("item/Owner/Email", False),
        ("item/Parent", False),
        ("item/Lines", False),
        ("item/Extra", False),
        ("item/Kind", False),
    ]
    email = {"type": "string", "description": "Of the owner"}
    assert inputs["item/Owner/Email"] == Input(
        "item/Owner/Email", Place.BODY, False, email, Hints(), "Of the owner"
    )
    assert inputs["item/Title"].hints == Hints(summary="Name")
    assert inputs["item/Extra"].hints == Hints(
        visibility="advanced", dynamic_schema={"operationId": "GetSchema"}
    )
    assert inputs["item/Kind"].hints == Hints(dynamic_values={"operationId": "GetKinds"})


def test_schemas_stand_for_themselves_and_end_where_they_would_go_in_a_circle() -> None:
    orders = connector(SWAGGER)
    named = {"required": ["Title"], "properties": {"Title": {"type": "string", "x-ms-summary": "Name"}}}
    schema = orders.outputs_schema(orders.operation("CreateItem"))
    assert schema["allOf"] == [named]
    assert schema["properties"]["Lines"] == {"type": "array", "items": named}
    assert schema["properties"]["Parent"] == {}
    inputs = orders.inputs_schema(orders.operation("CreateItem"))
    assert (inputs["required"], list(inputs["properties"])) == (
        ["table", "item"],
        ["table", "dry", "tags", "item"],
    )
    assert inputs["properties"]["item"]["x-ms-summary"] == "The item"


def test_a_webhook_trigger_tells_what_it_receives() -> None:
    orders = connector(SWAGGER)
    trigger = orders.operation("WhenCreated")
    assert (trigger.trigger, trigger.deprecated, trigger.security) == ("single", True, ())
    assert list(orders.notification_schema(trigger)["properties"]) == [
        "Owner",
        "Parent",
        "Lines",
        "Extra",
        "Kind",
    ]
    assert [(one.name, one.hints) for one in orders.inputs(trigger)] == [
        ("hook/url", Hints(summary="URL", is_notification_url=True))
    ]
    assert orders.outputs_schema(trigger) is None


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Orders"},
    "servers": [{"url": "https://{region}.orders.example/v1/", "variables": {"region": {"default": "eu"}}}],
    "security": [{"login": []}, {"token": []}, {"exotic": []}],
    "components": {
        "securitySchemes": {
            "login": {"type": "http", "scheme": "Basic"},
            "token": {"type": "http", "scheme": "bearer"},
            "exotic": {"type": "mutualTLS"},
        },
        "requestBodies": {
            "Order": {
                "required": True,
                "x-ms-requestBody-name": "order",
                "content": {"application/json": {"schema": {"properties": {"id": {"type": "integer"}}}}},
            }
        },
    },
    "paths": {
        "/orders": {
            "put": {
                "operationId": "PutOrder",
                "parameters": [
                    {"name": "ids", "in": "query", "schema": {"type": "array"}},
                    {"name": "csv", "in": "query", "schema": {"type": "array"}, "explode": False},
                    {"name": "pipes", "in": "query", "schema": {"type": "array"}, "style": "pipeDelimited"},
                    {"name": "c", "in": "cookie", "schema": {"type": "string"}},
                    {
                        "name": "filter",
                        "in": "query",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Order"},
                "responses": {"2XX": {"content": {"text/json": {"schema": {"type": "string"}}}}},
            },
            "post": {
                "operationId": "Upload",
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "required": ["file"],
                                "properties": {
                                    "file": {"type": "string", "format": "binary"},
                                    "n": {"type": "integer"},
                                },
                            }
                        }
                    }
                },
            },
            "patch": {
                "operationId": "Raw",
                "requestBody": {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
            },
        }
    },
}


def test_an_openapi_3_document_becomes_operations() -> None:
    orders = connector(OPENAPI)
    assert orders.base_url == "https://eu.orders.example/v1"
    put = orders.operation("PutOrder")
    assert [(one.name, one.place, one.required, one.separator) for one in put.parameters] == [
        ("ids", Place.QUERY, False, None),
        ("csv", Place.QUERY, False, ","),
        ("pipes", Place.QUERY, False, "|"),
        ("filter", Place.QUERY, False, None),
        ("order", Place.BODY, True, None),
    ]
    assert put.security == (SecurityScheme(SchemeKind.BASIC), SecurityScheme(SchemeKind.BEARER))
    assert (put.outputs, put.content_type) == ({"type": "string"}, None)
    assert [one.name for one in orders.inputs(put)][-1] == "order/id"


def test_forms_and_raw_bodies_of_openapi_3() -> None:
    orders = connector(OPENAPI)
    upload, raw = orders.operation("Upload"), orders.operation("Raw")
    assert [(one.name, one.place, one.required) for one in upload.parameters] == [
        ("file", Place.FORM, True),
        ("n", Place.FORM, False),
    ]
    assert upload.content_type == "multipart/form-data"
    assert [(one.name, one.place) for one in raw.parameters] == [("body", Place.BODY)]
    assert raw.content_type == "image/png"


@pytest.mark.parametrize(
    ("servers", "base_url"),
    [
        ([], None),
        ([{"url": "/v1"}], None),
        ([{"url": "https://a.example"}, {"url": "https://b.example"}], "https://a.example"),
    ],
)
def test_a_server_below_an_unknown_one_is_none(servers: list[Any], base_url: str | None) -> None:
    assert connector({**OPENAPI, "servers": servers}).base_url == base_url


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("", "the text is no JSON object"),
        (
            "swagger: '2.0'",
            "the text is no JSON (Unexpected character encountered while parsing value: s. "
            "Path '', line 0, position 0.)",
        ),
        ("[]", "the text is no JSON object"),
        (
            "[" * 100_000,
            "the text is no JSON (The reader's MaxDepth of 128 has been exceeded. Path '"
            + "[0]" * 129
            + "', line 1, position 129.)",
        ),
        (" " * 8_388_609, "the text has 8388609 characters; 8388608 are allowed"),
        ("{}", 'the document names no version that is known: "swagger": "2.0" or "openapi": "3.…"'),
        (
            '{"openapi": "4.0"}',
            'the document names no version that is known: "swagger": "2.0" or "openapi": "3.…"',
        ),
    ],
)
def test_other_texts_are_refused(document: str, problem: str) -> None:
    with pytest.raises(ConnectorUnreadable) as refused:
        read_connector(document)
    assert refused.value.message == f"The connector's document cannot be used: {problem}."


def one_operation(**members: Any) -> dict[str, Any]:
    return changed(paths={"/x": {"get": {"operationId": "Get", **members}}})


@pytest.mark.parametrize(
    ("document", "place", "problem"),
    [
        (changed(paths={"/x": 5}), "path ‘/x’", "is no object"),
        (changed(paths={"/x": {"get": {}}}), "‘get /x’", "has no operationId"),
        (changed(paths={"/x": {"get": []}}), "‘get /x’", "is no object"),
        (
            changed(paths={"/x": {"get": {"operationId": "A"}, "put": {"operationId": "A"}}}),
            "operation ‘A’",
            "is declared twice",
        ),
        (one_operation(parameters=[5]), "operation ‘Get’", "is no object"),
        (one_operation(parameters=[{"in": "query"}]), "operation ‘Get’", "has a parameter without a name"),
        (
            one_operation(parameters=[{"name": "a", "in": "nowhere"}]),
            "parameter ‘a’ of operation ‘Get’",
            "stands in ‘nowhere’, which is no place",
        ),
        (
            one_operation(parameters=[{"$ref": "other.json#/parameters/a"}]),
            "operation ‘Get’",
            "refers to ‘other.json#/parameters/a’, which is outside the document",
        ),
        (
            one_operation(parameters=[{"$ref": "file:///etc/passwd"}]),
            "operation ‘Get’",
            "refers to ‘file:///etc/passwd’, which is outside the document",
        ),
        (
            one_operation(parameters=[{"$ref": "#/parameters/none"}]),
            "operation ‘Get’",
            "refers to ‘#/parameters/none’, which does not exist",
        ),
        (
            {
                **one_operation(parameters=[{"$ref": "#/parameters/a"}]),
                "parameters": {"a": {"$ref": "#/parameters/a"}},
            },
            "operation ‘Get’",
            "refers to itself",
        ),
        (
            one_operation(parameters=[{"name": str(n), "in": "query"} for n in range(501)]),
            "operation ‘Get’",
            "has more than 500 parameters",
        ),
        (
            changed(paths={f"/{n}": {"get": {"operationId": str(n)}} for n in range(5_001)}),
            "the document",
            "has more than 5000 operations",
        ),
    ],
)
def test_a_document_that_says_too_little_or_too_much_is_refused(
    document: dict[str, Any], place: str, problem: str
) -> None:
    with pytest.raises(ConnectorUnreadable) as refused:
        connector(document)
    assert (refused.value.place, refused.value.problem) == (place, problem)


def test_an_unknown_operation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(OperationUnknown, match="has no operation ‘CreatItem’; did you mean ‘CreateItem’"):
        connector(SWAGGER).operation("CreatItem")


def doubling(levels: int, member: str) -> dict[str, Any]:
    """Return a document whose schema has two to the power of its levels parts."""

    def level(number: int) -> dict[str, Any]:
        if number == levels:
            return {"type": "string", "description": "x" * 100}
        inner = {"$ref": f"#/definitions/L{number + 1}"}
        if member == "allOf":
            return {"allOf": [inner, inner]}
        return {"type": "object", "properties": {"a": inner, "b": inner}}

    definitions = {f"L{number}": level(number) for number in range(levels + 1)}
    body = {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/L0"}}
    return {**one_operation(parameters=[body]), "definitions": definitions}


def test_schemas_that_double_with_each_step_end() -> None:
    bomb = connector(doubling(40, "properties"))
    operation = bomb.operation("Get")
    assert len(json.dumps(bomb.inputs_schema(operation))) < 20_000_000
    assert [one.name for one in bomb.inputs(operation)][:2] == [
        "body/a/a/a/a/a/a/a/a/a",
        "body/a/a/a/a/a/a/a/a/b",
    ]


def test_parts_that_double_with_each_step_are_refused() -> None:
    bomb = connector(doubling(15, "allOf"))
    with pytest.raises(ConnectorUnreadable, match="built beyond measure"):
        bomb.inputs(bomb.operation("Get"))


def test_parts_that_contain_themselves_are_refused() -> None:
    document = one_operation(parameters=[{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/A"}}])
    circle = connector({**document, "definitions": {"A": {"allOf": [{"$ref": "#/definitions/A"}]}}})
    with pytest.raises(ConnectorUnreadable, match="built beyond measure"):
        circle.inputs(circle.operation("Get"))


def test_names_in_references_are_unescaped() -> None:
    document = one_operation(parameters=[{"$ref": "#/parameters/a~1b~0%20c"}])
    found = connector({**document, "parameters": {"a/b~ c": {"name": "n", "in": "query"}}})
    assert [one.name for one in found.operation("Get").parameters] == ["n"]


def test_a_security_scheme_that_is_not_declared_stands_for_those_that_are() -> None:
    found = connector(one_operation(security=[{"Key": []}])).operation("Get")
    assert [one.kind for one in found.security] == [SchemeKind.API_KEY, SchemeKind.BEARER]


def test_a_document_is_read_as_leniently_as_the_service_reads_it() -> None:
    text = json.dumps(SWAGGER).replace('"host": ', "/* where */ host: ")[:-1] + ",}"
    assert read_connector(text).base_url == "https://orders.example/v1"
