"""Joining two data tables, as a database would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from deskhand.actions.variables.choices import JoinOperationType
from deskhand.actions.variables.comparison import identity
from deskhand.actions.variables.rules import JoinRule, Manner
from deskhand.actions.variables.tables import find_column
from deskhand.robin.conversion import as_number
from deskhand.robin.values import DataTable, Value

Row = Sequence[Value]


def join_tables(
    first: DataTable,
    second: DataTable,
    operation: JoinOperationType,
    rules: Sequence[JoinRule],
    manner: Manner,
) -> DataTable:
    """Return the rows of two tables that belong together, side by side.

    A left join keeps the first table's other rows too, a full join those of both; what is missing
    is blank. A column name of the second table that the first has too gets a number.
    """
    rows: list[list[Value]] = []
    used: set[int] = set()
    candidates = _candidates(second, rules)
    for left in first.rows:
        partners = [
            index
            for index in candidates(left)
            if all(rule.holds(left[rule.first], second.rows[index][rule.second], manner) for rule in rules)
        ]
        used.update(partners)
        rows += [[*left, *second.rows[index]] for index in partners]
        if not partners and operation is not JoinOperationType.INNER:
            rows.append([*left, *[None] * len(second.columns)])
    if operation is JoinOperationType.FULL:
        blank = [None] * len(first.columns)
        rows += [[*blank, *right] for index, right in enumerate(second.rows) if index not in used]
    return DataTable([*first.columns, *_new_names(first.columns, second.columns)], rows)


def _candidates(second: DataTable, rules: Sequence[JoinRule]) -> Callable[[Row], Sequence[int]]:
    """Return a function from a row to the rows that may match; an equality narrows them down."""
    rule = next((one for one in rules if one.is_equality), None)
    if rule is None:
        every = range(len(second.rows))
        return lambda row: every
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index, row in enumerate(second.rows):
        found[_bucket(row[rule.second])].append(index)
    return lambda row: found.get(_bucket(row[rule.first]), ())


def _bucket(value: Value) -> Hashable:
    """Return a key that equal values share; values with one key need not be equal."""
    if isinstance(value, bool):
        return str(value).casefold()
    number = as_number(value)
    if number is not None:
        return ("number", number)
    return value.casefold() if isinstance(value, str) else value and identity(value)


def _new_names(taken: Sequence[str], names: Sequence[str]) -> list[str]:
    result: list[str] = []
    for name in names:
        candidate, count = name, 0
        while find_column([*taken, *result], candidate) is not None:
            count += 1
            candidate = f"{name}_{count}"
        result.append(candidate)
    return result
