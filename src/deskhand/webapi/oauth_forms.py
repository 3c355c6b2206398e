"""What the token service's endpoints share: their forms, their errors. Source: RFC 6749."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.identity.tokens import DELEGATED_SCOPE, TokenService
from deskhand.webapi.addresses import base_url
from deskhand.webapi.bodies import read_body
from deskhand.webapi.refusals import BadHost, BodyTooLarge
from deskhand.webapi.services import Services

NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
DEFAULT_SCOPE = "/.default"
_RESOURCE_SCOPES = (DEFAULT_SCOPE, f"/{DELEGATED_SCOPE}")
_FORM_MAX_BYTES = 65_536
_FORM_TYPE = "application/x-www-form-urlencoded"


class OAuthError(DeskhandError):
    """The token service refuses a request; ``error`` is the standard's word for why. Source: RFC 6749."""

    code = "DH1520"

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the parameters of a form.

    Raises:
        OAuthError: It is none, too long, or says something twice.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _FORM_TYPE:
        raise OAuthError("invalid_request", f"Send the parameters as {_FORM_TYPE}.")
    try:
        body = await read_body(request.receive, request.headers, _FORM_MAX_BYTES)
        text = body.decode("utf-8")
    except (BodyTooLarge, ValueError) as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    return read_parameters(text)


def read_parameters(text: str) -> Mapping[str, str]:
    """Return the parameters of a form's text or of a query.

    Raises:
        OAuthError: It cannot be read, or says something twice.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=False, max_num_fields=100)
    except ValueError as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", "A parameter stands there twice. Send each once.")
    return form


def require_tenant(tenant: str, tokens: TokenService) -> None:
    """Make sure that an address names this organisation.

    Raises:
        OAuthError: It does not.
    """
    if parse_id(tenant) != tokens.tenant_id:
        raise OAuthError(
            "invalid_request",
            f"There is no tenant ‘{tenant[:100]}’. "
            "The answer to a Web API request without a token names the right address.",
        )


def own_address(request: Request, services: Services) -> str:
    """Return the address under which a request came.

    Raises:
        OAuthError: It names no usable host.
    """
    try:
        return base_url(request.scope, request.headers, services)
    except BadHost as error:
        raise OAuthError("invalid_request", error.message) from error


def audience_of(form: Mapping[str, str], base: str, tokens: TokenService, *, delegated: bool = False) -> str:
    """Return the resource that a token is asked for, by ``scope`` or by the older ``resource``.

    Args:
        form: The request's parameters.
        base: The server's own address.
        tokens: Knows which resources it may issue for.
        delegated: Whether a user asks: then ``…/user_impersonation`` will do, and no resource means ours.

    Raises:
        OAuthError: It names another resource, or several.
    """
    scopes = [one for one in form.get("scope", "").split() if one not in IDENTITY_SCOPES]
    named = "scope" if scopes else "resource"
    endings = _RESOURCE_SCOPES if delegated else (DEFAULT_SCOPE,)
    ending = next((one for one in endings if scopes and scopes[0].endswith(one)), None)
    if len(scopes) > 1 or (scopes and ending is None):
        raise OAuthError("invalid_scope", f"Ask for one scope: {base}{endings[-1]}.")
    resource = scopes[0].removesuffix(ending or "") if scopes else form.get("resource", "")
    if delegated and not resource and not scopes:
        return base
    if not tokens.is_audience(resource, base):
        error = "invalid_scope" if named == "scope" or not resource else "invalid_request"
        raise OAuthError(
            error,
            f"The {named} names ‘{resource[:200]}’, which is not this server. Ask for {base}{endings[-1]}.",
        )
    return resource


def refusal(error: OAuthError) -> Response:
    """Return an error as the standard writes it."""
    headers = {**NOT_STORED, "Deskhand-Error": error.code}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="deskhand"'
    body = {"error": error.error, "error_description": error.message}
    return JSONResponse(body, error.status, headers)
