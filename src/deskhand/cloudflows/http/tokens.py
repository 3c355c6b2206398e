"""Access tokens of OAuth's client credentials, kept until shortly before they expire.

Source: cloud-flows 3.8 (``ActiveDirectoryOAuth``, ``ManagedServiceIdentity``).
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jwt
from joserfc.jwk import RSAKey

from deskhand.cloudflows.http.certificates import ClientCertificate, open_certificate
from deskhand.cloudflows.http.errors import (
    AuthenticationRefused,
    ManagedIdentityMissing,
    RequestRefused,
    TokenRefused,
)
from deskhand.cloudflows.http.media_types import FORM
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.responses import Response
from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.outbound.urls import HttpUrl

PUBLIC_AUTHORITY = "https://login.microsoftonline.com"

_AHEAD = timedelta(minutes=5)
_MOST_KEPT = 1_000
_ASSERTION_LIFE = timedelta(minutes=10)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TENANT = re.compile(r"[0-9A-Za-z.-]{1,253}\Z")
_UNPRINTABLE = re.compile(r"[^!-~]+")
_WORDS = 300


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An application that asks an authority for access in its own name.

    Attributes:
        authority: The authority's address.
        tenant: The directory in which the application is known.
        audience: Whom the access token is for.
        client_id: The application.
        proof: Its secret or its certificate.
    """

    authority: str
    tenant: str
    audience: str
    client_id: str
    proof: str | ClientCertificate = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServiceCredentials:
    """A client that asks a service of any make for access, as OAuth's client credentials.

    Attributes:
        token_url: Where access tokens are given.
        client_id: The client.
        secret: Its secret.
        scope: What access is asked for, if the service wants to know.
    """

    token_url: str
    client_id: str
    secret: str = field(repr=False)
    scope: str = ""


Credentials: TypeAlias = ClientCredentials | ServiceCredentials


@dataclass(frozen=True, slots=True)
class _Token:
    """An access token and when it ends."""

    text: str = field(repr=False)
    expires: datetime


class Sender(Protocol):
    """What sends a request."""

    def send(self, request: Request) -> Response:
        """Send a request and return its answer."""
        ...


