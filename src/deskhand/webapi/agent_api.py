"""What agents ask of the server: registration, work, reports. Source: ``protocol/messages.py``.

An agent that waits for work is a coroutine here, not a thread.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.core.errors import DeskhandError
from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.errors import (
    AgentVersionRefused,
    MachineKeyRefused,
    MachineNameTaken,
    RegistrationRefused,
)
from deskhand.orchestrator.machines import authenticate_machine, register_machine
from deskhand.orchestrator.reports import apply_report
from deskhand.orchestrator.wakeups import cancels_channel, runs_channel
from deskhand.protocol.codec import BadMessage, decode, encode
from deskhand.protocol.messages import PROTOCOL_VERSION, Claim, Orders, RegisterMachine, Report
from deskhand.store.database import Transaction
from deskhand.store.errors import CommitFailed, CommitUncertain, DatabaseClosed, DatabaseUnreachable
from deskhand.webapi.bodies import read_body
from deskhand.webapi.refusals import BodyTooLarge
from deskhand.webapi.services import Services

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Any]]

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
    """Return the routes of the agents' API, to be mounted at ``/api/agent/v1``.

    Args:
        services: What requests are answered with.
    """
    api = AgentApi(services)
    handlers = {"/register": api.register, "/claim": api.claim, "/messages": api.report}
    return [Route(path, _answering(handler), methods=["POST"]) for path, handler in handlers.items()]


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
        self._latest: dict[UUID, object] = {}
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
        mine = self._latest[machine.machine_id] = object()
        try:
            # Whoever listens before the first look misses nothing, and need not look twice.
            with self._listening(machine) as changed:
                orders = await self._look(machine, claim)
                deadline = asyncio.get_running_loop().time() + min(claim.wait_seconds, LONGEST_WAIT)
                while _is_empty(orders) and await _until(changed, deadline):
                    changed.clear()
                    if self._is_over(machine.machine_id, mine) or await request.is_disconnected():
                        break
                    orders = await self._look(machine, claim, again=True)
        finally:
            if self._latest.get(machine.machine_id) is mine:
                del self._latest[machine.machine_id]
        return orders

    @contextmanager
    def _listening(self, machine: _Recognised) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever the group's queue or the machine's runs change."""
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        with ExitStack() as listening:
            for channel in (runs_channel(machine.group_id), cancels_channel(machine.machine_id)):
                listening.callback(self._services.wakeups.subscribe(channel, wake))
            yield changed

    def _is_over(self, machine_id: UUID, mine: object) -> bool:
        return self._services.wakeups.closed or self._latest.get(machine_id) is not mine

    async def _look(self, machine: _Recognised, claim: Claim, *, again: bool = False) -> Orders:
        settings, vault = self._services.settings, self._services.vault
        return await self._write(
            lambda tx: assign_runs(tx, machine.machine_id, claim, settings, vault, again=again)
        )

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


def _is_empty(orders: Orders) -> bool:
    return not (orders.runs or orders.cancels or orders.lost)


async def _until(changed: asyncio.Event, deadline: float) -> bool:
    """Wait for a change; return False when the time is over."""
    try:
        async with asyncio.timeout_at(deadline):
            await changed.wait()
    except TimeoutError:
        return False
    return True


def _answering(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return Response(encode(await handler(request)), media_type="application/json")
        except ClientDisconnect:
            return Response(status_code=400)
        except DeskhandError as error:
            return _refusal(error, request)
        except Exception:
            _LOG.exception("%s failed", request.url.path)
            return _problem(500, "DH0000", "The server met an error of its own; its log has more.")

    return answer


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
