from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.actions.variables import list_actions as lists
from deskhand.actions.variables.choices import SortDirection
from deskhand.actions.variables.errors import (
    IncompatibleLists,
    InvalidRule,
    ItemIndexOutOfRange,
    ItemNotFound,
    PropertyNotFound,
)
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder, Reference


def held(*items: object) -> Reference[list[object]]:
    return Reference(list(items))


def never_assigned() -> Reference[Any]:
    return Reference(None)


def test_a_new_list_is_empty_and_its_own() -> None:
    first = lists.create_new_list()
    first.append(1)

    assert lists.create_new_list() == []


def test_items_are_added_in_place() -> None:
    items = held(1)
    same = items.value

    lists.add_item_to_list([2, 3], items)

    assert items.value == [1, [2, 3]]
    assert items.value is same


def test_adding_to_a_variable_that_was_never_assigned_makes_a_list() -> None:
    items = never_assigned()

    lists.add_item_to_list("x", items)

    assert items.value == ["x"]


def test_a_list_is_cleared() -> None:
    items = held(1, 2)

    lists.clear_list(items)

    assert items.value == []


def test_an_item_is_removed_by_index() -> None:
    items = held("a", "b", "c")

    lists.remove_item_by_index(1, items)

    assert items.value == ["a", "c"]


@pytest.mark.parametrize("index", [-1, 2])
def test_an_index_outside_the_list_is_an_error(index: int) -> None:
    with pytest.raises(ItemIndexOutOfRange) as caught:
        lists.remove_item_by_index(index, held("a", "b"))

    assert str(caught.value) == f"The list has 2 items and so none at index {index}; count from 0."


def test_items_are_removed_by_value(context: ActionContext) -> None:
    first, every = held("a", 1, "a", "1"), held("a", 1, "a", "1")

    lists.remove_item_by_value(context, "a", first)
    lists.remove_item_by_value(context, 1, every, item_match_all_occurrences=True)

    assert first.value == [1, "a", "1"]
    assert every.value == ["a", "a"]


def test_an_item_that_is_not_there_is_an_error(context: ActionContext) -> None:
    with pytest.raises(ItemNotFound, match="The list has no item ‘A’"):
        lists.remove_item_by_value(context, "A", held("a"))


def test_duplicates_are_removed_and_kinds_are_told_apart() -> None:
    exact, folded = held("a", "A", "a", 1, "1", True, Decimal(1)), held("b", "B", "c")

    lists.remove_duplicate_items(exact)
    lists.remove_duplicate_items(folded, ignore_case=True)

    assert exact.value == ["a", "A", 1, "1", True]
    assert folded.value == ["b", "c"]


def test_duplicates_are_found_inside_collections() -> None:
    items = held([1, CustomObject(a="x")], [1, CustomObject(a="x")], DataRow(["a"], [1]), File(Path("/a")))

    lists.remove_duplicate_items(items)

    assert items.value == [[1, CustomObject(a="x")], DataRow(["a"], [1]), File(Path("/a"))]


def test_a_list_is_reversed_and_shuffled() -> None:
    items = held(*range(50))

    lists.reverse_list(items)
    assert items.value == list(range(49, -1, -1))

    lists.shuffle_list(items)
    assert sorted(items.value, key=str) == sorted(range(50), key=str)


def test_sorting_orders_texts_as_people_do_and_numbers_by_size() -> None:
    texts, mixed = held("Banana", "apple", "Äpfel", "10", "9"), held("b", 10, None, 9, True)

    lists.sort_list(texts)
    lists.sort_list(mixed)

    assert texts.value == ["10", "9", "Äpfel", "apple", "Banana"]
    assert mixed.value == [None, True, 9, 10, "b"]


def names(people: Reference[list[object]]) -> list[object]:
    return [one["Name"] for one in people.value if isinstance(one, CustomObject)]


def test_sorting_by_properties_is_stable() -> None:
    def person(name: str, age: int) -> CustomObject:
        return CustomObject(Name=name, Age=age)

    people = held(person("b", 2), person("a", 1), person("c", 2), person("d", 1))

    lists.sort_list_by_property(people, "age", SortDirection.DESCENDING)
    assert names(people) == ["b", "c", "a", "d"]

    lists.sort_list_by_property(people, "Age", SortDirection.ASCENDING, "Name", SortDirection.DESCENDING)
    assert names(people) == ["d", "a", "c", "b"]


