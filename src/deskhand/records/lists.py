"""Many rows at once: pages and counts. Source: dataverse-api 3.2 and 3.7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from deskhand.entities.declare import Blob, Entity
from deskhand.identity.principals import Principal
from deskhand.odata import nodes
from deskhand.records.drafts import seen_version
from deskhand.records.paging import (
    Position,
    SortKey,
    behind,
    first_position,
    next_position,
    read_token,
    sort_keys,
    write_token,
)
from deskhand.records.query import filter_clause, selected_columns
from deskhand.records.security import visible
from deskhand.store.database import Transaction

COUNT_LIMIT = 5_000
"""No count goes beyond this."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        rows: The rows, by logical column name; the key and the version are always there.
        next_token: The ``$skiptoken`` of the next page; None on the last one.
        count: How many rows the whole list has, at most :data:`COUNT_LIMIT`; None if nobody asked.
        count_exceeded: Whether it has more than that.
    """

    rows: tuple[sa.RowMapping, ...]
    next_token: str | None = None
    count: int | None = None
    count_exceeded: bool = False


def retrieve_multiple(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    query: nodes.Query,
    *,
    include_unpublished: bool = False,
    page_size: int = COUNT_LIMIT,
) -> Page:
    """Return the page of a list that a query asks for; rows out of the caller's reach are left out.

    Args:
        tx: The open transaction.
        principal: The caller.
        entity: The table.
        query: The query options.
        include_unpublished: Whether drafts stand before published rows.
        page_size: Rows of a page; a query with a ``$skiptoken`` keeps the size of the first page.

    Raises:
        PrivilegeDenied: The caller may not read the table.
        UnknownColumn: The query names a column that is not there.
        ValueMismatch: The query compares a column with a value of another type.
        QueryMeaningless: A condition makes no sense.
        QueryNotSupported: The query asks for what is not built.
        SkipTokenInvalid: The ``$skiptoken`` is not one of this list.
    """
    conditions = _conditions(tx, principal, entity, query, include_unpublished=include_unpublished)
    keys = sort_keys(entity, query)
    position = first_position(query, page_size)
    if query.skiptoken is not None:
        position = read_token(query.skiptoken, keys)
    selection = sa.select(*_sql_columns(entity, query, [key.column.name for key in keys])).where(*conditions)
    if position.after is not None:
        selection = selection.where(behind(keys, position.after))
    # One row more than the page holds tells whether there is another page.
    selection = selection.order_by(*(key.order for key in keys)).limit(position.limit + 1)
    found = tx.execute(selection).mappings().all()
    page = tuple(found[: position.limit])
    total = _count_rows(tx, entity, conditions) if query.count else 0
    return Page(
        rows=page,
        next_token=_token_behind(page, position, keys) if len(found) > len(page) else None,
        count=min(total, COUNT_LIMIT) if query.count else None,
        count_exceeded=total > COUNT_LIMIT,
    )


def _token_behind(page: Sequence[sa.RowMapping], position: Position, keys: Sequence[SortKey]) -> str | None:
    following = next_position(position, keys, page)
    return None if following.wanted == 0 else write_token(following, keys)


def count(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    query: nodes.Query,
    *,
    include_unpublished: bool = False,
) -> int:
    """Return how many rows a filter finds within the caller's reach, at most :data:`COUNT_LIMIT`.

    Raises:
        PrivilegeDenied: The caller may not read the table.
        UnknownColumn: The filter names a column that is not there.
        ValueMismatch: The filter compares a column with a value of another type.
        QueryMeaningless: A condition makes no sense.
        QueryNotSupported: The filter asks for what is not built.
    """
    conditions = _conditions(tx, principal, entity, query, include_unpublished=include_unpublished)
    return min(_count_rows(tx, entity, conditions), COUNT_LIMIT)


def _conditions(
    tx: Transaction,
    principal: Principal,
    entity: type[Entity],
    query: nodes.Query,
    *,
    include_unpublished: bool,
) -> list[sa.ColumnElement[bool]]:
    conditions = (
        filter_clause(entity, query, tx.dialect),
        visible(principal, entity),
        seen_version(entity, include_unpublished=include_unpublished),
    )
    return [condition for condition in conditions if condition is not None]


def _count_rows(tx: Transaction, entity: type[Entity], conditions: list[sa.ColumnElement[bool]]) -> int:
    """Return how many rows there are; counting stops at the first one beyond the limit."""
    some: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(entity.table).where(*conditions)
    statement = sa.select(sa.func.count()).select_from(some.limit(COUNT_LIMIT + 1).subquery())
    total: int = tx.execute(statement).scalar_one()
    return total


def _sql_columns(entity: type[Entity], query: nodes.Query, sorted_by: list[str]) -> list[sa.Column[Any]]:
    selected = selected_columns(entity, query)
    if selected is None:
        selected = tuple(column for column in entity.columns.values() if not isinstance(column, Blob))
    names = dict.fromkeys([entity.primary_key, *(one.name for one in selected), *sorted_by, "versionnumber"])
    return [entity.c[name] for name in names if name in entity.c]
