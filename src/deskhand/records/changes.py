"""What every change leaves: stamps on its row, and word of it for those who subscribed to the table.

Source: dataverse-api 4.3 and 4.5, cloud-flows 2.6.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.clock import to_wire
from deskhand.core.ids import new_id
from deskhand.entities.changes import ChangeMessage, RowChange, RowSubscription, SubscribedMessage
from deskhand.entities.declare import AccessRight, Blob, Depth, Entity, Ownership
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.identity.principals import Principal
from deskhand.records.security import has_access, within
from deskhand.store.database import Transaction
from deskhand.store.statements import Row, Statement

ROW_CHANGES = "rowchanges"
"""The channel that is rung when somebody is to be told of a change."""

STAMPS = frozenset(
    {
        "createdon",
        "createdby",
        "modifiedon",
        "modifiedby",
        "versionnumber",
        "owningbusinessunit",
        "owninguser",
    }
)
"""Columns that tell of a row's creation, change and place; the server alone writes them."""

_AT_ONCE = 1000
"""Ids in one statement; both databases take some ten thousand values."""

_MESSAGES: Mapping[ChangeMessage, tuple[SubscribedMessage, ...]] = {
    ChangeMessage.CREATE: (
        SubscribedMessage.ADDED,
        SubscribedMessage.ADDED_OR_MODIFIED,
        SubscribedMessage.ADDED_OR_DELETED,
        SubscribedMessage.ADDED_OR_MODIFIED_OR_DELETED,
    ),
    ChangeMessage.UPDATE: (
        SubscribedMessage.MODIFIED,
        SubscribedMessage.ADDED_OR_MODIFIED,
        SubscribedMessage.MODIFIED_OR_DELETED,
        SubscribedMessage.ADDED_OR_MODIFIED_OR_DELETED,
    ),
    ChangeMessage.DELETE: (
        SubscribedMessage.DELETED,
        SubscribedMessage.ADDED_OR_DELETED,
        SubscribedMessage.MODIFIED_OR_DELETED,
        SubscribedMessage.ADDED_OR_MODIFIED_OR_DELETED,
    ),
}
"""Which subscriptions a change concerns."""


@cache
def _subscribed(message: ChangeMessage) -> Statement:
    """Return the subscriptions of a table that hear of a message."""
    c = RowSubscription.c
    heard = sa.or_(*(c.message == int(one) for one in _MESSAGES[message]))
    return Statement(sa.select(RowSubscription.table).where(c.entity == sa.bindparam("entity"), heard))


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


def announce(
    tx: Transaction,
    entity: type[Entity],
    row_id: UUID,
    message: ChangeMessage,
    changed_columns: Collection[str],
    by: UUID | None,
) -> None:
    """Note a change for every subscription that it concerns. Source: cloud-flows 2.6.

    Where nobody subscribed to the table this is one statement. It comes after a row was created or
    changed, and before one is deleted: the row is read here, for whom it concerns and what is told of it.

    Args:
        tx: The open transaction.
        entity: The row's table.
        row_id: The row.
        message: What happens to it.
        changed_columns: The columns that an update names.
        by: Who does it; None for the server itself.
    """
    announce_all(tx, entity, [row_id], message, changed_columns, by)


def announce_all(
    tx: Transaction,
    entity: type[Entity],
    row_ids: Sequence[UUID],
    message: ChangeMessage,
    changed_columns: Collection[str],
    by: UUID | None,
) -> None:
    """Do as :func:`announce` for several rows of a table, to which the same happens."""
    subscriptions = _subscriptions(tx, entity, message, changed_columns)
    if not subscriptions:
        return
    for start in range(0, len(row_ids), _AT_ONCE):
        noted = [
            _note(tx, subscription, entity, row, message, by)
            for row in _rows(tx, entity, row_ids[start : start + _AT_ONCE])
            for subscription, principal in subscriptions
            if _concerns(tx, subscription, principal, entity, row)
        ]
        if noted:
            tx.execute(sa.insert(RowChange.table), noted)
            tx.notify(ROW_CHANGES)


def _subscriptions(
    tx: Transaction, entity: type[Entity], message: ChangeMessage, changed_columns: Collection[str]
) -> list[tuple[Row, Principal]]:
    """Return the subscriptions to such a change, each with its owner; a disabled one hears nothing."""
    found = [
        subscription
        for subscription in tx.rows(_subscribed(message), {"entity": entity.logical_name})
        if message is not ChangeMessage.UPDATE or _touches(subscription, changed_columns)
    ]
    owners = {owner_id: _enabled(tx, owner_id) for owner_id in {one["ownerid"] for one in found}}
    return [(one, owner) for one in found if (owner := owners[one["ownerid"]]) is not None]


def _enabled(tx: Transaction, user_id: UUID) -> Principal | None:
    try:
        return load_principal(tx, user_id)
    except UserNotMember:
        return None


def _touches(subscription: Row, changed_columns: Collection[str]) -> bool:
    attributes = subscription["filteringattributes"]
    return attributes is None or not set(json.loads(attributes)).isdisjoint(changed_columns)


def _rows(tx: Transaction, entity: type[Entity], row_ids: Sequence[UUID]) -> Iterator[sa.RowMapping]:
    """Yield rows as clients may see them; of a row with a draft beside it, what is published."""
    columns = [
        entity.c[name]
        for name, column in entity.columns.items()
        if not column.internal and not isinstance(column, Blob)
    ]
    key = entity.c[entity.primary_key]
    query = sa.select(*columns).where(key.in_(row_ids))
    if "componentstate" in entity.c:
        query = query.order_by(entity.c.componentstate.desc())
    rows = {row[entity.primary_key]: row for row in tx.execute(query).mappings()}
    yield from (rows[row_id] for row_id in row_ids if row_id in rows)


def _concerns(
    tx: Transaction,
    subscription: Row,
    principal: Principal,
    entity: type[Entity],
    row: sa.RowMapping,
) -> bool:
    return within(tx, principal, entity, row, Depth(subscription["scope"])) and has_access(
        tx, principal, entity, row, AccessRight.READ
    )


def _note(
    tx: Transaction,
    subscription: Row,
    entity: type[Entity],
    row: sa.RowMapping,
    message: ChangeMessage,
    by: UUID | None,
) -> dict[str, Any]:
    return {
        "rowchangeid": new_id(),
        "rowsubscriptionid": subscription["rowsubscriptionid"],
        "position": tx.next_version(),
        "entity": entity.logical_name,
        "rowid": row[entity.primary_key],
        "message": message.value,
        "modifiedby": by,
        "createdon": tx.now,
        "snapshot": _snapshot(row),
    }


def _snapshot(row: sa.RowMapping) -> str:
    return json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return to_wire(value) if isinstance(value, datetime) else value
