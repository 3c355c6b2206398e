"""The one route of the Web API: from HTTP to a call, and from a reply to HTTP.

Source: dataverse-api 2 and 7.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from deskhand.core.ids import new_id
from deskhand.identity.principals import Principal
from deskhand.webapi.addresses import base_url
from deskhand.webapi.auth import Authenticator
from deskhand.webapi.bodies import read_body
from deskhand.webapi.calls import VERSIONS, Call
from deskhand.webapi.errors import error_reply
from deskhand.webapi.limits import UserLimits
from deskhand.webapi.preferences import read_preferences
from deskhand.webapi.refusals import UnknownSegment
from deskhand.webapi.replies import Reply
from deskhand.webapi.resources import Resources, Work
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_ACCESS = logging.getLogger("deskhand.access")

_PREFIX = b"/api/data/"
_READ_AT_ONCE = 32_768
_WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
_EXPOSED = (
    "Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Retry-After,"
    "x-ms-service-request-id,REQ_ID,Deskhand-Error"
)
_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET,HEAD,POST,PATCH,PUT,DELETE,OPTIONS",
    "Access-Control-Max-Age": "3600",
}


class ODataEndpoint:
    """The Web API as an ASGI application.

    Args:
        services: What requests are answered with.
        workers: Where transactions run.
    """

    def __init__(self, services: Services, workers: Workers) -> None:
        self._services = services
        self._workers = workers
        self._authenticator = Authenticator(services, workers)
        self._limits = UserLimits(services.settings, services.clock)
        self._resources = Resources(services.settings, services.vault)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        clock = self._services.clock
        started = clock.monotonic()
        headers = Headers(scope=scope)
        exchange = _Exchange(new_id(), scope, headers)
        if scope["method"] == "OPTIONS":
            reply = _preflight(headers)
        else:
            reply = await self._answer(exchange, receive)
        seconds = clock.monotonic() - started
        if exchange.principal:
            self._limits.spend(exchange.principal.user_id, seconds)
        await _send(reply, exchange, send)
        _log_access(exchange, reply.status, seconds)

    async def _answer(self, exchange: _Exchange, receive: Receive) -> Reply:
        try:
            exchange.base_url = base_url(exchange.scope, exchange.headers, self._services)
            principal = await self._authenticator.authenticate(exchange.headers, exchange.base_url)
            exchange.principal = principal
            exchange.extra = self._limits.take(principal.user_id)
            call = await self._read_call(exchange, principal, receive)
            work = await self._plan(call)
            return await (self._workers.write if work.writes else self._workers.read)(work.act)
        except Exception as error:  # the border: whatever went wrong becomes an answer
            return self._refuse(error, exchange)

    async def _plan(self, call: Call) -> Work:
        """Read the address, the query and the body: a long one elsewhere, so that other calls go on."""
        if len(call.body) + len(call.query) <= _READ_AT_ONCE:
            return self._resources.plan(call)
        return await self._workers.prepare(partial(self._resources.plan, call))

    async def _read_call(self, exchange: _Exchange, principal: Principal, receive: Receive) -> Call:
        scope, headers = exchange.scope, exchange.headers
        version, path = _split(scope)
        body = b""
        if scope["method"] in _WITH_BODY:
            body = await read_body(receive, headers, self._services.settings.request_body_max_bytes)
        return Call(
            request_id=exchange.request_id,
            method="GET" if scope["method"] == "HEAD" else scope["method"],
            base_url=exchange.base_url,
            version=version,
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            preferences=read_preferences(headers.getlist("prefer")),
            principal=principal,
            body=body,
        )

    def _refuse(self, error: Exception, exchange: _Exchange) -> Reply:
        preferences = read_preferences(exchange.headers.getlist("prefer"))
        reply = error_reply(error, exchange.request_id, preferences)
        if reply.status == 401:
            challenge = self._authenticator.challenge(exchange.base_url)
            return Reply(reply.status, reply.body, {**reply.headers, "WWW-Authenticate": challenge})
        return reply


class _Exchange:
    """What is known of one request and its answer so far."""

    def __init__(self, request_id: UUID, scope: Scope, headers: Headers) -> None:
        self.request_id = request_id
        self.scope = scope
        self.headers = headers
        self.base_url = ""
        self.principal: Principal | None = None
        self.extra: Mapping[str, str] = {}


def _split(scope: Scope) -> tuple[str, str]:
    """Return the version and the raw path after it.

    Raises:
        UnknownSegment: The version is not served.
    """
    raw = bytes(scope["raw_path"]).decode("latin-1")
    version, _, path = raw.removeprefix(_PREFIX.decode()).partition("/")
    if version not in VERSIONS:
        raise UnknownSegment(version, VERSIONS)
    return version, path


def _preflight(headers: Headers) -> Reply:
    asked = headers.get("access-control-request-headers")
    allowed = {"Access-Control-Allow-Headers": asked} if asked else {}
    return Reply(204, headers={**_PREFLIGHT, **allowed})


async def _send(reply: Reply, exchange: _Exchange, send: Send) -> None:
    headers = _headers(reply, exchange)
    raw = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    body = b"" if exchange.scope["method"] == "HEAD" else reply.body
    await send({"type": "http.response.body", "body": body})


def _headers(reply: Reply, exchange: _Exchange) -> dict[str, str]:
    request_id = str(exchange.request_id)
    headers = {
        "OData-Version": "4.0",
        "Cache-Control": "no-cache",
        "REQ_ID": request_id,
        "x-ms-service-request-id": request_id,
        **exchange.extra,
        **reply.headers,
    }
    if reply.status not in (204, 304):
        headers["Content-Length"] = str(len(reply.body))
    client_request_id = exchange.headers.get("x-ms-client-request-id")
    if client_request_id:
        headers["x-ms-client-request-id"] = client_request_id
    if "origin" in exchange.headers:
        headers |= _CORS
    return headers


def _log_access(exchange: _Exchange, status: int, seconds: float) -> None:
    """Log who asked for what; neither the query nor a header, which may hold what is nobody's business."""
    if _ACCESS.isEnabledFor(logging.INFO):
        who = exchange.principal.name if exchange.principal else "-"
        path = bytes(exchange.scope["raw_path"]).decode("latin-1")
        _ACCESS.info(
            "%s %s %d %.1f ms %s %s",
            exchange.scope["method"],
            path,
            status,
            seconds * 1000,
            who,
            exchange.request_id,
        )
