"""The loops of an action log, and their rounds. Source: experience 5.1, machines-and-runs 5.4."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
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

FAILED = _L.outcome.in_([str(Outcome.FAILED), str(Outcome.HANDLED)])
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
        for one in sorted(found[:limit], key=lambda one: one.index)
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

    def has(self) -> Iterator[sa.ColumnElement[bool]]:
        """Yield the conditions of a row that stands in the loop or in one inside it."""
        yield _L.depth > self.depth
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
        self._within = [_L.flowsessionid == run_id, *loop.has()]
        self._direct = [_L.depth == loop.depth + 1, _L.loopindex.is_(None)]
        self._least = -1 if after is None else self._round_of(after)
        if after is not None:
            self._within.append(_L.logindex > after)
        if before is not None:
            self._within.append(_L.logindex < before)

    def any(self, limit: int) -> list[_Tally]:
        """Return the nearest rounds."""
        found = self._count(self._direct, limit)
        if found:
            began = sorted(found, key=lambda one: one.index)
            places = [one.index for one in began]
            beyond = [] if self._is_back else self._next_round(began[-1])
            query = sa.select(_L.logindex).where(*self._within, FAILED, _L.logindex >= places[0], *beyond)
            for index in self._tx.execute(query).scalars():
                began[bisect_right(places, index) - 1].failed += 1
        return found

    def failed(self, limit: int) -> list[_Tally]:
        """Return the nearest rounds in which something failed."""
        failures: dict[int, int] = defaultdict(int)
        for row in self._in_order(sa.select(_L.logindex, _L.data).where(*self._within, FAILED)):
            numbers = json.loads(row.data or "{}").get("inRounds") or ()
            number = numbers[self._depth] if len(numbers) > self._depth else 0
            if number <= self._least:
                continue
            if number not in failures and len(failures) == limit:
                break
            failures[number] += 1
        found = self._count([*self._direct, round_number().in_(failures)], limit)
        for one in found:
            one.failed = failures[one.number]
        return found

    def _count(self, conditions: Collection[sa.ColumnElement[bool]], limit: int) -> list[_Tally]:
        """Return the nearest rounds of some rows, each with all of these."""
        found: dict[int, _Tally] = {}
        columns = (_L.logindex, round_number().label("number"), _BEGINS_LOOP.label("loop"))
        for row in self._in_order(sa.select(*columns).where(*self._within, *conditions)):
            if row.number <= self._least:
                continue
            if row.number not in found and len(found) == limit:
                break
            one = found.setdefault(row.number, _Tally(row.logindex, row.number))
            one.index = min(one.index, row.logindex)
            one.rows += 1
            one.loops += bool(row.loop)
        return list(found.values())

    def _in_order(self, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
        """Yield rows, the nearest ones first, as many as are taken."""
        query = query.order_by(_L.logindex.desc() if self._is_back else _L.logindex).limit(_AT_A_TIME)
        rows = self._tx.execute(query).all()
        while rows:
            yield from rows
            last = rows[-1].logindex
            further = _L.logindex < last if self._is_back else _L.logindex > last
            rows = self._tx.execute(query.where(further)).all() if len(rows) == _AT_A_TIME else []

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