def test_files_are_sorted_by_their_properties(tmp_path: Path) -> None:
    small, large = tmp_path / "z.txt", tmp_path / "a.log"
    small.write_text("1", encoding="ascii")
    large.write_text("22", encoding="ascii")
    os.utime(small, (2_000_000_000, 2_000_000_000))
    os.utime(large, (1_000_000_000, 1_000_000_000))
    files = held(File(small), File(large))

    for name, expected in (
        ("Size", [small, large]),
        ("LastModified", [large, small]),
        ("extension", [large, small]),
        ("NameWithoutExtension", [large, small]),
    ):
        lists.sort_list_by_property(files, name)
        assert files.value == [File(one) for one in expected], name


def test_other_items_have_properties_too(tmp_path: Path) -> None:
    cases: list[tuple[str, list[object]]] = [
        ("Name", [Folder(tmp_path / "a"), Folder(tmp_path / "b")]),
        ("FullName", [Folder(tmp_path / "a" / "z"), Folder(tmp_path / "b" / "a")]),
        ("x", [DataRow(["X"], [1]), DataRow(["X"], [2])]),
        ("Length", ["bb", "aaa"]),
        ("Year", [datetime(2020, 5, 1), datetime(2021, 1, 1)]),
        ("Count", [[2], [1, 1]]),
    ]
    for name, expected in cases:
        items = held(*reversed(expected))
        lists.sort_list_by_property(items, name)
        assert items.value == expected, name


def test_sorting_without_a_property_sorts_the_items() -> None:
    items = held(1, 3, 2)

    lists.sort_list_by_property(items, sort_direction1=SortDirection.DESCENDING)

    assert items.value == [3, 2, 1]


def test_an_unknown_property_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(PropertyNotFound) as caught:
        lists.sort_list_by_property(held(CustomObject(Name="x")), "Nmae")

    assert str(caught.value) == (
        "The list cannot be sorted: the custom object has no key ‘Nmae’; did you mean ‘Name’?"
    )


def test_lists_are_merged_subtracted_and_intersected() -> None:
    first: list[object] = [1, "a", 1, "b", "A"]
    second: list[object] = ["a", 2, 1]

    assert lists.merge_lists(first, second) == [1, "a", 1, "b", "A", "a", 2, 1]
    assert lists.subtract_lists(first, second) == ["b", "A"]
    assert lists.find_common_list_items(first, second) == [1, "a"]
    assert (first, second) == ([1, "a", 1, "b", "A"], ["a", 2, 1])


def test_only_lists_can_be_merged() -> None:
    wrong: Any = "text"

    with pytest.raises(IncompatibleLists, match="A list and a str cannot be merged"):
        lists.merge_lists([], wrong)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ([["And", "Contains", "an"]], ["banana", "mango"]),
        ([["Starts with", "b"]], ["banana"]),
        ([["And", "Is not empty", ""], ["And", "Does not contain", "n"]], ["Apple"]),
        ([["And", "=", "banana"], ["Or", "Equals", "mango"]], ["banana", "mango"]),
        ([["And", "Is empty"]], [""]),
        ([], ["banana", "Apple", "", "mango"]),
    ],
)
def test_a_list_is_filtered(context: ActionContext, rules: list[list[object]], kept: list[object]) -> None:
    columns = [f"c{number}" for number in range(3)]

    filtered = lists.filter_list(context, ["banana", "Apple", "", "mango"], DataTable(columns, rules))

    assert filtered == kept


def test_filters_may_ignore_case(context: ActionContext) -> None:
    rules = DataTable(["", "", ""], [["And", "Ends with", "PLE"]])

    assert lists.filter_list(context, ["Apple", "apply"], rules, ignore_case=True) == ["Apple"]


def test_an_unknown_operator_is_an_error(context: ActionContext) -> None:
    with pytest.raises(InvalidRule) as caught:
        lists.filter_list(context, ["a"], DataTable(["", "", ""], [["And", "Contians", "a"]]))

    assert str(caught.value) == "Rule 1 cannot be used: ‘Contians’ is no operator; did you mean ‘Contains’?"


@pytest.mark.parametrize("action", [lists.reverse_list, lists.shuffle_list, lists.sort_list])
def test_a_variable_that_was_never_assigned_is_an_empty_list(
    action: Callable[[Reference[list[object]]], None],
) -> None:
    items = never_assigned()

    action(items)

    assert items.value == []
