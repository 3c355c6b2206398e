"""SlidingWindow: a run for each stretch of time, none left out. Source: cloud-flows 2.4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

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
from deskhand.cloudflows.scope import wire_time
from deskhand.cloudflows.sliding_windows import SlidingWindows, next_window, read_sliding_windows
from deskhand.cloudflows.triggers.recurrence import EVERY, FROM, least_interval


def _read(view: TriggerView) -> SlidingWindows:
    trigger = view.trigger
    return read_sliding_windows(
        view.evaluate(trigger.recurrence), view.evaluate(trigger.inputs), least=least_interval(view)
    )


def _begin(view: TriggerView) -> datetime | None:
    window = next_window(_read(view), None, anchor=view.now)
    return None if window is None else window.due


def _look(look: Look) -> Seen:
    """Start the run of one window; those that passed meanwhile follow, each in a look of its own."""
    windows = _read(look)
    cursor = look.cursor if isinstance(look.cursor, Mapping) else {}
    end = datetime.fromisoformat(cursor["end"]) if cursor else None
    fired = cursor.get("fired", 0)
    window = next_window(windows, end, anchor=look.activated, fired=fired)
    if window is None:
        return Seen(None, look.cursor)
    following = next_window(windows, window.end, anchor=look.activated, fired=fired + 1)
    outputs = {"windowStartTime": wire_time(window.start), "windowEndTime": wire_time(window.end)}
    return Seen(
        None if following is None else following.due,
        {"end": window.end.isoformat(), "fired": fired + 1},
        (Firing(outputs, scheduled=window.due),),
    )


SLIDING_WINDOW = declare_trigger(
    TriggerType(
        name="SlidingWindow",
        title="Sliding Window",
        doc="Starts a run for each stretch of time, also for those that passed while nobody was there.",
        kind=SCHEDULED,
        fields=(
            *EVERY,
            Field("inputs/delay", "Delay", type="duration"),
            *FROM,
        ),
        begin=_begin,
        look=_look,
    )
)
