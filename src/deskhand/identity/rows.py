"""Writing the rows of people and roles, which exist before anybody can own a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from deskhand.core.ids import new_id
from deskhand.entities.declare import Entity, plain
from deskhand.store.database import Transaction


def insert_row(
    tx: Transaction, entity: type[Entity], values: Mapping[str, Any], *, by: UUID | None = None
) -> UUID:
    """Insert a row with its defaults, its times and its version, and return its id.

    Args:
        tx: The open transaction.
        entity: The table.
        values: Columns to set; the primary key may be among them.
        by: Who creates it; null for what the installation itself brings.
    """
    row = {name: plain(column.default) for name, column in entity.columns.items()}
    stamps = {"createdon": tx.now, "modifiedon": tx.now, "createdby": by, "modifiedby": by}
    row |= {name: value for name, value in stamps.items() if name in row}
    if "versionnumber" in row:
        row["versionnumber"] = tx.next_version()
    row[entity.primary_key] = new_id()
    row |= values
    tx.execute(entity.table.insert(), row)
    row_id: UUID = row[entity.primary_key]
    return row_id
