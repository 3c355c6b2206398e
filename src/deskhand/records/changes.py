"""What every change leaves on a row. Source: dataverse-api 4.3 and 4.5."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from deskhand.entities.declare import Entity, Ownership
from deskhand.store.database import Transaction


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
