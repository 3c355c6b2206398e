"""Identifiers: random ones for rows, stable ones for what is declared."""

from __future__ import annotations

import re
import uuid
from uuid import UUID

_NAMESPACE = UUID("6f7d0a5e-5d0e-5c8b-9a51-0d6ab1c3e7f4")
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?\Z")


def new_id() -> UUID:
    """Return a fresh random id."""
    return uuid.uuid4()


def stable_id(*parts: str) -> UUID:
    """Return the id that always belongs to a declared thing, such as a privilege or a metadata row.

    Args:
        parts: The thing's names, outermost first; case does not matter.
    """
    return uuid.uuid5(_NAMESPACE, "/".join(parts).casefold())


def parse_id(text: str) -> UUID | None:
    """Read a GUID with or without braces, in either case; return None for anything else."""
    match = _GUID.match(text)
    return UUID(match.group(1)) if match else None
