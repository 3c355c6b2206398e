"""The names of errors, as ``ON ERROR`` lists them. Source: actions 3.9."""

from __future__ import annotations


def same_error(one: str, other: str) -> bool:
    """Return whether two names mean the same error: case and the ending ``Error`` do not matter."""
    return _core(one) == _core(other)


def _core(name: str) -> str:
    folded = name.casefold()
    return folded.removesuffix("error") or folded
