from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deskhand.actions.folder import actions
from deskhand.actions.folder.choices import IfExists, SortBy, SpecialFolder
from deskhand.actions.folder.errors import (
    CantCopyFolder,
    CantCreateFolder,
    CantDeleteFolder,
    CantDeleteFoldersContents,
    CantMoveFolder,
    CantRenameFolder,
    CantRetrieveListOfFiles,
    DestinationFolderDoesntExist,
    FolderDoesntExist,
    NewFolderPathAndNameAreEmpty,
)
from deskhand.robin.values import File, Folder

HOSTILE_NAMES = [
    "not utf-8 \udcff",
    "line\nbreak",
    "naïve ☃ 件数",
    "-rf",
    "back\\slash",
    "%TEMP%",
    " blank ",
    "*",
]


@pytest.fixture
def here(context: Any, tmp_path: Path) -> Any:
    """A context whose working directory is empty."""
    return replace(context, working_directory=str(tmp_path))


def folder(path: object) -> Folder:
    return Folder(Path(str(path)))


def make(place: Path, *paths: str) -> None:
    """Make files, and folders for paths that end with a slash."""
    for path in paths:
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            target.mkdir()
        else:
            target.write_bytes(os.fsencode(path))


def tree(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*"))


def names(place: Path, found: list[File] | list[Folder]) -> list[str]:
    return [str(one.path.relative_to(place)) for one in found]


def deny(monkeypatch: pytest.MonkeyPatch, denied: Path) -> None:
    """Refuse to list a folder: permissions do not bind the user that tests may run as."""
    scan = os.scandir

    def refuse(path: object) -> Any:
        if Path(str(path)) == denied:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(str(path))

    monkeypatch.setattr(os, "scandir", refuse)


class TestConditions:
    def test_a_folder_is_there_and_a_file_or_nothing_is_not(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/", "a.txt")

        answers = {
            name: (
                actions.if_folder_exists(folder(name), here),
                actions.if_folder_does_not_exist(folder(name), here),
            )
            for name in ("sub", "a.txt", "none")
        }

        assert answers == {"sub": (True, False), "a.txt": (False, True), "none": (False, True)}


class TestListing:
    @pytest.fixture
    def full(self, tmp_path: Path) -> Path:
        make(
            tmp_path,
            "b.txt",
            "A.csv",
            "c.TXT",
            ".hidden",
            "noext",
            "sub/d.txt",
            "sub/deep/e.txt",
            "Zoo/f.csv",
        )
        return tmp_path

    def test_files_come_by_name_without_those_of_subfolders(self, here: Any, full: Path) -> None:
        found = actions.get_files(folder(full), here)

        assert names(full, found) == [".hidden", "A.csv", "b.txt", "c.TXT", "noext"]

    def test_files_of_subfolders_follow_their_folder(self, here: Any, full: Path) -> None:
        found = actions.get_files(folder(full), here, "*.txt;*.csv", include_subfolders=True)

        assert names(full, found) == ["A.csv", "b.txt", "c.TXT", "sub/d.txt", "sub/deep/e.txt", "Zoo/f.csv"]

    @pytest.mark.parametrize(
        ("name_filter", "expected"),
        [
            ("*", [".hidden", "A.csv", "b.txt", "c.TXT", "noext"]),
            ("*.*", [".hidden", "A.csv", "b.txt", "c.TXT", "noext"]),
            ("", [".hidden", "A.csv", "b.txt", "c.TXT", "noext"]),
            ("?.txt", ["b.txt", "c.TXT"]),
            (" a* ; n* ;", ["A.csv", "noext"]),
            ("[ab]*", []),
            (".txt", []),
        ],
    )
    def test_filters_are_windows_wildcards(
        self, here: Any, full: Path, name_filter: str, expected: list[str]
    ) -> None:
        assert names(full, actions.get_files(folder(full), here, name_filter)) == expected

    def test_subfolders_are_listed_alike(self, here: Any, full: Path) -> None:
        assert names(full, actions.get_subfolders(folder(full), here)) == ["sub", "Zoo"]
        assert names(full, actions.get_subfolders(folder(full), here, "*e*", include_subfolders=True)) == [
            "sub/deep"
        ]

    def test_several_keys_sort_each_in_its_direction(self, here: Any, tmp_path: Path) -> None:
        for name, size in (("a.txt", 2), ("b.csv", 2), ("c.txt", 1), ("d.csv", 3)):
            (tmp_path / name).write_bytes(b"x" * size)

        found = actions.get_files(
            folder(tmp_path),
            here,
            sort_by_1=SortBy.EXTENSION,
            sort_by_2=SortBy.SIZE,
            sort_descending_2=True,
        )

        assert names(tmp_path, found) == ["d.csv", "b.csv", "a.txt", "c.txt"]

    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            (SortBy.NO_SORT, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.NAME, ["x/a.pdf", "b.txt", "C.csv"]),
            (SortBy.NAME_WITHOUT_EXTENSION, ["x/a.pdf", "b.txt", "C.csv"]),
            (SortBy.FULL_NAME, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.DIRECTORY, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.ROOT_PATH, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.EXTENSION, ["C.csv", "x/a.pdf", "b.txt"]),
            (SortBy.SIZE, ["C.csv", "b.txt", "x/a.pdf"]),
            (SortBy.LAST_MODIFIED, ["x/a.pdf", "b.txt", "C.csv"]),
            (SortBy.LAST_ACCESSED, ["C.csv", "x/a.pdf", "b.txt"]),
            (SortBy.CREATION_TIME, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.IS_HIDDEN, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.IS_READ_ONLY, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.IS_SYSTEM, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.IS_ARCHIVE, ["b.txt", "C.csv", "x/a.pdf"]),
            (SortBy.EXISTS, ["b.txt", "C.csv", "x/a.pdf"]),
        ],
    )
    def test_every_key_sorts(self, here: Any, tmp_path: Path, key: SortBy, expected: list[str]) -> None:
        for name, size, accessed, modified in (
            ("b.txt", 2, 3_000, 2_000),
            ("C.csv", 1, 1_000, 3_000),
            ("x/a.pdf", 3, 2_000, 1_000),
        ):
            make(tmp_path, name)
            (tmp_path / name).write_bytes(b"x" * size)
            os.utime(tmp_path / name, (accessed, modified))

        found = actions.get_files(folder(tmp_path), here, include_subfolders=True, sort_by_1=key)

        assert names(tmp_path, found) == expected

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_hostile_names_are_listed_and_found_again(self, here: Any, tmp_path: Path, name: str) -> None:
        make(tmp_path, f"{name}/a.txt")

        (found,) = actions.get_subfolders(folder(tmp_path), here)

        assert found == folder(tmp_path / name)
        assert names(tmp_path, actions.get_files(found, here)) == [f"{name}/a.txt"]

    def test_links_are_listed_and_not_followed(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/a.txt")
        (tmp_path / "sub/loop").symlink_to(tmp_path)
        (tmp_path / "sub/link.txt").symlink_to("a.txt")
        (tmp_path / "sub/broken.txt").symlink_to("none")

        files = actions.get_files(folder(tmp_path), here, include_subfolders=True)
        folders = actions.get_subfolders(folder(tmp_path), here, include_subfolders=True)

        assert names(tmp_path, files) == ["sub/a.txt", "sub/link.txt"]
        assert names(tmp_path, folders) == ["sub", "sub/loop"]

    def test_a_denied_subfolder_is_an_error_or_passed_over(
        self, here: Any, full: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deny(monkeypatch, full / "sub")

        with pytest.raises(CantRetrieveListOfFiles) as raised:
            actions.get_files(folder(full), here, include_subfolders=True)
        found = actions.get_files(
            folder(full), here, "*.csv", include_subfolders=True, fail_on_access_denied=False
        )

        assert str(raised.value) == f"The files in ‘{full}/sub’ could not be listed: permission denied."
        assert names(full, found) == ["A.csv", "Zoo/f.csv"]

    def test_the_folder_itself_must_not_be_denied(
        self, here: Any, full: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deny(monkeypatch, full)

        with pytest.raises(CantRetrieveListOfFiles):
            actions.get_files(folder(full), here, fail_on_access_denied=False)

    def test_a_missing_folder_is_an_error(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "a.txt")

        for name in ("none", "a.txt"):
            with pytest.raises(FolderDoesntExist):
                actions.get_subfolders(folder(name), here)


class TestCreating:
    @pytest.mark.parametrize(
        ("name", "created"),
        [("new", ["new"]), (r"a\b", ["a", "a/b"]), ("a/b", ["a", "a/b"]), ("a..b", ["a..b"]), ("", [])],
    )
    def test_a_folder_is_created_with_those_above_it(
        self, here: Any, tmp_path: Path, name: str, created: list[str]
    ) -> None:
        made = actions.create(folder(tmp_path), name, here)

        assert made == folder(tmp_path.joinpath(*created[-1:]))
        assert tree(tmp_path) == created

    def test_a_folder_that_is_there_stays_as_it_is(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/a.txt")

        assert actions.create(folder(tmp_path), "sub", here) == folder(tmp_path / "sub")
        assert tree(tmp_path) == ["sub", "sub/a.txt"]

    @pytest.mark.parametrize(
        "name", ["../out", r"..\out", "/out", r"\out", r"C:\out", "a/../../out", "a\0b", "\ud83d"]
    )
    def test_a_name_that_leads_out_of_the_folder_is_refused(
        self, here: Any, tmp_path: Path, name: str
    ) -> None:
        make(tmp_path, "sub/")

        with pytest.raises(CantCreateFolder, match="is not the name of a folder inside it"):
            actions.create(folder("sub"), name, here)

        assert tree(tmp_path) == ["sub"]

    def test_a_file_in_the_way_is_an_error(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "a")

        with pytest.raises(CantCreateFolder, match="file exists"):
            actions.create(folder(tmp_path), "a", here)

    def test_a_missing_place_and_empty_arguments_are_told_apart(self, here: Any) -> None:
        with pytest.raises(FolderDoesntExist):
            actions.create(folder("none"), "a", here)
        with pytest.raises(NewFolderPathAndNameAreEmpty):
            actions.create(folder(""), "", here)


class TestDeletingAndEmptying:
    def test_a_folder_goes_with_all_it_holds(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/deep/a.txt", "b.txt")

        actions.delete(folder("sub"), here)

        assert tree(tmp_path) == ["b.txt"]

    def test_an_emptied_folder_stays(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/deep/a.txt", "sub/b.txt", "b.txt")

        actions.empty(folder("sub"), here)

        assert tree(tmp_path) == ["b.txt", "sub"]

    def test_of_links_only_the_links_are_deleted(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "kept/a.txt", "sub/")
        for link in ("link", "sub/link"):
            (tmp_path / link).symlink_to(tmp_path / "kept")

        actions.delete(folder("link"), here)
        actions.empty(folder("sub"), here)

        assert tree(tmp_path) == ["kept", "kept/a.txt", "sub"]

    @pytest.mark.parametrize("path", ["", "."])
    def test_an_empty_path_does_not_mean_the_working_directory(
        self, here: Any, tmp_path: Path, path: str
    ) -> None:
        make(tmp_path, "a.txt")

        with pytest.raises(CantDeleteFolder, match="the path is empty"):
            actions.delete(folder(path), here)
        with pytest.raises(CantDeleteFoldersContents, match="the path is empty"):
            actions.empty(folder(path), here)

        assert tree(tmp_path) == ["a.txt"]

    @pytest.mark.parametrize("path", ["/", "\\", "/tmp/.."])
    def test_the_root_of_the_file_system_is_refused(self, here: Any, path: str) -> None:
        with pytest.raises(CantDeleteFolder, match="it is the root of a drive or of the file system"):
            actions.delete(folder(path), here)
        with pytest.raises(
            CantDeleteFoldersContents, match="it is the root of a drive or of the file system"
        ):
            actions.empty(folder(path), here)

    @pytest.mark.parametrize("path", ["C:\\", "c:", r"C:\sub\.."])
    def test_the_folder_that_stands_for_a_drive_is_refused(
        self, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        make(tmp_path, "a.txt")
        monkeypatch.setenv("DESKHAND_WINDOWS_DRIVES", f"C={tmp_path}")

        with pytest.raises(CantDeleteFolder, match="it is the root of a drive"):
            actions.delete(folder(path), here)

        assert tree(tmp_path) == ["a.txt"]

    def test_a_missing_folder_is_an_error(self, here: Any) -> None:
        with pytest.raises(FolderDoesntExist):
            actions.delete(folder("none"), here)
        with pytest.raises(FolderDoesntExist):
            actions.empty(folder("none"), here)


class TestCopying:
    def test_a_folder_is_copied_into_another_with_its_links(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/deep/a.txt", "to/")
        (tmp_path / "sub/link").symlink_to("deep/a.txt")

        copied = actions.copy(folder("sub"), folder("to"), here)

        assert copied == folder(tmp_path / "to/sub")
        assert tree(tmp_path / "to/sub") == ["deep", "deep/a.txt", "link"]
        assert (tmp_path / "to/sub/link").readlink() == Path("deep/a.txt")
        assert tree(tmp_path / "sub") == ["deep", "deep/a.txt", "link"]

    def test_a_folder_that_is_there_is_left_alone_or_added_to(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/a.txt", "to/sub/a.txt", "to/sub/b.txt")
        for place in ("sub/link", "to/sub/link"):
            (tmp_path / place).symlink_to(place)

        actions.copy(folder("sub"), folder("to"), here)
        assert (tmp_path / "to/sub/a.txt").read_text() == "to/sub/a.txt"

        actions.copy(folder("sub"), folder("to"), here, IfExists.OVERWRITE)
        assert tree(tmp_path / "to/sub") == ["a.txt", "b.txt", "link"]
        assert (tmp_path / "to/sub/a.txt").read_text() == "sub/a.txt"
        assert (tmp_path / "to/sub/link").readlink() == Path("sub/link")

    def test_a_copy_that_fails_leaves_nothing(
        self, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(tmp_path, "sub/a.txt", "to/")
        os.mkfifo(tmp_path / "sub/pipe")

        with pytest.raises(CantCopyFolder, match="is a named pipe"):
            actions.copy(folder("sub"), folder("to"), here)

        assert tree(tmp_path / "to") == []

    @pytest.mark.parametrize("destination", ["sub", "sub/deep", "."])
    def test_a_folder_is_not_copied_or_moved_into_itself(
        self, here: Any, tmp_path: Path, destination: str
    ) -> None:
        make(tmp_path, "sub/deep/a.txt")

        with pytest.raises(CantCopyFolder):
            actions.copy(folder("sub"), folder(destination), here, IfExists.OVERWRITE)
        with pytest.raises(CantMoveFolder):
            actions.move(folder("sub"), folder(destination), here)

        assert tree(tmp_path) == ["sub", "sub/deep", "sub/deep/a.txt"]

    @pytest.mark.parametrize("act", [actions.copy, actions.move])
    def test_missing_folders_are_told_apart(self, here: Any, tmp_path: Path, act: Any) -> None:
        make(tmp_path, "sub/")

        with pytest.raises(FolderDoesntExist):
            act(folder("none"), folder("sub"), here)
        with pytest.raises(DestinationFolderDoesntExist):
            act(folder("sub"), folder("none"), here)


class TestMovingAndRenaming:
    def test_a_folder_moves_with_all_it_holds(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/deep/a.txt", "to/")

        assert actions.move(folder("sub"), folder("to"), here) == folder(tmp_path / "to/sub")
        assert tree(tmp_path) == ["to", "to/sub", "to/sub/deep", "to/sub/deep/a.txt"]

    def test_a_folder_is_not_moved_over_another(self, here: Any, tmp_path: Path) -> None:
        make(tmp_path, "sub/", "to/sub/")

        with pytest.raises(CantMoveFolder, match="there is already a ‘sub’ in"):
            actions.move(folder("sub"), folder("to"), here)

        assert tree(tmp_path) == ["sub", "to", "to/sub"]

    @pytest.mark.parametrize("name", ["new", "naïve ☃", "line\nbreak"])
    def test_a_folder_gets_another_name(self, here: Any, tmp_path: Path, name: str) -> None:
        make(tmp_path, "sub/a.txt")

        assert actions.rename(folder("sub"), name, here) == folder(tmp_path / name)
        assert tree(tmp_path) == [name, f"{name}/a.txt"]

    @pytest.mark.parametrize("name", ["", ".", "..", "a/b", r"a\b", "a\0b", "\ud83d", "taken"])
    def test_a_new_name_is_a_free_one_without_a_path(self, here: Any, tmp_path: Path, name: str) -> None:
        make(tmp_path, "sub/", "taken")

        with pytest.raises(CantRenameFolder):
            actions.rename(folder("sub"), name, here)

        assert tree(tmp_path) == ["sub", "taken"]


class TestSpecialFolders:
    def test_every_special_folder_has_its_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/robin")
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            monkeypatch.delenv(variable, raising=False)

        places = {which.value: str(actions.get_special_folder(which).path) for which in SpecialFolder}

        assert places == {
            "Programs": "/home/robin/.local/share/applications",
            "Personal": "/home/robin/Documents",
            "Favorites": "/home/robin/.local/share/favorites",
            "Startup": "/home/robin/.config/autostart",
            "Recent": "/home/robin/.local/share/recent",
            "SendTo": "/home/robin/.local/share/send-to",
            "StartMenu": "/home/robin/.local/share/applications",
            "MyMusic": "/home/robin/Music",
            "DesktopDirectory": "/home/robin/Desktop",
            "Templates": "/home/robin/Templates",
            "ApplicationData": "/home/robin/.config",
            "LocalApplicationData": "/home/robin/.local/share",
            "InternetCache": "/home/robin/.cache",
            "Cookies": "/home/robin/.local/state/cookies",
            "History": "/home/robin/.local/state/history",
            "CommonApplicationData": "/var/lib",
            "System": "/usr/bin",
            "ProgramFiles": "/opt",
            "MyPictures": "/home/robin/Pictures",
            "CommonProgramFiles": "/usr/lib",
        }
