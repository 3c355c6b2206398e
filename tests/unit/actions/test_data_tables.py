from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from deskhand.actions.variables import table_actions as tables
from deskhand.actions.variables.choices import (
    CSVColumnsSeparator,
    JoinOperationType,
    MergeMode,
    SortDirection,
)
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
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import DataRow, DataTable, Reference


def table() -> DataTable:
    return DataTable(["Id", "Name"], [[1, "ann"], [2, "Bob"], [3, "cid"]])


def held() -> Reference[DataTable]:
    return Reference(table())


def test_a_new_table_is_a_copy() -> None:
    given = table()

    made = tables.create_new_data_table(given)
    made.rows[0][0] = 9

    assert given == table()
    assert tables.create_new_data_table() == DataTable()


def test_rows_are_added_in_place() -> None:
    reference = held()
    same = reference.value

    tables.append_row(reference, [4])
    tables.insert_row(reference, [0, "zed"], 0)
    tables.insert_row(reference, [5, "eve"], 5)

    assert reference.value is same
    assert same.rows == [[0, "zed"], [1, "ann"], [2, "Bob"], [3, "cid"], [4, None], [5, "eve"]]


def test_a_row_may_be_a_datarow() -> None:
    reference = held()
    row: Any = DataRow(["x", "y"], [4, "dan"])

    tables.append_row(reference, row)

    assert reference.value.rows[3:] == [[4, "dan"]]


def test_the_first_row_of_an_empty_table_gives_it_columns() -> None:
    never_assigned: Reference[Any] = Reference(None)

    tables.append_row(never_assigned, ["a", "b"])

    assert never_assigned.value == DataTable(["Column1", "Column2"], [["a", "b"]])


def test_a_row_that_is_too_wide_is_an_error() -> None:
    with pytest.raises(TooManyCells, match="The row has 3 cells, and the data table 2 columns"):
        tables.append_row(held(), [1, 2, 3])


def test_rows_are_deleted() -> None:
    reference = held()

    tables.delete_row(reference, 1)

    assert reference.value.rows == [[1, "ann"], [3, "cid"]]


@pytest.mark.parametrize(
    "call",
    [
        lambda: tables.delete_row(held(), 3),
        lambda: tables.delete_row(held(), -1),
        lambda: tables.insert_row(held(), [], 4),
        lambda: tables.modify_item(held(), "Id", 3, 1),
    ],
)
def test_a_row_that_is_not_there_is_an_error(call: Callable[[], None]) -> None:
    with pytest.raises(RowIndexOutOfRange, match="The data table has 3 rows and so none at index"):
        call()


def test_empty_and_duplicate_rows_are_deleted() -> None:
    rows: list[list[object]] = [["", None], [1, "a"], ["1", "a"], [" ", ""], [1, "a"], [1, "A"], [0, None]]
    without_empty, without_duplicates = (Reference(DataTable(["x", "y"], rows)) for _ in range(2))

    tables.delete_empty_rows(without_empty)
    tables.delete_duplicate_rows(without_duplicates)

    assert without_empty.value.rows == [[1, "a"], ["1", "a"], [1, "a"], [1, "A"], [0, None]]
    assert without_duplicates.value.rows == [
        ["", None],
        [1, "a"],
        ["1", "a"],
        [" ", ""],
        [1, "A"],
        [0, None],
    ]


def test_a_cleared_table_keeps_its_columns() -> None:
    reference = held()

    tables.clear_data_table(reference)

    assert reference.value == DataTable(["Id", "Name"])


def test_a_cell_is_updated_by_column_name_or_index() -> None:
    reference = held()

    tables.modify_item(reference, "name", 0, "new")
    tables.modify_item(reference, "0", 1, [5])
    tables.modify_item(reference, "Name", 2)

    assert reference.value.rows == [[1, "new"], [[5], "Bob"], [3, None]]


