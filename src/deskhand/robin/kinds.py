"""What a value is called in messages: the words of robin 7."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from deskhand.robin.values import (
    CustomObject,
    DataRow,
    DataTable,
    ErrorValue,
    File,
    Folder,
    Instance,
    Secret,
    Value,
)

_NAMES: Mapping[type, str] = {
    type(None): "an empty value",
    str: "a text",
    bool: "a boolean",
    int: "a number",
    Decimal: "a number",
    float: "a number",
    datetime: "a datetime",
    list: "a list",
    DataTable: "a datatable",
    DataRow: "a datarow",
    CustomObject: "a custom object",
    File: "a file",
    Folder: "a folder",
    ErrorValue: "an error",
    bytes: "binary data",
    Secret: "a secret",
}

_SHOWN = 40


def kind_of(value: Value) -> str:
    """Return a value's kind with its article, such as ``a number``."""
    name = _NAMES.get(type(value))
    if name is not None:
        return name
    return f"an instance ({type(value).__name__})" if isinstance(value, Instance) else type(value).__name__


def name_of_kind(kind: type) -> str:
    """Return what values of a type are called, such as ``a number``."""
    return _NAMES.get(kind, kind.__name__)


def described(value: Value) -> str:
    """Return a value's kind, and for a short text or a number what it is.

    A text is shown whole or not at all: half a secret would no longer be known as one and masked.
    """
    kind = kind_of(value)
    if isinstance(value, str):
        return f"{kind} ‘{value}’" if len(value) <= _SHOWN else f"{kind} of {len(value)} letters"
    return f"{kind} {value}" if isinstance(value, bool | int) else kind
