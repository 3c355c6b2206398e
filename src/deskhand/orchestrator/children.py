"""Flows that a run calls: each gets a flow session of its own. Source: machines-and-runs 7.3.

They run inside their caller's run, so they have no place in the queue and no lease.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deskhand.core.clock import from_wire
from deskhand.core.settings import Settings
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.flowsession import FlowSession, TriggerType
from deskhand.identity.vault import Vault
from deskhand.orchestrator.flows import published_flow
from deskhand.orchestrator.parameters import read_schema
from deskhand.orchestrator.rows import Owner, Row, new_row, run_row
from deskhand.orchestrator.runs import finish_run, hidden_outputs, keep_inputs
from deskhand.orchestrator.transitions import RUNNING, Event
from deskhand.protocol.messages import ChildRunEnded, ChildRunStarted, RunError
from deskhand.records.changes import announce
from deskhand.store.database import Transaction


def start_called_flow(tx: Transaction, run: Row, message: ChildRunStarted, vault: Vault) -> str | None:
    """Give a called flow its session.

    Args:
        tx: The open transaction.
        run: The run that the agent holds, at the top.
        message: What was called.
        vault: Seals its inputs.

    Returns:
        None, or why it got none.
    """
    known = run_row(tx, message.child_run_id)
    if known is not None:
        mine = known["machineid"] == run["machineid"] and known["parentdesktopflowrunid"] is not None
        return None if mine else "the child run's id belongs to another run"
    flow = published_flow(tx, message.workflow_id)
    if flow is None:
        return "the called flow does not exist"
    if not _is_part_of(tx, run, message):
        return "the calling run is not part of this run"
    session = _session(tx, run, flow, message, vault)
    tx.execute(FlowSession.table.insert(), session)
    announce(tx, FlowSession, message.child_run_id, ChangeMessage.CREATE, session, None)
    return None


def end_called_flow(
    tx: Transaction,
    called: Row,
    event: Event,
    message: ChildRunEnded,
    error: RunError | None,
    settings: Settings,
    vault: Vault,
) -> Row | None:
    """End a called flow's session; returns None if it had ended before."""
    return finish_run(
        tx,
        called,
        event,
        settings,
        vault,
        outputs=message.outputs,
        error=error,
        at=max(_instant(message.completed_at, tx.now), called["startedon"]),
    )


def _is_part_of(tx: Transaction, run: Row, message: ChildRunStarted) -> bool:
    if message.parent_run_id == run["flowsessionid"]:
        return True
    parent = run_row(tx, message.parent_run_id)
    return (
        parent is not None
        and parent["machineid"] == run["machineid"]
        and parent["parentdesktopflowrunid"] is not None
    )


def _session(tx: Transaction, run: Row, flow: Row, message: ChildRunStarted, vault: Vault) -> dict[str, Any]:
    inputs_schema = read_schema(flow["inputs"], flow["definition"])
    outputs_schema = read_schema(flow["outputs"], flow["definition"])
    inherited = (
        "machineid",
        "machinegroupid",
        "runmode",
        "sessionusername",
        "processversion",
        "correlationid",
    )
    started = _instant(message.started_at, tx.now)
    values = {
        **{name: run[name] for name in inherited},
        **keep_inputs(tx, message.child_run_id, message.inputs, inputs_schema, vault),
        "flowsessionid": message.child_run_id,
        "name": (flow["name"] or "")[:100],
        "statuscode": int(RUNNING),
        "fencingtoken": message.fencing_token,
        "createdon": started,
        "startedon": started,
        "regardingobjectid": flow["workflowid"],
        "flowversionid": flow["flowversionid"],
        "parentdesktopflowrunid": message.parent_run_id,
        "triggertype": int(TriggerType.DESKTOP_FLOW),
        "rundetails": hidden_outputs(outputs_schema),
    }
    return new_row(tx, FlowSession, Owner.of(run), values, version=tx.next_version())


def _instant(text: str, fallback: datetime) -> datetime:
    """Read an agent's instant; its clock counts only where it does not run ahead of the server's."""
    try:
        return min(from_wire(text), fallback)
    except (ValueError, OverflowError):
        return fallback
