"""Calling messages: functions by GET, actions by POST. Source: dataverse-api 9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NoReturn
from uuid import UUID

from deskhand.messages.declare import ACTION, Message, MessageContext
from deskhand.store.database import Transaction
from deskhand.webapi.bodies import check_content_type, parse_object
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.metadata import NAMESPACE
from deskhand.webapi.refusals import (
    MalformedBody,
    MethodNotSupported,
    UnknownSegment,
    UnsupportedMediaType,
)
from deskhand.webapi.replies import Reply, json_reply
from deskhand.webapi.services import Services

_CORRELATION_HEADERS = ("x-ms-correlation-id", "x-ms-client-request-id", "ms-client-request-id")


def invoker(call: Call, services: Services, message: Message, target_id: UUID | None) -> Act:
    """Return what calls a message.

    Args:
        call: The request.
        services: What messages work with.
        message: The message.
        target_id: The row it is called on, if it is bound to a table.

    Raises:
        UnknownSegment: It is an action, called by GET: the original knows no such resource then.
        MethodNotSupported: It is called by another method than its own.
    """
    if message.kind is ACTION and call.method == "GET":
        raise UnknownSegment(f"{NAMESPACE}.{message.name}" if message.bound_to else message.name)
    method = "POST" if message.kind is ACTION else "GET"
    if call.method != method:
        raise MethodNotSupported(call.method, (method,))
    return partial(_invoke, call, services, message, target_id, _payload(call, message))


def _invoke(
    call: Call,
    services: Services,
    message: Message,
    target_id: UUID | None,
    payload: Mapping[str, Any] | None,
    tx: Transaction,
) -> Reply:
    context = MessageContext(
        tx=tx,
        principal=call.principal,
        settings=services.settings,
        vault=services.vault,
        include_unpublished=call.include_unpublished,
        impersonating=call.impersonation_header is not None,
        correlation_id=next(
            (call.headers[name] for name in _CORRELATION_HEADERS if name in call.headers), None
        ),
    )
    response = message.call(context, target_id, payload)
    if message.response is None:
        return Reply(204)
    context_url = f"{call.root}$metadata#{NAMESPACE}.{message.response}"
    return json_reply({"@odata.context": context_url, **message.to_wire(response)})


class _Unreadable(Mapping[str, Any]):
    """A body that cannot be read, which shows only when the message looks at it.

    By then it has found its row and checked the caller's rights: their errors come first
    (dataverse-api 7).
    """

    def __init__(self, error: MalformedBody | UnsupportedMediaType) -> None:
        self._error = error

    def _refuse(self) -> NoReturn:
        raise self._error

    def __getitem__(self, key: str) -> Any:
        self._refuse()

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> int:
        self._refuse()


def _payload(call: Call, message: Message) -> Mapping[str, Any] | None:
    """Read the body here, outside of the transaction."""
    entity_set = message.bound_to.set_name if message.bound_to else None
    try:
        check_content_type(call.headers, call.body)
        return parse_object(call.body, entity_set or "")
    except (MalformedBody, UnsupportedMediaType) as error:
        return _Unreadable(error)
