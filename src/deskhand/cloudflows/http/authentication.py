"""How a request says who sends it: the member ``authentication``. Source: cloud-flows 3.8.

Reading is pure; only access tokens need the network.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from deskhand.cloudflows.http.certificates import ClientCertificate, read_certificate
from deskhand.cloudflows.http.errors import AuthenticationRefused
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.tokens import PUBLIC_AUTHORITY, ClientCredentials, TokenSource
from deskhand.wdl.values import Value, find_key, to_text


@dataclass(frozen=True, slots=True)
class Authorization:
    """A value of the ``Authorization`` header, made of a name and password or written by the flow."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The identity of the host itself, for which an application of the settings stands in.

    Attributes:
        audience: Whom the access token is for.
    """

    audience: str


Authentication: TypeAlias = Authorization | ClientCertificate | ClientCredentials | ManagedIdentity | None


def read_authentication(value: Value) -> Authentication:
    """Return how a request authenticates; None if it does not.

    Args:
        value: The evaluated member ``authentication``.

    Raises:
        AuthenticationRefused: It is malformed, or of a kind that requests do not have.
    """
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        raise AuthenticationRefused("it is no object")
    kind = _text(value, "type")
    read = _KINDS.get(kind.casefold())
    if read is None:
        raise AuthenticationRefused(f"‘{kind[:60]}’ is no type of a request; known are {', '.join(_TYPES)}")
    return read(value)


def authenticate(request: Request, authentication: Authentication, tokens: TokenSource) -> Request:
    """Return a request that says who sends it.

    Args:
        request: The request.
        authentication: How it authenticates.
        tokens: Where access tokens come from.

    Raises:
        HttpError: No access token could be had, or the value cannot be sent.
    """
    match authentication:
        case None:
            return request
        case Authorization(value):
            return request.with_header("Authorization", value)
        case ClientCertificate():
            return replace(request, certificate=authentication)
        case ClientCredentials():
            return request.with_header("Authorization", f"Bearer {tokens.token(authentication)}")
        case ManagedIdentity(audience):
            return request.with_header("Authorization", f"Bearer {tokens.own_token(audience)}")


def _basic(value: Mapping[str, Value]) -> Authorization:
    pair = f"{_text(value, 'username')}:{_text(value, 'password', required=False)}"
    return Authorization(f"Basic {base64.b64encode(pair.encode('utf-8', 'replace')).decode('ascii')}")


def _certificate(value: Mapping[str, Value]) -> ClientCertificate:
    return read_certificate(_text(value, "pfx"), _text(value, "password", required=False))


def _client_credentials(value: Mapping[str, Value]) -> ClientCredentials:
    by_certificate = _member(value, "pfx") is not None
    return ClientCredentials(
        authority=_text(value, "authority", required=False) or PUBLIC_AUTHORITY,
        tenant=_text(value, "tenant"),
        audience=_text(value, "audience"),
        client_id=_text(value, "clientId"),
        proof=_certificate(value) if by_certificate else _text(value, "secret"),
    )


def _managed_identity(value: Mapping[str, Value]) -> ManagedIdentity:
    return ManagedIdentity(_text(value, "audience"))


def _raw(value: Mapping[str, Value]) -> Authorization:
    if _member(value, "scheme") is not None:
        return Authorization(f"{_text(value, 'scheme')} {_text(value, 'parameter', required=False)}")
    return Authorization(_text(value, "value"))


def _nothing(_: Mapping[str, Value]) -> None:
    return None


_TYPES: Mapping[str, Callable[[Mapping[str, Value]], Authentication]] = {
    "None": _nothing,
    "Basic": _basic,
    "ClientCertificate": _certificate,
    "ActiveDirectoryOAuth": _client_credentials,
    "ManagedServiceIdentity": _managed_identity,
    "Raw": _raw,
}
_KINDS = {name.casefold(): read for name, read in _TYPES.items()}


def _member(value: Mapping[str, Value], name: str) -> Value:
    known = find_key(value, name)
    return None if known is None else value[known]


def _text(value: Mapping[str, Value], name: str, *, required: bool = True) -> str:
    found = _member(value, name)
    if isinstance(found, dict | list):
        raise AuthenticationRefused(f"its member ‘{name}’ is no text")
    if required and found in (None, ""):
        raise AuthenticationRefused(f"its member ‘{name}’ is missing or empty")
    return to_text(found)
