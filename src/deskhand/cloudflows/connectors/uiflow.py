"""Desktop flows: *Run a flow built with Power Automate for desktop*. Source: cloud-flows 4.

The flow session is queued in the transaction that journals its id, so it begins once, whatever dies when.
From then on the action waits as a row: the session's end signals it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import ConnectionTestFailed
from deskhand.cloudflows.connections import BoundConnection, bound_connection
from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    Done,
    Outcome,
    Problem,
    Services,
    Signalled,
    Status,
    Step,
    Transact,
    Wait,
    connector,
)
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.paths import parameter_object
from deskhand.cloudflows.retry import is_retried
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowsession import FlowSessionRunMode, FlowSessionStatus, TriggerType
from deskhand.entities.workflow import Category, Workflow, WorkflowState
from deskhand.orchestrator.connections import ConnectionTarget, ConnectionType, resolve_connection
from deskhand.orchestrator.errors import (
    ConnectionNotFound,
    ConnectionNotUsable,
    GroupIsEmpty,
    InputMismatch,
    InputMissing,
    MachineGroupNotFound,
    QueueFull,
    RunRateExceeded,
)
from deskhand.orchestrator.parameters import Schema, fit_inputs, read_schema, write_values
from deskhand.orchestrator.parameters import shown as visible_values
from deskhand.orchestrator.parents import DESKTOP_FLOW_ENDED, CloudParent
from deskhand.orchestrator.rows import Owner, Row, run_row
from deskhand.orchestrator.runs import (
    HIGH,
    NORMAL,
    RunRequest,
    cancel_run,
    open_outputs,
    request_run,
)
from deskhand.records.errors import AccessDenied, ObjectDoesNotExist, PrivilegeDenied
from deskhand.records.service import retrieve
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

_SILENT = timedelta(minutes=2)


def _try_machines(services: Services, values: Mapping[str, Value]) -> None:
    """Look for a machine of the group that has been heard of lately.

    Raises:
        ConnectionTestFailed: There is none.
    """
    group_id = parse_id(to_text(values.get("targetId")))
    query = sa.select(FlowMachine.c.lastheartbeatdate).where(FlowMachine.c.flowmachinegroupid == group_id)
    now, beats = services.read(lambda tx: (tx.now, tx.execute(query).scalars().all()))
    if not beats:
        raise ConnectionTestFailed("its machine group has no machine.")
    if not any(beat is not None and now - beat < _SILENT for beat in beats):
        raise ConnectionTestFailed("none of its machines is connected.")


DESKTOP_FLOWS = connector(
    "shared_uiflow",
    title="Desktop flows",
    doc="Runs desktop flows on machines and machine groups.",
    parameters={
        "type": "object",
        "required": ["targetId"],
        "properties": {
            "targetId": {
                "type": "string",
                "title": "Machine or machine group",
                "description": "The machine group that runs go to.",
            }
        },
    },
    test=_try_machines,
)

_COLUMNS = (
    "workflowid", "name", "category", "statecode", "inputs", "outputs", "definition", "ownerid",
    "owningbusinessunit", "flowversionid",
)  # fmt: skip
_RUN_MODES = {"attended": FlowSessionRunMode.ATTENDED, "unattended": FlowSessionRunMode.UNATTENDED}
_STATUS_OF_CODE: Mapping[str, int] = {
    "DesktopFlowsActionThrottled": 429,
    "UIFlowAlreadyRunning": 429,
    "LocalPlaybackOrRecordingOngoing": 429,
    "NoListenerConnected": 404,
    "ConnectionNotEstablished": 404,
    "ConnectionTimeout": 404,
    "DnsError": 404,
    "EndpointDoNotExist": 404,
    "XrmMachineGroupNotFound": 404,
    "WindowsIdentityIncorrect": 401,
    "InvalidUIFlowsCertificates": 401,
    "WcfServerCrash": 500,
    "DesktopFlowMalformedMachineResponse": 500,
}
"""What is not here is 400. Source: cloud-flows 4.4."""
_REFUSALS: tuple[tuple[type[DeskhandError], int, str], ...] = (
    (RunRateExceeded, 429, "DesktopFlowsActionThrottled"),
    (QueueFull, 429, "DesktopFlowsActionThrottled"),
    (MachineGroupNotFound, 404, "XrmMachineGroupNotFound"),
    (GroupIsEmpty, 400, "GroupIsEmpty"),
    (InputMismatch, 400, "InvalidArgument"),
    (InputMissing, 400, "InvalidArgument"),
    (ObjectDoesNotExist, 404, "DesktopFlowNotFound"),
    (AccessDenied, 403, "Forbidden"),
    (PrivilegeDenied, 403, "Forbidden"),
    (ConnectionNotFound, 404, "ConnectionNotFound"),
    (ConnectionNotUsable, 403, "Forbidden"),
)
"""Why a session is not queued: status and code of the action."""


def _release(step: Step, tx: Transaction) -> None:
    """Cancel the session that nobody waits for any more."""
    if step.linked_id is not None:
        cancel_run(tx, step.linked_id, None, finished_is_error=False)


@DESKTOP_FLOWS.operation(
    "RunUIFlow_V2",
    title="Run a flow built with Power Automate for desktop",
    inputs={
        "type": "object",
        "required": ["uiFlowId", "runMode"],
        "properties": {
            "uiFlowId": {"type": "string", "title": "Desktop flow"},
            "runMode": {"type": "string", "title": "Run mode", "enum": ["attended", "unattended"]},
            "runPriority": {"type": "string", "title": "Run priority", "enum": ["normal", "high"]},
            "item": {"type": "object", "title": "Inputs"},
        },
    },
    outputs={"type": "object"},
    dynamic={"uiFlowId": "ListUIFlows", "item": "GetUIFlowMetadata"},
    waits=True,
    release=_release,
)
def run_ui_flow_v2(step: Step) -> Outcome:
    """Run a desktop flow on a machine, and wait for what it returns."""
    if isinstance(step.event, Signalled) and step.event.kind == DESKTOP_FLOW_ENDED:
        return Transact(partial(_ended, step))
    return Transact(partial(_queue, step))


def _queue(step: Step, tx: Transaction) -> Done | Wait:
    """Queue the session; what is refused before it exists may be tried again, never after."""
    inputs = step.given if isinstance(step.given, Mapping) else {}
    parameters = member(inputs, "parameters")
    given = parameters if isinstance(parameters, Mapping) else {}
    try:
        connection = bound_connection(tx, step.run, _connection_key(inputs))
        flow = _desktop_flow(tx, given, connection)
        schema = read_schema(flow["inputs"], flow["definition"])
        values = _inputs(given, schema, step)
        step.give(inputs, shown=_shown(inputs, given, values, schema))
        request = _request(step, given, flow, schema, values, connection, tx)
        session_id = request_run(tx, request, step.settings, step.services.vault)
    except DeskhandError as error:
        return _refused(error)
    step.state["flow"] = str(flow["workflowid"])
    return Wait(linked_id=session_id)


def _connection_key(inputs: Mapping[str, Value]) -> str:
    host = member(inputs, "host")
    return to_text(member(host, "connectionName")) if isinstance(host, Mapping) else ""


def _desktop_flow(tx: Transaction, given: Mapping[str, Value], connection: BoundConnection) -> Row:
    text = to_text(member(given, "uiFlowId"))
    flow_id = parse_id(text)
    if flow_id is None:
        raise _bad_request(f"The parameter 'uiFlowId' is '{text[:80]}'; it must be the id of a desktop flow.")
    flow: Row = retrieve(tx, connection.principal, Workflow, flow_id, columns=_COLUMNS)
    if flow["category"] != Category.DESKTOP_FLOW:
        raise _bad_request(f"The flow '{flow['name']}' is no desktop flow.")
    if flow["statecode"] == WorkflowState.SUSPENDED:
        raise _bad_request(f"The desktop flow '{flow['name']}' is suspended.")
    return flow


def _inputs(given: Mapping[str, Value], schema: Schema, step: Step) -> dict[str, Any]:
    """Return the desktop flow's inputs; names that it does not have are dropped. Source: cloud-flows 4.3."""
    item = parameter_object(given, "item")
    if item is not None and not isinstance(item, Mapping):
        raise _bad_request("The parameter 'item' must be an object with the desktop flow's inputs.")
    values = fit_inputs(schema, {name: value for name, value in (item or {}).items() if value is not None})
    size = len(write_values(values))
    if size > step.settings.inputs_max_bytes:
        raise _bad_request(
            f"The inputs of the desktop flow have {size} bytes, and {step.settings.inputs_max_bytes} are "
            "allowed."
        )
    return values


