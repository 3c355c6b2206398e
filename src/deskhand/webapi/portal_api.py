"""The portal's endpoints over HTTP: one handler for all that ``pages`` declares."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.cloudflows.errors import CloudFlowError
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id
from deskhand.identity import errors as identity
from deskhand.identity.principals import Principal
from deskhand.orchestrator import errors as orchestrator
from deskhand.pages import errors as pages
from deskhand.pages.checking import FlowChecks
from deskhand.pages.declare import Endpoint, PageContext, Preparation
from deskhand.pages.library import ENDPOINTS
from deskhand.pages.openapi import document
from deskhand.pages.shapes import to_json
from deskhand.store.database import Transaction
from deskhand.wdl.definition import DefinitionUnreadable
from deskhand.webapi.addresses import base_url, caller_address
from deskhand.webapi.auth import Authenticator
from deskhand.webapi.bodies import check_content_type, parse_object, read_body
from deskhand.webapi.cookies import Cookies
from deskhand.webapi.errors import UNEXPECTED, meaning_of
from deskhand.webapi.limits import UserLimits
from deskhand.webapi.portal_client import sign_in_parameters
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_LOG = logging.getLogger(__name__)

ROOT = "/api/portal"
_WORTH_PACKING = 16_384
_QUICKLY = 1
_NOT_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_STATUSES: Mapping[type[DeskhandError], int] = {
    pages.BadParameter: 400,
    pages.NotFound: 404,
    pages.PageExpired: 400,
    pages.NotAdministrator: 403,
    pages.NothingToRun: 409,
    pages.RunStillOpen: 409,
    pages.RunNotWaiting: 409,
    pages.MachineBusy: 409,
    pages.UploadUnreadable: 400,
    pages.FlowChangedMeanwhile: 409,
    pages.FlowNotReady: 409,
    pages.FlowCannotRun: 409,
    orchestrator.NotDebugged: 404,
    orchestrator.TooManyCommands: 429,
    orchestrator.RunNotPaused: 409,
    DefinitionUnreadable: 400,
    identity.PasswordTooWeak: 400,
    identity.PasswordWrong: 403,
    identity.UnknownRole: 404,
    identity.UnknownUser: 404,
    identity.UnknownApiToken: 404,
    identity.UserDisabled: 409,
    identity.UserExists: 409,
    identity.LastAdministrator: 409,
}
"""What each error is to a page, where it is no error of the Web API."""

_FAMILIES = {"DH2": 400, "DH5": 400}
"""Errors of flow texts and of imports, of whatever room: by how their codes begin."""


def portal_routes(services: Services, workers: Workers, checks: FlowChecks) -> list[Route]:
    """Return the routes of the portal's endpoints."""
    api = _PortalApi(services, workers, checks)
    described = document(ENDPOINTS.values(), services.version)

    async def openapi(request: Request) -> Response:
        return JSONResponse(described, headers={"Cache-Control": "no-cache"})

    async def sign_in(request: Request) -> Response:
        base = base_url(request.scope, request.headers, services)
        return JSONResponse(sign_in_parameters(base, services.tokens), headers=_NOT_STORED)

    return [
        Route(f"{ROOT}/openapi.json", openapi, methods=["GET"]),
        Route(f"{ROOT}/sign-in", sign_in, methods=["GET"]),
        *(
            Route(ROOT + one.path, partial(api.answer, one), methods=[one.method])
            for one in ENDPOINTS.values()
        ),
    ]


