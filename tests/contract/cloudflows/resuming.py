"""Runs that call addresses, fail and are gone on from: what several tests of them have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.resubmission import resubmit, resume
from deskhand.cloudflows.runstate import RunState
from deskhand.entities.workflow import Workflow
from deskhand.records.service import update
from deskhand.store.database import Transaction
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import MANUAL, House, Server

NO_RETRY = {"type": "none"}
RETRIED = {"type": "fixed", "count": 3, "interval": "PT5S"}


def http(*before: str, path: str, retry: Mapping[str, Any] = NO_RETRY) -> dict[str, Any]:
    inputs = {"method": "POST", "uri": f"https://web.example/{path}", "retryPolicy": retry}
    return {"type": "Http", "inputs": inputs, "runAfter": after(*before)}


def wait(*before: str) -> dict[str, Any]:
    return {
        "type": "Wait",
        "inputs": {"interval": {"count": 1, "unit": "Hour"}},
        "runAfter": after(*before),
    }


def resume_run(house: House, server: Server, run_id: UUID, **options: Any) -> RunState:
    flows = server.flows
    return house.database.write(
        lambda tx: resume(tx, flows.programs, flows.seals, run_id, by=house.owner_id, **options)
    )


def resubmit_run(house: House, server: Server, run_id: UUID, **options: Any) -> RunState:
    flows = server.flows
    return house.database.write(
        lambda tx: resubmit(tx, flows.programs, flows.seals, run_id, by=house.owner_id, **options)
    )


class Paths:
    """Answers calls, and remembers the order of their paths; some of them fail."""

    def __init__(self, house: House, *failing: str, status: int = 400) -> None:
        self.called: list[str] = []
        self.failing = set(failing)
        self.status = status
        house.web.answer = self.answer

    def answer(self, request: Request) -> Response:
        path = str(request.url).rpartition("/")[2]
        self.called.append(path)
        status = self.status if path in self.failing else 200
        return Response(status, {"Content-Type": "application/json"}, b'{"path": "%s"}' % path.encode())


def change(house: House, flow_id: UUID, actions: Mapping[str, Any]) -> None:
    def write(tx: Transaction) -> None:
        text = json.dumps({"triggers": MANUAL, "actions": actions})
        update(tx, Workflow, flow_id, {"clientdata": text}, by=house.owner_id)
        turn_on(tx, flow_id, by=house.owner_id)

    house.database.write(write)
