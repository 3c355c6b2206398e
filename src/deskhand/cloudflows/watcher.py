"""Lets triggers look: schedules, polls, mailboxes. Source: cloud-flows 2.3 to 2.5.

A look happens outside of any transaction, since it may reach outside. What it saw, the runs that it starts
and where the trigger stands afterwards are then written in one: a look that dies half-way has not been.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import sqlalchemy as sa

from deskhand.cloudflows.activation import TRIGGERS, Phase
from deskhand.cloudflows.declare import AUTOMATED, SCHEDULED, Firing, Problem, Seen, TriggerType, trigger_type
from deskhand.cloudflows.firing import Starter, history_row, write_histories
from deskhand.cloudflows.http.errors import CallAborted
from deskhand.cloudflows.journal import Seals, write_value
from deskhand.cloudflows.looks import Looks, TriggerLook
from deskhand.cloudflows.program import concurrency_of
from deskhand.cloudflows.starting import failed_look, fire, problem_of
from deskhand.core.clock import Clock
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTrigger
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed

_LOG = logging.getLogger(__name__)

_LOOKS_AT_ONCE = 8
_POLL_SECONDS = 5.0
_LEASE = timedelta(seconds=180)
_FAILURE_PAUSES = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
_ENDINGS = 10
_POSTPONED = timedelta(seconds=1)
_T = FlowTrigger.c
_DUE = (
    sa.select(_T.flowtriggerid)
    .where(_T.dueon <= sa.bindparam("now", type_=_T.dueon.type))
    .order_by(_T.dueon)
    .limit(_LOOKS_AT_ONCE * 4)
)
_CLAIM = (
    sa.update(FlowTrigger.table)
    .where(_T.flowtriggerid.in_(_DUE.with_for_update(skip_locked=True)))
    .values(
        leaseowner=sa.bindparam("claim", type_=_T.leaseowner.type),
        dueon=sa.bindparam("until", type_=_T.dueon.type),
    )
)
_CLAIMED = sa.select(FlowTrigger.table).where(_T.leaseowner == sa.bindparam("claim"))
_NEXT = sa.select(sa.func.min(_T.dueon))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A trigger about to look."""

    row: Row
    due: datetime
    declared: TriggerType
    look: TriggerLook


