"""The life of a run, as data: statuses × events → statuses.

Source: machines-and-runs 4.1, dataverse-api 10. *Assigned* is a lease on a waiting run, not a status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import Status as StatusColumn
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.flowsession import FlowSessionStatus as Status
from deskhand.records.changes import announce_all
from deskhand.store.database import Transaction
from deskhand.store.statements import Row, Statement

WAITING, RUNNING = Status.WAITING, Status.RUNNING


class Event(StrEnum):
    """What can happen to a run."""

    ASSIGNED = "assigned"
    """A machine took it under a lease."""
    ASSIGN_FAILED = "assign failed"
    """That machine could not start it; another may."""
    LEASE_LAPSED = "lease lapsed"
    """The machine fell silent before the flow began, or never got the order."""
    REFUSED = "refused"
    """No machine can start it."""
    QUEUE_LIMIT = "queue limit"
    """It waited too long."""
    CANCELLED_IN_QUEUE = "cancelled in queue"
    """Somebody cancelled it before it began."""
    CONFIRMED = "confirmed"
    """The flow begins now; from here on it is never started again."""
    NOT_BEGUN = "not begun"
    """It was to begin at once, and its agent says that it never did: no statement of it has run."""
    CANCEL_REQUESTED = "cancel requested"
    """Somebody cancelled it while it ran; its agent is told to stop it."""
    SUCCEEDED = "succeeded"
    """The flow came to its end."""
    FAILED = "failed"
    """An action of the flow, or its process, failed."""
    CANCELLED = "cancelled"
    """Its agent stopped it."""
    TIMED_OUT = "timed out"
    """It took longer than it might, where that counts as a failure."""
    TIMED_OUT_AS_SUCH = "timed out as such"
    """The same, where it has a status of its own (setting ``timeout_status``)."""
    AGENT_LOST = "agent lost"
    """Its agent fell silent after the flow had begun."""


TRANSITIONS: Mapping[tuple[Status, Event], Status] = {
    (WAITING, Event.ASSIGNED): WAITING,
    (WAITING, Event.ASSIGN_FAILED): WAITING,
    (WAITING, Event.LEASE_LAPSED): WAITING,
    (WAITING, Event.REFUSED): Status.FAILED,
    (WAITING, Event.QUEUE_LIMIT): Status.FAILED,
    (WAITING, Event.CANCELLED_IN_QUEUE): Status.CANCELLED,
    (WAITING, Event.CONFIRMED): RUNNING,
    (RUNNING, Event.NOT_BEGUN): WAITING,
    (RUNNING, Event.CANCEL_REQUESTED): RUNNING,
    (RUNNING, Event.SUCCEEDED): Status.SUCCEEDED,
    (RUNNING, Event.FAILED): Status.FAILED,
    (RUNNING, Event.CANCELLED): Status.CANCELLED,
    (RUNNING, Event.TIMED_OUT): Status.FAILED,
    (RUNNING, Event.TIMED_OUT_AS_SUCH): Status.TIMED_OUT,
    (RUNNING, Event.AGENT_LOST): Status.FAILED,
}
"""A pair that is absent changes nothing: the event came too late, or too early."""

NEW_TOKEN = frozenset(
    {
        Event.ASSIGNED,
        Event.ASSIGN_FAILED,
        Event.LEASE_LAPSED,
        Event.NOT_BEGUN,
        Event.CANCELLED_IN_QUEUE,
        Event.AGENT_LOST,
    }
)
"""Events after which whatever the agent still says of the run is refused."""

NEW_STATUS = frozenset(event for (before, event), after in TRANSITIONS.items() if before is not after)
"""Events that flows are told of which subscribed to runs: those that change a run's status."""

WAITING_OR_RUNNING = frozenset({WAITING, RUNNING})
"""The statuses of a run that has not ended."""

_RETURNED = (
    "flowsessionid", "statuscode", "statecode", "createdon", "startedon", "completedon", "regardingobjectid",
    "ownerid", "owningbusinessunit", "machineid", "machinegroupid", "runmode", "callbackurl", "errorcode",
    "fencingtoken", "requesttimeout", "parentdesktopflowrunid", "sealedinputs",
    "parentflowrunid", "parentactionid", "isdebugged",
)  # fmt: skip


def is_terminal(status: int) -> bool:
    """Tell whether a run with this status has ended. Source: machines-and-runs 5.1."""
    return status not in (Status.PAUSED, Status.RUNNING, Status.WAITING, Status.SUSPENDED)


