"""Drafts, sharing and deletion of flows."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.entities.flowsession import FlowLog, FlowSession
from deskhand.entities.storage import Callback, FileContent
from deskhand.entities.workflow import (
    ComponentState,
    DesktopFlowBinary,
    Workflow,
    WorkflowState,
    WorkflowStatus,
)
from deskhand.orchestrator.transitions import WAITING_OR_RUNNING
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.store.database import Transaction


class NoDraft(DeskhandError):
    """The flow has no draft: what is published is what was last saved."""

    code = "DH1601"
    exit_code = 3

    def __init__(self) -> None:
        super().__init__("This flow has no draft. Import one with: deskhand import FILE --draft")


class FlowHasActiveRuns(DeskhandError):
    """A flow whose runs wait or run cannot be deleted; cancel them first."""

    code = "DH1602"
    exit_code = 6

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} runs of this flow wait or run. Cancel them first: deskhand runs list --active"
        )


def publish_draft(tx: Transaction, workflow_id: UUID, *, by: UUID) -> None:
    """Make a flow's draft its published version.

    Raises:
        NoDraft: There is none.
    """
    columns = Workflow.c
    drafts = sa.and_(
        columns.workflowid == workflow_id, columns.componentstate == ComponentState.UNPUBLISHED.value
    )
    if tx.execute(sa.select(columns.workflowid).where(drafts)).first() is None:
        raise NoDraft
    published = sa.and_(
        columns.workflowid == workflow_id, columns.componentstate == ComponentState.PUBLISHED.value
    )
    tx.execute(Workflow.table.delete().where(published))
    values = {
        "componentstate": ComponentState.PUBLISHED.value,
        "statecode": WorkflowState.ACTIVATED.value,
        "statuscode": WorkflowStatus.ACTIVATED.value,
        "modifiedon": tx.now,
        "modifiedby": by,
        "versionnumber": tx.next_version(),
    }
    tx.execute(Workflow.table.update().where(drafts).values(values))


def count_runs(tx: Transaction, workflow_id: UUID) -> int:
    """Return how many runs a flow has, finished ones included."""
    query = sa.select(sa.func.count()).where(FlowSession.c.regardingobjectid == workflow_id)
    return int(tx.execute(query).scalar_one())


def delete_flow(tx: Transaction, workflow_id: UUID) -> None:
    """Delete a flow, its files and its runs. Source: dataverse-api 4.4.

    Raises:
        FlowHasActiveRuns: Some of its runs wait or run.
    """
    sessions = sa.select(FlowSession.c.flowsessionid).where(FlowSession.c.regardingobjectid == workflow_id)
    active = sa.select(sa.func.count()).where(
        FlowSession.c.regardingobjectid == workflow_id, FlowSession.c.statuscode.in_(WAITING_OR_RUNNING)
    )
    count = int(tx.execute(active).scalar_one())
    if count:
        raise FlowHasActiveRuns(count)
    binaries = sa.select(DesktopFlowBinary.c.desktopflowbinaryid).where(
        DesktopFlowBinary.c.process == workflow_id
    )
    for table, column, rows in (
        (FileContent.table, FileContent.c.objectid, sessions),
        (FileContent.table, FileContent.c.objectid, binaries),
        (FlowLog.table, FlowLog.c.flowsessionid, sessions),
        (Callback.table, Callback.c.flowsessionid, sessions),
        (FlowSession.table, FlowSession.c.flowsessionid, sessions),
        (DesktopFlowBinary.table, DesktopFlowBinary.c.desktopflowbinaryid, binaries),
    ):
        tx.execute(table.delete().where(column.in_(rows)))
    tx.execute(Workflow.table.delete().where(Workflow.c.workflowid == workflow_id))


def share_flow(tx: Transaction, workflow_id: UUID, user_id: UUID, *, co_owner: bool) -> None:
    """Share a flow as *User* (run only) or *Co-owner*. Source: machines-and-runs 7.2."""
    rights = ("ReadAccess", "WriteAccess", "AppendAccess", "AppendToAccess", "DeleteAccess", "ShareAccess")
    mask = sum(ACCESS_FLAGS[right] for right in (rights if co_owner else rights[:1]))
    share(tx, Workflow, workflow_id, user_id, mask)
