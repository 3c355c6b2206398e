"""What a caller asks, read from HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import Headers

from deskhand.identity.principals import Principal
from deskhand.store.database import Transaction
from deskhand.webapi.preferences import Preferences
from deskhand.webapi.replies import Reply

VERSIONS = ("v9.0", "v9.1", "v9.2")
"""The versions that are served, all alike. Source: dataverse-api 1."""

Act = Callable[[Transaction], Reply]
"""What answers a call; runs in a transaction."""

_IMPERSONATION = ("MSCRMCallerID", "CallerObjectId")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API.

    Attributes:
        request_id: Names the request in the answer and in the log.
        method: ``GET``, ``POST``, ...
        base_url: The server's address as the caller sees it.
        version: The version in the address.
        path: The raw address after the version, percent-encoded as it came.
        query: The raw query, without the question mark.
        headers: The request's headers.
        preferences: What ``Prefer`` asks for.
        principal: The caller.
        body: What came with the request.
    """

    request_id: UUID
    method: str
    base_url: str
    version: str
    path: str
    query: str
    headers: Headers
    preferences: Preferences
    principal: Principal
    body: bytes = b""

    @property
    def root(self) -> str:
        """Return the service root, with its slash."""
        return f"{self.base_url}/api/data/{self.version}/"

    @property
    def include_unpublished(self) -> bool:
        """Return whether drafts are asked for. Source: dataverse-api 9.9."""
        return self.headers.get("mscrm.includeunpublished", "").strip().lower() == "true"

    @property
    def impersonation_header(self) -> str | None:
        """Return the header that asks to act as somebody else. Source: dataverse-api 2.1."""
        return next((name for name in _IMPERSONATION if name in self.headers), None)
