"""Whatever a peer does to a connection that is being made, nothing of it stays open."""

from __future__ import annotations

import gc
import select
import socket
import ssl
import struct
import warnings
from ipaddress import ip_address

import pytest

from deskhand.outbound.deadline import Deadline
from deskhand.outbound.dialing import Dialer
from deskhand.outbound.urls import split_url

RESET = struct.pack("ii", 1, 0)


def reset_connection(address: tuple[str, int], seconds: float) -> socket.socket:
    """Connect to a peer that breaks the connection off at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connected = socket.create_connection(listener.getsockname(), seconds)
        peer, _ = listener.accept()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        peer.close()
    select.select([connected], [], [], seconds)
    return connected


def test_a_peer_that_hangs_up_before_tls_leaves_no_socket_open() -> None:
    dialer = Dialer(lambda host, port: [ip_address("127.0.0.1")], reset_connection)
    url = split_url("https://receiver.test/")
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        with (
            pytest.raises(OSError, match=r"not connected|reset"),
            dialer.connected(url, Deadline(5.0), lambda host, addresses: None, ssl.create_default_context()),
        ):
            pytest.fail("there is no connection")
        gc.collect()
    assert not [one for one in left if issubclass(one.category, ResourceWarning)]
