"""A real mail server for tests, in a thread of its own: what arrives is kept."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import ssl
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME, PASSWORD = "robot", "correct horse"


@dataclass
class MailServer:
    """What a mail server holds.

    Attributes:
        arrived: Envelopes and messages, in the order in which they came.
        answers: What it says to the next mails instead of taking them.
        refused: Recipients that it does not take.
    """

    authority: trustme.CA = field(default_factory=trustme.CA)
    port: int = 0
    arrived: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - so its library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - so its library calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append((envelope, message))
        return "250 Taken"

    def trust(self) -> ssl.SSLContext:
        """Return what trusts the server's certificate."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USERNAME.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=False)


@contextlib.contextmanager
def mail_server(security: str = "none", *, login: bool = False) -> Iterator[MailServer]:
    """Run a mail server on a free port of 127.0.0.1.

    Args:
        security: ``none``, ``starttls`` or ``tls``.
        login: Whether it asks for :data:`USERNAME` and :data:`PASSWORD`.
    """
    kept = MailServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    kept.authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    options: dict[str, Any] = {}
    if login:
        options |= {"authenticator": _authenticate, "auth_required": True}
        options |= {"auth_require_tls": security == "starttls"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()

    def converse() -> SMTP:
        with warnings.catch_warnings():
            # The library does not see that TLS is there from the beginning.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(kept, loop=loop, **options)

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            converse,
            "127.0.0.1",
            0,
            ssl=context if security == "tls" else None,
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Close the server, and let the conversations end that it still has."""
    server.close()
    await server.wait_closed()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
