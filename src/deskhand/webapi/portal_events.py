"""Server-sent events: what changed, for pages that are open. Names and ids only; data is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.entities.flowsession import FlowSession
from deskhand.identity.principals import Principal
from deskhand.pages.shapes import instant
from deskhand.records.versions import readable
from deskhand.store.database import Transaction
from deskhand.webapi.addresses import base_url
from deskhand.webapi.auth import Authenticator
from deskhand.webapi.change_feed import ChangeFeed, Listener, News
from deskhand.webapi.change_watch import READ_AS, TOPICS, Ids
from deskhand.webapi.portal_api import ROOT, problem
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

BEAT_SECONDS = 5.0
"""Seconds between two signs of life; a stream without one for longer is dead."""

MOST_STREAMS = 20
"""Streams that one user may have open on one server process."""

_HEADERS: Mapping[str, str] = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}


class TooManyStreams(DeskhandError):
    """One user has more pages open than the server tells of changes. Close some of them."""

    code = "DH1552"
    retry_after = 30

    def __init__(self) -> None:
        super().__init__(f"More than {MOST_STREAMS} pages of yours are open. Close some of them.")


def event_routes(services: Services, workers: Workers) -> list[Route]:
    """Return the route of the stream."""
    return [Route(f"{ROOT}/events", _Events(services, workers), methods=["GET"])]


class _Events:
    """The stream as an ASGI application."""

    def __init__(self, services: Services, workers: Workers) -> None:
        self._services = services
        self._workers = workers
        self._authenticator = Authenticator(services, workers)
        self._feed = ChangeFeed(services, workers)
        self._open: dict[UUID, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream to one page until it, its token or the server ends."""
        request = Request(scope)
        base = ""
        try:
            base = base_url(scope, request.headers, self._services)
            principal = await self._admit(request, base)
        except Exception as error:  # the border: whatever went wrong becomes an answer
            response = problem(error)
            if response.status_code == 401:
                response.headers["WWW-Authenticate"] = self._authenticator.challenge(base)
            await response(scope, receive, send)
            return
        self._open[principal.user_id] = self._open.get(principal.user_id, 0) + 1
        try:
            await self._stream(request, base, principal, receive, send)
        finally:
            self._open[principal.user_id] -= 1

    async def _admit(self, request: Request, base: str) -> Principal:
        principal = await self._authenticator.authenticate(request.headers, base)
        if self._open.get(principal.user_id, 0) >= MOST_STREAMS:
            raise TooManyStreams
        return principal

    async def _stream(
        self, request: Request, base: str, principal: Principal, receive: Receive, send: Send
    ) -> None:
        raw = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        run_id = parse_id(request.query_params.get("run", ""))
        async with self._feed.listening(run_id, _after(request)) as listener:
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            ended = asyncio.create_task(_hung_up(receive, listener))
            try:
                async for event in self._events(listener, request.headers, base, principal):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
            finally:
                ended.cancel()

    async def _events(
        self, listener: Listener, headers: Headers, base: str, principal: Principal
    ) -> AsyncIterator[bytes]:
        """Yield events until the page is closed, its token works no more, or the server stops."""
        yield self._beat(listener.since)
        while True:
            heard = await _within(listener.rung.wait(), BEAT_SECONDS)
            if listener.over:
                return
            try:
                principal = await self._authenticator.authenticate(headers, base)
            except DeskhandError:
                return
            if not heard:
                yield self._beat()
                continue
            event = await self._tell(listener.take(), listener.run_id, principal)
            if event:
                yield event

    def _beat(self, since: int | None = None) -> bytes:
        """Return a sign of life; the first one of a stream names the version from which on it tells."""
        return _event("beat", {"now": instant(self._services.clock.now())}, since)

    async def _tell(self, news: News, run_id: UUID | None, principal: Principal) -> bytes:
        """Return the event of some news: what of it the caller may see."""
        if news.missed:
            return _event("refresh", {}, news.version)
        seen = await self._workers.read(partial(_seen, principal=principal, news=news, run_id=run_id))
        return _event("changed", seen, news.version) if seen else b""


def _seen(tx: Transaction, principal: Principal, news: News, run_id: UUID | None) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for topic, ids in news.changed.items():
        found: Ids = (
            None
            if ids is None
            else frozenset(readable(tx, principal, READ_AS.get(topic, TOPICS[topic]), ids))
        )
        if found is None or found:
            seen[topic] = None if found is None else sorted(map(str, found))
    if news.changed.keys() & {"runs", "machines", "groups"}:
        # A run's place in the queue depends on runs that its owner may not see.
        seen["queue"] = True
    if news.actions and run_id is not None and readable(tx, principal, FlowSession, [run_id]):
        seen["actions"] = [str(run_id)]
    return seen


def _event(name: str, data: Mapping[str, Any], version: int | None = None) -> bytes:
    identified = "" if version is None else f"id: {version}\n"
    return f"{identified}event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def _after(request: Request) -> int | None:
    text = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


async def _within(waiting: Any, seconds: float) -> bool:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return False
    return True


async def _hung_up(receive: Receive, listener: Listener) -> None:
    """Wait until the page is closed, and let its listener know."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
