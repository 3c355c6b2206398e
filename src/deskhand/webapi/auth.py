"""Who calls: the bearer token of a request, and the challenge where there is none.

Source: dataverse-api 13.1 and 13.2.
"""

from __future__ import annotations

from functools import partial

from starlette.datastructures import Headers

from deskhand.identity.accounts import principal_of
from deskhand.identity.principals import Principal
from deskhand.identity.recognition import RecentPrincipals
from deskhand.webapi.refusals import TokenMissing
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers


class Authenticator:
    """Turns bearer tokens into principals, mostly without asking the database.

    Args:
        services: Checks tokens.
        workers: Reads users.
    """

    def __init__(self, services: Services, workers: Workers) -> None:
        self._tokens = services.tokens
        self._workers = workers
        self._recent = RecentPrincipals(services.clock)

    async def authenticate(self, headers: Headers, base_url: str) -> Principal:
        """Return the caller of a request.

        Raises:
            TokenMissing: There is no bearer token.
            TokenRefused: It is not acceptable.
            UserNotMember: Its user is unknown here, or disabled.
        """
        claims = self._tokens.verify(_bearer_token(headers), base_url)
        principal = self._recent.get(claims)
        if principal is None:
            principal = await self._workers.read(partial(principal_of, claims=claims))
            self._recent.put(claims, principal)
        return principal

    def challenge(self, base_url: str) -> str:
        """Return ``WWW-Authenticate``; callers cut ``/oauth2/authorize`` off to get the authority."""
        authority = f"{base_url}/{self._tokens.tenant_id}/oauth2/authorize"
        return f"Bearer authorization_uri={authority}, resource_id={base_url}/"


def _bearer_token(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return token.strip()
