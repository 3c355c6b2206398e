from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.actions.file import actions, storage
from deskhand.actions.file.choices import (
    AddTextPosition,
    CSVColumnsSeparator,
    CSVEncoding,
    DateTimeToAdd,
    FileEncoding,
    IfExists,
    IfFileExists,
    Separator,
    TextFileEncoding,
)
from deskhand.actions.file.errors import (
    CantConvertBase64ToFile,
    CantConvertFileToBinaryData,
    CantCopyFile,
    CantDeleteFile,
    CantMoveFile,
    CantRenameFile,
    DestinationFolderDoesntExist,
    DirectoryNotFound,
    FailedToCreateTemporaryFile,
    FailedToReadFromFile,
    FailedToWriteTextToFile,
    FileNotFound,
    FilePathContainsInvalidCharacters,
    FilePathDoesntExist,
    InvalidDirectoryForFile,
    ReadFromCSVFailed,
    SourceFolderDoesntExist,
    WriteFailed,
)
from deskhand.actions.paths import PathNotOnThisMachine
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder

HOSTILE_NAMES = [
    "line\nbreak.txt",
    "naïve ☃ 件数.txt",
    "-rf.txt",
    "back\\slash.txt",
    "%TEMP%.txt",
    " blank .txt",
]


@pytest.fixture
def here(context: Any, tmp_path: Path) -> Any:
    """A context whose working directory is empty."""
    return replace(context, working_directory=str(tmp_path))


def files(*paths: object) -> list[File]:
    return [File(Path(str(path))) for path in paths]


def file(path: object) -> File:
    return File(Path(str(path)))


def folder(path: object) -> Folder:
    return Folder(Path(str(path)))


def content(place: Path) -> dict[str, str]:
    return {
        str(path.relative_to(place)): path.read_text("utf-8") for path in place.rglob("*") if path.is_file()
    }


