"""Lists of what a folder holds: filtered, with subfolders, in an order of the flow's choice."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskhand.actions.folder.choices import SortBy
from deskhand.actions.path_errors import PathError, reason_of
from deskhand.actions.wildcards import wildcard_filter

Order = tuple[SortBy, bool]
"""What to sort by, and whether the greatest comes first."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to list.

    Attributes:
        folder: Where to look; it is there.
        name_filter: Which names, such as ``*.txt;*.csv``.
        folders: Whether folders are wanted, not files.
        subfolders: Whether to look in subfolders as well; links to folders are not followed.
        fail_on_denied: Whether a subfolder that may not be read is an error.
        orders: What to sort by, the most important first.
        failed: Raised where a folder cannot be read.
    """

    folder: Path
    name_filter: str
    folders: bool
    subfolders: bool
    fail_on_denied: bool
    orders: Sequence[Order]
    failed: type[PathError]


def list_paths(search: Search) -> list[Path]:
    """Return the paths that a search finds; unsorted they come by name, a folder's own first."""
    accepts = wildcard_filter(search.name_filter).fullmatch
    found = [Path(entry) for entry in _walk(search) if accepts(entry.name)]
    # A stable sort by the least important key first leaves the most important one on top.
    for kind, descending in reversed(search.orders):
        if kind is not SortBy.NO_SORT:
            found.sort(key=_KEYS[kind], reverse=descending)
    return found


def _walk(search: Search) -> Iterator[os.DirEntry[str]]:
    waiting = [search.folder]
    while waiting:
        below = []
        for entry in _entries(search, waiting.pop()):
            is_folder = entry.is_dir()
            if is_folder if search.folders else entry.is_file():
                yield entry
            if is_folder and search.subfolders and not entry.is_symlink():
                below.append(Path(entry))
        waiting += reversed(below)


def _entries(search: Search, folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: (entry.name.casefold(), entry.name))
    except PermissionError as problem:
        if search.fail_on_denied or folder == search.folder:
            raise search.failed(folder, reason_of(problem)) from problem
    except FileNotFoundError as problem:
        # A subfolder that was deleted meanwhile holds nothing.
        if folder == search.folder:
            raise search.failed(folder, reason_of(problem)) from problem
    except OSError as problem:
        raise search.failed(folder, reason_of(problem)) from problem
    return []


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _time(attribute: str) -> Callable[[Path], float]:
    return lambda path: getattr(_status(path), attribute, 0.0)


def _created(path: Path) -> float:
    """Return the older of the last two changes: Linux tells no creation time here."""
    return min(_time("st_ctime")(path), _time("st_mtime")(path))


def _size(path: Path) -> int:
    status = _status(path)
    return status.st_size if status and stat.S_ISREG(status.st_mode) else 0


def _text(part: str) -> tuple[str, str]:
    return part.casefold(), part


_KEYS: Mapping[SortBy, Callable[[Path], Any]] = {
    SortBy.FULL_NAME: lambda path: _text(str(path)),
    SortBy.ROOT_PATH: lambda path: path.anchor,
    SortBy.DIRECTORY: lambda path: _text(str(path.parent)),
    SortBy.NAME: lambda path: _text(path.name),
    SortBy.NAME_WITHOUT_EXTENSION: lambda path: _text(path.stem),
    SortBy.EXTENSION: lambda path: _text(path.suffix),
    SortBy.SIZE: _size,
    SortBy.CREATION_TIME: _created,
    SortBy.LAST_ACCESSED: _time("st_atime"),
    SortBy.LAST_MODIFIED: _time("st_mtime"),
    SortBy.IS_HIDDEN: lambda path: path.name.startswith("."),
    SortBy.IS_READ_ONLY: lambda path: not os.access(path, os.W_OK),
    # Linux has neither mark, so these leave the order as it is.
    SortBy.IS_SYSTEM: lambda path: False,
    SortBy.IS_ARCHIVE: lambda path: False,
    SortBy.EXISTS: lambda path: path.exists(),
}
