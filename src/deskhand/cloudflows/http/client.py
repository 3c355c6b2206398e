"""Sends requests of cloud flows. Source: cloud-flows 3.8, 6.

Each request has a connection of its own, whose address was checked, and one deadline over everything:
look-up, redirects, the last byte. No proxy is asked.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse, IncompleteRead

from deskhand.cloudflows.http.allowed_hosts import parse_allowed_hosts
from deskhand.cloudflows.http.certificates import present_certificate
from deskhand.cloudflows.http.continuation import redirected
from deskhand.cloudflows.http.errors import (
    CallAborted,
    CallTimedOut,
    ConnectionFailed,
    HostUnresolved,
    HttpError,
    RequestRefused,
    ResponseTooLarge,
    ResponseUnreadable,
    TlsFailed,
    TooManyRedirects,
)
from deskhand.cloudflows.http.packing import ACCEPTED, Damaged, Overfull, unpack
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response, joined_headers
from deskhand.core.settings import Settings
from deskhand.outbound.addresses import resolve_host
from deskhand.outbound.deadline import Deadline
from deskhand.outbound.dialing import Connect, Dialer, NameUnresolved, Resolve
from deskhand.outbound.exchange import exchange

USER_AGENT = "Deskhand"
MAX_REDIRECTS = 20

_PIECE = 65_536
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class HttpClient:
    """Sends requests. Safe to use from any thread.

    Args:
        settings: How long a request may take, how large a body may be, and which private hosts may be called.
        resolve: Finds addresses.
        connect: Opens a connection to one address.
        trust: Makes what certificates are checked against.

    Raises:
        BadSetting: ``http_allowed_hosts`` cannot be read.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: Resolve = resolve_host,
        connect: Connect = socket.create_connection,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._seconds = settings.http_timeout_seconds
        self._most_bytes = settings.http_body_max_bytes
        self._allowed = parse_allowed_hosts(settings.http_allowed_hosts)
        self._dialer = Dialer(resolve, connect)
        self._trust = trust
        self._tls = trust()

    def send(self, request: Request, seconds: float | None = None) -> Response:
        """Send a request and return the answer, whatever its status; redirects are followed.

        Args:
            request: What is sent.
            seconds: How long it may take, in place of the setting.

        Raises:
            HttpError: No answer came; :class:`CallAborted` if only because the server stops.
        """
        if request.body is not None and len(request.body) > self._most_bytes:
            problem = f"has {len(request.body)} bytes; {self._most_bytes} are allowed"
            raise RequestRefused("body", problem)
        whole = self._seconds if seconds is None else seconds
        deadline = Deadline(whole)
        for _ in range(MAX_REDIRECTS + 1):
            response = self._answer(request, deadline, whole)
            following = _following(request, response)
            if following is None:
                return response
            request = following
        raise TooManyRedirects(request.url.host, MAX_REDIRECTS)

    def abort(self) -> None:
        """Break off every request that is under way; those that follow fail at once."""
        self._dialer.abort()

    def _answer(self, request: Request, deadline: Deadline, seconds: float) -> Response:
        try:
            return self._exchange(request, deadline)
        except (OSError, HTTPException) as error:
            if self._dialer.stopped:
                raise CallAborted(request.url.host) from error
            raise _failure(request.url.host, error, seconds) from error

    def _exchange(self, request: Request, deadline: Deadline) -> Response:
        tls = self._context(request)
        with self._dialer.connected(request.url, deadline, self._allowed.check, tls) as connected:
            sent = _sent_headers(request)
            raw = exchange(connected, request.url, request.method, sent, request.body)
            if raw.status < 200:
                raise ResponseUnreadable(request.url.host, f"it has the interim status {raw.status}")
            return self._unpacked(raw, self._content(raw, request.url.host), request.url.host)

    def _context(self, request: Request) -> ssl.SSLContext:
        if request.certificate is None:
            return self._tls
        context = self._trust()
        present_certificate(context, request.certificate)
        return context

    def _content(self, raw: HTTPResponse, host: str) -> bytes:
        if (raw.length or 0) > self._most_bytes:
            raise ResponseTooLarge(host, self._most_bytes)
        ends_with_connection = raw.length is None and not raw.chunked
        content = bytearray()
        while piece := raw.read(_PIECE):
            content += piece
            if len(content) > self._most_bytes:
                raise ResponseTooLarge(host, self._most_bytes)
        if raw.length or (ends_with_connection and self._dialer.stopped):  # who ended it may be abort()
            raise IncompleteRead(b"", raw.length)
        return bytes(content)

    def _unpacked(self, raw: HTTPResponse, content: bytes, host: str) -> Response:
        headers = joined_headers(raw.getheaders())
        try:
            body, was_packed = unpack(content, raw.getheader("Content-Encoding"), self._most_bytes)
        except Overfull as error:
            raise ResponseTooLarge(host, self._most_bytes) from error
        except Damaged as error:
            raise ResponseUnreadable(host, str(error)) from error
        if was_packed:
            gone = ("content-encoding", "content-length")
            headers = {name: value for name, value in headers.items() if name.lower() not in gone}
        return Response(raw.status, headers, body)


def _sent_headers(request: Request) -> dict[str, str]:
    headers = dict(request.headers)
    if request.header("User-Agent") is None:
        headers["User-Agent"] = USER_AGENT
    headers["Accept-Encoding"] = ACCEPTED
    if request.body is not None or request.method in _WITH_BODY:
        headers["Content-Length"] = str(len(request.body or b""))
    return headers


def _following(request: Request, response: Response) -> Request | None:
    try:
        return redirected(request, response)
    except RequestRefused as error:
        raise ResponseUnreadable(request.url.host, f"its ‘Location’ {error.problem}") from error


def _failure(host: str, error: Exception, seconds: float) -> HttpError:
    """Return what a failure below means to a flow."""
    reason = str(error) or type(error).__name__
    if isinstance(error, NameUnresolved):
        return HostUnresolved(host, reason)
    if isinstance(error, TimeoutError):
        return CallTimedOut(host, seconds)
    if isinstance(error, ssl.SSLError):
        return TlsFailed(host, reason)
    if isinstance(error, OSError):
        return ConnectionFailed(host, reason)
    return ResponseUnreadable(host, reason)
