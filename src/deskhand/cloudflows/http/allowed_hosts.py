"""Which hosts cloud flows may call: the public internet, and those that ``http_allowed_hosts`` names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from deskhand.cloudflows.http.errors import AddressForbidden
from deskhand.core.settings import BadSetting
from deskhand.outbound.addresses import Address, is_public, unmapped
from deskhand.outbound.urls import is_dns_name

_SETTING = "http_allowed_hosts"


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts beyond the public internet that may be called.

    Attributes:
        names: Host names in lower case.
        networks: Networks all of whose addresses may be called.
    """

    names: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    def check(self, host: str, addresses: Sequence[Address]) -> None:
        """Refuse a host one of whose addresses is out of bounds: that one condemns the name.

        Raises:
            AddressForbidden: There is such an address.
        """
        if host in self.names:
            return
        for address in addresses:
            if not is_public(address) and not self._holds(unmapped(address)):
                raise AddressForbidden(host, str(address))

    def _holds(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


def parse_allowed_hosts(text: str) -> AllowedHosts:
    """Read the setting.

    Args:
        text: Host names, addresses and networks, separated by blanks.

    Raises:
        BadSetting: A word of it is none of these.
    """
    names: set[str] = set()
    networks: list[IPv4Network | IPv6Network] = []
    for word in text.lower().split():
        network = _network(word)
        if network is not None:
            networks.append(network)
        elif is_dns_name(word):
            names.add(word)
        else:
            expected = "host names, addresses and networks (10.20.0.0/16), separated by blanks"
            raise BadSetting(_SETTING, word, expected, "settings")
    return AllowedHosts(frozenset(names), tuple(networks))


def _network(word: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(word)
    except ValueError:
        return None
