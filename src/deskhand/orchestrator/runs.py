"""What can happen to a run, one function per event. Source: dataverse-api 10, machines-and-runs 4.

Each function takes the open transaction, changes the status with one guarded statement, and writes in the
same transaction what the new status entails: the log, the callback, who is woken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowsession import (
    FlowLogType,
    FlowSession,
    FlowSessionRunMode,
    FlowSessionStatus,
    TriggerType,
)
from deskhand.identity.vault import Vault
from deskhand.orchestrator.callbacks import queue_callback
from deskhand.orchestrator.connections import ConnectionTarget
from deskhand.orchestrator.debug_sessions import end_debugging
from deskhand.orchestrator.errors import (
    GroupIsEmpty,
    MachineGroupNotFound,
    QueueFull,
    RunAlreadyFinished,
    RunRateExceeded,
)
from deskhand.orchestrator.parameters import Schema, hide, read_values, shown, write_values
from deskhand.orchestrator.parents import DESKTOP_FLOW_ENDED, CloudParent, signal
from deskhand.orchestrator.rows import Owner, Row, new_row, run_row
from deskhand.orchestrator.runlog import log_event, storable
from deskhand.orchestrator.transitions import RUNNING, WAITING, Event, apply, is_terminal
from deskhand.orchestrator.wakeups import cancels_channel, runs_channel
from deskhand.protocol.messages import RunError
from deskhand.records.changes import announce
from deskhand.store.database import Transaction
from deskhand.store.files import write_file
from deskhand.store.statements import Statement

RATE_WINDOW = timedelta(seconds=60)
HIGH, NORMAL = 0, 1

TIMEOUT_CODE = "DesktopFlowsActionTimeout"
TOO_LARGE_CODE = "OutputsTooLarge"

_JSON = "application/json"


_INSERT = Statement(sa.insert(FlowSession.table))

_WAITING = Statement(
    sa.select(FlowSession.c.flowsessionid)
    .where(
        FlowSession.c.statuscode == int(WAITING),
        FlowSession.c.machinegroupid == sa.bindparam("group_id"),
        FlowSession.c.leaseexpireson.is_(None),
    )
    .limit(1)
)

_LOCKED_GROUP = Statement(
    sa.select(FlowMachineGroup.c.name)
    .where(FlowMachineGroup.c.flowmachinegroupid == sa.bindparam("group_id"))
    .with_for_update()
)


def _queue() -> Statement:
    """Return a machine group, and what tells whether it or a connection to it is at its limit."""
    c, g = FlowSession.c, FlowMachineGroup.c
    # The start that has to leave the window before the next one may enter it.
    blocking = (
        sa.select(c.createdon)
        .where(c.connectionid == sa.bindparam("connection"), c.createdon > sa.bindparam("window"))
        .order_by(c.createdon.desc())
        .offset(sa.bindparam("starts"))
        .limit(1)
    )
    full = (
        sa.select(sa.literal(1))
        .where(c.statuscode == int(WAITING), c.machinegroupid == sa.bindparam("group_id"))
        .offset(sa.bindparam("length"))
        .limit(1)
    )
    has_machine = sa.exists().where(FlowMachine.c.flowmachinegroupid == g.flowmachinegroupid)
    group = sa.select(
        g.name,
        g.standalone,
        has_machine.label("has_machine"),
        blocking.scalar_subquery().label("blocking"),
        full.scalar_subquery().label("full"),
    )
    return Statement(group.where(g.flowmachinegroupid == sa.bindparam("group_id")))


def _open_called_flows() -> Statement:
    """Return the runs that a run called, at any depth, and that have not ended."""
    called, deeper = FlowSession.table.alias(), FlowSession.table.alias()
    tree = (
        sa.select(called.c.flowsessionid)
        .where(called.c.parentdesktopflowrunid == sa.bindparam("run_id"))
        .cte("called", recursive=True)
    )
    tree = tree.union(
        sa.select(deeper.c.flowsessionid).where(deeper.c.parentdesktopflowrunid == tree.c.flowsessionid)
    )
    c = FlowSession.c
    in_tree = c.flowsessionid.in_(sa.select(tree.c.flowsessionid))
    return Statement(sa.select(c.flowsessionid).where(in_tree, c.statuscode == int(RUNNING)))


_QUEUE = _queue()
_OPEN_CALLED_FLOWS = _open_called_flows()


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run to be queued; everything in it has been checked.

    Attributes:
        workflow_id: The desktop flow.
        flow_name: Its name.
        owner: Whose the run is: who may see and cancel it.
        requested_by: Who asked.
        connection: Through which connection it goes.
        run_mode: How it uses its machine.
        priority: :data:`HIGH` or :data:`NORMAL`.
        timeout_seconds: How long it may take.
        inputs: Its inputs by external name.
        schema: What the flow declares of them.
        callback_url: Who is told when it ends.
        correlation_id: Ties it to the caller's request.
        trigger: What started it.
        parent: The cloud flow's action that waits for it.
        version_id: The version of the flow that is in force.
        debugged: Whether the designer asks for it, with a text of its own.
    """

    workflow_id: UUID
    flow_name: str
    owner: Owner
    requested_by: UUID
    connection: ConnectionTarget
    run_mode: FlowSessionRunMode
    priority: int
    timeout_seconds: int
    inputs: Mapping[str, Any]
    schema: Schema
    callback_url: str | None = None
    correlation_id: str | None = None
    trigger: TriggerType = TriggerType.RUN_DESKTOP_FLOW_DATAVERSE_API
    parent: CloudParent | None = None
    version_id: UUID | None = None
    debugged: bool = False


