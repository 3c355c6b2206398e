"""How many items of a list an action wants. Source: cloud-flows 3.12."""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import Step
from deskhand.wdl.definition import member
from deskhand.wdl.values import is_integer


def least_items(step: Step) -> int:
    """Return how many items of a list are wanted; 0 to take what the first page holds.

    Raises:
        ExpressionError: The number is an expression that cannot be evaluated.
    """
    configured = step.action.member("runtimeConfiguration")
    policy = member(configured, "paginationPolicy") if isinstance(configured, Mapping) else None
    least = member(policy, "minimumItemCount") if isinstance(policy, Mapping) else None
    value = step.evaluate(least)
    return int(value) if is_integer(value) else 0
