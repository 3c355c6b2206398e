"""A server that speaks the agents' protocol over real HTTP, and fails on demand."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from deskhand.agent import outbox, poll, registration
from deskhand.protocol.codec import decode, encode
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    CancelOrder,
    Claim,
    Confirmed,
    Finished,
    MachineRegistered,
    Orders,
    Readiness,
    RegisterMachine,
    Replies,
    Reply,
    Report,
    RunMessage,
    RunOrder,
)

MACHINE = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a0aa")
GROUP = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a0ab")
TOKEN = "one-time-token"
KEY = "the-machines-key"
HEARTBEAT = 0.5


class FakeServer:
    """Hands out orders and remembers what agents say.

    Attributes:
        messages: Every message that was taken, once.
        reports: The reports as they came, repeated ones included.
        claims: The claims as they came.
        drop_answers: Paths whose next answers are lost after the request took effect.
        refuse: Path to (status, text) of a standing refusal.
    """

    def __init__(self) -> None:
        self.messages: list[RunMessage] = []
        self.reports: list[Report] = []
        self.claims: list[Claim] = []
        self.registered: list[RegisterMachine] = []
        self.drop_answers: list[str] = []
        self.refuse: dict[str, tuple[int, str]] = {}
        self.reply_to: Callable[[RunMessage], Reply] = lambda message: Reply(accepted=True)
        self.tls: ssl.SSLContext | None = None
        self._orders: list[RunOrder] = []
        self._handed: list[RunOrder] = []
        self._cancels: list[CancelOrder] = []
        self._lost: list[UUID] = []
        self._state = Condition()
        self._http: _Http | None = None
        self._port = 0
        self._down = False

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://localhost:{self._port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        self._down = False
        self._http = _Http(("127.0.0.1", self._port), self._handler())
        if self.tls:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self._port = self._http.server_address[1]
        Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Go away as a killed process does: connections break, nothing listens."""
        assert self._http
        with self._state:
            self._down = True
            self._state.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._http.cut_all()

    def order(self, *orders: RunOrder) -> None:
        with self._state:
            self._orders += orders
            self._state.notify_all()

    def cancel(self, order: RunOrder) -> None:
        with self._state:
            self._cancels.append(CancelOrder(order.run_id, order.fencing_token))
            self._state.notify_all()

    def lose(self, order: RunOrder) -> None:
        with self._state:
            self._lost.append(order.run_id)
            self._state.notify_all()

    def wait_until(self, condition: Callable[[], Any]) -> Any:
        """Wait until something holds of what agents said; returns it."""
        with self._state:
            assert self._state.wait_for(condition, 60), "the agent did not say what was expected"
            return condition()

    def ready(self) -> list[Readiness]:
        return [one.ready for one in self.claims if one.ready]

    def finished(self) -> list[Finished]:
        return [one for one in self.messages if isinstance(one, Finished)]

    def wait_for_finished(self, count: int = 1) -> list[Finished]:
        self.wait_until(lambda: len(self.finished()) >= count)
        return self.finished()

    def said_of(self, order: RunOrder) -> list[RunMessage]:
        return [one for one in self.messages if one.run_id == order.run_id]

    def rows_of(self, order: RunOrder) -> list[str]:
        logged = [one for one in self.said_of(order) if isinstance(one, ActionsLogged)]
        return [row.summary for one in logged for row in one.rows]

    def confirmed(self, order: RunOrder) -> bool:
        return any(isinstance(one, Confirmed) for one in self.said_of(order))

    def refused(self, order: RunOrder) -> list[AssignFailed]:
        return [one for one in self.said_of(order) if isinstance(one, AssignFailed)]

    def answer(self, path: str, body: bytes, key: str | None) -> tuple[int, str]:
        if path in self.refuse:
            return self.refuse[path]
        if path == registration.PATH:
            return self._register(decode(body, RegisterMachine))
        if key != f"Bearer {KEY}":
            return 401, "who are you?"
        if path == poll.PATH:
            return 200, encode(self._claim(decode(body, Claim))).decode()
        assert path == outbox.PATH
        return 200, encode(self._take(decode(body, Report))).decode()

    def _register(self, message: RegisterMachine) -> tuple[int, str]:
        self.registered.append(message)
        if message.token != TOKEN:
            return 403, "the token is not known"
        return 200, encode(MachineRegistered(MACHINE, GROUP, KEY)).decode()

    def _claim(self, claim: Claim) -> Orders:
        named = {run_id for run_id, _ in claim.running}
        with self._state:
            self.claims.append(claim)
            self._state.notify_all()
            self._take_back(named)
            self._state.wait_for(lambda: self._down or self._has_news(claim, named), claim.wait_seconds)
            runs, self._orders = self._orders[: claim.free_sessions], self._orders[claim.free_sessions :]
            cancels = tuple(one for one in self._cancels if one.run_id in named)
            self._cancels = [one for one in self._cancels if one.run_id not in named]
            lost = tuple(one for one in self._lost if one in named)
            self._handed += runs
            return Orders(tuple(runs), cancels, lost, HEARTBEAT)

    def _take_back(self, named: set[UUID]) -> None:
        """Offer runs again whose order never arrived."""
        said = {one.run_id for one in self.messages} | named
        self._orders += [
            replace(one, fencing_token=one.fencing_token + 1)
            for one in self._handed
            if one.run_id not in said
        ]
        self._handed.clear()

    def _has_news(self, claim: Claim, named: set[UUID]) -> bool:
        cancelled = {one.run_id for one in self._cancels}
        return bool((claim.free_sessions and self._orders) or cancelled & named or set(self._lost) & named)

    def _take(self, report: Report) -> Replies:
        with self._state:
            self.reports.append(report)
            self.messages += [one for one in report.messages if one not in self.messages]
            self._state.notify_all()
            return Replies(tuple(self.reply_to(one) for one in report.messages))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, text = server.answer(self.path, body, self.headers.get("Authorization"))
                if self.path in server.drop_answers:
                    server.drop_answers.remove(self.path)
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def cut_all(self) -> None:
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event here."""


@contextlib.contextmanager
def fake_server(tls: ssl.SSLContext | None = None) -> Iterator[FakeServer]:
    made = FakeServer()
    made.tls = tls
    made.start()
    try:
        yield made
    finally:
        made.stop()
