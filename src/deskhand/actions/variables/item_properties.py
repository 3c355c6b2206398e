"""The properties by which a list's items can be sorted. Source: robin 8."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from deskhand.actions.variables.errors import PropertyNotFound
from deskhand.robin.values import CustomObject, DataRow, File, Folder, Instance, Value


def property_of(item: Value, name: str) -> Value:
    """Return an item's property by its Robin name, in any case.

    Raises:
        PropertyNotFound: The item has no such property.
    """
    properties = _properties(item)
    for known, value in properties.items():
        if known.casefold() == name.strip().casefold():
            return value
    raise PropertyNotFound(name, [*properties])


def _properties(item: Value) -> Mapping[str, Value]:
    match item:
        case CustomObject():
            return item
        case DataRow():
            return dict(zip(item.columns, item.cells, strict=True))
        case File():
            return _of_file(item.path)
        case Folder():
            return _of_path(item.path) | {"Parent": str(item.path.parent)}
        case str():
            return {"Length": len(item)}
        case datetime():
            parts = ("year", "month", "day", "hour", "minute", "second")
            return {part.capitalize(): getattr(item, part) for part in parts}
        case list():
            return {"Count": len(item)}
        case Instance():
            return item.properties()
    return {}


def _of_file(path: Path) -> dict[str, Value]:
    return _of_path(path) | {
        "NameWithoutExtension": path.stem,
        "Extension": path.suffix,
        "Directory": str(path.parent),
        "Size": path.stat().st_size if path.exists() else 0,
    }


def _of_path(path: Path) -> dict[str, Value]:
    known: dict[str, Value] = {"FullName": str(path), "Name": path.name}
    if path.exists():
        status = path.stat()
        known["LastModified"] = datetime.fromtimestamp(status.st_mtime)
        known["LastAccessed"] = datetime.fromtimestamp(status.st_atime)
        known["CreationTime"] = datetime.fromtimestamp(getattr(status, "st_birthtime", status.st_ctime))
    return known
