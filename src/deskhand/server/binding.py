"""Where the server listens, and when it refuses to."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deskhand.core.errors import DeskhandError


class PortInUse(DeskhandError):
    """Another process listens on the port.

    The message names it where the system tells. Stop it, or start Deskhand with ``--port``.
    """

    code = "DH0101"
    exit_code = 5

    def __init__(self, host: str, port: int, holder: str) -> None:
        super().__init__(
            f"Cannot start: port {port} on {host} is in use{holder}. Stop that process, or use --port."
        )


class CannotListen(DeskhandError):
    """The address cannot be listened on: it is not this machine's, or listening is not permitted."""

    code = "DH0102"
    exit_code = 2

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            f"Cannot start: listening on {host}:{port} failed ({why}). Name an address of this machine."
        )


class UnprotectedAddress(DeskhandError):
    """The server would be reachable from other machines without TLS.

    Bearer tokens and flows' inputs would cross the network in clear. Give a certificate with
    ``--tls-cert`` and ``--tls-key``, or say ``--behind-proxy`` when a proxy in front of it does TLS.
    """

    code = "DH0103"
    exit_code = 2

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Cannot start: {host} can be reached from other machines, and there is no TLS. "
            "Give --tls-cert and --tls-key, or --behind-proxy when a proxy in front does TLS, "
            "or listen on 127.0.0.1."
        )


class BadCertificate(DeskhandError):
    """The files for TLS hold no certificate chain with its private key.

    Both are PEM files; the certificate of the server stands first, the key has no passphrase.
    """

    code = "DH0106"
    exit_code = 2

    def __init__(self, certificate: Path, key: Path | None, why: str) -> None:
        super().__init__(
            f"Cannot start: {certificate} and {key} are no certificate chain with its private key ({why}). "
            "Give both as PEM files, the key without a passphrase."
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """An address to listen on.

    Attributes:
        host: A name or an address.
        port: The port; 0 lets the system choose.
        certificate: A PEM file with the certificate chain, for TLS.
        key: A PEM file with its private key.
        behind_proxy: Whether a proxy in front does TLS and its forwarding headers are believed.
    """

    host: str = "127.0.0.1"
    port: int = 8430
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def scheme(self) -> str:
        """Return ``https`` with a certificate, ``http`` without."""
        return "https" if self.certificate else "http"

    def listen(self) -> socket.socket:
        """Open the listening socket.

        Raises:
            UnprotectedAddress: It would be reachable without TLS.
            PortInUse: Another process has the port.
            CannotListen: The address is not this machine's.
            BadCertificate: There is no TLS with the files given.
        """
        if self.certificate:
            _check_certificate(self.certificate, self.key)
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            if not (self.certificate or self.behind_proxy or is_loopback(self.host)):
                raise UnprotectedAddress(self.host)
            listener = socket.socket(family, kind, protocol)
        except OSError as error:
            raise CannotListen(self.host, self.port, error.strerror or str(error)) from error
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(self.host, self.port, _holder_of(self.port)) from error
            raise CannotListen(self.host, self.port, error.strerror or str(error)) from error
        return listener


def _check_certificate(certificate: Path, key: Path | None) -> None:
    """Load a certificate as the server will: it does so in a thread whose fault nobody would see."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password function OpenSSL asks for a passphrase, on a terminal that may not be there.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except OSError as error:
        raise BadCertificate(certificate, key, getattr(error, "reason", None) or str(error)) from error


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a host; a name must resolve to loopback alone."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def _holder_of(port: int) -> str:
    """Return `` by process N (command)`` for the process that listens on a port, where /proc tells."""
    sockets = _listening_sockets(port)
    for directory in Path("/proc").glob("[0-9]*"):
        if sockets & set(_open_files(directory)):
            command = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            return f" by process {directory.name} ({command.strip()[:80]})"
    return ""


def _open_files(process: Path) -> Iterator[str]:
    """Yield what a process has open; nothing where it is not ours to see, or gone meanwhile."""
    with contextlib.suppress(OSError):
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                yield os.readlink(link)


def _listening_sockets(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found
