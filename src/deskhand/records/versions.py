"""What changed since: rows by their version numbers, which grow with every change of any row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight, Entity
from deskhand.identity.principals import Principal
from deskhand.records.security import visible
from deskhand.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows of a table that changed since a version.

    Attributes:
        versions: The version of each, by its id.
        complete: Whether these are all.
    """

    versions: Mapping[UUID, int]
    complete: bool


def newest_version(tx: Transaction, entity: type[Entity]) -> int:
    """Return the greatest version of a table's rows; 0 for an empty table."""
    version: int | None = tx.execute(sa.select(sa.func.max(entity.c.versionnumber))).scalar()
    return version or 0


def changed_since(tx: Transaction, entity: type[Entity], version: int, limit: int) -> Changed:
    """Return the rows that changed since a version, at most so many.

    On PostgreSQL a transaction may become visible after one with greater numbers: whoever asks again and
    again asks from a version of some seconds ago, and leaves out what it knows.
    """
    key, number = entity.c[entity.primary_key], entity.c.versionnumber
    query = sa.select(key, number).where(number > version).order_by(number).limit(limit + 1)
    rows = tx.execute(query).all()
    return Changed({row[0]: row[1] for row in rows[:limit]}, complete=len(rows) <= limit)


def readable(
    tx: Transaction, principal: Principal, entity: type[Entity], ids: Collection[UUID]
) -> tuple[UUID, ...]:
    """Return those of some rows that a caller may read, in no order."""
    if not ids or principal.depth(entity.privilege(AccessRight.READ).name) is None:
        return ()
    condition = visible(principal, entity)
    if condition is None:
        return tuple(ids)
    key = entity.c[entity.primary_key]
    found = tx.execute(sa.select(key).where(key.in_(list(ids)), condition).distinct())
    return tuple(found.scalars())
