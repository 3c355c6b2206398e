"""The cloud-flow engine in this process, on a database of its own: what a benchmark of its steps drives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Condition
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.declare import Answered, Call, Done, Firing, Group, Outcome, Status, Step, action
from deskhand.cloudflows.firing import Starter
from deskhand.cloudflows.follow import ANSWERS
from deskhand.cloudflows.runstate import RunState
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.entities.flowrun import FlowRun
from deskhand.identity.accounts import ensure_organization
from deskhand.server.cloud import cloud_flows_of
from deskhand.server.importing import import_flows
from deskhand.server.installation import Installation
from deskhand.server.reading import Checked
from deskhand.solutions.content import CloudFlow, Content
from deskhand.store.database import Transaction

_END_SECONDS = 300.0
_STATUS = sa.select(FlowRun.c.status).where(FlowRun.c.flowrunid == sa.bindparam("run_id"))


@action("CallFunction", title="Call a function", group=Group.CONTROL)
def call_function(step: Step) -> Outcome:
    """Have a Python function called, as a peer's step does; what it returned is journaled before the next."""
    if isinstance(step.event, Answered):
        return Done(outputs=step.event.value)
    return Call(partial(_same, step.inputs))


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Engine:
    """The running engine.

    Attributes:
        flows: What runs cloud flows.
        owner_id: Whose they are.
        ended: Notified whenever a run has ended.
    """

    flows: CloudFlows
    owner_id: UUID
    ended: Condition

    def add_flow(self, name: str, actions: Mapping[str, Any]) -> UUID:
        """Import a flow that is called, and switch it on."""
        definition = {"triggers": {"manual": {"type": "Request", "kind": "Http"}}, "actions": actions}
        text = json.dumps({"properties": {"definition": definition}})
        content = Content(name, cloud_flows=(CloudFlow(None, name, "", text, 0),))
        return self.flows.database.write(partial(self._add, Checked(content, ())))

    def run(self, workflow_id: UUID, *, workflows: int, callers: int) -> None:
        """Run a flow so many times, so many at once; returns when the ends of all are durable."""
        with ThreadPoolExecutor(callers) as pool:
            for _ in pool.map(self._run_once, [workflow_id] * workflows):
                pass

    def _add(self, checked: Checked, tx: Transaction) -> UUID:
        report = import_flows(tx, checked, by=self.owner_id)
        workflow_id = report.flows[0].workflow_id
        turn_on(tx, workflow_id, by=self.owner_id)
        return workflow_id

    def _run_once(self, workflow_id: UUID) -> None:
        called = self.flows.launcher.read(workflow_id, None)
        [run] = self.flows.launcher.start(called, Firing(), Starter(self.owner_id, awaits_answer=True))
        with self.ended:
            if not self.ended.wait_for(lambda: self._has_succeeded(run), _END_SECONDS):
                raise RuntimeError(f"the run has not ended, it is {run.status}")

    def _has_succeeded(self, run: RunState) -> bool:
        """Ask the database, once the memory says so: only what it holds is durable."""
        if not run.status.is_final:
            return False
        if run.status is not Status.SUCCEEDED:
            raise RuntimeError(f"the run has failed: {run.problem}")
        status = self.flows.database.read(lambda tx: tx.execute(_STATUS, {"run_id": run.id}).scalar())
        return bool(status == Status.SUCCEEDED)


@contextmanager
def running_engine(data: Path, database_url: str = "") -> Iterator[Engine]:
    """Run the engine on a new installation.

    Args:
        data: Its data directory.
        database_url: An empty PostgreSQL database; without it, SQLite in the data directory.
    """
    data.mkdir()
    (data / "deskhand.toml").write_text(f"database_url = {json.dumps(database_url)}\n")
    with Installation.open(data, create=True) as installation:
        owner_id = installation.database.write(ensure_organization).administrator_id
        flows, ended = cloud_flows_of(installation), Condition()
        installation.database.listen(ANSWERS, _notifier(ended))
        flows.start()
        try:
            yield Engine(flows, owner_id, ended)
        finally:
            flows.stop()


def _notifier(ended: Condition) -> Callable[[], None]:
    def notify() -> None:
        with ended:
            ended.notify_all()

    return notify
