"""The message RunDesktopFlow. Source: dataverse-api 9.2, machines-and-runs 3.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deskhand.entities.flowsession import FlowSessionRunMode
from deskhand.entities.workflow import Category, Workflow, WorkflowState
from deskhand.messages.declare import MessageContext, Row, message
from deskhand.messages.errors import (
    FlowSuspended,
    InputsMalformed,
    InputsTooLarge,
    InvalidParameter,
    NoDesktopFlow,
)
from deskhand.orchestrator.callback_urls import parse_callback_url
from deskhand.orchestrator.connections import ConnectionType, resolve_connection
from deskhand.orchestrator.parameters import fit_inputs, read_schema
from deskhand.orchestrator.rows import Owner
from deskhand.orchestrator.runs import HIGH, NORMAL, RunRequest, request_run
from deskhand.protocol.codec import BadMessage, decode
from deskhand.records.service import retrieve

_NAME = "RunDesktopFlow"
_RUN_MODES = {"attended": FlowSessionRunMode.ATTENDED, "unattended": FlowSessionRunMode.UNATTENDED}
_COLUMNS = (
    "workflowid", "name", "category", "statecode", "inputs", "definition", "ownerid", "owningbusinessunit",
    "flowversionid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LicenseCheck:
    """Whether a licence covers the run; here every run is covered."""

    code: str = "ValidLicenseCoverage"
    message: str = "Valid License Coverage"


@dataclass(frozen=True, slots=True)
class RunDesktopFlowResponse:
    """The run that was queued."""

    flowsession_id: UUID
    license_check: LicenseCheck


def _admit(context: MessageContext, workflow_id: UUID) -> Row:
    """Let those pass who may read the flow, which is enough to run it. The published version runs."""
    flow: Row = retrieve(context.tx, context.principal, Workflow, workflow_id, columns=_COLUMNS)
    if flow["category"] != Category.DESKTOP_FLOW:
        raise NoDesktopFlow(flow["name"], workflow_id)
    if flow["statecode"] == WorkflowState.SUSPENDED:
        raise FlowSuspended(flow["name"])
    return flow


@message(_NAME, bound_to=Workflow, admit=_admit)
def run_desktop_flow(
    context: MessageContext,
    flow: Row,
    *,
    run_mode: str,
    connection_name: str,
    connection_type: int = ConnectionType.CONNECTION,
    run_priority: str = "normal",
    timeout: int | None = None,
    inputs: str | None = None,
    callback_url: str | None = None,
) -> RunDesktopFlowResponse:
    """Queue a run of a desktop flow; never waits for it.

    Args:
        context: What the message works with.
        flow: The flow's row.
        run_mode: ‘attended’ or ‘unattended’.
        connection_name: The name of a connection, or the logical name of a connection reference.
        connection_type: 1 for a connection, 2 for a connection reference.
        run_priority: ‘high’ lets the run pass waiting ones; anything else is normal.
        timeout: Seconds the run may take.
        inputs: The flow's inputs, as the text of a JSON object.
        callback_url: The https address to post to when the run ends.
    """
    mode = _RUN_MODES.get(run_mode.strip().casefold())
    if mode is None:
        raise InvalidParameter(_NAME, "runMode", f"is ‘{run_mode[:40]}’; it takes attended or unattended.")
    kind = _connection_kind(connection_type)
    seconds = _timeout(context, timeout)
    schema = read_schema(flow["inputs"], flow["definition"])
    values = fit_inputs(schema, _read_inputs(context, inputs))
    if callback_url:
        parse_callback_url(callback_url, allow_insecure=context.settings.callback_allow_insecure)
    request = RunRequest(
        workflow_id=flow["workflowid"],
        flow_name=flow["name"],
        owner=_owner(context, flow),
        requested_by=context.principal.user_id,
        connection=resolve_connection(context.tx, context.principal, connection_name.strip(), kind),
        run_mode=mode,
        priority=HIGH if run_priority.strip().casefold() == "high" else NORMAL,
        timeout_seconds=seconds,
        inputs=values,
        schema=schema,
        callback_url=callback_url or None,
        correlation_id=context.correlation_id,
        version_id=flow["flowversionid"],
    )
    run_id = request_run(context.tx, request, context.settings, context.vault)
    return RunDesktopFlowResponse(run_id, LicenseCheck())


def _connection_kind(given: int) -> ConnectionType:
    try:
        return ConnectionType(given)
    except ValueError as error:
        problem = f"is {given}; it takes 1 (connection) or 2 (connection reference)."
        raise InvalidParameter(_NAME, "connectionType", problem) from error


def _timeout(context: MessageContext, given: int | None) -> int:
    longest = context.settings.run_timeout_max
    if given is None:
        return min(context.settings.run_timeout_default, longest)
    if not 1 <= given <= longest:
        raise InvalidParameter(_NAME, "timeout", f"is {given}; it takes 1 to {longest} seconds.")
    return given


def _read_inputs(context: MessageContext, text: str | None) -> Mapping[str, Any]:
    if not text:
        return {}
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > context.settings.inputs_max_bytes:
        raise InputsTooLarge(size, context.settings.inputs_max_bytes)
    try:
        return decode(text, dict[str, Any])
    except BadMessage as error:
        raise InputsMalformed(": ".join(filter(None, (error.where, error.problem)))) from error


def _owner(context: MessageContext, flow: Row) -> Owner:
    """Return whose the run is: who may see and cancel it. Source: dataverse-api 12.

    A caller who only may run the flow gets no more than that: the run is the flow owner's.
    """
    if flow["ownerid"] == context.principal.user_id:
        return Owner(context.principal.user_id, context.principal.business_unit_id)
    return Owner(flow["ownerid"], flow["owningbusinessunit"])
