"""An operation and its parameters → the request that performs it."""

import base64
import json
from typing import Any

import pytest

from deskhand.cloudflows.http.bodies import decode_body
from deskhand.cloudflows.http.errors import HttpError
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.openapi.building import build_request
from deskhand.cloudflows.openapi.credentials import AccessToken, ApiKey, Credential, Login
from deskhand.cloudflows.openapi.errors import BaseUrlMissing, CredentialRefused, ParameterRefused
from deskhand.cloudflows.openapi.reading import read_connector

GIF = {"$content-type": "image/gif", "$content": "aGk="}
BASE = "https://api.example/v1"
ITEM = {
    "type": "object",
    "required": ["Kind"],
    "properties": {
        "Title": {"type": "string"},
        "Kind": {"type": "string", "default": "task"},
        "Hidden": {"type": "integer", "default": 7, "x-ms-visibility": "internal"},
        "Optional": {"type": "string", "default": "not sent"},
        "File": {"type": "string", "format": "byte"},
        "Owner": {"type": "object", "properties": {"0": {}, "Name": {}}},
        "Lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "Extra": {"type": "object"},
        "Free": {},
    },
}


def operation(
    *parameters: dict[str, Any], path: str = "/x", method: str = "post", **members: Any
) -> tuple[Any, Any]:
    """Return a connector with one operation, and that operation."""
    one = {"operationId": "Do", "parameters": list(parameters), **members}
    document = {"swagger": "2.0", "info": {"title": "T"}, "paths": {path: {method: one}}, "definitions": {}}
    document |= {"securityDefinitions": members.pop("definitions", {})}
    found = read_connector(json.dumps(document))
    return found, found.operation("Do")


def build(
    parameters: dict[str, Any], *declared: dict[str, Any], credential: Credential = None, **members: Any
) -> Request:
    return build_request(*operation(*declared, **members), parameters, base_url=BASE, credential=credential)


def item(parameters: dict[str, Any], schema: dict[str, Any] = ITEM, **members: Any) -> Any:
    """Return the JSON that is sent for a body named ``item``."""
    declared = {"name": "item", "in": "body", "schema": schema, **members}
    body = build(parameters, declared).body
    return None if body is None else json.loads(body)


def test_every_parameter_goes_to_its_place() -> None:
    request = build(
        {
            "id": "a b/ü",
            "top": 5,
            "flag": True,
            "tags": ["a", 1, False],
            "X-Trace": "t",
            "gone": None,
            "body/Title": "T",
        },
        {"name": "id", "in": "path", "required": True},
        {"name": "top", "in": "query"},
        {"name": "flag", "in": "query"},
        {"name": "tags", "in": "query", "type": "array"},
        {"name": "X-Trace", "in": "header"},
        {"name": "gone", "in": "query"},
        {"name": "body", "in": "body", "schema": {"properties": {"Title": {}}}},
        path="/items('{id}')/$value",
        method="put",
    )
    assert request == Request(
        "PUT",
        read_url(
            "https://api.example/v1/items('a%20b%2F%C3%BC')/$value?top=5&flag=true&tags=a%2C1%2Cfalse", "uri"
        ),
        {"X-Trace": "t", "Content-Type": "application/json; charset=utf-8"},
        b'{"Title":"T"}',
    )


@pytest.mark.parametrize(
    ("declared", "query"),
    [
        ({"collectionFormat": "multi"}, "a=1&a=2"),
        ({"collectionFormat": "pipes"}, "a=1%7C2"),
        ({"collectionFormat": "ssv"}, "a=1%202"),
        ({"x-ms-url-encoding": "double"}, "a=1%252C2"),
    ],
)
def test_arrays_are_written_as_the_document_says(declared: dict[str, str], query: str) -> None:
    request = build({"a": [1, 2]}, {"name": "a", "in": "query", "type": "array", **declared})
    assert request.url.target == f"/v1/x?{query}"


