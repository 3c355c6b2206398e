"""What a client asks the authorization endpoint for, checked. Source: RFC 6749 4.1, RFC 7636, RFC 9700."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import parse_id
from deskhand.identity.grants import CodeRequest
from deskhand.identity.tokens import TokenService
from deskhand.webapi.oauth_forms import OAuthError, audience_of
from deskhand.webapi.portal_client import PORTAL_CLIENT_ID, redirect_address

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_LONGEST_STATE = 2_000
_LONGEST_NONCE = 500
_LONGEST_SCOPE = 1_000


class AuthorizationRefused(DeskhandError):
    """A program asks for somebody's sign-in and is not known here, or wants it sent elsewhere.

    The portal is the only public client, and codes go to its own address, ``/signed-in``. Other programs
    use client credentials (``deskhand app add``) or a token (``deskhand token new``).
    """

    code = "DH1550"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The sign-in was not begun: {problem}. Nothing was sent anywhere.")


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request for a code by a known client.

    Attributes:
        redirect_uri: Where the answer goes.
        state: What the client recognises it by.
        issuer: Who answers.
        code: What the code is to be for.
        prompts: What the client wants shown: ``none``, ``login``, ``select_account``.
        login_hint: Whom it expects.
    """

    redirect_uri: str
    state: str
    issuer: str
    code: CodeRequest
    prompts: frozenset[str]
    login_hint: str

    def answer(self, **parameters: str) -> str:
        """Return the address that the browser is sent to."""
        return _answer(self.redirect_uri, self.state, self.issuer, parameters)


class Misdirected(Exception):
    """A known client asks for something impossible; it is told at its own address."""

    def __init__(self, address: str) -> None:
        super().__init__("the client is told at its own address")
        self.address = address


def read_authorization(parameters: Mapping[str, str], base: str, tokens: TokenService) -> Authorization:
    """Check a request for a code.

    Args:
        parameters: Its query.
        base: The server's own address.
        tokens: Knows which resources tokens may be for.

    Raises:
        AuthorizationRefused: It does not come from a known client, or names another address.
        Misdirected: The client asks for something that is not given.
    """
    if parse_id(parameters.get("client_id", "")) != PORTAL_CLIENT_ID:
        raise AuthorizationRefused("the program that asks is not known here")
    # Compared whole: anything looser has let codes go to somebody else.
    redirect_uri = redirect_address(base)
    if parameters.get("redirect_uri") != redirect_uri:
        raise AuthorizationRefused("the program wants it sent to an address that is not its own")
    issuer, state = tokens.issuer(base), parameters.get("state", "")
    try:
        _check(parameters, state)
        audience = audience_of(parameters, base, tokens, delegated=True)
    except OAuthError as error:
        told = {"error": error.error, "error_description": error.message}
        kept = state if len(state) <= _LONGEST_STATE else ""
        raise Misdirected(_answer(redirect_uri, kept, issuer, told)) from error
    code = CodeRequest(
        client_id=PORTAL_CLIENT_ID,
        redirect_uri=redirect_uri,
        challenge=parameters["code_challenge"],
        audience=audience,
        scope=parameters.get("scope", ""),
        nonce=parameters.get("nonce", ""),
    )
    prompts = frozenset(parameters.get("prompt", "").split())
    return Authorization(redirect_uri, state, issuer, code, prompts, parameters.get("login_hint", "")[:1024])


def _check(parameters: Mapping[str, str], state: str) -> None:
    if parameters.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "Ask for response_type=code.")
    if parameters.get("response_mode", "query") != "query":
        raise OAuthError("invalid_request", "The answer comes in the query; leave response_mode out.")
    if parameters.get("code_challenge_method") != "S256" or not _CHALLENGE.match(
        parameters.get("code_challenge", "")
    ):
        raise OAuthError("invalid_request", "Send a PKCE code_challenge with code_challenge_method=S256.")
    if "request" in parameters or "request_uri" in parameters:
        raise OAuthError("request_not_supported", "Send the parameters themselves.")
    prompts = parameters.get("prompt", "").split()
    if "none" in prompts and len(prompts) > 1:
        raise OAuthError("invalid_request", "prompt=none goes with no other prompt.")
    bounds = {"state": _LONGEST_STATE, "nonce": _LONGEST_NONCE, "scope": _LONGEST_SCOPE}
    for name, limit in bounds.items():
        if len(parameters.get(name, "")) > limit:
            raise OAuthError("invalid_request", f"{name} has more than {limit} characters.")


def _answer(redirect_uri: str, state: str, issuer: str, parameters: Mapping[str, str]) -> str:
    told = {**parameters, **({"state": state} if state else {}), "iss": issuer}
    return f"{redirect_uri}?{urlencode(told)}"
