"""What is asked of writes to flows and to their runs. Source: dataverse-api 4.4 and 11.1, cloud-flows 7.4."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.changes import ChangeMessage
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Category, Workflow, WorkflowState, WorkflowStatus, WorkflowType
from deskhand.identity.principals import Principal
from deskhand.messages.errors import (
    ClientDataMalformed,
    DesktopFlowTextRefused,
    FlowBornActive,
    FlowCategoryRefused,
    FlowHasActiveRuns,
    RunNotFinished,
)
from deskhand.orchestrator.transitions import WAITING_OR_RUNNING, is_terminal
from deskhand.records.rules import Write, before_write
from deskhand.store.database import Transaction

_DRAFT = {"statecode": WorkflowState.DRAFT.value, "statuscode": WorkflowStatus.DRAFT.value}
_DESKTOP_FLOW_TEXT = ("definition", "inputs", "outputs", "schemaversion", "clientdata")
"""What an import computes from a desktop flow's text, and that text."""


@before_write(Workflow)
def check_flow(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
    """Check a write to a flow; cloud flows are checked further where they are run."""
    if write.message is ChangeMessage.CREATE:
        return _new_flow(write.changes)
    assert write.before is not None
    if write.message is ChangeMessage.DELETE:
        require_idle(tx, write.row_id)
        return write.changes
    return _changed_flow(write.before, write.changes)


def _new_flow(values: Mapping[str, Any]) -> dict[str, Any]:
    category = values.get("category", Category.DESKTOP_FLOW)
    if category == Category.DESKTOP_FLOW:
        raise DesktopFlowTextRefused
    if category != Category.MODERN_FLOW or values.get("type", WorkflowType.DEFINITION) != 1:
        raise FlowCategoryRefused
    if values.get("statecode", WorkflowState.DRAFT) != WorkflowState.DRAFT:
        raise FlowBornActive
    _require_object(values.get("clientdata"))
    return {**values, **_DRAFT}


def _changed_flow(row: Mapping[Any, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in changes.items() if row[name] != value}
    if not changed.keys().isdisjoint(("category", "type")):
        raise FlowCategoryRefused
    if row["category"] == Category.DESKTOP_FLOW and not changed.keys().isdisjoint(_DESKTOP_FLOW_TEXT):
        raise DesktopFlowTextRefused
    if "clientdata" in changed:
        _require_object(changed["clientdata"])
    # A cloud flow runs as its owner: the new one has to want that.
    handed_on = row["category"] == Category.MODERN_FLOW and "ownerid" in changed
    return {**changes, **(_DRAFT if handed_on else {})}


def _require_object(client_data: str | None) -> None:
    try:
        content = json.loads(client_data or "")
    except (ValueError, RecursionError) as error:
        raise ClientDataMalformed from error
    if not isinstance(content, dict):
        raise ClientDataMalformed


@before_write(FlowSession)
def check_run(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
    """Let only runs be deleted that have ended; an agent still works on the others."""
    if write.before is not None and not is_terminal(write.before["statuscode"]):
        raise RunNotFinished(write.row_id)
    return write.changes


def count_runs(tx: Transaction, workflow_id: UUID, statuses: Collection[int] | None = None) -> int:
    """Return how many runs a flow has, finished ones included unless statuses are named."""
    query = sa.select(sa.func.count()).where(FlowSession.c.regardingobjectid == workflow_id)
    if statuses is not None:
        query = query.where(FlowSession.c.statuscode.in_(statuses))
    return int(tx.execute(query).scalar_one())


def require_idle(tx: Transaction, workflow_id: UUID) -> None:
    """Make sure that a flow can be deleted.

    Raises:
        FlowHasActiveRuns: Some of its runs wait or run.
    """
    active = count_runs(tx, workflow_id, [int(one) for one in WAITING_OR_RUNNING])
    if active:
        raise FlowHasActiveRuns(active)
