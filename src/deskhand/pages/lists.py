"""Pages of lists that rows inserted meanwhile neither repeat nor shift.

A page begins after the sort value and the id of the last row of the page before; ``after`` carries both.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from deskhand.core.clock import from_wire
from deskhand.core.errors import did_you_mean
from deskhand.core.ids import parse_id
from deskhand.entities.declare import Instant
from deskhand.pages.errors import BadParameter, PageExpired
from deskhand.store.database import Transaction

LIMIT, MOST = 50, 500


@dataclass(frozen=True, slots=True)
class Sort:
    """Something that a list can be sorted by.

    Attributes:
        sql: The expression.
        nullable: Whether rows may be without it; they come last.
    """

    sql: sa.ColumnElement[Any]
    nullable: bool = False


def text(column: sa.ColumnElement[Any]) -> Sort:
    """Sort by a text, without regard to case."""
    return Sort(sa.func.lower(column, type_=sa.String()), nullable=True)


@dataclass(frozen=True, slots=True)
class Rows:
    """One page.

    Attributes:
        rows: Its rows.
        next: The ``after`` of the next page; None on the last one.
    """

    rows: Sequence[sa.RowMapping]
    next: str | None


def page(
    tx: Transaction,
    query: sa.Select[Any],
    key: sa.ColumnElement[Any],
    sorts: Mapping[str, Sort],
    *,
    sort: str,
    after: str | None,
    limit: int,
) -> Rows:
    """Return a page of a query.

    Args:
        tx: The open transaction.
        query: The rows, without an order.
        key: What no two rows share.
        sorts: What the list can be sorted by.
        sort: What it is sorted by; ``-`` before it descends.
        after: The ``next`` of the page before.
        limit: How many rows at most.

    Raises:
        BadParameter: The list cannot be sorted by this, or the limit is out of bounds.
        PageExpired: ``after`` was not made for this list.
    """
    if not 1 <= limit <= MOST:
        raise BadParameter("limit", f"is {limit}; it takes 1 to {MOST}.")
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in sorts:
        known = f" It takes {', '.join(sorts)}; - before it descends."
        raise BadParameter("sort", f"cannot be ‘{name[:40]}’{did_you_mean(name, sorts) or '.'}{known}")
    by = sorts[name]
    if after is not None:
        value, last = _read(after, sort, by.sql.type)
        query = query.where(_behind(by, key, value, last, descending=descending))
    order: list[sa.ColumnElement[Any]] = [by.sql.is_(None)] if by.nullable else []
    order += [by.sql.desc() if descending else by.sql.asc(), key.asc()]
    query = query.add_columns(by.sql.label("sort_value"), key.label("sort_key"))
    found = tx.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
    rows = found[:limit]
    more = len(found) > limit
    return Rows(rows, _write(sort, rows[-1]["sort_value"], rows[-1]["sort_key"]) if more else None)


def _behind(
    by: Sort, key: sa.ColumnElement[Any], value: Any, last: Any, *, descending: bool
) -> sa.ColumnElement[bool]:
    if value is None:
        return sa.and_(by.sql.is_(None), key > last)
    # Written so that an index on the sort column serves it.
    reached = by.sql <= value if descending else by.sql >= value
    behind = sa.and_(reached, sa.or_(by.sql != value, key > last))
    return sa.or_(behind, by.sql.is_(None)) if by.nullable else behind


def _write(sort: str, value: Any, last: Any) -> str:
    shown = value.isoformat() if isinstance(value, datetime) else value
    content = json.dumps([sort, shown, str(last)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read(after: str, sort: str, kind: sa.types.TypeEngine[Any]) -> tuple[Any, Any]:
    try:
        padded = after.encode("ascii") + b"=" * (-len(after) % 4)
        made_for, value, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        key = parse_id(last) or last
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise PageExpired from error
    if made_for != sort or not isinstance(last, str):
        raise PageExpired
    return _value(value, kind), key


def _value(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant | sa.DateTime) and isinstance(value, str):
        try:
            return from_wire(value)
        except ValueError as error:
            raise PageExpired from error
    if isinstance(kind, sa.String) and isinstance(value, str) and "\x00" not in value:
        return value
    if isinstance(kind, sa.Integer) and isinstance(value, int) and abs(value) < 2**63:
        return value
    raise PageExpired


def contains(column: sa.ColumnElement[Any], sought: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text holds another one, without regard to case."""
    return sa.func.lower(column).contains(sought.lower(), autoescape=True)


def reach(condition: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool]:
    """Return what rows a caller reaches as a condition, also where that is all of them."""
    return sa.true() if condition is None else condition
