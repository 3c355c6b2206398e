"""The rule tables of filters and joins.

A filter's rule reads: connective, column, operator, value. The connective may be left out, as may
the value of an operator that needs none; a list's filter has no column. A join's rule reads: first
table's column, operator, second table's column; two cells alone mean equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskhand.actions.rendering import as_text
from deskhand.actions.variables.comparison import compare, equal
from deskhand.actions.variables.errors import InvalidRule
from deskhand.actions.variables.tables import column_of, is_blank
from deskhand.core.errors import did_you_mean
from deskhand.robin.values import DataTable, Value


@dataclass(frozen=True, slots=True)
class Manner:
    """How values are compared.

    Attributes:
        culture: How dates are written where they are compared as text.
        ignore_case: Whether capital and small letters are the same.
    """

    culture: str
    ignore_case: bool = False


Holds = Callable[[Value, Value, Manner], bool]
"""Whether an operator holds between a cell and a value."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a filter.

    Attributes:
        starts_alternative: Whether it is joined to the rules before it by *or*.
        column: The column it looks at; 0 for lists.
        holds: Its operator.
        value: What the cell is compared with.
    """

    starts_alternative: bool
    column: int
    holds: Holds
    value: Value


@dataclass(frozen=True, slots=True)
class JoinRule:
    """One rule of a join: how a column of the first table must relate to one of the second."""

    first: int
    second: int
    holds: Holds

    @property
    def is_equality(self) -> bool:
        """Return whether the columns must be equal."""
        return self.holds is _equal


def passes(cells: Sequence[Value], rules: Iterable[Rule], manner: Manner) -> bool:
    """Return whether a row satisfies rules; *and* binds closer than *or*, and no rules let all pass."""
    alternatives: list[bool] = []
    for rule in rules:
        holds = rule.holds(cells[rule.column], rule.value, manner)
        if rule.starts_alternative or not alternatives:
            alternatives.append(holds)
        else:
            alternatives[-1] = alternatives[-1] and holds
    return any(alternatives) or not alternatives


def filter_rules(rules: DataTable, table: DataTable | None) -> list[Rule]:
    """Read the rules of a filter.

    Args:
        rules: The rule table.
        table: The table to filter; None for the filter of a list.

    Raises:
        InvalidRule: A rule has too few cells, or an operator that is not known.
        ColumnNotFound: A rule names a column that the table lacks.
    """
    return [_filter_rule(number, row, table) for number, row in enumerate(rules.rows, 1)]


def _filter_rule(number: int, row: list[Value], table: DataTable | None) -> Rule:
    cells = list(row)
    connective = _word(cells[0]).strip().casefold() if cells else ""
    most = 2 if table is None else 3
    if connective in ("and", "or", ""):
        cells = cells[1:]
    elif len(cells) > most:
        raise InvalidRule(number, f"‘{connective}’ is neither And nor Or")
    if len(cells) < most - 1:
        raise InvalidRule(number, "it lacks a column or an operator")
    column = 0 if table is None else column_of(table, _word(cells.pop(0)))
    holds = _operator(number, _word(cells[0]))
    return Rule(connective == "or", column, holds, cells[1] if len(cells) > 1 else None)


def join_rules(rules: DataTable, first: DataTable, second: DataTable) -> list[JoinRule]:
    """Read the rules of a join.

    Raises:
        InvalidRule: There is none, or one has too few cells or an unknown operator.
        ColumnNotFound: A rule names a column that its table lacks.
    """
    found = []
    for number, row in enumerate(rules.rows, 1):
        cells = [_word(cell) for cell in row]
        if cells and cells[0].strip().casefold() in ("and", ""):
            cells = cells[1:]
        if len(cells) == 2:
            cells.insert(1, "=")
        if len(cells) < 3:
            raise InvalidRule(number, "it must name a column of each table")
        left, right = column_of(first, cells[0]), column_of(second, cells[2])
        found.append(JoinRule(left, right, _operator(number, cells[1])))
    if not found:
        raise InvalidRule(1, "there is none, and a join needs at least one")
    return found


def _word(cell: Value) -> str:
    """Return a rule's own word: a connective, an operator, a column's name or number."""
    return as_text(cell, "")


def _operator(number: int, written: str) -> Holds:
    name = "".join(written.split()).casefold()
    name = name.removeprefix("is") if name not in _OPERATORS else name
    if name not in _OPERATORS:
        hint = did_you_mean(written, (*_CAPTIONS, "="))
        raise InvalidRule(number, f"‘{written}’ is no operator", hint)
    return _OPERATORS[name]


def _text_test(test: Callable[[str, str], bool]) -> Holds:
    def holds(cell: Value, value: Value, manner: Manner) -> bool:
        left, right = as_text(cell, manner.culture), as_text(value, manner.culture)
        return test(left.casefold(), right.casefold()) if manner.ignore_case else test(left, right)

    return holds


def _not(holds: Holds) -> Holds:
    return lambda cell, value, manner: not holds(cell, value, manner)


def _equal(cell: Value, value: Value, manner: Manner) -> bool:
    return equal(cell, value, manner.ignore_case)


def _ordered(*accepted: int) -> Holds:
    return lambda cell, value, manner: compare(cell, value, manner.ignore_case) in accepted


_LESS, _AT_MOST, _GREATER, _AT_LEAST = _ordered(-1), _ordered(-1, 0), _ordered(1), _ordered(0, 1)
_CONTAINS = _text_test(lambda text, part: part in text)
_STARTS = _text_test(str.startswith)
_ENDS = _text_test(str.endswith)


def _is_empty(cell: Value, value: Value, manner: Manner) -> bool:
    return is_blank(cell)


_CAPTIONS: Mapping[str, Holds] = {
    "Equal to": _equal,
    "Not equal to": _not(_equal),
    "Greater than": _GREATER,
    "Greater than or equal to": _AT_LEAST,
    "Less than": _LESS,
    "Less than or equal to": _AT_MOST,
    "Contains": _CONTAINS,
    "Does not contain": _not(_CONTAINS),
    "Is empty": _is_empty,
    "Is not empty": _not(_is_empty),
    "Starts with": _STARTS,
    "Does not start with": _not(_STARTS),
    "Ends with": _ENDS,
    "Does not end with": _not(_ENDS),
}

_OPERATORS: Mapping[str, Holds] = {
    **{caption.replace(" ", "").casefold(): holds for caption, holds in _CAPTIONS.items()},
    "=": _equal,
    "==": _equal,
    "equals": _equal,
    "equal": _equal,
    "<>": _CAPTIONS["Not equal to"],
    "!=": _CAPTIONS["Not equal to"],
    "notequals": _CAPTIONS["Not equal to"],
    "notequal": _CAPTIONS["Not equal to"],
    ">": _GREATER,
    ">=": _AT_LEAST,
    "greaterthanorequal": _AT_LEAST,
    "<": _LESS,
    "<=": _AT_MOST,
    "lessthanorequal": _AT_MOST,
    "notcontains": _CAPTIONS["Does not contain"],
    "notstartswith": _CAPTIONS["Does not start with"],
    "notendswith": _CAPTIONS["Does not end with"],
    "empty": _is_empty,
    "blank": _is_empty,
    "isblank": _is_empty,
    "notempty": _CAPTIONS["Is not empty"],
    "isnotblank": _CAPTIONS["Is not empty"],
}
