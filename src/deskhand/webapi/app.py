"""The web application: probes, token service, Web API, agents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from deskhand.core.ids import new_id
from deskhand.webapi.agent_api import agent_routes
from deskhand.webapi.endpoint import ODataEndpoint
from deskhand.webapi.errors import error_reply
from deskhand.webapi.oauth import oauth_routes
from deskhand.webapi.preferences import Preferences
from deskhand.webapi.probes import probe_routes
from deskhand.webapi.refusals import MethodNotSupported, UnknownSegment
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

__all__ = ["Services", "create_app"]


def create_app(services: Services) -> Starlette:
    """Return the web application.

    Args:
        services: What requests are answered with; they must outlive the application.
    """
    workers = Workers(services.database)
    endpoint = ODataEndpoint(services, workers)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workers.close()

    return Starlette(
        routes=[
            Route("/api/data/{version}/{path:path}", endpoint),
            Route("/api/data/{version}", endpoint),
            Mount("/api/agent/v1", routes=agent_routes(services)),
            *probe_routes(services, workers),
            *oauth_routes(services, workers),
        ],
        lifespan=lifespan,
        exception_handlers={HTTPException: _nowhere},
    )


async def _nowhere(request: Request, error: Exception) -> Response:
    """Answer an address that no route has, or one that has no such method."""
    refusal: UnknownSegment | MethodNotSupported = UnknownSegment(request.url.path)
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "").split(", ")
        refusal = MethodNotSupported(request.method, tuple(sorted(allowed)))
    reply = error_reply(refusal, new_id(), Preferences())
    return Response(reply.body, reply.status, dict(reply.headers))
