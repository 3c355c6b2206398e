"""An operation and its parameters → the request that performs it. Pure. Source: cloud-flows 3.11."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from deskhand.cloudflows.http.bodies import Body, encode_body
from deskhand.cloudflows.http.headers import checked_header, find_header, is_taken
from deskhand.cloudflows.http.media_types import FORM, JSON, parse_media_type
from deskhand.cloudflows.http.requests import Request, read_url, with_queries
from deskhand.cloudflows.openapi.arguments import collect_arguments
from deskhand.cloudflows.openapi.credentials import Credential, show_credential
from deskhand.cloudflows.openapi.errors import BaseUrlMissing, ParameterRefused
from deskhand.cloudflows.openapi.operations import Connector, Operation, Parameter, Place
from deskhand.cloudflows.openapi.reading import MULTIPART
from deskhand.outbound.urls import HttpUrl
from deskhand.wdl.values import Value, envelope_bytes, to_text, utf8, write_json

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def build_request(
    connector: Connector,
    operation: Operation,
    parameters: Mapping[str, Value],
    *,
    base_url: str | None = None,
    credential: Credential = None,
) -> Request:
    """Return the request that performs an operation.

    Args:
        connector: The connector.
        operation: One of its operations.
        parameters: The evaluated parameters of the action; null ones are not sent.
        base_url: Where the service is, if not where the connector's document says.
        credential: What the connection shows.

    Raises:
        ParameterRefused: A parameter is unknown, missing, or cannot stand where it belongs.
        CredentialRefused: The connection holds something else than the operation asks for.
        BaseUrlMissing: Nobody says where the service is.
        HttpError: The address, a header or the body cannot be sent.
        ConnectorUnreadable: A schema of the document cannot be used.
    """
    base = base_url or connector.base_url
    if not base:
        raise BaseUrlMissing(connector.title)
    values = collect_arguments(operation, connector.schemas(operation), parameters)
    headers = dict(_headers(operation, values))
    body = _body(operation, values, headers)
    if body is not None:
        headers[find_header(headers, "Content-Type") or "Content-Type"] = body.content_type
    url = _url(base, operation, values)
    request = Request(operation.method, url, headers, None if body is None else body.content)
    return show_credential(request, operation, credential)


def _of(operation: Operation, place: Place, values: Mapping[str, Value]) -> Iterator[tuple[Parameter, Value]]:
    """Yield the parameters of a place that are sent, with their values."""
    for one in operation.parameters:
        if one.place is place and one.name in values:
            yield one, values[one.name]


def _text(value: Value) -> str:
    """Return a value as addresses, headers and forms hold it; booleans as JSON writes them."""
    if isinstance(value, bool) or (isinstance(value, dict) and envelope_bytes(value) is None):
        return write_json(value)
    return to_text(value)


def _texts(parameter: Parameter, value: Value) -> list[str]:
    """Return a value as one text, or as one for each time that the parameter is repeated."""
    if isinstance(value, list) and parameter.separator is None:
        return [_text(one) for one in value]
    return [_joined(parameter, value)]


def _joined(parameter: Parameter, value: Value) -> str:
    if isinstance(value, list):
        return (parameter.separator or ",").join(map(_text, value))
    return _text(value)


def _url(base: str, operation: Operation, values: Mapping[str, Value]) -> HttpUrl:
    parts = {one.name: _segment(operation, one, value) for one, value in _of(operation, Place.PATH, values)}

    def filled(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise ParameterRefused(operation.id, match[1], "stands in the path and has no value")
        return parts[match[1]]

    url = read_url(base.rstrip("/") + _PLACEHOLDER.sub(filled, operation.path), "uri")
    for parameter, value in _of(operation, Place.QUERY, values):
        for text in _texts(parameter, value):
            url = with_queries(url, {parameter.name: _encoded(text, parameter.encodings - 1)})
    return url


def _segment(operation: Operation, parameter: Parameter, value: Value) -> str:
    """Return a value as one part of the path, which leads nowhere else."""
    text = _joined(parameter, value)
    if text in ("", ".", ".."):
        raise ParameterRefused(
            operation.id, parameter.name, f"is ‘{text}’, which no part of an address can be"
        )
    return _encoded(text, parameter.encodings)


def _encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(utf8(text), safe="")
    return text


def _headers(operation: Operation, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for parameter, value in _of(operation, Place.HEADER, values):
        if is_taken(parameter.name):
            yield parameter.name, checked_header(parameter.name, _joined(parameter, value), parameter.name)


def _body(operation: Operation, values: Mapping[str, Value], headers: Mapping[str, str]) -> Body | None:
    fields = list(_of(operation, Place.FORM, values))
    if fields:
        return encode_body(_form(operation, fields))
    name = find_header(headers, "Content-Type")
    content_type = headers[name] if name else operation.content_type
    for parameter, value in _of(operation, Place.BODY, values):
        return _whole(parameter, value, content_type)
    return None


def _whole(parameter: Parameter, value: Value, content_type: str | None) -> Body | None:
    """Return the body that is one value; a text in place of an object is taken for the object's JSON."""
    schema = parameter.schema
    if content_type is not None or not isinstance(value, str) or schema.get("format") == "binary":
        return encode_body(value, content_type)
    return encode_body(write_json(value) if schema.get("type") == "string" else value, JSON)


def _form(operation: Operation, fields: list[tuple[Parameter, Value]]) -> Value:
    """Return a form as a value: in parts if it carries files or the operation says so, else encoded."""
    declared = parse_media_type(operation.content_type or FORM).name
    has_file = any(parameter.schema.get("type") == "file" for parameter, _ in fields)
    if declared == MULTIPART or has_file:
        return {"$content-type": MULTIPART, "$multipart": [_field(*one) for one in fields]}
    pairs = [
        {"key": parameter.name, "value": text}
        for parameter, value in fields
        for text in _texts(parameter, value)
    ]
    return {"$content-type": FORM, "$formdata": pairs}


def _field(parameter: Parameter, value: Value) -> Value:
    name = quote(utf8(parameter.name), safe=" !#$&'()*+,./:;<=>?@[]^`{|}~")
    is_binary = isinstance(value, dict) and envelope_bytes(value) is not None
    is_file = is_binary or parameter.schema.get("type") == "file"
    disposition = f'form-data; name="{name}"' + (f'; filename="{name}"' if is_file else "")
    return {
        "headers": {"Content-Disposition": disposition},
        "body": value if is_binary else _joined(parameter, value),
    }
