"""The Web API as cloud flows use it: rows exactly as clients see them, with somebody's own rights.

The room above fills it; see :class:`~deskhand.webapi.embedded.EmbeddedWebApi`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from deskhand.identity.principals import Principal
from deskhand.store.database import Transaction


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request to the Web API.

    Attributes:
        method: ``GET``, ``POST``, ...
        path: The address after the version, percent-encoded: ``workflows(…)``.
        query: The query without the question mark, percent-encoded.
        headers: Such as ``Prefer``.
        body: What comes with it.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class ApiReply:
    """What the Web API answers."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def content(self) -> Any:
        """Return the body's JSON; None where there is no body."""
        return json.loads(self.body) if self.body else None


class WebApi(Protocol):
    """Answers requests in a transaction of the caller's."""

    def answer(self, tx: Transaction, principal: Principal, request: ApiRequest) -> ApiReply:
        """Answer a request; one that is refused is answered with its error, and has changed nothing.

        Args:
            tx: The open transaction.
            principal: Who asks.
            request: What is asked.
        """
        ...
