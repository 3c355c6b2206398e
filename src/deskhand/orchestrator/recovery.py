"""Looking after runs whose agent fell silent, that wait for ever, or that outlive their time.

Source: machines-and-runs 4.5 and 4.8, experience 10 (row 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup, MachineState
from deskhand.entities.flowsession import FlowSession
from deskhand.orchestrator.assignment import release_runs
from deskhand.orchestrator.debug_sessions import forget_ended, unwatched_runs
from deskhand.orchestrator.errors import NoCandidateMachine
from deskhand.orchestrator.rows import HELD, Row, run_row
from deskhand.orchestrator.runs import TIMEOUT_CODE, end_run, timeout_event
from deskhand.orchestrator.transitions import RUNNING, WAITING, Event
from deskhand.orchestrator.wakeups import cancels_channel, runs_channel
from deskhand.protocol.messages import RunError
from deskhand.store.database import Transaction

NO_CANDIDATE = "NoCandidateMachine"
NOT_REACHABLE = "AgentNotReachable"
UNWATCHED = "DebuggingAbandoned"
GROUP_GONE = "XrmMachineGroupNotFound"

_AT_ONCE = 200
_MISSED_HEARTBEATS = 3


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one look at the queue found.

    Attributes:
        offered_again: Runs that went back to the queue.
        lost: Runs that had begun on a machine that fell silent.
        overdue: Runs whose agent never said that their time was up.
        unplaced: Runs that waited too long, or for a group that is gone.
        unwatched: Debugged runs that were paused while nobody looked at them.
    """

    offered_again: int
    lost: int
    overdue: int
    unplaced: int
    unwatched: int = 0


def recover(tx: Transaction, settings: Settings, *, since: datetime | None = None) -> Recovered:
    """Look once after every run that needs it.

    Args:
        tx: The open transaction.
        settings: How long silence and waiting may last.
        since: When this server began to listen. Silence before that says nothing of the agents, so their
            leases count from there.
    """
    forget_ended(tx)
    return Recovered(
        offered_again=_offer_again(tx, settings, since),
        lost=_give_up_lost(tx, settings, since),
        overdue=_stop_overdue(tx, settings, since),
        unplaced=_fail_unplaced(tx, settings),
        unwatched=_stop_unwatched(tx, settings),
    )


