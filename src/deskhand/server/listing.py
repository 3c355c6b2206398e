"""What the command line lists and shows: flows, runs, machines, connections."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowmachine import Connection, FlowMachine, FlowMachineGroup
from deskhand.entities.flowsession import (
    FlowLog,
    FlowLogType,
    FlowSession,
    FlowSessionRunMode,
    FlowSessionStatus,
)
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.protocol.messages import Flow
from deskhand.store.database import Transaction
from deskhand.store.files import read_file

Row = Mapping[str, Any]

SHOWN_STATUS = {
    FlowSessionStatus.WAITING: "Queued",
    FlowSessionStatus.CANCELLED: "Canceled",
    FlowSessionStatus.TIMED_OUT: "Timed out",
}
"""Status words for people that are not the label itself. Source: machines-and-runs 5.1."""


def shown_status(code: int) -> str:
    """Return the word that people read for a ``statuscode``."""
    status = FlowSessionStatus(code)
    return SHOWN_STATUS.get(status, status.name.capitalize().replace("_", " "))


def list_flows(tx: Transaction, category: Category = Category.DESKTOP_FLOW) -> list[Row]:
    """Return flows of one kind by name, drafts included; a flow with both versions stands twice."""
    columns = Workflow.c
    query = (
        sa.select(
            columns.workflowid,
            columns.name,
            columns.componentstate,
            columns.statecode,
            columns.modifiedon,
            columns.description,
            columns.inputs,
            columns.outputs,
            SystemUser.c.domainname.label("owner"),
        )
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == columns.ownerid)
        .where(columns.category == category.value)
        .order_by(sa.func.lower(columns.name), columns.componentstate)
    )
    return [_flow(row) for row in tx.execute(query).mappings()]


def _flow(row: sa.RowMapping) -> Row:
    return {
        **{name: row[name] for name in ("workflowid", "name")},
        "state": "draft" if row["componentstate"] == ComponentState.UNPUBLISHED.value else "published",
        "inputs": parameter_names(row["inputs"]),
        "outputs": parameter_names(row["outputs"]),
        **{name: row[name] for name in ("description", "owner", "modifiedon", "statecode")},
    }


def parameter_names(schema: str | None) -> list[str]:
    """Return the names of a flow's inputs or outputs from its stored schema."""
    declared = (json.loads(schema) if schema else {}).get("schema") or {}
    return list(declared.get("properties") or {})


def flow_row(
    tx: Transaction, workflow_id: UUID, state: ComponentState = ComponentState.PUBLISHED
) -> sa.RowMapping | None:
    """Return one version of a flow with all its columns, or None."""
    columns = Workflow.c
    query = sa.select(Workflow.table).where(
        columns.workflowid == workflow_id, columns.componentstate == state.value
    )
    return tx.execute(query).mappings().first()


def list_connections(tx: Transaction) -> list[Row]:
    """Return desktop-flow connections, the oldest first."""
    query = (
        sa.select(
            Connection.c.name,
            Connection.c.displayname,
            Connection.c.connectorid,
            Connection.c.targetid,
            FlowMachineGroup.c.name.label("target"),
            SystemUser.c.domainname.label("owner"),
            Connection.c.createdon,
        )
        .outerjoin(FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == Connection.c.targetid)
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == Connection.c.ownerid)
        .order_by(Connection.c.createdon, Connection.c.name)
    )
    return [dict(row) for row in tx.execute(query).mappings()]


def list_machines(tx: Transaction, unresponsive_after: float, now: datetime) -> list[Row]:
    """Return machines by name.

    Args:
        tx: The open transaction.
        unresponsive_after: Seconds of silence after which a machine counts as disconnected.
        now: The present instant.
    """
    running = (
        sa.select(sa.func.count())
        .where(
            FlowSession.c.machineid == FlowMachine.c.flowmachineid,
            FlowSession.c.statuscode == FlowSessionStatus.RUNNING.value,
        )
        .scalar_subquery()
    )
    query = (
        sa.select(FlowMachine.table, FlowMachineGroup.c.name.label("group"), running.label("running"))
        .join(
            FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == FlowMachine.c.flowmachinegroupid
        )
        .order_by(FlowMachine.c.name)
    )
    return [_machine(row, unresponsive_after, now) for row in tx.execute(query).mappings()]


def _machine(row: sa.RowMapping, unresponsive_after: float, now: datetime) -> Row:
    seen = row["lastheartbeatdate"]
    connected = seen is not None and (now - seen).total_seconds() < unresponsive_after
    return {
        **{name: row[name] for name in ("flowmachineid", "name", "group", "running", "sessioncapacity")},
        "connectivity": "Connected" if connected else "Disconnected",
        **{name: row[name] for name in ("agentversion", "lastheartbeatdate", "description")},
    }


