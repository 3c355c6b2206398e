"""Robin's operators on values of any kind. Source: robin 6.2.

The compiler writes Python's own operators where it has proved what they work on, and these elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from deskhand.robin import numbers
from deskhand.robin.conversion import as_number, to_boolean, to_number
from deskhand.robin.copying import copied
from deskhand.robin.errors import CannotCalculate, CellCountMismatch
from deskhand.robin.kinds import described
from deskhand.robin.numbers import Number
from deskhand.robin.rendering import Rendering
from deskhand.robin.values import DataRow, DataTable, Value

Operator = Callable[[Value, Value], Value]


def addition(text: Rendering) -> Operator:
    """Return ``+``: text joins, lists and tables grow, numbers add up.

    Args:
        text: How the other side of a text becomes text.
    """

    def add(left: Value, right: Value) -> Value:
        if type(left) is int and type(right) is int:
            return numbers.checked(left + right)
        if isinstance(left, list):
            return [*map(copied, left), *map(copied, right if isinstance(right, list) else [right])]
        if isinstance(left, DataTable):
            return _with_row(left, right)
        if isinstance(left, str) or isinstance(right, str):
            return text(left) + text(right)
        return _on_numbers("+", numbers.add, left, right)

    return add


def _with_row(table: DataTable, row: Value) -> DataTable:
    if isinstance(row, DataRow):
        row = row.cells
    if not isinstance(row, list):
        raise CannotCalculate("+", described(table), described(row))
    if table.columns or table.rows:
        columns = table.columns
    else:
        columns = [f"Column{number}" for number in range(1, len(row) + 1)]
    if len(columns) != len(row):
        raise CellCountMismatch(len(columns), len(row))
    grown: DataTable = copied(table)
    grown.columns = list(columns)
    grown.rows.append([copied(cell) for cell in row])
    return grown


def subtract(left: Value, right: Value) -> Number:
    """Return ``left - right`` of numbers or texts that spell some."""
    return _on_numbers("-", numbers.subtract, left, right)


def multiply(left: Value, right: Value) -> Number:
    """Return ``left * right`` of numbers or texts that spell some."""
    return _on_numbers("*", numbers.multiply, left, right)


def divide(left: Value, right: Value) -> Number:
    """Return ``left / right`` of numbers or texts that spell some."""
    return _on_numbers("/", numbers.divide, left, right)


def modulo(left: Value, right: Value) -> Number:
    """Return ``left MOD right`` of numbers or texts that spell some."""
    return _on_numbers("MOD", numbers.modulo, left, right)


def _on_numbers(
    sign: str, calculate: Callable[[Number, Number], Number], left: Value, right: Value
) -> Number:
    first = 0 if left is None else as_number(left)
    second = 0 if right is None else as_number(right)
    if first is None or second is None:
        raise CannotCalculate(sign, described(left), described(right))
    return calculate(first, second)


def negate(value: Value) -> Number:
    """Return ``-value``."""
    return numbers.negate(to_number(value))


def exclusive_or(left: Value, right: Value) -> bool:
    """Return ``left XOR right``."""
    return to_boolean(left) is not to_boolean(right)
