"""A machine's identity: got once with a one-time token, kept in a file that its account alone reads."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from deskhand import __version__
from deskhand.agent.errors import AlreadyRegistered, BadCredentials, NotRegistered
from deskhand.agent.server_link import ServerLink
from deskhand.protocol.messages import MachineRegistered, RegisterMachine

PATH = "/api/agent/v1/register"
FILE = "credentials.json"
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who this machine is to its server.

    Attributes:
        server: The address it registered with.
        machine_id: The machine.
        group_id: The machine group that it joined.
        key: What it signs in with; never printed.
    """

    server: str
    machine_id: UUID
    group_id: UUID
    key: str

    def __repr__(self) -> str:
        return f"Credentials({self.server!r}, {self.machine_id}, {self.group_id}, key=********)"


def is_registered(data: Path) -> bool:
    """Return whether an agent's data directory holds credentials."""
    return (data / FILE).exists()


def register(
    server: str, token: str, name: str, description: str, data: Path, ca_file: Path | None = None
) -> Credentials:
    """Register this machine and keep its credentials. Source: machines-and-runs 1.2.

    Args:
        server: The server's address.
        token: The one-time token.
        name: The machine's name, unique on the server.
        description: What it is for.
        data: The agent's data directory.
        ca_file: Certificates to trust besides the system's.

    Raises:
        AlreadyRegistered: The directory holds credentials.
        ServerRefused: The token is wrong or used, or the name is taken.
        ServerUnreachable: The server does not answer.
        InsecureServer: The address would send the key in clear.
    """
    message = RegisterMachine(token, name, description, __version__, getpass.getuser())
    link = ServerLink(server, ca_file=ca_file)

    def introduce() -> Credentials:
        answer = link.post(PATH, message, MachineRegistered, ANSWER_SECONDS)
        return Credentials(server, answer.machine_id, answer.group_id, answer.key)

    try:
        return keep_credentials(data, introduce)
    finally:
        link.close()


def keep_credentials(data: Path, obtain: Callable[[], Credentials]) -> Credentials:
    """Keep the credentials that a registration yields in an agent's data directory.

    Args:
        data: The agent's data directory.
        obtain: Registers the machine; called once the file can be written.

    Raises:
        AlreadyRegistered: The directory holds credentials.
    """
    path = data / FILE
    if path.exists():
        raise AlreadyRegistered(path)
    with _new_file(path) as descriptor:
        credentials = obtain()
        os.write(descriptor, _to_json(credentials))
    return credentials


def load_credentials(data: Path) -> Credentials:
    """Read the credentials of an agent's data directory.

    Raises:
        NotRegistered: There are none.
        BadCredentials: The file does not have its shape.
    """
    path = data / FILE
    try:
        content = json.loads(path.read_bytes())
        return Credentials(
            server=str(content["server"]),
            machine_id=UUID(content["machine_id"]),
            group_id=UUID(content["group_id"]),
            key=str(content["key"]),
        )
    except FileNotFoundError as error:
        raise NotRegistered(data) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadCredentials(path, f"{type(error).__name__}: {error}") from error


def _to_json(credentials: Credentials) -> bytes:
    content = {
        "server": credentials.server,
        "machine_id": str(credentials.machine_id),
        "group_id": str(credentials.group_id),
        "key": credentials.key,
    }
    return json.dumps(content, indent=2).encode()


@contextmanager
def _new_file(path: Path) -> Iterator[int]:
    """Open a file before its content is known, so that a full or read-only disk shows before a token is used.

    It appears under its name only when it is complete.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with suppress(FileNotFoundError):
        partial.unlink()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
        partial.rename(path)
    finally:
        os.close(descriptor)
        partial.unlink(missing_ok=True)
