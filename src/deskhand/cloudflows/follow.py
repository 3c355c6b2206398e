"""What follows from a turn beyond its own run: whoever waits is told. Source: cloud-flows 2.1, 2.2, 3.10."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import Status
from deskhand.cloudflows.runstate import RunState
from deskhand.entities.flowrun import FlowRun
from deskhand.orchestrator.parents import CLOUD_RUNS, signal
from deskhand.store.database import Transaction

ANSWERS = "cloud answers"
"""Rung when a run has answered its caller, or has ended."""

CHILD_ANSWERED = "child answered"
"""The kind of signal that tells of a child's Response."""

CHILD_ENDED = "child ended"
"""The kind of signal that tells of a child's end."""

_R = FlowRun.c


def follow_turn(tx: Transaction, run: RunState) -> None:
    """Tell whoever waits for a run that it has answered or ended."""
    answers = run.response_id is not None and not run.has_told
    if not answers and not run.status.is_final:
        return
    if run.parent_id is not None and run.parent_action_id is not None:
        kind = CHILD_ANSWERED if answers else CHILD_ENDED
        signal(tx, run.parent_id, run.parent_action_id, kind, {"flowrunid": str(run.id)})
    if run.awaits_answer:
        tx.notify(ANSWERS)
    most = run.program.runs_at_once
    if run.status.is_final and most is not None:
        begin_waiting(tx, run.workflow_id, most)


def begin_waiting(tx: Transaction, workflow_id: UUID, most: int) -> None:
    """Let the run of a flow begin that has waited longest for its turn, if there is a turn.

    Args:
        tx: The open transaction.
        workflow_id: The flow.
        most: How many of its runs there may be at the same time.
    """
    running = sa.select(sa.func.count()).where(_R.workflow == workflow_id, _R.status == str(Status.RUNNING))
    if tx.execute(running).scalar_one() >= most:  # What ended was cancelled before its turn came.
        return
    first = (
        sa.select(_R.flowrunid)
        .where(_R.workflow == workflow_id, _R.status == str(Status.WAITING))
        .order_by(_R.starttime, _R.name.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    run_id = tx.execute(first).scalar()
    if run_id is None:
        return
    begin = sa.update(FlowRun.table).where(_R.flowrunid == run_id, _R.status == str(Status.WAITING))
    tx.execute(begin.values(status=str(Status.RUNNING), waitendtime=tx.now, dueon=tx.now))
    tx.notify(CLOUD_RUNS)