def target(status: Status, event: Event) -> Status | None:
    """Return the status that an event leads to, or None where it changes nothing."""
    return TRANSITIONS.get((status, event))


def apply(
    tx: Transaction,
    run_id: UUID,
    event: Event,
    values: Mapping[str, Any] | None = None,
    *,
    guard: Mapping[str, Any] | None = None,
) -> Row | None:
    """Let an event happen to a run, with one guarded statement.

    Args:
        tx: The open transaction.
        run_id: The run.
        event: What happened.
        values: Columns to set beside the status.
        guard: Columns that must hold these values, such as the lease's machine and fencing token.

    Returns:
        The run's row after the event, or None if the event came too late and changed nothing.
    """
    rows = apply_to_all(tx, [run_id], event, values, guard=guard)
    return rows[0] if rows else None


def apply_to_all(
    tx: Transaction,
    run_ids: Iterable[UUID],
    event: Event,
    values: Mapping[str, Any] | None = None,
    *,
    guard: Mapping[str, Any] | None = None,
) -> list[Row]:
    """Let one event happen to several runs; return the rows of those that it changed, in no order."""
    ids, values, guard = tuple(run_ids), values or {}, guard or {}
    if not ids:
        return []
    unset = tuple(name for name, value in guard.items() if value is None)
    equal = tuple(name for name in guard if name not in unset)
    places = _places(len(ids))
    statement = _statement(event, places, tuple(values), equal, unset)
    parameters = {f"new_{name}": value for name, value in values.items()}
    parameters |= {f"old_{name}": guard[name] for name in equal}
    parameters |= {place: ids[min(number, len(ids) - 1)] for number, place in enumerate(places)}
    parameters |= {"now": tx.now, "version": tx.next_version()}
    rows = tx.rows(statement, parameters)
    if rows and event in NEW_STATUS:
        changed = {*values, "statuscode", "statecode", "modifiedon"}
        announce_all(
            tx, FlowSession, [row["flowsessionid"] for row in rows], ChangeMessage.UPDATE, changed, None
        )
    return rows


@cache
def _places(count: int) -> tuple[str, ...]:
    """Return parameters for a number of ids, or for some more, so that there are few different statements."""
    return tuple(f"run_id_{number}" for number in range(1 << (count - 1).bit_length()))


@cache
def _statement(
    event: Event,
    places: tuple[str, ...],
    values: tuple[str, ...],
    equal: tuple[str, ...],
    unset: tuple[str, ...],
) -> Statement:
    """Build the one statement of an event; its values are bound when it runs."""
    c = FlowSession.c
    targets = {before: after for (before, on), after in TRANSITIONS.items() if on is event}
    changes: dict[str, Any] = {name: sa.bindparam(f"new_{name}", type_=c[name].type) for name in values}
    changes |= {"modifiedon": sa.bindparam("now", type_=c.modifiedon.type)}
    changes |= {"versionnumber": sa.bindparam("version", type_=c.versionnumber.type)}
    changes |= _status_changes(targets)
    if event in NEW_TOKEN:
        changes["fencingtoken"] = c.fencingtoken + 1
    conditions = [
        sa.or_(*(c.flowsessionid == sa.bindparam(place) for place in places)),
        sa.or_(*(c.statuscode == int(before) for before in sorted(targets))),
        *(c[name] == sa.bindparam(f"old_{name}", type_=c[name].type) for name in equal),
        *(c[name].is_(None) for name in unset),
    ]
    changed = sa.update(FlowSession.table).where(*conditions).values(changes)
    return Statement(changed.returning(*(c[name] for name in _RETURNED)))


def _status_changes(targets: Mapping[Status, Status]) -> dict[str, Any]:
    """Return the new status and its state; every event has one target, so no case distinction."""
    (after,) = set(targets.values())
    if set(targets) == {after}:
        return {}
    column = cast(StatusColumn, FlowSession.columns["statuscode"])
    return {"statuscode": int(after), "statecode": column.state_of(after)}


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the docs."""

    def name(status: Status) -> str:
        return status.name.title().replace("_", "")

    ends = sorted(set(TRANSITIONS.values()) - WAITING_OR_RUNNING)
    lines = ["stateDiagram-v2", f"    [*] --> {name(WAITING)}: requested"]
    lines += [
        f"    {name(before)} --> {name(after)}: {event}" for (before, event), after in TRANSITIONS.items()
    ]
    lines += [f"    {name(end)} --> [*]" for end in ends]
    return "\n".join(lines) + "\n"
