from __future__ import annotations

import socket

import pytest

from deskhand.server.binding import Binding, CannotListen, PortInUse, UnprotectedAddress, is_loopback


def test_a_loopback_address_needs_no_tls() -> None:
    with Binding(port=0).listen() as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_an_address_others_can_reach_is_refused_without_tls(host: str) -> None:
    with pytest.raises(UnprotectedAddress) as refused:
        Binding(host=host, port=0).listen()
    assert str(refused.value) == (
        f"Cannot start: {host} can be reached from other machines, and there is no TLS. Give --tls-cert and "
        "--tls-key, or --behind-proxy when a proxy in front does TLS, or listen on 127.0.0.1."
    )


def test_behind_a_proxy_any_address_may_be_listened_on() -> None:
    with Binding(host="0.0.0.0", port=0, behind_proxy=True).listen() as listener:
        assert listener.getsockname()[0] == "0.0.0.0"


def test_a_port_in_use_is_named_with_the_process_that_has_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(
            PortInUse, match=rf"port {port} on 127\.0\.0\.1 is in use by process \d+ \(.*python"
        ):
            Binding(port=port).listen()


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.7:0"):
        Binding(host="192.0.2.7", port=0, behind_proxy=True).listen()


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.7", False)]
)
def test_loopback_is_recognised(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
