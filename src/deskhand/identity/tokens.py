"""The token service: signs access tokens, and checks the ones that callers bring.

Source: dataverse-api 13.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from deskhand.core.clock import Clock
from deskhand.core.ids import new_id, parse_id
from deskhand.core.settings import Settings
from deskhand.identity.errors import TokenRefused
from deskhand.identity.keyring import KeyRing

_ALGORITHM = "ES256"
_SKEW = timedelta(seconds=30)
_LONGEST_TOKEN = 16_384
_REMEMBERED_TOKENS = 4_096
_RELOAD_SECONDS = 5.0

LOCAL_ISSUER = "urn:deskhand"
"""The issuer of API tokens: they are made on the command line, where no address is known."""

LOCAL_AUDIENCE = "urn:deskhand:api"
"""The audience of API tokens: this installation, under whatever address it is reached."""

DELEGATED_SCOPE = "user_impersonation"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says.

    Attributes:
        token_id: Its ``jti``.
        not_before: From when it may be used.
        expires: Until when.
        api_token: Whether it is one of the command line's, which can be revoked.
        delegated: Whether a user signed in, rather than an application.
        object_id: The user's id at the identity provider (``oid``).
        user_name: The user's sign-in name (``upn``, ``preferred_username`` or ``email``).
        application_id: The client's id (``appid``, ``azp`` or ``client_id``).
        session_id: The browser session that it came from (``sid``), which can be ended.
    """

    token_id: str
    not_before: datetime
    expires: datetime
    api_token: bool
    delegated: bool
    object_id: UUID | None
    user_name: str | None
    application_id: UUID | None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TokenUser:
    """Whom a token of a browser session is for, and what it is for.

    Attributes:
        object_id: The user's id at the identity provider, which here is their own.
        name: Their name for people.
        sign_in_name: Their sign-in name.
        client_id: The client that asked.
        session_id: The session that it comes from.
    """

    object_id: UUID
    name: str
    sign_in_name: str
    client_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, repr=False)
class AccessToken:
    """A token as the token endpoint answers it."""

    text: str
    expires_in: int


