"""Pin every dependency with its hashes.

Two files in ``requirements/``: what the package needs to run, and that plus what its development needs.
A third beside the benchmarks: what their peer in Python needs, which has an environment of its own. None
names an index, so they install from whichever one the machine is configured for.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pin(source: str, target: Path) -> None:
    """Resolve requirement lines and write them, hashed, to a file. What it pins already stays as it is."""
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", "--generate-hashes"),
            *(
                "--no-header",
                "--no-annotate",
                "--no-emit-index-url",
                "--universal",
                "--python-version",
                "3.11",
                "--output-file",
                str(target),
            ),
        ],
        input=source,
        text=True,
        check=True,
    )
    target.write_text(re.sub(r"\n{2,}", "\n", target.read_text()))


def main() -> None:
    """Write the three files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = "\n".join(project["project"]["dependencies"])
    development = "\n".join(project["dependency-groups"]["dev"])
    peers = "\n".join(project["dependency-groups"]["benchmarks"])
    pin(runtime, ROOT / "requirements" / "runtime.txt")
    pin(f"{runtime}\n{development}", ROOT / "requirements" / "development.txt")
    pin(peers, ROOT / "benchmarks" / "peers" / "dbos-requirements.txt")


if __name__ == "__main__":
    main()
