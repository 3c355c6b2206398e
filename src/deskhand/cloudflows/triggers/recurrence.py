"""Recurrence: a flow that runs by the clock. Source: cloud-flows 2.3."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskhand.cloudflows.declare import (
    SCHEDULED,
    Field,
    Firing,
    Look,
    Seen,
    TriggerType,
    TriggerView,
    declare_trigger,
)
from deskhand.cloudflows.recurrence import Recurrence, first_run, next_after
from deskhand.cloudflows.recurrence_reading import read_recurrence
from deskhand.wdl.values import Value

_LEAST = timedelta(seconds=1)
_POWER_AUTOMATE_LEAST = timedelta(seconds=60)
_WITHOUT_RECURRENCE = timedelta(minutes=1)
# A restart, or another server's taking over, makes a slot late and not missed.
_LATEST = timedelta(minutes=5)


def least_interval(view: TriggerView) -> timedelta:
    """Return the shortest time that may lie between two runs. Source: cloud-flows 6."""
    return _POWER_AUTOMATE_LEAST if view.is_power_automate else _LEAST


def read_schedule(view: TriggerView) -> Recurrence:
    """Return a trigger's recurrence; its expressions may read parameters.

    Raises:
        RecurrenceInvalid: It breaks a rule.
    """
    return read_recurrence(view.evaluate(view.trigger.recurrence), least=least_interval(view))


def begin_by_schedule(view: TriggerView) -> datetime | None:
    """Return when a trigger that has a recurrence looks first; one that has none looks at once."""
    if not isinstance(view.trigger.recurrence, dict):
        return view.now
    return first_run(read_schedule(view), view.now)


def next_slot(look: Look) -> datetime | None:
    """Return when a trigger that polls looks next: each minute, if it has no recurrence."""
    if not isinstance(look.trigger.recurrence, dict):
        return look.now + _WITHOUT_RECURRENCE
    recurrence = read_schedule(look)
    anchor = look.now if recurrence.drifts else look.activated
    return next_after(recurrence, look.now, anchor=anchor)


def _look(look: Look) -> Seen:
    """Start one run for the slot that has come; slots that were missed are not made up for."""
    recurrence = read_schedule(look)
    fired = _fired(look.cursor)
    if _is_missed(look, recurrence):
        anchor = look.due if recurrence.drifts and look.due else look.activated
        return Seen(next_after(recurrence, look.now, anchor=anchor, fired=fired), look.cursor)
    anchor = look.now if recurrence.drifts else look.activated
    due = next_after(recurrence, look.now, anchor=anchor, fired=fired + 1)
    return Seen(due, {"fired": fired + 1}, (Firing(scheduled=look.due),))


def _is_missed(look: Look, recurrence: Recurrence) -> bool:
    """Tell whether nobody was there when the slot came; the run at switching on is never missed."""
    is_at_once = recurrence.origin is None and look.cursor is None
    return not is_at_once and look.due is not None and look.now - look.due > _LATEST


def _fired(cursor: Value) -> int:
    return cursor["fired"] if isinstance(cursor, dict) else 0


EVERY = (
    Field("recurrence/interval", "Interval", type="integer", required=True),
    Field(
        "recurrence/frequency",
        "Frequency",
        required=True,
        options=("Second", "Minute", "Hour", "Day", "Week", "Month"),
    ),
)
"""The fields of how often something is done."""

FROM = (
    Field("recurrence/timeZone", "Time zone", type="string"),
    Field("recurrence/startTime", "Start time", type="string"),
)
"""The fields of when that begins."""

RECURRENCE = declare_trigger(
    TriggerType(
        name="Recurrence",
        title="Recurrence",
        doc="Starts a run again and again, by the clock and the calendar.",
        kind=SCHEDULED,
        fields=(
            *EVERY,
            *FROM,
            Field("recurrence/schedule", "Schedule", type="object"),
        ),
        begin=begin_by_schedule,
        look=_look,
    )
)
