"""Expressions as Python: its own operators where that is proved right, careful ones elsewhere.

Robin's values are Python's, so ``v_x + 1`` is Robin's ``X + 1`` once ``X`` is known to be a whole
number. It may still hold the empty value, on which Python's operators raise ``TypeError``; the
statement then falls back to the careful form of the same expression, at no cost where none is raised.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from deskhand.robin.functions import FUNCTIONS
from deskhand.robin.nodes import (
    Binary,
    BinaryOperator,
    BooleanLiteral,
    DateLiteral,
    Expression,
    FunctionCall,
    Grouped,
    Index,
    ListLiteral,
    Name,
    NumberLiteral,
    ObjectLiteral,
    PowerFxLiteral,
    Property,
    Slice,
    TableLiteral,
    TextLiteral,
    Unary,
    UnaryOperator,
)
from deskhand.robin.numbers import fitted
from deskhand.robin.python_tree import PythonTree
from deskhand.robin.spaces import Fact, Facts, Kind, infer, whole_literal
from deskhand.robin.values import Value

_NATIVE_COMPARISONS: Mapping[BinaryOperator, type[ast.cmpop]] = {
    BinaryOperator.EQUAL: ast.Eq,
    BinaryOperator.NOT_EQUAL: ast.NotEq,
    BinaryOperator.LESS: ast.Lt,
    BinaryOperator.LESS_OR_EQUAL: ast.LtE,
    BinaryOperator.GREATER: ast.Gt,
    BinaryOperator.GREATER_OR_EQUAL: ast.GtE,
}

_NATIVE_ARITHMETIC: Mapping[BinaryOperator, type[ast.operator]] = {
    BinaryOperator.ADD: ast.Add,
    BinaryOperator.SUBTRACT: ast.Sub,
    BinaryOperator.MULTIPLY: ast.Mult,
}

CAREFUL_OPERATORS: Mapping[BinaryOperator, str] = {
    BinaryOperator.EQUAL: "equal",
    BinaryOperator.NOT_EQUAL: "not_equal",
    BinaryOperator.LESS: "less",
    BinaryOperator.LESS_OR_EQUAL: "less_or_equal",
    BinaryOperator.GREATER: "greater",
    BinaryOperator.GREATER_OR_EQUAL: "greater_or_equal",
    BinaryOperator.ADD: "add",
    BinaryOperator.SUBTRACT: "subtract",
    BinaryOperator.MULTIPLY: "multiply",
    BinaryOperator.DIVIDE: "divide",
    BinaryOperator.MODULO: "modulo",
    BinaryOperator.XOR: "exclusive_or",
}
"""What generated code calls each operator on values of any kind."""

_EQUALITY = frozenset({BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL})
_NUMBERS = frozenset({Kind.BOUNDED, Kind.COUNTER, Kind.NUMBER})
_SAFE_WHOLE = frozenset({Kind.BOUNDED, Kind.COUNTER})


class Constants:
    """The values that generated code needs and a code object cannot hold, each under a name."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}

    def add(self, value: Value, prefix: str = "k") -> str:
        """Keep a value and return its name."""
        name = f"{prefix}{len(self.values)}"
        self.values[name] = value
        return name


def variable_name(name: str) -> str:
    """Return what a flow's variable is called in generated code."""
    return f"v_{name.casefold()}"


