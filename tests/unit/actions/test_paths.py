from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deskhand.actions.paths import PathNotOnThisMachine, PathNotUsable, locate
from deskhand.actions.user_folders import media
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import File

Place = Callable[[str], str]


@pytest.fixture
def place(context: ActionContext) -> Place:
    return lambda text: str(locate(File(Path(text)), context))


@pytest.fixture
def drives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_WINDOWS_DRIVES", r"C=/srv/c; d:=/srv/d ;\\Files\Sales=/mnt/sales")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/data/in.xlsx", "/data/in.xlsx"),
        ("in.xlsx", "/flows/in.xlsx"),
        ("", "/flows"),
        ("sub/../in.xlsx", "/flows/in.xlsx"),
        ("../../../in.xlsx", "/in.xlsx"),
        (r"sub\in.xlsx", "/flows/sub/in.xlsx"),
        (r"..\in.xlsx", "/in.xlsx"),
        (r"/home/robin/Desktop\out.txt", "/home/robin/Desktop/out.txt"),
        ("a:b", "/flows/a:b"),
        ("%DATE%.txt", "/flows/%DATE%.txt"),
        ("line\nbreak", "/flows/line\nbreak"),
    ],
)
def test_a_path_starts_from_the_working_directory_and_takes_both_separators(
    place: Place, text: str, expected: str
) -> None:
    assert place(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\Temp\x.txt", "/srv/c/Temp/x.txt"),
        ("c:/Temp/x.txt", "/srv/c/Temp/x.txt"),
        ("C:", "/srv/c"),
        ("D:\\", "/srv/d"),
        (r"\\files\sales\2026\x.txt", "/mnt/sales/2026/x.txt"),
        (r"C:\..\..\etc\passwd", "/srv/c/etc/passwd"),
    ],
)
@pytest.mark.usefixtures("drives")
def test_a_drive_or_share_stands_for_the_folder_that_the_machine_gives_it(
    place: Place, text: str, expected: str
) -> None:
    assert place(text) == expected


def test_a_drive_without_a_folder_says_what_to_set(place: Place) -> None:
    with pytest.raises(PathNotOnThisMachine) as raised:
        place(r"C:\Temp\x.txt")

    assert str(raised.value) == (
        r"‘C:\Temp\x.txt’ lies on C:, which this machine does not have; set windows_drives "
        r"(DESKHAND_WINDOWS_DRIVES='C=/some/folder') or use a path of this machine."
    )


@pytest.mark.usefixtures("drives")
def test_a_share_without_a_folder_says_what_to_set(place: Place) -> None:
    with pytest.raises(PathNotOnThisMachine) as raised:
        place(r"\\files\other\x.txt")

    assert raised.value.root == r"\\files\other"


def test_a_file_that_exists_as_written_keeps_its_backslash(place: Place, tmp_path: Path) -> None:
    hostile = tmp_path / r"sub\in.txt"
    hostile.touch()

    assert place(str(tmp_path / r"sub\in.txt")) == str(hostile)


def test_windows_variables_stand_for_the_users_folders(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/robin")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/robin/settings")
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")

    assert [
        place(rf"%{name}%\x.txt") for name in ("UserProfile", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA")
    ] == [
        "/home/robin/x.txt",
        "/home/robin/settings/x.txt",
        "/home/robin/.local/share/x.txt",
        "/var/lib/x.txt",
    ]


def test_the_folder_for_temporary_files_is_the_machines(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert place("%TEMP%") == str(tmp_path)


@pytest.mark.parametrize(("text", "shown"), [("a\0b", r"'a\x00b'"), ("a\ud83d", r"'a\ud83d'")])
def test_a_path_with_a_character_that_no_path_holds_is_refused(place: Place, text: str, shown: str) -> None:
    with pytest.raises(PathNotUsable) as raised:
        place(text)

    assert str(raised.value) == f"{shown} cannot be a path: it holds a character that no path can hold."


def test_the_desktop_may_name_the_users_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/robin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    lines = ["# made by the desktop", 'XDG_DESKTOP_DIR="$HOME/Bureau"', 'XDG_MUSIC_DIR="/srv/music"']
    (tmp_path / "user-dirs.dirs").write_text(os.linesep.join(lines), encoding="utf-8")

    assert [media("DESKTOP", "Desktop"), media("MUSIC", "Music"), media("PICTURES", "Pictures")] == [
        Path("/home/robin/Bureau"),
        Path("/srv/music"),
        Path("/home/robin/Pictures"),
    ]
