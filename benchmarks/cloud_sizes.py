"""Large runs: how long they take and what memory they need, each in a process of its own.

    python -m benchmarks.cloud_sizes [SCENARIO]

Without a scenario all of them are run. Every figure includes the journal on SQLite with every commit on the
disk; the memory is what the process grew by at most.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.cloud_engine import running_engine
from benchmarks.cloud_step import chain

ITEMS = 100_000
ITERATIONS = 5_000
ACTIONS = 500
DEPTH, EACH = 7, 3
_NOTE = {"type": "Compose", "inputs": "@item()"}


def foreach() -> dict[str, Any]:
    """Return a loop over a hundred thousand elements, twenty at a time."""
    concurrency = {"concurrency": {"repetitions": 20}}
    loop = {"type": "Foreach", "foreach": f"@range(0, {ITEMS})", "actions": {"Note": _NOTE}}
    return {"Each": {**loop, "runtimeConfiguration": concurrency}}


def until() -> dict[str, Any]:
    """Return a loop of five thousand iterations that count a variable."""
    variables = {"variables": [{"name": "n", "type": "integer", "value": 0}]}
    return {
        "Begin": {"type": "InitializeVariable", "inputs": variables},
        "Again": {
            "type": "Until",
            "expression": f"@equals(variables('n'), {ITERATIONS})",
            "limit": {"count": ITERATIONS, "timeout": "PT1H"},
            "actions": {"Count": {"type": "IncrementVariable", "inputs": {"name": "n", "value": 1}}},
            "runAfter": {"Begin": ["Succeeded"]},
        },
    }


def nested() -> dict[str, Any]:
    """Return loops in loops, as deep as definitions go."""
    actions: dict[str, Any] = {"Innermost": _NOTE}
    for number in range(DEPTH, 0, -1):
        loop = {"type": "Foreach", "foreach": f"@range(0, {EACH})", "actions": actions}
        actions = {f"Each_{number}": loop}
    return actions


SCENARIOS: Mapping[str, tuple[Any, int]] = {
    "foreach": (foreach, ITEMS),
    "until": (until, ITERATIONS),
    "chain": (lambda: chain("Compose", ACTIONS), ACTIONS),
    "nested": (nested, EACH**DEPTH),
}
"""By name: what returns the actions, and how many there are of what is many."""


def measure(name: str) -> None:
    """Run one scenario in this process, and print what it took."""
    actions, count = SCENARIOS[name]
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-bench-") as directory,
        running_engine(Path(directory) / "data") as engine,
    ):
        workflow_id = engine.add_flow(name, actions())
        before = resource.getrusage(resource.RUSAGE_SELF)
        began = time.perf_counter()
        engine.run(workflow_id, workflows=1, callers=1)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    grown = (after.ru_maxrss - before.ru_maxrss) / 1024
    print(
        f"{name:8} {count:7} {seconds:8.2f} s {processor:8.2f} s of a processor {grown:8.1f} MiB", flush=True
    )


def main(names: list[str]) -> int:
    """Run scenarios: a single one here, several in processes of their own."""
    if len(names) == 1:
        measure(names[0])
        return 0
    for name in names or SCENARIOS:
        subprocess.run([sys.executable, "-m", "benchmarks.cloud_sizes", name], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