def test_a_path_may_be_encoded_twice() -> None:
    declared = {"name": "id", "in": "path", "required": True, "x-ms-url-encoding": "double"}
    assert build({"id": "a/b"}, declared, path="/f/{id}").url.target == "/v1/f/a%252Fb"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"item/Title": "T"}, {"Title": "T"}),
        ({"item/Owner/Name": "N", "item/Title": None}, {"Owner": {"Name": "N"}}),
        ({"item/Owner/0": 1}, {"Owner": {"0": 1}}),
        ({"item/Lines/1/n": 2, "item/Lines/0/n": 1}, {"Lines": [{"n": 1}, {"n": 2}]}),
        ({"item/Lines/5/n": 2, "item/Lines/9": {"n": 3}}, {"Lines": [{"n": 2}, {"n": 3}]}),
        ({"item/Free/0": "a", "item/Free/1": "b"}, {"Free": ["a", "b"]}),
        ({"item/Free/a/0": 1}, {"Free": {"a": [1]}}),
        ({"item/Extra/x.y/@odata.type": "t"}, {"Extra": {"x.y": {"@odata.type": "t"}}}),
        ({"item": {"Title": "T", "Owner": {"Name": "N", "x": None}}, "item/Owner/Name": "M"},
         {"Title": "T", "Owner": {"Name": "M", "x": None}}),
        ({"item": {"Lines": [{"n": 1}]}, "item/Lines/1/n": 2}, {"Lines": [{"n": 1}, {"n": 2}]}),
        ({"ITEM/Title": "T"}, {"Title": "T"}),
        ({"item": {"Kind": "bug", "Hidden": 1}}, {"Kind": "bug", "Hidden": 1}),
        (
            {"item/File": {"$content-type": "image/png", "$content": "iVBO"}},
            {"File": "iVBO"},
        ),
        ({"item/File": "plain"}, {"File": "plain"}),
        ({"item/Lines/0/n": {"deep": [1]}}, {"Lines": [{"n": {"deep": [1]}}]}),
    ],
)  # fmt: skip
def test_names_with_slashes_are_paths_into_the_body(given: dict[str, Any], sent: dict[str, Any]) -> None:
    assert item(given) == {"Kind": "task", "Hidden": 7, **sent}


def test_a_body_that_nothing_is_given_for_is_not_sent() -> None:
    assert item({"item/Title": None}) is None


def test_a_needed_body_is_made_of_defaults() -> None:
    assert item({}, required=True) == {"Kind": "task", "Hidden": 7}


def test_needed_and_internal_parameters_have_their_defaults() -> None:
    request = build(
        {},
        {"name": "a", "in": "query", "required": True, "default": "x"},
        {"name": "b", "in": "query", "default": "not sent"},
        {"name": "Prefer", "in": "header", "default": "all", "x-ms-visibility": "internal"},
    )
    assert (request.url.target, request.headers) == ("/v1/x?a=x", {"Prefer": "all"})


def test_large_arrays_do_not_count_against_the_schema() -> None:
    lines = [{"n": number, "m": number} for number in range(30_000)]
    assert item({"item/Lines": lines})["Lines"] == lines


@pytest.mark.parametrize(
    ("given", "name", "problem"),
    [
        ({"items/Title": "T"}, "items/Title", "is unknown"),
        ({"itm": {}}, "itm", "is unknown; did you mean ‘item’?"),
        ({"id/x": 1}, "id/x", "is unknown; did you mean ‘id’?"),
        ({"item/Title/x": 1, "item/Title": "T"}, "item/Title/x", "leads through something that is no object"),
        ({"item": "text", "item/Title": 1}, "item/Title", "leads through something that is no object"),
        ({"item/Lines/x": 1}, "item/Lines/x", "leads into an array: ‘x’ is no index below 10000"),
        ({"item/Lines/10000": 1}, "item/Lines/10000", "leads into an array: ‘10000’ is no index below 10000"),
        ({"item/Lines/-1": 1}, "item/Lines/-1", "leads into an array: ‘-1’ is no index below 10000"),
        ({"item/Lines/²": 1}, "item/Lines/²", "leads into an array: ‘²’ is no index below 10000"),
        ({"item" + "/a" * 33: 1}, "item" + "/a" * 33, "is nested too deep"),
        ({"id": ".."}, "id", "is ‘..’, which no part of an address can be"),
        ({"id": ""}, "id", "is ‘’, which no part of an address can be"),
        ({"id": None}, "id", "is missing"),
    ],
)
def test_parameters_that_cannot_be_sent_are_refused(given: dict[str, Any], name: str, problem: str) -> None:
    with pytest.raises(ParameterRefused) as refused:
        build(
            {"id": "1", **given},
            {"name": "id", "in": "path", "required": True},
            {"name": "item", "in": "body", "schema": ITEM},
            path="/a/{id}",
        )
    assert (refused.value.name, refused.value.problem) == (name, problem)


def test_a_path_that_nothing_fills_is_refused() -> None:
    with pytest.raises(ParameterRefused, match="parameter ‘id’ stands in the path and has no value"):
        build({}, path="/a/{id}")


@pytest.mark.parametrize("value", ["a\r\nX: y", "ü"])
def test_a_header_that_could_be_taken_for_several_is_refused(value: str) -> None:
    with pytest.raises(HttpError, match="header ‘X-A’"):
        build({"X-A": value}, {"name": "X-A", "in": "header"})


