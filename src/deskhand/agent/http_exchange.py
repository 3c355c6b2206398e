"""One HTTP/1.1 request and its answer, over a connection that may be kept.

The standard library reads an answer's headers as those of an e-mail, which costs more than everything else
about a short answer; an agent needs but three of them.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

LINE_MAX_BYTES = 16 * 1024
HEADERS_MAX = 100
_INTERIM = range(100, 200)


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
        status, headers = _read_head(reader)
        while status in _INTERIM:
            status, headers = _read_head(reader)
        body, delimited = _read_body(reader, headers, limit)
    keeps_open = delimited and len(body) <= limit and headers.get("connection", "").lower() != "close"
    return Answer(status, body, keeps_open)


def _read_head(reader: BinaryIO) -> tuple[int, dict[str, str]]:
    version, _, rest = _line(reader).partition(" ")
    if not version:
        raise HungUp("the server closed the connection")
    if version != "HTTP/1.1" or not rest[:3].isdecimal():
        raise BadAnswer("it does not begin as an answer of HTTP/1.1 does")
    return int(rest[:3]), _read_headers(reader)


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


def _read_body(reader: BinaryIO, headers: Mapping[str, str], limit: int) -> tuple[bytes, bool]:
    """Return the body, and whether it ended otherwise than with the connection."""
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