class TokenSource:
    """Gets access tokens and keeps them. Safe to use from any thread.

    Args:
        sender: Sends the requests to authorities, under the same rules as those of flows.
        clock: What time it is.
        settings: Which application stands in for the server's own identity.
    """

    def __init__(self, sender: Sender, clock: Clock, settings: Settings) -> None:
        self._sender = sender
        self._clock = clock
        self._settings = settings
        self._lock = Lock()
        self._key = secrets.token_bytes(32)
        self._kept: dict[bytes, _Token] = {}

    def token(self, credentials: Credentials) -> str:
        """Return an access token for an application.

        Raises:
            TokenRefused: The authority gives none.
            AuthenticationRefused: Authority, tenant or certificate cannot be used.
            HttpError: The authority cannot be reached.
        """
        key = self._fingerprint(credentials)
        now = self._clock.now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.expires - _AHEAD <= now:
            kept = self._ask(credentials, now)
            self._keep(key, kept, now)
        return kept.text

    def own_token(self, audience: str) -> str:
        """Return an access token for the application that stands in for the server's managed identity.

        Raises:
            ManagedIdentityMissing: The settings name none.
            HttpError: As for :meth:`token`.
        """
        return self.token(self._own_credentials(audience))

    def _own_credentials(self, audience: str) -> ClientCredentials:
        tenant, client_id = self._settings.managed_identity_tenant, self._settings.managed_identity_client_id
        file = self._settings.managed_identity_secret_file
        if not (tenant and client_id and file):
            raise ManagedIdentityMissing("no application is named")
        try:
            secret = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise ManagedIdentityMissing("the file of its secret cannot be read") from error
        return ClientCredentials(PUBLIC_AUTHORITY, tenant, audience, client_id, secret)

    def _fingerprint(self, credentials: Credentials) -> bytes:
        """Return a key that tells credentials apart and gives none of them away."""
        return hmac.digest(self._key, json.dumps(_parts(credentials)).encode(), "sha256")

    def _keep(self, key: bytes, token: _Token, now: datetime) -> None:
        with self._lock:
            self._kept[key] = token
            if len(self._kept) > _MOST_KEPT:
                latest = sorted(self._kept.items(), key=lambda one: one[1].expires, reverse=True)
                self._kept = {one: kept for one, kept in latest[: _MOST_KEPT // 2] if kept.expires > now}

    def _ask(self, credentials: Credentials, now: datetime) -> _Token:
        if isinstance(credentials, ServiceCredentials):
            request = service_token_request(credentials)
        else:
            request = token_request(credentials, now)
        response = self._sender.send(request)
        return _granted(response, request.url.host, now)


def _parts(credentials: Credentials) -> list[str]:
    """Return what tells credentials apart."""
    if isinstance(credentials, ServiceCredentials):
        return [credentials.token_url, credentials.client_id, credentials.secret, credentials.scope]
    proof = credentials.proof
    secret = [proof] if isinstance(proof, str) else [proof.pfx.hex(), proof.password]
    return [
        credentials.authority, credentials.tenant, credentials.audience, credentials.client_id, *secret
    ]  # fmt: skip


def service_token_request(credentials: ServiceCredentials) -> Request:
    """Return the request for an access token of a service.

    Raises:
        AuthenticationRefused: Its address is none of https.
    """
    fields = {"grant_type": "client_credentials", "client_id": credentials.client_id}
    fields |= {"client_secret": credentials.secret}
    if credentials.scope:
        fields |= {"scope": credentials.scope}
    return _form(_https(credentials.token_url, "tokenUrl"), fields)


def _https(address: str, member: str) -> HttpUrl:
    try:
        url = read_url(address, member)
    except RequestRefused as error:
        raise AuthenticationRefused(f"its member ‘{member}’ {error.problem}") from error
    if url.scheme != "https":
        raise AuthenticationRefused(f"its member ‘{member}’ is no https address")
    return url


def _form(url: HttpUrl, fields: Mapping[str, str]) -> Request:
    headers = {"Content-Type": FORM, "Accept": "application/json"}
    body = urlencode(fields, errors="replace").encode("ascii")
    # A redirect would carry the secret to somebody else.
    return Request("POST", url, headers, body, follows_redirects=False)


def token_request(credentials: ClientCredentials, now: datetime) -> Request:
    """Return the request for an access token.

    Args:
        credentials: The application.
        now: The present instant, in which a certificate's assertion begins to hold.

    Raises:
        AuthenticationRefused: Authority, tenant or certificate cannot be used.
    """
    if not _TENANT.match(credentials.tenant):
        raise AuthenticationRefused("its member ‘tenant’ is no id or name of a directory")
    address = f"{credentials.authority.rstrip('/')}/{credentials.tenant}/oauth2/token"
    url = _https(address, "authority")
    fields = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "resource": credentials.audience,
        **_proof(credentials, address, now),
    }
    return _form(url, fields)


def _proof(credentials: ClientCredentials, address: str, now: datetime) -> dict[str, str]:
    if isinstance(credentials.proof, str):
        return {"client_secret": credentials.proof}
    assertion = _assertion(credentials.proof, credentials.client_id, address, now)
    return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}


def _assertion(certificate: ClientCertificate, client_id: str, address: str, now: datetime) -> str:
    """Return a statement by the application that only the holder of its key can make."""
    opened = open_certificate(certificate)
    key = load_pem_private_key(opened.pem, opened.lock.encode(), unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise AuthenticationRefused("‘pfx’ holds no RSA key, which the authority asks for")
    thumbprint = load_pem_x509_certificate(opened.pem).fingerprint(SHA1())  # noqa: S303 - so it is named there
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    header = {"alg": "RS256", "x5t": base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode("ascii")}
    claims = {
        "aud": address,
        "iss": client_id,
        "sub": client_id,
        "jti": secrets.token_hex(16),
        "nbf": int(now.timestamp()),
        "exp": int((now + _ASSERTION_LIFE).timestamp()),
    }
    return jwt.encode(header, claims, RSAKey.import_key(pem))


def _granted(response: Response, authority: str, now: datetime) -> _Token:
    """Return the token of an answer."""
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise TokenRefused(authority, f"it answered {response.status} and no JSON") from error
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if response.status != 200 or not isinstance(token, str) or _UNPRINTABLE.search(token):
        raise TokenRefused(authority, _explained(response.status, answer))
    return _Token(token, now + _lifetime(answer))


def _lifetime(answer: Mapping[str, Any]) -> timedelta:
    """Return how long a token holds; one that does not say is not kept."""
    seconds = str(answer.get("expires_in", ""))
    return timedelta(seconds=int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else 0)


def _explained(status: int, answer: Any) -> str:
    words = [answer.get(name) for name in ("error", "error_description")] if isinstance(answer, dict) else []
    text = ": ".join(_UNPRINTABLE.sub(" ", word)[:_WORDS] for word in words if isinstance(word, str))
    return f"it answered {status}" + (f" ({text})" if text else "")
