"""The token endpoints and what announces them. Source: dataverse-api 13.3 and 13.4, RFC 6749."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote_plus
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.core.ids import parse_id
from deskhand.identity.accounts import ApplicationUser, client_credentials
from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.errors import ClientRefused
from deskhand.identity.grants import Grant, exchange_code, exchange_refresh_token
from deskhand.identity.tokens import TokenUser
from deskhand.webapi.oauth_forms import (
    DEFAULT_SCOPE,
    IDENTITY_SCOPES,
    NOT_STORED,
    OAuthError,
    audience_of,
    own_address,
    read_form,
    refusal,
    require_tenant,
)
from deskhand.webapi.portal_client import PORTAL_CLIENT_ID
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")


@dataclass(frozen=True, slots=True, repr=False)
class _Client:
    """What a client says it is."""

    id: str
    secret: str


def oauth_routes(services: Services, workers: Workers) -> list[Route]:
    """Return the routes of the token service, but for those that people see."""
    service = _TokenEndpoints(services, workers)
    return [
        Route("/{tenant}/oauth2/v2.0/token", service.token, methods=["POST"]),
        Route("/{tenant}/oauth2/token", service.token, methods=["POST"]),
        Route("/{tenant}/discovery/v2.0/keys", service.keys, methods=["GET"]),
        Route("/{tenant}/.well-known/openid-configuration", service.discovery, methods=["GET"]),
        Route("/{tenant}/v2.0/.well-known/openid-configuration", service.discovery, methods=["GET"]),
    ]


class _TokenEndpoints:
    def __init__(self, services: Services, workers: Workers) -> None:
        self._services = services
        self._tokens = services.tokens
        self._workers = workers

    async def token(self, request: Request) -> Response:
        try:
            return JSONResponse(await self._issue(request), headers=NOT_STORED)
        except OAuthError as error:
            return refusal(error)

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": self._tokens.public_keys()})

    async def discovery(self, request: Request) -> Response:
        try:
            require_tenant(request.path_params["tenant"], self._tokens)
            base = own_address(request, self._services)
        except OAuthError as error:
            return refusal(error)
        return JSONResponse(_discovery_document(base, self._tokens.issuer(base), self._tokens.tenant_id))

    async def _issue(self, request: Request) -> Mapping[str, object]:
        require_tenant(request.path_params["tenant"], self._tokens)
        form = await read_form(request)
        grant = form.get("grant_type", "")
        if grant in _USER_GRANTS:
            return await self._issue_to_user(request, form, grant)
        client = _client(request, form)
        _check_grant(grant)
        base = own_address(request, self._services)
        audience = audience_of(form, base, self._tokens)
        application = await self._authenticate(client)
        token = self._tokens.issue_application_token(
            base, audience, application.application_id, application.user_id
        )
        return {
            "token_type": "Bearer",
            "expires_in": token.expires_in,
            "ext_expires_in": token.expires_in,
            "access_token": token.text,
        }

    async def _issue_to_user(
        self, request: Request, form: Mapping[str, str], grant_type: str
    ) -> Mapping[str, object]:
        """Exchange a code or a refresh token of a public client."""
        if parse_id(form.get("client_id", "")) != PORTAL_CLIENT_ID:
            raise OAuthError("unauthorized_client", f"This client may not use {grant_type}.")
        base = own_address(request, self._services)
        if grant_type == "refresh_token" and form.get("scope"):
            audience_of(form, base, self._tokens, delegated=True)
        exchange = self._code(form) if grant_type == "authorization_code" else self._refresh_token(form)
        grant = await self._workers.write(exchange)
        if grant is None:
            raise OAuthError(
                "invalid_grant",
                "The code or refresh token does not work, or not any more. Sign in again.",
            )
        return self._tokens_for(grant, base)

    def _code(self, form: Mapping[str, str]) -> partial[Grant | None]:
        verifier = form.get("code_verifier", "")
        if not _VERIFIER.match(verifier):
            raise OAuthError("invalid_request", "Send the code_verifier of the code's challenge.")
        return partial(
            exchange_code,
            code=form.get("code", ""),
            client_id=PORTAL_CLIENT_ID,
            redirect_uri=form.get("redirect_uri", ""),
            verifier=verifier,
            settings=self._services.settings,
        )

    def _refresh_token(self, form: Mapping[str, str]) -> partial[Grant | None]:
        return partial(
            exchange_refresh_token,
            token=form.get("refresh_token", ""),
            client_id=PORTAL_CLIENT_ID,
            settings=self._services.settings,
        )

    def _tokens_for(self, grant: Grant, base: str) -> Mapping[str, object]:
        user = TokenUser(
            grant.user.object_id,
            grant.user.name,
            grant.user.sign_in_name,
            PORTAL_CLIENT_ID,
            grant.session.id,
        )
        token = self._tokens.issue_user_token(base, grant.audience, user)
        answer: dict[str, object] = {
            "token_type": "Bearer",
            "expires_in": token.expires_in,
            "ext_expires_in": token.expires_in,
            "scope": grant.scope,
            "access_token": token.text,
        }
        if grant.refresh_token is not None:
            answer["refresh_token"] = grant.refresh_token
        if "openid" in grant.scope.split():
            answer["id_token"] = self._tokens.issue_id_token(base, user, grant.nonce, grant.session.began)
        return answer

    async def _authenticate(self, client: _Client) -> ApplicationUser:
        application_id = parse_id(client.id)
        known = None
        if application_id is not None:
            known = await self._workers.read(partial(client_credentials, application_id=application_id))
        hashes = known.hashes if known else ()
        matches = await self._workers.compute(partial(secret_matches, hashes, client.secret))
        if known is None or not matches:
            raise OAuthError("invalid_client", ClientRefused().message, 401)
        return known.application


_USER_GRANTS = ("authorization_code", "refresh_token")


def _client(request: Request, form: Mapping[str, str]) -> _Client:
    """Return the client's credentials, from the header or from the form."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    in_form = "client_secret" in form
    if scheme.lower() == "basic":
        if in_form:
            raise OAuthError(
                "invalid_request", "Send the client's secret once: in the header or in the form."
            )
        return _basic_client(credentials)
    if not in_form or "client_id" not in form:
        raise OAuthError(
            "invalid_client", "Send client_id and client_secret, in the form or by HTTP Basic.", 401
        )
    return _Client(form["client_id"], form["client_secret"])


def _basic_client(credentials: str) -> _Client:
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise OAuthError("invalid_client", "The HTTP Basic credentials cannot be read.", 401) from error
    client_id, _, secret = decoded.partition(":")
    return _Client(unquote_plus(client_id), unquote_plus(secret))


def _check_grant(grant: str) -> None:
    if not grant:
        raise OAuthError("invalid_request", "Name the grant: grant_type=client_credentials.")
    if grant != "client_credentials":
        raise OAuthError(
            "unsupported_grant_type", f"The grant ‘{grant[:100]}’ is not supported. Use client_credentials."
        )


def _discovery_document(base: str, issuer: str, tenant_id: UUID) -> Mapping[str, object]:
    """Return what clients read to find the rest. Source: OpenID Connect Discovery 3."""
    tenant = f"{base}/{tenant_id}"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant}/oauth2/v2.0/token",
        "end_session_endpoint": f"{tenant}/oauth2/v2.0/logout",
        "jwks_uri": f"{tenant}/discovery/v2.0/keys",
        "scopes_supported": [f"{base}{DEFAULT_SCOPE}", *sorted(IDENTITY_SCOPES - {"email"})],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "claims_supported": ["sub", "oid", "tid", "name", "preferred_username", "auth_time", "nonce", "sid"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
    }
