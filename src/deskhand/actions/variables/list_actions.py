"""The Variables actions on lists. Source: actions.yaml, group Variables; robin 7."""

from __future__ import annotations

import random

from deskhand.actions.rendering import as_text
from deskhand.actions.variables.choices import SortDirection, variables
from deskhand.actions.variables.comparison import distinct, equal, identity, order_key
from deskhand.actions.variables.errors import (
    IncompatibleLists,
    InvalidRule,
    ItemIndexOutOfRange,
    ItemNotFound,
    PropertyNotFound,
)
from deskhand.actions.variables.item_properties import property_of
from deskhand.actions.variables.rules import Manner, filter_rules, passes
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import DataTable, Reference

_SORT_LABELS = {
    "property1": "First property to sort by",
    "sort_direction1": "Sort",
    "property2": "Second property to sort by",
    "sort_direction2": "Sort",
    "property3": "Third property to sort by",
    "sort_direction3": "Sort",
}
FILTER_DIFFERS = (
    "Rules are read as a table of connective, column, operator and value; “and” binds closer than “or”."
)


def _items(reference: Reference[list[object]]) -> list[object]:
    """Return the list of a variable; one that was never assigned gets an empty list."""
    held: list[object] | None = reference.value
    reference.value = [] if held is None else held
    return reference.value


@variables.action(
    "CreateNewList",
    label="Create new list",
    summary="Create a new list",
    outputs=("List",),
)
def create_new_list() -> list[object]:
    """Make an empty list.

    Returns:
        The list.
    """
    return []


@variables.action(
    "AddItemToList",
    label="Add item to list",
    summary="Add {Item} to {List}",
    names={"items": "List"},
    labels={"item": "Add item", "items": "Into list"},
)
def add_item_to_list(item: object, items: Reference[list[object]]) -> None:
    """Put an item at the end of a list.

    Args:
        item: The item; a list becomes one item of its own.
        items: The list; a variable that was never assigned becomes a new one.
    """
    _items(items).append(item)


@variables.action(
    "ClearList",
    label="Clear list",
    summary="Clear {List}",
    names={"items": "List"},
    labels={"items": "List to clear"},
)
def clear_list(items: Reference[list[object]]) -> None:
    """Remove every item of a list.

    Args:
        items: The list to clear.
    """
    items.value = []


@variables.action(
    "RemoveItemFromList",
    variant="RemoveItemFromListByIndex",
    label="Remove item from list",
    summary="Remove the item at {ItemIndex} from {List}",
    errors=(ItemIndexOutOfRange, ItemNotFound),
    names={"items": "List"},
    labels={"item_index": "At index", "items": "From list"},
)
def remove_item_by_index(item_index: int, items: Reference[list[object]]) -> None:
    """Remove the item at a place in a list.

    Args:
        item_index: The place; the first item is at 0.
        items: The list to remove from.
    """
    held = _items(items)
    if not 0 <= item_index < len(held):
        raise ItemIndexOutOfRange(item_index, len(held))
    del held[item_index]


@variables.action(
    "RemoveItemFromList",
    variant="RemoveItemFromListByValue",
    label="Remove item from list",
    summary="Remove {Item} from {List}",
    errors=(ItemIndexOutOfRange, ItemNotFound),
    names={"items": "List"},
    labels={
        "item": "With value",
        "items": "From list",
        "item_match_all_occurrences": "Remove all item occurrences",
    },
)
def remove_item_by_value(
    context: ActionContext,
    item: object,
    items: Reference[list[object]],
    item_match_all_occurrences: bool = False,
) -> None:
    """Remove an item that has a value.

    Args:
        item: The value to look for.
        items: The list to remove from.
        item_match_all_occurrences: Whether all such items go, or only the first.
    """
    held = _items(items)
    found = [index for index, one in enumerate(held) if equal(one, item)]
    if not found:
        raise ItemNotFound(as_text(item, context.culture))
    for index in reversed(found if item_match_all_occurrences else found[:1]):
        del held[index]


@variables.action(
    "RemoveDuplicateItemsFromList",
    label="Remove duplicate items from list",
    summary="Remove duplicate items from {List}",
    names={"items": "List"},
    labels={
        "items": "List to remove duplicate items from",
        "ignore_case": "Ignore text case while searching for duplicate items",
    },
)
def remove_duplicate_items(items: Reference[list[object]], ignore_case: bool = False) -> None:
    """Keep the first of each item that occurs more than once.

    Args:
        items: The list to change.
        ignore_case: Whether capital and small letters are the same.
    """
    items.value = list(distinct(_items(items), ignore_case))


@variables.action(
    "ReverseList",
    label="Reverse list",
    summary="Reverse {List}",
    names={"items": "List"},
    labels={"items": "List to reverse"},
)
def reverse_list(items: Reference[list[object]]) -> None:
    """Put a list's items in the opposite order.

    Args:
        items: The list to reverse.
    """
    _items(items).reverse()


