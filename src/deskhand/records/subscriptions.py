"""Subscriptions to the changes of rows, and what they are told. Source: cloud-flows 2.6."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.changes import (
    ChangeMessage,
    RowChange,
    RowSubscription,
    SubscribedMessage,
    SubscriptionScope,
)
from deskhand.entities.declare import REGISTRY, Entity, Instant
from deskhand.odata import nodes
from deskhand.odata.filters import parse_filter
from deskhand.records.errors import UnknownColumn
from deskhand.records.query import columns_by_name, filter_clause
from deskhand.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """One change that one subscription is told of.

    Attributes:
        subscription_id: The subscription.
        entity: The row's table, by logical name.
        row_id: The row.
        message: What happened to it.
        by: Who did it; None for the server itself.
        at: When.
        row: The row as the change left it, or before it was deleted, by logical column name. Columns that
            clients do not see are absent.
    """

    subscription_id: UUID
    entity: str
    row_id: UUID
    message: ChangeMessage
    by: UUID | None
    at: datetime
    row: Mapping[str, Any]


def subscribe(
    tx: Transaction,
    entity: type[Entity],
    *,
    message: SubscribedMessage,
    scope: SubscriptionScope,
    filtering_attributes: Collection[str] = (),
    workflow_id: UUID,
    owner_id: UUID,
) -> UUID:
    """Have a flow told of changes from now on, and return the subscription's id.

    Args:
        tx: The open transaction.
        entity: The table.
        message: Which changes.
        scope: Whose rows, counted from the owner.
        filtering_attributes: The columns of which an update has to name one; any without them.
        workflow_id: The flow.
        owner_id: As whom it looks: changes of rows that they may not read are not told.

    Raises:
        UnknownColumn: The table has no such column.
    """
    known = columns_by_name(entity)
    check_columns(entity, filtering_attributes)
    columns = sorted({known[name].name for name in filtering_attributes})
    row = {
        "rowsubscriptionid": new_id(),
        "entity": entity.logical_name,
        "message": message.value,
        "scope": scope.value,
        "filteringattributes": json.dumps(columns) if columns else None,
        "workflowid": workflow_id,
        "ownerid": owner_id,
        "createdon": tx.now,
    }
    tx.execute(sa.insert(RowSubscription.table), row)
    return UUID(str(row["rowsubscriptionid"]))


def check_columns(entity: type[Entity], names: Collection[str]) -> None:
    """Make sure that a table has columns of these names.

    Raises:
        UnknownColumn: It lacks one.
    """
    known = columns_by_name(entity)
    for name in names:
        if name not in known:
            raise UnknownColumn(entity, name, known)


def unsubscribe(tx: Transaction, workflow_id: UUID) -> None:
    """End a flow's subscriptions; what it was not told of yet is forgotten."""
    mine = sa.select(RowSubscription.c.rowsubscriptionid).where(RowSubscription.c.workflowid == workflow_id)
    tx.execute(sa.delete(RowChange.table).where(RowChange.c.rowsubscriptionid.in_(mine)))
    tx.execute(sa.delete(RowSubscription.table).where(RowSubscription.c.workflowid == workflow_id))


def take_changes(tx: Transaction, limit: int) -> list[Change]:
    """Take the oldest changes off the list, which nobody else then gets; oldest first.

    They are back on it if the transaction fails: whoever takes them acts on them in the same one.
    """
    c = RowChange.c
    oldest = sa.select(c.rowchangeid).order_by(c.position).limit(limit).with_for_update(skip_locked=True)
    taken = sa.delete(RowChange.table).where(c.rowchangeid.in_(oldest)).returning(RowChange.table)
    rows = sorted(tx.execute(taken).mappings(), key=lambda row: row["position"])
    return [_change(row) for row in rows]


def _change(row: sa.RowMapping) -> Change:
    return Change(
        subscription_id=row["rowsubscriptionid"],
        entity=row["entity"],
        row_id=row["rowid"],
        message=ChangeMessage(row["message"]),
        by=row["modifiedby"],
        at=row["createdon"],
        row=_read_snapshot(REGISTRY[row["entity"]], row["snapshot"]),
    )


def _read_snapshot(entity: type[Entity], text: str) -> dict[str, Any]:
    return {name: _typed(entity, name, value) for name, value in json.loads(text).items() if name in entity.c}


def _typed(entity: type[Entity], name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = entity.c[name].type
    if isinstance(kind, sa.Uuid):
        return UUID(value)
    return datetime.fromisoformat(value) if isinstance(kind, Instant) else value


def check_filter(entity: type[Entity], filter_text: str) -> None:
    """Make sure that a ``$filter`` can be asked of a table's rows.

    Raises:
        QueryMalformed: It is no filter.
        QueryNotSupported: It uses what is not built.
        QueryTooLarge: It is too complex.
        UnknownColumn: It names a column that the table does not have.
        ValueMismatch: It compares a column with a value of another type.
        QueryMeaningless: A condition makes no sense.
    """
    filter_clause(entity, _query(filter_text), "sqlite")


def change_matches(tx: Transaction, change: Change, filter_text: str) -> bool:
    """Return whether a ``$filter`` finds the row of a change, as the change left it.

    Args:
        tx: The open transaction: the database itself compares, as it does for queries.
        change: The change.
        filter_text: Such as ``statuscode eq 8``; raises what :func:`check_filter` does.
    """
    entity = REGISTRY[change.entity]
    row = sa.select(*(_constant(tx, entity, name, value) for name, value in change.row.items())).subquery()
    clause = filter_clause(entity, _query(filter_text), tx.dialect, dict(row.c.items()))
    found = sa.select(sa.literal(1)).select_from(row)
    return tx.execute(found if clause is None else found.where(clause)).first() is not None


def _query(filter_text: str) -> nodes.Query:
    return nodes.Query(filter=parse_filter(filter_text, "filterexpression"))


def _constant(tx: Transaction, entity: type[Entity], name: str, value: Any) -> sa.Label[Any]:
    """Return a value as a column of a query; PostgreSQL has to be told the type, SQLite would convert."""
    kind = entity.c[name].type
    constant = sa.literal(value, kind)
    return (sa.cast(constant, kind) if tx.dialect == "postgresql" else constant).label(name)
