"""One data directory, opened: settings, keys and database."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deskhand.core.clock import Clock, SystemClock
from deskhand.core.errors import DeskhandError
from deskhand.core.settings import Settings
from deskhand.identity.keyring import KeyRing
from deskhand.identity.vault import Vault
from deskhand.store.database import Database
from deskhand.store.open import open_database

DATABASE_FILE = "deskhand.db"
_ADDRESS_FILE = "server.address"
_LOCK_FILE = "server.lock"
_DEFAULT_ADDRESS = "http://127.0.0.1:8430"


class NoInstallation(DeskhandError):
    """The data directory holds no installation.

    ``deskhand up`` creates one; ``--data`` or the variable ``DESKHAND_DATA`` names another directory.
    """

    code = "DH0104"
    exit_code = 3

    def __init__(self, data: Path) -> None:
        super().__init__(f"There is no installation in {data}. Create one with: deskhand up --data {data}")


class AlreadyServed(DeskhandError):
    """Another server process works on this data directory's SQLite database.

    One process at a time: it holds the queue's clock. Several servers can share a PostgreSQL database.
    """

    code = "DH0105"
    exit_code = 6

    def __init__(self, data: Path, holder: str) -> None:
        super().__init__(
            f"Cannot start: process {holder} serves {data} already. Stop it, or use another --data."
        )


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that is kept for one installation.

    Attributes:
        data: The data directory.
        settings: What is in force.
        clock: Where the time comes from.
        keyring: The keys, which stand beside the database and never in it.
        vault: What encrypts with them.
        database: The database, its schema up to date.
    """

    data: Path
    settings: Settings
    clock: Clock
    keyring: KeyRing
    vault: Vault
    database: Database

    @classmethod
    @contextlib.contextmanager
    def open(cls, data: Path, *, create: bool = False) -> Iterator[Installation]:
        """Open the installation of a data directory, and close it again.

        Args:
            data: The data directory.
            create: Whether to make what is not there yet.

        Raises:
            NoInstallation: There is none, and none shall be made.
        """
        if not create and not (data / "keys").is_dir():
            raise NoInstallation(data)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = Settings.load(data)
        keyring = KeyRing.open(data)
        clock = SystemClock()
        database = open_database(settings.database_url or data / DATABASE_FILE, clock)
        try:
            database.migrate()
            yield cls(data, settings, clock, keyring, Vault(keyring), database)
        finally:
            database.close()

    @property
    def address(self) -> str:
        """Return the address under which the server is reached, without a slash at its end.

        The setting ``public_url``, or else where the server that was started last listens.
        """
        if self.settings.public_url:
            return self.settings.public_url.rstrip("/")
        try:
            return (self.data / _ADDRESS_FILE).read_text(encoding="utf-8").strip()
        except OSError:
            return _DEFAULT_ADDRESS

    def keep_address(self, address: str) -> None:
        """Note where the server listens, for commands that give addresses away."""
        write_whole(self.data / _ADDRESS_FILE, address)

    @property
    def machine(self) -> Path:
        """Return the data directory of this machine's own agent."""
        return self.data / "machine"


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one, never a part."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def is_served(installation: Installation) -> bool:
    """Tell whether a server works on an installation; that of a database elsewhere is taken for granted."""
    if installation.settings.database_url:
        return True
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context((installation.data / _LOCK_FILE).open("rb"))
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def sole_server(data: Path) -> Iterator[None]:
    """Hold the data directory for one server process; the lock goes with the process, however it ends.

    Raises:
        AlreadyServed: Another process holds it.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyServed(data, os.read(handle, 20).decode() or "?") from error
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
