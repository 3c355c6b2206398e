"""Reads the history of runs: what lists and pages show, without the values themselves. Source: cloud-flows 7.

Values may be long: here their lengths are read, and whoever wants to look at one follows its link
(:mod:`deskhand.cloudflows.contents`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import Status
from deskhand.cloudflows.errors import RunNotFound
from deskhand.cloudflows.history_errors import RunActionNotFound
from deskhand.cloudflows.journal import SAME
from deskhand.cloudflows.program import Node, Plan
from deskhand.cloudflows.resuming import FAILED
from deskhand.cloudflows.runstate import level_status, repetition_text
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.flowtrigger import FlowTriggerHistory
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction

PAGE = 30
"""How many of a list come at once, unless somebody asks for more. Source: cloud-flows 7.3."""

_R, _A, _H = FlowRun.c, FlowRunAction.c, FlowTriggerHistory.c
OUTPUTS = sa.case((_A.outputs == SAME, _A.inputs), else_=_A.outputs)
"""An action's outputs: where they are its inputs, the journal only says so."""
RUN_COLUMNS = (
    _R.flowrunid, _R.name, _R.workflow, _R.ownerid, _R.owningbusinessunit, _R.starttime, _R.endtime,
    _R.duration, _R.status, _R.code, _R.errorcode, _R.errormessage, _R.triggertype, _R.triggername,
    _R.clienttrackingid, _R.originhistoryname, _R.flowversionid, _R.waitendtime, _R.parentrunid,
    _R.responseactionid, _R.resumedrunid, _R.istest, _R.dueon,
)  # fmt: skip
ACTION_COLUMNS = (
    _A.flowrunactionid, _A.name, _A.repetition, _A.status, _A.code, _A.error, _A.starttime, _A.endtime,
    _A.retryhistory, _A.trackedproperties, _A.linkedid, _A.dueon, _A.state,
    sa.func.length(_A.inputs).label("inputssize"),
    sa.func.length(OUTPUTS).label("outputssize"),
    _A.sealedinputs.is_not(None).label("hasinputs"),
    _A.sealedoutputs.is_not(None).label("hasoutputs"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list.

    Attributes:
        rows: The part.
        after: What the next part is found by; None after the last.
    """

    rows: Sequence[Row]
    after: str | None = None


def paged(rows: Sequence[Row], top: int, key: str) -> Page:
    """Return a page of rows of which one more was read than the page holds."""
    kept = rows[:top]
    return Page(kept, str(kept[-1][key]) if len(rows) > top else None)


# Runs


def list_runs(
    tx: Transaction,
    workflow_id: UUID,
    *,
    conditions: Iterable[sa.ColumnElement[bool]] = (),
    top: int = PAGE,
    after: str | None = None,
) -> Page:
    """Return runs of a flow, the newest first.

    Args:
        tx: The open transaction.
        workflow_id: The flow.
        conditions: What they have to fulfil.
        top: How many at most.
        after: The name of the run before the first of this page.
    """
    query = sa.select(*RUN_COLUMNS).where(_R.workflow == workflow_id, *conditions)
    if after is not None:
        query = query.where(_R.name > after)
    rows = tx.execute(query.order_by(_R.name).limit(top + 1)).mappings().all()
    return paged(rows, top, "name")


def find_run(tx: Transaction, workflow_id: UUID, name: str) -> Row:
    """Return a run of a flow by its name.

    Raises:
        RunNotFound: There is none.
    """
    query = sa.select(*RUN_COLUMNS, _R.outputs).where(_R.name == name, _R.workflow == workflow_id)
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        raise RunNotFound(name)
    return row


def named(name: str) -> sa.ColumnElement[bool]:
    """Return what holds for the run of a name."""
    return _R.name == name


def may_resume(tx: Transaction, run_id: UUID) -> bool:
    """Tell whether nobody has gone on from a run yet."""
    return tx.execute(sa.select(_R.flowrunid).where(_R.resumedrunid == run_id)).first() is None


# Actions


@dataclass(frozen=True, slots=True)
class RepeatedAction:
    """What is known of an action in a loop as a whole.

    Attributes:
        count: How often it was recorded.
    """

    name: str
    count: int
    status: Status
    started: datetime
    ended: datetime | None


def single_actions(tx: Transaction, run_id: UUID) -> list[Row]:
    """Return the records of the actions that stand in no loop, in the order in which they began."""
    query = sa.select(*ACTION_COLUMNS).where(_A.flowrunid == run_id, _A.repetition == "")
    return list(tx.execute(query.order_by(_A.starttime, _A.flowrunactionid)).mappings())


def repeated_actions(tx: Transaction, run_id: UUID) -> list[RepeatedAction]:
    """Return the actions that stand in loops, each as a whole, in the order in which they began."""
    query = (
        sa.select(
            _A.name,
            _A.status,
            sa.func.count().label("times"),
            sa.func.min(_A.starttime).label("started"),
            sa.func.max(_A.endtime).label("ended"),
        )
        .where(_A.flowrunid == run_id, _A.repetition > "")
        .group_by(_A.name, _A.status)
    )
    found: dict[str, list[Any]] = {}
    for row in tx.execute(query):
        found.setdefault(row.name, []).append(row)
    return sorted((_whole(name, rows) for name, rows in found.items()), key=lambda one: one.started)


def _whole(name: str, rows: Sequence[Any]) -> RepeatedAction:
    status = worst([Status(row.status) for row in rows])
    return RepeatedAction(
        name=name,
        count=sum(row.times for row in rows),
        status=status,
        started=min(row.started for row in rows),
        ended=max(row.ended for row in rows) if status.is_final else None,
    )


def worst(statuses: Sequence[Status]) -> Status:
    """Return the status of several repetitions as a whole: under way, or the first that failed."""
    for status in (Status.RUNNING, Status.WAITING, *FAILED, Status.SUCCEEDED):
        if status in statuses:
            return status
    return Status.SKIPPED


def find_action(tx: Transaction, run: Row, name: str) -> Row:
    """Return the record of an action that stands in no loop, or was skipped with its loop.

    Raises:
        RunActionNotFound: There is none.
    """
    query = sa.select(*ACTION_COLUMNS).where(
        _A.flowrunid == run["flowrunid"], _A.repetition == "", _A.name == name
    )
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        raise RunActionNotFound(run["name"], name)
    return row


def list_repetitions(
    tx: Transaction,
    run_id: UUID,
    name: str,
    *,
    conditions: Iterable[sa.ColumnElement[bool]] = (),
    top: int = PAGE,
    after: str | None = None,
    only: str | None = None,
) -> Page:
    """Return the records of an action in a loop, in the order of their indexes.

    Args:
        tx: The open transaction.
        run_id: The run.
        name: The action.
        conditions: What they have to fulfil.
        top: How many at most.
        after: The repetition before the first of this page.
        only: The one repetition that is wanted.
    """
    query = sa.select(*ACTION_COLUMNS).where(_A.flowrunid == run_id, _A.name == name, *conditions)
    query = query.where(_A.repetition > (after or "") if only is None else _A.repetition == only)
    rows = tx.execute(query.order_by(_A.repetition).limit(top + 1)).mappings().all()
    return paged(rows, top, "repetition")


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration of a loop: how the actions directly within it stand.

    Attributes:
        repetition: The loop's own indexes and its own.
    """

    repetition: str
    statuses: Mapping[str, Status]
    started: datetime
    ended: datetime | None


def iterations(
    tx: Transaction, run_id: UUID, loop: Node, *, after: str = "", at_once: int = 200
) -> Iterator[Iteration]:
    """Yield the iterations of a loop in the order of their indexes.

    Args:
        tx: The open transaction.
        run_id: The run.
        loop: The loop.
        after: The repetition before the first.
        at_once: How many are read together.
    """
    inside = _inside(run_id, loop)
    while True:
        some = sa.select(_A.repetition).where(inside, _A.repetition > after).distinct()
        found = list(tx.execute(some.order_by(_A.repetition).limit(at_once)).scalars())
        if not found:
            return
        after = found[-1]
        yield from _iterations(tx, sa.and_(inside, _A.repetition.in_(found)))


def find_iteration(tx: Transaction, run_id: UUID, loop: Node, repetition: str) -> Iteration | None:
    """Return one iteration of a loop; None if it has not begun."""
    return next(_iterations(tx, sa.and_(_inside(run_id, loop), _A.repetition == repetition)), None)


def _inside(run_id: UUID, loop: Node) -> sa.ColumnElement[bool]:
    """Return what holds for the records directly within a loop; skipped ones may belong further outside."""
    depth = len(loop.loops) + 1
    return sa.and_(
        _A.flowrunid == run_id,
        _A.name.in_([name for plan in loop.branches.values() for name in plan.nodes]),
        sa.func.length(_A.repetition) == len(repetition_text((0,) * depth)),
    )


def _iterations(tx: Transaction, which: sa.ColumnElement[bool]) -> Iterator[Iteration]:
    columns = (_A.repetition, _A.name, _A.status, _A.starttime, _A.endtime)
    grouped: dict[str, list[Any]] = {}
    for row in tx.execute(sa.select(*columns).where(which).order_by(_A.repetition)):
        grouped.setdefault(row.repetition, []).append(row)
    for repetition, rows in grouped.items():
        ends = [row.endtime for row in rows]
        yield Iteration(
            repetition=repetition,
            statuses={row.name: Status(row.status) for row in rows},
            started=min(row.starttime for row in rows),
            ended=None if None in ends else max(ends),
        )


def iteration_status(plan: Plan, iteration: Iteration) -> Status:
    """Return how an iteration stands. Source: cloud-flows 3.3."""
    if iteration.ended is None or len(iteration.statuses) < len(plan.nodes):
        return Status.RUNNING
    return level_status(plan, iteration.statuses.__getitem__)


@dataclass(frozen=True, slots=True)
class Link:
    """What an action has started: a desktop flow's run, or a child flow's.

    Attributes:
        kind: ``flowsession`` or ``flowrun``.
        status: Where it stands.
        name: The desktop flow's name, or the child run's.
    """

    kind: str
    id: UUID
    name: str
    status: str


def links_of(tx: Transaction, rows: Iterable[Row]) -> dict[UUID, Link]:
    """Return what actions have started, by its id."""
    ids = {row["linkedid"] for row in rows if row["linkedid"] is not None}
    if not ids:
        return {}
    session, found = FlowSession.c, dict[UUID, Link]()
    query = sa.select(session.flowsessionid, session.name, session.statuscode)
    for row in tx.execute(query.where(session.flowsessionid.in_(ids))):
        status = str(row.statuscode)
        found[row.flowsessionid] = Link("flowsession", row.flowsessionid, row.name or "", status)
    runs = sa.select(_R.flowrunid, _R.name, _R.status).where(_R.flowrunid.in_(ids))
    for row in tx.execute(runs):
        found[row.flowrunid] = Link("flowrun", row.flowrunid, row.name, row.status)
    return found


def attempts_of(row: Row) -> list[Any]:
    """Return the attempts before an action's last one."""
    return [] if row["retryhistory"] is None else list(json.loads(row["retryhistory"]))


# Triggers


def list_histories(
    tx: Transaction,
    workflow_id: UUID,
    trigger_name: str,
    *,
    status: Iterable[sa.ColumnElement[bool]] = (),
    fired: bool = True,
    reach: Iterable[sa.ColumnElement[bool]] = (),
    top: int = PAGE,
    after: str | None = None,
) -> Page:
    """Return what a trigger saw, the newest first: its runs, and the looks that started none.

    Args:
        tx: The open transaction.
        workflow_id: The flow.
        trigger_name: The trigger.
        status: What the looks that started no run have to fulfil.
        fired: Whether those that started one are wanted: they succeeded.
        reach: What the runs have to fulfil.
        top: How many at most.
        after: The name before the first of this page.
    """
    looks = sa.select(
        _H.name, _H.starttime, _H.endtime, _H.scheduledtime, _H.status, _H.code, _H.error
    ).where(_H.workflowid == workflow_id, _H.triggername == trigger_name, *status)
    runs = sa.select(*RUN_COLUMNS).where(_R.workflow == workflow_id, _R.triggername == trigger_name, *reach)
    if after is not None:
        looks, runs = looks.where(_H.name > after), runs.where(_R.name > after)
    found: list[Row] = list(tx.execute(looks.order_by(_H.name).limit(top + 1)).mappings())
    if fired:
        found += tx.execute(runs.order_by(_R.name).limit(top + 1)).mappings()
    return paged(sorted(found, key=lambda row: row["name"])[: top + 1], top, "name")


def find_history(tx: Transaction, workflow_id: UUID, name: str) -> Row | None:
    """Return a look of a trigger that started no run; None if there is none of that name."""
    query = sa.select(FlowTriggerHistory.table).where(_H.name == name, _H.workflowid == workflow_id)
    return tx.execute(query).mappings().one_or_none()
