"""A run's row, and new rows with the columns that every row carries. Source: dataverse-api 11."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import REGISTRY, Entity, has_instant, plain
from deskhand.entities.flowsession import FlowSession
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

Row = Mapping[Any, Any]
"""A row by its columns' names: read from the database, or about to be written."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a row is.

    Attributes:
        user_id: The owner.
        unit_id: The owner's business unit.
    """

    user_id: UUID
    unit_id: UUID | None

    @classmethod
    def of(cls, row: Row) -> Owner:
        """Return the owner of an existing row."""
        return cls(row["ownerid"], row["owningbusinessunit"])


@cache
def _defaults(logical_name: str) -> Mapping[str, Any]:
    columns = REGISTRY[logical_name].columns
    return {name: plain(column.default) for name, column in columns.items()}


def new_row(
    tx: Transaction, entity: type[Entity], owner: Owner, values: Mapping[str, Any], *, version: int
) -> dict[str, Any]:
    """Return a complete row to insert; several may share a version number.

    Args:
        tx: The open transaction, whose instant the row carries.
        entity: The table.
        owner: Whose the row will be; it also counts as its creator.
        values: The columns that are not defaults, the primary key among them.
        version: The row's ``versionnumber``.
    """
    return {
        **_defaults(entity.logical_name),
        "createdon": tx.now,
        "modifiedon": tx.now,
        "createdby": owner.user_id,
        "modifiedby": owner.user_id,
        "ownerid": owner.user_id,
        "owninguser": owner.user_id,
        "owningbusinessunit": owner.unit_id,
        "versionnumber": version,
        **values,
    }


HELD = has_instant(FlowSession.c.leaseexpireson)
"""A run that some machine holds under a lease."""

_RUN = Statement(
    sa.select(*(column for column in FlowSession.table.columns if not column.name.startswith("sealed")))
    .where(FlowSession.c.flowsessionid == sa.bindparam("run_id"))
    .with_for_update()
)


def run_row(tx: Transaction, run_id: UUID) -> Row | None:
    """Return a run's row without its sealed values, and hold it until the transaction ends."""
    return tx.row(_RUN, {"run_id": run_id})
