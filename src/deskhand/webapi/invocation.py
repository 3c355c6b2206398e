"""Calling messages: functions by GET, actions by POST. Source: dataverse-api 9."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from deskhand.core.settings import Settings
from deskhand.identity.vault import Vault
from deskhand.messages.declare import ACTION, FUNCTION, Message, MessageContext
from deskhand.messages.errors import BadPayload
from deskhand.odata import nodes
from deskhand.odata.parser import split_options
from deskhand.records.references import RowReference, row_id_of
from deskhand.records.serialize import whole_row
from deskhand.store.database import Transaction
from deskhand.webapi.bodies import Unreadable, check_content_type, parse_object
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.metadata import NAMESPACE
from deskhand.webapi.refusals import (
    MalformedBody,
    MethodNotSupported,
    UnknownSegment,
    UnsupportedMediaType,
)
from deskhand.webapi.replies import Reply, json_reply
from deskhand.webapi.rows import row_reply

_CORRELATION_HEADERS = ("x-ms-correlation-id", "x-ms-client-request-id", "ms-client-request-id")


def invoker(
    call: Call,
    settings: Settings,
    vault: Vault,
    message: Message,
    target: RowReference | None,
    arguments: Mapping[str, Any],
) -> Act:
    """Return what calls a message.

    Args:
        call: The request.
        settings: Limits and choices.
        vault: Opens what the database keeps encrypted.
        message: The message.
        target: The row it is called on, if it is bound to a table.
        arguments: What a function takes, from its address.

    Raises:
        UnknownSegment: It is an action, called by GET: the original knows no such resource then.
        MethodNotSupported: It is called by another method than its own.
    """
    if message.kind is ACTION and call.method == "GET":
        raise UnknownSegment(f"{NAMESPACE}.{message.name}" if message.bound_to else message.name)
    method = "POST" if message.kind is ACTION else "GET"
    if call.method != method:
        raise MethodNotSupported(call.method, (method,))
    payload = arguments if message.kind is FUNCTION else _payload(call, message)
    return partial(_invoke, call, settings, vault, message, target, payload)


def address_arguments(call: Call, message: Message, segment: nodes.Segment) -> Mapping[str, Any]:
    """Return what a function takes in parentheses, such as ``(Target=@t)`` with ``?@t={…}``.

    Raises:
        UnknownSegment: The message takes nothing there.
        BadPayload: An alias stands for nothing that can be read.
    """
    taken = {one.wire_name for one in message.parameters} if message.kind is FUNCTION else set()
    for one in segment.arguments or ():
        if one.name not in taken:
            place = f"{segment.namespace}.{segment.name}" if segment.namespace else segment.name
            raise UnknownSegment(f"{place}({one.name}=…)")
    options = split_options(call.query)
    return {one.name: _argument(one, options, message) for one in segment.arguments or ()}


def _argument(argument: nodes.Argument, options: Mapping[str, str], message: Message) -> Any:
    value = argument.value
    if not isinstance(value, nodes.Alias):
        return getattr(value, "value", None)
    alias = value.name if value.name.startswith("@") else f"@{value.name}"
    entity_set = (message.bound_to and message.bound_to.set_name) or ""
    if alias not in options:
        what = f"Parameter ‘{argument.name}’ is ‘{alias}’, which the query does not give. Add ?{alias}={{…}}."
        raise BadPayload(entity_set, what)
    text = options[alias]
    for candidate in (text, text.replace("'", '"')):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    what = f"Parameter ‘{argument.name}’ is ‘{alias}’, and its value {text[:100]} is not JSON."
    raise BadPayload(entity_set, what)


def _invoke(
    call: Call,
    settings: Settings,
    vault: Vault,
    message: Message,
    target: RowReference | None,
    payload: Mapping[str, Any] | None,
    tx: Transaction,
) -> Reply:
    context = MessageContext(
        tx=tx,
        principal=call.principal,
        settings=settings,
        vault=vault,
        include_unpublished=call.include_unpublished,
        impersonating=call.impersonation_header is not None,
        correlation_id=next(
            (call.headers[name] for name in _CORRELATION_HEADERS if name in call.headers), None
        ),
    )
    target_id = None if target is None else row_id_of(tx, target)
    response = message.call(context, target_id, payload)
    if message.returns is not None and response is not None:
        return row_reply(call, whole_row(message.returns), response, tx, status=200, headers={})
    if message.response is None:
        return Reply(204)
    context_url = f"{call.root}$metadata#{NAMESPACE}.{message.response}"
    return json_reply({"@odata.context": context_url, **message.to_wire(response)})


def _payload(call: Call, message: Message) -> Mapping[str, Any] | None:
    """Read the body here, outside of the transaction."""
    entity_set = message.bound_to.set_name if message.bound_to else None
    try:
        check_content_type(call.headers, call.body)
        return parse_object(call.body, entity_set or "")
    except (MalformedBody, UnsupportedMediaType) as error:
        return Unreadable(error)
