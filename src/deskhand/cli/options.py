"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click


def default_data_directory() -> Path:
    """Return where an installation's data is kept unless ``--data`` says otherwise."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "deskhand"


DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="DESKHAND_DATA",
    default=default_data_directory,
    show_default="~/.local/share/deskhand",
    help="The data directory.",
)
