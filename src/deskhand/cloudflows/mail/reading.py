"""Logins to mailboxes over IMAP."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import MailSecurityMissing, MailServerRefused, MailServerUnavailable
from deskhand.cloudflows.mail.sending import Account, Security


class _Client(imaplib.IMAP4):
    """A conversation over a connection that is open; no answer in it is larger than allowed."""

    def __init__(self, connected: socket.socket, account: Account, most_bytes: int) -> None:
        self._connected = connected
        self._most_bytes = self._left = most_bytes
        super().__init__(account.host, account.port)

    def send(self, data: Any) -> None:
        """Send a command, whose answer is counted from its beginning."""
        self._left = self._most_bytes
        super().send(data)

    def read(self, size: int) -> bytes:
        """Read what the server announced, unless that is too much."""
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line of an answer, unless that was too much already."""
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("it answers with more than may be read")

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connected


@contextmanager
def mailbox(account: Account, dialer: MailDialer) -> Iterator[imaplib.IMAP4]:
    """Log in to a mailbox, for one conversation.

    Raises:
        MailError: That does not work, or the conversation broke off.
        HttpError: The server is out of bounds, or this process stops.
    """
    if account.security is Security.NONE and account.username:
        raise MailSecurityMissing(account.host, "its connection has no security, and a password")
    with dialer.connected(account.host, account.port) as plain:
        connected = plain
        if account.security is Security.TLS:
            connected = dialer.tls.wrap_socket(plain, server_hostname=account.host)
        try:
            client = _Client(connected, account, dialer.most_answer_bytes)
            with _farewell(client):
                _enter(client, account, dialer)
                yield client
        except imaplib.IMAP4.abort as error:
            raise MailServerUnavailable(account.host, str(error)) from error
        except imaplib.IMAP4.error as error:
            raise MailServerRefused(account.host, str(error)) from error


@contextmanager
def _farewell(client: imaplib.IMAP4) -> Iterator[None]:
    """Log out in the end, unless the conversation broke off: then nobody may be listening."""
    is_broken = False
    try:
        yield
    except imaplib.IMAP4.abort:
        is_broken = True
        raise
    finally:
        if not is_broken:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
        with suppress(OSError):
            client.shutdown()


def try_out_reading(account: Account, dialer: MailDialer) -> None:
    """Log in to a mailbox, and do nothing; raises what :func:`mailbox` does."""
    with mailbox(account, dialer):
        pass


def _enter(client: imaplib.IMAP4, account: Account, dialer: MailDialer) -> None:
    if account.security is Security.STARTTLS:
        if "STARTTLS" not in client.capabilities:
            raise MailSecurityMissing(account.host, "it offers no STARTTLS")
        client.starttls(dialer.tls)
    if account.username:
        client.login(account.username, account.password)
