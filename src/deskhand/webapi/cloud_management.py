"""The management API of cloud flows: from HTTP to a function over a transaction, and back.

Source: cloud-flows 7.3. What is answered stands in :mod:`deskhand.webapi.cloud_runs` and
:mod:`deskhand.webapi.cloud_flows`; each function there names its address itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.cloudflows.addresses import ROOT
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.store.database import Transaction
from deskhand.webapi.addresses import base_url
from deskhand.webapi.auth import Authenticator
from deskhand.webapi.bodies import parse_object, read_body
from deskhand.webapi.cloud_calls import refusal
from deskhand.webapi.cloud_connections import CONNECTION_CALLS
from deskhand.webapi.cloud_flows import FLOW_CALLS
from deskhand.webapi.cloud_people import PEOPLE_CALLS
from deskhand.webapi.cloud_requests import Answer, ManagementCall, Query
from deskhand.webapi.cloud_runs import CONTENT_CALLS, RUN_CALLS
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_POWER_AUTOMATE = "/providers/Microsoft.ProcessSimple/environments/{environment}/flows"
"""Where Power Automate has its flows; it has a few words of its own for the same calls."""

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class CloudManagement:
    """Answers calls of the management API.

    Args:
        services: What requests are answered with.
        workers: Where transactions run.
        flows: What runs cloud flows.
    """

    def __init__(self, services: Services, workers: Workers, flows: CloudFlows) -> None:
        self._services = services
        self._workers = workers
        self._flows = flows
        self._authenticator = Authenticator(services, workers)

    def routes(self) -> list[Route]:
        """Return the routes of the management API, under its own base and under Power Automate's."""
        calls = (*FLOW_CALLS, *RUN_CALLS)
        return [
            *self._routes(ROOT, (*CONNECTION_CALLS, *PEOPLE_CALLS)),
            *self._routes(f"{ROOT}/runs", CONTENT_CALLS),
            *self._routes(f"{ROOT}/workflows", calls),
            *self._routes(_POWER_AUTOMATE, calls),
        ]

    def _routes(self, base: str, calls: Sequence[ManagementCall]) -> list[Route]:
        return [Route(base + one.path, partial(self._answer, one), methods=[one.method]) for one in calls]

    async def _answer(self, call: ManagementCall, request: Request) -> Response:
        try:
            return _response(await self._call(call, request))
        except Exception as error:
            return refusal(error)

    async def _call(self, call: ManagementCall, request: Request) -> Answer:
        address = base_url(request.scope, request.headers, self._services)
        principal = None
        if call.asks_who:
            principal = await self._authenticator.authenticate(request.headers, address)
        body = await read_body(request.receive, request.headers, self._flows.settings.request_body_max_bytes)
        query = Query(
            flows=self._flows,
            who=principal,
            path=request.path_params,
            options=request.query_params,
            body=parse_object(body, "workflows") or {},
            text=body.decode("utf-8", "replace"),
            address=address + request.url.path,
            base_url=address,
        )
        act = partial(_act, call, query)
        answer = await (self._workers.write(act) if call.writes else self._workers.read(act))
        return answer if answer.outside is None else await asyncio.to_thread(answer.outside)


def _act(call: ManagementCall, query: Query, tx: Transaction) -> Answer:
    return call.answer(tx, query)


def _response(answer: Answer) -> Response:
    headers = {**_HEADERS, **answer.headers}
    if answer.text is not None:
        return Response(answer.text, answer.status, headers, media_type="application/json")
    if answer.value is None:
        return Response(status_code=answer.status, headers=headers)
    return _ExactJSON(answer.value, answer.status, headers)


class _ExactJSON(JSONResponse):
    """JSON that any text can stand in, half a surrogate pair as well."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")
