"""Whether the server lives, whether it can serve, and what it is."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.core.errors import DeskhandError
from deskhand.store.database import Transaction
from deskhand.store.migrate import REVISIONS
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_LOG = logging.getLogger(__name__)
_HEADERS = {"Cache-Control": "no-cache"}
_REVISION = sa.select(sa.table("alembic_version", sa.column("version_num")).c.version_num)


def probe_routes(services: Services, workers: Workers) -> list[Route]:
    """Return the routes that need no token and tell nothing about anybody."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_HEADERS)

    async def readyz(request: Request) -> Response:
        try:
            revision = await workers.read(_revision)
        except (DeskhandError, sa.exc.SQLAlchemyError):
            _LOG.warning("not ready: the database does not answer", exc_info=True)
            return _not_ready("The database does not answer.")
        if revision != REVISIONS[-1]:
            return _not_ready(f"The database is at revision {revision}; this server needs {REVISIONS[-1]}.")
        return JSONResponse({"status": "ready", "revision": revision}, headers=_HEADERS)

    async def version(request: Request) -> Response:
        return JSONResponse({"name": "deskhand", "version": services.version}, headers=_HEADERS)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/version", version, methods=["GET"]),
    ]


def _revision(tx: Transaction) -> str | None:
    revision: str | None = tx.execute(_REVISION).scalar()
    return revision


def _not_ready(why: str) -> Response:
    content = {"status": "not ready", "reason": why}
    return JSONResponse(content, 503, {**_HEADERS, "Retry-After": "5"})
