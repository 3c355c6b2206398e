"""What changed in the tables that pages show, since the last look."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import DebugSession, FlowLog, FlowLogType, FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.records.versions import changed_since, newest_version
from deskhand.store.database import Transaction

TOPICS: Mapping[str, type[Entity]] = {
    "runs": FlowSession,
    "cloudruns": FlowRun,
    "flows": Workflow,
    "machines": FlowMachine,
    "groups": FlowMachineGroup,
    "debug": DebugSession,
}
"""What is told of, and the table that it is about."""

READ_AS: Mapping[str, type[Entity]] = {"debug": FlowSession}
"""Who is told of changes of a table that clients do not see: whoever may read these rows, of the same id."""

MOST_IDS = 200
"""Changed rows that are named; beyond it a page is told to ask for the whole list."""

Ids = frozenset[UUID] | None
"""Ids of changed rows; None for too many, or for unknown ones."""

_OVERLAP = timedelta(seconds=3)
_MOST_ROWS = 1_000
_COUNTED = ("flows", "machines", "groups")
_ACTION_TYPES = (FlowLogType.CUSTOM_LOG.value, FlowLogType.DESKTOP_FLOW_RUN_ACTION.value)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found.

    Attributes:
        version: The newest version number there is.
        changed: The changed rows by topic.
        log_ends: The greatest index in the action log of each run that somebody watches.
    """

    version: int
    changed: Mapping[str, Ids]
    log_ends: Mapping[UUID, int]


class ChangeWatch:
    """Remembers what it saw, so that each look tells what is new.

    Args:
        silence: How long a machine may be silent and still count as connected.
    """

    def __init__(self, silence: timedelta) -> None:
        self._silence = silence
        self._marks: deque[tuple[datetime, int]] = deque()
        self._known: dict[str, Mapping[UUID, int]] = {}
        self._counts: dict[str, int] = {}
        self._connected: frozenset[UUID] | None = None

    @property
    def knows(self) -> bool:
        """Whether it has looked before."""
        return bool(self._marks)

    def look(self, tx: Transaction, run_ids: Collection[UUID]) -> Look:
        """Return what changed since the look before; nothing for the first one.

        Args:
            tx: The open transaction.
            run_ids: The runs whose action log somebody watches.
        """
        version = max(newest_version(tx, entity) for entity in TOPICS.values())
        since = self._mark(tx.now, version)
        changed = {topic: self._changed(tx, topic, entity, since) for topic, entity in TOPICS.items()}
        connected = self._connected_machines(tx)
        flipped = connected ^ (connected if self._connected is None else self._connected)
        self._connected = connected
        if changed["machines"] is not None:
            changed["machines"] |= flipped
        told = {topic: ids for topic, ids in changed.items() if ids is None or ids}
        return Look(version, told, {run_id: _log_end(tx, run_id) for run_id in run_ids})

    def _mark(self, now: datetime, version: int) -> int:
        """Note how far this look sees, and return from where it has to look: some seconds back."""
        self._marks.append((now, version))
        while len(self._marks) > 1 and self._marks[1][0] <= now - _OVERLAP:
            self._marks.popleft()
        return self._marks[0][1]

    def _changed(self, tx: Transaction, topic: str, entity: type[Entity], since: int) -> Ids:
        found = changed_since(tx, entity, since, _MOST_ROWS)
        known = self._known.get(topic, {})
        self._known[topic] = found.versions
        fresh = frozenset(one for one, version in found.versions.items() if known.get(one) != version)
        if self._lost_rows(tx, topic, entity) or not found.complete or len(fresh) > MOST_IDS:
            return None
        return fresh

    def _lost_rows(self, tx: Transaction, topic: str, entity: type[Entity]) -> bool:
        """Tell whether rows of a small table were deleted, which leaves no version number."""
        if topic not in _COUNTED:
            return False
        count: int = tx.execute(sa.select(sa.func.count()).select_from(entity.table)).scalar_one()
        before = self._counts.get(topic, count)
        self._counts[topic] = count
        return count < before

    def _connected_machines(self, tx: Transaction) -> frozenset[UUID]:
        c = FlowMachine.c
        query = sa.select(c.flowmachineid).where(c.lastheartbeatdate > tx.now - self._silence)
        return frozenset(tx.execute(query).scalars())


def changed_topics(tx: Transaction, version: int) -> Mapping[str, Ids] | None:
    """Return what changed since a version that somebody was told; None if nobody knows any more."""
    if version > max(newest_version(tx, entity) for entity in TOPICS.values()):
        return None
    found = {topic: changed_since(tx, entity, version, MOST_IDS) for topic, entity in TOPICS.items()}
    if not all(one.complete for one in found.values()):
        return None
    return {topic: frozenset(one.versions) for topic, one in found.items() if one.versions}


def _log_end(tx: Transaction, run_id: UUID) -> int:
    c = FlowLog.c
    last = sa.select(sa.func.max(c.logindex)).where(c.flowsessionid == run_id, c.type.in_(_ACTION_TYPES))
    end: int | None = tx.execute(last).scalar()
    return -1 if end is None else end
