"""Requests to the server over one kept connection. The agent dials out; nothing listens on a machine."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import ssl
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from deskhand import __version__
from deskhand.agent.errors import InsecureServer, ServerRefused, ServerUnreachable
from deskhand.core.http_exchange import Answer, BadAnswer, HungUp, exchange
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
        self._connection: socket.socket | None = None
        self._lock = Lock()
        self._interrupted = False

    def post(self, path: str, message: Any, expected: type[M], timeout: float, *, once: bool = False) -> M:
        """Send a message and return the answer.

        Args:
            path: The path below the server's address.
            message: What to send.
            expected: The answer's type.
            timeout: Seconds without a sign of life after which the server counts as gone.
            once: Whether it is not to be sent again where the server had closed the connection.

        Raises:
            ServerUnreachable: There is no answer, or the server asks to try again.
            ServerRefused: The answer is no, and will stay so.
        """
        return self.post_text(path, encode(message), expected, timeout, once=once)

    def post_text(
        self, path: str, text: bytes, expected: type[M], timeout: float, *, once: bool = False
    ) -> M:
        """Send a message that is written already; otherwise as :meth:`post`."""
        kept = self._connection is not None and not once
        try:
            answer = self._exchange(path, text, timeout)
        except (HungUp, BrokenPipeError, ConnectionResetError) as error:
            if not kept:
                raise ServerUnreachable(self._url, str(error)) from error
            return self.post_text(path, text, expected, timeout)  # the server had closed an idle connection
        except (OSError, BadAnswer) as error:
            raise ServerUnreachable(self._url, str(error) or type(error).__name__) from error
        return self._read(answer, expected)

    def interrupt(self) -> None:
        """Have the request that another thread waits for fail, and every later one."""
        with self._lock:
            self._interrupted = True
            if self._connection is not None:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, path: str, body: bytes, timeout: float) -> Answer:
        try:
            connected = self._open(timeout)
            answer = exchange(connected, self._head(path, len(body)) + body, ANSWER_MAX_BYTES)
        except BaseException:
            self.close()
            raise
        if not answer.keeps_open:
            self.close()
        return answer

    def _head(self, path: str, length: int) -> bytes:
        lines = [
            f"POST {self._address.path}{path} HTTP/1.1",
            f"Host: {self._address.netloc.rpartition('@')[2]}",
            f"User-Agent: Deskhand-agent/{__version__}",
            "Accept-Encoding: identity",
            "Content-Type: application/json",
            f"Content-Length: {length}",
        ]
        if self._key:
            lines.append(f"Authorization: Bearer {self._key}")
        return "\r\n".join((*lines, "", "")).encode("latin-1")

    def _open(self, timeout: float) -> socket.socket:
        if self._connection is None:
            self._connection = self._connect(timeout)
        with self._lock:
            if self._interrupted:  # perhaps while there was no socket yet that could be shut down
                raise ConnectionAbortedError("the agent is stopping")
        self._connection.settimeout(timeout)
        return self._connection

    def _connect(self, timeout: float) -> socket.socket:
        host = self._address.hostname or ""
        port = self._address.port or (443 if self._tls else 80)
        connected = socket.create_connection((host, port), timeout)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            return connected
        try:
            return self._tls.wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise

    def _read(self, answer: Answer, expected: type[M]) -> M:
        status = answer.status
        if status == HTTPStatus.OK:
            try:
                return decode(answer.body, expected)
            except BadMessage as error:
                raise ServerUnreachable(self._url, f"its answer cannot be read: {error}") from error
        problem = _problem(answer.body)[:PROBLEM_MAX_CHARACTERS]
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in TRY_AGAIN:
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
