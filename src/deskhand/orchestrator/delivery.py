"""One callback request: the addresses are checked, one of them is called, the answer is read.

Nothing here follows a redirect, asks a proxy, or waits longer than the whole request may take.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from uuid import UUID

from deskhand.core.errors import DeskhandError
from deskhand.core.settings import Settings
from deskhand.orchestrator.errors import CallbackAddressForbidden
from deskhand.outbound.addresses import Address, is_public, resolve_host
from deskhand.outbound.deadline import Deadline
from deskhand.outbound.dialing import Connect, Dialer, Resolve
from deskhand.outbound.exchange import TimedSocket, exchange
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

    def send(self, parcel: Parcel) -> Answer:
        """Send one request and return the answer.

        Raises:
            CallbackAddressForbidden: The name resolves to an address that is out of bounds.
            DeliveryFailed: No answer came in time.
        """
        deadline = Deadline(self._settings.callback_timeout_seconds)
        try:
            with self._dialer.connected(parcel.url, deadline, self._check, self._tls) as connected:
                response = exchange(connected, parcel.url, "POST", _headers(parcel), parcel.body.encode())
                _drain(response, connected)
                return Answer(response.status)
        except (OSError, HTTPException) as error:
            raise DeliveryFailed(parcel.url.host, _reason(error)) from error

    def abort(self) -> None:
        """Break off every request that is under way; those that follow fail at once."""
        self._dialer.abort()

    def _check(self, host: str, addresses: Sequence[Address]) -> None:
        """Refuse a host one of whose addresses is out of bounds: that one condemns the name."""
        if self._settings.callback_allow_insecure:
            return
        for address in addresses:
            if not is_public(address):
                raise CallbackAddressForbidden(host, str(address))


def _headers(parcel: Parcel) -> dict[str, str]:
    return {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(parcel.body.encode())),
        "x-ms-workflow-id": str(parcel.workflow_id),
        "x-ms-run-id": str(parcel.run_id),
    }


def _drain(response: HTTPResponse, connected: TimedSocket) -> None:
    """Take a short answer off the wire, so that its sender does not see the connection break."""
    with suppress(OSError, HTTPException):
        connected.hurry(_DRAIN_SECONDS)
        response.read(_DRAINED_BYTES)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return str(error) or type(error).__name__