def _offer_again(tx: Transaction, settings: Settings, since: datetime | None) -> int:
    """Put runs back that a machine took and did not begin, or that rested after a failed attempt."""
    c = FlowSession.c
    resting = c.machineid.is_(None)
    silent = sa.true() if _has_listened(tx, since, settings.lease_seconds) else resting
    lapsed = (
        sa.select(c.flowsessionid, c.machinegroupid, c.machineid)
        .where(c.leaseexpireson < tx.now, c.statuscode == int(WAITING), silent)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(lapsed).mappings().all()
    for machine in {row["machineid"] for row in rows}:
        run_ids = [row["flowsessionid"] for row in rows if row["machineid"] == machine]
        release_runs(tx, run_ids, "" if machine is None else "The machine gave no sign of life.")
    for group in {row["machinegroupid"] for row in rows}:
        tx.notify(runs_channel(group))
    return len(rows)


def _give_up_lost(tx: Transaction, settings: Settings, since: datetime | None) -> int:
    if not _has_listened(tx, since, settings.agent_lost_seconds):
        return 0
    c = FlowSession.c
    lost = _locked(tx, c.leaseexpireson < tx.now, c.statuscode == int(RUNNING))
    return sum(
        end_run(tx, run, Event.AGENT_LOST, error=_lost_error(tx, run, settings)) is not None for run in lost
    )


def _stop_overdue(tx: Transaction, settings: Settings, since: datetime | None) -> int:
    """End runs past their time whose agent lives and has not said so.

    The agent enforces the time itself; this is for one that does not, so it comes a good while later.
    """
    margin = timedelta(seconds=settings.lease_seconds + settings.cancel_grace_seconds)
    c = FlowSession.c
    running = sa.select(c.flowsessionid, c.startedon, c.requesttimeout).where(
        c.statuscode == int(RUNNING),
        HELD,
        c.startedon < tx.now - margin,
        # While a debugged run is paused its time stands still, and only its agent knows for how long.
        sa.not_(sa.func.coalesce(c.isdebugged, sa.false())),
    )
    overdue = [
        run_id
        for run_id, started, timeout in tx.execute(running)
        if max(started + timedelta(seconds=timeout), since or started) + margin < tx.now
    ]
    return sum(_stop(tx, run, settings) for run in _locked(tx, c.flowsessionid.in_(overdue[:_AT_ONCE])))


def _stop(tx: Transaction, run: Row, settings: Settings) -> bool:
    error = RunError(
        TIMEOUT_CODE,
        f"The flow took longer than the {_duration(run['requesttimeout'])} that its request allows, and its "
        "machine did not report that it stopped it.",
    )
    return _end_and_tell(tx, run, timeout_event(settings), error)


def _stop_unwatched(tx: Transaction, settings: Settings) -> int:
    """End debugged runs that are paused and at which nobody looks any more."""
    error = RunError(
        UNWATCHED,
        f"The run was paused, and nobody looked at it for {_duration(settings.debug_idle_seconds)}, so it "
        "was ended. Start it anew from the designer.",
    )
    run_ids = unwatched_runs(tx, settings)
    if not run_ids:
        return 0
    runs = _locked(tx, FlowSession.c.flowsessionid.in_(run_ids), FlowSession.c.statuscode == int(RUNNING))
    return sum(_end_and_tell(tx, run, Event.FAILED, error) for run in runs)


def _end_and_tell(tx: Transaction, run: Row, event: Event, error: RunError) -> bool:
    """End a run whose agent still has it; the agent hears that the run is lost to it, and stops it."""
    later_token = {"fencingtoken": run["fencingtoken"] + 1}
    if end_run(tx, run, event, error=error, values=later_token) is None:
        return False
    if run["machineid"] is not None:
        tx.notify(cancels_channel(run["machineid"]))
    return True


def _fail_unplaced(tx: Transaction, settings: Settings) -> int:
    c, g = FlowSession.c, FlowMachineGroup.c
    waiting = (c.statuscode == int(WAITING), c.machineid.is_(None))
    known = sa.exists().where(g.flowmachinegroupid == c.machinegroupid)
    patience = tx.now - timedelta(seconds=settings.queue_wait_max)
    orphans = _locked(tx, *waiting, sa.not_(known))
    late = _locked(tx, *waiting, known, c.createdon < patience)
    ended = [end_run(tx, run, Event.REFUSED, error=_GROUP_GONE) for run in orphans]
    ended += [end_run(tx, run, Event.QUEUE_LIMIT, error=_no_machine(tx, run, settings)) for run in late]
    return sum(row is not None for row in ended)


_GROUP_GONE = RunError(
    GROUP_GONE, "Not started: the machine group was deleted while the run waited. Use another connection."
)


def _locked(tx: Transaction, *conditions: sa.ColumnElement[bool]) -> Iterator[Row]:
    """Yield runs, each held until the transaction ends; those that somebody else holds are left out."""
    statement = sa.select(FlowSession.c.flowsessionid).where(*conditions).limit(_AT_ONCE)
    run_ids: list[UUID] = list(tx.execute(statement.with_for_update(skip_locked=True)).scalars())
    for run_id in run_ids:
        run = run_row(tx, run_id)
        if run is not None:
            yield run


def _has_listened(tx: Transaction, since: datetime | None, seconds: float) -> bool:
    return since is None or tx.now - since >= timedelta(seconds=seconds)


def _lost_error(tx: Transaction, run: Row, settings: Settings) -> RunError:
    c = FlowMachine.c
    machine = tx.execute(sa.select(c.name).where(c.flowmachineid == run["machineid"])).scalar_one_or_none()
    where = f"Machine ‘{machine}’" if machine else "The run's machine, which was deleted since,"
    patience = timedelta(seconds=settings.agent_lost_seconds)
    return RunError(
        NOT_REACHABLE,
        f"{where} stopped answering at about {_moment(run['leaseexpireson'] - patience, tx.now)} and was "
        f"silent for {_duration(settings.agent_lost_seconds)}. The flow may have finished its work; Deskhand "
        "does not start it again by itself. Check how far it came, then rerun it.",
    )


def _no_machine(tx: Transaction, run: Row, settings: Settings) -> RunError:
    """Say why nobody took a run, machine by machine."""
    c, g = FlowMachine.c, FlowMachineGroup.c
    group = tx.execute(
        sa.select(g.name, g.statecode).where(g.flowmachinegroupid == run["machinegroupid"])
    ).one()
    machines = tx.execute(
        sa.select(FlowMachine.table).where(c.flowmachinegroupid == run["machinegroupid"]).order_by(c.name)
    ).mappings()
    reasons = list(_reasons(machines, tx.now, settings)) or ["The group has no machine"]
    if group.statecode != MachineState.ACTIVE:
        reasons = ["The group was in maintenance"]
    refusal = NoCandidateMachine(group.name, _duration(settings.queue_wait_max), reasons)
    return RunError(NO_CANDIDATE, str(refusal))


def _reasons(machines: Iterable[Row], now: datetime, settings: Settings) -> Iterator[str]:
    silence = timedelta(seconds=_MISSED_HEARTBEATS * settings.heartbeat_seconds)
    for machine in machines:
        name, last = machine["name"], machine["lastheartbeatdate"]
        if machine["statecode"] == MachineState.MAINTENANCE:
            yield f"{name} was in maintenance"
        elif machine["statecode"] != MachineState.ACTIVE:
            yield f"{name} was switched off"
        elif last is None:
            yield f"{name} was never connected"
        elif now - last > silence:
            yield f"{name} was disconnected from {_moment(last, now)}"
        else:
            yield f"{name} was busy"


def _moment(moment: datetime, now: datetime) -> str:
    return moment.strftime("%H:%M" if moment.date() == now.date() else "%Y-%m-%d %H:%M") + " UTC"


def _duration(seconds: float) -> str:
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size:g} {unit}"
    return f"{seconds:g} s"
