"""The folders of the user that a flow runs as, where the desktop conventions of Linux put them."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

_ENTRY = re.compile(r'XDG_(\w+)_DIR="(?:(\$HOME)/?)?(.*)"')


def home() -> Path:
    """Return the user's own folder."""
    return Path.home()


def configuration() -> Path:
    """Return where programs keep the user's settings."""
    return _base("XDG_CONFIG_HOME", ".config")


def data() -> Path:
    """Return where programs keep the user's data."""
    return _base("XDG_DATA_HOME", ".local/share")


def state() -> Path:
    """Return where programs keep what they did, such as histories."""
    return _base("XDG_STATE_HOME", ".local/state")


def cache() -> Path:
    """Return where programs keep what they can fetch again."""
    return _base("XDG_CACHE_HOME", ".cache")


def media(name: str, default: str) -> Path:
    """Return a folder for the user's own documents, as the user's desktop names it.

    Args:
        name: The desktop's key, such as ``DOCUMENTS``.
        default: Its name below the user's folder where the desktop says nothing.
    """
    try:
        lines = (configuration() / "user-dirs.dirs").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        lines = []
    for line in lines:
        entry = _ENTRY.fullmatch(line.strip())
        if entry and entry.group(1) == name:
            return home() / entry.group(3) if entry.group(2) else Path(entry.group(3))
    return home() / default


def environment_folder(name: str) -> Path | None:
    """Return the folder that a Windows environment variable stands for, or None for other names."""
    find = _ENVIRONMENT.get(name.upper())
    return find() if find else None


def _base(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "")
    # The convention says to ignore a relative one.
    return Path(named) if os.path.isabs(named) else home() / default


_ENVIRONMENT: Mapping[str, Callable[[], Path]] = {
    "TEMP": lambda: Path(tempfile.gettempdir()),
    "TMP": lambda: Path(tempfile.gettempdir()),
    "USERPROFILE": home,
    "HOMEPATH": home,
    "APPDATA": configuration,
    "LOCALAPPDATA": data,
    "PROGRAMDATA": lambda: Path("/var/lib"),
}