def test_headers_of_the_connection_are_not_a_connector_s_to_set() -> None:
    given = {"Host": "evil.example", "Content-Length": "5"}
    request = build(given, *({"name": name, "in": "header"} for name in given))
    assert request.headers == {}


@pytest.mark.parametrize(
    ("schema", "consumes", "value", "content", "content_type"),
    [
        ({"type": "string"}, [], "text", b'"text"', "application/json; charset=utf-8"),
        ({"type": "object"}, [], '{"a":1}', b'{"a":1}', "application/json; charset=utf-8"),
        ({"format": "binary"}, [], "text", b"text", "text/plain; charset=utf-8"),
        ({"format": "binary"}, ["image/png"], GIF, b"hi", "image/png"),
        ({"format": "binary"}, [], GIF, b"hi", "image/gif"),
        ({}, ["text/xml"], "<a/>", b"<a/>", "text/xml"),
        ({}, ["text/xml", "application/json"], [1], b"[1]", "application/json; charset=utf-8"),
    ],
)  # fmt: skip
def test_bodies_have_the_type_that_the_operation_takes(
    schema: dict[str, Any], consumes: list[str], value: Any, content: bytes, content_type: str
) -> None:
    request = build({"body": value}, {"name": "body", "in": "body", "schema": schema}, consumes=consumes)
    assert (request.body, request.header("Content-Type")) == (content, content_type)


def test_a_form_is_sent_encoded() -> None:
    request = build(
        {"a": "x y", "b": [1, 2], "c": True},
        {"name": "a", "in": "formData", "type": "string"},
        {"name": "b", "in": "formData", "type": "array", "collectionFormat": "multi"},
        {"name": "c", "in": "formData", "type": "boolean"},
    )
    assert (request.body, request.header("Content-Type")) == (
        b"a=x+y&b=1&b=2&c=true",
        "application/x-www-form-urlencoded",
    )


def test_a_form_with_a_file_is_sent_in_parts() -> None:
    file = {"$content-type": "image/png", "$content": base64.b64encode(b"\x89").decode()}
    request = build(
        {'a"\r\nb': "x", "file": file},
        {"name": 'a"\r\nb', "in": "formData", "type": "string"},
        {"name": "file", "in": "formData", "type": "file"},
    )
    assert request.body is not None
    assert decode_body(request.body, request.header("Content-Type"))["$multipart"] == [
        {
            "headers": {
                "Content-Disposition": 'form-data; name="a%22%0D%0Ab"',
                "Content-Type": "text/plain; charset=utf-8",
            },
            "body": "x",
        },
        {
            "headers": {
                "Content-Disposition": 'form-data; name="file"; filename="file"',
                "Content-Type": "image/png",
            },
            "body": file,
        },
    ]


KEY = {"type": "apiKey", "in": "query", "name": "code"}
SECURED: dict[str, Any] = {
    "definitions": {"key": KEY, "login": {"type": "basic"}, "web": {"type": "oauth2"}},
    "security": [{"key": []}, {"login": []}, {"web": []}],
}


@pytest.mark.parametrize(
    ("credential", "target", "headers"),
    [
        (ApiKey("k&1"), "/v1/x?code=k%261", {}),
        (Login("u", "p"), "/v1/x", {"Authorization": "Basic dTpw"}),
        (AccessToken("t"), "/v1/x", {"Authorization": "Bearer t"}),
    ],
)
def test_a_credential_is_shown_the_way_the_operation_asks(
    credential: Credential, target: str, headers: dict[str, str]
) -> None:
    request = build({}, credential=credential, **SECURED)
    assert (request.url.target, request.headers) == (target, headers)


def test_a_credential_is_not_shown_to_an_operation_that_asks_for_none() -> None:
    assert build({}, credential=ApiKey("k")).headers == {}


def test_a_credential_of_another_kind_is_refused() -> None:
    secured = {"definitions": SECURED["definitions"], "security": [{"key": []}, {"web": []}]}
    with pytest.raises(CredentialRefused, match="it asks for an API key or an access token"):
        build({}, credential=Login("u", "p"), **secured)


def test_no_secret_shows_in_a_repr() -> None:
    assert "s3cret" not in repr([Login("u", "s3cret"), ApiKey("s3cret"), AccessToken("s3cret")])


def test_a_service_that_nobody_knows_the_address_of_is_not_called() -> None:
    with pytest.raises(BaseUrlMissing, match="Connector ‘T’ does not say where its service is"):
        build_request(*operation(), {})