def request_run(tx: Transaction, request: RunRequest, settings: Settings, vault: Vault) -> UUID:
    """Queue a run and return its id.

    Raises:
        MachineGroupNotFound: The connection's machine group is gone.
        GroupIsEmpty: That group has no machine.
        RunRateExceeded: The connection started too many runs within a minute.
        QueueFull: Too many runs wait for the group.
    """
    _check_queue(tx, request.connection, settings)
    run_id, version = new_id(), tx.next_version()
    values = {
        "flowsessionid": run_id,
        "name": request.flow_name[:100],
        "statuscode": int(WAITING),
        "regardingobjectid": request.workflow_id,
        "machinegroupid": request.connection.group_id,
        "connectionid": request.connection.name,
        "callbackurl": request.callback_url,
        "correlationid": storable(request.correlation_id, 100) if request.correlation_id else None,
        "runmode": int(request.run_mode),
        "triggertype": int(request.trigger),
        "queuepriority": request.priority,
        "requesttimeout": request.timeout_seconds,
        "requestedby": request.requested_by,
        "flowversionid": request.version_id,
        "isdebugged": request.debugged,
        **(_parent_columns(request.parent) if request.parent else {}),
        **keep_inputs(tx, run_id, request.inputs, request.schema, vault),
    }
    row = new_row(tx, FlowSession, request.owner, values, version=version)
    row["createdby"] = row["modifiedby"] = request.requested_by
    tx.run(_INSERT, row)
    announce(tx, FlowSession, run_id, ChangeMessage.CREATE, row, request.requested_by)
    log_event(tx, row, FlowLogType.RUN_QUEUED, {"priority": request.priority})
    tx.notify(runs_channel(request.connection.group_id))
    return run_id


def _parent_columns(parent: CloudParent) -> dict[str, Any]:
    return {
        "parentworkflowid": str(parent.workflow_id),
        "parentcloudflowrunsequenceid": parent.run_name,
        "parentflowrunid": parent.run_id,
        "parentactionid": parent.action_id,
    }


def _check_queue(tx: Transaction, connection: ConnectionTarget, settings: Settings) -> None:
    if tx.dialect == "postgresql":
        # Requests to one group come one after the other: limits that several approach at once hold only so,
        # and only if they are read after the wait. SQLite has one writer.
        tx.row(_LOCKED_GROUP, {"group_id": connection.group_id})
    limits = {
        "connection": connection.name,
        "window": tx.now - RATE_WINDOW,
        "starts": settings.runs_per_minute - 1,
        "group_id": connection.group_id,
        "length": settings.queue_length_max - 1,
    }
    group = tx.row(_QUEUE, limits)
    if group is None:
        raise MachineGroupNotFound(connection.display_name)
    # The group of one machine is made before that machine registers, which it is about to do.
    if not group["has_machine"] and not group["standalone"]:
        raise GroupIsEmpty(group["name"])
    if group["blocking"] is not None:
        wait = max(1, ceil((group["blocking"] + RATE_WINDOW - tx.now).total_seconds()))
        raise RunRateExceeded(connection.display_name, settings.runs_per_minute, wait)
    if group["full"]:
        raise QueueFull(group["name"], settings.queue_length_max)


