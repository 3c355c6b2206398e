"""The one entry: whatever a person names, read by what it is."""

from __future__ import annotations

from pathlib import Path

from deskhand.solutions.content import Content
from deskhand.solutions.errors import NothingToImport
from deskhand.solutions.folder import read_folder
from deskhand.solutions.solution_zip import read_solution
from deskhand.solutions.text import read_text

_ZIP_MARK = b"PK"
MAX_FILE_BYTES = 256 * 1024 * 1024


def read_source(path: Path) -> Content:
    """Read a solution zip, a flow folder or a flow text.

    Raises:
        NothingToImport: The path does not exist, or is none of these.
        BrokenArchive: The zip cannot be read.
        ArchiveTooLarge: The zip holds more than an import takes.
        UnsafeName: An entry of the zip has a name that no export has.
        BrokenContent: A file does not hold what it should.
    """
    if path.is_dir():
        return read_folder(path)
    if not path.is_file():
        raise NothingToImport(str(path), "there is no such file")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise NothingToImport(str(path), f"it is larger than {MAX_FILE_BYTES:,} bytes")
    data = path.read_bytes()
    if data.startswith(_ZIP_MARK) or path.suffix.casefold() == ".zip":
        return read_solution(path.name, data)
    return read_text(path.name, path.stem, data)
