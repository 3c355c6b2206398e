"""Lengths of time as definitions write them: ``PT5M``, ``P1DT12H``, ``P3M``. Source: cloud-flows 6.

Years and months have no fixed length: they move an instant along the calendar. Weeks, days, hours,
minutes and seconds do; only seconds may have a fraction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deskhand.core.errors import DeskhandError
from deskhand.dotnet.dates import months_later
from deskhand.wdl.values import Value, type_name

_DURATION = re.compile(
    r"P(?=[0-9T])"
    r"(?:(?P<years>[0-9]{1,9})Y)?(?:(?P<months>[0-9]{1,9})M)?"
    r"(?:(?P<weeks>[0-9]{1,9})W)?(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,9}))?S)?)?"
)
_LONGEST = timedelta(days=3_652_058)  # as long as the calendar
_MOST_MONTHS = 9999 * 12


class DurationUnreadable(DeskhandError):
    """A length of time is not written as ISO 8601 has it.

    Write ``PT30S``, ``PT5M``, ``PT1H``, ``P1D``, ``P1W``, ``P3M``, or several parts in this order:
    ``P1DT2H30M``. Letters are capital, hours and what is shorter follow a ``T``, and only seconds may
    have a fraction. A duration is never negative.
    """

    code = "DH6100"

    def __init__(self, found: Value) -> None:
        shown = f"‘{found}’" if isinstance(found, str) else f"a value of type {type_name(found)}"
        super().__init__(f"A duration must be an ISO 8601 text such as ‘PT5M’ or ‘P1D’, and is {shown}.")


class MomentBeyondCalendar(DeskhandError):
    """A time lies so far ahead that no calendar date names it; the last year is 9999."""

    code = "DH6101"

    def __init__(self, start: datetime) -> None:
        super().__init__(f"The time to reach from {start.isoformat()} lies after the year 9999.")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time.

    Attributes:
        months: The months in it, twelve for each year.
        length: The rest, which is equally long wherever it begins.
    """

    months: int = 0
    length: timedelta = timedelta(0)

    @property
    def exact(self) -> timedelta | None:
        """Return how long it is; None if months make that depend on where it begins."""
        return None if self.months else self.length

    def after(self, moment: datetime) -> datetime:
        """Return the instant this long after an aware one: months first, along UTC's calendar.

        Raises:
            MomentBeyondCalendar: There is no such instant.
        """
        try:
            return months_later(moment.astimezone(UTC), self.months) + self.length
        except OverflowError:
            raise MomentBeyondCalendar(moment) from None


def read_duration(value: Value) -> Duration:
    """Return what an ISO 8601 duration stands for. Source: cloud-flows 6.

    Raises:
        DurationUnreadable: It is no text, or none of that form, or longer than the calendar.
    """
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise DurationUnreadable(value)
    years, months, weeks, days, hours, minutes, seconds = (
        int(match[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
    )
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    length = timedelta(days, seconds, int(fraction), 0, minutes, hours, weeks)
    if length > _LONGEST or years * 12 + months > _MOST_MONTHS:
        raise DurationUnreadable(value)
    return Duration(years * 12 + months, length)
