"""Redirects: operations of connectors that are not built, sent to an HTTP address instead.

A redirect file is TOML, with one table for each operation::

    [[operation]]
    api = "shared_office365"
    operationId = "SendEmailV2"
    method = "POST"
    uri = "https://mail.example/outbox?to={emailMessage/To}"
    headers = { "X-Source" = "flows" }
    body = { subject = "{emailMessage/Subject}", all = "{*}" }

A name in braces stands for a parameter as the flow gives it, ``{*}`` for all of them; a doubled brace is a
brace. In the address a value is escaped, so that it stays one part of it; a text of the body that is nothing
but one name becomes the value itself, of whatever type. An operation without ``body`` sends none. Source:
cloud-flows 1.7.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from deskhand.cloudflows.http.requests import Request, read_request
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id
from deskhand.entities.connector import OperationRedirect
from deskhand.store.database import Transaction
from deskhand.wdl.references import strings_of
from deskhand.wdl.values import Value, find_key, to_text, utf8

_R = OperationRedirect.c
ALL = "*"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
MAX_BYTES = 1024 * 1024
_REQUIRED = ("api", "operationId", "method", "uri")
_KEYS = (*_REQUIRED, "headers", "body")
_PART = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<name>[^{}]+)\}|(?P<text>[^{}]+)")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")


class RedirectsUnreadable(DeskhandError):
    """A file of redirects does not hold what it should.

    The message names the operation and the member. Each ``[[operation]]`` has ``api``, ``operationId``,
    ``method`` and ``uri``, and may have ``headers`` and ``body``; names of parameters stand in braces.
    """

    code = "DH6400"
    exit_code = 2

    def __init__(self, source: str, where: str, problem: str) -> None:
        super().__init__(f"{source}: {where} {problem}.")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where a template takes a parameter.

    Attributes:
        name: The parameter, or :data:`ALL`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where one operation is sent.

    Attributes:
        api: The connector, such as ``shared_office365``.
        operation: The operation's id.
        method: The request's method, in capitals.
        uri: The template of its address; scheme and host are fixed.
        headers: The templates of its headers.
        body: JSON whose texts are templates; None for no body.
    """

    api: str
    operation: str
    method: str
    uri: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Value = None


