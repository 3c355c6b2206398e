"""Reading an HTTP answer, whole or broken."""

from __future__ import annotations

import socket

import pytest

from deskhand.core.http_exchange import Answer, BadAnswer, HungUp, exchange

REQUEST = b"POST /claim HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
LIMIT = 10


def answer_to(sent: bytes) -> Answer:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        answer = exchange(ours, REQUEST, LIMIT)
        assert theirs.recv(1_000) == REQUEST
        return answer


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", Answer(200, b"{}", True)),
        (b"HTTP/1.1 204\r\ncontent-length:0\r\n\r\n", Answer(204, b"", True)),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\n!",
            Answer(503, b"!", True),
        ),
        (
            b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}",
            Answer(200, b"{}", False),
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Answer(200, b"to the end", False)),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", Answer(200, b"{}", False)),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Answer(204, b"", True)),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: t\r\n\r\n",
            Answer(200, b"abcdefg", True),
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900, Answer(200, b"x" * 11, False)),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n384\r\n" + b"x" * 900,
            Answer(200, b"x" * 11, False),
        ),
    ],
)
def test_an_answer_is_read_as_its_headers_say(sent: bytes, answer: Answer) -> None:
    assert answer_to(sent) == answer


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "it does not begin as an answer of HTTP/1.1 does"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "its headers cannot be read"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n", "its headers cannot be read"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 20_000, "one of its lines is too long"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", "it does not say how long it is"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", "it says that it is shorter than nothing"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", "it ended too early"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}", "it ended too early"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(sent: bytes, problem: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        answer_to(sent)
    assert str(caught.value) == problem


def test_a_connection_that_was_closed_before_is_told_from_a_bad_answer() -> None:
    with pytest.raises(HungUp):
        answer_to(b"")