def _shown(
    inputs: Mapping[str, Value], given: Mapping[str, Value], values: Mapping[str, Any], schema: Schema
) -> Value:
    """Return what people see of the inputs: nothing of what the desktop flow calls sensitive."""
    if not any(schema.hides(name) for name in values):
        return inputs
    visible = visible_values(values, schema)
    kept = {name: value for name, value in given.items() if name.split("/")[0].casefold() != "item"}
    return {**inputs, "parameters": {**kept, **{f"item/{name}": value for name, value in visible.items()}}}


def _request(
    step: Step,
    given: Mapping[str, Value],
    flow: Row,
    schema: Schema,
    values: Mapping[str, Any],
    connection: BoundConnection,
    tx: Transaction,
) -> RunRequest:
    run_mode = to_text(member(given, "runMode")).strip().casefold().partition(" ")[0]
    mode = _RUN_MODES.get(run_mode)
    if mode is None:
        raise _bad_request(
            f"The parameter 'runMode' is '{run_mode[:40]}'; it must be attended or unattended."
        )
    priority = to_text(member(given, "runPriority")).strip().casefold()
    return RunRequest(
        workflow_id=flow["workflowid"],
        flow_name=flow["name"],
        owner=Owner(connection.principal.user_id, connection.principal.business_unit_id),
        requested_by=connection.principal.user_id,
        connection=_target(tx, connection),
        run_mode=mode,
        priority=HIGH if priority == "high" else NORMAL,
        timeout_seconds=step.settings.run_timeout_max,
        inputs=values,
        schema=schema,
        correlation_id=step.run.client_tracking_id,
        trigger=TriggerType.API_FLOW,
        parent=CloudParent(step.run.workflow_id, step.run.id, step.run.name, step.tracking_id),
        version_id=flow["flowversionid"],
    )


