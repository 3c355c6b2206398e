"""Drives runs: takes what is due under a lease, journals turns, does what they ask for outside.

A run belongs to the process that holds its lease (``leaseowner``, with a ``fencingtoken`` that grows with
each taking). Its ``dueon`` is when somebody must look at it: while it is held, the lease's end; while it
rests, its next instant, or nothing until it is signalled. A run that rests is a row and nothing else.

Source: cloud-flows 4.3, ADR 4.
"""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    Answered,
    Call,
    Done,
    Problem,
    Services,
    Signalled,
    Started,
    Status,
    Transact,
    Wait,
)
from deskhand.cloudflows.earlier_runs import JournaledRuns
from deskhand.cloudflows.engine import Machine, Turn
from deskhand.cloudflows.follow import follow_turn
from deskhand.cloudflows.http.errors import CallAborted
from deskhand.cloudflows.journal import (
    Changes,
    Seals,
    insert_run,
    load_named,
    load_records,
    read_run,
    read_value,
    run_row,
)
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.runstate import Record, RunState, snapshot
from deskhand.cloudflows.steps import ActionStep, Surroundings
from deskhand.core.clock import Clock
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.declare import has_instant
from deskhand.entities.flowrun import FlowRun, FlowRunSignal
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.parents import CLOUD_RUNS
from deskhand.orchestrator.rows import Owner, Row
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed
from deskhand.store.statements import Statement
from deskhand.wdl.values import Value

_LOG = logging.getLogger(__name__)

_WORKERS = 4
_CALLS_AT_ONCE = 64
_TAKEN_AT_ONCE = 64
_HELD_MOST = 2_000
_NEW_MOST = 500
_POLL_SECONDS = 5.0
_CONTENDED = timedelta(milliseconds=20)
_STOP_SECONDS = 5.0
"""How long calls may take to end that the server breaks off when it stops."""
_R = FlowRun.c
_S = FlowRunSignal.c

_DUE = (
    sa.select(_R.flowrunid)
    .where(_R.dueon <= sa.bindparam("now", type_=_R.dueon.type))
    .order_by(_R.dueon)
    .limit(sa.bindparam("most"))
)
_NEXT_DUE = sa.select(sa.func.min(_R.dueon))
_CLAIM = (
    sa.update(FlowRun.table)
    .where(_R.flowrunid.in_(_DUE.with_for_update(skip_locked=True)))
    .values(
        leaseowner=sa.bindparam("owner", type_=_R.leaseowner.type),
        fencingtoken=_R.fencingtoken + 1,
        dueon=sa.bindparam("until", type_=_R.dueon.type),
    )
    .returning(_R.flowrunid, _R.fencingtoken)
)
_PROLONG = (
    sa.update(FlowRun.table)
    .where(has_instant(_R.dueon), _R.leaseowner == sa.bindparam("owner", type_=_R.leaseowner.type))
    .values(dueon=sa.bindparam("until", type_=_R.dueon.type))
    .returning(_R.flowrunid)
)
_MINE = sa.and_(
    _R.flowrunid == sa.bindparam("run_id"),
    _R.fencingtoken == sa.bindparam("token"),
    _R.leaseowner == sa.bindparam("owner", type_=_R.leaseowner.type),
)
_CONFIRM = sa.update(FlowRun.table).where(_MINE).values(dueon=sa.bindparam("until", type_=_R.dueon.type))
_GIVE_UP = sa.update(FlowRun.table).where(_MINE).values(leaseowner=None)
_LOAD = Statement(
    sa.select(FlowRun.table, Workflow.c.name.label("flowname"))
    .outerjoin(Workflow.table, sa.and_(Workflow.c.workflowid == _R.workflow, Workflow.c.componentstate == 0))
    .where(_R.flowrunid == sa.bindparam("run_id"))
)
_SIGNALS = (
    sa.select(FlowRunSignal.table)
    .where(_S.flowrunid == sa.bindparam("run_id"))
    .order_by(_S.createdon, _S.flowrunsignalid)
)
_SIGNALLED = (
    sa.select(_S.flowrunid)
    .join(FlowRun.table, _R.flowrunid == _S.flowrunid)
    .where(_R.leaseowner == sa.bindparam("owner", type_=_R.leaseowner.type))
    .distinct()
)
_CONSUME = sa.delete(FlowRunSignal.table).where(_S.flowrunsignalid.in_(sa.bindparam("ids", expanding=True)))


