"""One word for each state, the same wherever a run is shown.

Source: machines-and-runs 5.1, cloud-flows 7.4, experience 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowSession, FlowSessionStatus
from deskhand.orchestrator.rows import HELD


class RunStatus(StrEnum):
    """Where a run stands, in the word that people read."""

    QUEUED = "Queued"
    NEXT = "Next to run"
    RUNNING = "Running"
    CANCELING = "Canceling"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    TIMED_OUT = "Timed out"
    CANCELED = "Canceled"
    SKIPPED = "Skipped"
    PAUSED = "Paused"


OPEN = frozenset({RunStatus.QUEUED, RunStatus.NEXT, RunStatus.RUNNING, RunStatus.CANCELING, RunStatus.PAUSED})
"""The states of a run that has not ended."""

FAILURES = (FlowSessionStatus.FAILED, FlowSessionStatus.FAULTED, FlowSessionStatus.TIMED_OUT)
"""The ``statuscode`` of desktop-flow runs that failed, in whatever way."""

CLOUD_FAILURES = ("Failed", "TimedOut", "Aborted")
"""The status of cloud-flow runs that failed, in whatever way."""

_DESKTOP: Mapping[int, RunStatus] = {
    FlowSessionStatus.NOT_SPECIFIED: RunStatus.QUEUED,
    FlowSessionStatus.PAUSED: RunStatus.PAUSED,
    FlowSessionStatus.RUNNING: RunStatus.RUNNING,
    FlowSessionStatus.WAITING: RunStatus.QUEUED,
    FlowSessionStatus.SUCCEEDED: RunStatus.SUCCEEDED,
    FlowSessionStatus.SKIPPED: RunStatus.SKIPPED,
    FlowSessionStatus.SUSPENDED: RunStatus.PAUSED,
    FlowSessionStatus.CANCELLED: RunStatus.CANCELED,
    FlowSessionStatus.FAILED: RunStatus.FAILED,
    FlowSessionStatus.FAULTED: RunStatus.FAILED,
    FlowSessionStatus.TIMED_OUT: RunStatus.TIMED_OUT,
    FlowSessionStatus.ABORTED: RunStatus.CANCELED,
    FlowSessionStatus.IGNORED: RunStatus.SKIPPED,
    FlowSessionStatus.DELETED: RunStatus.CANCELED,
    FlowSessionStatus.TERMINATED: RunStatus.CANCELED,
}
_CLOUD: Mapping[str, RunStatus] = {
    "Running": RunStatus.RUNNING,
    "Waiting": RunStatus.QUEUED,
    "Succeeded": RunStatus.SUCCEEDED,
    "Failed": RunStatus.FAILED,
    "Cancelled": RunStatus.CANCELED,
    "TimedOut": RunStatus.TIMED_OUT,
    "Aborted": RunStatus.FAILED,
    "Skipped": RunStatus.SKIPPED,
    "Ignored": RunStatus.SKIPPED,
    "Suspended": RunStatus.PAUSED,
    "Paused": RunStatus.PAUSED,
}


def desktop_status(row: Mapping[Any, Any]) -> RunStatus:
    """Return where a desktop-flow run stands, from its row."""
    status = _DESKTOP[row["statuscode"]]
    if status is RunStatus.QUEUED and row["leaseexpireson"] is not None:
        return RunStatus.NEXT
    if status is RunStatus.RUNNING and row["cancelrequestedon"] is not None:
        return RunStatus.CANCELING
    return status


def cloud_status(status: str) -> RunStatus:
    """Return where a cloud-flow run stands."""
    return _CLOUD.get(status, RunStatus.RUNNING)


def desktop_condition(statuses: Iterable[RunStatus]) -> sa.ColumnElement[bool]:
    """Return the condition that holds for desktop-flow runs in some states."""
    c = FlowSession.c
    wanted = set(statuses)
    plain = {code for code, status in _DESKTOP.items() if status in wanted}
    conditions: list[sa.ColumnElement[bool]] = []
    if RunStatus.NEXT in wanted and RunStatus.QUEUED not in wanted:
        leased = sa.and_(c.statuscode == FlowSessionStatus.WAITING.value, HELD)
        conditions.append(leased)
    if RunStatus.CANCELING in wanted and RunStatus.RUNNING not in wanted:
        asked = sa.and_(c.statuscode == FlowSessionStatus.RUNNING.value, c.cancelrequestedon.is_not(None))
        conditions.append(asked)
    return sa.or_(c.statuscode.in_([int(code) for code in plain]), *conditions)


def cloud_condition(statuses: Iterable[RunStatus]) -> sa.ColumnElement[bool]:
    """Return the condition that holds for cloud-flow runs in some states."""
    wanted = set(statuses)
    return FlowRun.c.status.in_([text for text, status in _CLOUD.items() if status in wanted])
