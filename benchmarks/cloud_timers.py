"""A hundred thousand cloud-flow runs that wait, and what becomes of those that are due at one instant.

    python -m benchmarks.cloud_timers [WAITING [DUE]]

Each run waits in a Wait action. One is started as any run is; the others are copies of its rows. Printed are
the memory, the threads and the statements of the engine's process before and while they wait, and then how
late the runs are that were all due at the same instant: on SQLite, and on PostgreSQL.

Goals: no thread for a run that waits, 100 bytes of memory at most, and 2 statements a second in all.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.cloud_engine import Engine, running_engine
from deskhand.cloudflows.declare import Firing
from deskhand.cloudflows.firing import Starter
from deskhand.core.clock import SystemClock
from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.store.database import Transaction
from deskhand.store.open import open_database
from tests.postgresql import running_cluster

IDLE_SECONDS = 10.0
HEADSTART = timedelta(seconds=12)
END_SECONDS = 300.0
CHUNK = 2_000
BYTES_GOAL, STATEMENTS_GOAL = 100.0, 2.0
ACTIONS = {"Rest": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Day"}}, "runAfter": {}}}
_R, _A = FlowRun.c, FlowRunAction.c


@dataclass(frozen=True, slots=True)
class Figures:
    """What the engine's process takes.

    Attributes:
        bytes: Its memory.
        threads: How many it has.
        statements: How many it executes in a second.
    """

    bytes: int
    threads: int
    statements: float


@dataclass(slots=True)
class Statements:
    """Counts the statements that are executed."""

    count: int = 0

    def note(self, *_: Any) -> None:
        """Count one."""
        self.count += 1


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Count the statements of this process."""
    statements = Statements()
    sa.event.listen(sa.Engine, "before_cursor_execute", statements.note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", statements.note)


def look(statements: Statements) -> Figures:
    """Return the figures of this process, which has nothing else to do."""
    gc.collect()
    before, began = statements.count, time.perf_counter()
    time.sleep(IDLE_SECONDS)
    a_second = (statements.count - before) / (time.perf_counter() - began)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Figures(pages * 4096, threading.active_count(), a_second)


def begin_one(engine: Engine) -> UUID:
    """Start a run that waits, and return its id."""
    workflow_id = engine.add_flow("Patience", ACTIONS)
    called = engine.flows.launcher.read(workflow_id, None)
    [run] = engine.flows.launcher.start(called, Firing(), Starter(engine.owner_id))
    return run.id


def copy(address: str, run_id: UUID, copies: int, due: datetime) -> None:
    """Make copies of a run that waits, in a process of their own; they wait until an instant."""
    process = get_context("spawn").Process(target=_copy, args=(address, run_id, copies, due))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError("the copies could not be made")


def _copy(address: str, run_id: UUID, copies: int, due: datetime) -> None:
    def read(tx: Transaction) -> tuple[dict[str, Any], dict[str, Any]]:
        run = tx.execute(sa.select(FlowRun.table).where(_R.flowrunid == run_id)).mappings().one()
        action = tx.execute(sa.select(FlowRunAction.table).where(_A.flowrunid == run_id)).mappings().one()
        return {**run, "dueon": due}, {**action, "dueon": due}

    with closing(open_database(address, SystemClock())) as database:
        run, action = database.read(read)
        for begun in range(0, copies, CHUNK):
            ids = [new_id() for _ in range(min(CHUNK, copies - begun))]
            runs = [{**run, "flowrunid": one, "name": one.hex} for one in ids]
            actions = [{**action, "flowrunactionid": new_id(), "flowrunid": one} for one in ids]
            database.write(partial(_insert, runs, actions))


def _insert(runs: list[dict[str, Any]], actions: list[dict[str, Any]], tx: Transaction) -> None:
    tx.execute(sa.insert(FlowRun.table), runs)
    tx.execute(sa.insert(FlowRunAction.table), actions)


def lateness(engine: Engine, due: datetime, count: int) -> list[float]:
    """Wait until the runs that were due have ended; return by how many seconds each was late."""
    ended = sa.select(_R.endtime).where(_R.endtime.is_not(None))
    end = time.monotonic() + END_SECONDS
    while True:
        found = engine.flows.database.read(lambda tx: tx.execute(ended).scalars().all())
        if len(found) == count:
            return sorted((one - due) / timedelta(seconds=1) for one in found)
        if time.monotonic() > end:
            raise RuntimeError(f"{count - len(found)} runs have not ended")
        time.sleep(0.5)


def measure(name: str, directory: Path, database_url: str, waiting: int, due: int) -> bool:
    """Print the figures on one database; return whether the goals are reached."""
    with running_engine(directory, database_url) as engine, counted_statements() as statements:
        run_id, address = begin_one(engine), database_url or str(directory / "deskhand.db")
        before = look(statements)
        copy(address, run_id, waiting, datetime.now(UTC) + timedelta(days=1))
        after = look(statements)
        instant = datetime.now(UTC) + HEADSTART
        copy(address, run_id, due, instant)
        late = lateness(engine, instant, due)
    each = max(0, after.bytes - before.bytes) / waiting
    for when, figures in (("before", before), ("waiting", after)):
        print(
            f"{name:11} {when:8} {figures.bytes / 2**20:8.1f} MiB {figures.threads:4} threads"
            f" {figures.statements:6.2f} statements a second"
        )
    print(f"{name:11} a run takes {each:.1f} bytes    (goal: <= {BYTES_GOAL:.0f})")
    p50, p99 = (late[int(len(late) * share)] for share in (0.5, 0.99))
    print(
        f"{name:11} {due} due at once: late by p50 {p50:.2f} s, p99 {p99:.2f} s, at most {late[-1]:.2f} s;"
        f" {due / late[-1]:.0f} runs a second",
        flush=True,
    )
    return each <= BYTES_GOAL and after.threads == before.threads and after.statements <= STATEMENTS_GOAL


def main(waiting: int, due: int) -> int:
    """Print the figures on both databases; fail beyond the goals."""
    print(f"{waiting} runs wait, {due} more are due at one instant")
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-bench-") as name,
        running_cluster(durable=True) as cluster,
    ):
        cluster.execute("CREATE DATABASE timers")
        reached = [
            measure(kind, Path(name) / kind, url, waiting, due)
            for kind, url in (("SQLite", ""), ("PostgreSQL", cluster.url("timers")))
        ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*(given + [100_000, 10_000][len(given) :])))
