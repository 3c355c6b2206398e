from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.errors import FileUnavailable, KeyMissing, PropertyMissing
from deskhand.robin.properties import get_property
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


class Window(Instance):
    """An instance of a test."""

    def properties(self) -> dict[str, Value]:
        return {"Handle": 42}


MOMENT = datetime(2024, 12, 31, 23, 59, 58)
ERROR = ErrorValue("it failed", "why", "Work", 7, "File.Copy")


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("Abc ", "Length", 4),
        ("", "isempty", True),
        ("Abc", "ToUpper", "ABC"),
        ("Abc", "tolower", "abc"),
        (" a b ", "Trimmed", "a b"),
        (MOMENT, "Year", 2024),
        (MOMENT, "Month", 12),
        (MOMENT, "Day", 31),
        (MOMENT, "DayOfWeek", "Tuesday"),
        (MOMENT, "DayOfYear", 366),
        (MOMENT, "Hour", 23),
        (MOMENT, "Minute", 59),
        (MOMENT, "Second", 58),
        ([1, 2], "COUNT", 2),
        (DataTable(["a"], [[1], [2]]), "RowsCount", 2),
        (DataTable(["a"]), "Columns", ["a"]),
        (DataTable(["a"]), "IsEmpty", True),
        (DataTable(["a"]), "ColumnHeadersRow", DataRow(["a"], ["a"])),
        (DataRow(["a", "b"], [1, 2]), "ColumnsCount", 2),
        (DataRow(["a", "b"], [1, 2]), "ColumnsNames", ["a", "b"]),
        (CustomObject(Key=1, key=2), "key", 2),
        (CustomObject(Key=1), "KEY", 1),
        (ERROR, "Message", "it failed"),
        (ERROR, "ErrorDetails", "why"),
        (ERROR, "Location", "Subflow: Work, Action: 7, Action name: File.Copy"),
        (ERROR, "SubflowName", "Work"),
        (ERROR, "ActionIndex", 7),
        (ERROR, "ActionName", "File.Copy"),
        (Window(), "handle", 42),
        (File(Path("/a/b.tar.gz")), "FullName", "/a/b.tar.gz"),
        (File(Path("/a/b.tar.gz")), "Name", "b.tar.gz"),
        (File(Path("/a/b.tar.gz")), "NameWithoutExtension", "b.tar"),
        (File(Path("/a/b.tar.gz")), "Extension", ".gz"),
        (File(Path("/a/b")), "Directory", Folder(Path("/a"))),
        (File(Path("/a/b")), "RootPath", "/"),
        (File(Path("/a/.b")), "IsHidden", True),
        (Folder(Path("/a/b")), "Parent", Folder(Path("/a"))),
        (Folder(Path("/a/b")), "Name", "b"),
    ],
)
def test_properties(value: Any, name: str, expected: Any) -> None:
    assert get_property(value, name) == expected


@pytest.mark.parametrize(
    ("value", "name", "message"),
    [
        ([1], "IsEmpty", "a list has no property ‘IsEmpty’"),
        ([1], "Cuont", "a list has no property ‘Cuont’; did you mean ‘Count’?"),
        (5, "Length", "a number has no property ‘Length’"),
        (None, "Length", "an empty value has no property ‘Length’"),
        (Window(), "Handel", "an instance (Window) has no property ‘Handel’; did you mean ‘Handle’?"),
    ],
)
def test_unknown_properties(value: Any, name: str, message: str) -> None:
    with pytest.raises(PropertyMissing) as caught:
        get_property(value, name)
    assert str(caught.value) == message


def test_an_unknown_key() -> None:
    with pytest.raises(KeyMissing, match=r"^the custom object has no key ‘Nmae’; did you mean ‘Name’\?$"):
        get_property(CustomObject(Name=1), "Nmae")


def test_files_and_folders_are_looked_at_when_asked(tmp_path: Path) -> None:
    file, folder = File(tmp_path / "a.txt"), Folder(tmp_path)
    before = [
        get_property(file, "Exists"),
        get_property(folder, "IsEmpty"),
        get_property(folder, "FilesCount"),
    ]
    file.path.write_bytes(b"12345")
    (tmp_path / "inner").mkdir()
    after = [get_property(file, name) for name in ("Exists", "Size", "IsEmpty", "IsReadOnly")]
    counts = [get_property(folder, name) for name in ("Exists", "IsEmpty", "FilesCount", "FoldersCount")]
    assert (before, after, counts) == ([False, True, 0], [True, 5, False, False], [True, False, 1, 1])
    modified = datetime.fromtimestamp(file.path.stat().st_mtime)
    assert get_property(file, "LastModified") == modified


@pytest.mark.parametrize("name", ["Size", "LastModified", "IsEmpty", "IsReadOnly"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(FileUnavailable, match=rf"^{name} of ‘{missing}’ cannot be read: No such file"):
        get_property(File(missing), name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileUnavailable):
        get_property(Folder(tmp_path / "missing"), "FilesCount")