class Watcher:
    """Lets the triggers of one server process look when they are due.

    Args:
        database: Where triggers stand.
        clock: The time.
        looks: Makes what triggers are given to look at.
        seals: Seals what nobody may see.
        threads: Where they look; a pool of threads if not given.
    """

    def __init__(
        self, database: Database, clock: Clock, looks: Looks, seals: Seals, threads: Executor | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._looks = looks
        self._seals = seals
        self._wake = Event()
        self._stopping = False
        self._threads = threads or ThreadPoolExecutor(_LOOKS_AT_ONCE, thread_name_prefix="trigger")
        self._thread = Thread(target=self._watch, name="triggers", daemon=True)

    def start(self) -> None:
        """Begin to look after triggers; looks that an earlier process began count as not done."""
        self._database.write(_take_from_the_dead)
        self._database.listen(TRIGGERS, self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """Finish the looks that are under way, as far as they end soon."""
        self._stopping = True
        self._wake.set()
        self._thread.join()
        self._threads.shutdown(cancel_futures=True)

    def _watch(self) -> None:
        wait = 0.0
        while True:
            self._wake.wait(wait)
            self._wake.clear()
            if self._stopping:
                return
            try:
                wait = self.look_at_due()
            except DatabaseClosed:
                return
            except Exception:
                _LOG.exception("looking after triggers failed; the next look is in a second")
                wait = 1.0

    def look_at_due(self) -> float:
        """Let look what is due; return how many seconds may pass until this is called again."""
        now = self._clock.now()
        soonest = self._database.read(lambda tx: tx.execute(_NEXT).scalar())
        if soonest is not None and soonest <= now:
            for row, due in self._database.write(self._claim):
                self._threads.submit(self._look, row, due)
            return 0.0
        return _POLL_SECONDS if soonest is None else min(_POLL_SECONDS, (soonest - now).total_seconds())

    def _claim(self, tx: Transaction) -> list[tuple[Row, datetime]]:
        """Take what is due; the date becomes the end of a lease, after which another process may look."""
        due = {
            row.flowtriggerid: row.dueon
            for row in tx.execute(sa.select(_T.flowtriggerid, _T.dueon).where(_T.dueon <= tx.now))
        }
        claim = new_id()
        tx.execute(_CLAIM, {"now": tx.now, "claim": claim, "until": tx.now + _LEASE})
        rows = tx.execute(_CLAIMED, {"claim": claim}).mappings().all()
        return [(row, due[row["flowtriggerid"]]) for row in rows]

    def _look(self, row: Row, due: datetime) -> None:
        """Let one trigger do what is due: begin, look, or end."""
        try:
            ready = self._database.read(lambda tx: self._prepare(tx, row, due))
            if ready is None:
                self._database.write(lambda tx: _forget(tx, row))
            elif row["phase"] == Phase.BEGINNING:
                self._begin(ready)
            elif row["phase"] == Phase.ENDING:
                self._end(ready)
            else:
                self._see(ready)
            self._wake.set()
        except (DatabaseClosed, CallAborted):
            return  # The next server looks again.
        except DeskhandError as error:
            problem = problem_of(error)
            self._database.write(lambda tx: _put_off(tx, row, due, problem))
        except Exception:
            _LOG.exception("trigger %s of flow %s met a fault of ours", row["name"], row["workflowid"])

    def _prepare(self, tx: Transaction, row: Row, due: datetime) -> _Ready | None:
        look = self._looks.make(tx, row, due, self._seals)
        declared = None if look is None else trigger_type(look.trigger)
        return None if look is None or declared is None else _Ready(row, due, declared, look)

    def _begin(self, ready: _Ready) -> None:
        """Begin what a trigger has elsewhere, once what the version before it had there is gone."""
        if ready.declared.attach is None or self._database.write(lambda tx: _awaits_another(tx, ready)):
            return
        cursor = ready.declared.attach(ready.look)
        sealed = self._seals.seal(cursor, ready.row["flowtriggerid"], "cursor")
        self._database.write(lambda tx: _set_on(tx, ready, sealed))

    def _end(self, ready: _Ready) -> None:
        if ready.declared.detach is not None:
            ready.declared.detach(ready.look)
        self._database.write(lambda tx: _remove(tx, ready.row))

    def _see(self, ready: _Ready) -> None:
        is_poll = ready.declared.kind == AUTOMATED
        if is_poll and self._database.read(lambda tx: _is_full(tx, ready)):
            # What a poll is answered may not come a second time, so it is not even asked.
            self._database.write(lambda tx: _postpone(tx, ready, tx.now))
            return
        assert ready.declared.look is not None
        seen = ready.declared.look(ready.look)
        self._database.write(lambda tx: self._write(tx, ready, seen))

    def _write(self, tx: Transaction, ready: _Ready, seen: Seen) -> None:
        """Write what a look brought, unless the flow was switched off, or its lease lapsed, meanwhile."""
        if seen.firings and ready.declared.kind == SCHEDULED and _is_full(tx, ready):
            _postpone(tx, ready, seen.due or tx.now)
            return
        values = self._after(tx, ready, seen)
        if tx.execute(sa.update(FlowTrigger.table).where(_mine(ready.row)).values(values)).rowcount:
            self._start(tx, ready, seen)

    def _after(self, tx: Transaction, ready: _Ready, seen: Seen) -> dict[str, Any]:
        """Return where a trigger stands after a look."""
        values: dict[str, Any] = {"leaseowner": None, "dueon": seen.due, "lastlookon": tx.now}
        if seen.problem is not None:
            failures = ready.row["failures"] + 1
            due = seen.due or _after_failure(tx.now, failures)
            return {**values, "dueon": due, "status": "Failed", "failures": failures}
        if seen.firings:
            values |= {"lastfiredon": tx.now}
        trigger_id = ready.row["flowtriggerid"]
        sealed = self._seals.seal(seen.cursor, trigger_id, "cursor") if seen.is_secret else None
        shown = None if seen.is_secret else write_value(seen.cursor)
        return {**values, "status": "Succeeded", "failures": 0, "cursor": shown, "sealedcursor": sealed}

    def _start(self, tx: Transaction, ready: _Ready, seen: Seen) -> None:
        flow, trigger = ready.look.flow, ready.look.trigger
        if seen.problem is not None or not seen.firings:
            firing = Firing(seen.outputs, scheduled=ready.due)
            row = (
                history_row(flow.workflow_id, trigger.name, tx.now, firing, "Skipped", code=seen.code)
                if seen.problem is None
                else failed_look(ready.row, ready.due, tx.now, seen.problem)
            )
            write_histories(tx, [row])
            return
        starter = Starter(flow.owner.user_id)
        for firing in seen.firings:
            fire(tx, ready.look, ready.row, ready.declared.kind, firing, starter, self._seals)


def _take_from_the_dead(tx: Transaction) -> None:
    """Offer what an earlier process had claimed: on SQLite there is only one server, so it is dead."""
    if tx.dialect == "sqlite":
        claimed = sa.update(FlowTrigger.table).where(_T.leaseowner.is_not(None))
        tx.execute(claimed.values(leaseowner=None, dueon=tx.now))


def _awaits_another(tx: Transaction, ready: _Ready) -> bool:
    """Tell whether the trigger's former version still has to end, and let it say when it has.

    Both have the same address: what the former one ends last would be gone for the new one, too.
    """
    row = ready.row
    ending = sa.select(_T.flowtriggerid).where(
        _T.workflowid == row["workflowid"], _T.name == row["name"], _T.phase == str(Phase.ENDING)
    )
    if tx.execute(ending.limit(1)).first() is None:
        return False
    tx.execute(sa.update(FlowTrigger.table).where(_mine(ready.row)).values(dueon=None, leaseowner=None))
    return True


def _set_on(tx: Transaction, ready: _Ready, sealed: bytes | None) -> None:
    """Note that a trigger has begun; one that was switched off meanwhile ends at once."""
    ends = _T.phase == str(Phase.ENDING)
    values = {
        "phase": sa.case((ends, _T.phase), else_=str(Phase.ON)),
        "dueon": sa.case((ends, tx.now), else_=sa.null()),
        "leaseowner": None,
        "sealedcursor": sealed,
        "status": "Succeeded",
        "failures": 0,
    }
    tx.execute(sa.update(FlowTrigger.table).where(_mine(ready.row)).values(values))


def _remove(tx: Transaction, row: Row) -> None:
    """Let a trigger go that has ended; its next version may begin."""
    tx.execute(sa.delete(FlowTrigger.table).where(_mine(row)))
    next_version = sa.and_(
        _T.workflowid == row["workflowid"], _T.name == row["name"], _T.phase == str(Phase.BEGINNING)
    )
    tx.execute(sa.update(FlowTrigger.table).where(next_version).values(dueon=tx.now, leaseowner=None))


def _put_off(tx: Transaction, row: Row, due: datetime, problem: Problem) -> None:
    """Note that a trigger failed; it tries again later. One that cannot be ended for hours is given up."""
    failures = row["failures"] + 1
    if row["phase"] == Phase.ENDING and failures >= _ENDINGS:
        _remove(tx, row)
        write_histories(tx, [failed_look(row, due, tx.now, problem)])
        return
    # One that was switched off while it began has to end at once.
    ends = sa.and_(_T.phase == str(Phase.ENDING), sa.literal(row["phase"]) != str(Phase.ENDING))
    values = {
        "dueon": sa.case((ends, tx.now), else_=_after_failure(tx.now, failures)),
        "leaseowner": None,
        "lastlookon": tx.now,
        "status": "Failed",
        "failures": failures,
    }
    if tx.execute(sa.update(FlowTrigger.table).where(_mine(row)).values(values)).rowcount:
        write_histories(tx, [failed_look(row, due, tx.now, problem)])


def _mine(row: Row) -> sa.ColumnElement[bool]:
    """Return what finds a trigger's row while nobody else has taken it."""
    return sa.and_(_T.flowtriggerid == row["flowtriggerid"], _T.leaseowner == row["leaseowner"])


def _is_full(tx: Transaction, ready: _Ready) -> bool:
    """Tell whether a flow has as many runs as it may have, active and waiting. Source: cloud-flows 2.1."""
    limits = concurrency_of(ready.look.trigger)
    if limits.runs is None:
        return False
    columns, statuses = FlowRun.c, ("Waiting",) if not limits.skips else ("Running", "Waiting")
    found = sa.select(columns.flowrunid).where(
        columns.workflow == ready.look.workflow_id, columns.status.in_(statuses)
    )
    most = 1 if limits.skips else limits.waiting
    return len(tx.execute(found.limit(most)).all()) >= most


def _postpone(tx: Transaction, ready: _Ready, due: datetime) -> None:
    """Let a trigger look another time: this look did not happen."""
    later = max(due, tx.now + _POSTPONED)
    tx.execute(sa.update(FlowTrigger.table).where(_mine(ready.row)).values(leaseowner=None, dueon=later))


def _forget(tx: Transaction, row: Row) -> None:
    """Let a trigger go whose flow or version is gone."""
    tx.execute(sa.delete(FlowTrigger.table).where(_T.flowtriggerid == row["flowtriggerid"]))


def _after_failure(now: datetime, failures: int) -> datetime:
    """Return when a trigger tries again that has failed some times in a row: later and later."""
    return now + _FAILURE_PAUSES[min(failures, len(_FAILURE_PAUSES)) - 1]
