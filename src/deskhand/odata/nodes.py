"""The trees of addresses and query options. Source: dataverse-api 3.1 to 3.4.

Every node is frozen and holds no behaviour. Two trees are equal when they ask for the same; where a
node stands takes no part in that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands in an address or an option.

    Attributes:
        position: Where it begins, counted from 1 in the decoded text.
    """

    position: int = field(default=0, compare=False, repr=False)


# Values


@dataclass(frozen=True, slots=True)
class Null(Node):
    """``null``."""


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Number(Node):
    """``6``, ``-1`` or ``2.5``; kept exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """``'it''s'``."""

    value: str


@dataclass(frozen=True, slots=True)
class Guid(Node):
    """A GUID without quotes."""

    value: UUID


@dataclass(frozen=True, slots=True)
class Instant(Node):
    """``2026-03-01T08:00:00Z``; aware."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Day(Node):
    """``2026-03-01``."""

    value: date


@dataclass(frozen=True, slots=True)
class Collection(Node):
    """``["4","8"]``."""

    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Alias(Node):
    """``@p1``; its value is a query option of that name."""

    name: str


Literal: TypeAlias = Null | Boolean | Number | Text | Guid | Instant | Day
Value: TypeAlias = Literal | Collection


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One value in parentheses.

    Attributes:
        name: The parameter or key column; empty for a bare value, as in ``workflows(<guid>)``.
        value: What it is.
    """

    name: str
    value: Value | Alias


# Addresses


@dataclass(frozen=True, slots=True)
class Segment(Node):
    """One part of an address between slashes.

    Attributes:
        name: What it names: a set, a property, a message, or ``$value``, ``$count``, ``$ref``, ``$metadata``.
        arguments: What stands in parentheses; None without any, empty for ``()``.
        namespace: What stands before the last dot, such as ``Microsoft.Dynamics.CRM``.
    """

    name: str
    arguments: tuple[Argument, ...] | None = None
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class ResourcePath(Node):
    """An address below the service root; without segments it is the root itself."""

    segments: tuple[Segment, ...]


# Filters


class Comparator(StrEnum):
    """How two values are compared."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    GREATER = "gt"
    GREATER_OR_EQUAL = "ge"
    LESS = "lt"
    LESS_OR_EQUAL = "le"


class Connective(StrEnum):
    """How conditions are joined."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Property(Node):
    """A column, or one of a related row: ``regardingobjectid_process/name``."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``statuscode eq 4``."""

    comparator: Comparator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """``statuscode in (4,8)``."""

    operand: Property
    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``contains(name,'x')``, or a query function such as ``Microsoft.Dynamics.CRM.In(...)``.

    Attributes:
        name: The function's name, without namespace.
        operands: The operands of a function that takes them by position.
        arguments: The arguments of a function that takes them by name.
        namespace: The namespace it was called with.
    """

    name: str
    operands: tuple[Operand, ...] = ()
    arguments: tuple[Argument, ...] = ()
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """``not contains(name,'x')``."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """Two conditions or more, joined by the same word."""

    connective: Connective
    conditions: tuple[Condition, ...]


Operand: TypeAlias = Property | Literal | Alias
Condition: TypeAlias = Comparison | Membership | Call | Negation | Junction | Property | Boolean


# Queries


class Direction(StrEnum):
    """Which way a list is sorted."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True)
class OrderTerm(Node):
    """``name desc``."""

    operand: Property
    direction: Direction = Direction.ASCENDING


@dataclass(frozen=True, slots=True)
class Query(Node):
    """The query options of one request.

    Attributes:
        select: The columns to answer; None without ``$select``, empty for ``*``.
        filter: Which rows.
        order: How they are sorted.
        top: How many at most.
        count: Whether to count them all.
        skiptoken: Where the page begins.
        aliases: The values of parameter aliases, by name with ``@``.
    """

    select: tuple[Property, ...] | None = None
    filter: Condition | None = None
    order: tuple[OrderTerm, ...] = ()
    top: int | None = None
    count: bool = False
    skiptoken: str | None = None
    aliases: tuple[tuple[str, Value], ...] = ()
