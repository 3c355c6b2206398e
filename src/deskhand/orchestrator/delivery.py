"""One callback request: resolve, check every address, connect to exactly one of those, send, read.

Nothing here follows a redirect, asks a proxy, or waits longer than the whole request may take.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from deskhand.core.errors import DeskhandError
from deskhand.core.settings import Settings
from deskhand.orchestrator.callback_urls import Address, CallbackUrl, is_forbidden, literal_address
from deskhand.orchestrator.errors import CallbackAddressForbidden

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = "EnterpriseConnectors/1.0"
Resolve = Callable[[str, int], Sequence[Address]]
Connect = Callable[[tuple[str, int], float], socket.socket]

_DRAIN_SECONDS = 0.5
_DRAINED_BYTES = 65_536


class DeliveryFailed(DeskhandError):
    """A callback's receiver could not be reached, or did not answer in time. Another request may succeed."""

    code = "DH3603"

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"‘{host}’ could not be told: {problem}")


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent, and where."""

    url: CallbackUrl
    body: str
    workflow_id: UUID
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver answered."""

    status: int


def resolve_host(host: str, port: int) -> Sequence[Address]:
    """Ask the system for a host's addresses.

    Raises:
        OSError: It has none, or nobody knows.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


class Courier:
    """Delivers parcels. Safe to use from any thread.

    Args:
        settings: The whole time a request may take, and whether the rules are relaxed.
        resolve: Finds addresses.
        connect: Opens a connection to one address.
        tls: What certificates are checked against.
    """

    def __init__(self, settings: Settings, resolve: Resolve, connect: Connect, tls: ssl.SSLContext) -> None:
        self._settings = settings
        self._resolve = resolve
        self._connect = connect
        self._tls = tls
        self._lock = Lock()
        self._stopped = False
        self._open: set[socket.socket] = set()
        self._asking: set[_Lookup] = set()

    def send(self, parcel: Parcel) -> Answer:
        """Send one request and return the answer.

        Raises:
            CallbackAddressForbidden: The name resolves to an address that is out of bounds.
            DeliveryFailed: No answer came in time.
        """
        deadline = _Deadline(self._settings.callback_timeout_seconds)
        try:
            addresses = self._addresses(parcel.url, deadline)
            with self._connected(parcel.url, addresses, deadline) as plain:
                return self._exchange(parcel, plain, deadline)
        except (OSError, HTTPException) as error:
            raise DeliveryFailed(parcel.url.host, _reason(error)) from error

    def abort(self) -> None:
        """Break off every request that is under way; those that follow fail at once."""
        with self._lock:
            self._stopped = True
            under_way, asking = tuple(self._open), tuple(self._asking)
        for one in under_way:
            with suppress(OSError):
                # Not the TLS socket's own, which would pull its state away from the thread that uses it.
                socket.socket.shutdown(one, socket.SHUT_RDWR)
        for lookup in asking:
            lookup.put(ConnectionAbortedError("the server is stopping"))

    @contextmanager
    def _guarded(self, connected: socket.socket) -> Iterator[None]:
        """Let :meth:`abort` find a connection while it is in use."""
        with self._lock:
            self._open.add(connected)
            stopped = self._stopped
        try:
            if stopped:
                raise ConnectionAbortedError("the server is stopping")
            yield
        finally:
            with self._lock:
                self._open.discard(connected)

    def _addresses(self, url: CallbackUrl, deadline: _Deadline) -> Sequence[Address]:
        """Return a host's addresses; a single forbidden one among them condemns the name."""
        addresses = self._look_up(url, deadline)
        if not self._settings.callback_allow_insecure:
            for address in addresses:
                if is_forbidden(address):
                    raise CallbackAddressForbidden(url.host, str(address))
        return addresses

    def _look_up(self, url: CallbackUrl, deadline: _Deadline) -> Sequence[Address]:
        """Ask in a thread that may be left behind: the system's resolver takes no time limit."""
        literal = literal_address(url.host)
        if literal is not None:
            return [literal]
        lookup: _Lookup = SimpleQueue()

        def ask() -> None:
            try:
                lookup.put(self._resolve(url.host, url.port))
            except (OSError, UnicodeError) as error:
                lookup.put(error)

        with self._lock:
            self._asking.add(lookup)
        Thread(target=ask, name=f"resolve {url.host}", daemon=True).start()
        try:
            found = lookup.get(timeout=deadline.left())
        except Empty as error:
            raise TimeoutError from error
        finally:
            with self._lock:
                self._asking.discard(lookup)
        if isinstance(found, Exception):
            raise OSError(f"its name cannot be resolved ({found})") from found
        return found

    def _connected(
        self, url: CallbackUrl, addresses: Sequence[Address], deadline: _Deadline
    ) -> socket.socket:
        """Connect to the first checked address that answers; the name is not resolved again."""
        problem = OSError("its name has no address")
        for address in addresses:
            try:
                return self._connect((str(address), url.port), deadline.left())
            except OSError as error:
                problem = error
        raise problem

    def _exchange(self, parcel: Parcel, plain: socket.socket, deadline: _Deadline) -> Answer:
        """Send over a connection; under TLS the certificate must be the host name's."""
        if parcel.url.scheme != "https":
            with self._guarded(plain):
                return _exchange(parcel, _TimedSocket(plain, deadline))
        secured = self._tls.wrap_socket(plain, server_hostname=parcel.url.host, do_handshake_on_connect=False)
        with secured, self._guarded(secured):
            secured.settimeout(deadline.left())
            secured.do_handshake()
            return _exchange(parcel, _TimedSocket(secured, deadline))


_Lookup = SimpleQueue[Sequence[Address] | Exception]


class _Deadline:
    """The end of the time that one request may take."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        """Let the time end within this many seconds, if it does not end before."""
        self._end = min(self._end, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: None are.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("it took too long")
        return seconds


class _TimedSocket(io.RawIOBase):
    """A socket as ``http.client`` uses one, each read and write bounded by the whole request's end.

    A socket's own time limit begins anew with every byte, so a receiver that drips could hold on for ever.
    """

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)

    def sendall(self, content: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(content)

    def hurry(self, seconds: float) -> None:
        """Wait no longer than this from now on."""
        self._deadline.shorten(seconds)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_TimedSocket(self._socket, self._deadline))


def _exchange(parcel: Parcel, connected: _TimedSocket) -> Answer:
    body = parcel.body.encode()
    connection = HTTPConnection(parcel.url.host)
    connection.sock = cast(socket.socket, connected)
    connection.putrequest("POST", parcel.url.target, skip_host=True, skip_accept_encoding=True)
    headers = {
        "Host": parcel.url.host_header,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "x-ms-workflow-id": str(parcel.workflow_id),
        "x-ms-run-id": str(parcel.run_id),
        "Connection": "close",
    }
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    _drain(response, connected)
    return Answer(response.status)


def _drain(response: HTTPResponse, connected: _TimedSocket) -> None:
    """Take a short answer off the wire, so that its sender does not see the connection break."""
    with suppress(OSError, HTTPException):
        connected.hurry(_DRAIN_SECONDS)
        response.read(_DRAINED_BYTES)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return str(error) or type(error).__name__
