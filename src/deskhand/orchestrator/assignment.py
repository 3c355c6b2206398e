"""Giving waiting runs to a machine that asks. Source: machines-and-runs 4.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from deskhand.core.settings import Settings
from deskhand.entities.declare import Instant
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup, MachineState, QueuingType
from deskhand.entities.flowsession import FlowLogType, FlowSession, FlowSessionRunMode
from deskhand.identity.errors import SealBroken, SealingKeyMissing
from deskhand.identity.vault import Vault
from deskhand.orchestrator.debug_sessions import debug_part, debugged_flow
from deskhand.orchestrator.errors import MachineKeyRefused
from deskhand.orchestrator.flows import Bundle, bundle, bundle_of
from deskhand.orchestrator.machines import note_sign_of_life
from deskhand.orchestrator.parameters import read_schema, with_defaults
from deskhand.orchestrator.placement import Candidate, Room, choose
from deskhand.orchestrator.rows import HELD, Row
from deskhand.orchestrator.runlog import log_events
from deskhand.orchestrator.runs import confirm_run, end_run, hidden_outputs, open_inputs, put_back
from deskhand.orchestrator.transitions import RUNNING, WAITING, Event, apply_to_all
from deskhand.protocol.messages import (
    CancelOrder,
    Claim,
    FlowLimits,
    Orders,
    Readiness,
    RunError,
    RunMode,
    RunOrder,
)
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

_ATTENDED = int(FlowSessionRunMode.ATTENDED)
_NOT_PUBLISHED = "0x80040217"
_UNREADABLE = "InputsUnreadable"
_SESSION = FlowSession.c
_GROUP = FlowMachineGroup.table

# Claims of one machine come one after the other, so its row is held.
_MACHINE = Statement(
    sa.select(FlowMachine.table, _GROUP.c.statecode.label("groupstate"), _GROUP.c.preferredqueuingtype)
    .join_from(FlowMachine.table, _GROUP, _GROUP.c.flowmachinegroupid == FlowMachine.c.flowmachinegroupid)
    .where(FlowMachine.c.flowmachineid == sa.bindparam("machine_id"))
    .with_for_update(of=FlowMachine.table)
)
_ENDED = Statement(
    sa.select(_SESSION.flowsessionid).where(
        _SESSION.flowsessionid == sa.bindparam("run_id"),
        _SESSION.fencingtoken == sa.bindparam("token"),
        _SESSION.machineid == sa.bindparam("machine_id"),
        _SESSION.completedon.is_not(None),
    )
)
_RENEWED = (
    sa.update(FlowSession.table)
    .where(
        _SESSION.machineid == sa.bindparam("machine_id"),
        HELD,
        sa.tuple_(_SESSION.flowsessionid, _SESSION.fencingtoken).in_(sa.bindparam("named", expanding=True)),
    )
    .values(
        leaseexpireson=sa.case(
            (_SESSION.statuscode == int(RUNNING), sa.bindparam("begun_until", type_=Instant())),
            else_=sa.bindparam("waiting_until", type_=Instant()),
        )
    )
)
_LEASED = Statement(
    sa.select(
        _SESSION.flowsessionid,
        _SESSION.fencingtoken,
        _SESSION.statuscode,
        _SESSION.createdon,
        _SESSION.startedon,
        _SESSION.leaseexpireson,
        _SESSION.cancelrequestedon,
        _SESSION.machineid,
        _SESSION.begunbyclaim,
    ).where(HELD, _SESSION.machineid == sa.bindparam("machine_id"))
)
_HEAD = (
    sa.select(_SESSION.flowsessionid, _SESSION.runmode)
    .where(
        _SESSION.statuscode == int(WAITING),
        _SESSION.machinegroupid == sa.bindparam("group_id"),
        _SESSION.leaseexpireson.is_(None),
    )
    .order_by(_SESSION.queuepriority, _SESSION.createdon, _SESSION.versionnumber)
    .limit(sa.bindparam("sessions"))
    .with_for_update(skip_locked=True)
)
_WAITING = Statement(_HEAD)
_WAITING_UNATTENDED = Statement(_HEAD.where(_SESSION.runmode != _ATTENDED))
_HELD_ATTENDED = Statement(
    sa.select(_SESSION.flowsessionid)
    .where(
        HELD,
        _SESSION.machineid == sa.bindparam("machine_id"),
        _SESSION.runmode == _ATTENDED,
    )
    .limit(1)
)


def assign_runs(
    tx: Transaction,
    machine_id: UUID,
    claim: Claim,
    settings: Settings,
    vault: Vault,
    *,
    again: bool = False,
) -> Orders:
    """Answer an agent that asks for work: new runs, runs to stop, and runs that are not its own any more.

    The leases of the runs that the agent names are renewed. A run that was assigned to it, has not begun
    and is not named never reached it: it goes back to the queue and may come with this very answer. So does
    one that was confirmed with an answer of which this agent says that it never came. Any other that has
    begun and is not named any more went down with an earlier agent of the machine.

    Args:
        tx: The open transaction.
        machine_id: The machine whose agent asks.
        claim: What it asks for.
        settings: Limits and choices.
        vault: Opens inputs.
        again: Whether this claim has been looked at before and waits: then it is no new sign of life.

    Raises:
        MachineKeyRefused: The machine was deleted.
    """
    machine = _machine(tx, machine_id)
    if not again:
        note_sign_of_life(tx, machine, claim.agent_version, settings)
    leased = tx.rows(_LEASED, {"machine_id": machine_id})
    named = set(claim.running)
    held = {
        row["flowsessionid"]: row for row in leased if (row["flowsessionid"], row["fencingtoken"]) in named
    }
    renew_leases(tx, machine_id, [row for row in held.values() if _is_ageing(tx, row, settings)], settings)
    if not again:
        unnamed = [row for row in leased if row["flowsessionid"] not in held]
        _take_back(tx, machine, unnamed, claim.ready, settings)
    sessions = min(claim.free_sessions, machine["sessioncapacity"] - len(held))
    return Orders(
        runs=_take(tx, machine, sessions, claim, settings, vault),
        cancels=tuple(
            CancelOrder(run_id, row["fencingtoken"])
            for run_id, row in held.items()
            if row["cancelrequestedon"]
        ),
        lost=_lost(tx, machine_id, [one for one in claim.running if one[0] not in held]),
        heartbeat_seconds=settings.heartbeat_seconds,
    )


def _lost(tx: Transaction, machine_id: UUID, named: Sequence[tuple[UUID, int]]) -> tuple[UUID, ...]:
    """Return the runs that an agent names and does not hold; those it reported as ended are no news."""

    def is_reported(run_id: UUID, token: int) -> bool:
        return tx.row(_ENDED, {"run_id": run_id, "token": token, "machine_id": machine_id}) is not None

    return tuple(run_id for run_id, token in named if not is_reported(run_id, token))


def _is_ageing(tx: Transaction, run: Row, settings: Settings) -> bool:
    """Tell whether a lease is worth writing anew; a claim comes far more often than a lease lasts."""
    return bool(run["leaseexpireson"] - tx.now < _lease(run, settings) * 0.75)


def _lease(run: Row, settings: Settings) -> timedelta:
    """Return how long a run's agent may stay silent: longer once the flow has begun."""
    begun = run["statuscode"] == RUNNING
    return timedelta(seconds=settings.agent_lost_seconds if begun else settings.lease_seconds)


