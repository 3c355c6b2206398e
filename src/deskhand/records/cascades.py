"""What happens to the rows that name a row which is deleted. Source: dataverse-api 4.4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import Entity, Lookup
from deskhand.entities.flowsession import DebugSession
from deskhand.entities.security import PrincipalObjectAccess
from deskhand.entities.storage import FileContent
from deskhand.entities.tables import REGISTRY
from deskhand.entities.workflow import WorkflowVersion
from deskhand.records.changes import announce_all
from deskhand.records.remembering import remembered
from deskhand.store.database import Transaction

_BELONGINGS: tuple[tuple[type[Entity], str], ...] = (
    (FileContent, "objectid"),
    (PrincipalObjectAccess, "objectid"),
    (WorkflowVersion, "workflowid"),
    (DebugSession, "flowsessionid"),
)
"""What goes with a row and that no client sees, and the column that names the row."""
_AT_ONCE = 1000
"""Ids in one statement; both databases take some ten thousand values."""


def delete_dependents(
    tx: Transaction, entity: type[Entity], row_ids: Sequence[UUID], *, by: UUID | None
) -> None:
    """Delete or unlink what names rows that are about to be deleted, and their files and shares.

    Args:
        tx: The open transaction.
        entity: The rows' table.
        row_ids: The rows.
        by: Who deletes them; None for the server itself.
    """
    for start in range(0, len(row_ids), _AT_ONCE):
        _delete_dependents_of_some(tx, entity, row_ids[start : start + _AT_ONCE], by)


def _delete_dependents_of_some(
    tx: Transaction, entity: type[Entity], row_ids: Sequence[UUID], by: UUID | None
) -> None:
    for dependent, lookup in _dependents(entity):
        named = dependent.c[lookup.name].in_(row_ids)
        if lookup.cascade:
            _delete(tx, dependent, named, by)
        else:
            tx.execute(sa.update(dependent.table).where(named).values({lookup.name: None}))
    for belongings, column in _BELONGINGS:
        tx.execute(sa.delete(belongings.table).where(belongings.c[column].in_(row_ids)))


def _delete(tx: Transaction, entity: type[Entity], which: sa.ColumnElement[bool], by: UUID | None) -> None:
    key = entity.c[entity.primary_key]
    row_ids = tx.execute(sa.select(key).where(which).distinct()).scalars().all()
    if row_ids:
        announce_all(tx, entity, row_ids, ChangeMessage.DELETE, (), by)
        delete_dependents(tx, entity, row_ids, by=by)
        tx.execute(sa.delete(entity.table).where(which))


@remembered
def _dependents(entity: type[Entity]) -> tuple[tuple[type[Entity], Lookup], ...]:
    return tuple(_lookups_to(entity.logical_name))


def _lookups_to(logical_name: str) -> Iterator[tuple[type[Entity], Lookup]]:
    for entity in REGISTRY.values():
        for column in entity.columns.values():
            if isinstance(column, Lookup) and column.target == logical_name:
                yield entity, column
