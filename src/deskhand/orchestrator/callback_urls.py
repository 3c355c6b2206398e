"""Which URLs a callback may go to, as text; the addresses behind them are checked when it is sent.

Source: dataverse-api 14. Whoever may start a run names the URL, so it must not reach anything that only the
server can reach.
"""

from __future__ import annotations

import re

from deskhand.orchestrator.errors import CallbackUrlRefused
from deskhand.outbound.addresses import literal_address
from deskhand.outbound.urls import PORTS, BadUrl, HttpUrl, is_dns_name, split_url

MAX_LENGTH = 2_000

_PRINTABLE = re.compile(r"[!-\[\]-~]+\Z")  # ASCII, without blanks and backslashes
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z")
_LOCALHOST = "localhost"


def parse_callback_url(text: str, *, allow_insecure: bool = False) -> HttpUrl:
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
    try:
        url = split_url(text, PORTS if allow_insecure else ("https",))
    except BadUrl as error:
        raise CallbackUrlRefused(str(error)) from error
    if not (allow_insecure and literal_address(url.host)):
        _check_host(url.host, allow_insecure=allow_insecure)
    return url


def _check_host(host: str, *, allow_insecure: bool) -> None:
    """Refuse whatever is no DNS name, in any of the forms in which an address can be written."""
    last = host.split(".")[-1]
    if not host:
        raise CallbackUrlRefused("names no host")
    if literal_address(host) or _NUMBER.match(last):
        raise CallbackUrlRefused(f"names the IP address ‘{host}’")
    if not is_dns_name(host):
        raise CallbackUrlRefused(f"names ‘{host}’, which is no DNS name")
    if last == _LOCALHOST and not allow_insecure:
        raise CallbackUrlRefused(f"leads back to this computer (‘{host}’)")
