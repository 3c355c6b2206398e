"""Who is behind a token, remembered for a moment so that a busy caller costs no database read."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from deskhand.core.clock import Clock
from deskhand.identity.principals import Principal
from deskhand.identity.tokens import Claims

_MOST = 4_096


@dataclass(frozen=True, slots=True)
class _Remembered:
    principal: Principal
    until: float


class RecentPrincipals:
    """Principals by their tokens' identities. Safe to use from any thread.

    A changed role, a disabled user and a revoked token take effect when the memory of them ends.

    Args:
        clock: The time.
        seconds: How long a principal is remembered.
    """

    def __init__(self, clock: Clock, seconds: float = 5.0) -> None:
        self._clock = clock
        self._seconds = seconds
        self._lock = Lock()
        self._remembered: dict[tuple[object, ...], _Remembered] = {}

    def get(self, claims: Claims) -> Principal | None:
        """Return the principal of a token, unless the memory of it has ended."""
        with self._lock:
            found = self._remembered.get(_identity(claims))
        return found.principal if found and self._clock.monotonic() < found.until else None

    def put(self, claims: Claims, principal: Principal) -> None:
        """Remember the principal of a token from now on."""
        with self._lock:
            if len(self._remembered) >= _MOST:
                self._remembered.clear()
            self._remembered[_identity(claims)] = _Remembered(
                principal, self._clock.monotonic() + self._seconds
            )


def _identity(claims: Claims) -> tuple[object, ...]:
    """Return what decides whom a token stands for; API tokens and sessions end one by one."""
    if claims.api_token:
        return (claims.token_id,)
    if claims.session_id is not None:
        return (claims.session_id, claims.object_id)
    return (claims.delegated, claims.object_id, claims.user_name, claims.application_id)
