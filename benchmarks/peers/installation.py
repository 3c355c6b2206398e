"""Peers are installed below ``build/benchmarks``, and again only when their pins change."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "benchmarks"
_INSTALL_SECONDS = 1200
_STOP_SECONDS = 20


class PeerFailed(Exception):
    """A peer could not be installed, or did not do what the benchmark asked of it."""


def installed(name: str, pins: Path, install: Callable[[Path], None]) -> Path:
    """Return the directory of a peer that is ready to run; install it there if need be."""
    directory = BUILD / name
    stamp = directory / "pins.sha256"
    wanted = sha256(pins.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing {name} into {directory.relative_to(ROOT)}", flush=True)
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        install(directory)
        stamp.write_text(wanted)
    return directory


def run_step(command: Sequence[str], directory: Path, **environment: str) -> None:
    """Run one command of an installation.

    Raises:
        PeerFailed: It failed, took too long, or is not on this machine.
    """
    try:
        subprocess.run(
            command,
            cwd=directory,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        raise PeerFailed(f"{' '.join(command)}: {error.stdout}{error.stderr}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerFailed(f"{' '.join(command)}: {error}") from error


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a peer that leads a session of its own, and whatever it has started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
