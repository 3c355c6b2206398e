"""What agents ask of the server: registration, work, reports. Source: ``protocol/messages.py``.

An agent that waits for work is a coroutine here, not a thread.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from deskhand.core.errors import DeskhandError
from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.debug_sessions import commands_for
from deskhand.orchestrator.errors import (
    AgentVersionRefused,
    MachineKeyRefused,
    MachineNameTaken,
    RegistrationRefused,
)
from deskhand.orchestrator.machines import authenticate_machine, register_machine
from deskhand.orchestrator.reports import apply_report
from deskhand.orchestrator.wakeups import cancels_channel, debug_channel, runs_channel
from deskhand.protocol.codec import BadMessage, decode, encode
from deskhand.protocol.messages import (
    PROTOCOL_VERSION,
    Claim,
    DebugCommands,
    DebugWait,
    Orders,
    RegisterMachine,
    Report,
)
from deskhand.store.database import Transaction
from deskhand.store.errors import CommitFailed, CommitUncertain, DatabaseClosed, DatabaseUnreachable
from deskhand.webapi.bodies import read_body
from deskhand.webapi.refusals import BodyTooLarge
from deskhand.webapi.services import Services
from deskhand.webapi.watches import Watch

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Any]]

PREFIX = "/api/agent/v1"

LONGEST_WAIT = 60.0
"""Seconds that a claim is held open at most, whatever it asks for."""

_KNOWN_SECONDS = 1.0
_SMALL_BODY = 4 * 1024 * 1024
_SMALL_REPORT = 256 * 1024
_REPORT_ROWS = 16 * 1024 * 1024
_ESCAPED = 6  # a character of outputs may take six in a report

_STATUSES: Mapping[type[Exception], int] = {
    BadMessage: 400,
    AgentVersionRefused: 400,
    MachineKeyRefused: 401,
    RegistrationRefused: 403,
    MachineNameTaken: 409,
    BodyTooLarge: 413,
    DatabaseUnreachable: 503,
    DatabaseClosed: 503,
    CommitFailed: 503,
    CommitUncertain: 503,
}
"""What each error is to an agent. It gives up on 400, 401 and 403, and tries again on 5xx."""


def agent_routes(services: Services) -> list[Route]:
    """Return the routes of the agents' API.

    Args:
        services: What requests are answered with.
    """
    api = AgentApi(services)
    handlers = {"register": api.register, "claim": api.claim, "messages": api.report, "debug": api.debug}
    return [Route(f"{PREFIX}/{path}", _Endpoint(one), methods=["POST"]) for path, one in handlers.items()]


@dataclass(frozen=True, slots=True)
class _Recognised:
    """Whose key it was, and until when that needs no second look."""

    machine_id: UUID
    group_id: UUID
    until: float


class AgentApi:
    """Answers agents. Lives on one event loop.

    Args:
        services: What requests are answered with.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._latest: dict[UUID, Watch[Orders]] = {}
        self._known: dict[bytes, _Recognised] = {}

    async def register(self, request: Request) -> Any:
        """Make a machine known."""
        machine = decode(await _body(request, _SMALL_BODY), RegisterMachine)
        _check_version(machine.protocol_version)
        return await self._write(lambda tx: register_machine(tx, machine, self._services.settings))

    async def report(self, request: Request) -> Any:
        """Take what an agent tells of its runs; the answer is sent once all of it is durable."""
        key, settings, vault = _key(request), self._services.settings, self._services.vault
        machine = await self._recognise(key)
        report = await self._read_report(request)
        return await self._write(lambda tx: apply_report(tx, machine.machine_id, report, settings, vault))

    async def _read_report(self, request: Request) -> Report:
        """Read a report; a large one beside the event loop."""
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) <= _SMALL_REPORT:
            return decode(await _body(request, _SMALL_REPORT), Report)
        body = await _body(request, self._services.settings.outputs_max_bytes * _ESCAPED + _REPORT_ROWS)
        return await asyncio.to_thread(decode, body, Report)

    async def claim(self, request: Request) -> Any:
        """Answer with what the agent shall do, as soon as there is something or its patience ends.

        An agent has one claim at a time: a newer one lets those before it end, which would otherwise give
        runs to a connection that nobody listens on.
        """
        key = _key(request)
        claim = decode(await _body(request, _SMALL_BODY), Claim)
        _check_version(claim.protocol_version)
        machine = await self._recognise(key)
        watch = self._watch(machine, claim)
        if older := self._latest.get(machine.machine_id):
            older.end()
        self._latest[machine.machine_id] = watch
        hanging_up = asyncio.ensure_future(_end_with(request, watch))
        try:
            # Whoever listens before the first look misses nothing, and need not look twice.
            with self._listening(machine, watch):
                watch.begin()
                deadline = asyncio.get_running_loop().time() + min(claim.wait_seconds, LONGEST_WAIT)
                return await watch.answer(deadline)
        finally:
            hanging_up.cancel()
            watch.end()
            if self._latest.get(machine.machine_id) is watch:
                del self._latest[machine.machine_id]

    async def debug(self, request: Request) -> Any:
        """Answer with what a debugged run is told, as soon as there is something or patience ends."""
        key = _key(request)
        wait = decode(await _body(request, _SMALL_BODY), DebugWait)
        machine = await self._recognise(key)

        def look(tx: Transaction, again: bool) -> DebugCommands:
            return commands_for(tx, machine.machine_id, wait, self._services.vault)

        watch = Watch(self._services.database, look, DebugCommands(()))
        hanging_up = asyncio.ensure_future(_end_with(request, watch))
        try:
            with self._following((debug_channel(wait.run_id),), watch):
                watch.begin()
                deadline = asyncio.get_running_loop().time() + min(wait.wait_seconds, LONGEST_WAIT)
                return await watch.answer(deadline)
        finally:
            hanging_up.cancel()
            watch.end()

    def _watch(self, machine: _Recognised, claim: Claim) -> Watch[Orders]:
        settings, vault = self._services.settings, self._services.vault

        def look(tx: Transaction, again: bool) -> Orders:
            return assign_runs(tx, machine.machine_id, claim, settings, vault, again=again)

        return Watch(self._services.database, look, Orders((), (), (), settings.heartbeat_seconds))

    def _listening(self, machine: _Recognised, watch: Watch[Orders]) -> AbstractContextManager[None]:
        """Have a watch look whenever the group's queue or the machine's runs change."""
        return self._following((runs_channel(machine.group_id), cancels_channel(machine.machine_id)), watch)

    @contextmanager
    def _following(self, channels: Iterable[str], watch: Watch[Any]) -> Iterator[None]:
        """Have a watch look whenever a channel is rung."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            if self._services.wakeups.closed:
                loop.call_soon_threadsafe(watch.end)
            else:
                watch.wake()

        with ExitStack() as listening:
            for channel in channels:
                listening.callback(self._services.wakeups.follow(channel, wake))
            yield

    async def _recognise(self, key: str) -> _Recognised:
        """Return whose key this is. Agents come many times a second, so the answer is kept for one."""
        now, digest = self._services.clock.monotonic(), hashlib.sha256(key.encode()).digest()
        known = self._known.get(digest)
        if known is not None and now < known.until:
            return known
        row = await self._write(lambda tx: authenticate_machine(tx, key))
        self._known = {one: machine for one, machine in self._known.items() if now < machine.until}
        found = _Recognised(row["flowmachineid"], row["flowmachinegroupid"], now + _KNOWN_SECONDS)
        self._known[digest] = found
        return found

    async def _write(self, function: Callable[[Transaction], T]) -> T:
        return await asyncio.wrap_future(self._services.database.submit(function))


async def _end_with(request: Request, watch: Watch[Any]) -> None:
    """End a watch when its agent hangs up: what it found would be lost."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    watch.end()


class _Endpoint:
    """A handler as an application of its own: agents come so often that Starlette's wrapping counts."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return Response(encode(await self._handler(request)), media_type="application/json")
        except ClientDisconnect:
            return Response(status_code=400)
        except DeskhandError as error:
            return _refusal(error, request)
        except Exception:
            _LOG.exception("%s failed", request.url.path)
            return _problem(500, "DH0000", "The server met an error of its own; its log has more.")


def _refusal(error: DeskhandError, request: Request) -> Response:
    status = next((_STATUSES[one] for one in type(error).__mro__ if one in _STATUSES), 500)
    if status == 500:
        _LOG.error("%s failed", request.url.path, exc_info=error)
    return _problem(status, error.code, str(error))


def _problem(status: int, code: str, text: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": {"code": code, "message": text}}, status, headers)


def _key(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not key:
        raise MachineKeyRefused
    return key.strip()


def _check_version(version: int) -> None:
    if version != PROTOCOL_VERSION:
        raise AgentVersionRefused(version, PROTOCOL_VERSION)


async def _body(request: Request, limit: int) -> bytes:
    return await read_body(request.receive, request.headers, limit)