def _target(tx: Transaction, connection: BoundConnection) -> ConnectionTarget:
    return resolve_connection(tx, connection.principal, connection.name, ConnectionType.CONNECTION)


def _bad_request(message: str) -> ActionFailed:
    return ActionFailed(
        "InvalidArgument", message, outputs=_failure_outputs(400, "InvalidArgument", message, None)
    )


def _refused(error: DeskhandError) -> Done:
    """Return the end of an action whose session was not queued."""
    for kind, status, code in _REFUSALS:
        if isinstance(error, kind):
            return _failed(status, code, error.message, None, transient=is_retried(status))
    raise error


def _failed(
    status: int, code: str, message: str, session_id: UUID | None, *, transient: bool = False
) -> Done:
    return Done(
        Status.FAILED,
        status_name(status),
        outputs=_failure_outputs(status, code, message, session_id),
        problem=Problem(code, message),
        transient=transient,
    )


def _failure_outputs(status: int, code: str, message: str, session_id: UUID | None) -> dict[str, Value]:
    body = {"error": {"code": code, "message": message}}
    return {"statusCode": status, "headers": _headers(session_id), "body": body}


def _headers(session_id: UUID | None) -> dict[str, Value]:
    headers = {"Content-Type": "application/json"}
    return headers if session_id is None else {"x-ms-flow-session-id": str(session_id), **headers}


def _ended(step: Step, tx: Transaction) -> Done | Wait:
    """Bring the session's end into the run. Source: cloud-flows 4.3 and 4.4."""
    assert step.linked_id is not None, "the action waits for a session"
    session = run_row(tx, step.linked_id)
    if session is None:
        return _failed(404, "DesktopFlowRunNotFound", "The desktop flow's run was deleted.", step.linked_id)
    if session["statuscode"] == FlowSessionStatus.SUCCEEDED:
        content, visible = open_outputs(tx, step.linked_id, step.services.vault)
        whole = {"statusCode": 200, "headers": _headers(step.linked_id), "body": json.loads(content)}
        shown = NOTHING if visible == content else {**whole, "body": json.loads(visible)}
        return Done(outputs=whole, shown=shown)
    if session["statuscode"] == FlowSessionStatus.CANCELLED:
        return _failed(400, "Cancelled", "The desktop flow's run was cancelled.", step.linked_id)
    code = session["errorcode"] or "DesktopFlowFailed"
    return _failed(_STATUS_OF_CODE.get(code, 400), code, session["errormessage"] or "", step.linked_id)
