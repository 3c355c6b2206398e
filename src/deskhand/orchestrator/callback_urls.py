"""Which addresses a callback may go to: as text when a run is requested, as numbers when it is sent.

Source: dataverse-api 14. Whoever may start a run names the URL, so it must not reach anything that only the
server can reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from deskhand.orchestrator.errors import CallbackUrlRefused

MAX_LENGTH = 2_000
Address = IPv4Address | IPv6Address

_PRINTABLE = re.compile(r"[!-\[\]-~]+\Z")  # ASCII, without blanks and backslashes
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z")
_PORTS = {"http": 80, "https": 443}
_LOCALHOST = "localhost"

# Networks that Python counts as global, and that are reserved or lead elsewhere: relays and translators of
# IPv6 can carry any IPv4 address inside.
_SPECIAL = tuple(
    ip_network(one)
    for one in (
        "192.0.0.0/24", "192.88.99.0/24",
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallbackUrl:
    """A URL that keeps the rules.

    Attributes:
        scheme: ``https``; ``http`` only in test set-ups.
        host: The host name, lower case, without a final dot.
        port: The port.
        target: Path and query, as they go into the request.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """Return the value of the ``Host`` header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def parse_callback_url(text: str, *, allow_insecure: bool = False) -> CallbackUrl:
    """Read a callback URL.

    Args:
        text: What the caller gave.
        allow_insecure: Whether http, IP literals and this computer are allowed, for test set-ups.

    Raises:
        CallbackUrlRefused: It breaks a rule.
    """
    if len(text) > MAX_LENGTH:
        raise CallbackUrlRefused(f"has {len(text)} characters; {MAX_LENGTH} are allowed")
    if not _PRINTABLE.match(text):
        raise CallbackUrlRefused("holds a blank, a backslash or a character outside ASCII")
    parts, port = _split(text)
    if parts.scheme not in (_PORTS if allow_insecure else ("https",)):
        raise CallbackUrlRefused(f"begins with ‘{parts.scheme or text[:12]}’")
    if "@" in parts.netloc:
        raise CallbackUrlRefused("holds a user name")
    host = (parts.hostname or "").removesuffix(".")
    if not (allow_insecure and literal_address(host)):
        _check_host(host, allow_insecure=allow_insecure)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return CallbackUrl(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, target)


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise CallbackUrlRefused(f"is not a URL ({error})") from error
    if port == 0:
        raise CallbackUrlRefused("names port 0")
    return parts, port


def literal_address(host: str) -> Address | None:
    """Return the address that a host is written as, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _check_host(host: str, *, allow_insecure: bool) -> None:
    """Refuse whatever is no DNS name, in any of the forms in which an address can be written."""
    labels = host.split(".")
    if not host:
        raise CallbackUrlRefused("names no host")
    if literal_address(host) or _NUMBER.match(labels[-1]):
        raise CallbackUrlRefused(f"names the IP address ‘{host}’")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise CallbackUrlRefused(f"names ‘{host}’, which is no DNS name")
    if labels[-1] == _LOCALHOST and not allow_insecure:
        raise CallbackUrlRefused(f"leads back to this computer (‘{host}’)")


def is_forbidden(address: Address) -> bool:
    """Tell whether callbacks may not reach an address: everything but the public unicast internet."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return is_forbidden(inner)
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or any(address in network for network in _SPECIAL if network.version == address.version)
    )
