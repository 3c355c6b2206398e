"""A zip from outside, read within bounds and never unpacked to disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from deskhand.solutions.errors import ArchiveTooLarge, BrokenArchive, UnsafeName

MEBIBYTE = 1024 * 1024
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much a zip may hold.

    Attributes:
        entries: Files in it.
        bytes: All of them unpacked.
        ratio: Unpacked to packed size of one file, once it is larger than a mebibyte.
    """

    entries: int = 20_000
    bytes: int = 512 * MEBIBYTE
    ratio: int = 200


def read_archive(source: str, data: bytes, limits: ArchiveLimits | None = None) -> Mapping[str, bytes]:
    """Return a zip's files by name, with ``/`` between folders.

    Sizes are counted while unpacking: what the zip says of itself is not believed.

    Args:
        source: The zip's name, for messages.
        data: Its bytes.
        limits: How much it may hold.

    Raises:
        BrokenArchive: It is no zip, or damaged, cut off, encrypted, or packed as no export is.
        ArchiveTooLarge: It holds more than the limits allow.
        UnsafeName: A name is absolute, leads out of the zip, is a link, or stands in it twice.
    """
    bounds = limits or ArchiveLimits()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > bounds.entries:
                raise ArchiveTooLarge(source, f"{len(entries)} files; {bounds.entries} are the most")
            return _read_all(source, archive, entries, bounds)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OverflowError,
        ValueError,
    ) as error:
        raise BrokenArchive(source, str(error) or "it is damaged") from error


def _read_all(
    source: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], bounds: ArchiveLimits
) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    left = bounds.bytes
    for entry in entries:
        name = _checked_name(source, entry)
        if name.casefold() in seen:
            raise UnsafeName(source, entry.filename, "stands in the zip twice")
        seen.add(name.casefold())
        if entry.is_dir():
            continue
        files[name] = _read_entry(source, archive, entry, min(left, _allowed(entry, bounds)))
        left -= len(files[name])
    return files


def _checked_name(source: str, entry: zipfile.ZipInfo) -> str:
    name = entry.filename.replace("\\", "/")
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        raise UnsafeName(source, entry.filename, "points outside of the zip")
    if any(not (one.isprintable()) for one in name):
        raise UnsafeName(source, ascii(entry.filename), "has control characters in its name")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnsafeName(source, entry.filename, "is a link")
    if entry.flag_bits & _ENCRYPTED:
        raise BrokenArchive(source, f"‘{entry.filename}’ is encrypted")
    # Exports are deflated; what unpacks other methods takes as much memory as the stream asks for.
    if entry.compress_type not in _PACKINGS:
        raise BrokenArchive(source, f"‘{entry.filename}’ is packed by a method that exports do not use")
    return name


def _allowed(entry: zipfile.ZipInfo, bounds: ArchiveLimits) -> int:
    return max(MEBIBYTE, entry.compress_size * bounds.ratio)


def _read_entry(source: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int) -> bytes:
    content = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > allowed:
                what = f"more than it may: ‘{entry.filename}’ passes {allowed:,} bytes"
                raise ArchiveTooLarge(source, what)
    return bytes(content)