def renew_leases(tx: Transaction, machine_id: UUID, runs: Sequence[Row], settings: Settings) -> None:
    """Renew the leases of runs that a machine still holds."""
    if not runs:
        return
    renewal = {
        "machine_id": machine_id,
        "named": [(run["flowsessionid"], run["fencingtoken"]) for run in runs],
        "begun_until": tx.now + timedelta(seconds=settings.agent_lost_seconds),
        "waiting_until": tx.now + timedelta(seconds=settings.lease_seconds),
    }
    tx.execute(_RENEWED, renewal)


def _machine(tx: Transaction, machine_id: UUID) -> Row:
    """Return the machine with its group's state."""
    row = tx.row(_MACHINE, {"machine_id": machine_id})
    if row is None:
        raise MachineKeyRefused
    return row


def _take_back(
    tx: Transaction, machine: Row, rows: Sequence[Row], ready: Readiness | None, settings: Settings
) -> None:
    """Look after the machine's runs that its agent does not know."""
    waiting = [row["flowsessionid"] for row in rows if row["statuscode"] == WAITING]
    release_runs(tx, waiting, _LOST_ORDER.message)
    # A claim that was sent before the run came, and is answered after, does not name it either: such a
    # claim is younger than a lease.
    fresh = tx.now + timedelta(seconds=settings.agent_lost_seconds - settings.lease_seconds)
    for row in rows:
        if row["statuscode"] != RUNNING:
            continue
        if _never_came(row, ready):
            guard = {"machineid": row["machineid"], "fencingtoken": row["fencingtoken"]}
            put_back(tx, row, guard, _LOST_ORDER)
        elif row["leaseexpireson"] < fresh:
            end_run(tx, row, Event.AGENT_LOST, error=_forgotten(machine))