class LeaseLost(Exception):
    """Another process has taken the run over; whatever this one still held of it is void."""


@dataclass(slots=True, eq=False)
class Held:
    """A run that this process holds.

    Attributes:
        token: The lease's fencing token.
        signal_count: The signals that it has looked at.
        owner: Whose the run is.
        kind: What kind of trigger started it; for the row of a run that is new.
        is_new: Whether it has no row yet.
        answers: What its calls have brought and it has not seen.
        calling: How many calls are under way.
        is_queued: Whether it waits for a worker, or has one.
        looks: Whether there may be signals that it has not looked at.
        seen: Signals that it has looked at, and whose rows are still there.
        due: When something happens to it by itself, as of its last turn.
        is_at_rest: Whether its last turn has let it go.
        broken_off: What its calls are for that this process broke off when it stopped.
    """

    machine: Machine
    token: int
    signal_count: int
    owner: Owner
    kind: str
    is_new: bool = False
    answers: deque[tuple[Record, Answered]] = field(default_factory=deque)
    calling: int = 0
    is_queued: bool = False
    looks: bool = False
    due: datetime | None = None
    is_at_rest: bool = False
    seen: set[UUID] = field(default_factory=set)
    broken_off: list[Record] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def run(self) -> RunState:
        """Return the run."""
        return self.machine.run


