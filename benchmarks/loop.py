"""A loop of a desktop flow beside the same loop in plain Python.

A million passes, each with an assignment and an IF, in one process: the two take turns, and the median
of several rounds is printed with their ratio. The limit is 1.7. The flow is measured as it runs in
production: compiled, with its inputs bound and its events emitted.

Run it with ``python -m benchmarks.loop``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from deskhand.actions.declare import Library
from deskhand.robin.runtime import RunEnvironment, Succeeded, compile_text, run

LIMIT = 1.7
ROUNDS = 7

FLOW = """
@OUTPUT Total : { 'Type': 'Numeric' }
@OUTPUT Even : { 'Type': 'Numeric' }
SET Sum TO 0
SET Found TO 0
LOOP Index FROM 1 TO 1000000 STEP 1
    SET Sum TO Sum + Index
    IF Sum MOD 2 = 0 THEN
        SET Found TO Found + 1
    END
END
SET Total TO Sum
SET Even TO Found
"""


def plain() -> tuple[int, int]:
    """Do in Python what the flow does."""
    total = 0
    found = 0
    for index in range(1, 1_000_001):
        total = total + index
        if total % 2 == 0:
            found = found + 1
    return total, found


def flow() -> Callable[[], tuple[int, int]]:
    """Return what runs the flow."""
    program = compile_text(FLOW, Library([]))

    def once() -> tuple[int, int]:
        outcome = run(program, {}, RunEnvironment())
        assert isinstance(outcome, Succeeded), outcome
        return outcome.outputs["Total"], outcome.outputs["Even"]

    return once


def timed(work: Callable[[], tuple[int, int]]) -> float:
    """Return how long some work takes, which must come to the right result."""
    began = perf_counter()
    result = work()
    seconds = perf_counter() - began
    assert result == (500_000_500_000, 500_000), result
    return seconds


def main() -> int:
    """Print both times and their ratio; fail beyond the limit."""
    robin = flow()
    timed(robin)
    timed(plain)
    rounds = [(timed(plain), timed(robin)) for _ in range(ROUNDS)]
    python, ours = (median(one[side] for one in rounds) for side in (0, 1))
    ratio = median(ours_once / python_once for python_once, ours_once in rounds)
    print(f"plain Python {python * 1e3:7.1f} ms")
    print(f"Robin        {ours * 1e3:7.1f} ms")
    print(f"ratio        {ratio:7.2f}    (limit {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
