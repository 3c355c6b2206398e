"""The web application: probes, token service, Web API, agents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from deskhand.webapi.agent_api import agent_routes
from deskhand.webapi.endpoint import ODataEndpoint
from deskhand.webapi.oauth import oauth_routes
from deskhand.webapi.probes import probe_routes
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
    )
