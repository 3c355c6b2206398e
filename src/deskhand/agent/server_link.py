"""Requests to the server over one kept connection. The agent dials out; nothing listens on a machine."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from deskhand import __version__
from deskhand.agent.errors import InsecureServer, ServerRefused, ServerUnreachable
from deskhand.protocol.codec import BadMessage, decode, encode

M = TypeVar("M")

ANSWER_MAX_BYTES = 512 * 1024 * 1024
"""Of one answer: orders carry whole flows and their inputs."""

PROBLEM_MAX_CHARACTERS = 500

TRY_AGAIN = frozenset({408, 429})
"""Statuses below 500 after which the same request may succeed."""


class ServerLink:
    """One connection to the server, used by one thread; it is opened again whenever it breaks.

    Args:
        url: The server's address: https, or http on this machine only.
        key: The machine's key; None before it is registered.
        ca_file: Certificates to trust besides the system's.

    Raises:
        InsecureServer: The address would send secrets over a network in clear.
    """

    def __init__(self, url: str, key: str | None = None, ca_file: Path | None = None) -> None:
        self._url = url.rstrip("/")
        self._address = urlsplit(self._url)
        if not _is_safe(self._address.scheme, self._address.hostname):
            raise InsecureServer(url)
        self._tls = _tls(ca_file) if self._address.scheme == "https" else None
        self._key = key
        self._connection: http.client.HTTPConnection | None = None
        self._lock = Lock()
        self._interrupted = False

    def post(self, path: str, message: Any, expected: type[M], timeout: float) -> M:
        """Send a message and return the answer.

        Args:
            path: The path below the server's address.
            message: What to send.
            expected: The answer's type.
            timeout: Seconds without a sign of life after which the server counts as gone.

        Raises:
            ServerUnreachable: There is no answer, or the server asks to try again.
            ServerRefused: The answer is no, and will stay so.
        """
        return self.post_text(path, encode(message), expected, timeout)

    def post_text(self, path: str, text: str, expected: type[M], timeout: float) -> M:
        """Send a message that is written already; otherwise as :meth:`post`."""
        kept = self._connection is not None
        try:
            status, answer = self._exchange(path, text, timeout)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
            if not kept:
                raise ServerUnreachable(self._url, str(error)) from error
            return self.post_text(path, text, expected, timeout)  # the server had closed an idle connection
        except (OSError, http.client.HTTPException) as error:
            raise ServerUnreachable(self._url, str(error) or type(error).__name__) from error
        return self._read(status, answer, expected)

    def interrupt(self) -> None:
        """Have the request that another thread waits for fail, and every later one."""
        with self._lock:
            self._interrupted = True
            if self._connection is not None and self._connection.sock is not None:
                with contextlib.suppress(OSError):
                    self._connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, path: str, text: str, timeout: float) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "User-Agent": f"Deskhand-agent/{__version__}"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            connection = self._open(timeout)
            connection.request("POST", f"{self._address.path}{path}", text.encode(), headers)
            response = connection.getresponse()
            answer = response.read(ANSWER_MAX_BYTES + 1)
        except BaseException:
            self.close()
            raise
        if len(answer) > ANSWER_MAX_BYTES or response.will_close:
            self.close()
        return response.status, answer

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = self._new_connection(timeout)
        if self._connection.sock is None:
            self._connection.timeout = timeout
            self._connection.connect()
        with self._lock:
            if self._interrupted:  # perhaps while there was no socket yet that could be shut down
                raise ConnectionAbortedError("the agent is stopping")
        self._connection.sock.settimeout(timeout)
        return self._connection

    def _new_connection(self, timeout: float) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._tls:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=timeout)

    def _read(self, status: int, answer: bytes, expected: type[M]) -> M:
        if status == http.client.OK:
            try:
                return decode(answer, expected)
            except BadMessage as error:
                raise ServerUnreachable(self._url, f"its answer cannot be read: {error}") from error
        problem = _problem(answer)[:PROBLEM_MAX_CHARACTERS]
        if status >= http.client.INTERNAL_SERVER_ERROR or status in TRY_AGAIN:
            raise ServerUnreachable(self._url, f"status {status} {problem}")
        raise ServerRefused(self._url, status, problem)


def _problem(answer: bytes) -> str:
    """Return the message of the server's error, or whatever else it answered."""
    try:
        return str(json.loads(answer)["error"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return answer.decode(errors="replace")


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _is_safe(scheme: str, host: str | None) -> bool:
    if not host:
        return False
    return scheme == "https" or (scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
