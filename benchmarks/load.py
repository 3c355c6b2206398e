"""A closed loop of callers on loopback: each posts, waits for the answer, and posts again.

The callers share one thread and keep their connections; what they take of the machine they take from every
system alike.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field
from typing import Any, cast

import httptools
import uvloop


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted, where, and what must come back.

    Attributes:
        port: The port on loopback.
        path: The path, with its query.
        body: JSON.
        answer: The JSON that every answer must hold.
    """

    port: int
    path: str
    body: Any
    answer: Any

    def as_request(self) -> bytes:
        """Return the bytes of one request."""
        content = json.dumps(self.body).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self.port}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content


@dataclass(frozen=True, slots=True)
class Figures:
    """What a loop was measured at.

    Attributes:
        answers: How many answers came.
        rate: Answers a second.
        p50: The median wait for an answer, in milliseconds.
        p99: The wait that one answer in a hundred takes longer than.
    """

    answers: int
    rate: float
    p50: float
    p99: float


class UnexpectedAnswer(Exception):
    """The system under measurement gave another answer than the right one, or none."""


@dataclass(slots=True)
class _Loop:
    """What the callers share."""

    post: Post
    request: bytes
    most: int
    end: float
    sent: int = 0
    waits: list[float] = field(default_factory=list)

    def may_send(self) -> bool:
        """Take the right to one more request."""
        if self.sent >= self.most or time.perf_counter() >= self.end:
            return False
        self.sent += 1
        return True


class _Caller(asyncio.Protocol):
    """One connection; it is done when the loop is over, or when something goes wrong."""

    def __init__(self, loop: _Loop) -> None:
        self._loop = loop
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._began = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error.__context__ or error)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._loop.waits.append(time.perf_counter() - self._began)
        status, content = self._parser.get_status_code(), bytes(self._body)
        self._body.clear()
        if status != 200 or json.loads(content) != self._loop.post.answer:
            raise UnexpectedAnswer(f"{status} {content[:500]!r}")
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or UnexpectedAnswer("the connection was closed"))

    def _send(self) -> None:
        if self._loop.may_send():
            self._began = time.perf_counter()
            self._transport.write(self._loop.request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _fail(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)
            self._transport.close()


def closed_loop(post: Post, *, callers: int, seconds: float, most: int = 20_000) -> Figures:
    """Post in a loop for some seconds, at most so many times, and return what was measured.

    Raises:
        UnexpectedAnswer: An answer was not the right one.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_closed_loop(post, callers, seconds, most))


async def _closed_loop(post: Post, callers: int, seconds: float, most: int) -> Figures:
    began = time.perf_counter()
    shared = _Loop(post, post.as_request(), most, began + seconds)
    running = asyncio.get_running_loop()
    connected = [
        await running.create_connection(lambda: _Caller(shared), "127.0.0.1", post.port)
        for _ in range(callers)
    ]
    async with asyncio.timeout(seconds + 60):
        await asyncio.gather(*(caller.done for _, caller in connected))
    elapsed = time.perf_counter() - began
    waits = sorted(wait * 1000 for wait in shared.waits)
    return Figures(
        answers=len(waits),
        rate=len(waits) / elapsed,
        p50=statistics.median(waits),
        p99=waits[min(len(waits) - 1, int(len(waits) * 0.99))],
    )
