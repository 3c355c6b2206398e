"""Starting a desktop flow: what the form asks, and what happens with the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowmachine import Connection, FlowMachine, FlowMachineGroup
from deskhand.entities.flowsession import FlowSession, FlowSessionRunMode
from deskhand.entities.workflow import Category, Workflow
from deskhand.messages.declare import MESSAGES, MessageContext
from deskhand.orchestrator.connections import CONNECTOR_ID, may_use
from deskhand.orchestrator.flows import published_flow
from deskhand.orchestrator.parameters import Schema, read_schema, write_values
from deskhand.orchestrator.runs import HIGH, open_inputs
from deskhand.orchestrator.transitions import is_terminal
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import NotFound, NothingToRun, RunStillOpen
from deskhand.pages.runs import Mode
from deskhand.records.service import retrieve

_CONNECTION_TYPE = 1
_BEATS_MISSED = 3


@dataclass(frozen=True, slots=True)
class FlowParameter:
    """An input or output of a flow.

    Attributes:
        name: Its external name.
        type: Its JSON type.
        description: What it is.
        required: Whether a run cannot begin without it.
        sensitive: Whether its value is shown to nobody.
        default: What it is where nobody gives it; null for sensitive ones.
    """

    name: str
    type: str
    description: str
    required: bool
    sensitive: bool
    default: Any


@dataclass(frozen=True, slots=True)
class UsableConnection:
    """A connection that the caller may run a flow with.

    Attributes:
        name: The name that requests give.
        display_name: Its name for people.
        group_id: The machine group it leads to.
        group: That group's name.
        machines: How many machines that group has.
        connected: How many of them are connected.
    """

    name: str
    display_name: str
    group_id: UUID
    group: str | None
    machines: int
    connected: int


@dataclass(frozen=True, slots=True)
class RunForm:
    """What is asked before a desktop flow runs.

    Attributes:
        flow_id: The flow.
        flow_name: Its name.
        inputs: Its inputs.
        knows_inputs: Whether the flow says which inputs it has; otherwise any may be given.
        connections: The connections that the caller may use.
        connection: The connection that the flow's last run went through, or the only one.
        timeout_default: Seconds a run may take when nobody says otherwise.
        timeout_max: The longest timeout in seconds.
    """

    flow_id: UUID
    flow_name: str
    inputs: tuple[FlowParameter, ...]
    knows_inputs: bool
    connections: tuple[UsableConnection, ...]
    connection: str | None
    timeout_default: int
    timeout_max: int


@dataclass(frozen=True, slots=True)
class RunOrder:
    """How a desktop flow shall run.

    Attributes:
        connection: The connection's name; a repeated run's own where it is left out.
        mode: How it uses its machine.
        high_priority: Whether it passes waiting runs.
        timeout: Seconds it may take.
        inputs: The inputs by name.
    """

    connection: str | None = None
    mode: Mode | None = None
    high_priority: bool | None = None
    timeout: int | None = None
    inputs: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that was queued.

    Attributes:
        run_id: The run.
    """

    run_id: UUID


@endpoint("GET", "/desktopflows/{flow_id}/form")
def run_form(context: PageContext, *, flow_id: UUID) -> RunForm:
    """Return what is asked before a flow runs.

    Args:
        flow_id: The flow.
    """
    flow = _runnable(context, flow_id)
    schema = read_schema(flow["inputs"], flow["definition"])
    connections = tuple(usable_connections(context))
    return RunForm(
        flow_id,
        flow["name"] or "",
        tuple(parameters(flow["inputs"], schema)),
        schema.known,
        connections,
        likely_connection(context, flow_id, connections),
        min(context.settings.run_timeout_default, context.settings.run_timeout_max),
        context.settings.run_timeout_max,
    )


@endpoint("POST", "/desktopflows/{flow_id}/run")
def run_flow(context: PageContext, *, flow_id: UUID, body: RunOrder) -> StartedRun:
    """Queue a run of a flow; never waits for it.

    Args:
        flow_id: The flow.
        body: How it shall run.
    """
    _runnable(context, flow_id)
    return _start(context, flow_id, body, dict(body.inputs or {}))


@endpoint("POST", "/desktopruns/{run_id}/rerun")
def rerun(context: PageContext, *, run_id: UUID, body: RunOrder) -> StartedRun:
    """Queue a run of the same flow, as it is published now, with the same inputs or with other ones.

    An input that is left out, and a sensitive one that is null, has the value that it had.

    Args:
        run_id: The run to repeat.
        body: What shall be different.
    """
    run = retrieve(context.tx, context.principal, FlowSession, run_id, columns=_REPEATED)
    if not is_terminal(run["statuscode"]):
        raise RunStillOpen
    sealed = context.tx.execute(
        sa.select(FlowSession.c.flowsessionid, FlowSession.c.sealedinputs).where(
            FlowSession.c.flowsessionid == run_id
        )
    )
    former = open_inputs(sealed.mappings().one(), context.vault)
    flow = _runnable(context, run["regardingobjectid"])
    schema = read_schema(flow["inputs"], flow["definition"])
    order = RunOrder(
        body.connection or run["connectionid"],
        body.mode or _mode(run["runmode"]),
        run["queuepriority"] == HIGH if body.high_priority is None else body.high_priority,
        body.timeout or run["requesttimeout"],
    )
    return _start(context, flow["workflowid"], order, _merged(former, body.inputs or {}, schema))