def test_columns_are_inserted() -> None:
    reference = held()

    tables.append_column(reference, "End")
    tables.insert_column_before(reference, "Start", 0)

    assert reference.value == DataTable(
        ["Start", "Id", "Name", "End"],
        [[None, 1, "ann", None], [None, 2, "Bob", None], [None, 3, "cid", None]],
    )


def test_column_names_are_distinct() -> None:
    with pytest.raises(ColumnExists, match="already has a column ‘NAME’"):
        tables.append_column(held(), "NAME")


def test_columns_are_deleted_and_read() -> None:
    by_name, by_index = held(), held()

    tables.delete_column_by_name(by_name, "id")
    tables.delete_column_by_index(by_index, 1)

    assert by_name.value == DataTable(["Name"], [["ann"], ["Bob"], ["cid"]])
    assert by_index.value == DataTable(["Id"], [[1], [2], [3]])
    assert tables.retrieve_column(table(), "Name") == ["ann", "Bob", "cid"]
    assert tables.retrieve_column(table(), " 0 ") == [1, 2, 3]
    assert tables.retrieve_column(DataTable(["b", "0"], [[1, 2]]), "0") == [2]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: tables.retrieve_column(table(), "Nam"), ColumnNotFound),
        (lambda: tables.retrieve_column(table(), "2"), ColumnIndexOutOfRange),
        (lambda: tables.retrieve_column(table(), "-1"), ColumnIndexOutOfRange),
        (lambda: tables.delete_column_by_name(held(), "0"), ColumnNotFound),
        (lambda: tables.delete_column_by_index(held(), 2), ColumnIndexOutOfRange),
        (lambda: tables.insert_column_before(held(), "x", 3), ColumnIndexOutOfRange),
        (lambda: tables.sort_by_column_name(held(), "x"), ColumnNotFound),
        (lambda: tables.sort_by_column_index(held(), -1), ColumnIndexOutOfRange),
    ],
)
def test_a_column_that_is_not_there_is_an_error(call: Callable[[], None], error: type[Exception]) -> None:
    with pytest.raises(error):
        call()


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(ColumnNotFound) as caught:
        tables.retrieve_column(table(), "Nam")

    assert str(caught.value) == "The data table has no column ‘Nam’; did you mean ‘Name’?"


def test_sorting_is_stable_in_both_directions() -> None:
    rows: list[list[object]] = [[2, "x"], [None, "blank"], [1, "y"], [2, "z"], [Decimal("1.5"), "w"]]
    up, down = (Reference(DataTable(["k", "v"], rows)) for _ in range(2))

    tables.sort_by_column_name(up, "k")
    tables.sort_by_column_index(down, 0, SortDirection.DESCENDING)

    assert [row[1] for row in up.value.rows] == ["blank", "y", "w", "x", "z"]
    assert [row[1] for row in down.value.rows] == ["x", "z", "w", "y", "blank"]


def test_a_column_of_several_types_cannot_be_sorted() -> None:
    with pytest.raises(TypeMismatch) as caught:
        tables.sort_by_column_index(Reference(DataTable(["k"], [[1], ["a"]])), 0)

    assert str(caught.value) == (
        "The column ‘k’ cannot be sorted, since it holds a number and a text; "
        "make its cells all one type first."
    )


@pytest.mark.parametrize(
    ("mode", "merged"),
    [
        (
            MergeMode.ADD_EXTRA,
            DataTable(["Id", "Name", "Age"], [[1, "ann", None], [2, None, 30]]),
        ),
        (MergeMode.IGNORE_EXTRA, DataTable(["Id", "Name"], [[1, "ann"], [2, None]])),
    ],
)
def test_tables_are_merged_by_column_name(mode: MergeMode, merged: DataTable) -> None:
    reference = Reference(DataTable(["Id", "Name"], [[1, "ann"]]))

    tables.merge_data_tables(reference, DataTable(["Age", "id"], [[30, 2]]), mode)

    assert reference.value == merged


