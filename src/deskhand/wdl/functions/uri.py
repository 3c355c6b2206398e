"""Functions of addresses. Source: cloud-flows 5.12."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from deskhand.wdl.declare import Expects, function, refused

Address = Annotated[str, Expects("")]

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?://(?:[^/?#@\s]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/?#@:\s]*)(?::(?P<port>[0-9]{0,5}))?)?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?"
)
_NEVER = re.compile(r"[\s\x00-\x1f<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "gopher": 70, "nntp": 119, "ldap": 389}
_HIERARCHICAL = frozenset({"http", "https", "ftp", "ws", "wss"})
_KEPT = "!#$%&'()*+,/:;=?@[]~-._"


def _parts(address: str) -> re.Match[str]:
    match = None if _NEVER.search(address) else _ADDRESS.fullmatch(address)
    scheme = match["scheme"].lower() if match else ""
    if match is None or len(scheme) < 2 or (scheme in _HIERARCHICAL and not match["host"]):
        raise refused(
            f"expects its parameter to be a well-formed absolute URI. The provided value was '{address}'."
        )
    return match


def _path(parts: re.Match[str]) -> str:
    rooted = parts["host"] is not None
    return quote(parts["path"], safe=_KEPT) or ("/" if rooted else "")


@function()
def uri_host(address: Address) -> str:
    """Return an address's host.

    Examples:
        uriHost('https://www.localhost.com:8080') -> "www.localhost.com"
    """
    return (_parts(address)["host"] or "").lower()


@function()
def uri_path(address: Address) -> str:
    """Return an address's path.

    Examples:
        uriPath('https://www.contoso.com/catalog/new?date=today') -> "/catalog/new"
    """
    return _path(_parts(address))


@function()
def uri_path_and_query(address: Address) -> str:
    """Return an address's path and query.

    Examples:
        uriPathAndQuery('https://www.contoso.com/catalog?date=today') -> "/catalog?date=today"
    """
    parts = _parts(address)
    return _path(parts) + quote(parts["query"] or "", safe=_KEPT)


@function()
def uri_port(address: Address) -> int:
    """Return an address's port, or its scheme's usual one.

    Examples:
        uriPort('https://www.localhost:8080') -> 8080
        uriPort('http://a.com') -> 80
    """
    parts = _parts(address)
    return int(parts["port"]) if parts["port"] else _PORTS.get(parts["scheme"].lower(), -1)


@function()
def uri_query(address: Address) -> str:
    """Return an address's query with its question mark.

    Examples:
        uriQuery('https://www.contoso.com/catalog?date=today') -> "?date=today"
    """
    return quote(_parts(address)["query"] or "", safe=_KEPT)


@function()
def uri_scheme(address: Address) -> str:
    """Return an address's scheme.

    Examples:
        uriScheme('HTTP://A.com') -> "http"
    """
    return _parts(address)["scheme"].lower()
