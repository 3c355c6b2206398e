"""Values as the types that actions and statements ask for. Source: robin 6.5, actions 6."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path

from deskhand.dotnet.cultures import culture_named, invariant
from deskhand.dotnet.date_parsing import parse_date
from deskhand.dotnet.errors import NotADate, NotANumber
from deskhand.dotnet.numbers import parse_number
from deskhand.robin.errors import CannotConvert
from deskhand.robin.kinds import described
from deskhand.robin.numbers import Number, fitted, number_from_float
from deskhand.robin.rendering import Rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder, Secret, Value

_INT32 = 2**31
_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class Manner:
    """How values become other values in one run.

    Attributes:
        text: How a value looks as text.
        culture: In which culture a text is read as a date.
        today: The date that a text without one means.
    """

    text: Rendering
    culture: str
    today: Callable[[], date]


Converter = Callable[[Value, Manner], Value]
"""Makes a value one of a type, or raises CannotConvert."""


def as_number(value: Value) -> Number | None:
    """Return the number that a value is or that a text spells; None if neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return value
    if not isinstance(value, str) or not value or len(value) > 200:
        return None
    try:
        return parse_number(value, invariant(), exponent=True)
    except NotANumber:
        return None


def to_number(value: Value) -> Number:
    """Return the number that a value is or that a text spells; an empty value counts as 0.

    Raises:
        CannotConvert: It is neither.
    """
    if value is None:
        return 0
    number = as_number(value)
    if number is None:
        raise CannotConvert(described(value), "a number")
    return number


def to_boolean(value: Value) -> bool:
    """Return the boolean that a value is or that a text spells; an empty value counts as False.

    Raises:
        CannotConvert: It is neither.
    """
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word not in ("true", "false"):
        raise CannotConvert(described(value), "a boolean (True or False)")
    return word == "true"


def to_whole_number(value: Value) -> int:
    """Return the whole number that a value is or that a text spells.

    Raises:
        CannotConvert: It is none.
    """
    number = to_number(value)
    if not isinstance(number, int):
        raise CannotConvert(described(value), "a whole number")
    return number


def _bounded(limit: int) -> Converter:
    def convert(value: Value, manner: Manner) -> int:
        number = to_whole_number(value)
        if not -limit <= number < limit:
            raise CannotConvert(described(value), f"a whole number between {-limit} and {limit - 1}")
        return number

    return convert


def _to_text(value: Value, manner: Manner) -> str:
    return manner.text(value)


def _to_float(value: Value, manner: Manner) -> float:
    return float(to_number(value))


def _to_datetime(value: Value, manner: Manner) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        for culture in (culture_named(manner.culture), invariant()):
            try:
                return parse_date(value, culture, manner.today()).to_local()
            except NotADate:
                continue
    raise CannotConvert(described(value), "a datetime")


def _to_secret(value: Value, manner: Manner) -> Secret:
    return value if isinstance(value, Secret) else Secret(manner.text(value))


def _to_path(kind: type[File] | type[Folder], other: type[File] | type[Folder], wanted: str) -> Converter:
    def convert(value: Value, manner: Manner) -> File | Folder:
        if isinstance(value, kind):
            return value
        if isinstance(value, other):
            return kind(value.path)
        if isinstance(value, str) and value:
            return kind(Path(value))
        raise CannotConvert(described(value), f"{wanted} or its path")

    return convert


def _to_table(value: Value, manner: Manner) -> DataTable:
    if isinstance(value, DataTable):
        return value
    if isinstance(value, DataRow):
        return DataTable(value.columns, [value.cells])
    if value is None:
        return DataTable()
    raise CannotConvert(described(value), "a datatable")


def _to_object(value: Value, manner: Manner) -> CustomObject:
    if isinstance(value, CustomObject):
        return value
    if isinstance(value, DataRow):
        return CustomObject(zip(value.columns, value.cells, strict=True))
    raise CannotConvert(described(value), "a custom object")


def _only(kind: type, wanted: str) -> Converter:
    def convert(value: Value, manner: Manner) -> Value:
        if not isinstance(value, kind):
            raise CannotConvert(described(value), wanted)
        return value

    return convert


def _anything(value: Value, manner: Manner) -> Value:
    return value


_CONVERTERS: Mapping[str, Converter] = {
    "String": _to_text,
    "Int32": _bounded(_INT32),
    "Int64": _bounded(_INT64),
    "Double": _to_float,
    "Decimal": lambda value, manner: to_number(value),
    "Boolean": lambda value, manner: to_boolean(value),
    "DateTime": _to_datetime,
    "Encryptable": _to_secret,
    "File": _to_path(File, Folder, "a file"),
    "Folder": _to_path(Folder, File, "a folder"),
    "DataTable": _to_table,
    "DataRow": _only(DataRow, "a datarow"),
    "CustomObject": _to_object,
    "Binary": _only(bytes, "binary data"),
    "Any": _anything,
    "Object": _anything,
    "Unknown": _anything,
}


@cache
def converter(type_name: str) -> Converter:
    """Return what makes a value one of a catalogue type (actions 6).

    Args:
        type_name: Such as ``String``, ``List<File>``, or the name of an instance's class.
    """
    if type_name.startswith("List<") and type_name.endswith(">"):
        return _list_of(converter(type_name[5:-1]))
    return _CONVERTERS.get(type_name) or _instance_of(type_name)


def _list_of(convert_item: Converter) -> Converter:
    def convert(value: Value, manner: Manner) -> list[Value]:
        return [convert_item(item, manner) for item in _items(value)]

    return convert


def _items(value: Value) -> list[Value]:
    """Return a list's items; a single one stands for a list of it (robin 6.5)."""
    if isinstance(value, list):
        return value
    if isinstance(value, DataRow):
        return value.cells
    if isinstance(value, DataTable):
        return list(value)
    return [] if value is None else [value]


def _instance_of(type_name: str) -> Converter:
    def convert(value: Value, manner: Manner) -> Value:
        if not any(kind.__name__ == type_name for kind in type(value).__mro__):
            raise CannotConvert(described(value), f"an instance of {type_name}")
        return value

    return convert


def enum_converter(members: type[Enum]) -> Converter:
    """Return what finds a value of an enumeration by its name, with or without its path."""

    def convert(value: Value, manner: Manner) -> Enum:
        if isinstance(value, members):
            return value
        name = manner.text(value).rpartition(".")[2].strip().casefold()
        for member in members:
            if str(member.value).casefold() == name:
                return member
        known = ", ".join(str(member.value) for member in members)
        raise CannotConvert(described(value), f"one of {known}")

    return convert


def from_python(value: object) -> Value:
    """Return what an action's function gave back as Robin holds it.

    Raises:
        CannotConvert: Robin has no such values.
    """
    if isinstance(value, Enum):
        return from_python(value.value)
    if isinstance(value, float):
        return number_from_float(value)
    if isinstance(value, Decimal):
        return fitted(value)
    if isinstance(value, tuple):
        return [from_python(item) for item in value]
    if isinstance(value, dict) and not isinstance(value, CustomObject):
        return CustomObject((str(key), from_python(item)) for key, item in value.items())
    return value
