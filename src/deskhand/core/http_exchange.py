"""One HTTP/1.1 request and its answer, over a connection that may be kept.

The standard library reads an answer's headers as those of an e-mail, which costs more than everything else
about a short answer; an agent, and whoever delivers callbacks, needs but three of them.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

LINE_MAX_BYTES = 16 * 1024
HEADERS_MAX = 100
_INTERIM = range(100, 200)
_WITHOUT_BODY = frozenset({204, 304})
_VERSIONS = frozenset({"HTTP/1.1", "HTTP/1.0"})


class BadAnswer(Exception):
    """What came is no answer of HTTP, or a part of one."""


class HungUp(ConnectionError):
    """The connection was closed before an answer began: it may have been idle for too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        status: Its status.
        body: What it holds.
        keeps_open: Whether the connection may be used again.
    """

    status: int
    body: bytes
    keeps_open: bool


@dataclass(frozen=True, slots=True)
class Head:
    """How an answer begins.

    Attributes:
        status: Its status.
        headers: Its headers, with names in lower case.
        may_keep_open: Whether the connection outlasts the answer, if its body ends before.
    """

    status: int
    headers: Mapping[str, str]
    may_keep_open: bool


def exchange(connected: socket.socket, request: bytes, limit: int) -> Answer:
    """Send a request and wait for its answer.

    Args:
        connected: The connection.
        request: The request as it goes over the wire.
        limit: The largest body to take; of a larger one this much and one byte more is returned.

    Raises:
        HungUp: The connection was closed before.
        BadAnswer: The answer cannot be read.
        OSError: The connection broke, or the time is over.
    """
    connected.sendall(request)
    with connected.makefile("rb") as reader:
        head = read_head(reader)
        body, delimited = read_body(reader, head, limit)
    return Answer(head.status, body, head.may_keep_open and delimited and len(body) <= limit)


def read_head(reader: BinaryIO) -> Head:
    """Read how an answer begins; what only announces another answer is skipped.

    Raises:
        HungUp: The connection was closed before.
        BadAnswer: The answer cannot be read.
        OSError: The connection broke, or the time is over.
    """
    while True:
        version, _, rest = _line(reader).partition(" ")
        if not version:
            raise HungUp("the server closed the connection")
        if version not in _VERSIONS or not rest[:3].isdecimal():
            raise BadAnswer("it does not begin as an answer of HTTP/1.1 does")
        status, headers = int(rest[:3]), _read_headers(reader)
        if status not in _INTERIM:
            stays = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
            return Head(status, headers, stays)


def _read_headers(reader: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(HEADERS_MAX):
        line = _line(reader).rstrip("\r\n")
        if not line:
            return headers
        name, colon, value = line.partition(":")
        if not colon:
            break
        headers[name.lower()] = value.strip()
    raise BadAnswer("its headers cannot be read")


def read_body(reader: BinaryIO, head: Head, limit: int) -> tuple[bytes, bool]:
    """Return an answer's body, and whether it ended otherwise than with the connection.

    Args:
        reader: Where the answer comes from.
        head: How it began.
        limit: The largest body to take; of a larger one this much and one byte more is returned.

    Raises:
        BadAnswer: It cannot be read.
        OSError: The connection broke, or the time is over.
    """
    headers = head.headers
    if head.status in _WITHOUT_BODY:
        return b"", True
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(reader, limit), True
    announced = headers.get("content-length")
    if announced is None:
        return reader.read(limit + 1), False
    return _exactly(reader, min(_length(announced, 10), limit + 1)), True


def _read_chunks(reader: BinaryIO, limit: int) -> bytes:
    body = bytearray()
    while size := _length(_line(reader).partition(";")[0].strip(), 16):
        body += _exactly(reader, min(size, limit + 1 - len(body)))
        if len(body) > limit:
            return bytes(body)
        _line(reader)
    while _line(reader).strip():  # trailers, which nobody needs
        pass
    return bytes(body)


def _exactly(reader: BinaryIO, size: int) -> bytes:
    data = reader.read(size)
    if len(data) < size:
        raise BadAnswer("it ended too early")
    return data


def _length(digits: str, base: int) -> int:
    try:
        length = int(digits, base)
    except ValueError as error:
        raise BadAnswer("it does not say how long it is") from error
    if length < 0:
        raise BadAnswer("it says that it is shorter than nothing")
    return length


def _line(reader: BinaryIO) -> str:
    line = reader.readline(LINE_MAX_BYTES)
    if len(line) == LINE_MAX_BYTES:
        raise BadAnswer("one of its lines is too long")
    return line.decode("latin-1")