class TestConditions:
    def test_a_file_is_there_and_a_folder_or_nothing_is_not(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()
        (tmp_path / "sub").mkdir()
        (tmp_path / "broken").symlink_to("nowhere")

        answers = {
            name: (
                actions.if_file_exists(file(name), here),
                actions.if_file_does_not_exist(file(name), here),
                actions.wait_for_file_created(file(name), here),
                actions.wait_for_file_deleted(file(name), here),
            )
            for name in ("a.txt", "sub", "none.txt", "broken")
        }

        there, gone = (True, False, True, False), (False, True, False, True)
        assert answers == {"a.txt": there, "sub": gone, "none.txt": gone, "broken": gone}

    def test_a_file_on_a_drive_that_is_not_here_is_an_error_and_no_answer(self, here: Any) -> None:
        with pytest.raises(PathNotOnThisMachine):
            actions.if_file_does_not_exist(file(r"Z:\a.txt"), here)


class TestWritingAndReadingText:
    @pytest.mark.parametrize(
        ("encoding", "written"),
        [
            (FileEncoding.DEFAULT_ENCODING, b"\xc3\xa9\r\n"),
            (FileEncoding.UTF8, b"\xef\xbb\xbf\xc3\xa9\r\n"),
            (FileEncoding.UTF8_NO_BOM, b"\xc3\xa9\r\n"),
            (FileEncoding.UNICODE, b"\xff\xfe\xe9\x00\r\x00\n\x00"),
            (FileEncoding.UNICODE_NO_BOM, b"\xe9\x00\r\x00\n\x00"),
            (FileEncoding.BIG_ENDIAN_UNICODE, b"\xfe\xff\x00\xe9\x00\r\x00\n"),
            (FileEncoding.ANSI, b"\xe9\r\n"),
        ],
    )
    def test_every_encoding_writes_its_bytes(
        self, here: Any, tmp_path: Path, encoding: FileEncoding, written: bytes
    ) -> None:
        actions.write_text(file("a.txt"), here, "é", encoding=encoding)

        assert (tmp_path / "a.txt").read_bytes() == written

    def test_a_text_is_utf_16_unless_the_flow_says_otherwise(self, here: Any, tmp_path: Path) -> None:
        actions.write_text(file("a.txt"), here, "a")

        assert (tmp_path / "a.txt").read_bytes() == "\ufeffa\r\n".encode("utf-16-le")

    @pytest.mark.parametrize(
        ("encoding", "stored"),
        [
            (TextFileEncoding.DEFAULT_ENCODING, "é".encode()),
            (TextFileEncoding.UTF8, "é".encode()),
            (TextFileEncoding.UNICODE, "é".encode("utf-16-le")),
            (TextFileEncoding.BIG_ENDIAN_UNICODE, "é".encode("utf-16-be")),
            (TextFileEncoding.ANSI, b"\xe9"),
            # A mark in the file overrules what the flow says.
            (TextFileEncoding.UTF8, "\ufeffé".encode("utf-16-le")),
            (TextFileEncoding.UTF8, "\ufeffé".encode("utf-16-be")),
            (TextFileEncoding.UTF8, "\ufeffé".encode("utf-32-le")),
            (TextFileEncoding.UNICODE, "\ufeffé".encode()),
        ],
    )
    def test_every_encoding_reads_its_bytes(
        self, here: Any, tmp_path: Path, encoding: TextFileEncoding, stored: bytes
    ) -> None:
        (tmp_path / "a.txt").write_bytes(stored)

        assert actions.read_text(file("a.txt"), here, encoding) == "é"

    def test_bytes_that_are_no_letters_are_marked_and_not_fatal(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"a\xffb")

        assert actions.read_text(file("a.txt"), here) == "a\ufffdb"

    def test_letters_that_an_encoding_lacks_become_question_marks(self, here: Any, tmp_path: Path) -> None:
        actions.write_text(file("a.txt"), here, "a☃", append_new_line=False, encoding=FileEncoding.ANSI)

        assert (tmp_path / "a.txt").read_bytes() == b"a?"

    def test_appending_puts_the_mark_only_at_the_beginning(self, here: Any, tmp_path: Path) -> None:
        for text in ("a", "b"):
            actions.write_text(
                file("a.txt"), here, text, if_file_exists=IfFileExists.APPEND, encoding=FileEncoding.UTF8
            )

        assert (tmp_path / "a.txt").read_bytes() == b"\xef\xbb\xbfa\r\nb\r\n"

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, ""),
            ("two\r\nlines", "two\r\nlines"),
            (True, "True"),
            (Decimal("1.50"), "1.5"),
            (datetime(2026, 9, 9), "9/9/2026 12:00:00 AM"),
            (["a", 1, None], "a\r\n1\r\n"),
            (DataTable(["x", "y"], [["1", 2], ["3", None]]), "1, 2\r\n3, "),
            (DataRow(["x", "y"], ["1", 2]), "1, 2"),
            (CustomObject(a=1, b=[True, "ü"]), '{"a":1,"b":[true,"ü"]}'),
            (File(Path("/a/b.txt")), "/a/b.txt"),
        ],
    )
    def test_a_value_is_written_as_a_flow_shows_it(
        self, here: Any, tmp_path: Path, value: object, written: str
    ) -> None:
        actions.write_text(
            file("a.txt"), here, value, append_new_line=False, encoding=FileEncoding.UTF8_NO_BOM
        )

        assert (tmp_path / "a.txt").read_bytes().decode() == written

    def test_a_list_of_lines_ends_at_any_line_end(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"a\r\nb\nc\rd\n\ne\n")

        assert actions.read_text_as_list(file("a.txt"), here) == ["a", "b", "c", "d", "", "e"]

    def test_an_empty_file_has_no_lines(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()

        assert actions.read_text_as_list(file("a.txt"), here) == []

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_what_is_written_under_a_hostile_name_is_read_back(
        self, here: Any, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / name).touch()

        actions.write_text(file(tmp_path / name), here, "é", append_new_line=False)

        assert actions.read_text(file(tmp_path / name), here) == "é"
        assert os.listdir(tmp_path) == [name]

    def test_a_missing_file_a_missing_folder_and_a_folder_are_told_apart(
        self, here: Any, tmp_path: Path
    ) -> None:
        with pytest.raises(FileNotFound) as missing:
            actions.read_text(file("none.txt"), here)
        with pytest.raises(DirectoryNotFound) as astray:
            actions.read_text(file("none/none.txt"), here)
        with pytest.raises(FailedToReadFromFile) as folder_instead:
            actions.read_text(file("."), here)

        assert [str(one.value) for one in (missing, astray, folder_instead)] == [
            f"There is no file ‘{tmp_path}/none.txt’; check the path, its letter case, and whether its "
            "folder is mounted on this machine.",
            f"There is no folder ‘{tmp_path}/none’; check the path, its letter case, and whether it is "
            "mounted on this machine.",
            f"The file ‘{tmp_path}’ could not be read: is a directory.",
        ]

    def test_writing_creates_no_folders(self, here: Any, tmp_path: Path) -> None:
        with pytest.raises(InvalidDirectoryForFile):
            actions.write_text(file(r"none\a.txt"), here, "a")
        with pytest.raises(FailedToWriteTextToFile) as raised:
            actions.write_text(file(tmp_path), here, "a", if_file_exists=IfFileExists.APPEND)

        assert str(raised.value) == f"The text could not be written to ‘{tmp_path}’: is a directory."
        assert os.listdir(tmp_path) == []


class TestReplacingContent:
    def test_a_write_that_fails_halfway_leaves_the_old_file_alone(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("old")

        def write(stream: Any) -> None:
            stream.write(b"ne")
            raise OSError(28, "No space left on device")

        with pytest.raises(OSError, match="No space left"):
            storage.replace_content(tmp_path / "a.txt", write)

        assert content(tmp_path) == {"a.txt": "old"}

    def test_permissions_and_links_are_kept(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("old")
        (tmp_path / "a.txt").chmod(0o640)
        (tmp_path / "link.txt").symlink_to("a.txt")

        actions.write_text(
            file("link.txt"), here, "new", append_new_line=False, encoding=FileEncoding.UTF8_NO_BOM
        )

        assert (tmp_path / "link.txt").readlink() == Path("a.txt")
        assert (tmp_path / "a.txt").read_text() == "new"
        assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640

    def test_a_protected_file_is_not_replaced(
        self, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.txt").write_text("old")
        monkeypatch.setattr(os, "access", lambda path, mode: False)

        with pytest.raises(FailedToWriteTextToFile, match="permission denied"):
            actions.write_text(file("a.txt"), here, "new")

        assert content(tmp_path) == {"a.txt": "old"}

    def test_a_device_is_written_to_and_not_replaced(self, here: Any) -> None:
        actions.write_text(file("/dev/null"), here, "a")

        assert Path("/dev/null").is_char_device()


class TestCopyingAndMoving:
    def test_copies_arrive_and_the_originals_stay(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("a")
        (tmp_path / "b.txt").write_text("b")
        (tmp_path / "to").mkdir()
        os.utime(tmp_path / "a.txt", (1_000_000, 2_000_000))

        copied = actions.copy(files("a.txt", "b.txt"), folder("to"), here)

        assert copied == files(tmp_path / "to/a.txt", tmp_path / "to/b.txt")
        assert content(tmp_path) == {"a.txt": "a", "b.txt": "b", "to/a.txt": "a", "to/b.txt": "b"}
        assert (tmp_path / "to/a.txt").stat().st_mtime == 2_000_000

    def test_moved_files_leave_their_place(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("a")
        (tmp_path / "to").mkdir()

        assert actions.move(files("a.txt"), folder("to"), here) == files(tmp_path / "to/a.txt")
        assert content(tmp_path) == {"to/a.txt": "a"}

    @pytest.mark.parametrize("act", [actions.copy, actions.move])
    def test_a_file_that_is_there_is_left_alone_unless_overwritten(
        self, here: Any, tmp_path: Path, act: Any
    ) -> None:
        (tmp_path / "a.txt").write_text("new")
        (tmp_path / "to").mkdir()
        (tmp_path / "to/a.txt").write_text("old")

        assert act(files("a.txt"), folder("to"), here) == []
        assert content(tmp_path) == {"a.txt": "new", "to/a.txt": "old"}

        assert act(files("a.txt"), folder("to"), here, IfExists.OVERWRITE) == files(tmp_path / "to/a.txt")
        assert content(tmp_path)["to/a.txt"] == "new"

    @pytest.mark.parametrize("act", [actions.copy, actions.move])
    def test_a_file_put_where_it_is_stays_whole(self, here: Any, tmp_path: Path, act: Any) -> None:
        (tmp_path / "a.txt").write_text("a")

        act(files("a.txt"), folder(tmp_path), here, IfExists.OVERWRITE)

        assert content(tmp_path) == {"a.txt": "a"}

    def test_wildcards_ignore_letter_case_and_find_files_only(self, here: Any, tmp_path: Path) -> None:
        for name in ("a.TXT", "b.txt", "c.csv", "[d].txt"):
            (tmp_path / name).write_text(name)
        (tmp_path / "to.txt").mkdir()

        copied = actions.copy(files("*.txt"), folder("to.txt"), here)

        assert copied == files(*(tmp_path / "to.txt" / name for name in ("[d].txt", "a.TXT", "b.txt")))

    def test_a_wildcard_that_finds_nothing_copies_nothing(self, here: Any, tmp_path: Path) -> None:
        assert actions.copy(files("*.pdf"), folder(tmp_path), here) == []

    def test_a_missing_file_stops_all_before_the_first(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("a")
        (tmp_path / "to").mkdir()

        with pytest.raises(FileNotFound):
            actions.move(files("a.txt", "none.txt"), folder("to"), here)

        assert content(tmp_path) == {"a.txt": "a"}

    def test_missing_folders_are_told_apart(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()

        with pytest.raises(SourceFolderDoesntExist):
            actions.copy(files("none/a.txt"), folder(tmp_path), here)
        with pytest.raises(SourceFolderDoesntExist):
            actions.move(files("none/*.txt"), folder(tmp_path), here)
        with pytest.raises(DestinationFolderDoesntExist):
            actions.copy(files("a.txt"), folder("none"), here)

    def test_a_folder_is_no_file_to_copy_or_move(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / "to").mkdir()

        with pytest.raises(CantCopyFile, match="is a directory"):
            actions.copy(files("sub"), folder("to"), here)
        with pytest.raises(CantMoveFile, match="is a directory"):
            actions.move(files("sub"), folder("to"), here)

    def test_a_pipe_is_not_copied(self, here: Any, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "to").mkdir()

        with pytest.raises(CantCopyFile, match="it is a device or a pipe"):
            actions.copy(files("pipe"), folder("to"), here)

    def test_a_folder_in_the_way_is_not_overwritten(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()
        (tmp_path / "to/a.txt").mkdir(parents=True)

        with pytest.raises(CantMoveFile, match="is a directory"):
            actions.move(files("a.txt"), folder("to"), here, IfExists.OVERWRITE)

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_hostile_names_travel_unchanged(self, here: Any, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("a")
        (tmp_path / "to").mkdir()

        actions.move(files(tmp_path / name), folder("to"), here)

        assert content(tmp_path) == {f"to/{name}": "a"}

    def test_a_move_to_another_file_system_copies_and_deletes(
        self, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.txt").write_text("a")
        (tmp_path / "to").mkdir()
        rename = Path.replace

        def refuse_to_cross(source: Path, target: Path) -> Path:
            if source.parent != target.parent:
                raise OSError(18, "Invalid cross-device link")
            return rename(source, target)

        monkeypatch.setattr(Path, "replace", refuse_to_cross)

        actions.move(files("a.txt"), folder("to"), here)

        assert content(tmp_path) == {"to/a.txt": "a"}


class TestDeleting:
    def test_files_are_deleted_and_others_stay(self, here: Any, tmp_path: Path) -> None:
        for name in ("a.txt", "b.txt", "c.csv"):
            (tmp_path / name).touch()

        actions.delete(files("*.txt"), here)

        assert os.listdir(tmp_path) == ["c.csv"]

    def test_of_a_link_only_the_link_is_deleted(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("a")
        (tmp_path / "link.txt").symlink_to("a.txt")
        (tmp_path / "broken.txt").symlink_to("none")

        actions.delete(files("link.txt", "broken.txt"), here)

        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_file_named_like_a_wildcard_is_deleted_alone(self, here: Any, tmp_path: Path) -> None:
        for name in ("*.txt", "a.txt"):
            (tmp_path / name).touch()

        actions.delete(files("*.txt"), here)

        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_missing_file_stops_all_before_the_first(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()

        with pytest.raises(FileNotFound):
            actions.delete(files("a.txt", "none.txt"), here)
        with pytest.raises(FilePathDoesntExist):
            actions.delete(files("a.txt", "none/none.txt"), here)

        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_folder_is_not_deleted(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()

        with pytest.raises(CantDeleteFile, match="is a directory"):
            actions.delete(files("sub"), here)


class TestRenaming:
    @pytest.fixture
    def named(self, tmp_path: Path) -> list[File]:
        names = ("report.txt", "archive.tar.gz", "noext")
        for name in names:
            (tmp_path / name).write_text(name)
        return files(*names)

    def names(self, renamed: list[File]) -> list[str]:
        return [one.path.name for one in renamed]

    def test_a_new_name_keeps_the_extension_or_not(self, here: Any, named: list[File]) -> None:
        kept = actions.rename(named[:1], "new.v2", here)

        assert self.names(kept) == ["new.v2.txt"]
        assert self.names(actions.rename(kept, "bare", here, keep_extension=False)) == ["bare"]

    def test_text_is_added_before_the_name_or_its_extension(self, here: Any, named: list[File]) -> None:
        after = actions.rename_add_text(named, here, "_x")

        assert self.names(after) == ["report_x.txt", "archive.tar_x.gz", "noext_x"]
        assert self.names(actions.rename_add_text(after[:1], here, "y_", AddTextPosition.BEFORE_NAME)) == [
            "y_report_x.txt"
        ]

    def test_text_is_removed_and_replaced_before_the_extension(self, here: Any, named: list[File]) -> None:
        removed = actions.rename_remove_text(named, here, "ar")

        assert self.names(removed) == ["report.txt", "chive.t.gz", "noext"]
        assert self.names(actions.rename_replace_text(removed, "t", here, "T")) == [
            "reporT.txt",
            "chive.T.gz",
            "noexT",
        ]

    @pytest.mark.parametrize(
        ("extension", "expected"),
        [
            ("csv", ["report.csv", "archive.tar.csv", "noext.csv"]),
            (".csv", ["report.csv", "archive.tar.csv", "noext.csv"]),
            ("", ["report", "archive.tar", "noext"]),
        ],
    )
    def test_the_extension_is_changed_or_removed(
        self, here: Any, named: list[File], extension: str, expected: list[str]
    ) -> None:
        assert self.names(actions.rename_change_extension(named, here, extension)) == expected

    def test_the_present_date_is_added(self, here: Any, named: list[File]) -> None:
        assert self.names(actions.rename_add_date_or_time(named[:1], here)) == ["report 20260301.txt"]

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            (DateTimeToAdd.LAST_MODIFIED, "report 2001.txt"),
            (DateTimeToAdd.LAST_ACCESSED, "report 2002.txt"),
        ],
    )
    def test_a_moment_that_the_file_system_keeps_is_added(
        self, here: Any, tmp_path: Path, named: list[File], kind: DateTimeToAdd, expected: str
    ) -> None:
        times = (datetime(2002, 6, 1).timestamp(), datetime(2001, 6, 1).timestamp())
        os.utime(tmp_path / "report.txt", times)

        renamed = actions.rename_add_date_or_time(named[:1], here, kind, date_time_format="yyyy")

        assert self.names(renamed) == [expected]

    def test_the_creation_time_is_that_of_the_last_change(
        self, here: Any, tmp_path: Path, named: list[File]
    ) -> None:
        changed = datetime.fromtimestamp((tmp_path / "report.txt").stat().st_ctime)

        renamed = actions.rename_add_date_or_time(
            named[:1], here, DateTimeToAdd.CREATION_TIME, date_time_format="yyyyMMddHHmmss"
        )

        assert self.names(renamed) == [f"report {changed:%Y%m%d%H%M%S}.txt"]

    @pytest.mark.parametrize(
        ("separator", "position", "expected"),
        [
            (Separator.NOTHING, AddTextPosition.AFTER_NAME, "reportMärz 09.txt"),
            (Separator.DASH, AddTextPosition.AFTER_NAME, "report-März 09.txt"),
            (Separator.PERIOD, AddTextPosition.BEFORE_NAME, "März 09.report.txt"),
            (Separator.UNDERSCORE, AddTextPosition.BEFORE_NAME, "März 09_report.txt"),
        ],
    )
    def test_a_given_moment_is_added_in_the_runs_culture(
        self,
        here: Any,
        named: list[File],
        separator: Separator,
        position: AddTextPosition,
        expected: str,
    ) -> None:
        german = replace(here, culture="de-DE")

        renamed = actions.rename_add_custom_date_time(
            named[:1], datetime(2026, 3, 4, 9), german, separator, "MMMM HH", position
        )

        assert self.names(renamed) == [expected]

    def test_a_date_format_that_yields_no_file_name_is_an_error(self, here: Any, named: list[File]) -> None:
        moment = datetime(2026, 3, 4)

        with pytest.raises(CantRenameFile, match=r"'report 03/04\.txt' cannot be a file's name"):
            actions.rename_add_custom_date_time(named[:1], moment, here, date_time_format="MM/dd")
        with pytest.raises(CantRenameFile, match="format"):
            actions.rename_add_custom_date_time(named[:1], moment, here, date_time_format="q")

    def test_files_are_numbered_under_their_own_names(self, here: Any, named: list[File]) -> None:
        renamed = actions.rename_add_sequential_suffix(named, 8, 2, here, use_padding=True)

        assert self.names(renamed) == ["report 008.txt", "archive.tar 010.gz", "noext 012"]

    def test_files_are_numbered_under_a_new_name(self, here: Any, named: list[File]) -> None:
        renamed = actions.rename_overwrite_with_sequential_suffix(
            named,
            "page.v1",
            1,
            -1,
            here,
            sequence_position=AddTextPosition.BEFORE_NAME,
            sequence_separator=Separator.UNDERSCORE,
        )

        assert self.names(renamed) == ["1_page.v1.txt", "0_page.v1.gz", "-1_page.v1"]

    def test_a_taken_name_is_left_alone_unless_overwritten(
        self, here: Any, tmp_path: Path, named: list[File]
    ) -> None:
        assert actions.rename(named[:1], "noext", here, keep_extension=False) == []
        assert content(tmp_path)["noext"] == "noext"

        renamed = actions.rename(named[:1], "noext", here, False, IfExists.OVERWRITE)

        assert self.names(renamed) == ["noext"]
        assert content(tmp_path) == {"noext": "report.txt", "archive.tar.gz": "archive.tar.gz"}

    @pytest.mark.parametrize("name", ["../out", r"..\out", "sub/out", "", ".", "..", "a\0b", "\ud83d"])
    def test_a_new_name_stays_in_the_folder(
        self, here: Any, tmp_path: Path, named: list[File], name: str
    ) -> None:
        with pytest.raises(CantRenameFile):
            actions.rename(named[2:], name, here, keep_extension=False)

        assert sorted(os.listdir(tmp_path)) == ["archive.tar.gz", "noext", "report.txt"]

    def test_a_folder_of_the_new_name_is_not_overwritten(
        self, here: Any, tmp_path: Path, named: list[File]
    ) -> None:
        (tmp_path / "sub").mkdir()

        with pytest.raises(CantRenameFile, match="there is a folder ‘sub’"):
            actions.rename(named[2:], "sub", here, False, IfExists.OVERWRITE)

    def test_a_folder_is_not_renamed_as_a_file(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()

        with pytest.raises(CantRenameFile, match="it is a folder"):
            actions.rename(files("sub"), "new", here)

    def test_missing_files_and_folders_are_told_apart(self, here: Any) -> None:
        with pytest.raises(FileNotFound):
            actions.rename(files("none.txt"), "a", here)
        with pytest.raises(DirectoryNotFound):
            actions.rename(files("none/none.txt"), "a", here)


class TestCSV:
    def read(self, here: Any, tmp_path: Path, text: str, **options: Any) -> DataTable:
        (tmp_path / "a.csv").write_bytes(text.encode())
        return actions.read_csv(file("a.csv"), here, **options)

    def test_cells_are_text_under_numbered_columns(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, "\ufeffa,1\r\n b , 2 \n")

        assert table == DataTable(["Column1", "Column2"], [["a", "1"], ["b", "2"]])

    def test_quoted_fields_hold_separators_quotes_and_line_ends(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, '"a,b","say ""hi""", "two\r\nlines" ,""\n')

        assert table.rows == [["a,b", 'say "hi"', "two\r\nlines", ""]]

    def test_a_stray_quote_is_a_letter(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, '5" pipe,"a"b\n"open,x\n')

        assert table.rows == [['5" pipe', '"a"b'], ['"open', "x"]]

    def test_white_space_is_kept_when_it_should_be(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, ' a ,"b" \n', trim_fields=False)

        assert table.rows == [[" a ", '"b" ']]

    def test_blank_lines_are_skipped_and_short_rows_filled(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, "a\n\n\nb,c,\nd,\n")

        assert table.rows == [["a", "", ""], ["b", "c", ""], ["d", "", ""]]

    def test_the_first_line_names_the_columns_each_differently(self, here: Any, tmp_path: Path) -> None:
        table = self.read(here, tmp_path, "Id,,id,x\n1,2,3,4,5\n", first_line_contains_column_names=True)

        assert table == DataTable(["Id", "Column2", "id_1", "x", "Column5"], [["1", "2", "3", "4", "5"]])

    def test_an_empty_file_is_an_empty_table(self, here: Any, tmp_path: Path) -> None:
        assert self.read(here, tmp_path, "", first_line_contains_column_names=True) == DataTable()

    @pytest.mark.parametrize(
        ("separator", "culture", "text"),
        [
            (CSVColumnsSeparator.SYSTEM_DEFAULT, "en-US", "a,b"),
            (CSVColumnsSeparator.SYSTEM_DEFAULT, "de-DE", "a;b"),
            (CSVColumnsSeparator.COMMA, "de-DE", "a,b"),
            (CSVColumnsSeparator.SEMICOLON, "en-US", "a;b"),
            (CSVColumnsSeparator.TAB, "en-US", "a\tb"),
        ],
    )
    def test_columns_are_separated_as_the_flow_or_the_culture_says(
        self, here: Any, tmp_path: Path, separator: CSVColumnsSeparator, culture: str, text: str
    ) -> None:
        local = replace(here, culture=culture)

        table = self.read(local, tmp_path, text, columns_separator=separator)
        actions.write_csv(table, file("b.csv"), local, CSVEncoding.UTF8_NO_BOM, columns_separator=separator)

        assert table.rows == [["a", "b"]]
        assert (tmp_path / "b.csv").read_bytes().decode() == f"{text}\r\n"

    @pytest.mark.parametrize("separator", ["||", "a", "\\", ".*", " - "])
    def test_a_separator_of_its_own_reads_back_what_it_wrote(self, here: Any, separator: str) -> None:
        table = DataTable(["Column1", "Column2"], [["1", f"x{separator}y"], ['"', "é\nü"]])

        actions.write_csv_with_custom_separator(table, file("a.csv"), separator, here)

        assert (
            actions.read_csv_with_custom_separator(file("a.csv"), separator, here, trim_fields=False) == table
        )

    def test_an_empty_separator_is_an_error(self, here: Any) -> None:
        with pytest.raises(ReadFromCSVFailed, match="the custom separator is empty"):
            actions.read_csv_with_custom_separator(file("a.csv"), "", here)
        with pytest.raises(WriteFailed, match="the custom separator is empty"):
            actions.write_csv_with_custom_separator(DataTable(), file("a.csv"), "", here)

    def test_fixed_widths_cut_lines(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Id Name beyond\n1  Ann  \n22\n\n", encoding="utf-8")

        table = actions.read_csv_with_fixed_column_widths(
            file("a.txt"), "3, 5", here, first_line_contains_column_names=True
        )

        assert table == DataTable(["Id", "Name"], [["1", "Ann"], ["22", ""]])

    @pytest.mark.parametrize("widths", ["", "3,x", "0", "-1", "1,,"])
    def test_widths_that_are_no_widths_are_an_error(self, here: Any, widths: str) -> None:
        with pytest.raises(ReadFromCSVFailed, match="is no list of widths such as 10,20,5"):
            actions.read_csv_with_fixed_column_widths(file("a.txt"), widths, here)

    def test_a_table_is_written_with_its_column_names(self, here: Any, tmp_path: Path) -> None:
        table = DataTable(["Id", "a,b"], [[1, None], [Decimal("2.50"), True]])

        actions.write_csv(table, file("a.csv"), here, CSVEncoding.ASCII, include_column_names=True)

        assert (tmp_path / "a.csv").read_bytes() == b'Id,"a,b"\r\n1,\r\n2.5,True\r\n'

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (DataRow(["x", "y"], [1, "b"]), "1,b\r\n"),
            (["a", "b,c"], 'a\r\n"b,c"\r\n'),
            ([["a", 1], DataRow(["x"], [2])], "a,1\r\n2\r\n"),
            ("a,b", "a,b\r\n"),
            ("a,b\n", "a,b\n"),
            ("", ""),
            (5, "5\r\n"),
            (DataTable(["x"], [[""]]), '""\r\n'),
        ],
    )
    def test_other_values_are_written_as_rows(
        self, here: Any, tmp_path: Path, value: object, written: str
    ) -> None:
        actions.write_csv(value, file("a.csv"), here, CSVEncoding.UTF8_NO_BOM)

        assert (tmp_path / "a.csv").read_bytes().decode() == written

    def test_rows_are_appended(self, here: Any, tmp_path: Path) -> None:
        table = DataTable(["x"], [["é"]])

        for _ in range(2):
            actions.write_csv(table, file("a.csv"), here, if_file_exists=IfFileExists.APPEND)

        assert (tmp_path / "a.csv").read_bytes() == "\ufeffé\r\né\r\n".encode()

    def test_a_file_that_cannot_be_read_or_written_is_an_error(self, here: Any, tmp_path: Path) -> None:
        with pytest.raises(ReadFromCSVFailed, match="no such file or directory"):
            actions.read_csv(file("none.csv"), here)
        with pytest.raises(WriteFailed, match="no such file or directory"):
            actions.write_csv(DataTable(), file("none/a.csv"), here)
        with pytest.raises(WriteFailed, match="is a directory"):
            actions.write_csv(DataTable(), file(tmp_path), here)


class TestPathParts:
    @pytest.mark.parametrize(
        ("path", "parts"),
        [
            ("/data/in.tar.gz", ("/", Folder(Path("/data")), "in.tar.gz", "in.tar", ".gz")),
            ("in", ("/", Folder(Path("/flows")), "in", "in", "")),
            (r"sub\a.txt", ("/", Folder(Path("/flows/sub")), "a.txt", "a", ".txt")),
            (r"C:\x\a.txt", ("C:\\", Folder(Path("C:\\x")), "a.txt", "a", ".txt")),
            (r"\\s\f\x\a.txt", ("\\\\s\\f\\", Folder(Path("\\\\s\\f\\x")), "a.txt", "a", ".txt")),
        ],
    )
    def test_a_path_is_taken_apart(self, context: Any, path: str, parts: tuple[object, ...]) -> None:
        assert actions.get_path_part(file(path), context) == parts

    @pytest.mark.parametrize("path", [r"C:\a?.txt", "a\0b", "\ud83d"])
    def test_letters_that_no_path_holds_are_an_error(self, context: Any, path: str) -> None:
        with pytest.raises(FilePathContainsInvalidCharacters):
            actions.get_path_part(file(path), context)


class TestConversions:
    def test_a_file_goes_through_base64_unchanged(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.bin").write_bytes(bytes(range(256)))

        text = actions.convert_to_base64(file("a.bin"), here)
        actions.convert_from_base64(f" {text[:10]}\r\n{text[10:]}", file("b.bin"), here)

        assert (tmp_path / "b.bin").read_bytes() == bytes(range(256))

    @pytest.mark.parametrize("text", ["a", "####", "aGk", "☃"])
    def test_what_is_no_base64_is_an_error(self, here: Any, tmp_path: Path, text: str) -> None:
        with pytest.raises(CantConvertBase64ToFile, match="the text is no Base64"):
            actions.convert_from_base64(text, file("a.bin"), here)

        assert os.listdir(tmp_path) == []

    def test_a_file_goes_through_binary_data_unchanged(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.bin").write_bytes(b"\0\xff")

        actions.convert_from_binary(actions.convert_to_binary(file("a.bin"), here), file("b.bin"), here)

        assert (tmp_path / "b.bin").read_bytes() == b"\0\xff"

    def test_a_file_that_is_there_is_left_alone_unless_overwritten(self, here: Any, tmp_path: Path) -> None:
        (tmp_path / "a.bin").write_bytes(b"old")

        actions.convert_from_binary(b"new", file("a.bin"), here)
        actions.convert_from_base64("bmV3", file("a.bin"), here)
        assert (tmp_path / "a.bin").read_bytes() == b"old"

        actions.convert_from_binary(b"new", file("a.bin"), here, IfExists.OVERWRITE)
        assert (tmp_path / "a.bin").read_bytes() == b"new"

    def test_files_and_folders_that_are_not_there_are_errors(self, here: Any, tmp_path: Path) -> None:
        with pytest.raises(FileNotFound):
            actions.convert_to_base64(file("none/none.bin"), here)
        with pytest.raises(InvalidDirectoryForFile):
            actions.convert_from_binary(b"", file("none/a.bin"), here)
        with pytest.raises(CantConvertFileToBinaryData, match="is a directory"):
            actions.convert_to_binary(file(tmp_path), here)


class TestTemporaryFiles:
    def test_every_temporary_file_is_new_empty_and_private(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

        first, second = actions.get_temp_path(), actions.get_temp_path()

        assert first != second
        assert (first.path.parent, first.path.suffix, first.path.read_bytes()) == (tmp_path, ".tmp", b"")
        assert first.path.stat().st_mode & 0o777 == 0o600

    def test_a_missing_folder_for_them_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))

        with pytest.raises(FailedToCreateTemporaryFile, match="no such file or directory"):
            actions.get_temp_path()
