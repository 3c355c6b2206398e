"""Sliding windows: stretches of time without gaps, each with a run of its own. Source: cloud-flows 2.4.

Unlike a recurrence, they miss nothing: windows that went by while the flow was not served come one after
the other until the present is reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deskhand.cloudflows.durations import Duration, read_duration
from deskhand.cloudflows.recurrence import Origin, Recurrence, next_after
from deskhand.cloudflows.recurrence_reading import RecurrenceInvalid, read_recurrence
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of time.

    Attributes:
        due: When its run begins: its end and the delay after it.
    """

    start: datetime
    end: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class SlidingWindows:
    """The windows of a trigger.

    Attributes:
        recurrence: Where one window ends and the next begins.
        delay: How long after its end a window's run begins.
    """

    recurrence: Recurrence
    delay: Duration


def read_sliding_windows(
    recurrence: Value, inputs: Value, *, least: timedelta = timedelta(seconds=1)
) -> SlidingWindows:
    """Return the windows that a trigger's ``recurrence`` and ``inputs`` describe.

    Raises:
        RecurrenceInvalid: The recurrence breaks a rule, or has a schedule.
        DurationUnreadable: The delay is no duration.
    """
    read = read_recurrence(recurrence, least=least)
    if read.schedule is not None:
        raise RecurrenceInvalid("sliding windows have no ‘schedule’; they follow each other without a gap")
    delay = member(inputs, "delay") if isinstance(inputs, dict) else None
    return SlidingWindows(read, Duration() if delay in (None, "") else read_duration(delay))


def next_window(
    windows: SlidingWindows, previous_end: datetime | None, *, anchor: datetime, fired: int = 0
) -> Window | None:
    """Return the window that follows; None if there is none any more.

    Args:
        windows: The trigger's windows.
        previous_end: Where the window before it ended; None for the first.
        anchor: When the flow was switched on: the start of the first window where no start time is given.
        fired: How many windows there were, for recurrences that end after some.

    Raises:
        MomentBeyondCalendar: The delay ends after the last year.
    """
    origin = windows.recurrence.origin or Origin.at(anchor, windows.recurrence.zone)
    start = origin.instant if previous_end is None else previous_end
    anchored = replace(windows.recurrence, origin=origin)
    end = next_after(anchored, start, anchor=anchor, fired=fired)
    return None if end is None else Window(start, end, windows.delay.after(end))
