"""A PostgreSQL server of the tests' own, from the machine's installed binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

_INSTALLED = Path("/usr/lib/postgresql")
_USER = "deskhand"
_START_SECONDS = 60


class PostgresqlMissing(Exception):
    def __init__(self) -> None:
        super().__init__(f"no PostgreSQL server below {_INSTALLED}; run `make setup`, which installs one")


@dataclass(frozen=True)
class Cluster:
    """A running server; reached through a socket in a directory of its own."""

    socket: Path

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}@/{database}?host={self.socket}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


class Databases:
    """Hands out databases that nobody has used, copies of a template."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._numbers = count(1)

    def create(self, template: str = "template0") -> str:
        """Create a database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.cluster.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self.cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def binaries() -> Path:
    """Return the directory of the newest installed server's programs.

    Raises:
        PostgresqlMissing: None is installed.
    """
    found = [path.parent for path in _INSTALLED.glob("*/bin/initdb")]
    if not found:
        raise PostgresqlMissing
    return max(found, key=lambda path: float(path.parent.name))


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server with an empty data directory, and stop and remove it in the end.

    It ends with this process too, however that ends.

    Args:
        durable: Whether a commit waits for the disk, as in production. Tests need no such thing: nobody pulls
            this machine's plug, and a killed server loses nothing by it.
    """
    programs = binaries()
    # A socket's path has room for about a hundred characters; pytest's own directories are longer.
    directory = Path(tempfile.mkdtemp(prefix="dh-pg-", dir="/tmp"))
    account = _account()
    try:
        if account is not None:
            shutil.chown(directory, account.pw_uid, account.pw_gid)
        _create(programs, directory, account)
        with _server(programs, directory, account, durable=durable) as cluster:
            yield cluster
    finally:
        shutil.rmtree(directory)


def _account() -> pwd.struct_passwd | None:
    """Return whom to run the server as: it refuses root, and needs no other account otherwise."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as(account: pwd.struct_passwd | None) -> list[str]:
    ends_with_parent = ["setpriv", "--pdeathsig", "INT"]
    if account is None:
        return ends_with_parent
    return [*ends_with_parent, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _create(programs: Path, directory: Path, account: pwd.struct_passwd | None) -> None:
    command = [
        *_as(account),
        str(programs / "initdb"),
        f"--pgdata={directory / 'data'}",
        f"--username={_USER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    ]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _server(
    programs: Path, directory: Path, account: pwd.struct_passwd | None, *, durable: bool
) -> Iterator[Cluster]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(directory),
        "max_connections": "200",
        "shared_buffers": "32MB",
        "autovacuum": "off",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    command = [*_as(account), str(programs / "postgres"), "-D", str(directory / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = directory / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=directory, stdout=output, stderr=output)
    try:
        cluster = Cluster(directory)
        _wait_until_ready(cluster, server, log)
        yield cluster
    finally:
        server.send_signal(signal.SIGINT)  # "fast": it disconnects clients and writes everything down
        server.wait()


def _wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return cluster.execute("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text()) from None
        time.sleep(0.02)
