"""What one user may ask of the server."""

from uuid import UUID

import pytest

from deskhand.core.settings import Settings
from deskhand.webapi.limits import UserLimits
from deskhand.webapi.refusals import TooManyRequests, TooMuchExecution
from tests.clock import StillClock

ADA = UUID(int=1)
BEN = UUID(int=2)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def limits(clock: StillClock) -> UserLimits:
    return UserLimits(Settings(requests_per_user=3, execution_seconds_per_user=1200.0), clock)


def test_the_headers_tell_what_remains(limits: UserLimits) -> None:
    limits.take(ADA)
    limits.spend(ADA, 0.25)

    assert limits.take(ADA) == {
        "x-ms-ratelimit-burst-remaining-xrm-requests": "1",
        "x-ms-ratelimit-time-remaining-xrm-requests": "1,199.75",
    }


def test_a_request_too_many_is_told_when_to_come_back(limits: UserLimits, clock: StillClock) -> None:
    for _ in range(3):
        limits.take(ADA)
    clock.advance(100)

    with pytest.raises(TooManyRequests) as caught:
        limits.take(ADA)

    assert caught.value.retry_after == 200
    assert str(caught.value) == "Number of requests exceeded the limit of 3 over time window of 300 seconds."


def test_the_window_slides(limits: UserLimits, clock: StillClock) -> None:
    for _ in range(3):
        limits.take(ADA)
        clock.advance(100)

    assert limits.take(ADA)["x-ms-ratelimit-burst-remaining-xrm-requests"] == "0"
    with pytest.raises(TooManyRequests):
        limits.take(ADA)


def test_users_do_not_share_a_limit(limits: UserLimits) -> None:
    for _ in range(3):
        limits.take(ADA)

    assert limits.take(BEN)["x-ms-ratelimit-burst-remaining-xrm-requests"] == "2"


def test_execution_time_is_limited_too(limits: UserLimits) -> None:
    limits.take(ADA)
    limits.spend(ADA, 1200)

    with pytest.raises(TooMuchExecution, match="exceeded limit of 1,200,000 milliseconds") as caught:
        limits.take(ADA)
    assert caught.value.retry_after == 300