@variables.action(
    "ShuffleList",
    label="Shuffle list",
    summary="Shuffle {List}",
    names={"items": "List"},
    labels={"items": "List to shuffle"},
)
def shuffle_list(items: Reference[list[object]]) -> None:
    """Put a list's items in a random order.

    Args:
        items: The list to shuffle.
    """
    random.shuffle(_items(items))


@variables.action(
    "SortList",
    variant="SortList",
    label="Sort list",
    summary="Sort {List}",
    names={"items": "List"},
    labels={"items": "List to sort"},
)
def sort_list(items: Reference[list[object]]) -> None:
    """Put a list's items in ascending order, texts as people order them.

    Args:
        items: The list to sort.
    """
    _items(items).sort(key=order_key)


@variables.action(
    "SortList",
    variant="SortListByProperty",
    label="Sort list",
    summary="Sort {List} by {Property1}",
    errors=(PropertyNotFound,),
    names={"items": "List"},
    labels={"items": "List to sort", **_SORT_LABELS},
)
def sort_list_by_property(
    items: Reference[list[object]],
    property1: str = "",
    sort_direction1: SortDirection = SortDirection.ASCENDING,
    property2: str = "",
    sort_direction2: SortDirection = SortDirection.ASCENDING,
    property3: str = "",
    sort_direction3: SortDirection = SortDirection.ASCENDING,
) -> None:
    """Order a list's items by up to three of their properties.

    Args:
        items: The list to sort.
        property1: The property that decides first; the items themselves if empty.
        sort_direction1: The first property's order.
        property2: The property that decides between items that are equal so far.
        sort_direction2: The second property's order.
        property3: The property that decides last.
        sort_direction3: The third property's order.
    """
    held = _items(items)
    wanted = ((property1, sort_direction1), (property2, sort_direction2), (property3, sort_direction3))
    given = [(name, direction) for name, direction in wanted if name]
    if not given:
        held.sort(key=order_key, reverse=sort_direction1 is SortDirection.DESCENDING)
    # Sorting is stable, so the property that decides first is sorted by last.
    for name, direction in reversed(given):
        _sort_by(held, name, direction)


def _sort_by(items: list[object], name: str, direction: SortDirection) -> None:
    items.sort(
        key=lambda item: order_key(property_of(item, name)),
        reverse=direction is SortDirection.DESCENDING,
    )


@variables.action(
    "MergeLists",
    label="Merge lists",
    summary="Merge {FirstList} and {SecondList}",
    outputs=("OutputList",),
    errors=(IncompatibleLists,),
    labels={"first_list": "First list", "second_list": "Second list"},
    differs="Lists of different kinds of items can be merged.",
)
def merge_lists(first_list: list[object], second_list: list[object]) -> list[object]:
    """Put two lists together.

    Args:
        first_list: The list whose items come first.
        second_list: The list whose items follow.

    Returns:
        A new list of all items.
    """
    if not (isinstance(first_list, list) and isinstance(second_list, list)):
        raise IncompatibleLists(first_list, second_list)
    return [*first_list, *second_list]


@variables.action(
    "SubtractLists",
    label="Subtract lists",
    summary="Subtract {SecondList} from {FirstList}",
    outputs=("OutputList",),
    variables=("ListDifference",),
    labels={"first_list": "First list", "second_list": "Second list"},
)
def subtract_lists(first_list: list[object], second_list: list[object]) -> list[object]:
    """Find what only the first of two lists holds.

    Args:
        first_list: The list to subtract from.
        second_list: The list whose items are left out.

    Returns:
        The first list's items that the second lacks, each once.
    """
    known = {identity(item) for item in second_list}
    return [item for item in distinct(first_list) if identity(item) not in known]


@variables.action(
    "FindCommonListItems",
    label="Find common list items",
    summary="Find the common items of {FirstList} and {SecondList}",
    outputs=("OutputList",),
    variables=("IntersectionList",),
    labels={"first_list": "First list", "second_list": "Second list"},
)
def find_common_list_items(first_list: list[object], second_list: list[object]) -> list[object]:
    """Find what two lists have in common.

    Args:
        first_list: The first list, which gives the order.
        second_list: The second list.

    Returns:
        The items of both, each once.
    """
    known = {identity(item) for item in second_list}
    return [item for item in distinct(first_list) if identity(item) in known]


@variables.action(
    "FilterList",
    label="Filter list",
    summary="Filter {ListToFilter}",
    outputs=("FilteredList",),
    errors=(InvalidRule,),
    differs=FILTER_DIFFERS,
)
def filter_list(
    context: ActionContext,
    list_to_filter: list[object],
    filter_parameters: DataTable,
    ignore_case: bool = False,
) -> list[object]:
    """Find the items of a list that satisfy rules.

    Args:
        list_to_filter: The list to filter.
        filter_parameters: One row for each rule: And or Or, an operator such as Contains, and a value.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The items that satisfy the rules.
    """
    rules = filter_rules(filter_parameters, None)
    manner = Manner(context.culture, ignore_case)
    return [item for item in list_to_filter if passes([item], rules, manner)]
