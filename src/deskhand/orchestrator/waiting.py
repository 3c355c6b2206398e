"""Why a run waits: what the dispatcher would answer if each machine of its group asked for work now.

:func:`~deskhand.orchestrator.placement.choose` decides here as it does when work is given out.
Source: machines-and-runs 4.2 and 4.4, experience 5.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup, MachineState, QueuingType
from deskhand.entities.flowsession import FlowSession, FlowSessionRunMode
from deskhand.orchestrator.placement import Candidate, Room, choose
from deskhand.orchestrator.rows import HELD
from deskhand.orchestrator.transitions import WAITING
from deskhand.store.database import Transaction

_S, _M, _G = FlowSession.c, FlowMachine.c, FlowMachineGroup.c
_ATTENDED = int(FlowSessionRunMode.ATTENDED)
_BEATS_MISSED = 3


class WaitReason(StrEnum):
    """Why a run waits."""

    STARTING = "starting"
    """A machine has it and is about to begin."""
    NEXT = "next"
    """A machine takes it when it next asks."""
    NO_MACHINE = "noMachine"
    """Its group has no machine."""
    GROUP_INACTIVE = "groupInactive"
    """Its group takes no runs."""
    DISCONNECTED = "disconnected"
    """No machine of its group is connected."""
    MAINTENANCE = "maintenance"
    """Every connected machine of its group is in maintenance, or switched off."""
    SESSIONS_BUSY = "sessionsBusy"
    """Every session is in use."""
    PERSON_BUSY = "personBusy"
    """An attended run has the session of the machine's person."""
    BEHIND = "behind"
    """Runs before it in the queue go first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that waits, and why.

    Attributes:
        run_id: The run.
        position: Its place in the queue of its group, from 1; 0 for one that a machine has already.
        reason: Why it waits.
        since: Since when that is so, where it is known.
        used: Sessions in use, where that is the reason.
        capacity: Sessions there are.
        machines: The names of the machines that it concerns, at most five.
    """

    run_id: UUID
    position: int
    reason: WaitReason
    since: datetime | None = None
    used: int = 0
    capacity: int = 0
    machines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Machine:
    name: str
    active: bool
    connected: bool
    seen: datetime | None
    capacity: int
    held: int
    attended_held: bool


@dataclass(frozen=True, slots=True)
class _Queue:
    active: bool
    may_pass: bool
    machines: tuple[_Machine, ...]


def why_waiting(tx: Transaction, group_ids: Iterable[UUID], settings: Settings) -> Mapping[UUID, Waiting]:
    """Return every waiting run of some machine groups, and why it waits, by its id."""
    found: dict[UUID, Waiting] = {}
    for group_id in group_ids:
        queue = _queue(tx, group_id, settings)
        rows = tx.execute(
            sa.select(_S.flowsessionid, _S.runmode, _S.leaseexpireson, FlowMachine.c.name)
            .outerjoin(FlowMachine.table, _M.flowmachineid == _S.machineid)
            .where(_S.statuscode == int(WAITING), _S.machinegroupid == group_id)
            .order_by(_S.queuepriority, _S.createdon, _S.versionnumber)
        ).all()
        for row in rows:
            if row.leaseexpireson is not None:
                names = (row.name,) if row.name else ()
                found[row.flowsessionid] = Waiting(row.flowsessionid, 0, WaitReason.STARTING, machines=names)
        candidates = [
            Candidate(row.flowsessionid, row.runmode == _ATTENDED)
            for row in rows
            if row.leaseexpireson is None
        ]
        found |= {one.run_id: one for one in _explain(candidates, queue)}
    return found


def _queue(tx: Transaction, group_id: UUID, settings: Settings) -> _Queue:
    group = tx.execute(
        sa.select(_G.statecode, _G.preferredqueuingtype).where(_G.flowmachinegroupid == group_id)
    ).one_or_none()
    held = sa.and_(_S.machineid == _M.flowmachineid, HELD)
    query = sa.select(
        _M.name,
        _M.statecode,
        _M.lastheartbeatdate,
        _M.sessioncapacity,
        sa.select(sa.func.count()).where(held).scalar_subquery().label("held"),
        sa.exists().where(held, _S.runmode == _ATTENDED).label("attended"),
    ).where(_M.flowmachinegroupid == group_id)
    silent_before = tx.now - timedelta(seconds=settings.heartbeat_seconds * _BEATS_MISSED)
    machines = tuple(
        _Machine(
            row.name,
            row.statecode == MachineState.ACTIVE,
            row.lastheartbeatdate is not None and row.lastheartbeatdate > silent_before,
            row.lastheartbeatdate,
            row.sessioncapacity,
            row.held,
            bool(row.attended),
        )
        for row in tx.execute(query.order_by(_M.name))
    )
    active = group is not None and group.statecode == MachineState.ACTIVE
    return _Queue(active, group is None or group.preferredqueuingtype != QueuingType.FIFO, machines)


def _explain(candidates: Sequence[Candidate], queue: _Queue) -> list[Waiting]:
    blocked = _blocked(queue)
    chosen = set() if blocked else _chosen(candidates, queue)
    ready = [one for one in queue.machines if one.active and one.connected]
    used, capacity = sum(one.held for one in ready), sum(one.capacity for one in ready)
    explained = []
    for position, one in enumerate(candidates, 1):
        known: dict[str, Any] = blocked or {"reason": _reason(one, chosen, ready, used, capacity)}
        if known["reason"] in (WaitReason.SESSIONS_BUSY, WaitReason.PERSON_BUSY):
            known = {**known, "used": used, "capacity": capacity, "machines": _names(ready)}
        explained.append(Waiting(one.run_id, position, **known))
    return explained


def _blocked(queue: _Queue) -> dict[str, Any]:
    """Return why no run of a queue can start, or nothing."""
    connected = [one for one in queue.machines if one.connected]
    if not queue.machines:
        return {"reason": WaitReason.NO_MACHINE}
    if not queue.active:
        return {"reason": WaitReason.GROUP_INACTIVE}
    if not connected:
        seen = [one.seen for one in queue.machines if one.seen is not None]
        since = max(seen) if seen else None
        return {"reason": WaitReason.DISCONNECTED, "since": since, "machines": _names(queue.machines)}
    if not any(one.active for one in connected):
        return {"reason": WaitReason.MAINTENANCE, "machines": _names(connected)}
    return {}


def _names(machines: Iterable[_Machine]) -> tuple[str, ...]:
    return tuple(one.name for one in machines)[:5]


def _chosen(candidates: Sequence[Candidate], queue: _Queue) -> set[UUID]:
    """Return the runs that machines would take if each asked now, one after the other."""
    taken: set[UUID] = set()
    for machine in queue.machines:
        if machine.active and machine.connected:
            room = Room(machine.capacity - machine.held, not machine.attended_held, queue.may_pass)
            taken |= set(choose([one for one in candidates if one.run_id not in taken], room))
    return taken


def _reason(
    run: Candidate, chosen: set[UUID], ready: Sequence[_Machine], used: int, capacity: int
) -> WaitReason:
    if run.run_id in chosen:
        return WaitReason.NEXT
    if used >= capacity:
        return WaitReason.SESSIONS_BUSY
    if run.attended and all(one.attended_held for one in ready):
        return WaitReason.PERSON_BUSY
    return WaitReason.BEHIND
