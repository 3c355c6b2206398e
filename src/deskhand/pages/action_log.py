"""The action log of a desktop-flow run: page by page, loops closed or open, only what is looked for.

Source: experience 5.1, machines-and-runs 5.4.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.flowsession import FlowLog, FlowLogLevel, FlowLogType, FlowSession
from deskhand.pages.action_rounds import ACTIONS, FAILED, Outcome, loop_at, round_number
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.records.service import retrieve

_MOST_ACTIONS = 2_000
_COMPARED_RUNS, _COMPARED_ROWS = 20, 2_000
_S, _L = FlowSession.c, FlowLog.c
_SEARCHED = ("action", "summary", "error")
_PLAIN = re.compile(r"[a-z0-9]+")


class LogLevel(StrEnum):
    """How much a message matters that a flow logged."""

    INFO = "Info"
    WARNING = "Warning"
    ERROR = "Error"


_LEVELS: Mapping[LogLevel, int] = {
    LogLevel.INFO: FlowLogLevel.INFO.value,
    LogLevel.WARNING: FlowLogLevel.WARNING.value,
    LogLevel.ERROR: FlowLogLevel.ERROR.value,
}


@dataclass(frozen=True, slots=True)
class LoopRounds:
    """What became of a loop.

    Attributes:
        ended: Whether it has come to its end; one that has not may still go round.
        rounds: How often it went round; null while that is not known.
        failed: In how many rounds something failed, handled or not; as far as it is known.
        duration_ms: Milliseconds that it took; null while it has not ended.
        last: The index of the row at its end; null while it has not ended.
        is_left: Whether an error left it.
    """

    ended: bool
    rounds: int | None
    failed: int
    duration_ms: float | None
    last: int | None
    is_left: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A row of a run's action log.

    Attributes:
        index: Its place in the log, from 0.
        kind: ``action``, ``log`` for a message that the flow logged, ``loop`` where a loop begins,
            ``loopEnd`` where it ends, ``omitted`` where rows were left out.
        started_at: When the action began.
        duration_ms: Milliseconds that it took.
        subflow: The subflow that it stands in.
        line: Its number there.
        action: Its name.
        summary: One line for people; secrets masked.
        status: How it ended.
        level: Of a logged message: Info, Warning or Error.
        error: Why it failed.
        depth: How many loops it stands in.
        in_rounds: Which round of each of them, from 1, the outermost first; 0 before a loop's first round.
            Empty in logs of earlier versions.
        loop: What became of the loop that begins here, where loops are asked for; null for other rows.
    """

    index: int
    kind: str
    started_at: str
    duration_ms: float
    subflow: str
    line: int
    action: str
    summary: str
    status: str
    level: str | None
    error: str | None
    depth: int
    in_rounds: tuple[int, ...]
    loop: LoopRounds | None


