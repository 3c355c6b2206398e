"""Connections to mail servers, under the same rules as those to the web: addresses checked, time bounded."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deskhand.cloudflows.http.allowed_hosts import parse_allowed_hosts
from deskhand.cloudflows.http.errors import CallAborted
from deskhand.cloudflows.mail.errors import MailSecurityMissing, MailServerUnavailable
from deskhand.core.settings import Settings
from deskhand.outbound.addresses import resolve_host
from deskhand.outbound.deadline import Deadline
from deskhand.outbound.dialing import Connect, Dialer, Resolve

_ABOUT_A_MAIL = 1024 * 1024


class MailDialer:
    """Opens connections to mail servers. Safe to use from any thread.

    Attributes:
        tls: What certificates are checked against.
        most_answer_bytes: How large one answer of a server may be: a mail, and what is said about it.

    Args:
        settings: How long a conversation may take, and which private hosts may be called.
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
        self._allowed = parse_allowed_hosts(settings.http_allowed_hosts)
        self._dialer = Dialer(resolve, connect)
        self.tls = trust()
        self.most_answer_bytes = settings.http_body_max_bytes + _ABOUT_A_MAIL

    @contextmanager
    def connected(self, host: str, port: int) -> Iterator[socket.socket]:
        """Connect to a server, for one conversation; whatever breaks it off ends it as unavailable.

        Raises:
            AddressForbidden: The host is out of bounds.
            MailServerUnavailable: It cannot be reached, or the conversation broke off.
            CallAborted: It broke off because the server stops.
        """
        try:
            with self._dialer.dialed(host, port, Deadline(self._seconds), self._allowed.check) as plain:
                yield plain
        except ssl.SSLCertVerificationError as error:
            raise MailSecurityMissing(host, error.verify_message) from error
        except OSError as error:
            if self._dialer.stopped:
                raise CallAborted(host) from error
            raise MailServerUnavailable(host, str(error) or type(error).__name__) from error

    def abort(self) -> None:
        """Break off every conversation; those that follow fail at once."""
        self._dialer.abort()
