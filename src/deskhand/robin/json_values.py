"""A flow's inputs from JSON, and its outputs as JSON. Source: machines-and-runs 6.2."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import simplejson

from deskhand.core.errors import DeskhandError
from deskhand.robin.conversion import as_number
from deskhand.robin.errors import NumberTooLarge
from deskhand.robin.numbers import checked, fitted, number_from_float
from deskhand.robin.rendering import Rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue, File, Folder, Value

MAX_DEPTH = 200
"""Lists and objects within one another that an input may hold."""

_SHOWN = 40


class BadInput(DeskhandError):
    """A flow was given an input that is not of its declared type, so it did not start.

    Give the value in the type that the flow declares. A number may be given as text, ``"12.5"``.

    Attributes:
        name: The input's external name.
        wanted: What it takes.
        found: What it was given.
    """

    code = "DH4120"

    def __init__(self, name: str, wanted: str, found: str) -> None:
        super().__init__(f"the input ‘{name}’ takes {wanted}, not {found}")
        self.name = name
        self.wanted = wanted
        self.found = found


class _Unfit(Exception):
    """A value is not what its type takes; the border names the input."""


def from_json(value: Any, type_name: str, *, name: str, sensitive: bool = False) -> Value:
    """Return an input's value as the flow holds it.

    Args:
        value: JSON as Python reads it; a value that is Robin's already passes.
        type_name: The declared type, such as ``Numeric``.
        name: The input's external name, for the error.
        sensitive: Whether the error must not show the value.

    Raises:
        BadInput: The value is not of the type.
    """
    if value is None:
        return None
    wanted, convert = _READERS.get(type_name.casefold(), ("a value", _read_any))
    try:
        return convert(value)
    except (_Unfit, NumberTooLarge) as problem:
        found = _kind(value) if sensitive else _described(value)
        raise BadInput(name, wanted, found) from problem


def _read_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        number = _read_number(value)
        return str(number) if isinstance(number, int) else f"{number:f}"
    if isinstance(value, datetime):
        return value.isoformat()
    raise _Unfit


def _read_number(value: Any) -> int | Decimal:
    if isinstance(value, bool):
        raise _Unfit
    if isinstance(value, int):
        return checked(value)
    if isinstance(value, float):
        return number_from_float(value)
    if isinstance(value, Decimal):
        return fitted(value)
    number = as_number(value.strip()) if isinstance(value, str) else None
    if number is None:
        raise _Unfit
    return number


def _read_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in ("true", "false"):
        return value.strip().casefold() == "true"
    raise _Unfit


def _read_list(value: Any) -> list[Value]:
    found = _parsed(value)
    if not isinstance(found, list):
        raise _Unfit
    return [_read_any(item) for item in found]


def _read_object(value: Any) -> CustomObject:
    found = _parsed(value)
    if not isinstance(found, dict):
        raise _Unfit
    read: CustomObject = _read_any(found)
    return read


def _read_table(value: Any) -> DataTable:
    if isinstance(value, DataTable):
        return DataTable(value.columns, value.rows)
    records = _parsed(value)
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise _Unfit
    columns = list(dict.fromkeys(str(key) for record in records for key in record))
    rows = ([_read_any(record.get(column)) for column in columns] for record in records)
    return DataTable(columns, rows)


def _read_datetime(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _Unfit
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError as problem:
        raise _Unfit from problem


def _parsed(value: Any) -> Any:
    """Return a list or object that is one, or whose JSON text was given."""
    if not isinstance(value, str):
        return value
    try:
        return simplejson.loads(value, use_decimal=True)
    except (ValueError, RecursionError) as problem:
        raise _Unfit from problem


def _read_any(value: Any, depth: int = 0) -> Value:
    """Return a value of any shape: objects become custom objects, arrays lists (robin 7)."""
    if depth > MAX_DEPTH:
        raise _Unfit
    if isinstance(value, dict):
        return CustomObject((str(key), _read_any(item, depth + 1)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return [_read_any(item, depth + 1) for item in value]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _read_number(value)
    return value


_READERS: Mapping[str, tuple[str, Callable[[Any], Value]]] = {
    "string": ("a text", _read_text),
    "text": ("a text", _read_text),
    "numeric": ("a number", _read_number),
    "number": ("a number", _read_number),
    "bool": ("true or false", _read_boolean),
    "boolean": ("true or false", _read_boolean),
    "list": ("a list", _read_list),
    "customobject": ("an object", _read_object),
    "datatable": ("a list of objects", _read_table),
    "datetime": ("a date as ISO 8601 text", _read_datetime),
}
"""What each declared type takes, and how; a value of another type passes as it is."""


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else type(value).__name__


def _described(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return _kind(value)
    text = str(value)
    return f"‘{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}’"


def to_json(value: Value, text: Rendering) -> Any:
    """Return a value as JSON can carry it; what has no such form becomes its text.

    Args:
        value: Any value of a flow.
        text: How a value looks as text.
    """
    if isinstance(value, dict):
        return {key: to_json(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item, text) for item in value]
    if isinstance(value, DataTable):
        return [_record(value.columns, row, text) for row in value.rows]
    if isinstance(value, DataRow):
        return _record(value.columns, value.cells, text)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if value is None or isinstance(value, str | bool | int):
        return value
    return _text_form(value, text)


def _record(columns: list[str], cells: list[Value], text: Rendering) -> dict[str, Any]:
    return {column: to_json(cell, text) for column, cell in zip(columns, cells, strict=True)}


def _text_form(value: Value, text: Rendering) -> str:
    if isinstance(value, datetime):
        moment = value.isoformat()
        return moment.replace("+00:00", "Z") if value.tzinfo is UTC else moment
    if isinstance(value, File | Folder):
        return str(value.path)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.message if isinstance(value, ErrorValue) else text(value)
