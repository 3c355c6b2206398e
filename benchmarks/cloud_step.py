"""The cost of a workflow step, beside DBOS on the same database with the same durability.

    python -m benchmarks.cloud_step [ROUNDS]

A chain of a hundred steps, each of which makes a value of the one before. DBOS commits every step. Deskhand
has two kinds: ``values`` are Compose actions, which touch nothing outside and are committed together, at the
latest before anything outside is touched; ``calls`` are actions that have a function called, and each is
committed before the next begins. SQLite is in WAL mode with ``synchronous=FULL`` for both, and PostgreSQL
waits for the disk. The systems take turns; medians are printed.

Goal: a value costs at most a third of DBOS's step.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cloud_engine import Engine, running_engine
from benchmarks.peers.dbos import Dbos, running_dbos
from tests.postgresql import running_cluster

STEPS = 100
CALLERS = (1, 8)
GOAL = 1 / 3

Chains = Mapping[str, Callable[[int], float]]
"""What runs a chain: by the name of the system, from the number of callers to milliseconds a step."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The databases of one comparison: of the same kind, and each system has its own."""

    kind: str
    peer: str
    ours: str


def chain(action_type: str, steps: int = STEPS) -> dict[str, Any]:
    """Return the actions of a chain."""
    actions: dict[str, Any] = {"Step_1": {"type": action_type, "inputs": {"number": 1}, "runAfter": {}}}
    for number in range(2, steps + 1):
        before = f"Step_{number - 1}"
        actions[f"Step_{number}"] = {
            "type": action_type,
            "inputs": {"number": f"@add(outputs('{before}')?['number'], 1)"},
            "runAfter": {before: ["Succeeded"]},
        }
    return actions


def of_dbos(dbos: Dbos) -> Callable[[int], float]:
    """Return what runs DBOS's chain, as often as there are callers, and twice for one."""

    def run(callers: int) -> float:
        workflows = max(2, callers)
        seconds = dbos.run(workflows=workflows, steps=STEPS, callers=callers)
        return seconds * 1000 / (workflows * STEPS)

    return run


def of_deskhand(engine: Engine, action_type: str) -> Callable[[int], float]:
    """Return what runs a chain of Deskhand's, ten times as often where it is that much shorter."""
    workflow_id = engine.add_flow(action_type, chain(action_type))
    times = 10 if action_type == "Compose" else 1

    def run(callers: int) -> float:
        workflows = max(2, callers) * times
        began = time.perf_counter()
        engine.run(workflow_id, workflows=workflows, callers=callers)
        return (time.perf_counter() - began) * 1000 / (workflows * STEPS)

    return run


def measure(chains: Chains, callers: int, rounds: int) -> dict[str, list[float]]:
    """Let the systems take turns; return each one's milliseconds a step, round by round."""
    for run in chains.values():
        run(callers)
    found: dict[str, list[float]] = {name: [] for name in chains}
    for _ in range(rounds):
        for name, run in chains.items():
            found[name].append(run(callers))
    return found


def ratio(found: Mapping[str, list[float]], name: str) -> float:
    """Return how a kind of step stands to DBOS's, which took its turn just before."""
    return median(ours / theirs for ours, theirs in zip(found[name], found["dbos"], strict=True))


def _line(kind: str, callers: int, found: Mapping[str, list[float]]) -> str:
    ours = "".join(f" {median(found[name]):10.3f} {ratio(found, name):6.2f}" for name in ("values", "calls"))
    return f"{kind:11} {callers:7} {median(found['dbos']):10.3f}{ours}"


@contextmanager
def databases(directory: Path) -> Iterator[list[Addresses]]:
    """Make empty databases of both kinds; PostgreSQL's wait for the disk."""
    with running_cluster(durable=True) as cluster:
        for name in ("peer", "ours"):
            cluster.execute(f"CREATE DATABASE {name}")
        yield [
            Addresses("SQLite", f"sqlite:///{directory / 'peer.db'}", ""),
            Addresses("PostgreSQL", cluster.url("peer"), cluster.url("ours")),
        ]


def compare(addresses: Addresses, directory: Path, rounds: int) -> float:
    """Print a line for each number of callers; return the worst ratio of a value."""
    worst = 0.0
    with (
        running_dbos(addresses.peer) as dbos,
        running_engine(directory / addresses.kind, addresses.ours) as engine,
    ):
        chains = {
            "dbos": of_dbos(dbos),
            "values": of_deskhand(engine, "Compose"),
            "calls": of_deskhand(engine, "CallFunction"),
        }
        for callers in CALLERS:
            found = measure(chains, callers, rounds)
            print(_line(addresses.kind, callers, found), flush=True)
            worst = max(worst, ratio(found, "values"))
    return worst


def main(rounds: int) -> int:
    """Print what a step costs, and the ratios; fail beyond the goal."""
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as name, databases(Path(name)) as made:
        print(f"Milliseconds a step, {STEPS} steps, median of {rounds} rounds")
        print("database    callers       DBOS     values  ratio      calls  ratio")
        worst = max([compare(addresses, Path(name), rounds) for addresses in made])
    print(f"worst ratio of a value {worst:.2f}    (goal: <= {GOAL:.2f})")
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
