"""Switching cloud flows on and off. Source: cloud-flows 1.8, 2 and 7.4.

Switching writes rows: the version in force, and a row for each trigger, which may look or be told of changes
from that very commit on. What a trigger begins or ends elsewhere, the server's watcher does when it meets the
row, and again until it succeeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import TriggerType, trigger_type
from deskhand.cloudflows.defined import DefinedTrigger
from deskhand.cloudflows.errors import CloudFlowInvalid, CloudFlowNotFound
from deskhand.cloudflows.examining import examine_flow, read_stored
from deskhand.cloudflows.flows import Flow, find_flow
from deskhand.cloudflows.journal import write_value
from deskhand.cloudflows.parameters import environment_variables, given_values
from deskhand.cloudflows.programs import keep_version
from deskhand.core.ids import new_id
from deskhand.entities.flowtrigger import FlowTrigger
from deskhand.entities.workflow import Workflow, WorkflowState, WorkflowStatus
from deskhand.records.service import find, update
from deskhand.records.subscriptions import unsubscribe
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container
from deskhand.wdl.definition import Definition

TRIGGERS = "cloud triggers"
"""Rung when a trigger may have to look earlier than was known."""

_T = FlowTrigger.c
_ON = {"statecode": WorkflowState.ACTIVATED.value, "statuscode": WorkflowStatus.ACTIVATED.value}
_OFF = {"statecode": WorkflowState.DRAFT.value, "statuscode": WorkflowStatus.DRAFT.value}


class Phase(StrEnum):
    """Where a trigger stands between switching on and off."""

    BEGINNING = "Beginning"
    ON = "On"
    ENDING = "Ending"


def turn_on(tx: Transaction, workflow_id: UUID, *, by: UUID) -> None:
    """Switch a flow on with its definition as it is now; one that is on takes the definition over.

    Raises:
        CloudFlowNotFound: There is no such flow.
        CloudFlowInvalid: Its definition has faults.
    """
    put_in_force(tx, workflow_id)
    update(tx, Workflow, workflow_id, dict(_ON), by=by)


def turn_off(tx: Transaction, workflow_id: UUID, *, by: UUID) -> None:
    """Switch a flow off: its triggers start nothing more; runs that have begun go on.

    Raises:
        CloudFlowNotFound: There is no such flow.
    """
    _require(tx, workflow_id)
    end_triggers(tx, workflow_id)
    update(tx, Workflow, workflow_id, dict(_OFF), by=by)


def put_in_force(tx: Transaction, workflow_id: UUID) -> UUID:
    """Check a flow's definition, make it the version in force, and let its triggers begin.

    Raises:
        CloudFlowNotFound: There is no such flow.
        CloudFlowInvalid: Its definition has faults.
    """
    flow = _require(tx, workflow_id)
    _require_faultless(tx, flow)
    end_triggers(tx, workflow_id)
    version_id, container = _take_version(tx, workflow_id)
    rows = [_row(tx, flow, version_id, view, declared) for view, declared in _built(tx, container)]
    if rows:
        tx.execute(sa.insert(FlowTrigger.table), rows)
    tx.notify(TRIGGERS)
    return version_id


def current_version(tx: Transaction, workflow_id: UUID) -> UUID:
    """Check a flow's present definition, and return its version without putting it in force.

    Raises:
        CloudFlowNotFound: There is no such flow.
        CloudFlowInvalid: Its definition has faults.
    """
    _require_faultless(tx, _require(tx, workflow_id))
    row = find(tx, Workflow, workflow_id, columns=("clientdata", "metadata"))
    return keep_version(tx, workflow_id, row["clientdata"] or "", row["metadata"])


def take_version(tx: Transaction, workflow_id: UUID) -> tuple[UUID, Definition]:
    """Make a flow's present definition the version in force; return its id and the definition."""
    version_id, container = _take_version(tx, workflow_id)
    return version_id, container.definition


def _take_version(tx: Transaction, workflow_id: UUID) -> tuple[UUID, Container]:
    row = find(tx, Workflow, workflow_id, columns=("clientdata", "metadata"))
    version_id = keep_version(tx, workflow_id, row["clientdata"] or "", row["metadata"])
    in_force = sa.update(Workflow.table).where(Workflow.c.workflowid == workflow_id)
    tx.execute(in_force.values(flowversionid=version_id))
    return version_id, read_stored(row["clientdata"], row["metadata"])


def end_triggers(tx: Transaction, workflow_id: UUID) -> None:
    """Let a flow's triggers end: they start nothing more from now on."""
    unsubscribe(tx, workflow_id)
    mine = sa.and_(_T.workflowid == workflow_id, _T.phase != str(Phase.ENDING))
    # What just begins elsewhere is not interrupted: only then it is known what has to end.
    begins = sa.and_(_T.phase == str(Phase.BEGINNING), _T.leaseowner.is_not(None))
    values = {
        "phase": str(Phase.ENDING),
        "dueon": sa.case((begins, _T.dueon), else_=tx.now),
        "leaseowner": sa.case((begins, _T.leaseowner), else_=sa.null()),
    }
    tx.execute(sa.update(FlowTrigger.table).where(mine).values(values))
    tx.notify(TRIGGERS)


def _require(tx: Transaction, workflow_id: UUID) -> Flow:
    flow = find_flow(tx, workflow_id)
    if flow is None:
        raise CloudFlowNotFound(workflow_id)
    return flow


def _require_faultless(tx: Transaction, flow: Flow) -> None:
    faults = [one.message for one in examine_flow(tx, flow.workflow_id) if one.fatal]
    if faults:
        raise CloudFlowInvalid(flow.name, faults)


def _built(tx: Transaction, container: Container) -> Iterator[tuple[DefinedTrigger, TriggerType]]:
    parameters = given_values(container, environment_variables(tx))
    for trigger in container.definition.triggers.values():
        declared = trigger_type(trigger)
        if declared is not None:
            yield DefinedTrigger(trigger, container.is_power_automate, parameters, tx.now), declared


def _row(
    tx: Transaction, flow: Flow, version_id: UUID, view: DefinedTrigger, declared: TriggerType
) -> dict[str, Any]:
    due = declared.begin(view) if declared.begin else None
    subscribe = declared.subscribe
    cursor = subscribe(view, tx, flow.workflow_id, flow.owner.user_id) if subscribe else None
    return {
        "flowtriggerid": new_id(),
        "workflowid": flow.workflow_id,
        "flowversionid": version_id,
        "name": view.trigger.name,
        "type": view.trigger.type,
        "phase": str(Phase.BEGINNING if declared.attach else Phase.ON),
        "dueon": tx.now if declared.attach else due,
        "startedon": tx.now,
        "cursor": write_value(cursor),
        "failures": 0,
    }
