"""Query options → SQL, on one table. Source: dataverse-api 3.2 to 3.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, cast

import sqlalchemy as sa

from deskhand.entities.declare import Boolean, Column, Entity, Memo
from deskhand.odata import nodes
from deskhand.odata.edm import Scalar, text_to_scalar, to_scalar
from deskhand.odata.errors import QueryNotSupported, QueryTooLarge
from deskhand.odata.functions import SET_FUNCTIONS
from deskhand.records.errors import QueryMeaningless, UnknownColumn, ValueMismatch
from deskhand.records.remembering import remembered
from deskhand.store.text import folded, matches

Clause = sa.ColumnElement[bool]
Columns = Mapping[str, sa.ColumnElement[Any]]

_FILTER = "$filter"
_LONGEST_PATTERN = 4_000
"""Letters that the original's database takes in one pattern."""

_COMPARE: Mapping[nodes.Comparator, Callable[[Any, Any], Clause]] = {
    nodes.Comparator.EQUAL: lambda left, right: left == right,
    # A row without a value does have another value.
    nodes.Comparator.NOT_EQUAL: lambda left, right: left.is_distinct_from(right),
    nodes.Comparator.GREATER: lambda left, right: left > right,
    nodes.Comparator.GREATER_OR_EQUAL: lambda left, right: left >= right,
    nodes.Comparator.LESS: lambda left, right: left < right,
    nodes.Comparator.LESS_OR_EQUAL: lambda left, right: left <= right,
}
_MIRRORED = {
    nodes.Comparator.GREATER: nodes.Comparator.LESS,
    nodes.Comparator.GREATER_OR_EQUAL: nodes.Comparator.LESS_OR_EQUAL,
    nodes.Comparator.LESS: nodes.Comparator.GREATER,
    nodes.Comparator.LESS_OR_EQUAL: nodes.Comparator.GREATER_OR_EQUAL,
}


@remembered
def columns_by_name(entity: type[Entity]) -> Mapping[str, Column]:
    """Return the columns that a query may name, by every name it may use.

    A lookup answers to ``_ownerid_value`` and, though the original insists on that, to ``ownerid``.
    """
    shown = [column for column in entity.columns.values() if not column.internal]
    return {column.name: column for column in shown} | {column.api_name: column for column in shown}


def find_column(entity: type[Entity], operand: nodes.Property, where: str) -> Column:
    """Return the column that a query names.

    Args:
        entity: The table.
        operand: What the query says.
        where: The option it stands in.

    Raises:
        UnknownColumn: The table has no such column.
        QueryNotSupported: It is a column of a related row.
    """
    if len(operand.path) > 1:
        raise QueryNotSupported(f"The path ‘{'/'.join(operand.path)}’", where, operand.position)
    known = columns_by_name(entity)
    column = known.get(operand.path[0])
    if column is None:
        raise UnknownColumn(entity, operand.path[0], known)
    return column


def selected_columns(entity: type[Entity], query: nodes.Query) -> tuple[Column, ...] | None:
    """Return the columns that ``$select`` names, in its order; None if it asks for all of them.

    Raises:
        UnknownColumn: The table has no such column.
    """
    if not query.select:
        return None
    found = [find_column(entity, operand, "$select") for operand in query.select]
    return tuple({column.name: column for column in found}.values())


def filter_clause(
    entity: type[Entity], query: nodes.Query, dialect: str, columns: Columns | None = None
) -> Clause | None:
    """Return the condition of ``$filter``, or None without one.

    Texts are compared without regard to case.

    Args:
        entity: The table.
        query: The query options.
        dialect: ``sqlite`` or ``postgresql``.
        columns: The columns of what is filtered, if that is not the table itself.

    Raises:
        UnknownColumn: The table has no such column.
        ValueMismatch: A column is compared with a value of another type.
        QueryMeaningless: A condition makes no sense, such as one between two values.
        QueryNotSupported: A column of a related row is named.
        QueryTooLarge: A text to look for is too long.
    """
    if query.filter is None:
        return None
    found = dict(entity.c.items()) if columns is None else columns
    return _Filter(entity, found, dict(query.aliases), dialect).clause(query.filter)


def sort_column(entity: type[Entity], term: nodes.OrderTerm) -> Column:
    """Return the column that a term of ``$orderby`` sorts by.

    Raises:
        UnknownColumn: The table has no such column.
        QueryNotSupported: The column is a long text, or one of a related row.
    """
    column = find_column(entity, term.operand, "$orderby")
    if isinstance(column, Memo):
        raise QueryNotSupported(f"Sorting by the long text ‘{column.name}’", "$orderby", term.position)
    return column


