"""Cultures by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from deskhand.dotnet.culture import Culture
from deskhand.dotnet.culture_table import CLDR_DIFFERENCES, CULTURES

__all__ = ["Culture", "as_cloud_hosts_write", "culture_named", "find_culture", "invariant"]


def find_culture(name: str) -> Culture | None:
    """Return the culture with a name such as ``fr-FR`` or ``fr``, in any case; None if unknown.

    The empty name is the invariant culture.
    """
    folded = name.replace("_", "-").casefold()
    if found := CULTURES.get(folded):
        return found
    if "-" in folded or not folded:
        return None
    return next((one for key, one in CULTURES.items() if key.startswith(f"{folded}-")), None)


def culture_named(name: str) -> Culture:
    """Return the culture with a name; for an unknown one its language's, or else the invariant one."""
    language = name.replace("_", "-").split("-")[0]
    found = find_culture(name) or find_culture(language)
    return found or invariant()


def invariant() -> Culture:
    """Return the culture of no country, which never changes."""
    return CULTURES[""]


@cache
def as_cloud_hosts_write(culture: Culture) -> Culture:
    """Return a culture with the data of hosts that take theirs from Unicode's CLDR, not Windows.

    Cloud flows run on such hosts: numbers have three fraction digits unless a format says
    otherwise, and percent signs stand close.
    """
    general: Mapping[str, Any] = CLDR_DIFFERENCES["*"] if culture.name else {}
    return replace(culture, **{**general, **CLDR_DIFFERENCES.get(culture.name, {})})
