"""One request and its answer over a connection that is open, each step within one deadline."""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any, cast

from deskhand.outbound.deadline import Deadline
from deskhand.outbound.urls import HttpUrl

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 16_384  # as much as one record of TLS, so that no write outlasts the deadline by the next


class TimedSocket(io.RawIOBase):
    """A socket as ``http.client`` uses one, each read and write bounded by the whole request's end."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        """Return whether it can be read: always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what is there, or wait for the first bytes."""
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)

    def sendall(self, content: bytes) -> None:
        """Write all of it."""
        view = memoryview(content)
        for start in range(0, len(view), _PIECE):
            self._socket.settimeout(self._deadline.left())
            self._socket.sendall(view[start : start + _PIECE])

    def hurry(self, seconds: float) -> None:
        """Wait no longer than this from now on."""
        self._deadline.shorten(seconds)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """Return a reader of its own, as ``http.client`` asks for one."""
        return io.BufferedReader(TimedSocket(self._socket, self._deadline))


def exchange(
    connected: TimedSocket, url: HttpUrl, method: str, headers: Mapping[str, str], body: bytes | None
) -> HTTPResponse:
    """Send a request and return its answer, whose body has not been read yet.

    Args:
        connected: The connection; it serves this one request.
        url: Where the request goes.
        method: Its method.
        headers: Its headers but ``Host`` and ``Connection``.
        body: Its body; the headers say how long it is.

    Raises:
        OSError: The connection broke, or the time was over.
        HTTPException: What came is no HTTP.
    """
    connection = HTTPConnection(url.host, url.port)
    connection.sock = cast(socket.socket, connected)
    connection.putrequest(method, url.target, skip_host=True, skip_accept_encoding=True)
    for name, value in ("Host", url.host_header), *headers.items(), ("Connection", "close"):
        connection.putheader(name, value)
    connection.endheaders(body)
    return connection.getresponse()