_REPEATED = ("statuscode", "regardingobjectid", "connectionid", "runmode", "queuepriority", "requesttimeout")


def _merged(former: Mapping[str, Any], given: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    names = {name.casefold(): name for name in former}
    merged = dict(former)
    for name, value in given.items():
        kept = value is None and schema.hides(name)
        if not kept:
            merged[names.get(name.casefold(), name)] = value
    return merged


def _mode(run_mode: int | None) -> Mode:
    return Mode.ATTENDED if run_mode == FlowSessionRunMode.ATTENDED else Mode.UNATTENDED


def _runnable(context: PageContext, flow_id: UUID) -> Mapping[str, Any]:
    """Return the published row of a desktop flow that the caller may read, which is enough to run it."""
    seen = retrieve(context.tx, context.principal, Workflow, flow_id, include_unpublished=True)
    if seen["category"] != Category.DESKTOP_FLOW:
        raise NotFound("desktop flow", flow_id)
    flow = published_flow(context.tx, flow_id)
    if flow is None:
        raise NothingToRun(seen["name"])
    return flow


def _start(context: PageContext, flow_id: UUID, order: RunOrder, inputs: Mapping[str, Any]) -> StartedRun:
    payload = {
        "runMode": (order.mode or Mode.UNATTENDED).value,
        "connectionName": order.connection or "",
        "connectionType": _CONNECTION_TYPE,
        "runPriority": "high" if order.high_priority else "normal",
        "timeout": order.timeout,
        "inputs": write_values(inputs).decode(),
    }
    response = MESSAGES["RunDesktopFlow", Workflow.logical_name].call(
        message_context(context), flow_id, payload
    )
    return StartedRun(response.flowsession_id)


def message_context(context: PageContext) -> MessageContext:
    """Return what a message works with."""
    return MessageContext(context.tx, context.principal, context.settings, context.vault)


def parameters(text: str | None, schema: Schema) -> Iterator[FlowParameter]:
    """Yield the parameters of a flow's ``inputs`` or ``outputs`` column, in its order."""
    try:
        declared = (json.loads(text or "{}").get("schema") or {}).get("properties") or {}
    except (ValueError, AttributeError, RecursionError):
        declared = {}
    for one in schema.parameters.values():
        described = declared.get(one.name)
        description = described.get("description") if isinstance(described, Mapping) else ""
        yield FlowParameter(
            one.name,
            one.type or "string",
            str(description or ""),
            one.required and one.default is None,
            one.sensitive,
            None if one.sensitive else one.default,
        )


def usable_connections(context: PageContext) -> Iterator[UsableConnection]:
    """Yield the desktop-flow connections that the caller may use, by name."""
    c, machines = Connection.c, FlowMachine.c
    silence = timedelta(seconds=context.settings.heartbeat_seconds * _BEATS_MISSED)
    here = sa.select(sa.func.count()).where(machines.flowmachinegroupid == c.targetid)
    connected = here.where(machines.lastheartbeatdate > context.now - silence)
    query = (
        sa.select(
            Connection.table,
            FlowMachineGroup.c.name.label("group_name"),
            here.scalar_subquery().label("machines"),
            connected.scalar_subquery().label("connected"),
        )
        .outerjoin(FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == c.targetid)
        .where(c.connectorid == CONNECTOR_ID)
        .order_by(sa.func.lower(c.displayname), c.createdon)
        .limit(500)
    )
    for row in context.tx.execute(query).mappings().all():
        if may_use(context.tx, context.principal, row):
            shown = row["displayname"] or row["name"]
            counts = row["machines"], row["connected"]
            yield UsableConnection(row["name"], shown, row["targetid"], row["group_name"], *counts)


def likely_connection(
    context: PageContext, flow_id: UUID, usable: tuple[UsableConnection, ...]
) -> str | None:
    """Return the connection that a flow's last run went through, or the only one."""
    c = FlowSession.c
    last = sa.select(c.connectionid).where(c.regardingobjectid == flow_id, c.connectionid.is_not(None))
    found = context.tx.execute(last.order_by(c.createdon.desc()).limit(1)).scalar()
    names = [one.name for one in usable]
    if found in names:
        return str(found)
    return names[0] if len(names) == 1 else None