def test_extra_columns_may_be_an_error() -> None:
    reference = held()

    with pytest.raises(ExtraColumns, match="The first data table has no column ‘Age’"):
        tables.merge_data_tables(reference, DataTable(["Age"], [[1]]), MergeMode.ERROR_ON_EXTRA)

    assert reference.value == table()


ORDERS = DataTable(["Order", "Name"], [["o1", 2], ["o2", "2"], ["o3", 9], ["o4", 1]])


@pytest.mark.parametrize(
    ("operation", "rows"),
    [
        (JoinOperationType.INNER, [[1, "ann", "o4", 1], [2, "Bob", "o1", 2], [2, "Bob", "o2", "2"]]),
        (
            JoinOperationType.LEFT,
            [
                [1, "ann", "o4", 1],
                [2, "Bob", "o1", 2],
                [2, "Bob", "o2", "2"],
                [3, "cid", None, None],
            ],
        ),
        (
            JoinOperationType.FULL,
            [
                [1, "ann", "o4", 1],
                [2, "Bob", "o1", 2],
                [2, "Bob", "o2", "2"],
                [3, "cid", None, None],
                [None, None, "o3", 9],
            ],
        ),
    ],
)
def test_tables_are_joined(
    context: ActionContext, operation: JoinOperationType, rows: list[list[object]]
) -> None:
    rules = DataTable(["", "", ""], [["Id", "=", "Name"]])

    assert tables.join_data_tables(context, table(), ORDERS, rules, operation) == DataTable(
        ["Id", "Name", "Order", "Name_1"], rows
    )


def test_a_join_may_compare_otherwise(context: ActionContext) -> None:
    rules = DataTable(["", "", ""], [["Id", ">", "Name"], ["Name", "Starts with", "Order"]])
    second = DataTable(["Order", "Name"], [["c", 2], ["c", 3], ["x", 1]])

    joined = tables.join_data_tables(context, table(), second, rules)

    assert joined.rows == [[3, "cid", "c", 2]]


def test_two_cells_mean_equality(context: ActionContext) -> None:
    joined = tables.join_data_tables(context, table(), ORDERS, DataTable(["", ""], [["0", "1"]]))

    assert len(joined.rows) == 3


@pytest.mark.parametrize("rules", [[], [["Id"]], [["Id", "~", "Name"]]])
def test_a_join_needs_rules_that_can_be_read(context: ActionContext, rules: list[list[object]]) -> None:
    with pytest.raises(InvalidRule):
        tables.join_data_tables(context, table(), ORDERS, DataTable(["", "", ""], rules))


FILTERED = DataTable(
    ["Name", "Age", "Note"],
    [["ann", 30, ""], ["Bob", "40", None], ["cid", 50, "Vip"], ["Dan", "x", "vip 2"]],
)


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([["And", "Age", "Equal to", 40]], ["Bob"]),
        ([["And", "Age", "Equal to", "40"]], ["Bob"]),
        ([["And", "Age", "Not equal to", 30]], ["Bob", "cid", "Dan"]),
        ([["And", "Age", "Greater than", 30]], ["Bob", "cid"]),
        ([["And", "1", ">=", "40"]], ["Bob", "cid"]),
        ([["And", "Age", "Less than or equal to", 40]], ["ann", "Bob"]),
        ([["And", "Note", "Is empty", ""]], ["ann", "Bob"]),
        ([["And", "Note", "is not empty", ""]], ["cid", "Dan"]),
        ([["And", "Note", "Contains", "vip"]], ["Dan"]),
        ([["And", "Note", "Does not start with", "vip"]], ["ann", "Bob", "cid"]),
        ([["And", "Age", "Ends with", "0"], ["And", "Name", "Contains", "n"]], ["ann"]),
        (
            [
                ["And", "Name", "=", "Dan"],
                ["Or", "Age", ">", 30],
                ["And", "Name", "Does not end with", "d"],
            ],
            ["Bob", "Dan"],
        ),
        ([], ["ann", "Bob", "cid", "Dan"]),
    ],
)
def test_rows_are_filtered(context: ActionContext, rules: list[list[object]], names: list[str]) -> None:
    filtered = tables.filter_data_table(context, FILTERED, DataTable(["", "", "", ""], rules))

    assert filtered.columns == FILTERED.columns
    assert [row[0] for row in filtered.rows] == names


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (["But", "Age", "=", 1], "‘but’ is neither And nor Or."),
        (["And", "Age"], "it lacks a column or an operator."),
        (["And", "Age", "Grater than", 1], "‘Grater than’ is no operator; did you mean ‘Greater than’?"),
    ],
)
def test_a_rule_that_cannot_be_read_is_an_error(
    context: ActionContext, rule: list[object], problem: str
) -> None:
    with pytest.raises(InvalidRule) as caught:
        tables.filter_data_table(context, FILTERED, DataTable(["", "", "", ""], [rule]))

    assert str(caught.value) == f"Rule 1 cannot be used: {problem}"