class Driver:
    """Drives the runs of one server process.

    Args:
        database: Where runs are journaled.
        settings: Limits, and how long a lease lasts.
        clock: The time.
        seals: Seals what nobody may see.
        programs: The programs of flows.
        services: What actions reach outside with.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        seals: Seals,
        programs: Programs,
        services: Services,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._seals = seals
        self._programs = programs
        self._id = new_id()
        self._around = Surroundings(
            settings, services, self._archive, clock.now, random.random, JournaledRuns(database, seals)
        )
        self._lease = timedelta(seconds=settings.cloudflow_lease_seconds)
        self._held: dict[UUID, Held] = {}
        self._taking = 0
        self._given_up: deque[tuple[UUID, int]] = deque()
        self._lock = Lock()
        self._wake = Event()
        self._stopping = False
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="cloud run")
        self._callers = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="cloud call")
        self._under_way: set[Future[None]] = set()
        self._thread = Thread(target=self._watch, name="cloud runs", daemon=True)
        self._renewed = clock.monotonic()
        self._awake_at = datetime.max.replace(tzinfo=UTC)

    def start(self) -> None:
        """Begin to look after runs; those of an earlier process on a database of our own come first."""
        self._database.write(self._take_from_the_dead)
        self._database.listen(CLOUD_RUNS, self._ring)
        self._thread.start()

    def stop(self) -> None:
        """Finish the turns that are under way, and let go of every run."""
        self._stopping = True
        self._wake.set()
        self._thread.join()
        self._workers.shutdown()
        self._callers.shutdown(wait=False, cancel_futures=True)
        wait(self._under_way, _STOP_SECONDS)
        for held in self._all_held():
            self._put_back(held)
            self._drop(held)
        self._prolong(self._clock.now())

    @property
    def has_room(self) -> bool:
        """Return whether a new run may begin at once; otherwise it is better written down to begin later."""
        return len(self._held) < _NEW_MOST

    def run_new(self, run: RunState, owner: Owner, kind: str) -> None:
        """Take a run that nobody knows of yet, and do its first turn; returns once that is durable.

        Whoever calls this has nothing to wait for but one commit, however many actions the turn holds.
        """
        held = Held(Machine(run, self._around), 1, 0, owner, kind, is_new=True, is_queued=True)
        with self._lock:
            self._held[run.id] = held
        try:
            self._turn(held)
        except BaseException:
            self._abandon(held)  # Its row may be there all the same, if nobody knows what the commit did.
            raise
        self._after(held)

    # Looking after runs

    def _watch(self) -> None:
        wait = 0.0
        while True:
            self._wake.wait(wait)
            rung = self._wake.is_set()
            self._wake.clear()
            if self._stopping:
                return
            try:
                wait = self._look(rung)
            except DatabaseClosed:
                return
            except Exception:
                _LOG.exception("looking after cloud-flow runs failed; the next look is in a second")
                wait = 1.0

    def _look(self, rung: bool) -> float:
        """Take what is due, wake what is held and has something to do; return how long to sleep."""
        self._give_up()
        self._renew()
        claimed, resting = self._claim()
        for run_id, token in claimed:
            self._workers.submit(self._take, run_id, token)
        now = self._clock.now()
        signalled = self._signalled() if rung or claimed else set()
        for held in self._all_held():
            if held.run.id in signalled or (held.due is not None and held.due <= now):
                held.looks = True
                self._queue(held)
        return 0.0 if claimed else self._sleep(now, resting)

    def _claim(self) -> tuple[Sequence[tuple[UUID, int]], datetime | None]:
        """Take what is due, as much as there is room for; return it, or when something will be due."""
        room = self._room()
        if not room:
            return [], None  # Whoever makes room rings.
        now = self._clock.now()
        resting = self._database.read(lambda tx: tx.execute(_NEXT_DUE).scalar())
        if resting is None or resting > now:
            return [], resting
        values = {"owner": self._id, "until": now + self._lease, "now": now, "most": room}
        rows = self._database.write(lambda tx: tx.execute(_CLAIM, values).all())
        with self._lock:
            self._taking += len(rows)
        # What is due, and was not to be had, another server is just taking.
        return [(row.flowrunid, row.fencingtoken) for row in rows], now + _CONTENDED

    def _room(self) -> int:
        with self._lock:
            return max(0, min(_TAKEN_AT_ONCE - self._taking, _HELD_MOST - len(self._held)))

    def _renew(self) -> None:
        """Keep what is held; a third of the lease leaves time for a slow database."""
        began = self._clock.monotonic()
        if began - self._renewed < self._lease.total_seconds() / 3:
            return
        known = [held for held in self._all_held() if not held.is_new]
        if known:
            kept = self._prolong(self._clock.now() + self._lease)
            for held in known:
                if held.run.id not in kept:
                    self._drop(held)
        self._renewed = began

    def _prolong(self, until: datetime) -> set[UUID]:
        """Let every lease of this process end then; return the runs that it holds."""
        values = {"owner": self._id, "until": until}
        return set(self._database.write(lambda tx: tx.execute(_PROLONG, values).scalars().all()))

    def _give_up(self) -> None:
        """Keep no longer what met a fault of ours: it is taken again when its lease ends."""
        while self._given_up:
            mine = self._mine(*self._given_up[0])
            self._database.write(partial(_execute, _GIVE_UP, mine))
            self._given_up.popleft()

    def _sleep(self, now: datetime, resting: datetime | None) -> float:
        instants = [held.due for held in self._all_held() if held.due is not None and held.due > now]
        if resting is not None:
            instants.append(resting)
        soonest = min(instants, default=None)
        most = min(_POLL_SECONDS, self._lease.total_seconds() / 3)
        seconds = most if soonest is None else min(most, max(0.0, (soonest - now).total_seconds()))
        self._awake_at = now + timedelta(seconds=seconds)
        return seconds

    def _signalled(self) -> set[UUID]:
        if not self._held:
            return set()
        return set(
            self._database.read(lambda tx: tx.execute(_SIGNALLED, {"owner": self._id}).scalars().all())
        )

    def _all_held(self) -> list[Held]:
        with self._lock:
            return list(self._held.values())

    def _ring(self) -> None:
        self._wake.set()

    def _take_from_the_dead(self, tx: Transaction) -> None:
        """Offer what an earlier process held: on SQLite there is only one server, so it is dead."""
        if tx.dialect == "sqlite":
            held = sa.update(FlowRun.table).where(_R.leaseowner.is_not(None))
            tx.execute(held.values(leaseowner=None, dueon=tx.now))

    # Driving one run

    def _take(self, run_id: UUID, token: int) -> None:
        """Load a run that was claimed, and drive it."""
        held = None
        try:
            held = self._database.read(lambda tx: self._load(tx, run_id, token))
            if held is not None:
                held.machine.resume()
        except DatabaseClosed:
            return
        except Exception:
            _LOG.exception(
                "cloud-flow run %s cannot be loaded; it is tried again when its lease ends", run_id
            )
            held = None
        with self._lock:
            self._taking -= 1
            if held is None:
                self._given_up.append((run_id, token))
            else:
                held.is_queued = True
                self._held[run_id] = held
            makes_room = self._taking == _TAKEN_AT_ONCE // 2
        if makes_room or held is None:
            self._wake.set()
        if held is not None:
            self._drive(held)

    def _load(self, tx: Transaction, run_id: UUID, token: int) -> Held | None:
        row = tx.row(_LOAD, {"run_id": run_id})
        if row is None or row["leaseowner"] != self._id or row["fencingtoken"] != token:
            return None
        program = self._programs.find(tx, row["flowversionid"])
        if program is None:
            return None
        run = read_run(row, row["flowname"] or "", program, self._seals)
        load_records(tx, run, self._seals)
        count = row["signalcount"]
        machine = Machine(run, self._around)
        return Held(machine, token, count, Owner.of(row), row["triggertype"], looks=count > 0)

    def _queue(self, held: Held) -> None:
        """Have a run driven, unless it is about to be."""
        with held.lock:
            if held.is_queued:
                return
            held.is_queued = True
        if not self._stopping:
            self._workers.submit(self._drive, held)

    def _drive(self, held: Held) -> None:
        """Do one turn of a run, and what it asks for; more turns follow behind those of other runs."""
        try:
            self._hear(held)
            self._turn(held)
        except LeaseLost:
            _LOG.info("cloud-flow run %s was taken over by another server", held.run.name)
            self._drop(held)
            return
        except DatabaseClosed:
            return
        except Exception:
            _LOG.exception(
                "cloud-flow run %s is let go; it is taken again when its lease ends", held.run.name
            )
            self._abandon(held)
            return
        self._after(held)

    def _hear(self, held: Held) -> None:
        """Tell the run what has happened since its last turn."""
        while held.answers:
            record, answered = held.answers.popleft()
            held.calling -= 1
            held.machine.answer(record, answered)
        if held.looks:
            held.looks = False
            self._read_signals(held)
        held.machine.fire(self._clock.now())

    def _read_signals(self, held: Held) -> None:
        def read(tx: Transaction) -> tuple[int, Sequence[Row]]:
            count = tx.execute(sa.select(_R.signalcount).where(_R.flowrunid == held.run.id)).scalar() or 0
            return count, tx.execute(_SIGNALS, {"run_id": held.run.id}).mappings().all()

        held.signal_count, rows = self._database.read(read)
        for row in rows:
            if row["flowrunsignalid"] not in held.seen:
                held.seen.add(row["flowrunsignalid"])
                event = Signalled(row["kind"], self._payload(row))
                held.machine.signal(row["flowrunsignalid"], row["flowrunactionid"], event)

    def _payload(self, row: Row) -> Value:
        sealed, signal_id = row["sealedpayload"], row["flowrunsignalid"]
        found = (
            read_value(row["payload"]) if sealed is None else self._seals.open(sealed, signal_id, "payload")
        )
        return None if found is NOTHING else found

    def _turn(self, held: Held) -> None:
        """Advance a run, journal what that changed, and go on where transactions brought an end."""
        turn = held.machine.work()
        entry = self._journal(held, turn)
        held.is_new = False
        held.run.has_told = held.run.response_id is not None
        held.seen.difference_update(turn.signals)
        held.looks = held.looks or entry.missed
        held.is_at_rest = entry.rested
        for record, _ in turn.transacts:
            held.machine.settled(record)
        held.machine.begin_turn()
        held.due = held.machine.next_due
        for record, call in turn.calls:
            held.calling += 1
            self._begin_call(held, record, call)
        for act in entry.outside:
            self._callers.submit(_quietly, act)

    def _after(self, held: Held) -> None:
        """Let go of a run that has ended or rests; otherwise have it driven on."""
        with held.lock:
            held.is_queued = False
            has_more = held.machine.is_ready or held.answers or held.looks
        if held.is_at_rest:
            self._drop(held)
        elif has_more or held.calling == 0 or held.run.status.is_final:
            self._queue(held)
        if held.due is not None and held.due < self._awake_at:
            self._wake.set()

    def _drop(self, held: Held) -> None:
        with self._lock:
            if self._held.get(held.run.id) is held:
                del self._held[held.run.id]
            makes_room = len(self._held) == _HELD_MOST - 1
        if makes_room:
            self._wake.set()

    def _abandon(self, held: Held) -> None:
        """Drop a run whose row may still say that it is held here."""
        self._drop(held)
        self._given_up.append((held.run.id, held.token))
        self._wake.set()

    def _begin_call(self, held: Held, record: Record, call: Call) -> None:
        under_way = self._callers.submit(self._call, held, record, call)
        self._under_way.add(under_way)
        under_way.add_done_callback(self._under_way.discard)

    def _call(self, held: Held, record: Record, call: Call) -> None:
        """Call something outside, and bring the run its answer."""
        try:
            self._confirm(held)
        except Exception as error:
            _LOG.warning("cloud-flow run %s is let go before a call of it: %r", held.run.name, error)
            self._abandon(held)
            return
        try:
            answered = Answered(call.perform())
        except CallAborted:
            held.broken_off.append(record)
            return
        except Exception as error:
            answered = Answered(error=error)
        held.answers.append((record, answered))
        self._queue(held)

    def _confirm(self, held: Held) -> None:
        """Make sure that a run is still ours: a process that stood still may have been taken for dead.

        Raises:
            LeaseLost: Another process has taken it over.
        """
        is_held = self._held.get(held.run.id) is held
        if is_held and self._clock.monotonic() < self._renewed + self._lease.total_seconds():
            return
        mine, until = self._mine(held.run.id, held.token), self._clock.now() + self._lease
        if self._database.write(partial(_execute, _CONFIRM, {**mine, "until": until})) == 0:
            raise LeaseLost

    def _mine(self, run_id: UUID, token: int) -> dict[str, Any]:
        """Return what tells a row that this process holds."""
        return {"run_id": run_id, "token": token, "owner": self._id}

    def _put_back(self, held: Held) -> None:
        """Journal what the last calls have brought while the server stops.

        Those that it broke off itself, or did not begin, are no attempts: the next server makes them.
        """
        if not (held.answers or held.broken_off):
            return
        for record in held.broken_off:
            record.notes.pop("calling", None)
            held.run.changed[record] = None
        try:
            self._hear(held)
            turn = held.machine.work()
            for record, _ in turn.calls:
                record.notes.pop("calling", None)
            self._journal(held, turn)
        except (DatabaseClosed, LeaseLost):
            return
        except Exception:
            _LOG.exception("cloud-flow run %s is let go as it was journaled last", held.run.name)

    # The journal

    def _journal(self, held: Held, turn: Turn) -> Entry:
        """Make a turn durable.

        Raises:
            LeaseLost: The run belongs to another process by now.
        """
        restores = [snapshot(record) for record, _ in turn.transacts]
        restores.append(partial(_shorten, held.run.found, len(held.run.found)))
        while True:
            changes = Changes(held.run, [record for record, _ in turn.transacts], self._seals)
            try:
                entry = self._database.write(partial(self._write, held, turn, restores, changes))
            except ActBroke as broken:
                _LOG.exception("action %s of run %s met a fault of ours", broken.record.name, held.run.name)
                turn.transacts = [
                    (record, _failing if record is broken.record else transact)
                    for record, transact in turn.transacts
                ]
                continue
            changes.written()
            return entry

    def _write(
        self,
        held: Held,
        turn: Turn,
        restores: Sequence[Callable[[], None]],
        changes: Changes,
        tx: Transaction,
    ) -> Entry:
        run = held.run
        # What is let go of comes first: an action that begins may take hold of it.
        outside = [act for record, state in turn.released if (act := self._release(tx, run, record, state))]
        for restore in restores:
            restore()
        for record, transact in turn.transacts:
            held.machine.conclude(record, _act(tx, record, transact))
        rests = self._rests(held, turn)
        if held.is_new:
            self._insert(tx, held, rests)
            missed = False
        else:
            missed = rests and not self._update(tx, held, changes, rests=True)
            if (missed or not rests) and not self._update(tx, held, changes, rests=False):
                raise LeaseLost
        changes.write(tx)
        if turn.signals:
            tx.execute(_CONSUME, {"ids": turn.signals})
        follow_turn(tx, run)
        return Entry(rested=rests and not missed, missed=missed, outside=outside)

    def _rests(self, held: Held, turn: Turn) -> bool:
        """Tell whether a run has nothing to do until somebody signals it or an instant comes."""
        if held.run.status.is_final:
            return True
        goes_on = any(record.status.is_final for record, _ in turn.transacts)
        return not (goes_on or held.machine.is_ready or turn.calls or held.calling or held.answers)

    def _insert(self, tx: Transaction, held: Held, rests: bool) -> None:
        row = run_row(tx, held.run, held.owner, held.kind, self._seals)
        insert_run(tx, {**row, **self._lease_columns(tx, held, rests), "fencingtoken": held.token})

    def _update(self, tx: Transaction, held: Held, changes: Changes, *, rests: bool) -> bool:
        """Write the run's row where it is still ours, and unsignalled if it is to rest."""
        values = {
            **changes.run_columns,
            **self._lease_columns(tx, held, rests),
            "modifiedon": tx.now,
            "versionnumber": tx.next_version(),
        }
        parameters = {f"new_{name}": value for name, value in values.items()}
        keys = {"run_id": held.run.id, "token": held.token, "count": held.signal_count}
        statement = _update_run(tuple(values), rests)
        return tx.row(statement, {**parameters, **keys}) is not None

    def _lease_columns(self, tx: Transaction, held: Held, rests: bool) -> dict[str, Any]:
        if rests:
            return {"leaseowner": None, "dueon": held.machine.next_due}
        return {"leaseowner": self._id, "dueon": tx.now + self._lease}

    def _release(
        self, tx: Transaction, run: RunState, record: Record, state: dict[str, Value]
    ) -> Callable[[], Any] | None:
        """Let an action that stopped waiting let go of what it waited for."""
        release = record.node.type.release if record.node.type else None
        return release(ActionStep(run, record, Started(), self._around, state), tx) if release else None

    def _archive(self, run: RunState, names: Sequence[str]) -> Sequence[Record]:
        """Return all repetitions of actions: the journaled ones, and over them those in memory."""
        found = self._database.read(lambda tx: load_named(tx, run, names, self._seals))
        known = {record.id: record for record in found}
        known |= {one.id: one for one in (*run.all_records(), *run.changed) if one.name in names}
        return list(known.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a turn in the journal.

    Attributes:
        rested: Whether the run was let go.
        missed: Whether it should have been, and was signalled meanwhile.
        outside: What is to be done outside after the commit, as well as it can be.
    """

    rested: bool
    missed: bool
    outside: Sequence[Callable[[], Any]]


class ActBroke(Exception):
    """What an action does in the transaction failed unforeseen; nothing of the transaction counts."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.name)
        self.record = record


def _act(tx: Transaction, record: Record, transact: Transact) -> Done | Wait:
    try:
        return transact.act(tx)
    except ActionFailed as failure:
        return Done(Status.FAILED, failure.action_code, outputs=failure.outputs, problem=failure.problem)
    except sa.exc.OperationalError:  # a collision, which the database repeats, or its end
        raise
    except Exception as error:
        raise ActBroke(record) from error


_FAULT = Problem("InternalServerError", "Encountered internal server error; the log says more.")
_failing = Transact(lambda tx: Done(Status.FAILED, "InternalServerError", problem=_FAULT))


@cache
def _update_run(names: tuple[str, ...], rests: bool) -> Statement:
    values = {name: sa.bindparam(f"new_{name}", type_=_R[name].type) for name in names}
    statement = sa.update(FlowRun.table).where(
        _R.flowrunid == sa.bindparam("run_id"), _R.fencingtoken == sa.bindparam("token")
    )
    if rests:
        statement = statement.where(_R.signalcount == sa.bindparam("count"))
    return Statement(statement.values(values).returning(_R.flowrunid))


def _execute(statement: sa.Executable, parameters: Mapping[str, Any], tx: Transaction) -> int:
    """Execute a statement; return how many rows it concerned."""
    return tx.execute(statement, parameters).rowcount


def _shorten(found: list[Any], length: int) -> None:
    """Take back what was appended to a list."""
    del found[length:]


def _quietly(act: Callable[[], Any]) -> None:
    """Do what nobody waits for; what goes wrong is only logged."""
    try:
        act()
    except Exception as error:
        _LOG.warning("letting go of something outside failed: %s", error)
