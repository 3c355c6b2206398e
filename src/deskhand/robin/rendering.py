"""What values look like inside a text. Source: robin 6.6."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import simplejson

from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.dates import format_date
from deskhand.robin.values import (
    CustomObject,
    DataRow,
    DataTable,
    ErrorValue,
    File,
    Folder,
    Value,
)

LINE_END = "\r\n"

Rendering = Callable[[Value], str]
"""Turns any value into text."""

_CULTURES_KEPT = 32


@lru_cache(_CULTURES_KEPT)
def rendering(culture: str, number_culture: str = "") -> Rendering:
    """Return the function that turns values into text.

    Args:
        culture: The culture in which dates are written.
        number_culture: The culture whose decimal separator numbers have; the invariant one if omitted.
    """
    dates, point = culture_named(culture), culture_named(number_culture).decimal_separator

    def text(value: Value) -> str:
        render = renders.get(type(value))
        return render(value) if render is not None else str(value)

    renders: Mapping[type, Rendering] = {
        str: lambda value: value,
        int: str,
        bool: str,
        type(None): lambda _: "",
        Decimal: lambda value: _plain(value).replace(".", point),
        float: lambda value: _plain(Decimal(repr(value))).replace(".", point),
        datetime: lambda value: format_date(value, "G", dates),
        list: lambda value: LINE_END.join(map(text, value)),
        DataTable: lambda value: LINE_END.join(", ".join(map(text, row)) for row in value.rows),
        DataRow: lambda value: ", ".join(map(text, value.cells)),
        CustomObject: lambda value: _json(value, text),
        File: lambda value: str(value.path),
        Folder: lambda value: str(value.path),
        ErrorValue: _error,
        bytes: lambda value: base64.b64encode(value).decode("ascii"),
    }
    return text


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def _error(error: ErrorValue) -> str:
    return f"{error.message} ({error.location})" if error.subflow else error.message


def _json(value: CustomObject, text: Rendering) -> str:
    return simplejson.dumps(
        _jsonable(value, text), ensure_ascii=False, separators=(",", ":"), use_decimal=True
    )


def _jsonable(value: Value, text: Rendering) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(inner, text) for key, inner in value.items()}
    if isinstance(value, list | DataRow):
        return [_jsonable(inner, text) for inner in value]
    if isinstance(value, DataTable):
        return [dict(zip(value.columns, _jsonable(row, text), strict=True)) for row in value.rows]
    return value if value is None or isinstance(value, str | bool | int | Decimal) else text(value)
