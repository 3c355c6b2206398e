"""One callback request: the addresses are checked, one of them is called, the answer is read.

Nothing here follows a redirect, asks a proxy, or waits longer than the whole request may take. A connection
serves several requests where its receiver lets it: the addresses were checked when it was made.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from deskhand.core.errors import DeskhandError
from deskhand.core.http_exchange import BadAnswer, Head, read_body, read_head
from deskhand.core.settings import Settings
from deskhand.orchestrator.errors import CallbackAddressForbidden
from deskhand.outbound.addresses import Address, is_public, resolve_host
from deskhand.outbound.deadline import Deadline
from deskhand.outbound.dialing import Connect, Dialer, Resolve
from deskhand.outbound.exchange import TimedSocket
from deskhand.outbound.idle import IdleConnections
from deskhand.outbound.urls import HttpUrl

__all__ = ["Answer", "Connect", "Courier", "DeliveryFailed", "Parcel", "Resolve", "resolve_host"]

USER_AGENT = "EnterpriseConnectors/1.0"

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

    url: HttpUrl
    body: str
    workflow_id: UUID
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver answered."""

    status: int


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
        self._dialer = Dialer(resolve, connect)
        self._tls = tls
        self._idle = IdleConnections()

    def send(self, parcel: Parcel) -> Answer:
        """Send one request and return the answer.

        Raises:
            CallbackAddressForbidden: The name resolves to an address that is out of bounds.
            DeliveryFailed: No answer came in time.
        """
        deadline = Deadline(self._settings.callback_timeout_seconds)
        try:
            answer = self._send_on_idle(parcel, deadline)
            return self._send_on_new(parcel, deadline) if answer is None else answer
        except (OSError, BadAnswer) as error:
            raise DeliveryFailed(parcel.url.host, _reason(error)) from error

    def tidy(self) -> None:
        """Close connections that have waited too long for another request; to be called now and then."""
        self._idle.tidy()

    def abort(self) -> None:
        """Break off every request that is under way; those that follow fail at once."""
        self._dialer.abort()
        self._idle.close()

    def _send_on_idle(self, parcel: Parcel, deadline: Deadline) -> Answer | None:
        """Send a request on a connection that waits; None where there is none, or its peer was closing it."""
        idle = self._idle.take(parcel.url)
        if idle is None:
            return None
        try:
            return self._send_on(idle.connected, idle.made_at, parcel, deadline)
        except (ConnectionError, ssl.SSLError):
            if self._dialer.stopped:
                raise
            return None

    def _send_on_new(self, parcel: Parcel, deadline: Deadline) -> Answer:
        made = self._dialer.connect(parcel.url, deadline, self._check, self._tls)
        return self._send_on(made, time.monotonic(), parcel, deadline)

    def _send_on(
        self, connected: socket.socket, made_at: float, parcel: Parcel, deadline: Deadline
    ) -> Answer:
        """Send a request; keep the connection for the next one if the answer lets it, or else close it."""
        stays = False
        try:
            with self._dialer.guarded(connected):
                timed = TimedSocket(connected, deadline)
                timed.sendall(_request(parcel))
                with timed.makefile("rb") as reader:
                    head = read_head(reader)
                    stays = _drain(reader, head, timed)
            return Answer(head.status)
        finally:
            if stays:
                self._idle.keep(parcel.url, connected, made_at)
            else:
                connected.close()

    def _check(self, host: str, addresses: Sequence[Address]) -> None:
        """Refuse a host one of whose addresses is out of bounds: that one condemns the name."""
        if self._settings.callback_allow_insecure:
            return
        for address in addresses:
            if not is_public(address):
                raise CallbackAddressForbidden(host, str(address))


def _request(parcel: Parcel) -> bytes:
    body = parcel.body.encode()
    lines = (
        f"POST {parcel.url.target} HTTP/1.1",
        f"Host: {parcel.url.host_header}",
        f"User-Agent: {USER_AGENT}",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}",
        f"x-ms-workflow-id: {parcel.workflow_id}",
        f"x-ms-run-id: {parcel.run_id}",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii") + body


def _drain(reader: BinaryIO, head: Head, connected: TimedSocket) -> bool:
    """Take a short answer off the wire, so that its sender does not see the connection break.

    Returns:
        Whether the connection can serve another request.
    """
    connected.hurry(_DRAIN_SECONDS)
    try:
        body, delimited = read_body(reader, head, _DRAINED_BYTES)
    except (OSError, BadAnswer):
        return False
    return head.may_keep_open and delimited and len(body) <= _DRAINED_BYTES


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return str(error) or type(error).__name__
