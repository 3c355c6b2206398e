"""What a zip from outside may hold, and what is refused."""

from __future__ import annotations

import io
import random
import stat
import warnings
import zipfile
from contextlib import suppress

import pytest

from deskhand.solutions.archive import MEBIBYTE, ArchiveLimits, read_archive
from deskhand.solutions.errors import ArchiveTooLarge, BrokenArchive, UnsafeName
from tests.unit.solutions.zips import archive


def test_files_are_read_by_their_names() -> None:
    data = archive({"a/b.txt": "one", "c.txt": b"\x00\x01", "folder/": ""})
    assert read_archive("x.zip", data) == {"a/b.txt": b"one", "c.txt": b"\x00\x01"}


def test_windows_separators_become_slashes() -> None:
    entry = zipfile.ZipInfo("a")
    entry.filename = "Workflows\\a.json"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        written.writestr(entry, "{}")
    assert list(read_archive("x.zip", data.getvalue())) == ["Workflows/a.json"]


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "a//b", "./a", "..\\a", "a/..", "a\nb"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UnsafeName):
        read_archive("x.zip", archive({name: "x"}))


@pytest.mark.parametrize("second", ["a.txt", "A.TXT"])
def test_a_name_that_stands_twice_is_refused(second: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        written.writestr("a.txt", "1")
        written.writestr(second, "2")
    with pytest.raises(UnsafeName, match="twice"):
        read_archive("x.zip", data.getvalue())


def test_a_link_is_refused() -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        written.writestr(entry, "/etc/passwd")
    with pytest.raises(UnsafeName, match="is a link"):
        read_archive("x.zip", data.getvalue())


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(archive({"a.txt": "secret"}))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    with pytest.raises(BrokenArchive, match=r"‘a\.txt’ is encrypted"):
        read_archive("x.zip", bytes(data))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_exports_do_not_use_is_refused(packing: int) -> None:
    with pytest.raises(BrokenArchive, match="method that exports do not use"):
        read_archive("x.zip", archive({"a": "x"}, packing))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"no zip at all", archive({"a": "x" * 999})[:-30]],
    ids=["empty", "mark alone", "text", "cut off"],  # a zip holds the time, and so would its id
)
def test_what_is_no_whole_zip_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenArchive):
        read_archive("x.zip", data)


def test_damage_never_shows_as_another_error() -> None:
    whole = archive({"customizations.xml": "<a/>", "data": "abc" * 100})
    chance = random.Random(7)
    for _ in range(2000):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(BrokenArchive, ArchiveTooLarge, UnsafeName):
            read_archive("x.zip", bytes(data))


def test_too_many_files_are_refused() -> None:
    data = archive({str(number): "" for number in range(4)})
    with pytest.raises(ArchiveTooLarge, match="4 files; 3 are the most"):
        read_archive("x.zip", data, ArchiveLimits(entries=3))


def test_what_unpacks_to_too_much_in_all_is_refused() -> None:
    data = archive({"a": b"1" * 600, "b": b"2" * 600})
    with pytest.raises(ArchiveTooLarge, match="‘b’ passes 400 bytes"):
        read_archive("x.zip", data, ArchiveLimits(bytes=1000))


def test_a_file_that_swells_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ArchiveTooLarge, match="‘bomb’"):
        read_archive("x.zip", archive({"bomb": b"\0" * (4 * MEBIBYTE)}))


def test_a_size_that_the_zip_states_falsely_is_not_believed() -> None:
    data = bytearray(archive({"bomb": b"\0" * (4 * MEBIBYTE)}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises((ArchiveTooLarge, BrokenArchive)):
        read_archive("x.zip", bytes(data))
