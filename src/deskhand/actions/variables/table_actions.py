"""The Variables actions on data tables. Source: actions.yaml, group Variables; robin 7."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.actions.file.delimited import read_delimited, read_fixed_width, to_table, write_delimited
from deskhand.actions.rendering import as_text
from deskhand.actions.variables.choices import (
    CSVColumnsSeparator,
    JoinOperationType,
    MergeMode,
    SortDirection,
    variables,
)
from deskhand.actions.variables.comparison import distinct, order_key
from deskhand.actions.variables.errors import (
    ColumnExists,
    ColumnIndexOutOfRange,
    ColumnNotFound,
    ExtraColumns,
    InvalidColumns,
    InvalidExpression,
    InvalidRule,
    RowIndexOutOfRange,
    TooManyCells,
    TypeMismatch,
)
from deskhand.actions.variables.joining import join_tables
from deskhand.actions.variables.list_actions import FILTER_DIFFERS
from deskhand.actions.variables.rules import Manner, filter_rules, join_rules, passes
from deskhand.actions.variables.searching import Search, for_pattern, for_text, literal_replacement, search
from deskhand.actions.variables.tables import (
    column_at,
    column_of,
    find_column,
    fitting_row,
    insert_column,
    is_blank,
    named_column,
    row_at,
    table_in,
)
from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.errors import NotANumber
from deskhand.dotnet.numbers import parse_number
from deskhand.robin.catalog import ActionContext
from deskhand.robin.kinds import kind_of
from deskhand.robin.values import DataTable, Reference, Value

_COLUMN_ERRORS = (ColumnNotFound, ColumnIndexOutOfRange)
_SEARCH_ERRORS = (*_COLUMN_ERRORS, InvalidExpression)


@variables.action(
    "CreateNewDatatable",
    label="Create new data table",
    summary="Create a new data table",
    outputs=("DataTable",),
)
def create_new_data_table(input_table: DataTable | None = None) -> DataTable:
    """Make a data table.

    Args:
        input_table: Its columns and rows; none if omitted.

    Returns:
        The new table.
    """
    return DataTable(input_table.columns, input_table.rows) if input_table is not None else DataTable()


# Rows and cells ---------------------------------------------------------------------------------


@variables.action(
    "AddRowToDataTable",
    variant="AppendRowToDataTable",
    label="Insert row into data table",
    summary="Insert {RowToAdd} at the end of {DataTable}",
    errors=(TooManyCells,),
)
def append_row(data_table: Reference[DataTable], row_to_add: list[object]) -> None:
    """Put a row at the end of a data table.

    Args:
        data_table: The table.
        row_to_add: The row's cells; cells that are missing are blank.
    """
    table = table_in(data_table)
    table.rows.append(fitting_row(table, row_to_add))


@variables.action(
    "AddRowToDataTable",
    variant="InsertItemToDataTable",
    label="Insert row into data table",
    summary="Insert {RowToAdd} before row {RowIndex} of {DataTable}",
    errors=(TooManyCells, RowIndexOutOfRange),
)
def insert_row(data_table: Reference[DataTable], row_to_add: list[object], row_index: int) -> None:
    """Put a row before another one of a data table.

    Args:
        data_table: The table.
        row_to_add: The row's cells; cells that are missing are blank.
        row_index: The row that it is put before; the first row is at 0.
    """
    table = table_in(data_table)
    if not 0 <= row_index <= len(table.rows):
        raise RowIndexOutOfRange(row_index, len(table.rows))
    table.rows.insert(row_index, fitting_row(table, row_to_add))


@variables.action(
    "DeleteRowFromDataTable",
    label="Delete row from data table",
    summary="Delete row {RowIndex} from {DataTable}",
    errors=(RowIndexOutOfRange,),
)
def delete_row(data_table: Reference[DataTable], row_index: int) -> None:
    """Remove a row of a data table.

    Args:
        data_table: The table.
        row_index: The row; the first is at 0.
    """
    table = table_in(data_table)
    row_at(table, row_index)
    del table.rows[row_index]


@variables.action(
    "DeleteEmptyRowsFromDataTable",
    label="Delete empty rows from data table",
    summary="Delete empty rows from {DataTable}",
)
def delete_empty_rows(data_table: Reference[DataTable]) -> None:
    """Remove the rows of a data table that hold nothing but blanks.

    Args:
        data_table: The table.
    """
    table = table_in(data_table)
    table.rows[:] = [row for row in table.rows if not all(map(is_blank, row))]


@variables.action(
    "DeleteDuplicateRowsFromDataTable",
    label="Delete duplicate rows from data table",
    summary="Delete duplicate rows from {DataTable}",
)
def delete_duplicate_rows(data_table: Reference[DataTable]) -> None:
    """Keep the first of each row that occurs more than once in a data table.

    Args:
        data_table: The table.
    """
    table = table_in(data_table)
    table.rows[:] = distinct(table.rows)


@variables.action(
    "ClearDataTable",
    label="Clear data table",
    summary="Clear {DataTable}",
)
def clear_data_table(data_table: Reference[DataTable]) -> None:
    """Remove every row of a data table and keep its columns.

    Args:
        data_table: The table.
    """
    table_in(data_table).rows.clear()


@variables.action(
    "ModifyDataTableItem",
    label="Update data table item",
    summary="Update column {ColumnNameOrIndex} in row {RowIndex} of {DataTable} to {Value}",
    errors=(*_COLUMN_ERRORS, RowIndexOutOfRange),
)
def modify_item(
    data_table: Reference[DataTable], column_name_or_index: str, row_index: int, value: object = None
) -> None:
    """Put a value into one cell of a data table.

    Args:
        data_table: The table.
        column_name_or_index: The cell's column; the first is at 0.
        row_index: The cell's row; the first is at 0.
        value: The new value; blank if omitted.
    """
    table = table_in(data_table)
    column = column_of(table, column_name_or_index)
    row_at(table, row_index)[column] = value


# Columns ----------------------------------------------------------------------------------------


@variables.action(
    "AddColumnToDataTable",
    variant="AppendColumnToDataTable",
    label="Insert column into data table",
    summary="Insert column {ColumnName} at the end of {DataTable}",
    errors=(ColumnExists,),
)
def append_column(data_table: Reference[DataTable], column_name: str) -> None:
    """Put a column of blanks at the end of a data table.

    Args:
        data_table: The table.
        column_name: The new column's name.
    """
    table = table_in(data_table)
    insert_column(table, len(table.columns), column_name)


@variables.action(
    "AddColumnToDataTable",
    variant="InsertColumnToDataTable",
    label="Insert column into data table",
    summary="Insert column {ColumnName} before column {ColumnIndex} of {DataTable}",
    errors=(ColumnExists, ColumnIndexOutOfRange),
)
def insert_column_before(data_table: Reference[DataTable], column_name: str, column_index: int) -> None:
    """Put a column of blanks before another one of a data table.

    Args:
        data_table: The table.
        column_name: The new column's name.
        column_index: The column that it is put before; the first is at 0.
    """
    table = table_in(data_table)
    if not 0 <= column_index <= len(table.columns):
        raise ColumnIndexOutOfRange(column_index, len(table.columns))
    insert_column(table, column_index, column_name)


@variables.action(
    "DeleteColumnFromDataTable",
    variant="DeleteColumnWithName",
    label="Delete column from data table",
    summary="Delete column {ColumnName} from {DataTable}",
    errors=_COLUMN_ERRORS,
)
def delete_column_by_name(data_table: Reference[DataTable], column_name: str) -> None:
    """Remove a column of a data table by its name.

    Args:
        data_table: The table.
        column_name: The column's name.
    """
    table = table_in(data_table)
    _delete_column(table, named_column(table, column_name))


@variables.action(
    "DeleteColumnFromDataTable",
    variant="DeleteColumnWithIndex",
    label="Delete column from data table",
    summary="Delete column {ColumnIndex} from {DataTable}",
    errors=_COLUMN_ERRORS,
)
def delete_column_by_index(data_table: Reference[DataTable], column_index: int) -> None:
    """Remove a column of a data table by its place.

    Args:
        data_table: The table.
        column_index: The column's place; the first is at 0.
    """
    table = table_in(data_table)
    _delete_column(table, column_at(table, column_index))


def _delete_column(table: DataTable, index: int) -> None:
    del table.columns[index]
    for row in table.rows:
        del row[index]


@variables.action(
    "RetrieveDataTableColumnIntoList",
    label="Retrieve data table column into list",
    summary="Retrieve column {ColumnNameOrIndex} of {DataTable} into a list",
    outputs=("ColumnAsList",),
    errors=_COLUMN_ERRORS,
    labels={"data_table": "Data table", "column_name_or_index": "Column name or index"},
)
def retrieve_column(data_table: DataTable, column_name_or_index: str) -> list[object]:
    """Copy a column of a data table into a list.

    Args:
        data_table: The table.
        column_name_or_index: The column's name or place; the first is at 0.

    Returns:
        The column's cells from top to bottom.
    """
    column = column_of(data_table, column_name_or_index)
    return [row[column] for row in data_table.rows]


# Sorting ----------------------------------------------------------------------------------------


@variables.action(
    "SortDataTable",
    variant="SortWithColumnName",
    label="Sort data table",
    summary="Sort {DataTable} by column {ColumnName}",
    errors=(*_COLUMN_ERRORS, TypeMismatch),
)
def sort_by_column_name(
    data_table: Reference[DataTable], column_name: str, order: SortDirection = SortDirection.ASCENDING
) -> None:
    """Order the rows of a data table by a column.

    Args:
        data_table: The table.
        column_name: The column's name.
        order: Whether the smallest or the greatest comes first; equal rows keep their order.
    """
    table = table_in(data_table)
    _sort(table, named_column(table, column_name), order)


@variables.action(
    "SortDataTable",
    variant="SortWithColumnIndex",
    label="Sort data table",
    summary="Sort {DataTable} by column {ColumnIndex}",
    errors=(*_COLUMN_ERRORS, TypeMismatch),
)
def sort_by_column_index(
    data_table: Reference[DataTable], column_index: int, order: SortDirection = SortDirection.ASCENDING
) -> None:
    """Order the rows of a data table by a column.

    Args:
        data_table: The table.
        column_index: The column's place; the first is at 0.
        order: Whether the smallest or the greatest comes first; equal rows keep their order.
    """
    table = table_in(data_table)
    _sort(table, column_at(table, column_index), order)


def _sort(table: DataTable, column: int, order: SortDirection) -> None:
    kinds = sorted({kind_of(row[column]) for row in table.rows if row[column] is not None})
    if len(kinds) > 1:
        raise TypeMismatch(table.columns[column], kinds)
    table.rows.sort(key=lambda row: order_key(row[column]), reverse=order is SortDirection.DESCENDING)


# Several tables ---------------------------------------------------------------------------------


@variables.action(
    "MergeDataTables",
    label="Merge data tables",
    summary="Merge {SecondDataTable} into {FirstDataTable}",
    errors=(ExtraColumns,),
)
def merge_data_tables(
    first_data_table: Reference[DataTable],
    second_data_table: DataTable,
    merge_mode: MergeMode = MergeMode.ADD_EXTRA,
) -> None:
    """Put the rows of a data table at the end of another, column by column name.

    Args:
        first_data_table: The table that grows.
        second_data_table: The table whose rows are added.
        merge_mode: What happens to columns that only the second table has.
    """
    table = table_in(first_data_table)
    extra = [name for name in second_data_table.columns if find_column(table.columns, name) is None]
    if extra and merge_mode is MergeMode.ERROR_ON_EXTRA:
        raise ExtraColumns(extra)
    if merge_mode is MergeMode.ADD_EXTRA:
        for name in extra:
            insert_column(table, len(table.columns), name)
    targets = [find_column(table.columns, name) for name in second_data_table.columns]
    for row in second_data_table.rows:
        cells: list[Value] = [None] * len(table.columns)
        for target, cell in zip(targets, row, strict=True):
            if target is not None:
                cells[target] = cell
        table.rows.append(cells)


@variables.action(
    "JoinDataTable",
    label="Join data tables",
    summary="Join {FirstDataTable} and {SecondDataTable}",
    outputs=("JoinedDataTable",),
    errors=(*_COLUMN_ERRORS, InvalidRule),
    differs="Rules are read as a table of first column, operator and second column, all of which must hold.",
)
def join_data_tables(
    context: ActionContext,
    first_data_table: DataTable,
    second_data_table: DataTable,
    join_parameters: DataTable,
    join_operation: JoinOperationType = JoinOperationType.INNER,
) -> DataTable:
    """Put the rows of two data tables side by side where they belong together.

    Args:
        first_data_table: The table whose columns come first.
        second_data_table: The table whose columns follow.
        join_parameters: One row for each rule: a column of the first table, an operator such as =,
            and a column of the second.
        join_operation: Whether rows without a partner are dropped, kept of the first table, or kept
            of both.

    Returns:
        The joined table.
    """
    rules = join_rules(join_parameters, first_data_table, second_data_table)
    return join_tables(first_data_table, second_data_table, join_operation, rules, Manner(context.culture))


@variables.action(
    "FilterDataTable",
    label="Filter data table",
    summary="Filter {DataTable}",
    outputs=("FilteredDataTable",),
    errors=(*_COLUMN_ERRORS, InvalidRule),
    differs=FILTER_DIFFERS,
)
def filter_data_table(
    context: ActionContext, data_table: DataTable, filter_parameters: DataTable, match_case: bool = True
) -> DataTable:
    """Find the rows of a data table that satisfy rules.

    Args:
        data_table: The table to filter.
        filter_parameters: One row for each rule: And or Or, a column, an operator such as Contains,
            and a value.
        match_case: Whether capital and small letters differ.

    Returns:
        A new table of the rows that satisfy the rules.
    """
    rules = filter_rules(filter_parameters, data_table)
    manner = Manner(context.culture, ignore_case=not match_case)
    return DataTable(data_table.columns, (row for row in data_table.rows if passes(row, rules, manner)))


# Find and replace -------------------------------------------------------------------------------


@variables.action(
    "FindOrReplaceInDataTable",
    variant="FindItemInDataTableEverywhere",
    label="Find or replace in data table",
    summary="Find {ValueToFind} in {DataTable}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def find_everywhere(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    all_matches: bool = True,
    match_case: bool = False,
    match_entire_cell_contents: bool = False,
) -> DataTable:
    """Find the cells of a data table that hold a text.

    Args:
        data_table: The table to search.
        value_to_find: The text to look for.
        all_matches: Whether every cell is reported, or only the first.
        match_case: Whether capital and small letters differ.
        match_entire_cell_contents: Whether the text must be all that a cell holds.

    Returns:
        The row and column of each match, counted from 0.
    """
    expression = for_text(value_to_find, match_case, match_entire_cell_contents)
    return search(data_table, Search(expression, None, all_matches, context.culture), None)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="FindItemInDataTableByColumnIndex",
    label="Find or replace in data table",
    summary="Find {ValueToFind} in column {ColumnNameOrIndex} of {DataTable}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def find_in_column(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    column_name_or_index: str,
    all_matches: bool = True,
    match_case: bool = False,
    match_entire_cell_contents: bool = False,
) -> DataTable:
    """Find the cells of one column of a data table that hold a text.

    Args:
        data_table: The table to search.
        value_to_find: The text to look for.
        column_name_or_index: The column's name or place; the first is at 0.
        all_matches: Whether every cell is reported, or only the first.
        match_case: Whether capital and small letters differ.
        match_entire_cell_contents: Whether the text must be all that a cell holds.

    Returns:
        The row and column of each match, counted from 0.
    """
    expression = for_text(value_to_find, match_case, match_entire_cell_contents)
    return search(data_table, Search(expression, None, all_matches, context.culture), column_name_or_index)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="FindItemInDataTableWithRegexEverywhere",
    label="Find or replace in data table",
    summary="Find matches of {ValueToFind} in {DataTable}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def find_with_regex_everywhere(
    context: ActionContext, data_table: Reference[DataTable], value_to_find: str, all_matches: bool = True
) -> DataTable:
    """Find the cells of a data table that a regular expression matches.

    Args:
        data_table: The table to search.
        value_to_find: The regular expression, as .NET has them.
        all_matches: Whether every cell is reported, or only the first.

    Returns:
        The row and column of each match, counted from 0.
    """
    return search(data_table, Search(for_pattern(value_to_find), None, all_matches, context.culture), None)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="FindItemInDataTableWithRegexByColumnIndex",
    label="Find or replace in data table",
    summary="Find matches of {ValueToFind} in column {ColumnNameOrIndex} of {DataTable}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def find_with_regex_in_column(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    column_name_or_index: str,
    all_matches: bool = True,
) -> DataTable:
    """Find the cells of one column of a data table that a regular expression matches.

    Args:
        data_table: The table to search.
        value_to_find: The regular expression, as .NET has them.
        column_name_or_index: The column's name or place; the first is at 0.
        all_matches: Whether every cell is reported, or only the first.

    Returns:
        The row and column of each match, counted from 0.
    """
    wanted = Search(for_pattern(value_to_find), None, all_matches, context.culture)
    return search(data_table, wanted, column_name_or_index)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="ReplaceItemInDataTableEverywhere",
    label="Find or replace in data table",
    summary="Replace {ValueToFind} in {DataTable} with {TextToReplaceWith}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def replace_everywhere(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    text_to_replace_with: str,
    all_matches: bool = True,
    match_case: bool = False,
    match_entire_cell_contents: bool = False,
) -> DataTable:
    """Replace a text in the cells of a data table.

    Args:
        data_table: The table to change.
        value_to_find: The text to look for.
        text_to_replace_with: What takes its place.
        all_matches: Whether every cell is changed, or only the first that holds the text.
        match_case: Whether capital and small letters differ.
        match_entire_cell_contents: Whether the text must be all that a cell holds.

    Returns:
        The row and column of each changed cell, counted from 0.
    """
    expression = for_text(value_to_find, match_case, match_entire_cell_contents)
    replacement = literal_replacement(text_to_replace_with)
    return search(data_table, Search(expression, replacement, all_matches, context.culture), None)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="ReplaceItemInDataTableByColumnIndex",
    label="Find or replace in data table",
    summary="Replace {ValueToFind} in column {ColumnNameOrIndex} of {DataTable} with {TextToReplaceWith}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def replace_in_column(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    text_to_replace_with: str,
    column_name_or_index: str,
    all_matches: bool = True,
    match_case: bool = False,
    match_entire_cell_contents: bool = False,
) -> DataTable:
    """Replace a text in the cells of one column of a data table.

    Args:
        data_table: The table to change.
        value_to_find: The text to look for.
        text_to_replace_with: What takes its place.
        column_name_or_index: The column's name or place; the first is at 0.
        all_matches: Whether every cell is changed, or only the first that holds the text.
        match_case: Whether capital and small letters differ.
        match_entire_cell_contents: Whether the text must be all that a cell holds.

    Returns:
        The row and column of each changed cell, counted from 0.
    """
    expression = for_text(value_to_find, match_case, match_entire_cell_contents)
    wanted = Search(expression, literal_replacement(text_to_replace_with), all_matches, context.culture)
    return search(data_table, wanted, column_name_or_index)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="ReplaceItemInDataTableWithRegexEverywhere",
    label="Find or replace in data table",
    summary="Replace matches of {ValueToFind} in {DataTable} with {TextToReplaceWith}",
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def replace_with_regex_everywhere(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    text_to_replace_with: str,
    all_matches: bool = True,
) -> DataTable:
    """Replace what a regular expression matches in the cells of a data table.

    Args:
        data_table: The table to change.
        value_to_find: The regular expression, as .NET has them.
        text_to_replace_with: What takes a match's place; $1 and ${name} stand for groups.
        all_matches: Whether every cell is changed, or only the first that matches.

    Returns:
        The row and column of each changed cell, counted from 0.
    """
    wanted = Search(for_pattern(value_to_find), text_to_replace_with, all_matches, context.culture)
    return search(data_table, wanted, None)


@variables.action(
    "FindOrReplaceInDataTable",
    variant="ReplaceItemInDataTableWithRegexByColumnIndex",
    label="Find or replace in data table",
    summary=(
        "Replace matches of {ValueToFind} in column {ColumnNameOrIndex} of {DataTable} with "
        "{TextToReplaceWith}"
    ),
    outputs=("DataTableMatches",),
    errors=_SEARCH_ERRORS,
)
def replace_with_regex_in_column(
    context: ActionContext,
    data_table: Reference[DataTable],
    value_to_find: str,
    text_to_replace_with: str,
    column_name_or_index: str,
    all_matches: bool = True,
) -> DataTable:
    """Replace what a regular expression matches in the cells of one column of a data table.

    Args:
        data_table: The table to change.
        value_to_find: The regular expression, as .NET has them.
        text_to_replace_with: What takes a match's place; $1 and ${name} stand for groups.
        column_name_or_index: The column's name or place; the first is at 0.
        all_matches: Whether every cell is changed, or only the first that matches.

    Returns:
        The row and column of each changed cell, counted from 0.
    """
    wanted = Search(for_pattern(value_to_find), text_to_replace_with, all_matches, context.culture)
    return search(data_table, wanted, column_name_or_index)


# Delimited text ---------------------------------------------------------------------------------


@variables.action(
    "ConvertDataTableToCSV",
    variant="DataTableToCSVCommonSeparator",
    label="Convert data table to text",
    summary="Convert {DataTable} to CSV",
    outputs=("CSVText",),
)
def table_to_csv(
    context: ActionContext,
    data_table: DataTable,
    include_column_names: bool = False,
    columns_separator: CSVColumnsSeparator = CSVColumnsSeparator.SYSTEM_DEFAULT,
) -> str:
    """Write a data table as CSV.

    Args:
        data_table: The table to write.
        include_column_names: Whether the first line holds the columns' names.
        columns_separator: What stands between columns; the culture's list separator by default.

    Returns:
        The CSV, a line for each row.
    """
    return _to_csv(context, data_table, include_column_names, _separator(columns_separator, context))


@variables.action(
    "ConvertDataTableToCSV",
    variant="DataTableToCSVCustomSeparator",
    label="Convert data table to text",
    summary="Convert {DataTable} to text with {CustomColumnsSeparator} between columns",
    outputs=("CSVText",),
    errors=(InvalidColumns,),
)
def table_to_custom_csv(
    context: ActionContext,
    data_table: DataTable,
    custom_columns_separator: str,
    include_column_names: bool = False,
) -> str:
    """Write a data table as delimited text with a separator of your own.

    Args:
        data_table: The table to write.
        custom_columns_separator: What stands between columns.
        include_column_names: Whether the first line holds the columns' names.

    Returns:
        The text, a line for each row.
    """
    separator = _given_separator(custom_columns_separator)
    return _to_csv(context, data_table, include_column_names, separator)


def _to_csv(context: ActionContext, table: DataTable, heading: bool, separator: str) -> str:
    rows = [[as_text(cell, context.culture) for cell in row] for row in table.rows]
    return write_delimited([table.columns, *rows] if heading else rows, separator).removesuffix("\r\n")


def _separator(chosen: CSVColumnsSeparator, context: ActionContext) -> str:
    separators = {
        CSVColumnsSeparator.COMMA: ",",
        CSVColumnsSeparator.SEMICOLON: ";",
        CSVColumnsSeparator.TAB: "\t",
    }
    return separators.get(chosen) or culture_named(context.culture).list_separator


def _given_separator(separator: str) -> str:
    if not separator:
        raise InvalidColumns(separator, "at least one character")
    return separator


@variables.action(
    "GenerateDataTableFromCSV",
    variant="ReadPredefinedSeparator",
    label="Read from CSV text variable",
    summary="Read {CSVText} into a data table",
    outputs=("CSVTable",),
    names={"csv_text": "CSVText"},
    labels={"csv_text": "CSV text"},
)
def csv_to_table(
    context: ActionContext,
    csv_text: str,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
    read_fields_as_text: bool = False,
    columns_separator: CSVColumnsSeparator = CSVColumnsSeparator.SYSTEM_DEFAULT,
) -> DataTable:
    """Read CSV into a data table.

    Args:
        csv_text: The CSV.
        trim_fields: Whether blanks around fields are dropped.
        first_line_contains_column_names: Whether the first line holds the columns' names.
        read_fields_as_text: Whether numbers stay text.
        columns_separator: What stands between columns; the culture's list separator by default.

    Returns:
        The table.
    """
    rows = read_delimited(csv_text, _separator(columns_separator, context), trim_fields)
    return _from_rows(context, rows, first_line_contains_column_names, read_fields_as_text)


@variables.action(
    "GenerateDataTableFromCSV",
    variant="ReadCustomSeparator",
    label="Read from CSV text variable",
    summary="Read {CSVText} with {CustomColumnsSeparator} between columns into a data table",
    outputs=("CSVTable",),
    errors=(InvalidColumns,),
    names={"csv_text": "CSVText"},
    labels={"csv_text": "CSV text"},
)
def custom_csv_to_table(
    context: ActionContext,
    csv_text: str,
    custom_columns_separator: str,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
    read_fields_as_text: bool = False,
) -> DataTable:
    """Read delimited text with a separator of your own into a data table.

    Args:
        csv_text: The text.
        custom_columns_separator: What stands between columns.
        trim_fields: Whether blanks around fields are dropped.
        first_line_contains_column_names: Whether the first line holds the columns' names.
        read_fields_as_text: Whether numbers stay text.

    Returns:
        The table.
    """
    rows = read_delimited(csv_text, _given_separator(custom_columns_separator), trim_fields)
    return _from_rows(context, rows, first_line_contains_column_names, read_fields_as_text)


@variables.action(
    "GenerateDataTableFromCSV",
    variant="ReadFixedColumnWidths",
    label="Read from CSV text variable",
    summary="Read {CSVText} with columns of the widths {FixedColumnWidths} into a data table",
    outputs=("CSVTable",),
    errors=(InvalidColumns,),
    names={"csv_text": "CSVText"},
    labels={"csv_text": "CSV text"},
)
def fixed_width_to_table(
    context: ActionContext,
    csv_text: str,
    fixed_column_widths: str,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
    read_fields_as_text: bool = False,
) -> DataTable:
    """Read text whose columns have fixed widths into a data table.

    Args:
        csv_text: The text.
        fixed_column_widths: The columns' widths in characters, such as 5,10,3.
        trim_fields: Whether blanks around fields are dropped.
        first_line_contains_column_names: Whether the first line holds the columns' names.
        read_fields_as_text: Whether numbers stay text.

    Returns:
        The table.
    """
    rows = read_fixed_width(csv_text, _widths(fixed_column_widths), trim_fields)
    return _from_rows(context, rows, first_line_contains_column_names, read_fields_as_text)


def _widths(written: str) -> list[int]:
    parts = [part.strip() for part in written.replace(";", ",").split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise InvalidColumns(written, "whole numbers with commas between, such as 5,10,3")
    return [int(part) for part in parts]


def _from_rows(context: ActionContext, rows: list[list[str]], heading: bool, as_written: bool) -> DataTable:
    table = to_table(rows, heading)
    if not as_written:
        for row in table.rows:
            row[:] = _with_numbers(row, context.culture)
    return table


def _with_numbers(row: Iterable[Value], culture: str) -> Iterable[Value]:
    for cell in row:
        try:
            yield parse_number(cell, culture_named(culture))
        except NotANumber:
            yield cell
