"""An installation with a flow, a machine and a connection, and everything that can happen to runs there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.declare import Entity
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession, FlowSessionRunMode
from deskhand.entities.storage import Callback
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import create_user, ensure_organization, load_principal
from deskhand.identity.keyring import KeyRing
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.connections import ConnectionTarget, create_connection
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.orchestrator.parameters import Schema
from deskhand.orchestrator.recovery import Recovered, recover
from deskhand.orchestrator.reports import apply_report
from deskhand.orchestrator.rows import Owner
from deskhand.orchestrator.runs import NORMAL, RunRequest, cancel_run, request_run
from deskhand.protocol.messages import (
    Claim,
    Confirmed,
    Finished,
    MachineRegistered,
    Orders,
    RegisterMachine,
    Reply,
    Report,
    RunError,
    RunMessage,
    RunOrder,
    RunResult,
)
from deskhand.records.service import create, delete
from deskhand.store.database import Database, Transaction
from deskhand.store.files import read_file
from tests.clock import StillClock

NO_SCHEMA = json.dumps({"schema": None})


@dataclass
class Queue:
    """Speaks for callers, machines and the clock."""

    database: Database
    clock: StillClock
    vault: Vault
    owner: Principal
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def make(cls, database: Database, clock: StillClock, directory: Path, **settings: Any) -> Queue:
        def begin(tx: Transaction) -> Principal:
            ensure_organization(tx)
            user_id = create_user(tx, "Ada Maker", "ada@example.org", roles=("Environment Maker",))
            return load_principal(tx, user_id)

        owner = database.write(begin)
        return cls(database, clock, Vault(KeyRing.open(directory)), owner, Settings(**settings))

    # --- what there is ---

    def flow(self, name: str = "Greet", **values: Any) -> UUID:
        columns = {
            "name": name,
            "definition": "SET Greeting TO $'''Hello'''",
            "inputs": NO_SCHEMA,
            "outputs": NO_SCHEMA,
            **values,
        }
        return self.database.write(lambda tx: create(tx, Workflow, columns, by=self.owner.user_id))

    def machine(self, name: str = "FIN-01", *, group_id: UUID | None = None) -> MachineRegistered:
        def register(tx: Transaction) -> MachineRegistered:
            token = create_registration_token(tx, self.owner.user_id, group_id=group_id)
            return register_machine(tx, RegisterMachine(token, name, "", "1.0", "ada"), self.settings)

        return self.database.write(register)

    def change_group(self, group_id: UUID, **columns: Any) -> None:
        self._change(FlowMachineGroup, FlowMachineGroup.c.flowmachinegroupid, group_id, columns)

    def change_machine(self, machine: MachineRegistered, **columns: Any) -> None:
        self._change(FlowMachine, FlowMachine.c.flowmachineid, machine.machine_id, columns)

    def flow_text(self, flow_id: UUID) -> str:
        statement = sa.select(Workflow.c.definition).where(Workflow.c.workflowid == flow_id)
        return str(self.database.read(lambda tx: tx.execute(statement).scalar_one()))

    def change_flow(self, flow_id: UUID, **columns: Any) -> None:
        self._change(Workflow, Workflow.c.workflowid, flow_id, columns)

    def change_run(self, run_id: UUID, **columns: Any) -> None:
        self._change(FlowSession, FlowSession.c.flowsessionid, run_id, columns)

    def delete_run(self, run_id: UUID) -> None:
        self.database.write(lambda tx: delete(tx, FlowSession, run_id))

    def _change(self, entity: type[Entity], key: Any, row_id: UUID, columns: Mapping[str, Any]) -> None:
        statement = sa.update(entity.table).where(key == row_id).values(columns)
        self.database.write(lambda tx: tx.execute(statement).rowcount)

    def connection(self, group_id: UUID, display_name: str = "FIN group") -> ConnectionTarget:
        name = self.database.write(
            lambda tx: create_connection(
                tx, display_name=display_name, group_id=group_id, owner_id=self.owner.user_id
            )
        )
        return ConnectionTarget(name, display_name, group_id)

    # --- what callers do ---

    def asking(self, flow_id: UUID, connection: ConnectionTarget, **changes: Any) -> RunRequest:
        values: dict[str, Any] = {
            "workflow_id": flow_id,
            "flow_name": "Greet",
            "owner": Owner(self.owner.user_id, self.owner.business_unit_id),
            "requested_by": self.owner.user_id,
            "connection": connection,
            "run_mode": FlowSessionRunMode.UNATTENDED,
            "priority": NORMAL,
            "timeout_seconds": 3_600,
            "inputs": {},
            "schema": Schema({}),
        }
        return RunRequest(**(values | changes))

    def request(self, flow_id: UUID, connection: ConnectionTarget, **changes: Any) -> UUID:
        request = self.asking(flow_id, connection, **changes)
        return self.database.write(lambda tx: request_run(tx, request, self.settings, self.vault))

    def cancel(self, run_id: UUID, **options: Any) -> None:
        self.database.write(lambda tx: cancel_run(tx, run_id, self.owner.user_id, **options))

    # --- what machines do ---

    def claim(
        self, machine: MachineRegistered, free: int = 4, running: tuple[tuple[UUID, int], ...] = ()
    ) -> Orders:
        asked = Claim(free, running, 0, "1.0")
        return self.database.write(
            lambda tx: assign_runs(tx, machine.machine_id, asked, self.settings, self.vault)
        )

    def take(self, machine: MachineRegistered) -> RunOrder:
        """Claim the one run that waits."""
        (order,) = self.claim(machine, 1).runs
        return order

    def take_while_running(self, machine: MachineRegistered, running: RunOrder) -> RunOrder:
        (order,) = self.claim(machine, 1, ((running.run_id, running.fencing_token),)).runs
        return order

    def report(self, machine: MachineRegistered, *messages: RunMessage) -> tuple[Reply, ...]:
        return self.database.write(
            lambda tx: (
                apply_report(tx, machine.machine_id, Report(messages), self.settings, self.vault).replies
            )
        )

    def confirm(self, machine: MachineRegistered, order: RunOrder) -> bool:
        message = Confirmed(order.run_id, order.fencing_token, "ada", "1.0")
        (reply,) = self.report(machine, message)
        return reply.accepted

    def finish(
        self,
        machine: MachineRegistered,
        order: RunOrder,
        result: RunResult = RunResult.SUCCEEDED,
        *,
        outputs: Mapping[str, Any] | None = None,
        error: RunError | None = None,
        **statistics: Any,
    ) -> Reply:
        given = dict(outputs) if outputs is not None else None
        message = Finished(order.run_id, order.fencing_token, result, given, error, statistics)
        (reply,) = self.report(machine, message)
        return reply

    def begin(self, machine: MachineRegistered) -> RunOrder:
        """Take the one run that waits and begin it."""
        order = self.take(machine)
        assert self.confirm(machine, order)
        return order

    def finish_begun(self, machine: MachineRegistered, order: RunOrder) -> None:
        assert self.confirm(machine, order)
        assert self.finish(machine, order, outputs={}).accepted

    def begin_next(self, machine: MachineRegistered) -> RunOrder:
        """Take the head of the queue and begin it."""
        order = self.claim(machine, 1).runs[0]
        assert self.confirm(machine, order)
        return order

    # --- what time does ---

    def recover(self, **options: Any) -> Recovered:
        return self.database.write(lambda tx: recover(tx, self.settings, **options))

    # --- what can be seen ---

    def row(self, run_id: UUID) -> dict[str, Any]:
        statement = sa.select(FlowSession.table).where(FlowSession.c.flowsessionid == run_id)
        return dict(self.database.read(lambda tx: tx.execute(statement).mappings().one()))

    def rows(self) -> list[dict[str, Any]]:
        statement = sa.select(FlowSession.table).order_by(FlowSession.c.createdon)
        return [dict(row) for row in self.database.read(lambda tx: tx.execute(statement).mappings().all())]

    def status(self, run_id: UUID) -> int:
        return int(self.row(run_id)["statuscode"])

    def log(self, run_id: UUID) -> list[dict[str, Any]]:
        c = FlowLog.c
        statement = (
            sa.select(FlowLog.table)
            .where(c.flowsessionid == run_id)
            .order_by(c.versionnumber, c.type, c.logindex)
        )
        return [dict(row) for row in self.database.read(lambda tx: tx.execute(statement).mappings().all())]

    def events(self, run_id: UUID) -> list[str]:
        return [str(row["name"]) for row in self.log(run_id) if row["type"] >= FlowLogType.RUN_QUEUED]

    def late_events(self, run_id: UUID) -> list[dict[str, Any]]:
        content = [json.loads(row["data"]) for row in self.log(run_id)]
        return [data for data in content if data.get("late")]

    def file(self, run_id: UUID, column: str) -> Any:
        file_id = self.row(run_id)[column]
        if file_id is None:
            return None
        stored = self.database.read(lambda tx: read_file(tx, file_id))
        assert stored is not None
        return json.loads(stored.content)

    def opened(self, run_id: UUID, what: str) -> Any:
        sealed = self.row(run_id)[f"sealed{what}"]
        return None if sealed is None else json.loads(self.vault.open(sealed, f"flowsession:{run_id}:{what}"))

    def callbacks(self) -> list[dict[str, Any]]:
        statement = sa.select(Callback.table)
        return [dict(row) for row in self.database.read(lambda tx: tx.execute(statement).mappings().all())]


def schema_of(**types: str) -> str:
    """A schema as a flow carries it: ``string``, ``number``, ... or ``password`` for a sensitive text."""
    properties = {
        name: {
            "title": name,
            "type": "string" if kind == "password" else kind,
            "format": "password" if kind == "password" else None,
            "default": "",
            "description": "",
            "value": "",
        }
        for name, kind in types.items()
    }
    return json.dumps({"schema": {"type": "object", "properties": properties}})
