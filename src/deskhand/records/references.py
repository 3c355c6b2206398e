"""How a row is named: by its id, or by an alternate key. Source: dataverse-api 3.1 and 4.9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.records.errors import KeyDoesNotExist
from deskhand.store.database import Transaction


@dataclass(frozen=True, slots=True)
class AlternateKey:
    """``workqueues(workqueuekey='invoices')``.

    Attributes:
        entity: The table.
        values: The key's columns by logical name, with their values.
    """

    entity: type[Entity]
    values: tuple[tuple[str, Any], ...]


RowReference: TypeAlias = UUID | AlternateKey


def find_row_id(tx: Transaction, reference: RowReference) -> UUID | None:
    """Return the id of the row that is meant, or None if no row has the key; an id is taken as it is."""
    if isinstance(reference, UUID):
        return reference
    entity = reference.entity
    conditions = (entity.c[name] == value for name, value in reference.values)
    found: UUID | None = tx.execute(sa.select(entity.c[entity.primary_key]).where(*conditions)).scalar()
    return found


def row_id_of(tx: Transaction, reference: RowReference) -> UUID:
    """Return the id of the row that is meant; whether there is a row of that id is not asked.

    Raises:
        KeyDoesNotExist: No row has the key.
    """
    if isinstance(reference, UUID):
        return reference
    found = find_row_id(tx, reference)
    if found is None:
        raise KeyDoesNotExist(reference.entity)
    return found
