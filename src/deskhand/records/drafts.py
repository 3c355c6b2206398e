"""Draft and published versions of a row. Source: dataverse-api 9.9.

A table with drafts keeps at most two rows per id: the published one and one that is worked on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import Entity
from deskhand.entities.workflow import ComponentState
from deskhand.records.changes import announce, change_stamps
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.records.validation import checked_values
from deskhand.store.database import Transaction

_STATE = "componentstate"


def has_drafts(entity: type[Entity]) -> bool:
    """Return whether a table keeps drafts beside published rows."""
    return _STATE in entity.columns


def seen_version(entity: type[Entity], *, include_unpublished: bool) -> sa.ColumnElement[bool] | None:
    """Return the condition that holds for one row of each id; None for a table without drafts.

    Args:
        entity: The table.
        include_unpublished: Whether a draft stands before its published row, rather than being hidden.
    """
    if not has_drafts(entity):
        return None
    published = entity.c[_STATE] == ComponentState.PUBLISHED
    if not include_unpublished:
        return published
    other = entity.table.alias("draft")
    has_draft = sa.exists().where(
        other.c[entity.primary_key] == entity.c[entity.primary_key],
        other.c[_STATE] == ComponentState.UNPUBLISHED,
    )
    return sa.or_(entity.c[_STATE] == ComponentState.UNPUBLISHED, sa.and_(published, sa.not_(has_draft)))


def save_draft(
    tx: Transaction, entity: type[Entity], row_id: UUID, values: Mapping[str, Any], *, by: UUID
) -> None:
    """Change a row's draft; its first change copies the published row.

    Raises:
        ObjectDoesNotExist: There is neither a draft nor a published row.
    """
    changed = checked_values(entity, values) | change_stamps(tx, by)
    if _update(tx, entity, row_id, ComponentState.UNPUBLISHED, changed):
        return
    published = tx.execute(sa.select(entity.table).where(*_version(entity, row_id, ComponentState.PUBLISHED)))
    row = published.mappings().one_or_none()
    if row is None:
        raise ObjectDoesNotExist(entity, row_id)
    draft = {**row, **changed, _STATE: ComponentState.UNPUBLISHED.value, _sql_key(entity): new_id()}
    tx.execute(sa.insert(entity.table), draft)


def publish(tx: Transaction, entity: type[Entity], row_id: UUID, *, by: UUID) -> None:
    """Put a row's draft in place of what was published; without a draft nothing changes.

    Raises:
        ObjectDoesNotExist: There is neither a draft nor a published row.
    """
    draft = _version(entity, row_id, ComponentState.UNPUBLISHED)
    published = _version(entity, row_id, ComponentState.PUBLISHED)
    if tx.execute(sa.select(sa.exists().where(*draft))).scalar_one():
        tx.execute(sa.delete(entity.table).where(*published))
        stamped = {_STATE: ComponentState.PUBLISHED.value, **change_stamps(tx, by)}
        _update(tx, entity, row_id, ComponentState.UNPUBLISHED, stamped)
        announce(tx, entity, row_id, ChangeMessage.UPDATE, entity.columns, by)
    elif not tx.execute(sa.select(sa.exists().where(*published))).scalar_one():
        raise ObjectDoesNotExist(entity, row_id)


def _update(
    tx: Transaction, entity: type[Entity], row_id: UUID, state: ComponentState, values: Mapping[str, Any]
) -> bool:
    statement = sa.update(entity.table).where(*_version(entity, row_id, state)).values(**values)
    return tx.execute(statement).rowcount > 0


def _version(
    entity: type[Entity], row_id: UUID, state: ComponentState
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return entity.c[entity.primary_key] == row_id, entity.c[_STATE] == state.value


def _sql_key(entity: type[Entity]) -> str:
    return entity.table.primary_key.columns.keys()[0]
