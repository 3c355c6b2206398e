"""n8n: workflows of nodes, started by webhooks among other things.

It comes from npm with the Node it asks for, and serves one workflow on loopback: a webhook, a node that
composes a greeting, a node that answers with it. It keeps the history of every execution, as it does by
default, on SQLite in WAL mode. Its expressions are evaluated in its own process, the quickest of the ways
it offers: an isolate for each execution, its default, takes four times the processor time. Whatever would
call its makers is off.
"""

from __future__ import annotations

import http.client
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.installation import PeerFailed, installed, run_step, stop
from tests.live import free_port

_FILES = Path(__file__).parent / "n8n-files"
_LOCK = _FILES / "package-lock.json"
_WORKFLOW = _FILES / "workflow.json"
_WORKFLOW_ID = "DeskhandBenchm01"
_PATH = "/webhook/greeting"
_READY_SECONDS = 90.0

_QUIET = {
    "EXTERNAL_FRONTEND_HOOKS_URLS": "",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_DISABLED_MODULES": "community-packages,mcp-registry",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_PYTHON_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED": "false",
}


@dataclass(frozen=True, slots=True)
class N8n:
    """The running server.

    Attributes:
        port: Where it listens, on loopback.
        path: What to post to, to start the workflow.
        database: Its database file.
    """

    port: int
    path: str
    database: Path

    def kept(self) -> int:
        """Return how many executions its history holds that succeeded, each with its data."""
        counted = (
            "SELECT count(*) FROM execution_entity JOIN execution_data ON executionId = id"
            " WHERE status = 'success'"
        )
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return int(database.execute(counted).fetchone()[0])


@contextmanager
def running_n8n(directory: Path) -> Iterator[N8n]:
    """Run n8n with the workflow switched on; its data and its log go into a directory."""
    modules = installed("n8n", _LOCK, _install) / "node_modules"
    program = [str(_node(modules)), str(modules / "n8n" / "bin" / "n8n")]
    port = free_port()
    environment = _environment(directory, port, modules)
    for arguments in (
        ["import:workflow", f"--input={_WORKFLOW}"],
        ["publish:workflow", f"--id={_WORKFLOW_ID}"],
    ):
        run_step([*program, *arguments], directory, **environment)
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "start"],
            cwd=directory,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    with process:
        try:
            _wait_until_ready(port, process, log)
            yield N8n(port, _PATH, directory / ".n8n" / "database.sqlite")
        finally:
            stop(process)


def _install(directory: Path) -> None:
    """Install what the lock names, run no script of it, and build the one module that needs building."""
    shutil.copy(_FILES / "package.json", directory)
    shutil.copy(_LOCK, directory)
    run_step(["npm", "ci", "--ignore-scripts", "--no-progress"], directory)
    node = _node(directory / "node_modules")
    run_step(
        ["npm", "rebuild", "sqlite3"],
        directory,
        PATH=f"{node.parent}{os.pathsep}{os.environ['PATH']}",
        npm_config_build_from_source="true",
        npm_config_nodedir=str(node.parents[1]),
    )


def _node(modules: Path) -> Path:
    """Return the Node of this machine's kind; npm has left out the others."""
    found = next(modules.glob("node-linux-*/bin/node"), None)
    if found is None:
        raise PeerFailed("npm has no Node for this kind of machine")
    return found


def _environment(directory: Path, port: int, modules: Path) -> Mapping[str, str]:
    return {
        **_QUIET,
        "DB_TYPE": "sqlite",
        "EXECUTIONS_DATA_SAVE_ON_SUCCESS": "all",
        "EXECUTIONS_DATA_PRUNE": "false",
        "N8N_EXPRESSION_ENGINE": "legacy",
        "N8N_HOST": "127.0.0.1",
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_LOG_LEVEL": "warn",
        "N8N_PORT": str(port),
        "N8N_RUNNERS_BROKER_PORT": str(free_port()),
        "N8N_USER_FOLDER": str(directory),
        "NODE_ENV": "production",
        "PATH": f"{_node(modules).parent}{os.pathsep}{os.environ['PATH']}",
    }


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if _is_ready(port):
            return
        time.sleep(0.1)
    raise PeerFailed(f"n8n is not ready: {log.read_text(errors='replace')}")


def _is_ready(port: int) -> bool:
    """Return whether the workflow answers.

    Before its webhooks are there the server says that it is ready, and takes requests with status 200 too.
    """
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        with suppress(OSError, http.client.HTTPException):
            connection.request("POST", _PATH, b'{"name": "Ada"}', {"Content-Type": "application/json"})
            return connection.getresponse().read() == b'{"greeting":"Hello Ada"}'
        return False
