"""Lists in pages that rows inserted meanwhile neither repeat nor shift. Source: dataverse-api 3.7.

A page begins after the sort values and the id of the last row of the page before; the token of the
next page carries them, with the page's size and how many rows are still wanted.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.clock import from_wire
from deskhand.core.ids import parse_id
from deskhand.entities.declare import Column, Entity
from deskhand.odata import nodes
from deskhand.records.errors import SkipTokenInvalid
from deskhand.records.query import sort_column
from deskhand.store.text import folded

_LARGEST_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column that a list is sorted by."""

    column: Column
    sql: sa.Column[Any]
    descending: bool

    @property
    def expression(self) -> sa.ColumnElement[Any]:
        """Return what is compared: texts without regard to case."""
        expression: sa.ColumnElement[Any] = self.comparable(self.sql)
        return expression

    def comparable(self, value: Any) -> Any:
        """Return a value in the form in which it is compared."""
        return folded(value) if self.column.edm_type == "Edm.String" else value

    @property
    def order(self) -> sa.UnaryExpression[Any]:
        """Return the clause of ORDER BY; nothing sorts before everything."""
        if self.descending:
            return self.expression.desc().nulls_last()
        return self.expression.asc().nulls_first()


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins.

    Attributes:
        page_size: Rows of a page.
        wanted: Rows that the whole list may still have; None for all.
        after: The sort values of the row before the page; None at the beginning.
    """

    page_size: int
    wanted: int | None
    after: tuple[Any, ...] | None = None

    @property
    def limit(self) -> int:
        """Return how many rows this page may have."""
        return self.page_size if self.wanted is None else min(self.page_size, self.wanted)


def sort_keys(entity: type[Entity], query: nodes.Query) -> tuple[SortKey, ...]:
    """Return what a list is sorted by; the id comes last, so that no two rows are equal.

    Raises:
        UnknownColumn: The table has no such column.
        QueryNotSupported: The column cannot be sorted by.
    """
    keys: dict[str, SortKey] = {}
    for term in query.order:
        column = sort_column(entity, term)
        descending = term.direction is nodes.Direction.DESCENDING
        keys.setdefault(column.name, SortKey(column, entity.c[column.name], descending))
    key = entity.primary_key
    keys.setdefault(key, SortKey(entity.columns[key], entity.c[key], descending=False))
    return tuple(keys.values())


def first_position(query: nodes.Query, page_size: int) -> Position:
    """Return where a list begins."""
    return Position(min(page_size, _LARGEST_PAGE), query.top)


def behind(keys: Sequence[SortKey], after: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that holds for the rows behind a place in the list."""
    alternatives = []
    for index, (key, value) in enumerate(zip(keys, after, strict=True)):
        ties = [_same(*tie) for tie in zip(keys[:index], after[:index], strict=True)]
        alternatives.append(sa.and_(*ties, _later(key, value)))
    return sa.or_(*alternatives)


def next_position(position: Position, keys: Sequence[SortKey], page: Sequence[sa.RowMapping]) -> Position:
    """Return where the page after one that is not the last begins."""
    after = tuple(page[-1][key.column.name] for key in keys)
    wanted = None if position.wanted is None else position.wanted - len(page)
    return Position(position.page_size, wanted, after)


def write_token(position: Position, keys: Sequence[SortKey]) -> str:
    """Return the ``$skiptoken`` of a place in a list."""
    values = [_to_json(value) for value in position.after or ()]
    content = [position.page_size, position.wanted, _fingerprint(keys), values]
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def read_token(token: str, keys: Sequence[SortKey]) -> Position:
    """Return the place in a list that a ``$skiptoken`` names.

    Raises:
        SkipTokenInvalid: It was not made for this list.
    """
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        page_size, wanted, fingerprint, values = content
        after = tuple(_from_json(key, value) for key, value in zip(keys, values, strict=True))
    except (binascii.Error, ValueError, OverflowError, TypeError, RecursionError) as error:
        raise SkipTokenInvalid from error
    known_size = _is_count(page_size) and page_size <= _LARGEST_PAGE
    if fingerprint != _fingerprint(keys) or not known_size or not (wanted is None or _is_count(wanted)):
        raise SkipTokenInvalid
    return Position(page_size, wanted, after)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**31


def _fingerprint(keys: Sequence[SortKey]) -> str:
    return ",".join(f"{'-' * key.descending}{key.column.name}" for key in keys)


def _to_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _from_json(key: SortKey, value: Any) -> Any:
    if value is None and not key.sql.primary_key:
        return None
    match key.column.edm_type, value:
        case "Edm.Guid" | "Edm.Binary", str() if (guid := parse_id(value)) is not None:
            return guid
        case "Edm.DateTimeOffset", str():
            return from_wire(value)
        case "Edm.String", str():
            return value
        case "Edm.Boolean", bool():
            return value
        case "Edm.Int32" | "Edm.Int64", int() if abs(value) < 2**63:
            return value
        case "Edm.Double", float() | int():
            return float(value)
    raise SkipTokenInvalid


def _same(key: SortKey, value: Any) -> sa.ColumnElement[bool]:
    if value is None:
        return key.sql.is_(None)
    return sa.and_(key.expression == key.comparable(value))


def _later(key: SortKey, value: Any) -> sa.ColumnElement[bool]:
    if value is None:
        return sa.false() if key.descending else key.sql.is_not(None)
    if key.descending:
        return sa.or_(key.expression < key.comparable(value), key.sql.is_(None))
    return sa.and_(key.expression > key.comparable(value))
