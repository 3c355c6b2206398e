from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from deskhand.robin.access import (
    copies_of,
    get_item,
    get_place,
    get_slice,
    items_of,
    new_table,
    set_item,
    set_property,
)
from deskhand.robin.copying import copied
from deskhand.robin.errors import (
    CannotAssign,
    CannotConvert,
    CellCountMismatch,
    ColumnMissing,
    ItemOutOfRange,
    KeyMissing,
    LogicError,
    NotASequence,
    PropertyMissing,
)
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue


def table() -> DataTable:
    return DataTable(["Id", "7"], [[1, "a"], [2, "b"]])


@pytest.mark.parametrize(
    ("value", "index", "expected"),
    [
        ([1, 2], 0, 1),
        ([1, 2], -1, 2),
        ([1, 2], "1", 2),
        ("héllo", 1, "é"),
        ("abc", -1, "c"),
        (table(), 1, DataRow(["Id", "7"], [2, "b"])),
        (DataRow(["Id", "7"], [1, "a"]), "id", 1),
        (DataRow(["Id", "7"], [1, "a"]), "7", "a"),
        (DataRow(["Id", "7"], [1, "a"]), "0", 1),
        (DataRow(["Id", "7"], [1, "a"]), -1, "a"),
        (CustomObject(Id=1, id=2), "id", 2),
        (CustomObject(Id=1), "ID", 1),
        (CustomObject({"5": "five"}), 5, "five"),
        (ErrorValue("m", "d", "s", 1, "a"), "message", "m"),
    ],
)
def test_items(value: Any, index: Any, expected: Any) -> None:
    assert get_item(value, index) == expected
    assert get_place(value, index) == expected


@pytest.mark.parametrize(
    ("value", "index", "error"),
    [
        ([], 0, ItemOutOfRange),
        ([1], 1, ItemOutOfRange),
        ([1], -2, ItemOutOfRange),
        ([1], "x", CannotConvert),
        ([1], Decimal("0.5"), CannotConvert),
        ([1], True, CannotConvert),
        ([1], None, CannotConvert),
        (table(), 2, ItemOutOfRange),
        (DataRow(["a"], [1]), "b", ColumnMissing),
        (DataRow(["a"], [1]), 1, ItemOutOfRange),
        (CustomObject(a=1), "b", KeyMissing),
        (CustomObject(a=1), [1], CannotConvert),
        ("abc", 3, ItemOutOfRange),
        (5, 0, PropertyMissing),
        (None, 0, PropertyMissing),
    ],
)
def test_items_that_are_not_there(value: Any, index: Any, error: type[LogicError]) -> None:
    with pytest.raises(error):
        get_item(value, index)


@pytest.mark.parametrize(
    ("value", "start", "stop", "expected"),
    [
        ([1, 2, 3], 1, None, [2, 3]),
        ([1, 2, 3], None, 1, [1]),
        ([1, 2, 3], -2, None, [2, 3]),
        ([1, 2, 3], 2, 1, []),
        ([1, 2, 3], 0, 99, [1, 2, 3]),
        ("hello", "1", 3, "el"),
        (table(), 1, None, DataTable(["Id", "7"], [[2, "b"]])),
        (DataRow(["a", "b"], [1, 2]), None, 1, [1]),
    ],
)
def test_slices(value: Any, start: Any, stop: Any, expected: Any) -> None:
    assert get_slice(value, start, stop) == expected


def test_slices_need_order_and_whole_ends() -> None:
    with pytest.raises(PropertyMissing):
        get_slice(CustomObject(), 0, 1)
    with pytest.raises(CannotConvert):
        get_slice([1], "x", None)


def test_a_row_that_is_read_is_a_copy_and_one_to_set_in_is_not() -> None:
    rows = table()
    get_item(rows, 0).cells[0] = "copy"
    set_item(get_place(rows, 1), "Id", "place")
    assert rows == DataTable(["Id", "7"], [[1, "a"], ["place", "b"]])


def test_setting_items() -> None:
    items, named, row, rows = [1, 2], CustomObject(Id=1), DataRow(["a"], [1]), table()
    set_item(items, -1, "x")
    set_item(named, "ID", 2)
    set_item(named, "new", 3)
    set_property(named, "id", 4)
    set_property(named, "Other", 5)
    set_item(row, "A", "cell")
    set_item(rows, 0, [9, "z"])
    set_item(rows, 1, DataRow(["p", "q"], [8, "y"]))
    assert [items, named, row.cells, rows.rows] == [
        [1, "x"],
        CustomObject(Id=4, new=3, Other=5),
        ["cell"],
        [[9, "z"], [8, "y"]],
    ]


@pytest.mark.parametrize(
    ("value", "index", "new", "error"),
    [
        ([1], 1, 0, ItemOutOfRange),
        (DataRow(["a"], [1]), "b", 0, ColumnMissing),
        (table(), 0, [1], CellCountMismatch),
        (table(), 0, 5, CannotConvert),
        (table(), 5, [1, 2], ItemOutOfRange),
        ("text", 0, "x", CannotAssign),
        (None, "a", "x", CannotAssign),
    ],
)
def test_places_that_cannot_be_set(value: Any, index: Any, new: Any, error: type[LogicError]) -> None:
    with pytest.raises(error):
        set_item(value, index, new)


def test_only_custom_objects_have_properties_to_set() -> None:
    with pytest.raises(CannotAssign, match=r"^nothing can be put at \.a of a list$"):
        set_property([], "a", 1)


def test_items_are_a_snapshot_and_rows_copies() -> None:
    rows, items = table(), [1]
    seen = list(items_of(rows))
    rows.rows[0][0] = "changed"
    snapshot = items_of(items)
    items.append(2)
    assert [seen[0].cells, list(snapshot), list(items_of(DataRow(["a"], [5]))), list(items_of(None))] == [
        [1, "a"],
        [1],
        [5],
        [],
    ]


def test_items_for_a_loop_that_changes_them_are_its_own() -> None:
    items = [CustomObject(n=[1])]
    for one in copies_of(items):
        one["n"].append(2)
    assert items == [CustomObject(n=[1])]


@pytest.mark.parametrize("value", ["text", 5, True, CustomObject(), ErrorValue("", "", "", 0, "")])
def test_what_has_no_items(value: Any) -> None:
    with pytest.raises(NotASequence):
        items_of(value)


def test_copies_share_nothing_that_changes() -> None:
    original = [1, [2], CustomObject(a=[3]), DataTable(["c"], [[[4]]]), DataRow(["d"], [[5]])]
    copy = copied(original)
    assert copy == original
    copy[1].append("x")
    copy[2]["a"].append("x")
    copy[3].rows[0][0].append("x")
    copy[4].cells[0].append("x")
    copy[4].columns.append("x")
    assert original == [1, [2], CustomObject(a=[3]), DataTable(["c"], [[[4]]]), DataRow(["d"], [[5]])]


def test_tables_get_headings_and_keep_their_width() -> None:
    assert new_table(None, [[1, 2], DataRow(["x", "y"], [3, 4])]) == DataTable(
        ["Column1", "Column2"], [[1, 2], [3, 4]]
    )
    assert new_table(None, []) == DataTable()
    assert new_table(["a"], []) == DataTable(["a"])
    with pytest.raises(CellCountMismatch):
        new_table(["a"], [[1, 2]])
    with pytest.raises(CannotConvert):
        new_table(None, ["row"])
