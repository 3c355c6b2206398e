"""Conditions in object form: ``{"and": [{"equals": ["@variables('n')", 1]}]}``. Source: cloud-flows 3.6.

An object has one key, a function's name, and its value is the list of parameters; one that is no list is
the only parameter. Conditions nest; everything else in them is evaluated as it stands in a definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from deskhand.wdl.declare import Call
from deskhand.wdl.errors import ConditionMalformed, ExpressionTooLarge, FunctionUnknown
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.functions import FUNCTIONS
from deskhand.wdl.limits import DEFAULT_LIMITS, Limits
from deskhand.wdl.scope import Scope
from deskhand.wdl.values import Value


def evaluate_condition(condition: Value, scope: Scope, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Return what a condition is worth: a boolean, unless its author erred.

    Args:
        condition: A string such as ``@equals(1, 1)``, a literal, or the object form.
        scope: What its expressions can see.
        limits: How large it may be.

    Raises:
        ExpressionError: It cannot be read or evaluated.
    """
    return _condition(condition, Call(scope, limits), 0)


def _condition(condition: Value, call: Call, level: int) -> Value:
    if not isinstance(condition, dict):
        return evaluate_template(condition, call.scope, call.limits)
    if level > call.limits.depth:
        raise ExpressionTooLarge("its nesting", call.limits.depth, "levels")
    name, listed = _only_member(condition)
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise FunctionUnknown(name)
    values = listed if isinstance(listed, list) else [listed]
    deferred: list[Callable[[], Value]] = [partial(_condition, one, call, level + 1) for one in values]
    return function(call, deferred if function.lazy else [one() for one in deferred])


def _only_member(condition: Mapping[str, Value]) -> tuple[str, Value]:
    if len(condition) != 1:
        raise ConditionMalformed(condition)
    return next(iter(condition.items()))
