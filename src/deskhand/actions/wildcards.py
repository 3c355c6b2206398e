"""Names with wildcards: ``*`` any letters, ``?`` one letter, letter case ignored as on Windows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path


def has_wildcard(name: str) -> bool:
    """Return whether a name stands for several."""
    return "*" in name or "?" in name


def wildcard_filter(text: str) -> re.Pattern[str]:
    """Return what a filter such as ``*.txt;*.csv`` matches; ``*.*`` and an empty one match every name."""
    filters = [one.strip() for one in text.split(";") if one.strip()] or ["*"]
    return re.compile("|".join(map(_expression, filters)), re.IGNORECASE | re.DOTALL)


def matching(folder: Path, wildcard: str) -> Iterator[Path]:
    """Yield what stands in a folder under a matching name."""
    pattern = re.compile(_expression(wildcard), re.IGNORECASE | re.DOTALL)
    return (folder / name for name in os.listdir(folder) if pattern.fullmatch(name))


def _expression(wildcard: str) -> str:
    if wildcard == "*.*":
        return ".*"
    letters = {"*": ".*", "?": "."}
    return "".join(letters.get(letter, re.escape(letter)) for letter in wildcard)
