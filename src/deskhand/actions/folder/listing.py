"""Lists of what a folder holds: filtered, with subfolders, in an order of the flow's choice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskhand.actions.folder.choices import SortBy
from deskhand.actions.path_errors import PathError, reason_of
from deskhand.actions.wildcards import wildcard_filter
from deskhand.robin.errors import FileUnavailable
from deskhand.robin.properties import get_property
from deskhand.robin.values import File, Folder

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
            found.sort(key=_key(kind), reverse=descending)
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


def _key(kind: SortBy) -> Callable[[Path], tuple[Any, ...]]:
    """Sort by a property of files; what cannot be read comes first."""

    def key(path: Path) -> tuple[Any, ...]:
        try:
            value = get_property(File(path), kind.value)
        except FileUnavailable:
            return (False,)
        if isinstance(value, Folder):
            value = str(value.path)
        return (True, value.casefold(), value) if isinstance(value, str) else (True, value)

    return key
