"""Finding and replacing in the cells of a data table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deskhand.actions.rendering import as_text
from deskhand.actions.variables.errors import InvalidExpression
from deskhand.actions.variables.tables import column_of, table_in
from deskhand.dotnet.errors import BadPattern, PatternTooSlow
from deskhand.dotnet.regexes import Expression, compile_expression, escape_expression
from deskhand.robin.values import DataTable, Reference

MATCH_COLUMNS = ("Row", "Column")


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in a cell's text, and what to put in its place.

    Attributes:
        expression: What a cell's text must hold.
        replacement: What takes its place, as .NET's replacements are written; None to search only.
        all_matches: Whether every cell counts, or only the first that matches.
        culture: How a cell that is no text is read as one.
    """

    expression: Expression
    replacement: str | None
    all_matches: bool
    culture: str


def for_text(value: str, match_case: bool, entire_cell: bool) -> Expression:
    """Return an expression that finds a text."""
    pattern = escape_expression(value)
    if entire_cell:
        pattern = rf"\A{pattern}\z"
    return compile_expression(pattern, ignore_case=not match_case)


def for_pattern(pattern: str) -> Expression:
    """Return the expression that a flow's author wrote.

    Raises:
        InvalidExpression: It cannot be used.
    """
    try:
        return compile_expression(pattern)
    except BadPattern as problem:
        raise InvalidExpression(problem.message) from problem


def literal_replacement(text: str) -> str:
    """Return a replacement that puts a text in as it is."""
    return text.replace("$", "$$")


def search(reference: Reference[DataTable], wanted: Search, column: str | None) -> DataTable:
    """Search a table and replace in place.

    Args:
        reference: The variable that holds the table.
        wanted: What to look for.
        column: The name or number of the one column to search; None for all.

    Returns:
        The row and column index of every cell that matched.
    """
    table = table_in(reference)
    columns = range(len(table.columns)) if column is None else [column_of(table, column)]
    try:
        return DataTable(MATCH_COLUMNS, _matches(table, wanted, columns))
    except PatternTooSlow as problem:
        raise InvalidExpression(problem.message) from problem


def _matches(table: DataTable, wanted: Search, columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, row in enumerate(table.rows):
        for column in columns:
            text = as_text(row[column], wanted.culture)
            if wanted.expression.first(text) is None:
                continue
            if wanted.replacement is not None:
                row[column] = wanted.expression.replace(text, wanted.replacement)
            yield index, column
            if not wanted.all_matches:
                return