def _never_came(run: Row, ready: Readiness | None) -> bool:
    """Tell whether a begun run was to come with an answer of which its agent says that it never came."""
    return ready is not None and run["begunbyclaim"] in {_claim_of(ready, one) for one in ready.unanswered}


def _claim_of(ready: Readiness, number: int) -> str:
    """Return what a run notes of the claim with which it was confirmed."""
    return f"{ready.agent_id}:{number}"


_LOST_ORDER = RunError("AgentNotReachable", "The order did not reach the machine.")


def _forgotten(machine: Row) -> RunError:
    return RunError(
        "AgentNotReachable",
        f"The agent of machine ‘{machine['name']}’ was started anew while the flow ran and knows nothing of "
        "the run any more. The flow had begun, so it is not started again: find out how far it came, then "
        "run it anew.",
    )


def release_runs(tx: Transaction, run_ids: Sequence[UUID], reason: str = "") -> None:
    """Put runs that were assigned and have not begun back into the queue; they keep their place.

    Args:
        tx: The open transaction.
        run_ids: The runs.
        reason: What the log says of it; empty for runs that only rested, of which it has been told.
    """
    if not run_ids:
        return
    rows = apply_to_all(tx, run_ids, Event.LEASE_LAPSED, {"leaseexpireson": None, "machineid": None})
    if not reason:
        return
    data = {"event": str(Event.LEASE_LAPSED), "code": "AgentNotReachable", "message": reason}
    log_events(tx, [(row, FlowLogType.RUN_QUEUE_ASSIGN_FAILED, data, row["fencingtoken"]) for row in rows])


def _take(
    tx: Transaction, machine: Row, sessions: int, claim: Claim, settings: Settings, vault: Vault
) -> tuple[RunOrder, ...]:
    ready = machine["statecode"] == machine["groupstate"] == MachineState.ACTIVE
    if sessions <= 0 or not ready:
        return ()
    run_ids = _choose(tx, machine, sessions)
    if not run_ids:
        return ()
    lease = {
        "machineid": machine["flowmachineid"],
        "leaseexpireson": tx.now + timedelta(seconds=settings.lease_seconds),
    }
    rows = apply_to_all(tx, run_ids, Event.ASSIGNED, lease, guard={"leaseexpireson": None})
    data = {"machine": machine["flowmachineid"], "name": machine["name"]}
    log_events(tx, [(row, FlowLogType.RUN_QUEUE_ASSIGNED, data, row["fencingtoken"]) for row in rows])
    by_id = {row["flowsessionid"]: row for row in rows}
    orders = _orders(tx, [by_id[run_id] for run_id in run_ids if run_id in by_id], settings, vault)
    return tuple(_confirmed(tx, machine, order, claim, settings) for order in orders)


def _confirmed(tx: Transaction, machine: Row, order: RunOrder, claim: Claim, settings: Settings) -> RunOrder:
    """Confirm a run with its order, if the agent begins it as soon as it comes."""
    ready = claim.ready
    if ready is None or not ready.flows or order.debug or order.flow.fingerprint not in ready.flows:
        return order
    row = confirm_run(
        tx,
        order.run_id,
        settings,
        {"machineid": machine["flowmachineid"], "fencingtoken": order.fencing_token},
        session_user=ready.session_user,
        agent_version=claim.agent_version,
        by_claim=_claim_of(ready, ready.claim_number),
    )
    return replace(order, confirmed=row is not None)