class _Filter:
    """Turns the conditions of one filter into SQL."""

    def __init__(
        self, entity: type[Entity], columns: Columns, aliases: Mapping[str, nodes.Value], dialect: str
    ) -> None:
        self._entity = entity
        self._columns = columns
        self._aliases = aliases
        self._dialect = dialect

    def clause(self, condition: nodes.Condition) -> Clause:
        match condition:
            case nodes.Junction():
                join = sa.and_ if condition.connective is nodes.Connective.AND else sa.or_
                return join(*map(self.clause, condition.conditions))
            case nodes.Negation():
                return self._opposite(self.clause(condition.condition))
            case nodes.Comparison():
                return self._comparison(condition)
            case nodes.Membership():
                column = self._column(condition.operand)
                return self._among(column, [self._scalar(column, item) for item in condition.items])
            case nodes.Call():
                return self._call(condition)
            case nodes.Property():
                return self._truth(condition)
            case nodes.Boolean():
                return sa.true() if condition.value else sa.false()

    def _opposite(self, clause: Clause) -> Clause:
        """Return a condition's negation; what cannot be told of a row without a value is not so."""
        return sa.not_(sa.func.coalesce(clause, sa.false()))

    def _truth(self, operand: nodes.Property) -> Clause:
        column = self._column(operand)
        if not isinstance(column, Boolean):
            self._reject(operand, f"‘{column.name}’ is not true or false, so compare it with something")
        return cast(Clause, self._columns[column.name].is_(sa.true()))

    def _comparison(self, node: nodes.Comparison) -> Clause:
        left, right, comparator = node.left, node.right, node.comparator
        if not isinstance(left, nodes.Property):
            left, right, comparator = right, left, _MIRRORED.get(comparator, comparator)
        if not isinstance(left, nodes.Property):
            self._reject(node, "one side of a comparison has to be a column")
        column = self._column(left)
        if isinstance(right, nodes.Property):
            return self._between_columns(column, comparator, right)
        value = self._scalar(column, right)
        if value is None:
            return self._against_null(column, comparator)
        return _COMPARE[comparator](self._sql(column), _comparable(column, value))

    def _between_columns(self, column: Column, comparator: nodes.Comparator, other: nodes.Property) -> Clause:
        right = self._column(other)
        if right.edm_type != column.edm_type:
            raise ValueMismatch(_FILTER, other.position, column.name, f"a column of type {column.edm_type}")
        return _COMPARE[comparator](self._sql(column), self._sql(right))

    def _against_null(self, column: Column, comparator: nodes.Comparator) -> Clause:
        if comparator is nodes.Comparator.EQUAL:
            return self._columns[column.name].is_(None)
        if comparator is nodes.Comparator.NOT_EQUAL:
            return self._columns[column.name].is_not(None)
        return sa.false()

    def _call(self, call: nodes.Call) -> Clause:
        return self._set_function(call) if call.name in SET_FUNCTIONS else self._text_function(call)

    def _text_function(self, call: nodes.Call) -> Clause:
        operand, sought = call.operands
        if not isinstance(operand, nodes.Property):
            self._reject(call, f"{call.name} takes a column first")
        column = self._column(operand)
        value = self._resolve(sought)
        if column.edm_type != "Edm.String" or not isinstance(value, nodes.Text):
            self._reject(call, f"{call.name} takes a column of texts and a text in quotes")
        if len(value.value) > _LONGEST_PATTERN:
            raise QueryTooLarge(f"The text of {call.name}", "characters", _LONGEST_PATTERN)
        before = "" if call.name == "startswith" else "%"
        after = "" if call.name == "endswith" else "%"
        return matches(self._dialect, self._columns[column.name], f"{before}{value.value}{after}")

    def _set_function(self, call: nodes.Call) -> Clause:
        column, values = self._set_arguments(call)
        if call.name in ("In", "NotIn"):
            clause = self._among(column, values)
        elif len(values) != 2 or None in values:
            self._reject(call, f"{call.name} takes two values")
        else:
            low, high = (_comparable(column, cast(Scalar, value)) for value in values)
            clause = self._sql(column).between(low, high)
        return self._opposite(clause) if call.name.startswith("Not") else clause

    def _set_arguments(self, call: nodes.Call) -> tuple[Column, list[Scalar | None]]:
        given = {argument.name: self._resolve(argument.value) for argument in call.arguments}
        name, values = given.get("PropertyName"), given.get("PropertyValues")
        complete = len(given) == len(call.arguments) == 2
        if not (complete and isinstance(name, nodes.Text) and isinstance(values, nodes.Collection)):
            self._reject(call, f"{call.name} takes PropertyName='…' and PropertyValues=[…]")
        column = self._column(nodes.Property((name.value,), position=name.position))
        return column, [self._scalar(column, item, as_text=True) for item in values.items]

    def _among(self, column: Column, values: list[Scalar | None]) -> Clause:
        present = [_comparable(column, value) for value in values if value is not None]
        clause = self._sql(column).in_(present)
        return sa.or_(clause, self._columns[column.name].is_(None)) if None in values else clause

    def _scalar(
        self, column: Column, operand: nodes.Operand | nodes.Value, *, as_text: bool = False
    ) -> Scalar | None:
        value = self._resolve(operand)
        if isinstance(value, nodes.Collection | nodes.Property):
            raise ValueMismatch(_FILTER, operand.position, column.name, "one value")
        convert = text_to_scalar if as_text else to_scalar
        try:
            return convert(value, column.edm_type)
        except ValueError as error:
            raise ValueMismatch(_FILTER, operand.position, column.name, str(error)) from error

    def _resolve(self, operand: nodes.Operand | nodes.Value) -> nodes.Property | nodes.Value:
        if not isinstance(operand, nodes.Alias):
            return operand
        value = self._aliases.get(operand.name)
        if value is None:
            self._reject(operand, f"the alias ‘{operand.name}’ has no value; add &{operand.name}=…")
        return value

    def _column(self, operand: nodes.Property) -> Column:
        return find_column(self._entity, operand, _FILTER)

    def _sql(self, column: Column) -> sa.ColumnElement[Any]:
        expression: sa.ColumnElement[Any] = _comparable(column, self._columns[column.name])
        return expression

    def _reject(self, node: nodes.Node, problem: str) -> NoReturn:
        raise QueryMeaningless(_FILTER, node.position, problem)


def _comparable(column: Column, value: sa.ColumnElement[Any] | Scalar) -> Any:
    """Return a column or a value in the form in which values of this column are compared."""
    return folded(value) if column.edm_type == "Edm.String" else value
