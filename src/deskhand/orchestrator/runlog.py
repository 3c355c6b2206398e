"""What happened to a run, as rows of its log. Source: machines-and-runs 5.5 and 5.6."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from deskhand.core.ids import new_id
from deskhand.entities.flowsession import FlowLog, FlowLogLevel, FlowLogType
from deskhand.orchestrator.rows import Owner, Row, new_row
from deskhand.protocol.messages import ActionRow, ActionStatus
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

_LEVELS = {"Info": FlowLogLevel.INFO, "Warning": FlowLogLevel.WARNING, "Error": FlowLogLevel.ERROR}
_WEIGHTS = {
    ActionStatus.SUCCEEDED: FlowLogLevel.INFO,
    ActionStatus.HANDLED: FlowLogLevel.WARNING,
    ActionStatus.FAILED: FlowLogLevel.ERROR,
}
_LONGEST_TEXT = 4_000  # four of them, with every character escaped, fit the column
_LARGEST = 2**31 - 1
_MOST_LOOPS = 200  # how many loops around a row its content names; they fit the column beside the texts

EVENT_NAMES: Mapping[FlowLogType, str] = {
    FlowLogType.RUN_QUEUE_PRIORITY_CHANGED: "QueueEventPriorityChanged",
    FlowLogType.RUN_QUEUED: "QueueEventEnqueued",
    FlowLogType.RUN_QUEUE_ASSIGNED: "QueueEventAssigned",
    FlowLogType.RUN_QUEUE_ASSIGN_FAILED: "QueueEventAssignFailed",
    FlowLogType.RUN_QUEUE_RUN_CONFIRMED: "QueueEventConfirmed",
    FlowLogType.RUN_QUEUE_RUN_COMPLETED: "QueueEventFinished",
}


def storable(text: str, limit: int) -> str:
    """Return a text that both databases take: no NUL, no lone surrogates, not too long."""
    sound = text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return sound if len(sound) <= limit else sound[: limit - 1] + "…"


def log_event(
    tx: Transaction, run: Row, kind: FlowLogType, data: Mapping[str, Any], *, index: int = 0
) -> None:
    """Add an event to a run's log, unless it stands there already.

    Args:
        tx: The open transaction.
        run: The run's row.
        kind: What happened.
        data: What else is to be known of it.
        index: Which of the run's events of this kind it is; the fencing token where one repeats.
    """
    log_events(tx, [(run, kind, data, index)])


def log_events(tx: Transaction, events: Sequence[tuple[Row, FlowLogType, Mapping[str, Any], int]]) -> None:
    """Add events of several runs with one statement."""
    if not events:
        return
    version = tx.next_version()
    rows = [
        new_row(
            tx,
            FlowLog,
            Owner.of(run),
            {
                "flowlogid": new_id(),
                "name": EVENT_NAMES[kind],
                "type": int(kind),
                "level": int(FlowLogLevel.ERROR if data.get("code") else FlowLogLevel.INFO),
                "data": json.dumps(data, default=str),
                "logindex": index,
                "flowsessionid": run["flowsessionid"],
                "desktopflowid": run["regardingobjectid"],
                "flowmachineid": run["machineid"],
            },
            version=version,
        )
        for run, kind, data, index in events
    ]
    tx.run(_insert_once(tx.dialect), *rows)


def log_late(tx: Transaction, run: Row, event: str, data: Mapping[str, Any]) -> None:
    """Record an event that came too late as evidence; the run stays as it is."""
    c = FlowLog.c
    kind = FlowLogType.RUN_QUEUE_RUN_COMPLETED
    highest = sa.select(sa.func.max(c.logindex)).where(
        c.flowsessionid == run["flowsessionid"], c.type == int(kind)
    )
    index = (tx.execute(highest).scalar_one() or 0) + 1
    log_event(tx, run, kind, {"late": True, "event": event, **data}, index=index)


def log_actions(tx: Transaction, run: Row, rows: Iterable[ActionRow]) -> None:
    """Add rows of the action log with one statement; rows that were sent before are left as they are."""
    owner, version = Owner.of(run), tx.next_version()
    shared = {
        "flowsessionid": run["flowsessionid"],
        "desktopflowid": run["regardingobjectid"],
        "flowmachineid": run["machineid"],
    }
    content = [new_row(tx, FlowLog, owner, shared | _action_values(row), version=version) for row in rows]
    tx.run(_insert_once(tx.dialect), *content)


def _action_values(row: ActionRow) -> dict[str, Any]:
    kind = FlowLogType.CUSTOM_LOG if row.kind == "log" else FlowLogType.DESKTOP_FLOW_RUN_ACTION
    level = _LEVELS.get(row.level or "", FlowLogLevel.INFO)
    if row.kind == "action":
        level = _WEIGHTS[row.status]
    return {
        "flowlogid": new_id(),
        "name": storable(row.action, 200),
        "type": int(kind),
        "level": int(level),
        "data": json.dumps(_action_data(row)),
        "logindex": min(_LARGEST, max(0, row.index)),
        "duration": round(min(_LARGEST, max(0, row.duration_ms))),
        "subflow": storable(row.subflow, 200),
        "actionindex": min(_LARGEST, max(0, row.line)),
        "outcome": str(row.status) if row.kind == "action" else None,
        "depth": min(_LARGEST, max(0, row.depth)),
        "loopround": min(_LARGEST, max(0, row.in_rounds[-1])) if row.in_rounds else None,
        "loopindex": None if row.loop_index is None else min(_LARGEST, max(0, row.loop_index)),
    }


def _action_data(row: ActionRow) -> dict[str, Any]:
    """Return what the run page shows of an action. Source: machines-and-runs 5.4."""
    data = {
        "kind": row.kind,
        "subflow": row.subflow[:_LONGEST_TEXT],
        "line": row.line,
        "action": row.action[:_LONGEST_TEXT],
        "summary": row.summary[:_LONGEST_TEXT],
        "status": str(row.status),
        "startedAt": row.started_at,
        "durationMs": row.duration_ms,
    }
    optional = {
        "level": row.level,
        "error": row.error and row.error[:_LONGEST_TEXT],
        "rounds": row.rounds,
        "failedRounds": row.failed_rounds,
        "inRounds": [min(_LARGEST, max(0, one)) for one in row.in_rounds[:_MOST_LOOPS]] or None,
    }
    return data | {name: value for name, value in optional.items() if value is not None}


@cache
def _insert_once(dialect: str) -> Statement:
    if dialect == "postgresql":
        return Statement(postgresql.insert(FlowLog.table).on_conflict_do_nothing())
    return Statement(sqlite.insert(FlowLog.table).on_conflict_do_nothing())
