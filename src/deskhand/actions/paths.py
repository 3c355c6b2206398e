r"""Where the paths of a flow lie on this machine.

Flows are written for Windows: ``C:\Reports\x.txt``, ``sub\x.txt``, ``%TEMP%\x.txt``. The rules, in order:

1. A path that exists as it is written is taken as it is written.
2. A leading ``%TEMP%`` and its kin stand for this user's folders.
3. A drive (``C:\``) or share (``\\server\share``) stands for the folder that the setting
   ``windows_drives`` gives it; without one it is an error.
4. Backslashes separate folders.
5. What is still relative starts from the flow's working directory.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PureWindowsPath

from deskhand.actions import user_folders
from deskhand.core.settings import Settings
from deskhand.robin.catalog import ActionContext, ActionError
from deskhand.robin.values import File, Folder

DIFFERS = (
    "Paths are this machine's. Backslashes separate folders, letter case counts, a leading `%TEMP%`, "
    "`%USERPROFILE%`, `%APPDATA%`, `%LOCALAPPDATA%` or `%PROGRAMDATA%` stands for the user's own folder, and "
    "a Windows drive or share for the folder that the setting `windows_drives` gives it; without one it is "
    "an error."
)
"""The note of every action that takes a path."""

CREATION_DIFFERS = (
    "The creation time is that of the last change of a file's content, name or permissions; Linux tells no "
    "other."
)
"""The note of every action that tells or compares creation times."""

_ROOT = re.compile(r"([A-Za-z]:)(?=[\\/]|\Z)|(\\\\[^\\/]+\\[^\\/]+)")
_VARIABLE = re.compile(r"\A%(\w+)%(?=[\\/]|\Z)")
DRIVES_VARIABLE = "DESKHAND_WINDOWS_DRIVES"
"""The environment variable in which a flow's process finds the setting ``windows_drives``."""


class PathNotOnThisMachine(ActionError):
    """A path names a Windows drive or share, and nothing says which folder here stands for it.

    Set ``windows_drives`` on the machine that runs the flow, for instance
    ``DESKHAND_WINDOWS_DRIVES='C=/srv/c;\\\\files\\sales=/mnt/sales'``, or give the flow a path of this
    machine.
    """

    code = "DH4200"
    error_name = "PathNotOnThisMachine"

    def __init__(self, path: str, root: str) -> None:
        super().__init__(
            f"‘{path}’ lies on {root}, which this machine does not have; set windows_drives "
            f"({DRIVES_VARIABLE}='{root.rstrip(':')}=/some/folder') or use a path of this machine."
        )
        self.path = path
        self.root = root


class PathNotUsable(ActionError):
    """A path holds a character that no path on this machine can hold: U+0000, or half of a pair."""

    code = "DH4201"
    error_name = "PathNotUsable"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path!r} cannot be a path: it holds a character that no path can hold.")
        self.path = path


def locate(item: File | Folder, context: ActionContext) -> Path:
    """Return where a file or folder of the flow lies on this machine, as an absolute path.

    Args:
        item: What the flow named.
        context: Its working directory is where relative paths start.

    Raises:
        PathNotOnThisMachine: It is on a drive or share that no folder stands for.
        PathNotUsable: It cannot be a path.
    """
    text = os.fspath(item.path)
    if not can_be_path(text):
        raise PathNotUsable(text)
    start = context.working_directory
    if not _is_foreign(text) or os.path.lexists(os.path.join(start, text)):
        return Path(os.path.abspath(os.path.join(start, text)))
    if match := _ROOT.match(text):
        return Path(os.path.abspath(_mapped(text, match)))
    here = _VARIABLE.sub(_user_folder, text, count=1).replace("\\", "/")
    return Path(os.path.abspath(os.path.join(start, here)))


def can_be_path(text: str) -> bool:
    """Return whether the file system can hold every character of a text."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def can_be_name(text: str) -> bool:
    """Return whether a text can be the name of one file or folder, with no way to another place."""
    return text not in ("", ".", "..") and not {"/", "\\"} & {*text} and can_be_path(text)


def is_root(path: Path) -> bool:
    """Return whether a path is where a file system begins: the machine's, or a drive of the flow's."""
    roots = [path.anchor, *_drives().values()]
    return path.resolve() in [Path(root).resolve() for root in roots]


def is_windows_path(item: File | Folder) -> bool:
    """Return whether a path begins with a Windows drive or share."""
    return _ROOT.match(os.fspath(item.path)) is not None


def is_empty(item: File | Folder) -> bool:
    """Return whether a path is the empty text, which Python also writes as ``.``."""
    return os.fspath(item.path) in ("", ".")


def _is_foreign(text: str) -> bool:
    return "\\" in text or text.startswith("%") or _ROOT.match(text) is not None


def _user_folder(match: re.Match[str]) -> str:
    found = user_folders.environment_folder(match.group(1))
    return str(found) if found else match.group(0)


def _mapped(text: str, match: re.Match[str]) -> str:
    root = match.group(0)
    folder = _drives().get(root.casefold())
    if folder is None:
        raise PathNotOnThisMachine(text, root if root.startswith("\\") else root.upper())
    # As on Windows, the root of a drive has no parent.
    below = os.path.normpath("/" + text[match.end() :].replace("\\", "/"))
    return folder + below


def _drives() -> dict[str, str]:
    """Read ``C=/srv/c;\\\\server\\share=/mnt/share``; a drive may be written with its colon."""
    pairs = (one.partition("=") for one in Settings.load().windows_drives.split(";"))
    return {_root_named(name): folder.strip() for name, _, folder in pairs if folder.strip()}


def _root_named(name: str) -> str:
    root = str(PureWindowsPath(name.strip())).rstrip("\\").casefold()
    return f"{root}:" if len(root) == 1 else root
