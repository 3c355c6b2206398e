"""Work queues: which way an item may go, and who gets the next one.

Source: machines-and-runs 8, dataverse-api 9.5, 11.9 and 11.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import AccessRight, ActiveState
from deskhand.entities.workqueue import ITEM_STATES, ItemStatus, QueueOption, WorkQueue, WorkQueueItem
from deskhand.identity.principals import Principal
from deskhand.records.changes import announce, change_stamps
from deskhand.records.errors import (
    ItemInProcessing,
    ItemStatusRefused,
    QueueNotActive,
    QueueSchemaFixed,
)
from deskhand.records.rules import Write, before_write
from deskhand.records.security import require_privilege, visible
from deskhand.records.service import find, retrieve
from deskhand.store.database import Transaction
from deskhand.store.statements import Row

QUEUED, ON_HOLD, PROCESSING = ItemStatus.QUEUED, ItemStatus.PAUSED, ItemStatus.PROCESSING

_RESULTS = (
    ItemStatus.PROCESSED,
    ItemStatus.GENERIC_EXCEPTION,
    ItemStatus.IT_EXCEPTION,
    ItemStatus.BUSINESS_EXCEPTION,
    ItemStatus.PROCESSING_TIMEOUT,
    ItemStatus.DEAD_LETTER,
)
"""How the processing of an item may end."""

ITEM_TRANSITIONS: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    QUEUED: frozenset({ON_HOLD}),
    ON_HOLD: frozenset({QUEUED}),
    PROCESSING: frozenset({QUEUED, *_RESULTS}),
    **{result: frozenset({QUEUED, ON_HOLD}) for result in _RESULTS},
}
"""Where callers may move an item; only :func:`dequeue` begins its processing.

Source: machines-and-runs 8.2.
"""

_EDITABLE_WHILE_PROCESSED = frozenset(
    {
        "statecode", "statuscode", "processingresult", "executioncontext", "delayuntil", "expirydate",
        "processorid", "processortype", "machineuser",
    }
)  # fmt: skip
_TAKEN = ("statecode", "statuscode", "processinguser", "processingstarttime")


@before_write(WorkQueue)
def check_queue(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
    """Keep the schema of a queue's input once it is set. Source: machines-and-runs 8.1."""
    schema = None if write.before is None else write.before["inputschema"]
    if schema is not None and write.value("inputschema") != schema:
        raise QueueSchemaFixed(str(write.value("name")))
    return write.changes


