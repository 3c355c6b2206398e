"""The run queue: what runs, what waits, and why. Source: experience 5.3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight
from deskhand.entities.flowsession import FlowSession
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.queueing import TOP, change_priority
from deskhand.orchestrator.runs import HIGH, NORMAL
from deskhand.orchestrator.transitions import RUNNING, WAITING
from deskhand.orchestrator.waiting import why_waiting
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter, RunNotWaiting
from deskhand.pages.lists import reach
from deskhand.pages.run_details import WaitInfo, wait_info
from deskhand.pages.runs import RunRow, desktop_query, desktop_row
from deskhand.records.security import require_access, visible
from deskhand.records.service import retrieve

_S = FlowSession.c
_MOST = 1_000


class Priority(StrEnum):
    """A run's priority in the queue."""

    TOP = "top"
    HIGH = "high"
    NORMAL = "normal"


_NUMBERS = {Priority.TOP: TOP, Priority.HIGH: HIGH, Priority.NORMAL: NORMAL}
_PRIORITIES = {number: priority for priority, number in _NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A run in the queue.

    Attributes:
        run: The run.
        priority: Its priority.
        waiting: Why it waits; null for one that runs.
        can_change: Whether the caller may cancel it or change its priority.
    """

    run: RunRow
    priority: Priority
    waiting: WaitInfo | None
    can_change: bool


@dataclass(frozen=True, slots=True)
class RunQueue:
    """The queue of one machine group, or of all.

    Attributes:
        items: The runs that run, the longest first, then those that wait, in the order in which they begin.
        running: How many run.
        queued: How many wait.
        complete: Whether these are all.
    """

    items: tuple[QueueItem, ...]
    running: int
    queued: int
    complete: bool


@dataclass(frozen=True, slots=True)
class NewPriority:
    """A priority to give.

    Attributes:
        priority: The priority.
    """

    priority: Priority


@endpoint("GET", "/queue")
def queue(context: PageContext, *, group: UUID | None = None, limit: int = 200) -> RunQueue:
    """Return what runs, what waits, and why.

    Args:
        group: Only the queue of this machine group.
        limit: How many at most.
    """
    if not 1 <= limit <= _MOST:
        raise BadParameter("limit", f"is {limit}; it takes 1 to {_MOST}.")
    open_runs = (
        desktop_query()
        .add_columns(_S.queuepriority, _S.ownerid, _S.owningbusinessunit)
        .where(
            reach(visible(context.principal, FlowSession)),
            _S.statuscode.in_([int(RUNNING), int(WAITING)]),
            # What a flow calls runs within it, and has no place of its own.
            _S.parentdesktopflowrunid.is_(None),
        )
    )
    if group is not None:
        open_runs = open_runs.where(_S.machinegroupid == group)
    order = (_S.statuscode, _S.queuepriority, _S.createdon, _S.versionnumber)
    rows = context.tx.execute(open_runs.order_by(*order).limit(limit + 1)).mappings().all()
    items = tuple(_items(context, rows[:limit]))
    counts = _counts(context, group)
    return RunQueue(items, counts.get(int(RUNNING), 0), counts.get(int(WAITING), 0), len(rows) <= limit)


@endpoint("PUT", "/desktopruns/{run_id}/priority")
def set_priority(context: PageContext, *, run_id: UUID, body: NewPriority) -> None:
    """Change a waiting run's priority; ``top`` moves it before all others.

    Args:
        run_id: The run.
        body: The priority.
    """
    run = retrieve(context.tx, context.principal, FlowSession, run_id)
    require_access(context.tx, context.principal, FlowSession, run, AccessRight.WRITE)
    number = _NUMBERS[body.priority]
    if not change_priority(context.tx, run_id, number, context.principal.user_id):
        raise RunNotWaiting
    thing = Thing(FlowSession.logical_name, run_id, run["name"])
    note(context.tx, context.actor, "changed a run's priority", thing, priority=body.priority.value)


def _items(context: PageContext, rows: Sequence[sa.RowMapping]) -> Iterator[QueueItem]:
    groups = {row["machinegroupid"] for row in rows if row["statuscode"] == WAITING}
    reasons = why_waiting(context.tx, groups - {None}, context.settings)
    may_write = _writable(context, [row["flowsessionid"] for row in rows])
    for row in rows:
        run = desktop_row(row)
        reason = reasons.get(run.id)
        waiting = wait_info(context, reason, run.requested_on) if reason else None
        priority = _PRIORITIES.get(row["queuepriority"], Priority.NORMAL)
        yield QueueItem(run, priority, waiting, run.id in may_write)


def _writable(context: PageContext, run_ids: list[UUID]) -> frozenset[UUID]:
    if context.principal.depth(FlowSession.privilege(AccessRight.WRITE).name) is None:
        return frozenset()
    condition = reach(visible(context.principal, FlowSession, AccessRight.WRITE))
    query = sa.select(_S.flowsessionid).where(_S.flowsessionid.in_(run_ids), condition)
    return frozenset(context.tx.execute(query).scalars())


def _counts(context: PageContext, group: UUID | None) -> dict[int, int]:
    query = sa.select(_S.statuscode, sa.func.count()).where(
        reach(visible(context.principal, FlowSession)),
        _S.statuscode.in_([int(RUNNING), int(WAITING)]),
        _S.parentdesktopflowrunid.is_(None),
    )
    if group is not None:
        query = query.where(_S.machinegroupid == group)
    return {row[0]: row[1] for row in context.tx.execute(query.group_by(_S.statuscode))}
