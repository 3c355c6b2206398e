"""Sends mails over SMTP: to all recipients, or to none.

A server may die between a mail's last line and the answer to it. Nobody knows then whether the mail was
taken; whoever sends it once more does so with the same ``Message-ID``.
"""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from deskhand.cloudflows.mail.composing import Mail
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import (
    MailError,
    MailSecurityMissing,
    MailServerRefused,
    MailServerUnavailable,
)
from deskhand.wdl.values import Value, to_text


class Security(StrEnum):
    """How a conversation is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Account:
    """A login to a mail server.

    Attributes:
        host: The server.
        port: Its port.
        security: How the conversation is kept from others.
        username: The login; empty for none.
        password: Its password.
    """

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)


def sending_account(values: Mapping[str, Value]) -> Account:
    """Return the login for sending that a connection holds."""
    return _account(values, "smtp", {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25})


def reading_account(values: Mapping[str, Value]) -> Account:
    """Return the login for reading that a connection holds; its host is empty if it holds none."""
    return _account(values, "imap", {Security.STARTTLS: 143, Security.TLS: 993, Security.NONE: 143})


def _account(values: Mapping[str, Value], protocol: str, ports: Mapping[Security, int]) -> Account:
    default = Security.STARTTLS if protocol == "smtp" else Security.TLS
    security = Security(values.get(f"{protocol}Security") or default)
    return Account(
        host=to_text(values.get(f"{protocol}Host")).strip().lower(),
        port=int(values.get(f"{protocol}Port") or ports[security]),
        security=security,
        username=to_text(values.get("username")),
        password=to_text(values.get("password")),
    )


class _Client(smtplib.SMTP):
    """A conversation over a connection that is open."""

    def __init__(self, connected: socket.socket, account: Account) -> None:
        self._connected = connected
        super().__init__(local_hostname=socket.gethostname() or "localhost")
        self._host = account.host  # whose certificate it must be, once TLS begins
        code, answer = self.connect(account.host, account.port)
        _require(account.host, code, answer, 220)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._connected


def send(mail: Mail, account: Account, dialer: MailDialer) -> None:
    """Send a mail.

    Raises:
        MailError: It was not taken, by the server or for one of its recipients.
        HttpError: The server is out of bounds, or this process stops.
    """
    with _conversation(account, dialer) as client:
        options = ["SMTPUTF8", "BODY=8BITMIME"] if mail.has_unicode else []
        if mail.has_unicode and not client.has_extn("smtputf8"):
            raise MailServerRefused(account.host, "it takes no addresses beyond ASCII")
        if client.has_extn("size"):
            options.append(f"SIZE={len(mail.content)}")
        _require(account.host, *client.mail(mail.sender, options), 250)
        for recipient in mail.recipients:
            _require(account.host, *client.rcpt(recipient), 250, 251)
        _require(account.host, *client.data(mail.content), 250)


def try_out(account: Account, dialer: MailDialer) -> None:
    """Log in, and do nothing.

    Raises:
        MailError: That does not work.
        HttpError: The server is out of bounds, or this process stops.
    """
    with _conversation(account, dialer):
        pass


@contextmanager
def _conversation(account: Account, dialer: MailDialer) -> Iterator[_Client]:
    """Connect, encrypt and log in; the end is polite whenever that is possible."""
    if account.security is Security.NONE and account.username:
        raise MailSecurityMissing(account.host, "its connection has no security, and a password")
    with dialer.connected(account.host, account.port) as plain:
        connected = plain
        if account.security is Security.TLS:
            connected = dialer.tls.wrap_socket(plain, server_hostname=account.host)
        try:
            client = _Client(connected, account)
            with _farewell(client):
                _enter(client, account, dialer)
                yield client
        except smtplib.SMTPException as error:
            raise _failure(account.host, error) from error
        except UnicodeEncodeError as error:
            raise MailServerRefused(account.host, "the login goes beyond ASCII") from error


@contextmanager
def _farewell(client: smtplib.SMTP) -> Iterator[None]:
    """Say goodbye in the end; what goes wrong in that matters to nobody."""
    try:
        yield
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()
        client.close()


def _enter(client: _Client, account: Account, dialer: MailDialer) -> None:
    client.ehlo_or_helo_if_needed()
    if account.security is Security.STARTTLS:
        if not client.has_extn("starttls"):
            raise MailSecurityMissing(account.host, "it offers no STARTTLS")
        _require(account.host, *client.starttls(context=dialer.tls), 220)
        client.ehlo_or_helo_if_needed()
    if account.username:
        client.login(account.username, account.password)


def _require(host: str, code: int, answer: bytes, *wanted: int) -> None:
    if code not in wanted:
        raise _answer(host, code, answer)


def _failure(host: str, error: smtplib.SMTPException) -> MailError:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(host, error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailServerRefused(host, str(error))
    return MailServerUnavailable(host, str(error))


def _answer(host: str, code: int, answer: bytes | str) -> MailError:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    words = f"{code} {' '.join(text.split())[:300]}"
    return MailServerUnavailable(host, words) if 400 <= code < 500 else MailServerRefused(host, words)
