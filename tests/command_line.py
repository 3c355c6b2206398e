"""The installed ``deskhand`` command, run to its end as scripts run it: no terminal, nothing to answer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.live import DESKHAND


def run_command(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("DESKHAND_")}
    return subprocess.run(
        [DESKHAND, *map(str, arguments)],
        cwd=cwd,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
