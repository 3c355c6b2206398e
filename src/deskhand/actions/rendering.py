"""What a Robin value looks like as text, for actions that render one at a time."""

from __future__ import annotations

from functools import cache

from deskhand.robin.rendering import rendering
from deskhand.robin.values import Value

_rendering = cache(rendering)  # a table is rendered cell by cell


def as_text(value: Value, culture: str) -> str:
    """Return a value as a flow shows it inside a text.

    Args:
        value: Any Robin value.
        culture: How dates are written.
    """
    return _rendering(culture)(value)