@dataclass(frozen=True, slots=True)
class LogMatches:
    """In how many rows of a log a text stands.

    Attributes:
        matches: In how many of those that the other filters let through.
        of: How many rows the log has.
    """

    matches: int
    of: int


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A part of a run's action log, in order.

    Attributes:
        items: The rows, by index.
        first: The least index there is beyond this part, in the direction asked for; null at the end.
        last: The greatest index of the log; -1 where there is none.
        found: What became of the search for a text, in this part and outside; null where none is sought.
    """

    items: tuple[ActionRow, ...]
    first: int | None
    last: int
    found: LogMatches | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A value, and how many rows have it.

    Attributes:
        value: The value.
        count: How many rows.
    """

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What the rows of an action log can be filtered by.

    Attributes:
        subflows: The subflows.
        actions: The actions.
        statuses: How they ended.
        levels: Levels of messages that the flow logged.
    """

    subflows: tuple[Counted, ...]
    actions: tuple[Counted, ...]
    statuses: tuple[Counted, ...]
    levels: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class UsualTime:
    """How long an action usually takes.

    Attributes:
        subflow: The subflow that it stands in.
        line: Its number there.
        action: Its name.
        median_ms: The median of the runs before, in milliseconds.
    """

    subflow: str
    line: int
    action: str
    median_ms: float


@dataclass(frozen=True, slots=True)
class UsualTimes:
    """How long the actions of a flow usually take.

    Attributes:
        runs: How many runs before this one that is known from, at most 20.
        items: The actions.
    """

    runs: int
    items: tuple[UsualTime, ...]


@endpoint("GET", "/desktopruns/{run_id}/actions")
def run_actions(
    context: PageContext,
    *,
    run_id: UUID,
    after: int | None = None,
    before: int | None = None,
    loop: int | None = None,
    in_round: int | None = None,
    closed: bool = False,
    problems: bool = False,
    subflow: tuple[str, ...] = (),
    action: tuple[str, ...] = (),
    status: tuple[Outcome, ...] = (),
    level: tuple[LogLevel, ...] = (),
    search: str = "",
    limit: int = 500,
) -> ActionPage:
    """Return a part of a run's action log: the first rows, those after an index, or those before one.

    Args:
        run_id: The run.
        after: Only rows with a greater index, the nearest ones.
        before: Only rows with a smaller index, the nearest ones.
        loop: Only rows directly inside the loop that begins at this index.
        in_round: Only those of this round of the loop; 0 for those before its first one.
        closed: Without the rows inside loops; what became of them stands where they begin.
        problems: Only actions that failed, handled or not, and logged warnings and errors.
        subflow: Only rows of these subflows.
        action: Only these actions.
        status: Only actions that ended so.
        level: Only messages of these levels that the flow logged.
        search: Only rows with this text in the action, the summary or the error, in any case of letters.
        limit: How many at most.
    """
    if not 1 <= limit <= _MOST_ACTIONS:
        raise BadParameter("limit", f"is {limit}; it takes 1 to {_MOST_ACTIONS}.")
    retrieve(context.tx, context.principal, FlowSession, run_id, columns=())
    query = _rows(run_id)
    by_loops = closed or loop is not None
    if by_loops:
        query = query.where(_L.loopindex.is_(None))
    if loop is not None:
        inside = loop_at(context, run_id, loop)
        query = query.where(_L.depth == inside.depth + 1, *inside.spans())
        if in_round is not None:
            query = query.where(round_number() == in_round)
    elif closed:
        query = query.where(_L.depth == 0)
    else:
        query = query.where(_L.type.in_(ACTIONS))
    if problems:
        query = query.where(_L.level >= FlowLogLevel.WARNING.value)
    query = query.where(*_sought(subflow, action, status, level))
    order = _L.logindex.desc() if before is not None else _L.logindex.asc()
    part, matches = query.order_by(order), None
    if search.strip():
        part = part.where(_L.loopindex.is_(None))
        found, count = _search(context, part, search.strip(), _Part(after, before, limit + 1))
        matches = LogMatches(count, _count_rows(context, run_id))
    else:
        if after is not None:
            part = part.where(_L.logindex > after)
        if before is not None:
            part = part.where(_L.logindex < before)
        found = [_read(row) for row in context.tx.execute(part.limit(limit + 1))]
    rows = sorted(found[:limit], key=lambda row: row.index)
    if by_loops:
        rows = _with_loops(context, run_id, rows)
    return ActionPage(
        tuple(map(_action, rows)),
        found[limit].index if len(found) > limit else None,
        log_end(context, run_id)[0],
        matches,
    )


@endpoint("GET", "/desktopruns/{run_id}/actions/filters")
def run_action_filters(context: PageContext, *, run_id: UUID) -> ActionFilters:
    """Return what the rows of a run's action log can be filtered by, with how many there are of each.

    Args:
        run_id: The run.
    """
    retrieve(context.tx, context.principal, FlowSession, run_id, columns=())
    query = (
        sa.select(_L.subflow, _L.name, _L.outcome, _L.type, _L.level, sa.func.count().label("rows"))
        .where(_L.flowsessionid == run_id, _L.type.in_(ACTIONS), _L.subflow.is_not(None), _L.subflow != "")
        .where(_L.loopindex.is_(None))
        .group_by(_L.subflow, _L.name, _L.outcome, _L.type, _L.level)
    )
    counts: tuple[dict[str, int], ...] = tuple(defaultdict(int) for _ in range(4))
    names = {code: str(name) for name, code in _LEVELS.items()}
    for row in context.tx.execute(query):
        is_message = row.type == FlowLogType.CUSTOM_LOG.value
        values = (row.subflow, row.name, row.outcome, names.get(row.level) if is_message else None)
        for counted, value in zip(counts, values, strict=True):
            if value:
                counted[value] += row.rows
    return ActionFilters(*(_by_name(one) for one in counts))


@endpoint("GET", "/desktopruns/{run_id}/usual")
def usual_times(context: PageContext, *, run_id: UUID) -> UsualTimes:
    """Return how long the flow's actions took in the last runs before this one, as medians.

    Args:
        run_id: The run.
    """
    run = retrieve(
        context.tx, context.principal, FlowSession, run_id, columns=("regardingobjectid", "createdon")
    )
    earlier = (
        sa.select(_S.flowsessionid)
        .where(
            _S.regardingobjectid == run["regardingobjectid"],
            _S.createdon < run["createdon"],
            _S.completedon.is_not(None),
            _S.startedon.is_not(None),
            sa.not_(sa.func.coalesce(_S.isdebugged, sa.false())),
        )
        .order_by(_S.createdon.desc())
        .limit(_COMPARED_RUNS)
    )
    run_ids = context.tx.execute(earlier).scalars().all()
    took: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for earlier_id in run_ids:
        query = (
            sa.select(_L.subflow, _L.actionindex, _L.name, _L.duration)
            .where(_L.flowsessionid == earlier_id, _L.outcome == str(Outcome.SUCCEEDED))
            .order_by(_L.depth, _L.logindex)
            .limit(_COMPARED_ROWS)
        )
        for row in context.tx.execute(query):
            took[row.subflow, row.actionindex, row.name].append(row.duration or 0)
    return UsualTimes(
        len(run_ids), tuple(UsualTime(*place, median_ms=median(times)) for place, times in took.items())
    )


def log_end(context: PageContext, run_id: UUID) -> tuple[int, bool]:
    """Return the greatest index of a run's action log, -1 without one, and whether rows were left out."""
    mine = sa.and_(_L.flowsessionid == run_id, _L.type.in_(ACTIONS))
    last = context.tx.execute(sa.select(sa.func.max(_L.logindex)).where(mine)).scalar()
    if last is None:
        return -1, False
    text = context.tx.execute(sa.select(_L.data).where(mine, _L.logindex == last).limit(1)).scalar()
    return last, json.loads(text or "{}").get("kind") == "omitted"


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    depth: int
    data: Mapping[str, Any]
    loop: LoopRounds | None = None

    @property
    def kind(self) -> str:
        return str(self.data.get("kind", "action"))


