"""Functions of arrays, objects and texts as collections. Source: cloud-flows 5.6."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cmp_to_key
from typing import Annotated, Any

from deskhand.dotnet.collation import sort_key
from deskhand.wdl.declare import Array, Call, Expects, function, refused
from deskhand.wdl.errors import ExpressionError, FunctionFailed, FunctionMisplaced
from deskhand.wdl.functions.string import check_size
from deskhand.wdl.values import (
    Value,
    find_key,
    from_units,
    identity,
    is_number,
    to_text,
    to_units,
    type_name,
)

Sized = Annotated[str | list[Value], Expects("to be an array or a string")]
NamedCollection = Annotated[str | list[Value], Expects("'collection' to be an array or a string")]

_MOST_RANGE = 100_000
_LARGEST_RANGE = 2**31 - 1


@function(count="expects one parameter: an array or a string to get the length of.")
def length(collection: Sized) -> int:
    """Return how many elements an array or UTF-16 units a text has.

    Examples:
        length('abc') -> 3
        length('😀') -> 2
    """
    return len(to_units(collection)) if isinstance(collection, str) else len(collection)


@function(
    count="expects two parameters: the collection to search as the first parameter, the value to find as "
    "the second parameter."
)
def contains(
    collection: Annotated[
        str | list[Value] | dict[str, Value],
        Expects("'collection' to be a dictionary (object), an array or a string", "first argument"),
    ],
    value: Value,
) -> bool:
    """Return whether a text has a part, an array an element or an object a key.

    Texts are searched with case, keys without; elements must be strictly equal.

    Examples:
        contains('hello world', 'world') -> true
        contains(createArray(1, 2), 2) -> true
        contains(json('{"a": 1}'), 'A') -> true
    """
    if isinstance(collection, list):
        wanted = identity(value)
        return any(identity(one) == wanted for one in collection)
    if not isinstance(value, str):
        raise refused(
            "expects parameters of matching types: a dictionary and a key (string), an array and a value "
            f"(object), or a string and a substring. The provided types '{type_name(collection)}' and "
            f"'{type_name(value)}' are incompatible."
        )
    return value in collection if isinstance(collection, str) else find_key(collection, value) is not None


@function()
def empty(collection: Value) -> bool:
    """Return whether a text, an array or an object has nothing in it, or is null.

    Examples:
        empty('') -> true
        empty(' ') -> false
        empty(null) -> true
    """
    if collection is not None and not isinstance(collection, str | list | dict):
        raise refused(
            "expects its parameter to be an object, an array or a string. "
            f"The provided value is of type '{type_name(collection)}'."
        )
    return not collection


@function()
def first(collection: Annotated[str | list[Value], Expects("be an array or a string")]) -> Value:
    """Return the first element or letter; null of an empty array.

    Examples:
        first('abc') -> "a"
        first(json('[]')) -> null
    """
    if isinstance(collection, str):
        return from_units(to_units(collection)[:1])
    return collection[0] if collection else None


@function()
def last(collection: Annotated[str | list[Value], Expects("be an array or a string")]) -> Value:
    """Return the last element or letter; null of an empty array.

    Examples:
        last(createArray(1, 2)) -> 2
    """
    if isinstance(collection, str):
        return from_units(to_units(collection)[-1:])
    return collection[-1] if collection else None


_COUNTED = (
    "expects two parameters: the collection as the first parameter and the number of elements as the second "
    "parameter."
)
Count = Annotated[int, Expects("'count' to be an integer")]


@function(count=_COUNTED)
def skip(collection: NamedCollection, number: Count) -> Value:
    """Return a collection without its first elements.

    Examples:
        skip(createArray(0, 1, 2), 1) -> [1,2]
        skip('abc', 1) -> "bc"
    """
    if number < 0:
        raise refused(
            "parameters are out of range: 'count' must be a positive integer. The provided value is "
            f"'{number}'."
        )
    if isinstance(collection, str):
        return from_units(to_units(collection)[number:])
    return collection[number:]


@function(count=_COUNTED)
def take(collection: NamedCollection, number: Count) -> Value:
    """Return the first elements of a collection.

    Examples:
        take('abcde', 3) -> "abc"
    """
    if number < 0:  # the misspelling is the service's own, and flows may compare it
        raise refused(
            "parameters are out of range: 'count' must be a positive integer. The provided valus is "
            f"'{number}'."
        )
    if isinstance(collection, str):
        return from_units(to_units(collection)[:number])
    return collection[:number]


def _same_type(name: str, collections: Sequence[Value]) -> type:
    """Return the type of all collections: list or dict.

    Raises:
        FunctionFailed: They are not all arrays or all objects.
    """
    usage = (
        "expects either a comma separated list of arrays or a comma separated list of objects as its "
        "parameters. The function was invoked with"
    )
    if len(collections) < 2:
        raise refused(f"{usage} '{len(collections)}' parameter(s).")
    types = list(dict.fromkeys(map(type_name, collections)))
    if len(types) > 1:
        raise FunctionFailed(
            name,
            f"Template language function '{name}' expects parameters of same type, "
            f"but found '{','.join(types)}' distinct types.",
        )
    if types[0] not in ("Array", "Object"):
        raise refused(f"{usage} parameters of type '{types[0]}'.")
    return list if types[0] == "Array" else dict


@function()
def union(*collections: Value) -> Value:
    """Return all distinct elements of arrays, or all members of objects; the last one wins.

    Examples:
        union(createArray(1, 2), createArray(2, 3)) -> [1,2,3]
        union(json('{"a": 1}'), json('{"a": 2, "b": 3}')) -> {"a":2,"b":3}
    """
    if _same_type("union", collections) is list:
        return _distinct([one for collection in collections for one in collection])
    return {key: value for collection in collections for key, value in collection.items()}


@function()
def intersection(*collections: Value) -> Value:
    """Return the distinct elements, or the members, that all collections have.

    Examples:
        intersection(createArray(1, 2, 3), createArray(3, 2)) -> [2,3]
        intersection(json('{"a": 1, "b": 2}'), json('{"b": 2}')) -> {"b":2}
    """
    kind = _same_type("intersection", collections)
    if kind is list:
        known = [{identity(one) for one in collection} for collection in collections[1:]]
        return [one for one in _distinct(collections[0]) if all(identity(one) in each for each in known)]
    return {
        key: value
        for key, value in collections[0].items()
        if all(key in other and identity(other[key]) == identity(value) for other in collections[1:])
    }


def _distinct(values: Sequence[Value]) -> list[Value]:
    found: dict[Hashable, Value] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return list(found.values())


@function(
    count="expects two parameters: the array of elements to join as the first parameter, and the element "
    "separator as the second parameter."
)
def join(
    call: Call,
    collection: Annotated[list[Value], Expects("to be an array")],
    separator: Annotated[str, Expects("to be a string")],
) -> str:
    """Return the elements of an array as one text.

    Examples:
        join(createArray('a', 'b', null), '-') -> "a-b-"
    """
    texts = list(map(to_text, collection))
    check_size(call, sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


@function()
def reverse(
    collection: Annotated[list[Value], Expects("to be of type array", "first parameter")],
) -> list[Value]:
    """Return an array backwards.

    Examples:
        reverse(createArray(1, 2)) -> [2,1]
    """
    return collection[::-1]


@function(
    count="expects one or two parameters: the array to sort as the first parameter and the optional name of "
    "the property to sort by as the second parameter."
)
def sort(
    collection: Array, property: Annotated[str | None, Expects("to be of type string")] = None
) -> list[Value]:
    """Return an array in ascending order, null first; objects by one of their properties.

    Examples:
        sort(createArray(2, 1, 3)) -> [1,2,3]
        sort(json('[{"n": 2}, {"n": 1}]'), 'N') -> [{"n":1},{"n":2}]
    """
    if property is None:
        return sorted(collection, key=cmp_to_key(_compare_plain))
    order = cmp_to_key(_compare_by_key)
    return sorted(collection, key=lambda one: order(_member(one, property)))


def _member(value: Value, name: str) -> Value:
    if not isinstance(value, dict):
        return None
    key = find_key(value, name)
    return None if key is None else value[key]


def _compare_plain(left: Value, right: Value) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return _sign(to_units(left), to_units(right))
    return _compare(left, right)


def _compare_by_key(left: Value, right: Value) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return _sign(sort_key(left), sort_key(right))
    return _compare(left, right)


def _compare(left: Value, right: Value) -> int:
    if left is None or right is None:
        return (left is not None) - (right is not None)
    booleans = isinstance(left, bool) and isinstance(right, bool)
    if booleans or (is_number(left) and is_number(right)):
        return int(left > right) - int(left < right)
    raise ExpressionError("Failed to compare two elements in the array.", topic=None)


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


@function(
    name="range",
    count="expects two parameters: the start index as the first parameter and the number of integers as the "
    "second parameter.",
)
def range_(
    start: Annotated[int, Expects("'start index' to be an integer")],
    number: Annotated[int, Expects("'count' to be an integer")],
) -> list[Value]:
    """Return whole numbers in a row.

    Examples:
        range(1, 4) -> [1,2,3,4]
    """
    if not 0 <= number <= _MOST_RANGE or start + number > _LARGEST_RANGE:
        raise refused(
            f"parameters are out of range: 'count' must be a positive integer no larger than '{_MOST_RANGE}' "
            f"and the sum of 'start index' and 'count' must be no larger than {_LARGEST_RANGE}."
        )
    return list(range(start, start + number))


@function(count="expects a comma separated list of parameters. The function was invoked with no parameters.")
def create_array(first: Value, *others: Value) -> list[Value]:
    """Return an array of values.

    Examples:
        createArray(1, 'a', null) -> [1,"a",null]
    """
    return [first, *others]


@function(aliases=("repeatItem",), count="expects no parameters.")
def item(call: Call) -> Value:
    """Return the current element of the innermost loop or selection.

    Examples:
        item() -> "current"
    """
    if not call.scope.item:
        raise FunctionMisplaced("item")
    return call.scope.item[0]
