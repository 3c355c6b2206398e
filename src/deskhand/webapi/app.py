"""The web application: probes, token service, Web API, agents, portal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deskhand.core.ids import new_id
from deskhand.pages.checking import FlowChecks
from deskhand.webapi.agent_api import agent_routes
from deskhand.webapi.cloud_calls import CloudCalls
from deskhand.webapi.cloud_management import CloudManagement
from deskhand.webapi.endpoint import ODataEndpoint
from deskhand.webapi.errors import error_reply
from deskhand.webapi.oauth import oauth_routes
from deskhand.webapi.portal_api import portal_routes
from deskhand.webapi.portal_events import event_routes
from deskhand.webapi.portal_files import PortalFiles
from deskhand.webapi.preferences import Preferences
from deskhand.webapi.probes import probe_routes
from deskhand.webapi.refusals import MethodNotSupported, UnknownSegment
from deskhand.webapi.services import Services
from deskhand.webapi.sign_in import sign_in_routes
from deskhand.webapi.work import Workers

__all__ = ["Services", "create_app"]


def create_app(services: Services) -> Starlette:
    """Return the web application.

    Args:
        services: What requests are answered with; they must outlive the application.
    """
    workers = Workers(services.database)
    endpoint = ODataEndpoint(services, workers)
    checks = FlowChecks(services.database.read)
    cloud_calls = CloudCalls(services, workers, services.cloudflows)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            cloud_calls.close()
            checks.close()
            workers.close()

    return Starlette(
        routes=[
            *agent_routes(services),
            Route("/api/data/{version}/{path:path}", endpoint),
            Route("/api/data/{version}", endpoint),
            *cloud_calls.routes(),
            *CloudManagement(services, workers, services.cloudflows).routes(),
            *probe_routes(services, workers),
            *oauth_routes(services, workers),
            *sign_in_routes(services, workers),
            *event_routes(services, workers),
            *portal_routes(services, workers, checks),
        ],
        lifespan=lifespan,
        exception_handlers={HTTPException: partial(_nowhere, PortalFiles(services.portal), workers)},
    )


async def _nowhere(portal: PortalFiles, workers: Workers, request: Request, error: Exception) -> Response:
    """Answer an address that no route has: a file or a page of the portal, unless it is an API's."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 404 and portal.answers(request):
        found = await workers.prepare(partial(portal.respond, request))
        if found is not None:
            return found
    refusal: UnknownSegment | MethodNotSupported = UnknownSegment(request.url.path)
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "").split(", ")
        refusal = MethodNotSupported(request.method, tuple(sorted(allowed)))
    reply = error_reply(refusal, new_id(), Preferences())
    return Response(reply.body, reply.status, dict(reply.headers))
