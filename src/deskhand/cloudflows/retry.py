"""Which failed calls are tried again, and when. Source: cloud-flows 3.12."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from deskhand.cloudflows.durations import DurationUnreadable, read_duration
from deskhand.core.errors import DeskhandError
from deskhand.wdl.definition import Json, member
from deskhand.wdl.values import Value, is_integer, type_name

_MOST_RETRIES = 90
_SHORTEST, _LONGEST = timedelta(seconds=5), timedelta(days=1)
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*")


class RetryPolicyInvalid(DeskhandError):
    """The retry policy of an action breaks a rule, which the message names.

    ``type`` is default, none, fixed or exponential. Fixed and exponential policies have a ``count`` from
    1 to 90 and an ``interval`` from ``PT5S`` to ``P1D``; exponential ones may bound their random intervals
    by ``minimumInterval`` and ``maximumInterval``.
    """

    code = "DH6103"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The retry policy cannot be used: {problem}.")
        self.problem = problem


class Kind(StrEnum):
    """How the time between two attempts develops."""

    NONE = "none"
    FIXED = "fixed"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon a failed call is tried again.

    Attributes:
        count: How many further attempts there are after the first.
        interval: The time between two attempts, or for exponential policies what doubles.
        minimum: The shortest time between two attempts of an exponential policy.
        maximum: The longest.
    """

    kind: Kind
    count: int = 0
    interval: timedelta = timedelta(0)
    minimum: timedelta = _SHORTEST
    maximum: timedelta = _LONGEST


NO_RETRY = RetryPolicy(Kind.NONE)
LOGIC_APPS_DEFAULT = RetryPolicy(
    Kind.EXPONENTIAL, count=4, interval=timedelta(seconds=7.5), maximum=timedelta(hours=1)
)
POWER_AUTOMATE_DEFAULT = RetryPolicy(
    Kind.EXPONENTIAL, count=8, interval=timedelta(seconds=7.5), maximum=timedelta(hours=1)
)
"""That of the medium and high performance profiles; the low one has two retries."""


def read_retry_policy(inputs: Value, runtime_configuration: Value, *, default: RetryPolicy) -> RetryPolicy:
    """Return an action's retry policy. Source: cloud-flows 3.12.

    Args:
        inputs: The action's inputs, where ``retryPolicy`` usually stands.
        runtime_configuration: Its ``runtimeConfiguration``, where it may stand instead.
        default: What holds where there is none, or one of type ``default``.

    Raises:
        RetryPolicyInvalid: It breaks a rule.
    """
    places = (one for one in (inputs, runtime_configuration) if isinstance(one, dict))
    policy = next((found for one in places if (found := member(one, "retryPolicy")) is not None), None)
    if policy is None:
        return default
    if not isinstance(policy, dict):
        raise RetryPolicyInvalid(f"it must be an object, and is of type {type_name(policy)}")
    type_ = member(policy, "type")
    if type_ is None or _is(type_, "default"):
        return default
    if _is(type_, Kind.NONE):
        return NO_RETRY
    if _is(type_, Kind.FIXED):
        return RetryPolicy(Kind.FIXED, _count(policy), _interval(policy))
    if _is(type_, Kind.EXPONENTIAL):
        return _exponential(policy)
    raise RetryPolicyInvalid(f"its type is ‘{type_}’; it is one of default, none, fixed, exponential")


def is_retried(status: int | None) -> bool:
    """Return whether a call that ended so may be tried again.

    Args:
        status: The HTTP status of the answer; None if there was none.
    """
    return status is None or status in (408, 429) or 500 <= status <= 599


def delay(
    policy: RetryPolicy, attempt: int, random: Callable[[], float], retry_after: timedelta | None = None
) -> timedelta | None:
    """Return how long to wait before an attempt; None if the policy allows no more.

    Args:
        policy: The action's policy.
        attempt: Which retry it is, from 1.
        random: Returns a number from 0 to just below 1, as :func:`random.random` does.
        retry_after: How long whoever answered asks to wait; it lengthens the time, up to a day, and never
            shortens it.
    """
    if attempt > policy.count:
        return None
    waited = policy.interval if policy.kind is Kind.FIXED else _random_interval(policy, attempt, random)
    return max(waited, min(retry_after or waited, _LONGEST))


def _random_interval(policy: RetryPolicy, attempt: int, random: Callable[[], float]) -> timedelta:
    scale = policy.interval.total_seconds()
    most = min(policy.maximum.total_seconds(), 2 ** (attempt - 1) * scale)
    least = 2 ** (attempt - 2) * scale if attempt > 1 else 0
    least = min(max(policy.minimum.total_seconds(), least), policy.maximum.total_seconds())
    return timedelta(seconds=least + random() * max(0, most - least))


def _is(value: Value, name: str) -> bool:
    return isinstance(value, str) and value.strip().casefold() == name


def _exponential(policy: Json) -> RetryPolicy:
    minimum = _optional_interval(policy, "minimumInterval", _SHORTEST)
    maximum = _optional_interval(policy, "maximumInterval", _LONGEST)
    if minimum > maximum:
        raise RetryPolicyInvalid("its ‘minimumInterval’ is longer than its ‘maximumInterval’")
    return RetryPolicy(Kind.EXPONENTIAL, _count(policy), _interval(policy), minimum, maximum)


def _count(policy: Json) -> int:
    value = member(policy, "count")
    number = int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if not is_integer(number) or not 1 <= number <= _MOST_RETRIES:
        shown = "missing" if value is None else f"‘{value}’"
        raise RetryPolicyInvalid(f"its ‘count’ is {shown}; it must be from 1 to {_MOST_RETRIES}")
    return int(number)


def _interval(policy: Json) -> timedelta:
    if member(policy, "interval") is None:
        raise RetryPolicyInvalid("its ‘interval’ is missing")
    return _optional_interval(policy, "interval", _SHORTEST)


def _optional_interval(policy: Json, name: str, default: timedelta) -> timedelta:
    value = member(policy, name)
    if value is None:
        return default
    try:
        length = read_duration(value).exact
    except DurationUnreadable as problem:
        raise RetryPolicyInvalid(f"its ‘{name}’ is no duration such as ‘PT30S’") from problem
    if length is None or not _SHORTEST <= length <= _LONGEST:
        raise RetryPolicyInvalid(f"its ‘{name}’ is ‘{value}’; it must be from PT5S to P1D")
    return length