class TokenService:
    """Issues and checks the bearer tokens of one installation. Safe to use from any thread.

    Args:
        keyring: Holds the signing keys.
        settings: ``token_seconds`` and ``token_audiences``.
        clock: The time.
        tenant_id: The organisation's id; it stands in the issuer and in the endpoints' addresses.
    """

    def __init__(self, keyring: KeyRing, settings: Settings, clock: Clock, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self._keyring = keyring
        self._lifetime = settings.token_seconds
        self._further_audiences = frozenset(one.rstrip("/") for one in settings.token_audiences.split())
        self._clock = clock
        self._verified = _RecentlyVerified()
        self._reloaded_at = clock.monotonic()

    def issuer(self, base_url: str) -> str:
        """Return the issuer name under one address of the server, as the discovery document has it."""
        return f"{base_url}/{self.tenant_id}/v2.0"

    def is_audience(self, resource: str, base_url: str) -> bool:
        """Return whether tokens for a resource may be issued and used under this address."""
        return resource.rstrip("/") in {base_url, *self._further_audiences}

    def public_keys(self) -> list[dict[str, Any]]:
        """Return the keys that verify this service's tokens, as JSON web keys."""
        return [dict(one.key.as_dict(private=False)) for one in self._keyring.signing]

    def issue_application_token(
        self, base_url: str, audience: str, application_id: UUID, object_id: UUID
    ) -> AccessToken:
        """Sign a token for an application that proved who it is.

        Args:
            base_url: The address under which the token was asked for.
            audience: The resource that it asked for.
            application_id: Its client id.
            object_id: Its ``systemuserid``.
        """
        claims = {
            "iss": self.issuer(base_url),
            "aud": audience,
            "oid": str(object_id),
            "sub": str(object_id),
            "tid": str(self.tenant_id),
            "appid": str(application_id),
            "azp": str(application_id),
        }
        expires = self._clock.now() + timedelta(seconds=self._lifetime)
        return AccessToken(self._sign(claims, str(new_id()), expires), self._lifetime)

    def issue_user_token(self, base_url: str, audience: str, user: TokenUser) -> AccessToken:
        """Sign a token for a user who signed in with a browser.

        Args:
            base_url: The address under which the token was asked for.
            audience: The resource that it was asked for.
            user: Whom it is for.
        """
        claims = {
            **self._user_claims(base_url, user),
            "aud": audience,
            "scp": DELEGATED_SCOPE,
            "upn": user.sign_in_name,
            "appid": str(user.client_id),
            "azp": str(user.client_id),
        }
        expires = self._clock.now() + timedelta(seconds=self._lifetime)
        return AccessToken(self._sign(claims, str(new_id()), expires), self._lifetime)

    def issue_id_token(self, base_url: str, user: TokenUser, nonce: str, signed_in: datetime) -> str:
        """Sign what tells a client who signed in. Source: OpenID Connect Core 2.

        Args:
            base_url: The address under which it was asked for.
            user: Who signed in.
            nonce: What the client sent to recognise it by; empty without.
            signed_in: When they did.
        """
        claims = {
            **self._user_claims(base_url, user),
            "aud": str(user.client_id),
            "auth_time": int(signed_in.timestamp()),
            **({"nonce": nonce} if nonce else {}),
        }
        expires = self._clock.now() + timedelta(seconds=self._lifetime)
        return self._sign(claims, str(new_id()), expires)

    def _user_claims(self, base_url: str, user: TokenUser) -> dict[str, Any]:
        return {
            "iss": self.issuer(base_url),
            "sub": str(user.object_id),
            "oid": str(user.object_id),
            "tid": str(self.tenant_id),
            "name": user.name,
            "preferred_username": user.sign_in_name,
            "sid": str(user.session_id),
            "ver": "2.0",
        }

    def issue_api_token(self, token_id: UUID, user_id: UUID, expires: datetime) -> str:
        """Sign a long-lived token for a user; its row makes it revocable.

        Args:
            token_id: The ``apitokenid``.
            user_id: As whom it acts.
            expires: When it stops working.
        """
        claims = {
            "iss": LOCAL_ISSUER,
            "aud": LOCAL_AUDIENCE,
            "sub": str(user_id),
            "scp": DELEGATED_SCOPE,
        }
        return self._sign(claims, str(token_id), expires)

    def verify(self, text: str, base_url: str) -> Claims:
        """Check a bearer token and return what it says.

        The signature is checked before any claim is looked at, so that the time this takes tells nothing
        of them; a token that was verified before is recognised by its hash.

        Args:
            text: The token.
            base_url: The address under which the request came: the organisation's URL.

        Raises:
            TokenRefused: It is not acceptable now, here.
        """
        digest = hashlib.sha256(f"{base_url} {text}".encode("utf-8", "replace")).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._read(self._decode(text), base_url)
            self._verified.put(digest, claims)
        now = self._clock.now()
        if now >= claims.expires + _SKEW:
            raise TokenRefused("it has expired")
        if now < claims.not_before - _SKEW:
            raise TokenRefused("it is not valid yet")
        return claims

    def _sign(self, claims: Mapping[str, Any], token_id: str, expires: datetime) -> str:
        signing = self._keyring.signing[-1]
        now = int(self._clock.now().timestamp())
        times = {"iat": now, "nbf": now, "exp": int(expires.timestamp())}
        header = {"alg": _ALGORITHM, "kid": signing.id}
        return jwt.encode(header, {**claims, **times, "jti": token_id}, signing.key, algorithms=[_ALGORITHM])

    def _decode(self, text: str) -> Mapping[str, Any]:
        if len(text) > _LONGEST_TOKEN:
            raise TokenRefused("it is too long")
        try:
            try:
                return self._decode_with_known_keys(text)
            except InvalidKeyIdError:
                self._reload_keys()
                return self._decode_with_known_keys(text)
        except (JoseError, ValueError) as error:
            raise TokenRefused("it was not signed by this server") from error

    def _decode_with_known_keys(self, text: str) -> Mapping[str, Any]:
        keys = KeySet([one.key for one in self._keyring.signing])
        return jwt.decode(text, keys, algorithms=[_ALGORITHM]).claims

    def _reload_keys(self) -> None:
        """Look for keys that another process added, but not for every token somebody makes up."""
        now = self._clock.monotonic()
        if now - self._reloaded_at >= _RELOAD_SECONDS:
            self._reloaded_at = now
            self._keyring.reload()

    def _read(self, claims: Mapping[str, Any], base_url: str) -> Claims:
        api_token = claims.get("iss") == LOCAL_ISSUER
        self._check_issuer_and_audience(claims, base_url, api_token)
        scopes = claims.get("scp")
        application_id = _guid(claims, "appid", "azp", "client_id")
        if scopes is None and application_id is None:
            raise TokenRefused("it names neither a scope nor an application")
        if scopes is not None and DELEGATED_SCOPE not in str(scopes).split():
            raise TokenRefused(f"its scope is not {DELEGATED_SCOPE}")
        return Claims(
            token_id=_text(claims, "jti") or "",
            not_before=_moment(claims, "nbf"),
            expires=_moment(claims, "exp"),
            api_token=api_token,
            delegated=scopes is not None,
            object_id=_guid(claims, "sub") if api_token else _guid(claims, "oid"),
            user_name=_text(claims, "upn", "preferred_username", "email"),
            application_id=application_id,
            session_id=_guid(claims, "sid"),
        )

    def _check_issuer_and_audience(self, claims: Mapping[str, Any], base_url: str, api_token: bool) -> None:
        hosts = {base_url, *self._further_audiences}
        issuers = {LOCAL_ISSUER} if api_token else {self.issuer(host) for host in hosts}
        audiences = {LOCAL_AUDIENCE} if api_token else hosts
        if claims.get("iss") not in issuers:
            raise TokenRefused("another issuer made it")
        meant_for = claims.get("aud")
        named = meant_for if isinstance(meant_for, list) else [meant_for]
        if not any(isinstance(one, str) and one.rstrip("/") in audiences for one in named):
            raise TokenRefused(f"it is not meant for {base_url}")


class _RecentlyVerified:
    """The claims of tokens whose signature was checked, by the tokens' hashes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._claims: OrderedDict[bytes, Claims] = OrderedDict()

    def get(self, digest: bytes) -> Claims | None:
        with self._lock:
            claims = self._claims.get(digest)
            if claims is not None:
                self._claims.move_to_end(digest)
            return claims

    def put(self, digest: bytes, claims: Claims) -> None:
        with self._lock:
            self._claims[digest] = claims
            if len(self._claims) > _REMEMBERED_TOKENS:
                self._claims.popitem(last=False)


def _text(claims: Mapping[str, Any], *names: str) -> str | None:
    values = (claims.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)


def _guid(claims: Mapping[str, Any], *names: str) -> UUID | None:
    text = _text(claims, *names)
    return parse_id(text) if text else None


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"it has no {name}")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise TokenRefused(f"its {name} is no instant") from error
