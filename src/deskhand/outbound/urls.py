"""Addresses of the web, taken apart for a request."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")


class BadUrl(ValueError):
    """A text is no address that a request can go to; the message continues a sentence that names it."""


@dataclass(frozen=True, slots=True)
class HttpUrl:
    """Where a request goes.

    Attributes:
        scheme: ``https`` or ``http``.
        host: The host name, lower case, without a final dot, or an IP address without brackets.
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
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return what two addresses share that lead to the same server in the same manner."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.target}"


def split_url(text: str, schemes: Collection[str] = tuple(PORTS)) -> HttpUrl:
    """Take an address apart. Its letters are the caller's to check, and its host may be no name at all.

    Args:
        text: The address; a fragment is dropped.
        schemes: The schemes that are taken.

    Raises:
        BadUrl: It is none of a scheme that is taken, or names a user, or port 0.
    """
    parts, port = _split(text)
    if parts.scheme not in schemes:
        raise BadUrl(f"begins with ‘{parts.scheme or text[:12]}’")
    if "@" in parts.netloc:
        raise BadUrl("holds a user name")
    host = (parts.hostname or "").removesuffix(".")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return HttpUrl(parts.scheme, host, PORTS[parts.scheme] if port is None else port, target)


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"is not a URL ({error})") from error
    if port == 0:
        raise BadUrl("names port 0")
    return parts, port


def is_dns_name(host: str) -> bool:
    """Tell whether a host, in lower case, has the form of a DNS name."""
    return len(host) <= 253 and all(_LABEL.match(label) for label in host.split("."))
