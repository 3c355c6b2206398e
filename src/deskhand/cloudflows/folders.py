"""Folders of the server's machine that triggers watch: only those that an administrator allows.

Each part of a path is opened in the one before it, and no link is followed: what lies elsewhere stays out of
reach, also of somebody who exchanges a folder for a link at the right moment.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from deskhand.cloudflows.errors import CloudFlowError

MOST_FILES = 10_000

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class FolderRefused(CloudFlowError):
    """A trigger watches a folder that the server's administrator has not allowed.

    Folders are allowed with the setting ``watched_folders``; those below them are then allowed, too. A path
    is absolute, and has no ``..`` in it.
    """

    code = "DH6533"
    service_code = "Forbidden"
    http_status = 403

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The folder '{path}' is none of those that may be watched. An administrator can allow it: "
            "setting watched_folders."
        )


class FolderUnreadable(CloudFlowError):
    """A folder that a trigger watches, or a file in it, cannot be read; the trigger tries again.

    It may be missing, a link, or not readable for the account that the server runs as.
    """

    code = "DH6534"
    service_code = "NotFound"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"'{path}' cannot be read: {problem}.")


class FolderTooLarge(CloudFlowError):
    """A folder that a trigger watches has more files than can be kept in view. Move old files elsewhere."""

    code = "DH6535"

    def __init__(self, path: str) -> None:
        super().__init__(f"The folder '{path}' has more than {MOST_FILES} files, as many as can be watched.")


@dataclass(frozen=True, slots=True)
class Sight:
    """What tells whether a file has changed.

    Attributes:
        size: Its bytes.
        modified: When it was written last, in nanoseconds since 1970.
    """

    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder.

    Attributes:
        path: Its path.
        descriptor: The open folder.
    """

    path: str
    descriptor: int

    def files(self) -> dict[str, Sight]:
        """Return the files that are directly in it; links and folders are none.

        Raises:
            FolderTooLarge: There are too many.
        """
        found: dict[str, Sight] = {}
        with os.scandir(self.descriptor) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # it went since the folder was read
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode):
                        found[entry.name] = _sight(about)
                if len(found) > MOST_FILES:
                    raise FolderTooLarge(self.path)
        return found

    def read(self, name: str, sight: Sight) -> bytes | None:
        """Return a file's content; None if it is gone, or is not as it was seen.

        Args:
            name: One that :meth:`files` gave.
            sight: What it gave with it.

        Raises:
            FolderUnreadable: The server may not read it.
        """
        try:
            descriptor = os.open(name, _FILE | _NO_LINK, dir_fd=self.descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FolderUnreadable(f"{self.path}/{name}", error.strerror or str(error)) from error
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(sight.size) if _is_file(descriptor) else b""
            return content if _sight(os.fstat(descriptor)) == sight else None


def _is_file(descriptor: int) -> bool:
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def _sight(about: os.stat_result) -> Sight:
    return Sight(about.st_size, about.st_mtime_ns)


def allowed_folders(setting: str) -> tuple[PurePosixPath, ...]:
    """Return the folders that the setting ``watched_folders`` names."""
    return tuple(PurePosixPath(one.strip()) for one in setting.split(";") if one.strip())


@contextmanager
def opened_folder(path: str, allowed: Sequence[PurePosixPath]) -> Iterator[Folder]:
    """Open a folder that may be watched.

    Args:
        path: Its absolute path.
        allowed: The folders that may be watched, and those below them.

    Raises:
        FolderRefused: It may not.
        FolderUnreadable: It is not there, or cannot be read.
    """
    wanted = PurePosixPath(path)
    root = next((one for one in allowed if one.is_absolute() and wanted.is_relative_to(one)), None)
    if root is None or ".." in wanted.parts or not _NO_LINK:
        raise FolderRefused(path)
    try:
        descriptor = _open_below(root, wanted.relative_to(root).parts)
    except OSError as error:
        raise FolderUnreadable(path, error.strerror or str(error)) from error
    try:
        yield Folder(str(wanted), descriptor)
    finally:
        os.close(descriptor)


def _open_below(root: PurePosixPath, parts: Sequence[str]) -> int:
    """Open a folder part by part; the one that was allowed may itself be a link."""
    descriptor = os.open(root, _FOLDER)
    for part in parts:
        outer = descriptor
        try:
            descriptor = os.open(part, _FOLDER | _NO_LINK, dir_fd=outer)
        finally:
            os.close(outer)
    return descriptor
