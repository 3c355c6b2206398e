"""DBOS: durable workflows written as Python functions, each step of which is committed as it ends.

It runs in an environment of its own, as a program that is driven over its pipes. On SQLite it gets a file
in WAL mode, as Deskhand has: its own default, a rollback journal, is slower.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from benchmarks.peers.installation import PeerFailed, installed, run_step, stop

_HERE = Path(__file__).parent
_PINS = _HERE / "dbos-requirements.txt"
_PROGRAM = _HERE / "dbos_program.py"
_ANSWER_SECONDS = 120.0


class Dbos:
    """The running program."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def run(self, *, workflows: int, steps: int, callers: int) -> float:
        """Run workflows, so many at a time; return the seconds from the first start to the last end."""
        return float(self._ask({"workflows": workflows, "steps": steps, "callers": callers})["seconds"])

    def _ask(self, question: dict[str, int]) -> Any:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests
        assert answers
        requests.write(json.dumps(question).encode() + b"\n")
        requests.flush()
        return json.loads(self._answer(answers))

    def _answer(self, answers: IO[bytes]) -> bytes:
        bound = threading.Timer(_ANSWER_SECONDS, self._process.kill)
        bound.start()
        line = answers.readline()
        bound.cancel()
        if not line:
            raise PeerFailed(f"DBOS gave no answer: {self._log.read_text(errors='replace')}")
        return line


@contextmanager
def running_dbos(address: str) -> Iterator[Dbos]:
    """Run the program on an empty database.

    Args:
        address: ``sqlite:///`` with a path, or a PostgreSQL address.
    """
    environment = installed("dbos", _PINS, _install)
    if address.startswith("sqlite:///"):
        _create_in_wal_mode(address.removeprefix("sqlite:///"))
    with tempfile.TemporaryDirectory(prefix="deskhand-dbos-") as directory:
        log = Path(directory) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(environment / "bin" / "python"), "-I", str(_PROGRAM), address],
                cwd=directory,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        with process:
            try:
                yield Dbos(process, log)
            finally:
                stop(process)


def _install(directory: Path) -> None:
    python = str(directory / "bin" / "python")
    run_step([sys.executable, "-m", "venv", str(directory)], directory)
    run_step([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(_PINS)], directory)


def _create_in_wal_mode(path: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        mode = database.execute("PRAGMA journal_mode = WAL").fetchone()
    assert mode == ("wal",), mode
