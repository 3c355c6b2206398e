"""The properties that values of each type have. Source: robin 8."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from deskhand.robin.errors import FileUnavailable, KeyMissing, PropertyMissing
from deskhand.robin.kinds import kind_of
from deskhand.robin.values import (
    CustomObject,
    DataRow,
    DataTable,
    ErrorValue,
    File,
    Folder,
    Instance,
    Value,
)

Getter = Callable[[Value], Value]
Properties = Mapping[str, Getter]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""English whatever the culture (robin 8)."""


def _folded(properties: Properties) -> Properties:
    return {name.casefold(): getter for name, getter in properties.items()}


TEXT: Properties = {
    "Length": len,
    "IsEmpty": lambda text: not text,
    "ToUpper": str.upper,
    "ToLower": str.lower,
    "Trimmed": str.strip,
}

DATETIME: Properties = {
    "Year": lambda moment: moment.year,
    "Month": lambda moment: moment.month,
    "Day": lambda moment: moment.day,
    "DayOfWeek": lambda moment: _DAYS[moment.weekday()],
    "DayOfYear": lambda moment: moment.timetuple().tm_yday,
    "Hour": lambda moment: moment.hour,
    "Minute": lambda moment: moment.minute,
    "Second": lambda moment: moment.second,
}

LIST: Properties = {"Count": len}

TABLE: Properties = {
    "RowsCount": len,
    "Columns": lambda table: list(table.columns),
    "IsEmpty": lambda table: not table.rows,
    "ColumnHeadersRow": lambda table: DataRow(list(table.columns), list(table.columns)),
}

ROW: Properties = {
    "ColumnsCount": lambda row: len(row.cells),
    "ColumnsNames": lambda row: list(row.columns),
}

ERROR: Properties = {
    "Message": lambda error: error.message,
    "ErrorDetails": lambda error: error.details,
    "Location": lambda error: error.location,
    "SubflowName": lambda error: error.subflow,
    "ActionIndex": lambda error: error.action_index,
    "ActionName": lambda error: error.action_name,
}


# Files and folders: looked at when a property is asked for


def _stat(path: Path, name: str) -> os.stat_result:
    try:
        return path.stat()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FileUnavailable(str(path), name, reason) from problem


def _moment(name: str, field: str) -> Getter:
    def get(value: File | Folder) -> datetime:
        return datetime.fromtimestamp(getattr(_stat(value.path, name), field))  # naive: the machine's time

    return get


def _exists(test: Callable[[Path], bool]) -> Getter:
    def get(value: File | Folder) -> bool:
        try:
            return test(value.path)
        except (OSError, ValueError):
            return False

    return get


def _is_read_only(value: File) -> bool:
    return not _stat(value.path, "IsReadOnly").st_mode & stat.S_IWUSR


def _count(name: str, kind: Callable[[os.DirEntry[str]], bool]) -> Getter:
    def get(value: Folder) -> int:
        try:
            with os.scandir(value.path) as entries:
                return sum(1 for one in entries if kind(one))
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise FileUnavailable(str(value.path), name, reason) from problem

    return get


def _root(value: File | Folder) -> str:
    return value.path.anchor


def _is_hidden(value: File | Folder) -> bool:
    return value.path.name.startswith(".")


_entries = _count("IsEmpty", lambda entry: True)

FILE: Properties = {
    "FullName": lambda file: str(file.path),
    "RootPath": _root,
    "Directory": lambda file: Folder(file.path.parent),
    "Name": lambda file: file.path.name,
    "NameWithoutExtension": lambda file: file.path.stem,
    "Extension": lambda file: file.path.suffix,
    "Size": lambda file: _stat(file.path, "Size").st_size,
    "CreationTime": _moment("CreationTime", "st_ctime"),
    "LastAccessed": _moment("LastAccessed", "st_atime"),
    "LastModified": _moment("LastModified", "st_mtime"),
    "IsHidden": _is_hidden,
    "IsSystem": lambda file: False,
    "IsReadOnly": _is_read_only,
    "IsArchive": lambda file: False,
    "Exists": _exists(Path.is_file),
    "IsEmpty": lambda file: _stat(file.path, "IsEmpty").st_size == 0,
}

FOLDER: Properties = {
    "FullName": lambda folder: str(folder.path),
    "RootPath": _root,
    "Parent": lambda folder: Folder(folder.path.parent),
    "Name": lambda folder: folder.path.name,
    "CreationTime": _moment("CreationTime", "st_ctime"),
    "LastModified": _moment("LastModified", "st_mtime"),
    "IsHidden": _is_hidden,
    "Exists": _exists(Path.is_dir),
    "IsEmpty": lambda folder: _entries(folder) == 0,
    "FilesCount": _count("FilesCount", lambda entry: entry.is_file()),
    "FoldersCount": _count("FoldersCount", lambda entry: entry.is_dir()),
}

PROPERTIES: Mapping[type, Properties] = {
    str: TEXT,
    datetime: DATETIME,
    list: LIST,
    DataTable: TABLE,
    DataRow: ROW,
    ErrorValue: ERROR,
    File: FILE,
    Folder: FOLDER,
}
"""The properties of each type by their documented names."""

_BY_FOLD: Mapping[type, Properties] = {kind: _folded(known) for kind, known in PROPERTIES.items()}


def get_property(value: Value, name: str) -> Value:
    """Return a property of a value, or a custom object's value under a key; case does not matter.

    Raises:
        PropertyMissing: The type has no such property.
        KeyMissing: The custom object has no such key.
    """
    known = _BY_FOLD.get(type(value))
    if known is not None:
        getter = known.get(name.casefold())
        if getter is None:
            raise PropertyMissing(kind_of(value), name, PROPERTIES[type(value)])
        return getter(value)
    if isinstance(value, CustomObject):
        return value_under(value, name)
    if isinstance(value, Instance):
        return _instance_property(value, name)
    raise PropertyMissing(kind_of(value), name, ())


def value_under(value: CustomObject, key: str) -> Value:
    """Return a custom object's value under a key, spelled exactly or in other case.

    Raises:
        KeyMissing: There is none.
    """
    found = value.find(key)
    if found is None:
        raise KeyMissing(key, value)
    return value[found]


def _instance_property(value: Instance, name: str) -> Value:
    properties = value.properties()
    for known, content in properties.items():
        if known.casefold() == name.casefold():
            return content
    raise PropertyMissing(kind_of(value), name, properties)
