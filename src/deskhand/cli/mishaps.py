"""What goes wrong in a command and is no error of ours by class: files, and what nobody foresaw."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import Path

from deskhand.core.errors import DeskhandError

_USAGE, _NOT_FOUND, _NOT_ALLOWED, _NOT_REACHABLE, _CONFLICT = 2, 3, 4, 5, 6

_EXITS: Mapping[int, tuple[str, ...]] = {
    _USAGE: ("DH0110", "DH0111", "DH0200", "DH3053"),
    _NOT_FOUND: ("DH1013", "DH1015", "DH1545", "DH1101", "DH3050", "DH3301", "DH3501", "DH3503"),
    _NOT_ALLOWED: ("DH1102", "DH1103", "DH3055", "DH3310", "DH3312"),
    _NOT_REACHABLE: ("DH0201", "DH3054"),
    _CONFLICT: ("DH1014", "DH1546", "DH1547", "DH1114", "DH1115", "DH3051", "DH3056", "DH3201", "DH3311"),
}
"""Exit codes of errors from rooms that know of no command line. Source: experience 8."""


def exit_code_of(error: DeskhandError) -> int:
    """Return the exit code for an error; 1 unless it has one."""
    named = next((number for number, codes in _EXITS.items() if error.code in codes), 1)
    return int(getattr(error, "exit_code", named))


class FileTrouble(DeskhandError):
    """The operating system refused something that a command needs: a file, a folder, a connection.

    The message holds what and why. Look at the path, its rights and the space on its disk.
    """

    code = "DH0151"

    def __init__(self, error: OSError) -> None:
        where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        super().__init__(f"{where}{error.strerror or error}. Look at the path, its rights and its disk.")


class Unforeseen(DeskhandError):
    """A command stopped at something that nobody foresaw: a fault in Deskhand.

    Run the command again with ``DESKHAND_LOG_LEVEL=DEBUG`` in the environment; what it prints then
    belongs into a report of the fault. It may show values of yours: read it first.
    """

    code = "DH0199"

    def __init__(self, error: BaseException) -> None:
        # The message of a foreign error may hold anybody's values; its type and place do not.
        last = traceback.extract_tb(error.__traceback__)[-1:]
        place = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in last)
        super().__init__(
            f"Deskhand met something that it did not foresee: {type(error).__name__}{place}. This is a fault "
            "in Deskhand. DESKHAND_LOG_LEVEL=DEBUG in the environment makes it print the details."
        )
