"""The files of a folder: named as in a zip, bounded, and without what leads out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.solutions.archive import ArchiveLimits
from deskhand.solutions.directory import list_directory, read_listed
from deskhand.solutions.errors import ArchiveTooLarge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    outside = tmp_path / "secret.json"
    outside.write_text("secret", encoding="utf-8")
    path = tmp_path / "project"
    for name in ("a.json", "b/c.json", ".git/config", "b/.env"):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    (path / "link.json").symlink_to(outside)
    (path / "up").symlink_to(tmp_path)
    return path


def test_links_and_hidden_files_are_left_out(folder: Path) -> None:
    listed = list_directory(folder)
    assert read_listed("project", listed) == {"a.json": b"a.json", "b/c.json": b"b/c.json"}


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (ArchiveLimits(entries=1), "project unpacks to 2 files; 1 are the most. Nothing was imported."),
        (ArchiveLimits(bytes=13), "project unpacks to more than 13 bytes. Nothing was imported."),
    ],
)
def test_a_folder_holds_no_more_than_a_zip_may(folder: Path, limits: ArchiveLimits, message: str) -> None:
    with pytest.raises(ArchiveTooLarge) as refused:
        read_listed("project", list_directory(folder), limits)
    assert refused.value.message == message
