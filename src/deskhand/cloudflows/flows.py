"""Cloud flows as they are started: the row, whose it is, the version in force. Source: cloud-flows 1.3."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.workflow import Category, ComponentState, Workflow, WorkflowState
from deskhand.orchestrator.rows import Owner
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

_W = Workflow.c
_SELECTED = sa.select(
    _W.workflowid, _W.name, _W.ownerid, _W.owningbusinessunit, _W.statecode, _W.flowversionid, _W.addresskey
).where(_W.category == int(Category.MODERN_FLOW), _W.componentstate == int(ComponentState.PUBLISHED))
_BY_ID = Statement(_SELECTED.where(_W.workflowid == sa.bindparam("workflow_id")))


@dataclass(frozen=True, slots=True)
class Flow:
    """A cloud flow.

    Attributes:
        version_id: The version that is in force; None if the flow was never switched on or tried.
        is_on: Whether its triggers start runs.
        address_key: What makes its present addresses differ from those before.
    """

    workflow_id: UUID
    name: str
    owner: Owner
    version_id: UUID | None
    is_on: bool
    address_key: str | None = None


def find_flow(tx: Transaction, workflow_id: UUID) -> Flow | None:
    """Return a cloud flow, or None if there is none of that id."""
    row = tx.row(_BY_ID, {"workflow_id": workflow_id})
    if row is None:
        return None
    return Flow(
        workflow_id=row["workflowid"],
        name=row["name"] or "",
        owner=Owner.of(row),
        version_id=row["flowversionid"],
        is_on=row["statecode"] == WorkflowState.ACTIVATED,
        address_key=row["addresskey"],
    )


def deleted_flow(workflow_id: UUID) -> Flow:
    """Return what is left of a flow that was deleted while its triggers still have to end elsewhere."""
    nobody = UUID(int=0)
    return Flow(workflow_id, "", Owner(nobody, nobody), version_id=None, is_on=False)
