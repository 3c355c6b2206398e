"""Pin every dependency with its hashes into ``requirements/``.

Two files: what the package needs to run, and that plus what its development needs. Neither names
an index, so they install from whichever one the machine is configured for.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pin(source: str, target: Path) -> None:
    """Resolve requirement lines and write them, hashed, to a file."""
    resolved = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", "--generate-hashes"),
            *(
                "--no-header",
                "--no-annotate",
                "--no-emit-index-url",
                "--universal",
                "--python-version",
                "3.11",
            ),
        ],
        input=source,
        text=True,
        check=True,
        capture_output=True,
    ).stdout
    target.write_text(re.sub(r"\n{2,}", "\n", resolved))


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = "\n".join(project["project"]["dependencies"])
    development = "\n".join(project["dependency-groups"]["dev"])
    pin(runtime, ROOT / "requirements" / "runtime.txt")
    pin(f"{runtime}\n{development}", ROOT / "requirements" / "development.txt")


if __name__ == "__main__":
    main()
