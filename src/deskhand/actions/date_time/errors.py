"""What the DateTime actions can report."""

from __future__ import annotations

from deskhand.core.errors import did_you_mean
from deskhand.dotnet.zone_table import WINDOWS_ZONES
from deskhand.robin.catalog import ActionError


class DateOutOfRange(ActionError):
    """A datetime would fall before the year 1 or after the year 9999."""

    code = "DH4620"
    error_name = "FailedToGetCurrentDateAndTime"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is no date between the years 1 and 9999.")


class InvalidOffset(ActionError):
    """An offset from UTC does not read as one."""

    code = "DH4621"
    error_name = "FailedToGetCurrentDateAndTime"

    def __init__(self, offset: object) -> None:
        super().__init__(
            f"‘{offset}’ is no offset from UTC; write hours such as 2, -3.5 or +05:30, at most 14."
        )


class UnknownTimeZone(ActionError):
    """No time zone has the name that was given."""

    code = "DH4622"
    error_name = "SpecifiedCountryRegionNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no time zone ‘{name}’{did_you_mean(name, WINDOWS_ZONES) or '.'}")
