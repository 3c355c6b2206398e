"""The trees of expressions and templates. Source: cloud-flows 5.1 to 5.3.

Every node is frozen and holds no behaviour. Two trees are equal when they mean the same; where a node
stands takes no part in that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an expression's text, counted from 0."""

    start: int
    end: int


_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands in an expression."""

    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    """``'text'``, ``1``, ``1.5``, ``true`` or ``null``."""

    value: str | int | float | bool | None

    def __eq__(self, other: object) -> bool:
        # 1, 1.0 and true are different literals, although Python holds them equal.
        if not isinstance(other, Literal):
            return NotImplemented
        return type(self.value) is type(other.value) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``concat('a', 1)``."""

    name: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``target.name`` or ``target?.name``."""

    target: Expression
    name: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``target['key']`` or ``target?[0]``; the key may be any expression."""

    target: Expression
    key: Expression
    safe: bool = False


Expression: TypeAlias = Literal | Call | Property | Index


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression with the text that messages quote."""

    text: str
    tree: Expression


@dataclass(frozen=True, slots=True)
class Whole:
    """A string that is one expression; its value keeps its type."""

    expression: Parsed


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string with text and expressions; its value is text."""

    parts: tuple[str | Parsed, ...]


Template: TypeAlias = str | Whole | Interpolated
