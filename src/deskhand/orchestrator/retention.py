"""Lets desktop-flow runs and action logs go by rule, little by little. Source: machines-and-runs 5.6, 5.7."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession, FlowSessionStatus
from deskhand.entities.signing_in import AuditEvent
from deskhand.orchestrator.transitions import is_terminal
from deskhand.records.service import delete
from deskhand.store.database import Transaction

RUNS_AT_ONCE = 20
ROWS_AT_ONCE = 1_000
"""What one transaction deletes: others shall not wait for it."""

_S, _L, _E = FlowSession.c, FlowLog.c, AuditEvent.c
_ENDED = [int(one) for one in FlowSessionStatus if is_terminal(one)]
_ACTIONS = (FlowLogType.CUSTOM_LOG.value, FlowLogType.DESKTOP_FLOW_RUN_ACTION.value)


def border(now: datetime, days: float) -> datetime | None:
    """Return before when something has to have ended to go; None where a rule keeps everything."""
    return now - timedelta(days=days) if days > 0 else None


def ended_before(before: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of runs that ended before an instant."""
    return sa.and_(_S.statuscode.in_(_ENDED), _S.completedon < before)


def logs_due(before: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of runs that ended before an instant and have their action log still."""
    return sa.and_(ended_before(before), _S.logdeletedon.is_(None))


def forget_desktop(tx: Transaction, settings: Settings) -> int:
    """Delete some of what the rules let go: action logs, runs with all that belongs to them, audit lines.

    Returns:
        How many rows were deleted or changed; 0 when nothing is left to do.
    """
    logs = border(tx.now, settings.action_log_days)
    runs = border(tx.now, settings.desktop_run_days)
    lines = border(tx.now, settings.audit_days)
    return (
        (_forget_runs(tx, runs) if runs else 0)
        or (_forget_logs(tx, logs) if logs else 0)
        or (_forget_audit(tx, lines) if lines else 0)
    )


def _forget_logs(tx: Transaction, before: datetime) -> int:
    """Delete rows of one run's action log, and note when none is left."""
    some = sa.select(_S.flowsessionid).where(logs_due(before)).order_by(_S.completedon).limit(1)
    run_id = tx.execute(some.with_for_update(skip_locked=True)).scalar()
    if run_id is None:
        return 0
    mine = sa.select(_L.flowlogid).where(_L.flowsessionid == run_id, _L.type.in_(_ACTIONS))
    deleted = tx.execute(sa.delete(FlowLog.table).where(_L.flowlogid.in_(mine.limit(ROWS_AT_ONCE)))).rowcount
    if deleted < ROWS_AT_ONCE:
        noted = sa.update(FlowSession.table).where(_S.flowsessionid == run_id)
        tx.execute(noted.values(logdeletedon=tx.now))
    return deleted + 1


def _forget_runs(tx: Transaction, before: datetime) -> int:
    old = sa.select(_S.flowsessionid).where(ended_before(before)).order_by(_S.completedon).limit(RUNS_AT_ONCE)
    run_ids = tx.execute(old.with_for_update(skip_locked=True)).scalars().all()
    if not run_ids:
        return 0
    rows = sa.select(_L.flowlogid).where(_L.flowsessionid.in_(run_ids)).limit(ROWS_AT_ONCE)
    deleted = tx.execute(sa.delete(FlowLog.table).where(_L.flowlogid.in_(rows))).rowcount
    if deleted == ROWS_AT_ONCE:
        return deleted
    for run_id in run_ids:
        delete(tx, FlowSession, run_id)
    return deleted + len(run_ids)


def _forget_audit(tx: Transaction, before: datetime) -> int:
    old = sa.select(_E.auditeventid).where(_E.createdon < before).limit(ROWS_AT_ONCE)
    return tx.execute(sa.delete(AuditEvent.table).where(_E.auditeventid.in_(old))).rowcount