class _PortalApi:
    def __init__(self, services: Services, workers: Workers, checks: FlowChecks) -> None:
        self._services = services
        self._workers = workers
        self._authenticator = Authenticator(services, workers)
        self._limits = UserLimits(services.settings, services.clock)
        self._checks = checks

    async def answer(self, endpoint: Endpoint, request: Request) -> Response:
        """Answer one request."""
        base = ""
        try:
            base = base_url(request.scope, request.headers, self._services)
            principal = await self._authenticator.authenticate(request.headers, base)
            self._limits.take(principal.user_id)
            found = await self._call(endpoint, request, principal, base)
        except Exception as error:  # the border: whatever went wrong becomes an answer
            response = problem(error)
            if response.status_code == 401:
                response.headers["WWW-Authenticate"] = self._authenticator.challenge(base)
            return response
        response = Response(status_code=204) if found is None else await self._written(found, request)
        response.headers.update(_NOT_STORED)
        if endpoint.name == "sign_out":
            cookies = Cookies(self._services.tokens.tenant_id, base)
            cookies.delete(response, cookies.session)
        return response

    async def _call(self, endpoint: Endpoint, request: Request, principal: Principal, base: str) -> Any:
        values = endpoint.read(request.path_params, request.query_params, await self._body(endpoint, request))
        if endpoint.prepare is not None:
            services = self._services
            preparation = Preparation(
                principal, services.database.read, services.imports, services.cloudflows.services
            )
            work = partial(endpoint.prepare, preparation, values["body"])
            values["prepared"] = await self._workers.compute(work)
        session_id = self._session_id(request, base)
        address = caller_address(request, self._services)

        def call(tx: Transaction) -> Any:
            context = self._context(tx, principal, base, address, session_id)
            return endpoint.function(context, **values)

        found = await (self._workers.write if endpoint.writes else self._workers.read)(call)
        return (
            found if endpoint.finish is None else await self._workers.compute(partial(endpoint.finish, found))
        )

    async def _written(self, found: Any, request: Request) -> Response:
        packed = "gzip" in request.headers.get("accept-encoding", "")
        return await self._workers.prepare(partial(_written, found, packed=packed))

    async def _body(self, endpoint: Endpoint, request: Request) -> Mapping[str, Any] | None:
        if endpoint.body_type is None:
            return None
        limit = self._services.settings.request_body_max_bytes
        body = await read_body(request.receive, request.headers, limit)
        check_content_type(request.headers, body)
        return await self._workers.prepare(partial(parse_object, body, "portal"))

    def _session_id(self, request: Request, base: str) -> UUID | None:
        """Return the session of the token, which was verified before and is recognised at once."""
        token = request.headers["authorization"].partition(" ")[2].strip()
        return self._services.tokens.verify(token, base).session_id

    def _context(
        self, tx: Transaction, principal: Principal, base: str, address: str, session_id: UUID | None
    ) -> PageContext:
        services = self._services
        return PageContext(
            tx,
            principal,
            services.settings,
            services.vault,
            services.tokens,
            services.about,
            services.imports,
            self._checks,
            base,
            address,
            session_id,
        )


def _written(found: Any, *, packed: bool) -> Response:
    """Return an answer as JSON; packed, if it is large and may be."""
    response: Response = JSONResponse(to_json(found))
    # Bearer tokens alone authorize these requests: no other site can send one and see how long the answer is.
    if packed and len(response.body) > _WORTH_PACKING:
        response = Response(gzip.compress(response.body, _QUICKLY), media_type="application/json")
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def problem(error: Exception) -> Response:
    """Return an error as pages read it, and log what nobody foresaw."""
    status, message = 500, str(error)
    code = error.code if isinstance(error, DeskhandError) else "DH0000"
    known = next((_STATUSES[one] for one in type(error).__mro__ if one in _STATUSES), _FAMILIES.get(code[:3]))
    meaning = meaning_of(error)
    if known is not None:
        status = known
    elif isinstance(error, CloudFlowError):
        status = error.http_status
    elif isinstance(error, ClientDisconnect):
        status, message = 499, "The caller hung up."
    elif meaning is UNEXPECTED:
        request_id = new_id()
        _LOG.error("request %s failed", request_id, exc_info=error)
        code = "DH0000"
        message = f"An unexpected error occurred. The server's log tells more under request {request_id}."
    else:
        status = meaning.status
    headers = {**_NOT_STORED, "Deskhand-Error": code}
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
