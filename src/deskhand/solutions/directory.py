"""The files of a folder, read within the bounds of an archive and never out of the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from deskhand.solutions.archive import ArchiveLimits
from deskhand.solutions.errors import ArchiveTooLarge


def list_directory(path: Path) -> Mapping[str, Path]:
    """Return a folder's files by name, with ``/`` between folders, as a zip of it would name them.

    Links are left out, and so is what begins with a dot: a repository's own files.
    """
    return {file.relative_to(path).as_posix(): file for file in _files(path)}


def read_listed(
    source: str, listed: Mapping[str, Path], limits: ArchiveLimits | None = None
) -> Mapping[str, bytes]:
    """Return the bytes of listed files by name.

    Args:
        source: The folder's name, for messages.
        listed: The files.
        limits: How much they may hold.

    Raises:
        ArchiveTooLarge: They hold more than the limits allow.
    """
    bounds = limits or ArchiveLimits()
    if len(listed) > bounds.entries:
        raise ArchiveTooLarge(source, f"{len(listed)} files; {bounds.entries} are the most")
    files: dict[str, bytes] = {}
    left = bounds.bytes
    for name, file in listed.items():
        with file.open("rb") as stream:
            files[name] = stream.read(left + 1)
        left -= len(files[name])
        if left < 0:
            raise ArchiveTooLarge(source, f"more than {bounds.bytes:,} bytes")
    return files


def _files(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
