"""Connections between two requests: used again, or closed, and never both."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deskhand.outbound import idle
from deskhand.outbound.idle import IdleConnections
from deskhand.outbound.urls import split_url

URL = split_url("https://receiver.test/one")
SAME_HOST = split_url("https://receiver.test:443/two")


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    with ExitStack() as opened:
        made = [socket.socketpair() for _ in range(idle.MOST + 1)]
        for pair in made:
            for end in pair:
                opened.enter_context(end)
        yield made


def is_closed(connected: socket.socket) -> bool:
    return connected.fileno() == -1


def test_a_connection_is_given_to_one_at_a_time(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    connections, (ours, _) = IdleConnections(), pairs[0]
    connections.keep(URL, ours, time.monotonic())
    taken = connections.take(SAME_HOST)
    assert taken is not None
    assert (taken.connected, connections.take(URL)) == (ours, None)
    assert not is_closed(ours)


@pytest.mark.parametrize("other", ["http://receiver.test/", "https://receiver.test:8443/", "https://test/"])
def test_a_connection_serves_its_own_host(
    pairs: list[tuple[socket.socket, socket.socket]], other: str
) -> None:
    connections = IdleConnections()
    connections.keep(URL, pairs[0][0], time.monotonic())
    assert connections.take(split_url(other)) is None


def test_what_the_peer_closed_or_spoke_on_is_closed(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    connections, (closed, peer), (spoken, speaker) = IdleConnections(), pairs[0], pairs[1]
    connections.keep(URL, closed, time.monotonic())
    connections.keep(URL, spoken, time.monotonic())
    peer.close()
    speaker.send(b"HTTP/1.1 200 OK")
    assert connections.take(URL) is None
    assert is_closed(closed)
    assert is_closed(spoken)


def test_nothing_waits_for_long(
    pairs: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    connections, (first, _), (second, _), (third, _) = IdleConnections(), *pairs[:3]
    connections.keep(URL, first, time.monotonic())
    connections.tidy()
    assert not is_closed(first)
    connections.keep(URL, second, time.monotonic() - idle.AGE_SECONDS)
    assert is_closed(second)
    monkeypatch.setattr(idle, "IDLE_SECONDS", 0.0)
    connections.tidy()
    assert is_closed(first)
    connections.keep(URL, third, time.monotonic())
    assert is_closed(third)


def test_the_oldest_makes_room(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    connections = IdleConnections()
    for ours, _ in pairs:
        connections.keep(URL, ours, time.monotonic())
    assert [is_closed(ours) for ours, _ in pairs] == [True] + [False] * idle.MOST


def test_nothing_stays_open_after_the_end(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    connections, (first, _), (second, _) = IdleConnections(), *pairs[:2]
    connections.keep(URL, first, time.monotonic())
    connections.close()
    connections.keep(URL, second, time.monotonic())
    assert is_closed(first)
    assert is_closed(second)
