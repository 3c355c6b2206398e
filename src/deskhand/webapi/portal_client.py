"""The portal as a client of the token service: public, with one address that codes are sent to."""

from __future__ import annotations

from deskhand.core.ids import stable_id
from deskhand.identity.tokens import DELEGATED_SCOPE, TokenService

PORTAL_CLIENT_ID = stable_id("public client", "portal")
"""The portal's client id, the same in every installation."""

REDIRECT_PATH = "/signed-in"
"""Where codes are sent, on the server's own address; nowhere else."""


def redirect_address(base: str) -> str:
    """Return the only address that codes are sent to."""
    return f"{base}{REDIRECT_PATH}"


def sign_in_parameters(base: str, tokens: TokenService) -> dict[str, str]:
    """Return what the portal begins to sign in with."""
    service = f"{base}/{tokens.tenant_id}/oauth2/v2.0"
    return {
        "tenantId": str(tokens.tenant_id),
        "clientId": str(PORTAL_CLIENT_ID),
        "redirectUri": redirect_address(base),
        "authorizeUrl": f"{service}/authorize",
        "tokenUrl": f"{service}/token",
        "scope": f"{base}/{DELEGATED_SCOPE} openid profile offline_access",
    }
