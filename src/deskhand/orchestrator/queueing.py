"""Changing a waiting run's place in the queue. Source: machines-and-runs 4.2 and 5.5."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession
from deskhand.orchestrator.rows import run_row
from deskhand.orchestrator.runlog import log_event
from deskhand.orchestrator.transitions import WAITING
from deskhand.orchestrator.wakeups import runs_channel
from deskhand.store.database import Transaction

TOP = -1
"""The priority of runs that somebody moved to the top: before high ones."""


def change_priority(tx: Transaction, run_id: UUID, priority: int, by: UUID) -> bool:
    """Give a waiting run another priority; tell whether it still had a place in the queue.

    Args:
        tx: The open transaction.
        run_id: The run.
        priority: :data:`TOP`, or one of :mod:`~deskhand.orchestrator.runs`.
        by: Who changes it.
    """
    c = FlowSession.c
    changed = (
        sa.update(FlowSession.table)
        .where(c.flowsessionid == run_id, c.statuscode == int(WAITING), c.leaseexpireson.is_(None))
        .values(queuepriority=priority, modifiedon=tx.now, modifiedby=by, versionnumber=tx.next_version())
    )
    if tx.execute(changed).rowcount == 0:
        return False
    run = run_row(tx, run_id)
    assert run is not None
    logs, kind = FlowLog.c, FlowLogType.RUN_QUEUE_PRIORITY_CHANGED
    count = sa.select(sa.func.count()).where(logs.flowsessionid == run_id, logs.type == kind.value)
    index = tx.execute(count).scalar_one()
    log_event(tx, run, kind, {"priority": priority, "by": by}, index=index)
    tx.notify(runs_channel(run["machinegroupid"]))
    return True