@dataclass(slots=True)
class ExpressionCode:
    """Writes the expressions of one subflow.

    Attributes:
        python: Where nodes are built.
        facts: What is proved of the variables.
        variables: The variables that exist, in lower case; other names are empty.
        constants: Where values are kept.
        careful: Whether only careful operators are written.
        guarded: Set when an operator was written that may raise ``TypeError``.
    """

    python: PythonTree
    facts: Facts
    variables: frozenset[str]
    constants: Constants
    careful: bool = False
    guarded: bool = False

    def value(self, tree: Expression) -> ast.expr:
        """Return the Python expression of a Robin one."""
        match tree:
            case NumberLiteral() | BooleanLiteral() | DateLiteral():
                return self._literal(tree)
            case TextLiteral():
                return self._text(tree)
            case PowerFxLiteral():
                return self.python.constant(tree.source)
            case Name():
                return self._name(tree)
            case Grouped():
                return self.value(tree.inner)
            case Property() | Index() | Slice():
                return self._access(tree)
            case FunctionCall():
                return self.function(tree.name, *map(self.value, tree.arguments))
            case Unary():
                return self._unary(tree)
            case Binary():
                return self._binary(tree)
            case ListLiteral() | TableLiteral() | ObjectLiteral():
                return self._collection(tree)
            case _:
                return self.python.constant(None)

    def stored(self, tree: Expression) -> ast.expr:
        """Return the expression of a value that is put somewhere: a list or the like is copied."""
        value = self.value(tree)
        return self.python.call("copied", value) if self._may_be_shared(tree) else value

    def _may_be_shared(self, tree: Expression) -> bool:
        match tree:
            case Grouped():
                return self._may_be_shared(tree.inner)
            case TextLiteral(parts=(part,)) if not isinstance(part, str):
                return self._may_be_shared(part)
            case Name() | Property() | Index() | Slice():
                return infer(tree, self.facts).kind is Kind.ANYTHING
            case _:
                return False

    def test(self, tree: Expression) -> ast.expr:
        """Return an expression that Python may test: what Robin takes for true is true."""
        value = self.value(tree)
        if infer(tree, self.facts).kind is Kind.BOOLEAN:
            return value
        return self.python.call("truth", value)

    def function(self, name: str, *arguments: ast.expr) -> ast.expr:
        """Return a call of one of the language's functions."""
        return self.python.call(f"f_{FUNCTIONS[name.casefold()].name}", *arguments)

    # Literals

    def _literal(self, tree: NumberLiteral | BooleanLiteral | DateLiteral) -> ast.expr:
        value = fitted(Decimal(tree.value)) if isinstance(tree, NumberLiteral) else tree.value
        if isinstance(value, int):
            return self.python.constant(value)
        return self.python.name(self.constants.add(value))

    def _text(self, tree: TextLiteral) -> ast.expr:
        if len(tree.parts) == 1 and not isinstance(tree.parts[0], str):
            return self.value(tree.parts[0])
        if all(isinstance(part, str) for part in tree.parts):
            return self.python.constant("".join(part for part in tree.parts if isinstance(part, str)))
        return self.python.joined([self._part(part) for part in tree.parts])

    def _part(self, part: str | Expression) -> ast.expr:
        if isinstance(part, str):
            return self.python.constant(part)
        value = self.value(part)
        fact = infer(part, self.facts)
        if fact.kind is Kind.TEXT and fact.never_empty:
            return value
        return self.python.call("text", value)

    def _collection(self, tree: ListLiteral | TableLiteral | ObjectLiteral) -> ast.expr:
        if isinstance(tree, ListLiteral):
            return self.python.listed([self.stored(item) for item in tree.items])
        if isinstance(tree, ObjectLiteral):
            entries = [(entry.key, self.stored(entry.value)) for entry in tree.entries]
            return self.python.call("new_object", self.python.dictionary(entries))
        headings = tree.headings
        columns = (
            self.python.constant(None)
            if headings is None
            else self.python.listed([self._heading(item) for item in headings.items])
        )
        return self.python.call(
            "new_table", columns, self.python.listed([self.stored(row) for row in tree.rows])
        )

    def _heading(self, tree: Expression) -> ast.expr:
        return self.python.call("text", self.value(tree))

    # Names and what is in them

    def _name(self, tree: Name) -> ast.expr:
        if tree.name.casefold() not in self.variables:
            return self.python.constant(None)
        return self.python.name(variable_name(tree.name))

    def _access(self, tree: Property | Index | Slice) -> ast.expr:
        of = self.value(tree.of)
        if isinstance(tree, Property):
            return self.python.call("get_property", of, self.python.constant(tree.name))
        if isinstance(tree, Index):
            return self.python.call("get_item", of, self.value(tree.index))
        return self.python.call("get_slice", of, self._end(tree.start), self._end(tree.stop))

    def _end(self, tree: Expression | None) -> ast.expr:
        return self.python.constant(None) if tree is None else self.value(tree)

    def place(self, tree: Expression) -> ast.expr:
        """Return the expression of a value that is about to be changed inside."""
        match tree:
            case Grouped():
                return self.place(tree.inner)
            case Index():
                return self.python.call("get_place", self.place(tree.of), self.value(tree.index))
            case Property():
                name = self.python.constant(tree.name)
                return self.python.call("get_property", self.place(tree.of), name)
            case _:
                return self.value(tree)

    # Operators

    def _unary(self, tree: Unary) -> ast.expr:
        if tree.operator is UnaryOperator.NOT:
            return self.python.unary(ast.Not(), self.test(tree.operand))
        literal = whole_literal(tree)
        if literal is not None:
            return self.python.constant(literal)
        operand = self.value(tree.operand)
        if tree.operator is UnaryOperator.PLUS:
            return self.python.call("number", operand)
        if not self.careful and infer(tree.operand, self.facts).kind in _SAFE_WHOLE:
            self.guarded = True
            return self.python.unary(ast.USub(), operand)
        return self.python.call("negate", operand)

    def _binary(self, tree: Binary) -> ast.expr:
        if tree.operator in (BinaryOperator.AND, BinaryOperator.OR):
            operator = ast.And() if tree.operator is BinaryOperator.AND else ast.Or()
            return self.python.both(operator, self._strict_test(tree.left), self._strict_test(tree.right))
        left, right = infer(tree.left, self.facts), infer(tree.right, self.facts)
        if not self.careful:
            native = self._native(tree, left, right)
            if native is not None:
                return native
        return self.python.call(
            CAREFUL_OPERATORS[tree.operator], self.value(tree.left), self.value(tree.right)
        )

    def _strict_test(self, tree: Expression) -> ast.expr:
        """Return an expression that is True or False and nothing that only counts as such."""
        fact = infer(tree, self.facts)
        if fact.kind is Kind.BOOLEAN and fact.never_empty:
            return self.value(tree)
        return self.python.call("truth", self.value(tree))

    def _native(self, tree: Binary, left: Fact, right: Fact) -> ast.expr | None:
        if tree.operator in _NATIVE_COMPARISONS:
            return self._native_comparison(tree, left, right)
        if tree.operator is BinaryOperator.MODULO:
            return self._native_modulo(tree, left)
        if tree.operator in _NATIVE_ARITHMETIC and infer(tree, self.facts).kind is Kind.COUNTER:
            self.guarded = True
            operator = _NATIVE_ARITHMETIC[tree.operator]()
            return self.python.operation(self.value(tree.left), operator, self.value(tree.right))
        return None

    def _native_comparison(self, tree: Binary, left: Fact, right: Fact) -> ast.expr | None:
        is_equality = tree.operator in _EQUALITY
        if left.kind in _NUMBERS and right.kind in _NUMBERS:
            self.guarded = self.guarded or not is_equality
        elif not is_equality or not _compare_alike(tree, left, right):
            return None
        operator = _NATIVE_COMPARISONS[tree.operator]()
        return self.python.comparison(self.value(tree.left), operator, self.value(tree.right))

    def _native_modulo(self, tree: Binary, left: Fact) -> ast.expr | None:
        """Python's remainder has the divisor's sign, Robin's the dividend's; they agree from 0 on."""
        divisor = whole_literal(tree.right)
        if left.kind not in _SAFE_WHOLE or not left.never_negative or divisor is None or divisor <= 0:
            return None
        self.guarded = True
        return self.python.operation(self.value(tree.left), ast.Mod(), self.python.constant(divisor))


def _compare_alike(tree: Binary, left: Fact, right: Fact) -> bool:
    """Return whether Python's ``==`` means Robin's ``=``: the empty value equals the empty text."""
    if left.kind is right.kind is Kind.BOOLEAN:
        return True
    if not left.kind is right.kind is Kind.TEXT:
        return False
    return (left.never_empty and right.never_empty) or _is_filled(tree.left) or _is_filled(tree.right)


def _is_filled(tree: Expression) -> bool:
    return isinstance(tree, TextLiteral) and any(isinstance(part, str) for part in tree.parts)
