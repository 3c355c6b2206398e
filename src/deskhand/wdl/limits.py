"""How large expressions and their results may be. Source: cloud-flows 6."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation.

    Attributes:
        length: Characters of one expression; the service's designers warn from 8 192 on.
        depth: Calls and selections within each other.
        result: Characters or elements of one value.
        work: Characters and elements that all calls of one evaluation may produce together.
    """

    length: int = 131_072
    depth: int = 100
    result: int = 104_857_600
    work: int = 419_430_400


DEFAULT_LIMITS = Limits()
