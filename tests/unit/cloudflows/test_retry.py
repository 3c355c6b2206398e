from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.cloudflows.retry import (
    LOGIC_APPS_DEFAULT,
    NO_RETRY,
    POWER_AUTOMATE_DEFAULT,
    Kind,
    RetryPolicy,
    RetryPolicyInvalid,
    delay,
    is_retried,
    read_retry_policy,
)

SECOND = timedelta(seconds=1)
FIXED = {"type": "fixed", "count": 2, "interval": "PT30S"}


def lowest() -> float:
    return 0.0


def middle() -> float:
    return 0.5


def read(policy: Any) -> RetryPolicy:
    return read_retry_policy({"retryPolicy": policy}, None, default=LOGIC_APPS_DEFAULT)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, LOGIC_APPS_DEFAULT),
        ({"type": "Default"}, LOGIC_APPS_DEFAULT),
        ({"type": "NONE"}, NO_RETRY),
        (FIXED, RetryPolicy(Kind.FIXED, 2, 30 * SECOND)),
        ({"Type": "Fixed", "Count": "3", "Interval": "PT1M"}, RetryPolicy(Kind.FIXED, 3, 60 * SECOND)),
        (
            {"type": "exponential", "count": 4, "interval": "PT10S"},
            RetryPolicy(Kind.EXPONENTIAL, 4, 10 * SECOND, 5 * SECOND, timedelta(days=1)),
        ),
        (
            {
                "type": "exponential",
                "count": 90,
                "interval": "P1D",
                "minimumInterval": "PT6S",
                "maximumInterval": "PT1H",
            },
            RetryPolicy(Kind.EXPONENTIAL, 90, timedelta(days=1), 6 * SECOND, timedelta(hours=1)),
        ),
    ],
)
def test_policies_are_read(policy: Any, expected: RetryPolicy) -> None:
    assert read(policy) == expected


def test_a_policy_stands_in_the_inputs_or_else_in_the_runtime_configuration() -> None:
    configured = {"RetryPolicy": FIXED}

    found = [
        read_retry_policy(inputs, runtime, default=POWER_AUTOMATE_DEFAULT)
        for inputs, runtime in [
            (configured, {"retryPolicy": {"type": "none"}}),
            ({"retryPolicy": None}, configured),
            ("@body('x')", configured),
            (None, None),
        ]
    ]
    fixed = RetryPolicy(Kind.FIXED, 2, 30 * SECOND)
    assert found == [fixed, fixed, fixed, POWER_AUTOMATE_DEFAULT]


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("none", "it must be an object, and is of type String"),
        ({"type": "linear"}, "its type is ‘linear’; it is one of default, none, fixed, exponential"),
        ({"type": 5}, "its type is ‘5’; it is one of default, none, fixed, exponential"),
        ({**FIXED, "count": 0}, "its ‘count’ is ‘0’; it must be from 1 to 90"),
        ({**FIXED, "count": 91}, "its ‘count’ is ‘91’; it must be from 1 to 90"),
        ({**FIXED, "count": True}, "its ‘count’ is ‘True’; it must be from 1 to 90"),
        ({**FIXED, "count": None}, "its ‘count’ is missing; it must be from 1 to 90"),
        ({**FIXED, "interval": None}, "its ‘interval’ is missing"),
        ({**FIXED, "interval": "30"}, "its ‘interval’ is no duration such as ‘PT30S’"),
        ({**FIXED, "interval": "PT4S"}, "its ‘interval’ is ‘PT4S’; it must be from PT5S to P1D"),
        ({**FIXED, "interval": "P2D"}, "its ‘interval’ is ‘P2D’; it must be from PT5S to P1D"),
        ({**FIXED, "interval": "P1M"}, "its ‘interval’ is ‘P1M’; it must be from PT5S to P1D"),
        (
            {
                **FIXED,
                "type": "exponential",
                "minimumInterval": "PT1H",
                "maximumInterval": "PT1M",
            },
            "its ‘minimumInterval’ is longer than its ‘maximumInterval’",
        ),
    ],
)
def test_each_rule_is_named_when_it_is_broken(policy: Any, problem: str) -> None:
    with pytest.raises(RetryPolicyInvalid) as refusal:
        read(policy)

    assert str(refusal.value) == f"The retry policy cannot be used: {problem}."


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, True) for status in (None, 408, 429, 500, 503, 599)),
        *((status, False) for status in (200, 301, 400, 401, 404, 600)),
    ],
)
def test_time_outs_overload_and_server_errors_are_retried(status: int | None, expected: bool) -> None:
    assert is_retried(status) is expected


def test_a_fixed_policy_waits_the_same_time_until_its_count() -> None:
    policy = read(FIXED)

    assert [delay(policy, attempt, middle) for attempt in (1, 2, 3)] == [30 * SECOND, 30 * SECOND, None]


def test_no_policy_never_waits() -> None:
    assert delay(NO_RETRY, 1, middle) is None


def test_an_exponential_policy_doubles_between_its_bounds() -> None:
    policy = RetryPolicy(Kind.EXPONENTIAL, 6, 10 * SECOND, 5 * SECOND, 60 * SECOND)

    assert [delay(policy, attempt, lowest) for attempt in range(1, 7)] == [
        seconds * SECOND for seconds in (5, 10, 20, 40, 60, 60)
    ]
    assert [delay(policy, attempt, middle) for attempt in range(1, 7)] == [
        seconds * SECOND for seconds in (7.5, 15, 30, 50, 60, 60)
    ]


def test_what_the_answer_asks_for_lengthens_and_never_shortens() -> None:
    policy = read(FIXED)

    assert [delay(policy, 1, middle, asked * SECOND) for asked in (0, 29, 31, 10**7)] == [
        30 * SECOND,
        30 * SECOND,
        31 * SECOND,
        timedelta(days=1),
    ]


@settings(deadline=None)
@given(
    st.integers(1, 90),
    st.integers(5, 86_400),
    st.integers(5, 86_400),
    st.integers(5, 86_400),
    st.floats(0, 1, exclude_max=True),
)
def test_random_intervals_stay_within_the_bounds(
    attempt: int, interval: int, one: int, other: int, luck: float
) -> None:
    least, most = sorted((one, other))
    policy = RetryPolicy(Kind.EXPONENTIAL, 90, interval * SECOND, least * SECOND, most * SECOND)

    waited = delay(policy, attempt, lambda: luck)

    assert waited is not None
    assert least * SECOND <= waited <= most * SECOND
