"""The versions of flows: what a desktop flow was published with, and a cloud flow saved with.

A run of a desktop flow takes the version in force. Source: experience 4.1 and 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Category, ComponentState, Workflow, WorkflowVersion
from deskhand.orchestrator.transitions import WAITING
from deskhand.store.database import Transaction

_W, _S, _V = Workflow.c, FlowSession.c, WorkflowVersion.c
_KINDS = (Category.DESKTOP_FLOW.value, Category.MODERN_FLOW.value)
_FLOWS_AT_ONCE = 50

LONGEST_NOTE = 500
"""Characters of what is said of a version."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What a version keeps of a flow.

    Attributes:
        is_desktop: Whether it is a desktop flow.
        definition: The Robin text, or the cloud flow's document.
        beside: What stood beside the document in its container.
    """

    is_desktop: bool
    definition: str
    beside: str | None


def keep_version(
    tx: Transaction, workflow_id: UUID, *, by: UUID, note: str = "", most: int | None = None
) -> int | None:
    """Keep what a flow is published or saved with as its newest version.

    Runs of a desktop flow that wait take it. The same content again, without a note, is the same version; a
    note that follows in the same transaction is the version's own.

    Args:
        tx: The open transaction.
        workflow_id: The flow.
        by: Who published or saved it.
        note: What they say of it.
        most: How many versions of a flow are kept; the oldest go, at the latest with :func:`forget_versions`.

    Returns:
        The version's number; None where there is no published flow.
    """
    content = _content(tx, workflow_id)
    if content is None:
        return None
    newest = sa.select(WorkflowVersion.table).where(_V.workflowid == workflow_id)
    former = tx.execute(newest.order_by(_V.number.desc()).limit(1)).mappings().first()
    same = former is not None and (former["definition"], former["beside"]) == (
        content.definition,
        content.beside,
    )
    if former is not None and same and (not note or former["createdon"] == tx.now):
        version_id, number = former["workflowversionid"], int(former["number"])
        if note:
            this = sa.update(WorkflowVersion.table).where(_V.workflowversionid == version_id)
            tx.execute(this.values(note=note))
    else:
        version_id, number = new_id(), 1 if former is None else former["number"] + 1
        values = {
            "workflowversionid": version_id,
            "workflowid": workflow_id,
            "number": number,
            "createdon": tx.now,
            "createdby": by,
            "note": note or None,
            "definition": content.definition,
            "beside": content.beside,
        }
        tx.execute(sa.insert(WorkflowVersion.table), values)
    if content.is_desktop:
        _put_in_force(tx, workflow_id, version_id)
    if most is not None:
        _forget_before(tx, workflow_id, number - most)
    return number


def _content(tx: Transaction, workflow_id: UUID) -> _Content | None:
    query = sa.select(_W.category, _W.definition, _W.clientdata, _W.metadata).where(
        _W.workflowid == workflow_id,
        _W.componentstate == ComponentState.PUBLISHED.value,
        _W.category.in_(_KINDS),
    )
    row = tx.execute(query.with_for_update()).first()
    if row is None:
        return None
    if row.category == Category.DESKTOP_FLOW:
        return _Content(True, row.definition or "", None)
    return _Content(False, row.clientdata or "", row.metadata)


def _put_in_force(tx: Transaction, workflow_id: UUID, version_id: UUID) -> None:
    """Note which version runs take from now on, those that wait for a machine included."""
    flow = sa.update(Workflow.table).where(
        _W.workflowid == workflow_id, _W.componentstate == ComponentState.PUBLISHED.value
    )
    tx.execute(flow.values(flowversionid=version_id))
    waiting = sa.update(FlowSession.table).where(
        _S.regardingobjectid == workflow_id, _S.statuscode == int(WAITING), _S.leaseexpireson.is_(None)
    )
    tx.execute(waiting.values(flowversionid=version_id))


def forget_versions(tx: Transaction, most: int) -> int:
    """Delete the oldest versions of some flows that have more than are kept; return how many."""
    counted = (
        sa.select(_V.workflowid, sa.func.max(_V.number))
        .group_by(_V.workflowid)
        .having(sa.func.count() > most)
        .limit(_FLOWS_AT_ONCE)
    )
    return sum(_forget_before(tx, flow_id, newest - most) for flow_id, newest in tx.execute(counted).all())


def _forget_before(tx: Transaction, workflow_id: UUID, last: int) -> int:
    gone = sa.delete(WorkflowVersion.table).where(_V.workflowid == workflow_id, _V.number <= last)
    return tx.execute(gone).rowcount
