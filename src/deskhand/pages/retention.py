"""What is kept how long, how much there is of it, and what would go. For System Administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.entities.flowsession import FlowLog, FlowSession
from deskhand.entities.signing_in import AuditEvent
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import WorkflowVersion
from deskhand.orchestrator.retention import border, ended_before, logs_due
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.pages.session import require_administrator

_MOST_COUNTED = 1_000_000
_SAMPLE = 200
_ROW_BYTES = 200
"""About what a row takes beside its texts and bytes."""
_LONGEST_DAYS = 36_500


class KeptKind(StrEnum):
    """What is kept for a while."""

    DESKTOP_RUNS = "desktopRuns"
    ACTION_LOGS = "actionLogs"
    CLOUD_RUNS = "cloudRuns"
    FLOW_VERSIONS = "flowVersions"
    FILES = "files"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class KeptRows:
    """One kind of what is kept.

    Attributes:
        kind: What.
        setting: The setting that says how long; null where it goes with what it belongs to.
        kept: How many days, or of versions how many; null where it is kept.
        rows: How many rows there are, one million at most.
        bytes: About how many bytes they take.
        oldest: When the oldest of it ended or was made.
        due: How many the rule would delete now: runs, runs with an action log, lines.
    """

    kind: KeptKind
    setting: str | None
    kept: float | None
    rows: int
    bytes: int
    oldest: datetime | None
    due: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is kept for a while.

    Attributes:
        items: The kinds.
    """

    items: tuple[KeptRows, ...]


@dataclass(frozen=True, slots=True)
class WouldGo:
    """What a rule would delete.

    Attributes:
        count: How many: runs, runs with an action log, lines; one million at most.
    """

    count: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is known of a kind: where it is, and by which setting it goes."""

    entity: type[Entity]
    setting: str | None
    weighed: tuple[str, ...]
    dated: sa.ColumnElement[Any] | None = None
    goes: Callable[[datetime], sa.ColumnElement[bool]] | None = None
    counted: type[Entity] | None = None


def _cloud_runs_before(before: datetime) -> sa.ColumnElement[bool]:
    return FlowRun.c.endtime < before


def _lines_before(before: datetime) -> sa.ColumnElement[bool]:
    return AuditEvent.c.createdon < before


_RULES: Mapping[KeptKind, _Rule] = {
    KeptKind.DESKTOP_RUNS: _Rule(
        FlowSession, "desktop_run_days", ("errormessage",), FlowSession.c.createdon, ended_before
    ),
    KeptKind.ACTION_LOGS: _Rule(FlowLog, "action_log_days", ("data",), None, logs_due, FlowSession),
    KeptKind.CLOUD_RUNS: _Rule(
        FlowRunAction,
        "cloudflow_history_days",
        ("inputs", "outputs"),
        FlowRun.c.starttime,
        _cloud_runs_before,
        FlowRun,
    ),
    KeptKind.FLOW_VERSIONS: _Rule(
        WorkflowVersion, "flow_versions_max", ("definition",), WorkflowVersion.c.createdon
    ),
    KeptKind.FILES: _Rule(FileContent, None, ("content",)),
    KeptKind.AUDIT: _Rule(AuditEvent, "audit_days", ("details",), AuditEvent.c.createdon, _lines_before),
}


@endpoint("GET", "/retention")
def kept(context: PageContext) -> Kept:
    """Tell what is kept how long, how much there is of it, and what would go now."""
    require_administrator(context)
    return Kept(tuple(_kept(context, kind, rule) for kind, rule in _RULES.items()))


@endpoint("GET", "/retention/{kind}/due")
def would_go(context: PageContext, *, kind: KeptKind, days: int) -> WouldGo:
    """Tell what a rule would delete if it kept for so many days. Nothing is deleted.

    Args:
        kind: What.
        days: The days; 0 keeps everything.
    """
    require_administrator(context)
    if not 0 <= days <= _LONGEST_DAYS:
        raise BadParameter("days", f"is {days}; it takes 0 to {_LONGEST_DAYS}.")
    return WouldGo(_due(context, _RULES[kind], days))


def _kept(context: PageContext, kind: KeptKind, rule: _Rule) -> KeptRows:
    value: float | None = None if rule.setting is None else getattr(context.settings, rule.setting)
    rows = _count(context, sa.select(sa.literal_column("1")).select_from(rule.entity.table))
    oldest = None if rule.dated is None else context.tx.execute(sa.select(sa.func.min(rule.dated))).scalar()
    due = _due(context, rule, value)
    return KeptRows(kind, rule.setting, value or None, rows, _bytes(context, rule, rows), oldest, due)


def _due(context: PageContext, rule: _Rule, days: float | None) -> int:
    before = border(context.now, days or 0)
    if before is None or rule.goes is None:
        return 0
    counted = rule.counted or rule.entity
    query: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(counted.table)
    query = query.where(rule.goes(before))
    return _count(context, query)


def _count(context: PageContext, query: sa.Select[Any]) -> int:
    some = query.limit(_MOST_COUNTED).subquery()
    count: int = context.tx.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return count


def _bytes(context: PageContext, rule: _Rule, rows: int) -> int:
    """Return about how much a table holds: what the database says, else by the first of its rows."""
    table = rule.entity.table
    if context.tx.dialect == "postgresql":
        size = sa.text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        return int(context.tx.execute(size, {"name": table.name}).scalar_one())
    weights = [sa.func.coalesce(sa.func.length(rule.entity.c[name]), 0) for name in rule.weighed]
    each = sum(weights, start=sa.literal(_ROW_BYTES))
    sample = sa.select(each.label("bytes")).select_from(table).limit(_SAMPLE).subquery()
    mean = context.tx.execute(sa.select(sa.func.avg(sample.c.bytes))).scalar()
    return round(float(mean or 0) * rows)