def _choose(tx: Transaction, machine: Row, sessions: int) -> tuple[UUID, ...]:
    """Return the runs for a machine's free sessions, in the order of the queue."""
    queue = {"group_id": machine["flowmachinegroupid"], "sessions": sessions}
    head = _candidates(tx, _WAITING, queue)
    room = Room(
        sessions,
        attended=any(one.attended for one in head) and not _runs_attended(tx, machine["flowmachineid"]),
        may_pass=machine["preferredqueuingtype"] != QueuingType.FIFO,
    )
    chosen = choose(head, room)
    if len(chosen) == len(head) or not room.may_pass:
        return chosen
    # Attended runs that wait for the person's session stand in the way; look behind them.
    behind = _candidates(tx, _WAITING_UNATTENDED, queue)
    more = [one.run_id for one in behind if one.run_id not in chosen]
    return (*chosen, *more[: sessions - len(chosen)])


def _candidates(tx: Transaction, statement: Statement, queue: Mapping[str, Any]) -> list[Candidate]:
    return [Candidate(one["flowsessionid"], one["runmode"] == _ATTENDED) for one in tx.rows(statement, queue)]


def _runs_attended(tx: Transaction, machine_id: UUID) -> bool:
    """Tell whether an attended run has the session of the machine's person."""
    return tx.row(_HELD_ATTENDED, {"machine_id": machine_id}) is not None


def _orders(tx: Transaction, rows: Sequence[Row], settings: Settings, vault: Vault) -> tuple[RunOrder, ...]:
    ordinary = [row for row in rows if not row["isdebugged"]]
    bundles = {flow_id: bundle(tx, flow_id) for flow_id in {row["regardingobjectid"] for row in ordinary}}
    orders: list[RunOrder] = []
    for row in rows:
        if row["isdebugged"]:
            orders += _debug_order(tx, row, settings, vault)
            continue
        found = bundles[row["regardingobjectid"]]
        if found is None:
            _refuse(tx, row, _NOT_PUBLISHED, "The flow was withdrawn while its run waited. Publish it again.")
            continue
        try:
            orders.append(_order(row, found, settings, vault))
        except (SealBroken, SealingKeyMissing) as error:
            _refuse(tx, row, _UNREADABLE, f"The run's inputs cannot be read. {error}")
    for flow_id, found in bundles.items():
        if found is not None:
            _note_hidden_outputs(tx, [one for one in ordinary if one["regardingobjectid"] == flow_id], found)
    return tuple(orders)


def _debug_order(tx: Transaction, row: Row, settings: Settings, vault: Vault) -> Iterator[RunOrder]:
    """Yield the order of a debugged run, which takes a text of its own."""
    flow = debugged_flow(tx, row["flowsessionid"])
    if flow is None:
        _refuse(tx, row, _NOT_PUBLISHED, "The flow was deleted while its run waited.")
        return
    found = bundle_of(tx, flow)
    try:
        order = _order(row, found, settings, vault)
        part = debug_part(tx, row["flowsessionid"], vault)
    except (SealBroken, SealingKeyMissing) as error:
        _refuse(tx, row, _UNREADABLE, f"The run's inputs cannot be read. {error}")
        return
    _note_hidden_outputs(tx, [row], found)
    yield replace(order, debug=part)


def _order(row: Row, found: Bundle, settings: Settings, vault: Vault) -> RunOrder:
    schema = read_schema(found.row["inputs"], found.row["definition"])
    return RunOrder(
        run_id=row["flowsessionid"],
        fencing_token=row["fencingtoken"],
        lease_seconds=settings.lease_seconds,
        flow=found.flow,
        children=found.children,
        inputs=with_defaults(schema, open_inputs(row, vault)),
        timeout_seconds=row["requesttimeout"],
        run_mode=RunMode.ATTENDED if row["runmode"] == _ATTENDED else RunMode.UNATTENDED,
        limits=FlowLimits(
            memory_bytes=settings.child_memory_max_bytes,
            action_log_rows=settings.action_log_max_rows,
            outputs_bytes=settings.outputs_max_bytes,
            cancel_grace_seconds=settings.cancel_grace_seconds,
        ),
        culture=settings.culture,
    )


def _refuse(tx: Transaction, row: Row, code: str, message: str) -> None:
    end_run(tx, row, Event.REFUSED, error=RunError(code, message))


def _note_hidden_outputs(tx: Transaction, rows: Sequence[Row], found: Bundle) -> None:
    details = hidden_outputs(read_schema(found.row["outputs"], found.row["definition"]))
    if details is None:
        return
    run_ids = [row["flowsessionid"] for row in rows]
    statement = sa.update(FlowSession.table).where(FlowSession.c.flowsessionid.in_(run_ids))
    tx.execute(statement.values(rundetails=details))
