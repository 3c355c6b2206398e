"""What a literal's tree means as a value, where no flow runs: in headers."""

from __future__ import annotations

from decimal import Decimal

from deskhand.robin.access import new_table
from deskhand.robin.nodes import (
    BooleanLiteral,
    DateLiteral,
    Expression,
    Grouped,
    ListLiteral,
    NumberLiteral,
    ObjectLiteral,
    TableLiteral,
    TextLiteral,
    Unary,
    UnaryOperator,
)
from deskhand.robin.numbers import fitted, negate
from deskhand.robin.values import CustomObject, Value


def literal_value(tree: Expression) -> Value:
    """Return a literal's value, or None for what only a running flow could know."""
    match tree:
        case NumberLiteral():
            return fitted(Decimal(tree.value))
        case BooleanLiteral() | DateLiteral():
            return tree.value
        case TextLiteral():
            parts = tree.parts
            return "".join(one for one in parts if isinstance(one, str))
        case ListLiteral():
            return [literal_value(item) for item in tree.items]
        case ObjectLiteral():
            return CustomObject((entry.key, literal_value(entry.value)) for entry in tree.entries)
        case TableLiteral():
            headings = None if tree.headings is None else literal_value(tree.headings)
            return new_table(headings, [literal_value(row) for row in tree.rows])
        case Grouped():
            return literal_value(tree.inner)
        case Unary(operator=UnaryOperator.MINUS, operand=NumberLiteral() as number):
            return negate(fitted(Decimal(number.value)))
        case _:
            return None
