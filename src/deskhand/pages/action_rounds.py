"""The loops of an action log, and their rounds. Source: experience 5.1, machines-and-runs 5.4."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.records.service import retrieve

_L = FlowLog.c
_MOST_ROUNDS = 1_000
_AT_A_TIME = 5_000


class Outcome(StrEnum):
    """How an action ended."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    HANDLED = "Handled"


ACTIONS = (FlowLogType.CUSTOM_LOG.value, FlowLogType.DESKTOP_FLOW_RUN_ACTION.value)
"""The types of the rows that make up an action log."""

FAILED = sa.and_(
    _L.type == FlowLogType.DESKTOP_FLOW_RUN_ACTION.value,
    _L.outcome.in_([str(Outcome.FAILED), str(Outcome.HANDLED)]),
)
"""That a row tells of an action that failed, handled or not."""

_BEGINS_LOOP = sa.and_(
    _L.type == FlowLogType.DESKTOP_FLOW_RUN_ACTION.value, _L.outcome.is_(None), _L.loopindex.is_(None)
)


def round_number() -> sa.ColumnElement[int]:
    """Return which round of the innermost loop a row stands in; 0 where that is not known."""
    return sa.func.coalesce(_L.loopround, 0)


@dataclass(frozen=True, slots=True)
class LoopRound:
    """A round of a loop in which something is logged.

    Attributes:
        index: The index of its first row.
        number: Which round it is, from 1; 0 for rows before the first one, and in logs that name no rounds.
        started_at: When its first row began.
        rows: How many rows stand directly in it.
        loops: How many of these are loops.
        failed: How many actions failed in it, handled or not, also in the loops inside.
    """

    index: int
    number: int
    started_at: str
    rows: int
    loops: int
    failed: int


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A part of the rounds of a loop, in order.

    Attributes:
        items: The rounds.
        first: The index of the nearest round beyond this part, in the direction asked for; null at the end.
    """

    items: tuple[LoopRound, ...]
    first: int | None


@endpoint("GET", "/desktopruns/{run_id}/actions/rounds")
def loop_rounds(
    context: PageContext,
    *,
    run_id: UUID,
    loop: int,
    after: int | None = None,
    before: int | None = None,
    failed: bool = False,
    limit: int = 200,
) -> RoundPage:
    """Return a part of the rounds of a loop: the first ones, those after a round, or those before one.

    Rounds in which nothing is logged are not among them.

    Args:
        run_id: The run.
        loop: The index at which the loop begins.
        after: Only rounds after the one of the row of this index, the nearest ones.
        before: Only rounds that end before this index, the nearest ones.
        failed: Only rounds in which an action failed, handled or not, also in the loops inside.
        limit: How many at most.
    """
    if not 1 <= limit <= _MOST_ROUNDS:
        raise BadParameter("limit", f"is {limit}; it takes 1 to {_MOST_ROUNDS}.")
    retrieve(context.tx, context.principal, FlowSession, run_id, columns=())
    reader = _RoundReader(context, run_id, loop_at(context, run_id, loop), after, before)
    found = reader.failed(limit + 1) if failed else reader.any(limit + 1)
    times = _started_at(context, run_id, [one.index for one in found])
    rounds = tuple(
        LoopRound(one.index, one.number, times.get(one.index, ""), one.rows, one.loops, one.failed)
        for one in sorted(found[:limit], key=_place)
    )
    return RoundPage(rounds, found[limit].index if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop of a log.

    Attributes:
        began: The index of the row where it begins.
        depth: How many loops that row stands in.
        behind: The index of the first row behind what is in the loop; None where there is none yet.
    """

    began: int
    depth: int
    behind: int | None

    def spans(self) -> Iterator[sa.ColumnElement[bool]]:
        """Yield the conditions of a row between the beginning of the loop and what stands behind it."""
        yield _L.logindex > self.began
        if self.behind is not None:
            yield _L.logindex < self.behind


def loop_at(context: PageContext, run_id: UUID, index: int) -> Loop:
    """Return the loop that begins at an index.

    What stands in it may go on behind the row that tells of its end: the action whose error left it is told
    of when it is known who handles the error. It is over where another row stands outside of it.

    Raises:
        BadParameter: No row has this index.
    """
    query = sa.select(_L.depth).where(_L.flowsessionid == run_id, _L.type.in_(ACTIONS), _L.logindex == index)
    row = context.tx.execute(query).first()
    if row is None:
        raise BadParameter("loop", f"is {index}; no loop of this run's log begins there.")
    depth = row.depth or 0
    outside = [
        sa.select(sa.func.min(_L.logindex)).where(
            _L.flowsessionid == run_id, _L.depth == one, _L.logindex > index, _L.loopindex.is_(None)
        )
        for one in range(depth + 1)
    ]
    nearest = [context.tx.execute(one).scalar() for one in outside]
    return Loop(index, depth, min((one for one in nearest if one is not None), default=None))


@dataclass(slots=True)
class _Tally:
    """What is counted of a round; attributes as of :class:`LoopRound`."""

    index: int
    number: int
    rows: int = 0
    loops: int = 0
    failed: int = 0


def _place(round: _Tally) -> int:
    return round.index


