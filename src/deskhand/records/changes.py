"""What every change leaves on a row, and the versions that clients hold.

Source: dataverse-api 4.3 and 4.5.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from deskhand.entities.declare import Entity, Ownership
from deskhand.store.database import Transaction

_ETAG = re.compile(r'(?:W/)?"(\d{1,19})"\Z')


def creation_stamps(tx: Transaction, entity: type[Entity], by: UUID) -> dict[str, Any]:
    """Return the columns that tell of a row's creation; its creator owns it unless somebody else is named.

    Args:
        tx: The open transaction, whose instant they carry.
        entity: The row's table.
        by: Who creates it.
    """
    stamps = {"createdon": tx.now, "createdby": by, **change_stamps(tx, by)}
    if entity.ownership is Ownership.USER:
        stamps["ownerid"] = by
    return stamps


def change_stamps(tx: Transaction, by: UUID) -> dict[str, Any]:
    """Return the columns that tell of a row's latest change."""
    return {"modifiedon": tx.now, "modifiedby": by, "versionnumber": tx.next_version()}


def version_of(etag: str) -> int | None:
    """Return the version that an entity tag names, with or without ``W/``; None for anything else."""
    match = _ETAG.match(etag.strip())
    return int(match.group(1)) if match else None
