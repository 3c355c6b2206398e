"""Bytes on disk: a file is either as it was or wholly new, never half written."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def replace_content(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file anew, keeping the old one until the new one is whole.

    A file's permissions are kept, and a link stays a link. Devices and pipes, which cannot be
    replaced, are written to directly.

    Args:
        path: The file; its folder must be there.
        write: Given the open file; what it has written when it returns is the new content.

    Raises:
        OSError: The file system refused; the old file is as it was.
    """
    target = Path(os.path.realpath(path))
    known = _status(target)
    if known is not None and not stat.S_ISREG(known.st_mode):
        with target.open("wb") as stream:
            write(stream)
        return
    if known is not None and not os.access(target, os.W_OK):
        # Replacing a file asks leave of its folder only; its own protection counts as well.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    draft = target.with_name(f".{secrets.token_hex(8)}.draft")
    try:
        with draft.open("xb") as stream:
            write(stream)
            if known is not None:
                os.fchmod(stream.fileno(), stat.S_IMODE(known.st_mode))
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def append_content(path: Path, content: bytes, mark: bytes = b"") -> None:
    """Add bytes to the end of a file; a mark goes before them only where the file is still empty."""
    with path.open("ab") as stream:
        stream.write(content if stream.tell() else mark + content)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
