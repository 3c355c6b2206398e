"""What a connection shows to the service behind a connector. Source: cloud-flows 3.11."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from deskhand.cloudflows.http.requests import Request, with_queries
from deskhand.cloudflows.openapi.errors import CredentialRefused
from deskhand.cloudflows.openapi.operations import Operation, Place, SchemeKind, SecurityScheme


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that the service gave out."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token."""

    value: str = field(repr=False)


Credential: TypeAlias = Login | ApiKey | AccessToken | None

_FITS: dict[SchemeKind, type] = {
    SchemeKind.BASIC: Login,
    SchemeKind.API_KEY: ApiKey,
    SchemeKind.BEARER: AccessToken,
}
_WORDS = {
    SchemeKind.BASIC: "a user name and password",
    SchemeKind.API_KEY: "an API key",
    SchemeKind.BEARER: "an access token",
}


def show_credential(request: Request, operation: Operation, credential: Credential) -> Request:
    """Return a request that shows a credential the way its operation asks for it.

    Args:
        request: The request.
        operation: The operation; one that asks for nothing is shown nothing.
        credential: What the connection holds.

    Raises:
        CredentialRefused: The operation asks for another kind.
        RequestRefused: It holds what a header cannot.
    """
    if not operation.security:
        return request
    for scheme in operation.security:
        if credential is not None and isinstance(credential, _FITS[scheme.kind]):
            return _shown(request, scheme, credential)
    raise CredentialRefused(operation.id, dict.fromkeys(_WORDS[one.kind] for one in operation.security))


def _shown(request: Request, scheme: SecurityScheme, credential: Login | ApiKey | AccessToken) -> Request:
    match credential:
        case Login(username, password):
            pair = f"{username}:{password}".encode("utf-8", "replace")
            return request.with_header(scheme.name, f"Basic {base64.b64encode(pair).decode('ascii')}")
        case AccessToken(value):
            return request.with_header(scheme.name, f"Bearer {value}")
        case ApiKey(value):
            if scheme.place is Place.QUERY:
                return replace(request, url=with_queries(request.url, {scheme.name: value}))
            return replace(request.with_header(scheme.name, value), key_header=scheme.name)