def _rows(run_id: UUID) -> sa.Select[Any]:
    return sa.select(_L.logindex, _L.data, _L.depth).where(_L.flowsessionid == run_id)


def _read(row: sa.Row[Any]) -> _Row:
    return _Row(row.logindex, row.depth or 0, json.loads(row.data or "{}"))


def _sought(
    subflow: Sequence[str], action: Sequence[str], status: Sequence[Outcome], level: Sequence[LogLevel]
) -> Iterable[sa.ColumnElement[bool]]:
    if subflow:
        yield _L.subflow.in_(subflow)
    if action:
        yield _L.name.in_(action)
    if status:
        yield _L.outcome.in_([str(one) for one in status])
    if level:
        yield _L.type == FlowLogType.CUSTOM_LOG.value
        yield _L.level.in_([_LEVELS[one] for one in level])


@dataclass(frozen=True, slots=True)
class _Part:
    """Which of the rows found are asked for.

    Attributes:
        after: Only those with a greater index.
        before: Only those with a smaller one.
        limit: How many at most.
    """

    after: int | None
    before: int | None
    limit: int

    def has(self, index: int) -> bool:
        return (self.after is None or index > self.after) and (self.before is None or index < self.before)


def _search(context: PageContext, query: sa.Select[Any], text: str, part: _Part) -> tuple[list[_Row], int]:
    """Return the part asked for of the rows in which a text stands, and how many such rows there are.

    The database only leaves out what cannot have it: in JSON other letters than English ones are escaped.
    """
    sought = text.lower()
    plain = max(_PLAIN.findall(sought), key=len, default="")
    if plain:
        query = query.where(sa.func.lower(_L.data).contains(plain, autoescape=True))
    found: list[_Row] = []
    matches = 0
    rows = ((index, json.loads(data or "{}"), depth) for index, data, depth in context.tx.execute(query))
    for index, data, depth in _once(row for row in rows if _holds(row[1], sought)):
        matches += 1
        if part.has(index) and len(found) < part.limit:
            found.append(_Row(index, depth or 0, data))
    return found, matches