def test_filters_may_ignore_case_and_leave_the_connective_out(context: ActionContext) -> None:
    rules = DataTable(["", "", ""], [["Note", "Starts with", "VIP"]])

    filtered = tables.filter_data_table(context, FILTERED, rules, match_case=False)

    assert [row[0] for row in filtered.rows] == ["cid", "Dan"]


def test_dates_are_filtered_by_time(context: ActionContext) -> None:
    days = DataTable(["d"], [[datetime(2020, 1, 1)], [datetime(2021, 1, 1)]])
    rules = DataTable(["", "", "", ""], [["And", "d", "<", datetime(2020, 6, 1)]])

    assert tables.filter_data_table(context, days, rules).rows == [[datetime(2020, 1, 1)]]


def test_a_filtered_table_is_a_copy(context: ActionContext) -> None:
    given = table()

    tables.filter_data_table(context, given, DataTable()).rows[0][0] = 9

    assert given == table()


def found(*places: tuple[int, int]) -> DataTable:
    return DataTable(["Row", "Column"], places)


def searched() -> Reference[DataTable]:
    return Reference(DataTable(["A", "B"], [["x1", 11], ["X", None], ["a.x", "x"]]))


def test_texts_are_found(context: ActionContext) -> None:
    find = tables.find_everywhere

    assert find(context, searched(), "x") == found((0, 0), (1, 0), (2, 0), (2, 1))
    assert find(context, searched(), "x", match_case=True) == found((0, 0), (2, 0), (2, 1))
    assert find(context, searched(), "x", match_entire_cell_contents=True) == found((1, 0), (2, 1))
    assert find(context, searched(), "1", all_matches=False) == found((0, 0))
    assert find(context, searched(), ".") == found((2, 0))
    assert find(context, searched(), "none") == found()
    assert tables.find_in_column(context, searched(), "1", "b") == found((0, 1))


def test_matches_are_found(context: ActionContext) -> None:
    assert tables.find_with_regex_everywhere(context, searched(), r"^\d+$") == found((0, 1))
    assert tables.find_with_regex_in_column(context, searched(), "^.$", "0", all_matches=False) == found(
        (1, 0)
    )


def test_texts_are_replaced_in_place(context: ActionContext) -> None:
    everywhere, one_column, first = searched(), searched(), searched()

    changed = tables.replace_everywhere(context, everywhere, "x", "$1")
    tables.replace_in_column(context, one_column, "x", "y", "B", match_entire_cell_contents=True)
    tables.replace_everywhere(context, first, "1", "2", all_matches=False)

    assert changed == found((0, 0), (1, 0), (2, 0), (2, 1))
    assert everywhere.value.rows == [["$11", 11], ["$1", None], ["a.$1", "$1"]]
    assert one_column.value.rows == [["x1", 11], ["X", None], ["a.x", "y"]]
    assert first.value.rows == [["x2", 11], ["X", None], ["a.x", "x"]]