@before_write(WorkQueueItem)
def check_item(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
    """Give a new item what it lacks, and let an item go only where it may."""
    if write.message is ChangeMessage.CREATE:
        return _new_item(tx, write)
    if write.message is ChangeMessage.UPDATE:
        return _changed_item(tx, write)
    return write.changes


def _new_item(tx: Transaction, write: Write) -> dict[str, Any]:
    status = ItemStatus(write.changes.get("statuscode", QUEUED))
    if status not in (QUEUED, ON_HOLD):
        raise ItemStatusRefused(None, status, (QUEUED, ON_HOLD))
    position = tx.next_version()
    return {
        "uniqueidbyqueue": f"system-{new_id()}",
        "expirydate": _expiry(tx, write.changes.get("workqueueid")),
        **write.changes,
        "name": write.changes.get("name") or f"WQI-{position}",
        "queueposition": position,
    }


def _expiry(tx: Transaction, queue_id: UUID | None) -> Any:
    """Return when an item expires that names no date itself."""
    if queue_id is None:
        return None
    queue = find(tx, WorkQueue, queue_id, columns=("defaultitemtimetoliveinminutes",))
    minutes = queue["defaultitemtimetoliveinminutes"]
    return tx.now + timedelta(minutes=minutes) if minutes else None


def _changed_item(tx: Transaction, write: Write) -> dict[str, Any]:
    assert write.before is not None
    before, after = ItemStatus(write.before["statuscode"]), ItemStatus(write.value("statuscode"))
    if before is PROCESSING:
        _require_editable(tx, write)
    if after is before:
        return dict(write.changes)
    if after not in ITEM_TRANSITIONS[before]:
        raise ItemStatusRefused(before, after, tuple(sorted(ITEM_TRANSITIONS[before])))
    return {**write.changes, **_entailed(tx, write.before, before, after)}


def _require_editable(tx: Transaction, write: Write) -> None:
    assert write.before is not None
    changed = {name for name, value in write.changes.items() if write.before[name] != value}
    refused = changed - _EDITABLE_WHILE_PROCESSED
    if refused == {"input"}:
        columns = ("allowupdateinputwhileprocessing",)
        queue = find(tx, WorkQueue, write.before["workqueueid"], columns=columns)
        if queue["allowupdateinputwhileprocessing"] == QueueOption.YES:
            return
    if refused:
        raise ItemInProcessing(sorted(refused))


def _entailed(tx: Transaction, row: Row, before: ItemStatus, after: ItemStatus) -> dict[str, Any]:
    """Return what a change of an item's status entails."""
    if after is QUEUED:
        return _requeued(tx, row, requeues=0 if before is ON_HOLD else 1)
    if before is not PROCESSING:
        return {}
    if after is ItemStatus.IT_EXCEPTION and _may_be_retried(tx, row):
        return _requeued(tx, row, retries=1)
    started = row["processingstarttime"] or tx.now
    return {"completedon": tx.now, "processingduration": int((tx.now - started).total_seconds())}


def _may_be_retried(tx: Transaction, row: Row) -> bool:
    queue = find(tx, WorkQueue, row["workqueueid"], columns=("itemmaxretrycount",))
    return bool(row["retrycount"] < queue["itemmaxretrycount"])


def _requeued(tx: Transaction, row: Row, *, retries: int = 0, requeues: int = 0) -> dict[str, Any]:
    """Return an item's columns when it joins the end of its queue again."""
    return {
        "statuscode": QUEUED.value,
        "statecode": ITEM_STATES[QUEUED],
        "retrycount": row["retrycount"] + retries,
        "requeuecount": row["requeuecount"] + requeues,
        "queueposition": tx.next_version(),
        "processinguser": None,
        "processingstarttime": None,
        "processingduration": None,
        "completedon": None,
    }


def dequeue(tx: Transaction, principal: Principal, queue_id: UUID) -> UUID | None:
    """Give a caller the next item of a queue to process, which nobody else then gets; None if there is none.

    The most urgent comes first, and among those the one that joined the queue first. Items whose time has
    not come or is over are passed over, and so are those that the caller may not change.

    Args:
        tx: The open transaction.
        principal: The caller.
        queue_id: The queue.

    Raises:
        PrivilegeDenied: The caller may not read queues, or not change items.
        ObjectDoesNotExist: There is no such queue.
        AccessDenied: The queue is out of the caller's reach.
        QueueNotActive: The queue is paused or inactive.
    """
    queue = retrieve(tx, principal, WorkQueue, queue_id, columns=("name", "statecode"))
    require_privilege(principal, WorkQueueItem, AccessRight.WRITE)
    if queue["statecode"] != ActiveState.ACTIVE:
        raise QueueNotActive(queue["name"])
    taken = _take(tx, principal, queue_id)
    if taken is not None:
        announce(tx, WorkQueueItem, taken, ChangeMessage.UPDATE, _TAKEN, principal.user_id)
    return taken


def _take(tx: Transaction, principal: Principal, queue_id: UUID) -> UUID | None:
    c = WorkQueueItem.c
    conditions = [
        c.workqueueid == queue_id,
        c.statuscode == QUEUED.value,
        sa.or_(c.delayuntil.is_(None), c.delayuntil <= tx.now),
        sa.or_(c.expirydate.is_(None), c.expirydate > tx.now),
    ]
    reach = visible(principal, WorkQueueItem, AccessRight.WRITE)
    waiting = sa.select(c.workqueueitemid).where(*conditions, *([] if reach is None else [reach]))
    first = waiting.order_by(c.priority, c.queueposition).limit(1).with_for_update(skip_locked=True)
    taking = (
        sa.update(WorkQueueItem.table)
        .where(c.workqueueitemid == first.scalar_subquery())
        .values(
            statuscode=PROCESSING.value,
            statecode=ITEM_STATES[PROCESSING],
            processinguser=principal.user_id,
            processingstarttime=tx.now,
            **change_stamps(tx, principal.user_id),
        )
        .returning(c.workqueueitemid)
    )
    taken: UUID | None = tx.execute(taking).scalar()
    return taken
