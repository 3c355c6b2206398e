"""Folders that may be watched, and what lies out of reach."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deskhand.cloudflows import folders
from deskhand.cloudflows.folders import (
    FolderRefused,
    FolderTooLarge,
    FolderUnreadable,
    Sight,
    allowed_folders,
    opened_folder,
)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "share" / "inbox"
    path.mkdir(parents=True)
    return path


def names(path: Path | str, *allowed: Path) -> list[str]:
    with opened_folder(str(path), allowed_folders(";".join(map(str, allowed)))) as folder:
        return sorted(folder.files())


def test_an_allowed_folder_and_those_below_it_are_read(inbox: Path) -> None:
    (inbox / "a.txt").write_text("a")
    (inbox.parent / "b.txt").write_text("b")

    assert (names(inbox, inbox.parent), names(inbox.parent, inbox.parent)) == (["a.txt"], ["b.txt"])


def test_only_files_count(inbox: Path) -> None:
    (inbox / "a.txt").write_text("a")
    (inbox / "folder").mkdir()
    (inbox / "link").symlink_to(inbox / "a.txt")
    os.mkfifo(inbox / "pipe")

    assert names(inbox, inbox) == ["a.txt"]


@pytest.mark.parametrize("path", ["{out}", "{root}/../out", "{root}x", "inbox", "", "/"])
def test_other_folders_are_refused(tmp_path: Path, path: str) -> None:
    for name in ("share", "out", "sharex"):
        (tmp_path / name).mkdir()
    wanted = path.format(root=tmp_path / "share", out=tmp_path / "out")
    with pytest.raises(FolderRefused):
        names(wanted, tmp_path / "share")


def test_nothing_is_allowed_at_first(inbox: Path) -> None:
    with pytest.raises(FolderRefused):
        names(inbox)


def test_links_lead_nowhere(tmp_path: Path, inbox: Path) -> None:
    out = tmp_path / "out"
    (out / "deep").mkdir(parents=True)
    (inbox / "link").symlink_to(out)
    for path in (inbox / "link", inbox / "link" / "deep"):
        with pytest.raises(FolderUnreadable):
            names(path, inbox)


def test_a_folder_that_is_missing_or_a_file_cannot_be_read(inbox: Path) -> None:
    (inbox / "a.txt").write_text("a")
    for name in ("missing", "a.txt"):
        with pytest.raises(FolderUnreadable):
            names(inbox / name, inbox)


def test_a_folder_of_very_many_files_is_refused(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    for number in range(3):
        (inbox / str(number)).touch()
    with pytest.raises(FolderTooLarge):
        names(inbox, inbox)


def test_a_file_is_read_only_if_it_is_as_it_was_seen(tmp_path: Path, inbox: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("1234")
    for name in ("same", "grown", "gone", "replaced"):
        (inbox / name).write_text("1234")
    with opened_folder(str(inbox), allowed_folders(str(inbox))) as folder:
        seen = folder.files()
        (inbox / "grown").write_text("12345")
        (inbox / "gone").unlink()
        (inbox / "replaced").unlink()
        (inbox / "replaced").symlink_to(secret)

        assert [folder.read(name, seen[name]) for name in ("same", "grown", "gone")] == [b"1234", None, None]
        with pytest.raises(FolderUnreadable):
            folder.read("replaced", Sight(4, secret.stat().st_mtime_ns))
