"""Addresses of hosts: how they are found, and which of them lie on the public internet."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Networks that Python counts as global, and that are reserved or lead elsewhere: relays and translators of
# IPv6 can carry any IPv4 address inside.
_SPECIAL = tuple(
    ip_network(one)
    for one in (
        "192.0.0.0/24", "192.88.99.0/24",
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


def literal_address(host: str) -> Address | None:
    """Return the address that a host is written as, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def resolve_host(host: str, port: int) -> Sequence[Address]:
    """Ask the system for a host's addresses.

    Raises:
        OSError: It has none, or nobody knows.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def unmapped(address: Address) -> Address:
    """Return the IPv4 address that is written as an IPv6 one, or the address itself."""
    return getattr(address, "ipv4_mapped", None) or address


def is_public(address: Address) -> bool:
    """Tell whether an address is a host's on the public internet: global unicast, and no way around it."""
    inner = unmapped(address)
    return inner.is_global and not (
        inner.is_multicast
        or inner.is_reserved
        or any(inner in network for network in _SPECIAL if network.version == inner.version)
    )