def confirm_run(
    tx: Transaction,
    run_id: UUID,
    settings: Settings,
    guard: Row,
    *,
    session_user: str,
    agent_version: str,
    by_claim: str | None = None,
) -> Row | None:
    """Let a run begin. From here on it is never started again, unless its agent says that it did not begin.

    Args:
        tx: The open transaction.
        run_id: The run.
        settings: How long the agent may stay silent.
        guard: The lease's machine and fencing token.
        session_user: In whose session it runs.
        agent_version: The agent's version.
        by_claim: The claim that is answered with the run, if this is done before its agent has it.

    Returns:
        The run's row, or None if the run is not this agent's to begin.
    """
    values = {
        "startedon": tx.now,
        "leaseexpireson": tx.now + timedelta(seconds=settings.agent_lost_seconds),
        "sessionusername": storable(session_user, 100),
        "processversion": storable(agent_version, 4_000),
        "begunbyclaim": by_claim,
    }
    row = apply(tx, run_id, Event.CONFIRMED, values, guard=guard)
    if row is not None:
        data = {"machine": row["machineid"]}
        log_event(tx, row, FlowLogType.RUN_QUEUE_RUN_CONFIRMED, data, index=row["fencingtoken"])
    return row


def put_back(
    tx: Transaction, run: Row, guard: Row, error: RunError, *, until: datetime | None = None
) -> Row | None:
    """Put a run back into the queue that was confirmed and of which no statement has run.

    One that somebody cancelled meanwhile ends instead.

    Args:
        tx: The open transaction.
        run: The run's row.
        guard: The lease's machine and fencing token.
        error: Why it did not begin.
        until: How long it rests before it is offered again; not at all if this is None.

    Returns:
        The run's row, or None if the run has ended, or is another machine's by now.
    """
    if run["cancelrequestedon"]:
        return end_run(tx, run, Event.CANCELLED, guard=guard)
    nobodys = dict.fromkeys(("machineid", "startedon", "sessionusername", "processversion", "begunbyclaim"))
    row = apply(tx, run["flowsessionid"], Event.NOT_BEGUN, nobodys | {"leaseexpireson": until}, guard=guard)
    if row is not None:
        data = {"event": str(Event.NOT_BEGUN), "code": error.code, "message": error.message}
        data["machine"] = run["machineid"]
        log_event(tx, row, FlowLogType.RUN_QUEUE_ASSIGN_FAILED, data, index=run["fencingtoken"])
    return row


def end_run(
    tx: Transaction,
    run: Row,
    event: Event,
    *,
    guard: Row | None = None,
    error: RunError | None = None,
    values: Row | None = None,
    at: datetime | None = None,
) -> Row | None:
    """End a run: final status, durations, error, log, callback and called flows, all at once.

    Args:
        tx: The open transaction.
        run: The run's row as it was read, :func:`~deskhand.orchestrator.rows.run_row`.
        event: What ends it.
        guard: Columns that must still hold these values.
        error: Why it failed.
        values: Other columns to set.
        at: When it ended, if not now.

    Returns:
        The run's final row, or None if the event came too late.
    """
    completion = _completion(run, at or tx.now)
    changes = {"leaseexpireson": None, **completion, **_error_columns(error), **(values or {})}
    row = apply(tx, run["flowsessionid"], event, changes, guard=guard)
    if row is None:
        return None
    data = {"event": str(event), "status": row["statuscode"], "machine": row["machineid"]}
    log_event(tx, row, FlowLogType.RUN_QUEUE_RUN_COMPLETED, data | ({"code": error.code} if error else {}))
    if row["isdebugged"]:
        end_debugging(tx, row["flowsessionid"])
    if row["callbackurl"]:
        queue_callback(tx, row)
    if row["parentflowrunid"]:
        session = {"flowsessionid": str(row["flowsessionid"])}
        signal(tx, row["parentflowrunid"], row["parentactionid"], DESKTOP_FLOW_ENDED, session)
    if row["parentdesktopflowrunid"] is None:
        _end_called_flows(tx, row)
        if tx.row(_WAITING, {"group_id": row["machinegroupid"]}) is not None:
            tx.notify(runs_channel(row["machinegroupid"]))
    return row


