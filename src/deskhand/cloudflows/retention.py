"""Lets the history of runs and old versions of flows go, little by little. Source: cloud-flows 6."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.firing import run_name_stem
from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.entities.connector import Approval, ApprovalResponse
from deskhand.entities.flowrun import FlowRun, FlowRunAction, FlowRunProperty, FlowRunSignal
from deskhand.entities.flowtrigger import FlowTrigger, FlowTriggerHistory, FlowVersion
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.retention import forget_desktop
from deskhand.orchestrator.versions import forget_versions
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed

_LOG = logging.getLogger(__name__)

RUNS_AT_ONCE = 50
ROWS_AT_ONCE = 1_000
"""What one transaction deletes: others shall not wait for it."""

_SWEEP_SECONDS = 600.0
_PAUSE_SECONDS = 0.05
_R, _A, _H, _V = FlowRun.c, FlowRunAction.c, FlowTriggerHistory.c, FlowVersion.c
_BELONGINGS = (FlowRunAction, FlowRunProperty, FlowRunSignal)


def forget_some(tx: Transaction, before: datetime) -> int:
    """Delete some of what ended before an instant: runs, looks of triggers, versions that nothing has.

    Runs that have not ended stay, and so does what one of them still takes over from.

    Returns:
        How many rows were deleted; 0 when nothing is left to delete.
    """
    return _forget_runs(tx, before) or _forget_looks(tx, before) or _forget_version(tx, before)


def _forget_runs(tx: Transaction, before: datetime) -> int:
    going_on = sa.select(_R.resumedrunid).where(_R.resumedrunid.is_not(None), _R.endtime.is_(None))
    # Names tell when runs began, and none ends before that: so one end of an index is searched.
    old = (
        sa.select(_R.flowrunid)
        .where(_R.name >= run_name_stem(before), _R.endtime < before, _R.flowrunid.not_in(going_on))
        .order_by(_R.name.desc())
        .limit(RUNS_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    run_ids = tx.execute(old).scalars().all()
    if not run_ids:
        return 0
    some = sa.select(_A.flowrunactionid).where(_A.flowrunid.in_(run_ids)).limit(ROWS_AT_ONCE)
    deleted = tx.execute(sa.delete(FlowRunAction.table).where(_A.flowrunactionid.in_(some))).rowcount
    if deleted == ROWS_AT_ONCE:
        # Nobody goes on from a run whose history is half gone: it has no definition any more.
        half_gone = sa.update(FlowRun.table).where(_R.flowrunid.in_(run_ids))
        tx.execute(half_gone.values(flowversionid=None))
        return deleted
    _forget_belongings(tx, FlowRun.c.flowrunid.in_(run_ids))
    return deleted + tx.execute(sa.delete(FlowRun.table).where(_R.flowrunid.in_(run_ids))).rowcount


def forget_runs_of(tx: Transaction, workflow_id: UUID) -> None:
    """Delete what belongs to the runs of a flow that is deleted, and what its triggers saw."""
    _forget_belongings(tx, FlowRun.c.workflow == workflow_id)
    tx.execute(sa.delete(FlowTriggerHistory.table).where(_H.workflowid == workflow_id))


def _forget_belongings(tx: Transaction, which: sa.ColumnElement[bool]) -> None:
    runs = sa.select(_R.flowrunid).where(which)
    asked = sa.select(Approval.c.approvalid).where(Approval.c.flowrunid.in_(runs))
    tx.execute(sa.delete(ApprovalResponse.table).where(ApprovalResponse.c.approvalid.in_(asked)))
    for entity in (Approval, *_BELONGINGS):
        tx.execute(sa.delete(entity.table).where(entity.c.flowrunid.in_(runs)))


def _forget_looks(tx: Transaction, before: datetime) -> int:
    old = sa.select(_H.flowtriggerhistoryid).where(_H.name >= run_name_stem(before), _H.endtime < before)
    some = old.limit(ROWS_AT_ONCE).with_for_update(skip_locked=True)
    return tx.execute(sa.delete(FlowTriggerHistory.table).where(_H.flowtriggerhistoryid.in_(some))).rowcount


def _forget_version(tx: Transaction, before: datetime) -> int:
    """Delete one version that no run, trigger or flow has."""
    in_force = sa.select(Workflow.c.workflowid).where(Workflow.c.flowversionid == _V.flowversionid)
    looking = sa.select(FlowTrigger.c.flowtriggerid).where(FlowTrigger.c.flowversionid == _V.flowversionid)
    ran = sa.select(_R.flowrunid).where(_R.workflow == _V.workflowid, _R.flowversionid == _V.flowversionid)
    unused = sa.select(_V.flowversionid).where(
        _V.createdon < before, ~sa.exists(in_force), ~sa.exists(looking), ~sa.exists(ran)
    )
    return tx.execute(sa.delete(FlowVersion.table).where(_V.flowversionid.in_(unused.limit(1)))).rowcount


class Retention:
    """Deletes history at a steady pace, as long as the server runs.

    Args:
        database: Where the history is.
        settings: How long it is kept.
        clock: The time.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="retention", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step that is under way."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                self._sweep()
            except DatabaseClosed:
                return
            except Exception:
                _LOG.exception("deleting old history failed; the next attempt is in %.0f s", _SWEEP_SECONDS)
            if self._stop.wait(_SWEEP_SECONDS):
                return

    def _sweep(self) -> None:
        """Delete step by step whatever is old enough now; others write in between."""
        before = self._clock.now() - timedelta(days=self._settings.cloudflow_history_days)

        def step(tx: Transaction) -> int:
            most = self._settings.flow_versions_max
            return forget_some(tx, before) or forget_versions(tx, most) or forget_desktop(tx, self._settings)

        while self._database.write(step):
            if self._stop.wait(_PAUSE_SECONDS):
                return
