"""What the File actions do to the file system."""

from __future__ import annotations

import base64
import binascii
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from deskhand.actions.file.choices import IfExists, IfFileExists
from deskhand.actions.file.encodings import byte_order_mark, decode, encode
from deskhand.actions.file.errors import (
    CantConvertBase64ToFile,
    CantDeleteFile,
    DestinationFolderDoesntExist,
    FailedToCreateTemporaryFile,
    FileNotFound,
    InvalidDirectoryForFile,
)
from deskhand.actions.file.storage import append_content, replace_content
from deskhand.actions.path_errors import PathError, reported_as
from deskhand.actions.paths import locate
from deskhand.actions.wildcards import has_wildcard, matching
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import File, Folder

_ANY_LINE_END = re.compile(r"\r\n|\n|\r")
_WHITE_SPACE = re.compile(r"\s+")


def find_files(files: Sequence[File], context: ActionContext, missing_folder: type[PathError]) -> list[Path]:
    """Return where the named files are, wildcards resolved; all must be there before any is touched.

    Args:
        files: Files by name; the last part of a name may hold ``*`` and ``?``.
        context: Where relative paths start.
        missing_folder: Raised where a file's folder is not there.
    """
    found: list[Path] = []
    for path in (locate(one, context) for one in files):
        if has_wildcard(path.name) and not os.path.lexists(path):
            _check_folder(path, missing_folder)
            found += sorted(one for one in matching(path.parent, path.name) if one.is_file())
        else:
            check_source(path, missing_folder)
            found.append(path)
    return found


def check_source(path: Path, missing_folder: type[PathError] | None = None) -> None:
    """Make sure that a file is there to be read.

    Args:
        path: The file.
        missing_folder: Raised where even its folder is not there, if the action tells the two apart.

    Raises:
        FileNotFound: It is not there.
    """
    if not os.path.lexists(path):
        if missing_folder:
            _check_folder(path, missing_folder)
        raise FileNotFound(path)


def _check_folder(path: Path, missing_folder: type[PathError]) -> None:
    if not path.parent.is_dir():
        raise missing_folder(path.parent)


def destination_folder(folder: Folder, context: ActionContext) -> Path:
    """Return where files should go."""
    path = locate(folder, context)
    if not path.is_dir():
        raise DestinationFolderDoesntExist(path)
    return path


def read_bytes(path: Path, failed: type[PathError]) -> bytes:
    """Return a file's content."""
    with reported_as(failed, path):
        return path.read_bytes()


def read_text(path: Path, encoding: str, failed: type[PathError]) -> str:
    """Return a text file's text."""
    return decode(read_bytes(path, failed), encoding)


def lines_of(text: str) -> list[str]:
    """Split a text at its line ends; one at the very end begins no further line."""
    lines = _ANY_LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def write_bytes(path: Path, content: bytes, if_exists: IfExists, failed: type[PathError]) -> None:
    """Write a whole file, unless one is there that should stay."""
    _check_folder(path, InvalidDirectoryForFile)
    if if_exists is IfExists.OVERWRITE or not os.path.lexists(path):
        with reported_as(failed, path):
            replace_content(path, lambda stream: stream.write(content))


def write_text(
    path: Path, text: str, encoding: str, if_exists: IfFileExists, failed: type[PathError]
) -> None:
    """Write or append a text; a byte order mark stands only at the beginning of a file."""
    content, mark = encode(text, encoding), byte_order_mark(encoding)
    with reported_as(failed, path):
        if if_exists is IfFileExists.APPEND:
            append_content(path, content, mark)
        else:
            replace_content(path, lambda stream: stream.write(mark + content))


def write_text_file(
    path: Path, text: str, encoding: str, if_exists: IfFileExists, failed: type[PathError]
) -> None:
    """Write or append a text to a file whose folder must be there."""
    _check_folder(path, InvalidDirectoryForFile)
    write_text(path, text, encoding, if_exists, failed)


def from_base64(text: str, path: Path) -> bytes:
    """Return the bytes that a Base64 text stands for; white space in it means nothing."""
    try:
        return base64.b64decode(_WHITE_SPACE.sub("", text).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as problem:
        raise CantConvertBase64ToFile(path, f"the text is no Base64 ({problem})") from problem


def create_temporary_file() -> Path:
    """Create an empty file of its own in the folder for temporary files."""
    folder = Path(tempfile.gettempdir())
    with reported_as(FailedToCreateTemporaryFile, folder):
        handle, path = tempfile.mkstemp(prefix="tmp", suffix=".tmp", dir=folder)
        os.close(handle)
    return Path(path)


def delete(path: Path) -> None:
    """Delete a file, or the link where it is one; never a folder."""
    with reported_as(CantDeleteFile, path):
        path.unlink()


def place_all(
    sources: Sequence[Path],
    destination: Path,
    if_exists: IfExists,
    place: Callable[[Path, Path], None],
    failed: type[PathError],
) -> list[File]:
    """Copy or move files into a folder.

    Args:
        sources: The files, all of which are there.
        destination: The folder, which is there.
        if_exists: Whether files of these names in the folder make way.
        place: Copies or moves one.
        failed: Raised for the first file that the operating system refuses.

    Returns:
        The files that arrived, without those that were left alone.
    """
    arrived = []
    for source in sources:
        target = destination / source.name
        if if_exists is IfExists.DO_NOTHING and os.path.lexists(target):
            continue
        with reported_as(failed, source):
            _refuse_folder(source)
            _refuse_folder(target)
            if not _is_same(source, target):
                place(source, target)
        arrived.append(File(target))
    return arrived


def copy_file(source: Path, target: Path) -> None:
    """Copy one file with its permissions and times; the target appears when it is whole."""
    if source.exists() and not source.is_file():
        raise shutil.SpecialFileError("it is a device or a pipe")
    with source.open("rb") as content:
        replace_content(target, lambda stream: shutil.copyfileobj(content, stream, 1 << 20))
    shutil.copystat(source, target)


def move_file(source: Path, target: Path) -> None:
    """Move one file, also to another file system."""
    try:
        source.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        copy_file(source, target)
        source.unlink()


def _is_same(source: Path, target: Path) -> bool:
    return target.exists() and source.exists() and source.samefile(target)


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