def finish_run(
    tx: Transaction,
    run: Row,
    event: Event,
    settings: Settings,
    vault: Vault,
    *,
    outputs: Row | None,
    error: RunError | None,
    statistics: Row | None = None,
    guard: Row | None = None,
    at: datetime | None = None,
) -> Row | None:
    """End a run as its agent reports, and keep what it returned.

    Outputs larger than the setting allows make it fail: a caller who got a part could not tell.
    """
    values = {"rundetails": _with_statistics(run["rundetails"], statistics or {})}
    if event is Event.SUCCEEDED:
        content = write_values(outputs or {})
        if len(content) > settings.outputs_max_bytes:
            event, error = Event.FAILED, _too_large(len(content), settings)
        else:
            values |= _keep_outputs(tx, run, content, vault)
    return end_run(tx, run, event, guard=guard, error=error, values=values, at=at)


def cancel_run(tx: Transaction, run_id: UUID, by: UUID | None, *, finished_is_error: bool = True) -> None:
    """Cancel a run: at once while it waits; one that runs is marked, and its agent told to stop it.

    A called flow runs within its caller's process and cannot end alone: the whole run is cancelled.

    Args:
        tx: The open transaction.
        run_id: The run.
        by: Who cancels it; None for an administrator at the command line.
        finished_is_error: Whether it is an error if the run has ended.

    Raises:
        RunAlreadyFinished: It has ended.
    """
    run = _whole_run(tx, run_id)
    if run is None:
        return
    changed_by = {} if by is None else {"modifiedby": by}
    if end_run(tx, run, Event.CANCELLED_IN_QUEUE, values=changed_by) is not None:
        _ring_agent(tx, run)
        return
    changes = {"cancelrequestedon": tx.now, **changed_by}
    row = apply(tx, run["flowsessionid"], Event.CANCEL_REQUESTED, changes)
    if row is not None:
        _ring_agent(tx, row)
    elif finished_is_error:
        status = FlowSessionStatus(run["statuscode"]).name.title().replace("_", "")
        raise RunAlreadyFinished(run_id, status)


def timeout_event(settings: Settings) -> Event:
    """Return the event of a run that ran out of time; the setting chooses between two statuses."""
    as_such = settings.timeout_status == FlowSessionStatus.TIMED_OUT
    return Event.TIMED_OUT_AS_SUCH if as_such else Event.TIMED_OUT


def hidden_outputs(schema: Schema) -> str | None:
    """Return what a run's ``rundetails`` note of its outputs when it is dispatched.

    The flow may be published anew before the run ends; what was sensitive when it began stays so.
    """
    return json.dumps({"hiddenOutputs": schema.hidden}) if schema.hidden else None


def keep_inputs(
    tx: Transaction, run_id: UUID, inputs: Mapping[str, Any], schema: Schema, vault: Vault
) -> dict[str, Any]:
    """Keep a run's inputs: all of them sealed, and for people a file in which sensitive ones are null."""
    if not inputs:
        return {}
    visible = write_values(shown(inputs, schema))
    return {
        "sealedinputs": vault.seal(write_values(inputs), _context(run_id, "inputs")),
        "inputs": write_file(tx, FlowSession, run_id, "inputs", "inputs", _JSON, visible),
    }


def open_inputs(run: Row, vault: Vault) -> dict[str, Any]:
    """Return a run's inputs, secrets in clear."""
    sealed = run["sealedinputs"]
    return read_values(vault.open(sealed, _context(run["flowsessionid"], "inputs"))) if sealed else {}