_Content: TypeAlias = tuple[int, Mapping[str, Any], int | None]
"""The index, the content and the depth of a row; a hundred thousand of them are looked at for one page."""


def _holds(data: Mapping[str, Any], sought: str) -> bool:
    for name in _SEARCHED:
        text = data.get(name)
        if text and sought in text.lower():
            return True
    return False


def _once(rows: Iterable[_Content]) -> Iterator[_Content]:
    """Yield rows in either direction, but of a message and the action that logged it only the message."""
    held: _Content | None = None
    for row in rows:
        if held is not None and _logged_by(held, row):
            continue
        if held is not None and not _logged_by(row, held):
            yield held
        held = row
    if held is not None:
        yield held


def _logged_by(message: _Content, action: _Content) -> bool:
    """Return whether a row is a message, and another one tells of the action that logged it."""
    if action[0] - message[0] != 1 or message[1].get("kind") != "log" or action[1].get("kind") != "action":
        return False
    return all(message[1].get(name) == action[1].get(name) for name in ("subflow", "line", "action"))


def _count_rows(context: PageContext, run_id: UUID) -> int:
    """Return how many rows a log has; where a loop ends is none of its own."""
    query = sa.select(sa.func.count()).where(
        _L.flowsessionid == run_id, _L.type.in_(ACTIONS), _L.loopindex.is_(None)
    )
    return context.tx.execute(query).scalar() or 0


def _by_name(counts: Mapping[str, int]) -> tuple[Counted, ...]:
    return tuple(Counted(value, count) for value, count in sorted(counts.items()))


def _with_loops(context: PageContext, run_id: UUID, rows: Sequence[_Row]) -> list[_Row]:
    """Return rows that stand in as many loops as each other with what became of the loops among them."""
    began = [row for row in rows if row.kind == "loop"]
    if not began:
        return list(rows)
    # They end in the order in which they began: only the last one may still go on.
    ends = (
        sa.select(_L.logindex, _L.loopindex, _L.data)
        .where(_L.flowsessionid == run_id, _L.depth == began[0].depth)
        .where(_L.logindex > began[0].index, _L.loopindex.is_not(None))
        .order_by(_L.logindex)
        .limit(len(began))
    )
    found = {end.loopindex: _rounds(end) for end in context.tx.execute(ends)}
    for row in began:
        if row.index not in found:
            problems = _problems_since(context, run_id, row.index)
            found[row.index] = LoopRounds(False, None, problems, None, None, is_left=False)
    return [replace(row, loop=found.get(row.index)) for row in rows]


def _rounds(end: sa.Row[Any]) -> LoopRounds:
    data = json.loads(end.data or "{}")
    failed = data.get("failedRounds") or 0
    is_left = data.get("status") == Outcome.FAILED
    return LoopRounds(True, data.get("rounds"), failed, data.get("durationMs"), end.logindex, is_left)


def _problems_since(context: PageContext, run_id: UUID, index: int) -> int:
    """Return how many actions failed since a loop began that has not ended."""
    query = sa.select(sa.func.count()).where(_L.flowsessionid == run_id, _L.logindex > index, FAILED)
    return context.tx.execute(query).scalar() or 0


def _action(row: _Row) -> ActionRow:
    data = row.data
    return ActionRow(
        row.index,
        row.kind,
        data.get("startedAt", ""),
        data.get("durationMs", 0.0),
        data.get("subflow", ""),
        data.get("line", 0),
        data.get("action", ""),
        data.get("summary", ""),
        data.get("status", ""),
        data.get("level"),
        data.get("error"),
        row.depth,
        tuple(data.get("inRounds") or ()),
        row.loop,
    )
