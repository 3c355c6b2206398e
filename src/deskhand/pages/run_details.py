"""One desktop-flow run: what it did, where it failed, why it waits. Source: experience 5.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.editor.forms import form_named
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection, FlowMachine
from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession
from deskhand.entities.workflow import ComponentState, Workflow, WorkflowVersion
from deskhand.identity.audit import Thing, note
from deskhand.messages.declare import MESSAGES
from deskhand.orchestrator.parameters import read_schema
from deskhand.orchestrator.rows import Row
from deskhand.orchestrator.runs import HIGH
from deskhand.orchestrator.waiting import Waiting, WaitReason, why_waiting
from deskhand.pages.action_log import log_end
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.running import message_context
from deskhand.pages.runs import RunRow, desktop_query, desktop_row
from deskhand.pages.statuses import OPEN, RunStatus
from deskhand.records.security import has_access
from deskhand.records.service import retrieve
from deskhand.store.files import read_file

_MOST_CHILDREN = 200
_S, _L = FlowSession.c, FlowLog.c


@dataclass(frozen=True, slots=True)
class NamedValue:
    """An input or output of a run.

    Attributes:
        name: Its name.
        value: Its value; null where it is sensitive.
        sensitive: Whether nobody may see it.
    """

    name: str
    value: Any
    sensitive: bool


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """Something that happened to a run in the queue.

    Attributes:
        at: When.
        kind: What: RunQueued, RunQueueAssigned, RunQueueAssignFailed, RunQueueRunConfirmed or
            RunQueueRunCompleted.
        machine_id: The machine that it is about.
        machine: That machine's name.
        code: Why, as a code, where it went wrong.
        message: Why, for people.
    """

    at: datetime
    kind: str
    machine_id: UUID | None
    machine: str | None
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class WaitInfo:
    """Why a run waits, by the dispatcher's own decision.

    Attributes:
        reason: Why.
        position: Its place in the queue, from 1; 0 for one that a machine has already.
        since: Since when that is so, where it is known.
        used: Sessions in use.
        capacity: Sessions there are.
        machines: The machines that it concerns, at most five.
        fails_on: When it fails if nothing changes.
    """

    reason: WaitReason
    position: int
    since: datetime | None
    used: int
    capacity: int
    machines: tuple[str, ...]
    fails_on: datetime | None


@dataclass(frozen=True, slots=True)
class RunError:
    """Why a run failed.

    Attributes:
        code: As a code.
        message: For people.
        details: The action's own words.
        subflow: The subflow it failed in.
        line: The action's number there.
        action: The action by its title; by its Robin name where this release does not know it.
    """

    code: str | None
    message: str | None
    details: str | None
    subflow: str | None
    line: int | None
    action: str | None


@dataclass(frozen=True, slots=True)
class RunDetails:
    """Everything that is to be known of a desktop-flow run, but for its actions.

    Attributes:
        run: The run as lists show it.
        inputs: What it was given.
        outputs: What it returned; null where it has not returned anything.
        error: Why it failed.
        waiting: Why it waits; null where it does not.
        queue: What happened to it in the queue, in order.
        children: The runs that it called, the first ones.
        connection: The name of the connection that it went through.
        connection_name: That connection's name for people.
        session_user: The account in whose session it ran.
        agent_version: The agent's version.
        timeout: Seconds it may take.
        high_priority: Whether it passes waiting runs.
        owner_id: Whose it is.
        correlation_id: Ties it to the caller's request.
        cancel_requested_on: When somebody cancelled it.
        flow_changed: Whether the flow was changed since the run was asked for.
        flow_version: The number of the version that it takes; null where that is not known any more.
        last_action: The greatest index of its action log; -1 where there is none.
        log_omits: Whether the action log left rows out.
        log_deleted_on: When its action log was deleted by rule; null where it was not.
        can_cancel: Whether the caller may cancel it now.
        can_rerun: Whether the caller may repeat it now.
    """

    run: RunRow
    inputs: tuple[NamedValue, ...]
    outputs: tuple[NamedValue, ...] | None
    error: RunError | None
    waiting: WaitInfo | None
    queue: tuple[QueueEvent, ...]
    children: tuple[RunRow, ...]
    connection: str | None
    connection_name: str | None
    session_user: str | None
    agent_version: str | None
    timeout: int | None
    high_priority: bool
    owner_id: UUID | None
    correlation_id: str | None
    cancel_requested_on: datetime | None
    flow_changed: bool
    flow_version: int | None
    last_action: int
    log_omits: bool
    log_deleted_on: datetime | None
    can_cancel: bool
    can_rerun: bool


@endpoint("GET", "/desktopruns/{run_id}")
def run_details(context: PageContext, *, run_id: UUID) -> RunDetails:
    """Return everything of a run but its actions.

    Args:
        run_id: The run.
    """
    row = retrieve(context.tx, context.principal, FlowSession, run_id)
    run = desktop_row(context.tx.execute(desktop_query().where(_S.flowsessionid == run_id)).mappings().one())
    flow = _flow(context, row["regardingobjectid"])
    last, omits = log_end(context, run_id)
    can_write = has_access(context.tx, context.principal, FlowSession, row, AccessRight.WRITE)
    is_open = run.status in OPEN
    hidden_outputs = json.loads(row["rundetails"] or "{}").get("hiddenOutputs", ())
    return RunDetails(
        run=run,
        inputs=tuple(_values(context, row["inputs"], flow)),
        outputs=_outputs(context, row["outputs"], hidden_outputs),
        error=_error(row),
        waiting=_waiting(context, run, row["machinegroupid"]),
        queue=tuple(_queue_events(context, run_id)),
        children=_children(context, run_id),
        connection=row["connectionid"],
        connection_name=_connection_name(context, row["connectionid"]),
        session_user=row["sessionusername"],
        agent_version=row["processversion"],
        timeout=row["requesttimeout"],
        high_priority=row["queuepriority"] == HIGH,
        owner_id=row["ownerid"],
        correlation_id=row["correlationid"],
        cancel_requested_on=row["cancelrequestedon"],
        flow_changed=flow is not None and _is_other(row, run, flow),
        flow_version=_version(context, row["flowversionid"]),
        last_action=last,
        log_omits=omits,
        log_deleted_on=row["logdeletedon"],
        can_cancel=can_write and is_open and run.status is not RunStatus.CANCELING,
        can_rerun=not is_open and flow is not None,
    )


@endpoint("POST", "/desktopruns/{run_id}/cancel")
def cancel(context: PageContext, *, run_id: UUID) -> None:
    """Cancel a run: at once while it waits; a running one ends when its agent has stopped it.

    Args:
        run_id: The run.
    """
    MESSAGES["CancelDesktopFlowRun", FlowSession.logical_name].call(message_context(context), run_id, None)
    name = context.tx.execute(sa.select(_S.name).where(_S.flowsessionid == run_id)).scalar()
    note(context.tx, context.actor, "canceled a run", Thing(FlowSession.logical_name, run_id, name))


def _flow(context: PageContext, flow_id: UUID | None) -> Row | None:
    c = Workflow.c
    query = sa.select(c.inputs, c.definition, c.modifiedon, c.flowversionid).where(
        c.workflowid == flow_id, c.componentstate == ComponentState.PUBLISHED.value
    )
    return context.tx.execute(query).mappings().first()


def _is_other(row: Row, run: RunRow, flow: Row) -> bool:
    """Tell whether runs take another version of the flow by now."""
    if row["flowversionid"] is not None:
        return bool(flow["flowversionid"] != row["flowversionid"])
    return bool(flow["modifiedon"] > run.requested_on)


def _version(context: PageContext, version_id: UUID | None) -> int | None:
    v = WorkflowVersion.c
    query = sa.select(v.number).where(v.workflowversionid == version_id)
    found: int | None = context.tx.execute(query).scalar()
    return found


def _values(context: PageContext, file_id: UUID | None, flow: Row | None) -> Iterator[NamedValue]:
    schema = read_schema(flow["inputs"], flow["definition"]) if flow else read_schema(None)
    for name, value in _file(context, file_id).items():
        hidden = value is None and schema.hides(name)
        yield NamedValue(name, value, hidden)


def _outputs(
    context: PageContext, file_id: UUID | None, hidden: str | list[str]
) -> tuple[NamedValue, ...] | None:
    if file_id is None:
        return None
    everything = hidden == "*"
    names = set() if everything else {one.casefold() for one in hidden}
    return tuple(
        NamedValue(name, value, value is None and (everything or name.casefold() in names))
        for name, value in _file(context, file_id).items()
    )


def _file(context: PageContext, file_id: UUID | None) -> dict[str, Any]:
    stored = read_file(context.tx, file_id) if file_id else None
    content = json.loads(stored.content) if stored else {}
    return content if isinstance(content, dict) else {}


def _error(row: Row) -> RunError | None:
    if row["errorcode"] is None and row["errormessage"] is None:
        return None
    where = json.loads(row["errordetails"] or "{}")
    return RunError(
        row["errorcode"],
        row["errormessage"],
        row["errorinnererror"],
        where.get("subflow"),
        where.get("line"),
        _title(where.get("action")),
    )


def _title(action: str | None) -> str | None:
    form = None if action is None else form_named(action)
    return action if form is None else form.title


def _waiting(context: PageContext, run: RunRow, group_id: UUID | None) -> WaitInfo | None:
    if run.status not in (RunStatus.QUEUED, RunStatus.NEXT) or group_id is None:
        return None
    found = why_waiting(context.tx, [group_id], context.settings).get(run.id)
    return None if found is None else wait_info(context, found, run.requested_on)


def wait_info(context: PageContext, waiting: Waiting, requested_on: datetime) -> WaitInfo:
    """Return why a run waits as pages show it."""
    return WaitInfo(
        waiting.reason,
        waiting.position,
        waiting.since,
        waiting.used,
        waiting.capacity,
        waiting.machines,
        requested_on + timedelta(seconds=context.settings.queue_wait_max),
    )


def _queue_events(context: PageContext, run_id: UUID) -> Iterator[QueueEvent]:
    first, last = FlowLogType.RUN_QUEUE_PRIORITY_CHANGED, FlowLogType.RUN_QUEUE_RUN_COMPLETED
    query = (
        sa.select(_L.type, _L.createdon, _L.data, _L.flowmachineid, FlowMachine.c.name)
        .outerjoin(FlowMachine.table, FlowMachine.c.flowmachineid == _L.flowmachineid)
        .where(_L.flowsessionid == run_id, _L.type.between(first.value, last.value))
        .order_by(_L.createdon, _L.type, _L.logindex)
    )
    for row in context.tx.execute(query):
        data = json.loads(row.data or "{}")
        kind = FlowLogType(row.type).name.title().replace("_", "")
        yield QueueEvent(
            row.createdon, kind, row.flowmachineid, row.name, data.get("code"), data.get("message")
        )


def _children(context: PageContext, run_id: UUID) -> tuple[RunRow, ...]:
    query = desktop_query().where(_S.parentdesktopflowrunid == run_id)
    found = context.tx.execute(query.order_by(_S.createdon).limit(_MOST_CHILDREN)).mappings()
    return tuple(map(desktop_row, found))


def _connection_name(context: PageContext, name: str | None) -> str | None:
    if name is None:
        return None
    query = sa.select(Connection.c.displayname).where(Connection.c.name == name)
    return context.tx.execute(query).scalar()