def open_outputs(tx: Transaction, run_id: UUID, vault: Vault) -> tuple[bytes, bytes]:
    """Return what a run returned, as JSON: all of it, and what people see of it.

    Whoever asks passes the first on to the run that waits for it, and shows the second.
    """
    c = FlowSession.c
    found = sa.select(c.sealedoutputs, c.rundetails).where(c.flowsessionid == run_id)
    row = tx.execute(found).one_or_none()
    if row is None or row.sealedoutputs is None:
        return b"{}", b"{}"
    content = vault.open(row.sealedoutputs, _context(run_id, "outputs"))
    return content, _visible_outputs(content, row.rundetails)


def _visible_outputs(content: bytes, rundetails: str | None) -> bytes:
    hidden = json.loads(rundetails or "{}").get("hiddenOutputs", ())
    return write_values(hide(read_values(content), hidden)) if hidden else content


def _context(run_id: UUID, what: str) -> str:
    return f"flowsession:{run_id}:{what}"


def _keep_outputs(tx: Transaction, run: Row, content: bytes, vault: Vault) -> dict[str, Any]:
    run_id = run["flowsessionid"]
    visible = _visible_outputs(content, run["rundetails"])
    return {
        "sealedoutputs": vault.seal(content, _context(run_id, "outputs")),
        "outputs": write_file(tx, FlowSession, run_id, "outputs", "outputs", _JSON, visible),
    }


def _too_large(size: int, settings: Settings) -> RunError:
    return RunError(
        TOO_LARGE_CODE,
        f"The flow came to its end, but its outputs have {size} bytes and {settings.outputs_max_bytes} are "
        "allowed. Return less, or write the content to a file and return its path.",
    )


def _with_statistics(rundetails: str | None, statistics: Row) -> str | None:
    """Add what the agent counted; what does not fit the column is left out."""
    if not statistics:
        return rundetails
    text = write_values({**json.loads(rundetails or "{}"), **statistics}).decode()
    return text if len(text) <= 10_000 else rundetails


def _completion(run: Row, now: datetime) -> dict[str, Any]:
    """Return the end of a run and its durations in milliseconds. Source: dataverse-api 10."""
    began = run["startedon"]
    return {
        "completedon": now,
        "runduration": _milliseconds(run["createdon"], now),
        "runwaitduration": _milliseconds(run["createdon"], began or now),
        "runexecutionduration": _milliseconds(began, now) if began else None,
    }


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(0, round((end - start) / timedelta(milliseconds=1)))


def _error_columns(error: RunError | None) -> dict[str, Any]:
    if error is None:
        return {}
    where = {"subflow": error.subflow, "line": error.line, "action": error.action}
    known = {name: value for name, value in where.items() if value is not None}
    return {
        "errorcode": storable(error.code, 1_000),
        "errormessage": storable(error.message, 10_000),
        "errordetails": storable(json.dumps(known), 10_000) if known else None,
        "errorinnererror": storable(error.details, 100_000) if error.details else None,
    }


def _end_called_flows(tx: Transaction, row: Row) -> None:
    """End what a run had called and has not seen end: it went down with the run."""
    cancelled = row["statuscode"] == FlowSessionStatus.CANCELLED
    for one in tx.rows(_OPEN_CALLED_FLOWS, {"run_id": row["flowsessionid"]}):
        called = run_row(tx, one["flowsessionid"])
        if called is not None:
            event = Event.CANCELLED if cancelled else Event.FAILED
            end_run(tx, called, event, error=None if cancelled else _CALLER_ENDED)


_CALLER_ENDED = RunError(
    "ParentRunEnded", "The run that called this flow ended before the flow did, and its processes are gone."
)


def _whole_run(tx: Transaction, run_id: UUID) -> Row | None:
    """Return the run that a run is part of: itself, or the one at the top of those that called it."""
    run = run_row(tx, run_id)
    while run is not None and not is_terminal(run["statuscode"]) and run["parentdesktopflowrunid"]:
        run = run_row(tx, run["parentdesktopflowrunid"])
    return run


def _ring_agent(tx: Transaction, run: Row) -> None:
    if run["machineid"] is not None:
        tx.notify(cancels_channel(run["machineid"]))
