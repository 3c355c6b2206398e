"""What a Robin value looks like as text. Source: robin 6.6."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.dates import format_date
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue, File, Folder

_LINE_END = "\r\n"


def as_text(value: object, culture: str) -> str:
    """Return a value as a flow shows it inside a text.

    Args:
        value: Any Robin value.
        culture: How dates are written.
    """
    match value:
        case None:
            return ""
        case str() | bool() | int():
            return str(value)
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return format_date(value, "G", culture_named(culture))
        case File() | Folder():
            return str(value.path)
        case ErrorValue():
            return f"{value.message} {value.location}".strip()
        case CustomObject():
            return json.dumps(_jsonable(value, culture), ensure_ascii=False, separators=(",", ":"))
        case DataTable():
            return _LINE_END.join(as_text(row, culture) for row in value)
        case DataRow():
            return ", ".join(as_text(cell, culture) for cell in value)
        case list():
            return _LINE_END.join(as_text(item, culture) for item in value)
        case _:
            return str(value)


def _jsonable(value: Any, culture: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(inner, culture) for key, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner, culture) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, (str, bool, int)) else as_text(value, culture)
