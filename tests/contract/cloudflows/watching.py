"""An installation whose triggers look when a test says so, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.activation import turn_off, turn_on
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.looks import Looks
from deskhand.cloudflows.row_changes import RowChanges
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.cloudflows.watcher import Watcher
from deskhand.core.settings import Settings
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTrigger, FlowTriggerHistory
from deskhand.entities.workflow import Category, Workflow
from deskhand.identity.accounts import ensure_organization
from deskhand.identity.keyring import KeyRing
from deskhand.identity.vault import Vault
from deskhand.records.service import create, update
from deskhand.store.database import Database
from tests.clock import StillClock

ADDRESS = "http://deskhand.example"
NO_WEB_API: Any = None
"""Triggers do not ask it."""
NOT_YET: Any = None
Answer = tuple[int, Mapping[str, str], bytes] | Exception


class Inline(Executor):
    """Runs what it is given at once."""

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*arguments, **options))
        return done


@dataclass
class Outside:
    """Answers requests as a test says, and remembers them."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        self.meanwhile()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Response(*answer)

    @property
    def calls(self) -> list[str]:
        return [f"{one.method} {one.url}" for one in self.requests]

    def abort(self) -> None:
        pass


@dataclass
class Watching:
    """Switches flows, moves the clock, and tells what was started.

    Attributes:
        outside: What triggers reach over HTTP.
    """

    database: Database
    clock: StillClock
    flows: CloudFlows
    user_id: UUID
    outside: Outside
    watcher: Watcher
    row_changes: RowChanges

    @classmethod
    def make(
        cls, database: Database, clock: StillClock, directory: Path, settings: Settings | None = None
    ) -> Watching:
        user_id = database.write(ensure_organization).administrator_id
        keyring = KeyRing.open(directory)
        flows = CloudFlows(
            database, settings or Settings(), clock, keyring, Vault(keyring), ADDRESS, web_api=NO_WEB_API
        )
        outside = Outside()
        made = cls(database, clock, flows, user_id, outside, NOT_YET, NOT_YET)
        made.restart()
        return made

    def restart(self) -> None:
        """Go on with a new server process."""
        services = replace(self.flows.services, http=self.outside)  # type: ignore[arg-type]
        looks = Looks(self.flows.programs, self.flows.settings, services, self.database.read)
        self.watcher = Watcher(self.database, self.clock, looks, self.flows.seals, Inline())
        self.row_changes = RowChanges(self.database, looks, self.flows.seals)

    def flow(self, trigger: Mapping[str, Any], *, on: bool = True, **members: Any) -> UUID:
        """Return a new flow with a trigger, switched on."""
        row = {
            "name": "A flow",
            "category": int(Category.MODERN_FLOW),
            "clientdata": text(trigger, **members),
        }
        flow_id = self.database.write(lambda tx: create(tx, Workflow, row, by=self.user_id))
        if on:
            self.on(flow_id)
        return flow_id

    def change(self, flow_id: UUID, trigger: Mapping[str, Any], **members: Any) -> None:
        """Give a flow another definition, and put that in force."""
        values = {"clientdata": text(trigger, **members)}
        self.database.write(lambda tx: update(tx, Workflow, flow_id, values, by=self.user_id))
        self.on(flow_id)

    def on(self, flow_id: UUID) -> None:
        self.database.write(lambda tx: turn_on(tx, flow_id, by=self.user_id))

    def off(self, flow_id: UUID) -> None:
        self.database.write(lambda tx: turn_off(tx, flow_id, by=self.user_id))

    def look(self) -> None:
        """Let every trigger look that is due."""
        while self.watcher.look_at_due() == 0:
            pass

    def tell(self) -> None:
        """Tell triggers of every change of a row."""
        while self.row_changes.tell():
            pass

    def until(self, moment: datetime) -> None:
        """Let time pass, and triggers look whenever they are due."""
        while (due := self.due()) is not None and due <= moment:
            self.clock.advance(max(0, (due - self.clock.now()) / timedelta(seconds=1)))
            self.look()
        self.clock.advance((moment - self.clock.now()) / timedelta(seconds=1))

    def due(self) -> datetime | None:
        """Return when a trigger looks next."""
        column = FlowTrigger.c.dueon
        return self.database.read(lambda tx: tx.execute(sa.select(sa.func.min(column))).scalar())

    def triggers(self) -> list[dict[str, Any]]:
        columns = FlowTrigger.c
        query = sa.select(columns.phase, columns.status, columns.failures, columns.dueon)
        return self.database.read(
            lambda tx: [dict(row) for row in tx.execute(query.order_by(columns.startedon)).mappings()]
        )

    def runs(self, flow_id: UUID) -> list[dict[str, Any]]:
        """Return the trigger of each run of a flow, the oldest run first."""
        query = sa.select(FlowRun.c.trigger).where(FlowRun.c.workflow == flow_id)
        texts = self.database.read(lambda tx: tx.execute(query).scalars().all())
        found = [json.loads(one) for one in texts]
        return sorted(found, key=lambda one: (one["startTime"], one.get("scheduledTime")))

    def times(self, flow_id: UUID) -> list[str]:
        """Return when each run of a flow should have begun."""
        return [one["scheduledTime"][:19] for one in self.runs(flow_id)]

    def bodies(self, flow_id: UUID) -> list[Any]:
        """Return what each run of a flow got as its trigger's body."""
        return [one["outputs"]["body"] for one in self.runs(flow_id)]

    def histories(self, flow_id: UUID) -> list[tuple[str, str | None]]:
        """Return the looks that started nothing: how they ended, and with which error's code."""
        columns = FlowTriggerHistory.c
        query = sa.select(columns.status, columns.error).where(columns.workflowid == flow_id)
        rows = self.database.read(lambda tx: tx.execute(query.order_by(columns.name.desc())).all())
        return [(row.status, json.loads(row.error)["code"] if row.error else None) for row in rows]


def text(trigger: Mapping[str, Any], *, connections: Mapping[str, Any] | None = None, **members: Any) -> str:
    """Return the document of a flow with one trigger: Power Automate's if it has connections."""
    definition = {"triggers": {"T": trigger}, "actions": {}, **members}
    if connections is None:
        return json.dumps(definition)
    return json.dumps({"properties": {"definition": definition, "connectionReferences": connections}})
