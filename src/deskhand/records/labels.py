"""The names of rows, as other rows' lookups show them. Source: dataverse-api 3.8.

A lookup's name is part of the row that holds it: whoever may read that row sees it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.store.database import Transaction

_AT_ONCE = 500


def primary_names(tx: Transaction, entity: type[Entity], ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of rows by their ids; a row that is gone, or has no name, is left out.

    Args:
        tx: The open transaction.
        entity: The rows' table.
        ids: Which rows.
    """
    if entity.primary_name not in entity.columns:
        return {}
    key, name = entity.c[entity.primary_key], entity.c[entity.primary_name]
    wanted = list(ids)
    names: dict[UUID, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found = tx.execute(sa.select(key, name).where(key.in_(some), name.is_not(None)))
        names |= {row[0]: row[1] for row in found}
    return names