def test_matches_are_replaced_in_place(context: ActionContext) -> None:
    everywhere, one_column = searched(), searched()

    tables.replace_with_regex_everywhere(context, everywhere, r"(\w)(\d)", "$2$1")
    tables.replace_with_regex_in_column(context, one_column, r"x(?<d>\d)", "<${d}>", "A")

    assert everywhere.value.rows == [["1x", "11"], ["X", None], ["a.x", "x"]]
    assert one_column.value.rows == [["<1>", 11], ["X", None], ["a.x", "x"]]


def test_a_bad_expression_is_an_error(context: ActionContext) -> None:
    with pytest.raises(InvalidExpression):
        tables.find_with_regex_everywhere(context, searched(), "(")


WRITTEN = DataTable(
    ["Id", "Full, name"],
    [[1, 'say "hi"'], [Decimal("2.50"), "two\nlines"], [None, "a;b"], [True, datetime(2026, 3, 1)]],
)


def test_a_table_becomes_csv(context: ActionContext, german_context: ActionContext) -> None:
    assert tables.table_to_csv(context, WRITTEN, include_column_names=True) == (
        'Id,"Full, name"\r\n1,"say ""hi"""\r\n2.5,"two\nlines"\r\n,a;b\r\nTrue,3/1/2026 12:00:00 AM'
    )
    assert tables.table_to_csv(german_context, WRITTEN).endswith(';"a;b"\r\nTrue;01.03.2026 00:00:00')
    assert tables.table_to_csv(context, WRITTEN, True, CSVColumnsSeparator.TAB).startswith(
        "Id\tFull, name\r\n"
    )
    assert tables.table_to_custom_csv(context, table(), "||") == "1||ann\r\n2||Bob\r\n3||cid"


def test_csv_becomes_a_table(context: ActionContext, german_context: ActionContext) -> None:
    source = 'Id,Name\r\n 1 ,"a, ""b"""\n2.50,\r\n'

    assert tables.csv_to_table(context, source, first_line_contains_column_names=True) == DataTable(
        ["Id", "Name"], [[1, 'a, "b"'], [Decimal("2.5"), ""]]
    )
    assert tables.csv_to_table(context, source, False, True, True) == DataTable(
        ["Id", "Name"], [[" 1 ", 'a, "b"'], ["2.50", ""]]
    )
    assert tables.csv_to_table(german_context, "1,5;x") == DataTable(
        ["Column1", "Column2"], [[Decimal("1.5"), "x"]]
    )
    assert tables.csv_to_table(context, "") == DataTable()
    assert tables.custom_csv_to_table(context, "a||b", "||").rows == [["a", "b"]]
    assert tables.fixed_width_to_table(context, "ab 12x\r\ncd 3", "3, 2;1").rows == [
        ["ab", 12, "x"],
        ["cd", 3, ""],
    ]


def test_csv_survives_a_round_trip(context: ActionContext) -> None:
    written = tables.table_to_csv(context, WRITTEN, include_column_names=True)

    read = tables.csv_to_table(context, written, False, True, True)

    assert tables.table_to_csv(context, read, include_column_names=True) == written


@pytest.mark.parametrize("widths", ["", "a", "3,,2", "0", "-1"])
def test_widths_are_whole_numbers(context: ActionContext, widths: str) -> None:
    with pytest.raises(InvalidColumns):
        tables.fixed_width_to_table(context, "abc", widths)


def test_a_separator_of_ones_own_is_not_empty(context: ActionContext) -> None:
    with pytest.raises(InvalidColumns):
        tables.custom_csv_to_table(context, "abc", "")
    with pytest.raises(InvalidColumns):
        tables.table_to_custom_csv(context, table(), "")
