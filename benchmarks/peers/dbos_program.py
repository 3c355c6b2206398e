"""The workflow on DBOS: a chain of steps, each of which makes a small value.

It runs in DBOS's environment, not in Deskhand's. Each line of its input asks for some workflows, each line
of its output says how long they took.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS

DBOS(
    config={
        "name": "benchmark",
        "system_database_url": sys.argv[1],
        "application_version": "1",
        "log_level": "ERROR",
    }
)


@DBOS.step()
def compose(number: int) -> dict[str, int]:
    return {"number": number}


@DBOS.workflow()
def chain(steps: int) -> dict[str, int]:
    made = {"number": 0}
    for _ in range(steps):
        made = compose(made["number"] + 1)
    return made


def run(workflows: int, steps: int, callers: int) -> float:
    with ThreadPoolExecutor(callers) as pool:
        began = time.perf_counter()
        results = list(pool.map(chain, [steps] * workflows))
        seconds = time.perf_counter() - began
    assert results == [{"number": steps}] * workflows, results
    return seconds


DBOS.launch()
for line in sys.stdin:
    print(json.dumps({"seconds": run(**json.loads(line))}), flush=True)
DBOS.destroy()