class _RoundReader:
    """Reads the rounds of a loop, the nearest ones first, a bounded number of rows at a time.

    Rows of a log stand in the order of the rounds: what is read ends where enough is known.

    Args:
        context: Where to read.
        run_id: The run.
        loop: The loop.
        after: Only rounds after the one of the row of this index, from there on.
        before: Only rounds that end before this index, from there back.
    """

    def __init__(
        self, context: PageContext, run_id: UUID, loop: Loop, after: int | None, before: int | None
    ) -> None:
        self._tx = context.tx
        self._depth = loop.depth
        self._is_back = before is not None
        self._within = [_L.flowsessionid == run_id, *loop.spans()]
        self._direct = [_L.depth == loop.depth + 1, _L.loopindex.is_(None)]
        self._least = -1 if after is None else self._round_of(after)
        if after is not None:
            self._within.append(_L.logindex > after)
        if before is not None:
            self._within.append(_L.logindex < before)

    def any(self, limit: int) -> list[_Tally]:
        """Return the nearest rounds."""
        found = self._tally(self._direct_rows(), limit)
        if found:
            first, last = min(one.index for one in found.values()), max(found.values(), key=_place)
            beyond = [] if self._is_back else self._next_round(last)
            failures = self._tally(self._failures().where(_L.logindex >= first, *beyond), limit)
            for number, one in failures.items():
                found[number].failed = one.rows
        return list(found.values())

    def failed(self, limit: int) -> list[_Tally]:
        """Return the nearest rounds in which something failed."""
        failures = self._tally(self._failures(), limit)
        found = self._tally(self._direct_rows().where(round_number().in_(failures)), limit)
        for number, one in found.items():
            one.failed = failures[number].rows
        return list(found.values())

    def _direct_rows(self) -> sa.Select[Any]:
        """Select the rows directly inside the loop."""
        begins_loop = sa.case((_BEGINS_LOOP, 1), else_=0)
        columns = (_L.logindex, round_number().label("number"), begins_loop.label("loop"))
        return sa.select(*columns).where(*self._within, *self._direct)

    def _failures(self) -> sa.Select[Any]:
        """Select the rows that tell of a failure at any depth, each with its round of this loop."""
        outer = FlowLog.table.alias()
        number = (
            sa.select(sa.func.coalesce(outer.c.loopround, 0))
            .where(outer.c.flowsessionid == _L.flowsessionid, outer.c.depth == self._depth + 1)
            .where(outer.c.loopindex.is_(None), outer.c.logindex <= _L.logindex)
            .order_by(outer.c.logindex.desc())
            .limit(1)
            .correlate(FlowLog.table)
            .scalar_subquery()
        )
        columns = (_L.logindex, number.label("number"), sa.literal(0).label("loop"))
        return sa.select(*columns).where(*self._within, _L.depth > self._depth, FAILED)

    def _tally(self, rows: sa.Select[Any], limit: int) -> dict[int, _Tally]:
        """Count rows by their rounds, the nearest ones first, until so many rounds are complete."""
        order = _L.logindex.desc() if self._is_back else _L.logindex
        found: dict[int, _Tally] = {}
        further: list[sa.ColumnElement[bool]] = []
        while True:
            part = rows.where(*further).order_by(order).limit(_AT_A_TIME).subquery()
            least, most = sa.func.min(part.c.logindex), sa.func.max(part.c.logindex)
            counts = (least.label("first"), most.label("last"), sa.func.count().label("rows"))
            query = sa.select(part.c.number, *counts, sa.func.sum(part.c.loop).label("loops"))
            groups = self._tx.execute(query.group_by(part.c.number)).all()
            for group in sorted(groups, key=lambda one: one.first, reverse=self._is_back):
                if group.number <= self._least:
                    continue
                if group.number not in found and len(found) == limit:
                    return found
                one = found.setdefault(group.number, _Tally(group.first, group.number))
                one.index = min(one.index, group.first)
                one.rows += group.rows
                one.loops += group.loops
            if sum(group.rows for group in groups) < _AT_A_TIME:
                return found
            end = min(one.first for one in groups) if self._is_back else max(one.last for one in groups)
            further = [_L.logindex < end if self._is_back else _L.logindex > end]

    def _next_round(self, last: _Tally) -> list[sa.ColumnElement[bool]]:
        """Return the condition that a row stands before the round that follows one, if any does."""
        query = sa.select(_L.logindex).where(*self._within, *self._direct, _L.logindex > last.index)
        query = query.where(round_number() > last.number).order_by(_L.logindex).limit(1)
        index = self._tx.execute(query).scalar()
        return [] if index is None else [_L.logindex < index]

    def _round_of(self, index: int) -> int:
        """Return the number of the round that has the row of an index; -1 before the first one."""
        query = sa.select(round_number()).where(*self._within, *self._direct, _L.logindex <= index)
        number = self._tx.execute(query.order_by(_L.logindex.desc()).limit(1)).scalar()
        return -1 if number is None else int(number)


def _started_at(context: PageContext, run_id: UUID, indexes: Collection[int]) -> dict[int, str]:
    """Return when the rows of some indexes began."""
    query = sa.select(_L.logindex, _L.data).where(
        _L.flowsessionid == run_id, _L.type.in_(ACTIONS), _L.logindex.in_(indexes)
    )
    return {
        row.logindex: json.loads(row.data or "{}").get("startedAt", "") for row in context.tx.execute(query)
    }