def list_runs(
    tx: Transaction,
    *,
    statuses: Sequence[int] = (),
    flow: str | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return runs, the newest first.

    Args:
        tx: The open transaction.
        statuses: Only these, where any are given.
        flow: Only runs of flows whose name or id begins so.
        since: Only runs requested at or after this instant.
        limit: How many at most.
    """
    columns = FlowSession.c
    query = _run_query().order_by(columns.createdon.desc(), columns.versionnumber.desc()).limit(limit)
    if statuses:
        query = query.where(columns.statuscode.in_(statuses))
    if since is not None:
        query = query.where(columns.createdon >= since)
    if flow is not None:
        named = sa.func.lower(columns.name).startswith(flow.lower(), autoescape=True)
        ids = [
            known["workflowid"]
            for known in list_flows(tx)
            if str(known["workflowid"]).startswith(flow.lower())
        ]
        query = query.where(sa.or_(named, columns.regardingobjectid.in_(ids)))
    return [_run(row) for row in tx.execute(query).mappings()]


def find_runs(tx: Transaction, prefix: str) -> list[Row]:
    """Return the runs whose id begins with some hexadecimal digits; dashes do not matter."""
    text = sa.func.replace(sa.cast(FlowSession.c.flowsessionid, sa.String), "-", "")
    query = _run_query().where(text.startswith(prefix.replace("-", "").lower(), autoescape=True)).limit(10)
    return [_run(row) for row in tx.execute(query).mappings()]


def _run_query() -> sa.Select[Any]:
    return sa.select(FlowSession.table, FlowMachine.c.name.label("machine")).outerjoin(
        FlowMachine.table, FlowMachine.c.flowmachineid == FlowSession.c.machineid
    )


def _run(row: sa.RowMapping) -> Row:
    return {
        **{name: row[name] for name in ("flowsessionid", "name", "statuscode")},
        "status": shown_status(row["statuscode"]),
        "runmode": FlowSessionRunMode(row["runmode"]).name.lower() if row["runmode"] is not None else None,
        "requestedon": row["createdon"],
        **{
            name: row[name]
            for name in ("startedon", "completedon", "runwaitduration", "runexecutionduration")
        },
        "machine": row["machine"],
        **{name: row[name] for name in ("connectionid", "errorcode", "errormessage")},
        "workflowid": row["regardingobjectid"],
        "parentrunid": row["parentdesktopflowrunid"],
    }


def show_run(tx: Transaction, run_id: UUID) -> Row | None:
    """Return everything that is known of one run: its row, values, actions and queue events."""
    row = tx.execute(_run_query().where(FlowSession.c.flowsessionid == run_id)).mappings().first()
    if row is None:
        return None
    return {
        **_run(row),
        "errordetails": json.loads(row["errordetails"]) if row["errordetails"] else None,
        "errorinnererror": row["errorinnererror"],
        "inputs": _values(tx, row["inputs"]),
        "outputs": _values(tx, row["outputs"]),
        "events": queue_events(tx, run_id),
        "actions": action_rows(tx, run_id),
    }


def run_row(tx: Transaction, run_id: UUID) -> Row | None:
    """Return one run as :func:`list_runs` does, or None."""
    row = tx.execute(_run_query().where(FlowSession.c.flowsessionid == run_id)).mappings().first()
    return None if row is None else _run(row)


def _values(tx: Transaction, file_id: UUID | None) -> Any:
    stored = read_file(tx, file_id) if file_id else None
    return json.loads(stored.content) if stored else None


def queue_events(tx: Transaction, run_id: UUID) -> list[Row]:
    """Return what happened to a run in the queue, in order. Source: machines-and-runs 5.5."""
    first, last = FlowLogType.RUN_QUEUE_PRIORITY_CHANGED, FlowLogType.RUN_QUEUE_RUN_COMPLETED
    query = _log_query(run_id, first, last).order_by(FlowLog.c.createdon, FlowLog.c.type, FlowLog.c.logindex)
    return [
        {"type": row["name"], "on": row["createdon"].isoformat(), **json.loads(row["data"] or "{}")}
        for row in tx.execute(query).mappings()
    ]


def action_rows(tx: Transaction, run_id: UUID, *, after: int = -1) -> list[Row]:
    """Return a run's action log, in order.

    Args:
        tx: The open transaction.
        run_id: The run.
        after: Only rows with a greater index.
    """
    query = _log_query(run_id, FlowLogType.CUSTOM_LOG, FlowLogType.DESKTOP_FLOW_RUN_ACTION)
    query = query.where(FlowLog.c.logindex > after).order_by(FlowLog.c.logindex)
    return [
        {"index": row["logindex"], **json.loads(row["data"] or "{}")} for row in tx.execute(query).mappings()
    ]


def _log_query(run_id: UUID, first: FlowLogType, last: FlowLogType) -> sa.Select[Any]:
    columns = FlowLog.c
    return sa.select(columns.name, columns.data, columns.logindex, columns.createdon).where(
        columns.flowsessionid == run_id, columns.type.between(first.value, last.value)
    )


def list_groups(tx: Transaction) -> list[Row]:
    """Return machine groups by name; a machine alone stands under its own name."""
    columns = FlowMachineGroup.c
    query = sa.select(columns.flowmachinegroupid, columns.name, columns.standalone).order_by(columns.name)
    return [dict(row) for row in tx.execute(query).mappings()]


def published_flows(tx: Transaction) -> list[Flow]:
    """Return every published desktop flow, as it travels to a machine."""
    columns = Workflow.c
    query = sa.select(columns.workflowid, columns.name, columns.definition).where(
        columns.category == Category.DESKTOP_FLOW.value,
        columns.componentstate == ComponentState.PUBLISHED.value,
    )
    return [Flow(row.workflowid, row.name, row.definition or "") for row in tx.execute(query)]
