"""Callbacks to receivers that refuse, hang, drip, lie about who they are, or come back later."""

import http.server
import json
import logging
import select
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import trustme

from deskhand.core.clock import SystemClock
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.storage import Callback
from deskhand.orchestrator.callbacks import CallbackSender, claim_due, queue_callback
from deskhand.outbound.addresses import Address
from deskhand.store.database import Database, Transaction
from deskhand.store.open import open_database

PUBLIC = ip_address("93.184.216.34")
HOST = "receiver.example.org"
RUN = {
    "regardingobjectid": UUID(int=7),
    "statuscode": 4,
    "statecode": 0,
    "startedon": SystemClock().now().replace(2022, 9, 5, 8, 4, 11),
    "completedon": SystemClock().now().replace(2022, 9, 5, 8, 4, 41),
}
WAIT = 30.0
"""How long a test waits for a signal before it counts as broken."""


@dataclass
class Seen:
    """One request that a receiver got."""

    target: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Receiver:
    """An HTTPS server that answers with given statuses, one after the other, then with 200."""

    authority: trustme.CA
    host: str = HOST
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    keeps_open: bool = False
    seen: SimpleQueue[Seen] = field(default_factory=SimpleQueue)
    during: Callable[[], None] = lambda: None
    port: int = 0

    @contextmanager
    def listening(self) -> Iterator["Receiver"]:
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if receiver.keeps_open else "HTTP/1.0"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.during()
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                if receiver.keeps_open:
                    self.send_header("Content-Length", "9")
                self.end_headers()
                self.wfile.write(b"thank you")
                receiver.seen.put(Seen(self.path, list(self.headers.items()), body))

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A peer that refuses our certificate is no news."""

        with Server(("127.0.0.1", 0), Handler) as server:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.authority.issue_cert(self.host).configure_cert(context)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            yield self
            server.shutdown()
            thread.join()


@dataclass
class Outbox:
    """A database with callbacks, and a sender to which every name and address leads to this computer."""

    database: Database
    authority: trustme.CA
    opened: ExitStack
    settings: Settings
    addresses: Sequence[Address] = (PUBLIC,)
    resolved: SimpleQueue[str] = field(default_factory=SimpleQueue)
    connected: SimpleQueue[str] = field(default_factory=SimpleQueue)
    unresolved: int = 0

    def put(self, url: str) -> UUID:
        run_id = new_id()
        run = {**RUN, "flowsessionid": run_id, "callbackurl": url}
        self.database.write(lambda tx: queue_callback(tx, run))
        return run_id

    def start(self) -> CallbackSender:
        tls = ssl.create_default_context()
        self.authority.configure_trust(tls)
        sender = CallbackSender(
            self.database,
            self.settings,
            SystemClock(),
            resolve=self._resolve,
            connect=self._connect,
            tls=tls,
        )
        sender.start()
        self.opened.callback(sender.stop)
        return sender

    def rows(self) -> list[Any]:
        return self.database.read(lambda tx: list(tx.execute(sa.select(Callback.table)).mappings()))

    def until(self, condition: Callable[[list[Any]], bool]) -> list[Any]:
        """Wait until the outbox looks as it should; every change of it is awaited, no time is measured."""
        waited = threading.Event()
        for _ in range(int(WAIT / 0.01)):
            rows = self.rows()
            if condition(rows):
                return rows
            waited.wait(0.01)
        raise AssertionError(f"the outbox stays {rows}")

    def _resolve(self, host: str, port: int) -> Sequence[Address]:
        self.resolved.put(host)
        if self.resolved.qsize() <= self.unresolved:
            raise socket.gaierror(-2, "Name or service not known")
        return self.addresses

    def _connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.put(address[0])
        return socket.create_connection(("127.0.0.1", address[1]), timeout)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with ExitStack() as opened:
        database = open_database(tmp_path / "deskhand.db", SystemClock())
        database.migrate()
        opened.callback(database.close)
        settings = Settings(callback_retry_seconds=0.01, callback_timeout_seconds=10.0)
        yield Outbox(database, trustme.CA(), opened, settings)


@pytest.fixture
def receiver(outbox: Outbox) -> Iterator[Receiver]:
    with Receiver(outbox.authority).listening() as listening:
        yield listening


def is_empty(rows: list[Any]) -> bool:
    return not rows


def is_given_up(rows: list[Any]) -> bool:
    return [row["givenup"] for row in rows] == [True]


def with_settings(outbox: Outbox, **changes: Any) -> None:
    outbox.settings = replace(outbox.settings, **changes)


def test_the_request_is_the_documented_one(outbox: Outbox, receiver: Receiver) -> None:
    run_id = outbox.put(f"https://{HOST}:{receiver.port}/done?key=1")
    outbox.start()
    seen = receiver.seen.get(timeout=WAIT)
    body = (
        '{"statuscode":4,"statecode":0,"startedon":"2022-09-05T08:04:11Z",'
        f'"completedon":"2022-09-05T08:04:41Z","flowsessionid":"{run_id}"}}'
    )
    assert seen == Seen(
        "/done?key=1",
        [
            ("Host", f"{HOST}:{receiver.port}"),
            ("User-Agent", "EnterpriseConnectors/1.0"),
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("x-ms-workflow-id", str(UUID(int=7))),
            ("x-ms-run-id", str(run_id)),
        ],
        body.encode(),
    )
    outbox.until(is_empty)


def test_server_errors_are_retried_until_the_receiver_takes_it(outbox: Outbox, receiver: Receiver) -> None:
    receiver.statuses = [500, 408, 503]
    run_id = outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    told = [json.loads(receiver.seen.get(timeout=WAIT).body)["flowsessionid"] for _ in range(4)]
    assert told == [str(run_id)] * 4
    outbox.until(is_empty)
    assert receiver.seen.empty()


def test_after_three_retries_a_callback_is_given_up_and_kept_as_evidence(
    outbox: Outbox, receiver: Receiver
) -> None:
    receiver.statuses = [500] * 10
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    (row,) = outbox.until(is_given_up)
    assert (row["attempts"], row["lasterror"], row["dueon"]) == (4, "the receiver answered 500", None)
    assert receiver.seen.qsize() == 4


@pytest.mark.parametrize("status", [201, 301, 302, 307, 400, 404, 410, 429])
def test_other_answers_settle_it_and_no_redirect_is_followed(
    outbox: Outbox, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]
    receiver.location = f"https://{HOST}:{receiver.port}/elsewhere"
    outbox.put(f"https://{HOST}:{receiver.port}/here")
    outbox.start()
    outbox.until(is_empty)
    assert [receiver.seen.get(timeout=WAIT).target, receiver.seen.empty()] == ["/here", True]


def test_the_address_that_was_checked_is_the_one_that_is_called(outbox: Outbox, receiver: Receiver) -> None:
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    outbox.until(is_empty)
    assert [outbox.resolved.get(), outbox.resolved.empty()] == [HOST, True]
    assert [outbox.connected.get(), outbox.connected.empty()] == [str(PUBLIC), True]


def test_a_receiver_that_keeps_its_connection_open_is_told_the_next_on_it(outbox: Outbox) -> None:
    with Receiver(outbox.authority, keeps_open=True).listening() as receiver:
        outbox.start()
        for _ in range(3):
            run_id = outbox.put(f"https://{HOST}:{receiver.port}/")
            assert json.loads(receiver.seen.get(timeout=WAIT).body)["flowsessionid"] == str(run_id)
            outbox.until(is_empty)
        assert (outbox.resolved.qsize(), outbox.connected.qsize()) == (1, 1)
        receiver.statuses = [500]
        outbox.put(f"https://{HOST}:{receiver.port}/")
        outbox.until(is_empty)
        assert [receiver.seen.get(timeout=WAIT) and receiver.seen.qsize(), outbox.connected.qsize()] == [1, 1]


def test_a_connection_is_not_used_for_another_host(outbox: Outbox) -> None:
    with_settings(outbox, callback_allow_insecure=True)
    with raw_server(lambda connection, over: answer_each(connection)) as port:
        outbox.start()
        for host in ("one.example.org", "other.example.org"):
            outbox.put(f"http://{host}:{port}/")
            outbox.until(is_empty)
    resolved = [outbox.resolved.get(timeout=WAIT) for _ in range(2)]
    assert resolved == ["one.example.org", "other.example.org"]


@pytest.mark.parametrize("with_reset", [False, True])
def test_a_kept_connection_that_the_receiver_closes_costs_no_attempt(
    outbox: Outbox, with_reset: bool
) -> None:
    with_settings(outbox, callback_allow_insecure=True, callback_attempts=1)
    told: SimpleQueue[bytes] = SimpleQueue()

    def answer_once(connection: socket.socket, over: threading.Event) -> None:
        told.put(connection.recv(65_536))
        connection.sendall(KEPT_ANSWER)
        if with_reset:  # the next request has come when the connection breaks, and nobody has read it
            wait_for_more(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with raw_server(answer_once) as port:
        outbox.start()
        for number in (1, 2, 3):
            outbox.put(f"http://{HOST}:{port}/{number}")
            assert told.get(timeout=WAIT).startswith(b"POST /%d HTTP/1.1\r\n" % number)
            outbox.until(is_empty)
    assert outbox.connected.qsize() == 3


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_ones(outbox: Outbox) -> None:
    with_settings(outbox, callback_allow_insecure=True, callback_attempts=1)
    speak, spoken = threading.Event(), threading.Event()

    def speak_again(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(KEPT_ANSWER)
        speak.wait(WAIT)
        connection.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n")
        spoken.set()
        over.wait()

    with raw_server(speak_again) as port:
        outbox.start()
        outbox.put(f"http://{HOST}:{port}/")
        outbox.until(is_empty)
        speak.set()
        assert spoken.wait(WAIT)
        outbox.put(f"http://{HOST}:{port}/")
        outbox.until(is_empty)
    assert outbox.connected.qsize() == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:10.0.0.5"])
def test_a_name_that_leads_to_a_private_address_is_not_called(
    outbox: Outbox, receiver: Receiver, address: str
) -> None:
    outbox.addresses = (PUBLIC, ip_address(address))
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    (row,) = outbox.until(is_given_up)
    assert row["lasterror"] == f"‘{HOST}’ resolves to {ip_address(address)}, which callbacks may not reach."
    assert outbox.connected.empty()


def test_a_url_that_the_rules_no_longer_allow_is_not_called(outbox: Outbox) -> None:
    outbox.put("https://127.0.0.1/")
    outbox.start()
    (row,) = outbox.until(is_given_up)
    assert "names the IP address ‘127.0.0.1’" in row["lasterror"]
    assert outbox.connected.empty()


def test_test_set_ups_may_call_private_addresses_and_the_log_warns(
    outbox: Outbox, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with_settings(outbox, callback_allow_insecure=True)
    outbox.addresses = (ip_address("127.0.0.1"),)
    outbox.put(f"https://{HOST}:{receiver.port}/")
    with caplog.at_level(logging.WARNING):
        outbox.start()
    outbox.until(is_empty)
    assert "callback_allow_insecure is on" in caplog.text


def test_a_receiver_with_somebody_elses_certificate_is_told_nothing(outbox: Outbox) -> None:
    with Receiver(outbox.authority, host="other.example.org").listening() as liar:
        outbox.put(f"https://{HOST}:{liar.port}/")
        outbox.start()
        (row,) = outbox.until(is_given_up)
        assert "certificate verify failed: Hostname mismatch" in row["lasterror"]
        assert liar.seen.empty()


def test_a_name_without_an_address_is_tried_again(outbox: Outbox, receiver: Receiver) -> None:
    outbox.unresolved = 2
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    receiver.seen.get(timeout=WAIT)
    outbox.until(is_empty)
    assert outbox.resolved.qsize() == 3


def test_proxies_of_the_environment_are_not_asked(
    outbox: Outbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    outbox.until(is_empty)


@contextmanager
def raw_server(act: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A TCP server that does something with each connection until the test ends."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as opened:

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                opened.enter_context(connection)
                threading.Thread(target=quietly, args=(connection,), daemon=True).start()

        def quietly(connection: socket.socket) -> None:
            with suppress(OSError):
                act(connection, over)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


KEPT_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def answer_each(connection: socket.socket) -> None:
    while connection.recv(65_536):
        connection.sendall(KEPT_ANSWER)


def wait_for_more(connection: socket.socket) -> None:
    select.select([connection], [], [], WAIT)


def hang(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def drip_handshake(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.02):
        connection.sendall(b"\x16")


def test_a_receiver_that_hangs_is_given_up_in_the_end(outbox: Outbox) -> None:
    with_settings(outbox, callback_timeout_seconds=0.1)
    with raw_server(hang) as port:
        outbox.put(f"https://{HOST}:{port}/")
        outbox.start()
        (row,) = outbox.until(is_given_up)
    assert (row["attempts"], row["lasterror"]) == (
        4,
        f"‘{HOST}’ could not be told: it did not answer in time",
    )


def test_a_handshake_that_drips_does_not_go_on_for_ever(outbox: Outbox) -> None:
    with_settings(outbox, callback_timeout_seconds=0.2, callback_attempts=1)
    with raw_server(drip_handshake) as port:
        outbox.put(f"https://{HOST}:{port}/")
        outbox.start()
        outbox.until(is_given_up)


def test_an_answer_that_drips_does_not_go_on_for_ever(outbox: Outbox) -> None:
    with_settings(outbox, callback_timeout_seconds=0.3, callback_attempts=1, callback_allow_insecure=True)

    def drip(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.02):
            connection.sendall(b"x")

    with raw_server(drip) as port:
        outbox.put(f"http://{HOST}:{port}/")
        outbox.start()
        (row,) = outbox.until(is_given_up)
    assert row["lasterror"] == f"‘{HOST}’ could not be told: it did not answer in time"


@pytest.mark.parametrize(
    "rubbish", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n", b"\x00" * 100_000]
)
def test_an_answer_that_is_no_http_is_tried_again(outbox: Outbox, rubbish: bytes) -> None:
    with_settings(outbox, callback_allow_insecure=True)

    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(rubbish)
        connection.shutdown(socket.SHUT_RDWR)

    with raw_server(answer) as port:
        outbox.put(f"http://{HOST}:{port}/")
        outbox.start()
        (row,) = outbox.until(is_given_up)
    assert row["attempts"] == 4


def test_a_slow_receiver_does_not_hold_up_others(outbox: Outbox, receiver: Receiver) -> None:
    with_settings(outbox, callback_timeout_seconds=3_600.0)
    with raw_server(hang) as port:
        for _ in range(40):
            outbox.put(f"https://slow.example.org:{port}/")
        sender = outbox.start()
        for _ in range(5):
            outbox.put(f"https://{HOST}:{receiver.port}/")
        for _ in range(5):
            receiver.seen.get(timeout=WAIT)
        sender.stop()
    assert [row["attempts"] for row in outbox.until(lambda rows: len(rows) == 40)] == [0] * 40


def test_what_was_under_way_when_the_server_died_is_sent_after_a_restart(
    outbox: Outbox, receiver: Receiver
) -> None:
    run_id = outbox.put(f"https://{HOST}:{receiver.port}/")
    lease = timedelta(hours=1)
    (claimed,) = outbox.database.write(lambda tx: claim_due(tx, new_id(), Counter(), lease))
    assert claimed.run_id == run_id
    outbox.start()
    assert json.loads(receiver.seen.get(timeout=WAIT).body)["flowsessionid"] == str(run_id)
    outbox.until(is_empty)


def test_the_outbox_says_the_same_while_the_receiver_is_being_told(
    outbox: Outbox, receiver: Receiver
) -> None:
    found: list[int] = []
    receiver.during = lambda: found.append(len(outbox.rows()))
    outbox.put(f"https://{HOST}:{receiver.port}/")
    outbox.start()
    outbox.until(is_empty)
    assert found == [1]


def test_callbacks_queued_while_the_sender_sleeps_wake_it(outbox: Outbox, receiver: Receiver) -> None:
    outbox.start()
    for _ in range(20):
        outbox.put(f"https://{HOST}:{receiver.port}/")
        receiver.seen.get(timeout=WAIT)
    outbox.until(is_empty)


def test_a_callback_is_claimed_in_the_commit_that_queues_it(outbox: Outbox, receiver: Receiver) -> None:
    url = f"https://{HOST}:{receiver.port}/"
    outbox.put(url)
    outbox.start()
    outbox.until(is_empty)
    for _ in range(20):
        outbox.put(url)
        assert all(row["claimedby"] is not None for row in outbox.rows())
        receiver.seen.get(timeout=WAIT)


def test_a_refused_transaction_queues_no_callback(outbox: Outbox) -> None:
    def fail(tx: Transaction) -> None:
        queue_callback(tx, {**RUN, "flowsessionid": new_id(), "callbackurl": "https://example.org/"})
        raise LookupError

    with pytest.raises(LookupError):
        outbox.database.write(fail)
    assert outbox.rows() == []
