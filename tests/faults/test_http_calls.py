"""HTTP calls of cloud flows to servers that redirect, hang, drip, lie, overflow, or are out of bounds."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from queue import SimpleQueue
from typing import Any

import pytest
import trustme

from deskhand.cloudflows.http.client import MAX_REDIRECTS, HttpClient
from deskhand.cloudflows.http.errors import (
    AddressForbidden,
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
from deskhand.cloudflows.http.requests import Request, read_request
from deskhand.cloudflows.http.responses import Response
from deskhand.core.settings import Settings
from deskhand.outbound.addresses import Address

PUBLIC = ip_address("93.184.216.34")
HOST = "api.example.org"
WAIT = 30.0
"""How long a test waits for a signal before it counts as broken."""

Act = Callable[[socket.socket, threading.Event], None]


def read_message(connection: socket.socket) -> bytes:
    """Read one request as it came, its body by ``Content-Length``."""
    message = b""
    while b"\r\n\r\n" not in message:
        piece = connection.recv(65_536)
        if not piece:
            return message
        message += piece
    head = message.partition(b"\r\n\r\n")[0].lower()
    _, found, rest = head.partition(b"content-length: ")
    expected = len(head) + 4 + (int(rest.split(b"\r\n")[0]) if found else 0)
    while len(message) < expected:
        message += connection.recv(65_536)
    return message


@dataclass
class Server:
    """A server on this computer that does one thing with each connection, in order, then answers 200."""

    acts: list[Act] = field(default_factory=list)
    seen: SimpleQueue[bytes] = field(default_factory=SimpleQueue)
    tls: ssl.SSLContext | None = None
    port: int = 0

    def answers(self, *messages: bytes) -> None:
        self.acts = [self.answer(message) for message in messages]

    def answer(self, message: bytes) -> Act:
        def act(connection: socket.socket, _: threading.Event) -> None:
            self.seen.put(read_message(connection))
            connection.sendall(message)

        return act

    @contextmanager
    def listening(self) -> Iterator["Server"]:
        over = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as opened:
            self.port = listener.getsockname()[1]

            def serve() -> None:
                while not over.is_set():
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    opened.enter_context(connection)
                    act = self.acts.pop(0) if self.acts else self.answer(reply(b"fine"))
                    threading.Thread(target=self._serve, args=(connection, act, over), daemon=True).start()

            thread = threading.Thread(target=serve)
            thread.start()
            yield self
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

    def _serve(self, connection: socket.socket, act: Act, over: threading.Event) -> None:
        with suppress(OSError):
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                act(connection, over)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65_536):
                    pass


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return reply(status=status, Location=location)


@dataclass
class Caller:
    """A client to which every name and address leads to this computer."""

    settings: Settings = field(default_factory=lambda: Settings(http_timeout_seconds=WAIT))
    addresses: dict[str, Sequence[Address]] = field(default_factory=dict)
    authority: trustme.CA = field(default_factory=trustme.CA)
    resolved: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def client(self) -> HttpClient:
        return HttpClient(self.settings, resolve=self._resolve, connect=self._connect, trust=self._trust)

    def send(self, request: Request, seconds: float | None = None) -> Response:
        return self.client().send(request, seconds)

    def get(self, url: str, **inputs: Any) -> Response:
        return self.send(get(url, **inputs))

    def set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def _resolve(self, host: str, port: int) -> Sequence[Address]:
        self.resolved.append(host)
        return self.addresses.get(host, (PUBLIC,))

    def _connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.append(address[0])
        return socket.create_connection(("127.0.0.1", address[1]), timeout)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


def get(url: str, **inputs: Any) -> Request:
    return read_request({"method": "GET", "uri": url, **inputs}, {})


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server().listening() as listening:
        yield listening


def test_a_request_and_its_answer(caller: Caller, server: Server) -> None:
    server.answers(reply(b'{"a":1}', "404 Not Found", Content_Type="application/json", Set_Cookie="a=1"))
    inputs = {
        "method": "POST",
        "uri": f"http://{HOST}:{server.port}/x?y=1",
        "headers": {"A": "b"},
        "body": {"k": 1},
    }
    response = caller.send(read_request(inputs, {"x-ms-workflow-id": "w"}))
    assert response.outputs() == {
        "statusCode": 404,
        "headers": {"Content-Length": "7", "Content-Type": "application/json", "Set-Cookie": "a=1"},
        "body": {"a": 1},
    }
    assert (
        server.seen.get(timeout=WAIT)
        == (
            f"POST /x?y=1 HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nA: b\r\n"
            "Content-Type: application/json; charset=utf-8\r\nx-ms-workflow-id: w\r\nUser-Agent: Deskhand\r\n"
            'Accept-Encoding: gzip, deflate\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{"k":1}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("method", "answer", "body"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b""),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        ("GET", b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
        (
            "GET",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
            b"abcde",
        ),
        ("DELETE", b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"done"), b"done"),
        ("GET", reply(gzip.compress(b"packed", mtime=0), Content_Encoding="gzip"), b"packed"),
    ],
)
def test_bodies_come_in_every_framing(
    caller: Caller, server: Server, method: str, answer: bytes, body: bytes
) -> None:
    server.answers(answer)
    request = replace(get(f"http://{HOST}:{server.port}/"), method=method)
    assert caller.send(request).body == body


def test_an_unpacked_body_does_not_say_how_it_was_packed(caller: Caller, server: Server) -> None:
    server.answers(reply(gzip.compress(b"packed", mtime=0), Content_Encoding="gzip", A="b"))
    assert caller.get(f"http://{HOST}:{server.port}/").headers == {"A": "b"}


# Redirects


def test_redirects_are_followed_and_each_address_is_checked(caller: Caller, server: Server) -> None:
    server.answers(moved("/b", "307 Temporary Redirect"), moved(f"http://other.example:{server.port}/c"))
    inputs = {
        "method": "POST",
        "uri": f"http://{HOST}:{server.port}/a",
        "headers": {"Authorization": "Basic x"},
        "body": "text",
    }
    assert caller.send(read_request(inputs, {})).status == 200
    first, second, third = (server.seen.get(timeout=WAIT) for _ in range(3))
    assert (first.partition(b" HTTP")[0], first.count(b"Authorization: Basic x"), first[-4:]) == (
        b"POST /a",
        1,
        b"text",
    )
    assert (second.partition(b" HTTP")[0], second.count(b"Authorization: Basic x"), second[-4:]) == (
        b"POST /b",
        1,
        b"text",
    )
    assert (third.partition(b" HTTP")[0], third.count(b"Authorization"), third[-4:]) == (
        b"GET /c",
        0,
        b"\r\n\r\n",
    )
    assert caller.resolved == [HOST, HOST, "other.example"]


def test_a_circle_of_redirects_is_left(caller: Caller, server: Server) -> None:
    server.answers(*[moved("/again")] * 50)
    with pytest.raises(TooManyRedirects):
        caller.get(f"http://{HOST}:{server.port}/again")
    assert server.seen.qsize() == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.5]", "2130706433"]
)
def test_a_redirect_leads_to_no_private_address(caller: Caller, server: Server, address: str) -> None:
    caller.addresses["2130706433"] = (ip_address("127.0.0.1"),)
    server.answers(moved(f"http://{address}:{server.port}/secret"))
    with pytest.raises(AddressForbidden):
        caller.get(f"http://{HOST}:{server.port}/")
    assert (server.seen.qsize(), caller.connected) == (1, [str(PUBLIC)])


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ldap://x/", "http://u:p@x/"])
def test_a_redirect_leads_to_no_other_protocol(caller: Caller, server: Server, location: str) -> None:
    server.answers(moved(location))
    with pytest.raises(ResponseUnreadable, match="its ‘Location’"):
        caller.get(f"http://{HOST}:{server.port}/")


# Addresses that are out of bounds


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "::ffff:10.0.0.5",
        "100.64.0.1",
    ],
)
def test_a_name_that_leads_to_a_private_address_is_not_called(caller: Caller, address: str) -> None:
    caller.addresses[HOST] = (PUBLIC, ip_address(address))
    with pytest.raises(AddressForbidden) as refused:
        caller.get(f"http://{HOST}/")
    assert (refused.value.address, refused.value.status, caller.connected) == (
        str(ip_address(address)),
        403,
        [],
    )


def test_a_private_address_is_not_called(caller: Caller) -> None:
    with pytest.raises(AddressForbidden, match=r"‘127\.0\.0\.1’ is not an address of the public internet"):
        caller.get("http://127.0.0.1/")
    assert (caller.resolved, caller.connected) == ([], [])


@pytest.mark.parametrize("allowed", [HOST, "10.0.0.0/8"])
def test_a_private_host_that_the_settings_name_is_called(
    caller: Caller, server: Server, allowed: str
) -> None:
    caller.set(http_allowed_hosts=allowed)
    caller.addresses[HOST] = (ip_address("10.0.0.5"),)
    assert caller.get(f"http://{HOST}:{server.port}/").body == b"fine"


def test_the_address_that_was_checked_is_the_one_that_is_called(caller: Caller, server: Server) -> None:
    """A name that leads elsewhere the next time it is asked gains nothing: it is not asked again."""
    client = caller.client()
    request = get(f"http://{HOST}:{server.port}/")
    assert client.send(request).body == b"fine"
    caller.addresses[HOST] = (ip_address("127.0.0.1"),)
    with pytest.raises(AddressForbidden):
        client.send(request)
    assert (caller.resolved, caller.connected) == ([HOST, HOST], [str(PUBLIC)])


def test_the_next_address_is_tried_when_one_does_not_answer(caller: Caller, server: Server) -> None:
    refused = "2606:2800:220:1::1"
    caller.addresses[HOST] = (ip_address(refused), PUBLIC)

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == refused:
            raise ConnectionRefusedError(111, "Connection refused")
        return caller._connect(address, timeout)

    client = HttpClient(caller.settings, resolve=caller._resolve, connect=connect)
    assert client.send(get(f"http://{HOST}:{server.port}/")).body == b"fine"


def test_proxies_of_the_environment_are_not_asked(
    caller: Caller, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert caller.get(f"http://{HOST}:{server.port}/").body == b"fine"


# Servers that fail


def test_a_name_without_an_address(caller: Caller) -> None:
    caller.addresses[HOST] = ()
    with pytest.raises(HostUnresolved, match=f"‘{HOST}’ cannot be called: its name has no address."):
        caller.get(f"http://{HOST}/")


def test_a_name_that_nobody_knows(caller: Caller) -> None:
    def resolve(host: str, port: int) -> Sequence[Address]:
        raise socket.gaierror(-2, "Name or service not known")

    client = HttpClient(caller.settings, resolve=resolve, connect=caller._connect)
    with pytest.raises(HostUnresolved, match="its name cannot be resolved") as failed:
        client.send(get(f"http://{HOST}/"))
    assert failed.value.status == 502


def test_a_refused_connection(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionFailed, match="refused") as failed:
        caller.get(f"http://{HOST}:{port}/")
    assert failed.value.status == 502


def hang(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def drip(start: bytes) -> Act:
    def act(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        while not over.wait(0.02):
            connection.sendall(b"1")

    return act


def interim(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.02):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize(
    "act",
    [
        hang,
        drip(b"HTTP/1.1 "),
        drip(b"HTTP/1.1 200 OK\r\nX: "),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        interim,
    ],
)
def test_a_server_that_takes_for_ever_is_given_up(caller: Caller, server: Server, act: Act) -> None:
    server.acts = [act]
    with pytest.raises(CallTimedOut, match=f"‘{HOST}’ did not answer within 0.2 s") as failed:
        caller.send(get(f"http://{HOST}:{server.port}/"), 0.2)
    assert failed.value.status == 504


def test_a_server_that_reads_for_ever_is_given_up(caller: Caller, server: Server) -> None:
    def sip(connection: socket.socket, over: threading.Event) -> None:
        while not over.wait(0.02):
            connection.recv(1_024)

    server.acts = [sip]
    with pytest.raises(CallTimedOut):
        caller.send(get(f"http://{HOST}:{server.port}/", body="x" * 20_000_000), 0.3)


def test_redirects_share_one_deadline(caller: Caller, server: Server) -> None:
    server.acts = [server.answer(moved("/b")), hang]
    with pytest.raises(CallTimedOut):
        caller.send(get(f"http://{HOST}:{server.port}/a"), 0.3)


def test_a_name_service_that_hangs_is_given_up(caller: Caller) -> None:
    over = threading.Event()

    def resolve(host: str, port: int) -> Sequence[Address]:
        over.wait()
        return (PUBLIC,)

    client = HttpClient(caller.settings, resolve=resolve, connect=caller._connect)
    with pytest.raises(CallTimedOut):
        client.send(get(f"http://{HOST}/"), 0.1)
    over.set()


def test_a_connection_that_comes_too_late_is_closed(caller: Caller, server: Server) -> None:
    over = threading.Event()
    ours, theirs = socket.socketpair()

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        over.wait()
        return ours

    client = HttpClient(caller.settings, resolve=caller._resolve, connect=connect)
    with theirs:
        with pytest.raises(CallTimedOut):
            client.send(get(f"http://{HOST}/"), 0.1)
        over.set()
        theirs.settimeout(WAIT)
        assert theirs.recv(1) == b""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", ConnectionFailed),
        (b"SSH-2.0-OpenSSH\r\n\r\n", ResponseUnreadable),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", ResponseUnreadable),
        (b"\x00" * 100_000, ResponseUnreadable),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", ResponseUnreadable),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", ResponseUnreadable),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", ResponseUnreadable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ResponseUnreadable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ResponseUnreadable),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", ResponseUnreadable),
        (reply(b"rubbish", Content_Encoding="gzip"), ResponseUnreadable),
    ],
)
def test_an_answer_that_is_no_http_is_no_result(
    caller: Caller, server: Server, answer: bytes, error: type[HttpError]
) -> None:
    server.answers(answer)
    with pytest.raises(error) as failed:
        caller.get(f"http://{HOST}:{server.port}/")
    assert failed.value.status == 502


# Bodies that are too large


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_025,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n" + b"x" * 1_025 + b"\r\n0\r\n\r\n",
        reply(gzip.compress(b"\x00" * 1_025, mtime=0), Content_Encoding="gzip"),
        reply(gzip.compress(b"\x00" * 5_000_000, mtime=0)[:1_000], Content_Encoding="gzip"),
    ],
)
def test_an_answer_beyond_the_bound_is_given_up(caller: Caller, server: Server, answer: bytes) -> None:
    caller.set(http_body_max_bytes=1_024)
    server.answers(answer)
    with pytest.raises(ResponseTooLarge, match="more than 1024 bytes"):
        caller.get(f"http://{HOST}:{server.port}/")


def test_a_body_beyond_the_bound_is_not_sent(caller: Caller) -> None:
    caller.set(http_body_max_bytes=1_024)
    with pytest.raises(RequestRefused, match="‘body’ has 1025 bytes; 1024 are allowed"):
        caller.get(f"http://{HOST}/", body="x" * 1_025)
    assert caller.resolved == []


# TLS


def tls_server(authority: trustme.CA, host: str = HOST) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return Server(tls=context)


def test_a_trusted_server_is_called_over_tls(caller: Caller) -> None:
    with tls_server(caller.authority).listening() as server:
        assert caller.get(f"https://{HOST}:{server.port}/").body == b"fine"


@pytest.mark.parametrize(
    ("authority", "host", "problem"),
    [
        (None, "other.example.org", "Hostname mismatch"),
        (trustme.CA(), HOST, "unable to get local issuer|self"),
    ],
)
def test_a_server_that_is_not_trusted_is_told_nothing(
    caller: Caller, authority: trustme.CA | None, host: str, problem: str
) -> None:
    with tls_server(authority or caller.authority, host).listening() as liar:
        with pytest.raises(TlsFailed, match=problem) as failed:
            caller.get(f"https://{HOST}:{liar.port}/")
        assert (failed.value.status, liar.seen.empty()) == (502, True)


def test_a_server_that_speaks_no_tls(caller: Caller, server: Server) -> None:
    server.acts = [lambda connection, _: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")]
    with pytest.raises(TlsFailed):
        caller.get(f"https://{HOST}:{server.port}/")


def test_encryption_is_not_given_up_on_the_way(caller: Caller) -> None:
    with tls_server(caller.authority).listening() as server:
        server.answers(moved(f"http://{HOST}:{server.port}/plain"))
        assert caller.get(f"https://{HOST}:{server.port}/").status == 302


# The end


@pytest.mark.parametrize("act", [hang, drip(b"HTTP/1.1 200 OK\r\n\r\n")])
def test_requests_under_way_end_with_the_server(caller: Caller, server: Server, act: Act) -> None:
    begun = threading.Event()

    def announce(connection: socket.socket, over: threading.Event) -> None:
        begun.set()
        act(connection, over)

    server.acts = [announce]
    client, request = caller.client(), get(f"http://{HOST}:{server.port}/")
    found: SimpleQueue[Exception] = SimpleQueue()

    def call() -> None:
        try:
            client.send(request)
        except HttpError as error:
            found.put(error)

    thread = threading.Thread(target=call)
    thread.start()
    assert begun.wait(WAIT)
    client.abort()
    thread.join()
    assert type(found.get(timeout=WAIT)) is CallAborted
    with pytest.raises(CallAborted):
        client.send(request)


def test_a_connection_in_the_making_ends_with_the_server(caller: Caller) -> None:
    asked, over = threading.Event(), threading.Event()

    def resolve(host: str, port: int) -> Sequence[Address]:
        asked.set()
        over.wait()
        return (PUBLIC,)

    client = HttpClient(caller.settings, resolve=resolve, connect=caller._connect)
    found: SimpleQueue[Exception] = SimpleQueue()

    def call() -> None:
        try:
            client.send(get(f"http://{HOST}/"))
        except HttpError as error:
            found.put(error)

    thread = threading.Thread(target=call)
    thread.start()
    assert asked.wait(WAIT)
    client.abort()
    thread.join()
    over.set()
    assert type(found.get(timeout=WAIT)) is CallAborted
