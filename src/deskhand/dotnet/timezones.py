"""Time zones by the names that Windows gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deskhand.dotnet.zone_table import WINDOWS_ZONES


def find_zone(name: str) -> ZoneInfo | None:
    """Return the time zone with a Windows name, in any case, or an IANA name; None if unknown.

    The name may also be written as flow text does, without blanks and punctuation:
    ``WEuropeStandardTime``.
    """
    iana = _by_squeezed_name().get(squeezed(name))
    try:
        return ZoneInfo(iana or name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder's name is an OSError
        return None


def squeezed(name: str) -> str:
    """Return a zone's name as flow text writes it, in one case: letters and digits only.

    ``UTC-11`` and ``UTC+11`` would be the same; Windows has only one of any such pair.
    """
    return "".join(letter for letter in name if letter.isalnum()).casefold()


@cache
def _by_squeezed_name() -> Mapping[str, str]:
    return {squeezed(name): iana for name, iana in WINDOWS_ZONES.items()}
