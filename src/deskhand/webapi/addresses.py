"""Under which address a request came. Source: dataverse-api 1."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from deskhand.webapi.refusals import BadHost
from deskhand.webapi.services import Services

_HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")


def base_url(scope: Scope, headers: Headers, services: Services) -> str:
    """Return the server's address as the caller sees it: ``https://rpa.example.org``, no slash after it.

    Forwarding headers count only where a proxy is known to set them; anybody else could make one up.

    Raises:
        BadHost: The request names no usable host.
    """
    if services.public_url:
        return services.public_url.rstrip("/")
    scheme, host = str(scope["scheme"]), headers.get("host", "")
    if services.behind_proxy:
        scheme = _first(headers.get("x-forwarded-proto")) or scheme
        host = _first(headers.get("x-forwarded-host")) or host
    if scheme not in ("http", "https") or not _HOST.match(host):
        raise BadHost(host)
    return f"{scheme}://{host.lower()}"


def caller_address(connection: HTTPConnection, services: Services) -> str:
    """Return the network address that a request came from, as far as that can be known.

    Behind a proxy it is the last one forwarded: those before it could have been made up.
    """
    direct = connection.client.host if connection.client else ""
    if services.behind_proxy:
        forwarded = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return (forwarded or direct)[:100]
    return direct


def _first(forwarded: str | None) -> str:
    """Return what the outermost proxy wrote."""
    return (forwarded or "").partition(",")[0].strip()
