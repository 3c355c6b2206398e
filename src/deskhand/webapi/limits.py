"""How much one user may ask of the server in five minutes. Source: dataverse-api 2.2, 7 and 8."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.webapi.refusals import TooManyRequests, TooMuchExecution

WINDOW_SECONDS = 300


@dataclass(slots=True)
class _Second:
    """What one user asked for in one second."""

    at: int
    requests: int = 0
    execution: float = 0.0


@dataclass(slots=True)
class _Use:
    """What one user asked for in the window, second by second."""

    seconds: deque[_Second] = field(default_factory=deque)
    requests: int = 0
    execution: float = 0.0

    def forget(self, until: int) -> None:
        while self.seconds and self.seconds[0].at <= until:
            gone = self.seconds.popleft()
            self.requests -= gone.requests
            self.execution -= gone.execution

    def current(self, now: int) -> _Second:
        if not self.seconds or self.seconds[-1].at != now:
            self.seconds.append(_Second(now))
        return self.seconds[-1]


class UserLimits:
    """Counts each user's requests and their execution time. For one event loop; not for threads.

    Args:
        settings: ``requests_per_user`` and ``execution_seconds_per_user``.
        clock: The time.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._most_requests = settings.requests_per_user
        self._most_execution = settings.execution_seconds_per_user
        self._clock = clock
        self._uses: dict[UUID, _Use] = {}
        self._swept_at = 0

    def take(self, user_id: UUID) -> Mapping[str, str]:
        """Count one request and return the headers that tell what remains.

        Raises:
            TooManyRequests: The user has sent as many as they may.
            TooMuchExecution: The user's requests have taken as long as they may.
        """
        now = int(self._clock.monotonic())
        self._sweep(now)
        use = self._uses.setdefault(user_id, _Use())
        use.forget(now - WINDOW_SECONDS)
        retry_after = max(1, use.seconds[0].at + WINDOW_SECONDS - now) if use.seconds else 1
        if use.requests >= self._most_requests:
            raise TooManyRequests(self._most_requests, retry_after)
        if use.execution >= self._most_execution:
            raise TooMuchExecution(math.ceil(self._most_execution * 1000), retry_after)
        use.current(now).requests += 1
        use.requests += 1
        return {
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(self._most_requests - use.requests),
            "x-ms-ratelimit-time-remaining-xrm-requests": f"{self._most_execution - use.execution:,.2f}",
        }

    def spend(self, user_id: UUID, seconds: float) -> None:
        """Count how long a request of a user took."""
        use = self._uses.setdefault(user_id, _Use())
        use.current(int(self._clock.monotonic())).execution += seconds
        use.execution += seconds

    def _sweep(self, now: int) -> None:
        """Once a window, forget users who have not called in it."""
        if now - self._swept_at >= WINDOW_SECONDS:
            self._swept_at = now
            old = now - WINDOW_SECONDS
            self._uses = {
                user: use for user, use in self._uses.items() if use.seconds and use.seconds[-1].at > old
            }