def read_redirects(source: str, text: str) -> tuple[Redirect, ...]:
    """Read a file of redirects.

    Args:
        source: Its name, for messages.
        text: What stands in it.

    Raises:
        RedirectsUnreadable: It does not hold what it should.
    """
    if len(text) > MAX_BYTES:
        raise RedirectsUnreadable(source, "the file", f"is longer than {MAX_BYTES:,} letters")
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RedirectsUnreadable(source, "the file", f"is no TOML ({error})") from error
    for key in content:
        if key != "operation":
            raise RedirectsUnreadable(source, "the file", f"has the key ‘{key}’; it takes [[operation]]")
    listed = content.get("operation", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RedirectsUnreadable(source, "‘operation’", "is no [[operation]] table")
    redirects = tuple(_redirect(source, f"operation {place}", one) for place, one in enumerate(listed, 1))
    _refuse_repetition(source, redirects)
    return redirects


def parts_of(template: str) -> Iterator[str | Placeholder]:
    """Yield the texts and placeholders of a template.

    Raises:
        ValueError: A brace opens or closes nothing.
    """
    place = 0
    while place < len(template):
        match = _PART.match(template, place)
        if match is None:
            raise ValueError(f"has a single brace at letter {place + 1}")
        yield Placeholder(match["name"]) if match["name"] else match["text"] or match["brace"][0]
        place = match.end()


def store_redirects(tx: Transaction, redirects: tuple[Redirect, ...]) -> None:
    """Keep redirects; one of the same operation is replaced."""
    for one in redirects:
        tx.execute(sa.delete(OperationRedirect.table).where(_of_operation(one.api, one.operation)))
        definition = {"method": one.method, "uri": one.uri, "headers": dict(one.headers), "body": one.body}
        row = {
            "operationredirectid": new_id(),
            "apiname": one.api,
            "operationid": one.operation,
            "definition": json.dumps(definition),
        }
        tx.execute(sa.insert(OperationRedirect.table), row)


def delete_redirect(tx: Transaction, api: str, operation: str) -> bool:
    """Forget where an operation is sent; return whether it was sent anywhere."""
    done = tx.execute(sa.delete(OperationRedirect.table).where(_of_operation(api, operation)))
    return done.rowcount > 0


def list_redirects(tx: Transaction) -> list[Redirect]:
    """Return every redirect, by connector and operation."""
    query = sa.select(OperationRedirect.table).order_by(_R.apiname, _R.operationid)
    return [_of_row(row) for row in tx.execute(query).mappings()]


def find_redirect(tx: Transaction, api: str, operation: str) -> Redirect | None:
    """Return where an operation is sent; None if nowhere."""
    query = sa.select(OperationRedirect.table).where(_of_operation(api, operation))
    row = tx.execute(query).mappings().first()
    return None if row is None else _of_row(row)


def redirected_request(redirect: Redirect, parameters: Mapping[str, Value]) -> Request:
    """Return the request that an operation is sent as.

    Args:
        redirect: Where it is sent.
        parameters: What the flow gives; one that it does not give is nothing.

    Raises:
        HttpError: The address, a header or the body cannot be sent.
    """
    inputs: dict[str, Value] = {
        "method": redirect.method,
        "uri": _filled(redirect.uri, parameters, lambda value: quote(utf8(to_text(value)), safe="")),
        "headers": {name: _filled(text, parameters, to_text) for name, text in redirect.headers.items()},
        "body": _body(redirect.body, parameters),
    }
    return read_request(inputs, {})


def _filled(template: str, parameters: Mapping[str, Value], written: Callable[[Value], str]) -> str:
    """Return a template's text with its parameters in their places."""
    parts = (
        one if isinstance(one, str) else written(_parameter(one, parameters)) for one in parts_of(template)
    )
    return "".join(parts)


def _body(template: Value, parameters: Mapping[str, Value]) -> Value:
    if isinstance(template, dict):
        return {name: _body(one, parameters) for name, one in template.items()}
    if isinstance(template, list):
        return [_body(one, parameters) for one in template]
    if not isinstance(template, str):
        return template
    parts = list(parts_of(template))
    if len(parts) == 1 and isinstance(parts[0], Placeholder):
        return _parameter(parts[0], parameters)
    return _filled(template, parameters, to_text)


def _parameter(placeholder: Placeholder, parameters: Mapping[str, Value]) -> Value:
    if placeholder.name == ALL:
        return dict(parameters)
    key = find_key(parameters, placeholder.name)
    return None if key is None else parameters[key]


def _of_operation(api: str, operation: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.func.lower(_R.apiname) == api.lower(), sa.func.lower(_R.operationid) == operation.lower()
    )


def _of_row(row: Mapping[Any, Any]) -> Redirect:
    kept = json.loads(row["definition"])
    return Redirect(
        row["apiname"], row["operationid"], kept["method"], kept["uri"], kept["headers"], kept["body"]
    )


def _redirect(source: str, where: str, members: Mapping[str, Value]) -> Redirect:
    for key in members:
        if key not in _KEYS:
            raise RedirectsUnreadable(source, where, f"has the key ‘{key}’; it takes {', '.join(_KEYS)}")
    api, operation, method, uri = (_required(source, where, members, key) for key in _REQUIRED)
    if method.upper() not in METHODS:
        raise RedirectsUnreadable(source, where, f"has the method ‘{method}’; known are {', '.join(METHODS)}")
    _check_uri(source, where, uri)
    body = members.get("body")
    _check_body(source, f"the body of {where}", body)
    return Redirect(api, operation, method.upper(), uri, _headers(source, where, members), body)


def _required(source: str, where: str, members: Mapping[str, Value], key: str) -> str:
    value = members.get(key)
    if not isinstance(value, str) or not value:
        raise RedirectsUnreadable(source, where, f"has no text as {key}")
    return value


def _check_uri(source: str, where: str, uri: str) -> None:
    _check_template(source, f"the uri of {where}", uri)
    beginning = uri.partition("{")[0]
    try:
        parts = urlsplit(beginning)
        fixed = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        fixed = None
    if not fixed or (beginning != uri and not parts.path):
        problem = "is no http address with a fixed host: parameters may stand after the host alone"
        raise RedirectsUnreadable(source, f"the uri of {where}", problem)


def _headers(source: str, where: str, members: Mapping[str, Value]) -> dict[str, str]:
    headers = members.get("headers", {})
    if not isinstance(headers, dict):
        raise RedirectsUnreadable(source, f"‘headers’ of {where}", "is no table")
    for name, value in headers.items():
        if not _TOKEN.match(name) or not isinstance(value, str):
            raise RedirectsUnreadable(source, f"the header ‘{name}’ of {where}", "is no name with a text")
        _check_template(source, f"the header ‘{name}’ of {where}", value)
    return headers


def _check_body(source: str, where: str, body: Value) -> None:
    for template in strings_of(body):
        _check_template(source, where, template)
    try:
        json.dumps(body, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RedirectsUnreadable(source, where, "has a date, or a number that JSON does not have") from error


def _check_template(source: str, where: str, template: str) -> None:
    try:
        list(parts_of(template))
    except ValueError as error:
        raise RedirectsUnreadable(source, where, str(error)) from error


def _refuse_repetition(source: str, redirects: tuple[Redirect, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in redirects:
        key = one.api.casefold(), one.operation.casefold()
        if key in seen:
            raise RedirectsUnreadable(source, f"{one.operation} of {one.api}", "stands in it twice")
        seen.add(key)
