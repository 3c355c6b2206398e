"""Results that are worked out once per table, such as statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")

_RESULTS = 256
"""How many results of one function are kept; the number of tables, times a few lists of columns."""


def remembered(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function remember what it returned; its arguments have to be hashable.

    This is ``lru_cache`` with the function's own signature: the type checker takes a class, such as a
    table's, for something that cannot be hashed.
    """
    return cast(Callable[_P, _R], lru_cache(_RESULTS)(function))
