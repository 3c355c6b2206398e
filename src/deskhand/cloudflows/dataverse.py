"""Operations on rows: requests to our own Web API, made within this process. Source: cloud-flows 3.11.

What writes does so in the very transaction that journals the action's end, so it happens exactly once. What
only reads is a call, which does not hold up those who write, and may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from deskhand.cloudflows.connections import acting_principal
from deskhand.cloudflows.declare import (
    ActionFailed,
    Answered,
    Call,
    CallInterrupted,
    Done,
    Outcome,
    Problem,
    RunView,
    Services,
    Status,
    Step,
    Transact,
)
from deskhand.cloudflows.http.paging import MOST_ITEMS
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.paging import least_items
from deskhand.cloudflows.paths import parameter_object
from deskhand.cloudflows.retry import is_retried
from deskhand.cloudflows.usage import operation_of
from deskhand.cloudflows.web_api import ApiReply, ApiRequest
from deskhand.entities.declare import REGISTRY, entity_by_set
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, find_key, to_text, utf8, write_json

NAMESPACE = "Microsoft.Dynamics.CRM"

_NEXT = "@odata.nextLink"
_ANNOTATIONS = 'odata.include-annotations="*"'
_QUERY = ("$select", "$filter", "$orderby", "$expand", "$top", "$skiptoken", "fetchXml")

Parameters = Mapping[str, Value]
Make = Callable[[Parameters], ApiRequest]


def write_rows(step: Step, make: Make) -> Outcome:
    """Return what writes rows by one request."""
    request = _addressed(step, make)
    return Transact(partial(_write, step.services, step.run, _key(step), request))


def read_rows(step: Step, make: Make) -> Outcome:
    """Return what reads rows by one request, and by those for further pages if the action asks for that."""
    match step.event:
        case Answered(value=ApiReply() as reply):
            return ended(reply)
        case Answered(error=ActionFailed() as failure):
            raise failure
        case Answered(error=error) if error is not None and not isinstance(error, CallInterrupted):
            raise error
    request = _addressed(step, make)
    most_bytes = step.settings.http_body_max_bytes
    read = partial(_read, step.services, step.run, _key(step), request, least_items(step), most_bytes)
    services = step.services
    return Call(lambda: services.read(read))


def ended(reply: ApiReply) -> Done:
    """Return the end of an action whose request was answered."""
    body = reply.content()
    outputs: dict[str, Value] = {"statusCode": reply.status, "headers": dict(reply.headers)}
    outputs |= {} if body is None else {"body": body}
    code = status_name(reply.status)
    if reply.status < 400:
        return Done(code=code, outputs=outputs)
    error = body["error"]
    problem = Problem(error["code"], error["message"])
    return Done(Status.FAILED, code, outputs=outputs, problem=problem, transient=is_retried(reply.status))


# Requests


def table_path(parameters: Parameters, name: str = "entityName") -> str:
    """Return the address of the table that a parameter names, by its set or its logical name.

    Raises:
        ActionFailed: It is missing.
    """
    text = required(parameters, name).strip()
    entity = entity_by_set(text) or REGISTRY.get(text.lower())
    return quote((entity and entity.set_name) or text, safe="")


def row_path(parameters: Parameters, table: str = "entityName", row: str = "recordId") -> str:
    """Return the address of the row that two parameters name.

    Raises:
        ActionFailed: One of them is missing.
    """
    key = quote(utf8(required(parameters, row).strip()), safe="-=,'")
    return f"{table_path(parameters, table)}({key})"


def query_of(parameters: Parameters) -> str:
    """Return the query that parameters of the same names make."""
    found = ((name, given(parameters, name)) for name in _QUERY)
    return "&".join(
        f"{name}={quote(utf8(to_text(value)), safe='')}" for name, value in found if value not in (None, "")
    )


def item_body(parameters: Parameters) -> bytes:
    """Return the body that the parameter ``item`` makes."""
    return write_json(parameter_object(parameters, "item") or {}).encode()


def required(parameters: Parameters, name: str) -> str:
    """Return a parameter that has to be there.

    Raises:
        ActionFailed: It is missing.
    """
    value = given(parameters, name)
    if value in (None, ""):
        raise ActionFailed("InvalidParameter", f"The parameter '{name}' is missing.")
    return to_text(value)


def given(parameters: Parameters, name: str) -> Value:
    """Return a parameter; None if it is not given."""
    key = find_key(parameters, name)
    return None if key is None else parameters[key]


def segment(text: str) -> str:
    """Return a name as one segment of an address."""
    return quote(utf8(text), safe="")


def preferring(*preferences: str) -> dict[str, str]:
    """Return the headers of a request that wants annotations, and whatever else it prefers."""
    return {"Prefer": ",".join((_ANNOTATIONS, *preferences))}


# Doing it


def _addressed(step: Step, make: Make) -> ApiRequest:
    inputs = step.given
    parameters = member(inputs, "parameters") if isinstance(inputs, Mapping) else None
    request = make(parameters if isinstance(parameters, Mapping) else {})
    return replace(request, headers={**request.headers, "x-ms-correlation-id": step.run.client_tracking_id})


def _key(step: Step) -> str:
    use = operation_of(step.action, step.run.connections)
    return use.connection if use else ""


def _write(services: Services, run: RunView, key: str, request: ApiRequest, tx: Transaction) -> Done:
    principal = acting_principal(tx, run, key)
    reply = services.web_api.answer(tx, principal, request)
    if reply.status == 405 and request.method == "POST":
        # A function is asked for, where an action is called; the address tells no difference.
        reply = services.web_api.answer(tx, principal, replace(request, method="GET", body=b""))
    return ended(reply)


def _read(
    services: Services,
    run: RunView,
    key: str,
    request: ApiRequest,
    least: int,
    most_bytes: int,
    tx: Transaction,
) -> ApiReply:
    principal = acting_principal(tx, run, key)
    first = services.web_api.answer(tx, principal, request)
    content: Any = first.content()
    if first.status != 200 or not least or _NEXT not in content:
        return first
    rows, size = list(content["value"]), len(first.body)
    link = content.pop(_NEXT)
    while link is not None and len(rows) < min(least, MOST_ITEMS):
        page = services.web_api.answer(tx, principal, replace(request, query=link.partition("?")[2]))
        size += len(page.body)
        if size > most_bytes:
            message = f"The rows have more than {most_bytes} bytes, which is as many as may be."
            raise ActionFailed("ResponseTooLarge", message)
        following = page.content()
        rows += following["value"]
        link = following.get(_NEXT)
    return replace(first, body=json.dumps({**content, "value": rows}).encode())
