"""The token endpoints and what announces them. Source: dataverse-api 13.3 and 13.4, RFC 6749."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.identity.accounts import ApplicationUser, client_credentials
from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.errors import ClientRefused
from deskhand.webapi.addresses import base_url
from deskhand.webapi.bodies import read_body
from deskhand.webapi.refusals import BadHost, BodyTooLarge
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_FORM_MAX_BYTES = 65_536
_FORM_TYPE = "application/x-www-form-urlencoded"
_DEFAULT_SCOPE = "/.default"
_IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(DeskhandError):
    """The token endpoint refuses a request; ``error`` is RFC 6749's word for why."""

    code = "DH1520"

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True, repr=False)
class _Client:
    """What a client says it is."""

    id: str
    secret: str


def oauth_routes(services: Services, workers: Workers) -> list[Route]:
    """Return the routes of the token service."""
    service = _TokenEndpoints(services, workers)
    return [
        Route("/{tenant}/oauth2/v2.0/token", service.token, methods=["POST"]),
        Route("/{tenant}/oauth2/token", service.token, methods=["POST"]),
        Route("/{tenant}/oauth2/v2.0/authorize", service.authorize, methods=["GET"]),
        Route("/{tenant}/oauth2/authorize", service.authorize, methods=["GET"]),
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
            return JSONResponse(await self._issue(request), headers=_NOT_STORED)
        except OAuthError as error:
            return _refusal(error)

    async def authorize(self, request: Request) -> Response:
        description = (
            "Signing in with a browser is not built yet in this version of Deskhand. "
            "Use the client_credentials grant, or a token of ‘deskhand token new’."
        )
        return _refusal(OAuthError("unsupported_response_type", description))

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": self._tokens.public_keys()})

    async def discovery(self, request: Request) -> Response:
        try:
            self._check_tenant(request)
            base = base_url(request.scope, request.headers, self._services)
        except OAuthError as error:
            return _refusal(error)
        except BadHost as error:
            return _refusal(OAuthError("invalid_request", error.message))
        return JSONResponse(_discovery_document(base, self._tokens.issuer(base), self._tokens.tenant_id))

    async def _issue(self, request: Request) -> Mapping[str, object]:
        self._check_tenant(request)
        form = await _read_form(request)
        client = _client(request, form)
        _check_grant(form)
        try:
            base = base_url(request.scope, request.headers, self._services)
        except BadHost as error:
            raise OAuthError("invalid_request", error.message) from error
        audience = self._audience(form, base)
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

    def _check_tenant(self, request: Request) -> None:
        tenant = request.path_params["tenant"]
        if parse_id(tenant) != self._tokens.tenant_id:
            raise OAuthError(
                "invalid_request",
                f"There is no tenant ‘{tenant[:100]}’. "
                "The answer to a Web API request without a token names the right address.",
            )

    def _audience(self, form: Mapping[str, str], base: str) -> str:
        """Return the resource that a token is asked for, by ``scope`` or by the older ``resource``."""
        scopes = [one for one in form.get("scope", "").split() if one not in _IDENTITY_SCOPES]
        named = "scope" if scopes else "resource"
        if len(scopes) > 1 or (scopes and not scopes[0].endswith(_DEFAULT_SCOPE)):
            raise OAuthError("invalid_scope", f"Ask for one scope: {base}{_DEFAULT_SCOPE}.")
        resource = scopes[0].removesuffix(_DEFAULT_SCOPE) if scopes else form.get("resource", "")
        if not self._tokens.is_audience(resource, base):
            error = "invalid_scope" if named == "scope" or not resource else "invalid_request"
            raise OAuthError(
                error,
                f"The {named} names ‘{resource[:200]}’, which is not this server. "
                f"Ask for {base}{_DEFAULT_SCOPE}.",
            )
        return resource

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


async def _read_form(request: Request) -> Mapping[str, str]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _FORM_TYPE:
        raise OAuthError("invalid_request", f"Send the parameters as {_FORM_TYPE}.")
    try:
        body = await read_body(request.receive, request.headers, _FORM_MAX_BYTES)
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, strict_parsing=False, max_num_fields=100
        )
    except (BodyTooLarge, ValueError) as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", "A parameter stands there twice. Send each once.")
    return form


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


def _check_grant(form: Mapping[str, str]) -> None:
    grant = form.get("grant_type")
    if not grant:
        raise OAuthError("invalid_request", "Name the grant: grant_type=client_credentials.")
    if grant != "client_credentials":
        raise OAuthError(
            "unsupported_grant_type", f"The grant ‘{grant[:100]}’ is not supported. Use client_credentials."
        )


def _refusal(error: OAuthError) -> Response:
    headers = {**_NOT_STORED, "Deskhand-Error": error.code}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="deskhand"'
    body = {"error": error.error, "error_description": error.message}
    return JSONResponse(body, error.status, headers)


def _discovery_document(base: str, issuer: str, tenant_id: UUID) -> Mapping[str, object]:
    tenant = f"{base}/{tenant_id}"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant}/oauth2/v2.0/token",
        "jwks_uri": f"{tenant}/discovery/v2.0/keys",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }
