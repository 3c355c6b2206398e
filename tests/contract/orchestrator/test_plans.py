"""No statement of a run's life looks at every run there ever was, however many there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from deskhand.protocol.messages import ActionRow, ActionsLogged, ActionStatus, RunResult
from deskhand.store.database import Transaction
from tests.contract.orchestrator.queue import Queue
from tests.contract.orchestrator.test_confirmed_orders import Agent

LARGE = ("flowsession", "flowlog", "filecontent", "callback", "rowchange")
"""The tables that grow with every run."""

_SCAN = re.compile(rf"SCAN ({'|'.join(LARGE)})$")


class Listener:
    """Hears every statement that SQLite executes, with its values."""

    def __init__(self, queue: Queue) -> None:
        self.database = queue.database
        self.heard: list[str] = []

    def __enter__(self) -> Listener:
        self._trace(self.heard.append)
        return self

    def __exit__(self, *_: object) -> None:
        self._trace(None)

    def scans(self) -> list[str]:
        """Return each statement that reads one of the large tables from end to end."""
        looked_at = {one for one in self.heard if one.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))}
        return [one for one in sorted(looked_at) if any(map(_SCAN.search, self._plan(one)))]

    def _trace(self, callback: Callable[[str], object] | None) -> None:
        def listen(tx: Transaction) -> None:
            tx._driver.driver_connection.set_trace_callback(callback)

        self.database.write(listen)

    def _plan(self, text: str) -> list[str]:
        def explain(tx: Transaction) -> list[Any]:
            cursor = tx._driver.cursor()
            return list(cursor.execute(f"EXPLAIN QUERY PLAN {text}").fetchall())

        return [str(row[3]) for row in self.database.write(explain)]


pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
"""PostgreSQL chooses its plans by what the tables hold, which is next to nothing here."""


@pytest.fixture
def listener(queue: Queue) -> Listener:
    return Listener(queue)


def test_a_run_is_found_without_looking_at_all_others(queue: Queue, listener: Listener) -> None:
    machine, flow = queue.machine(), queue.flow()
    connection = queue.connection(machine.group_id)
    agent = Agent(queue, machine, flow)
    with listener:
        runs = [queue.request(flow, connection, callback_url="https://example.org/done") for _ in range(4)]
        first, second, third, _ = agent.claim(1).runs
        row = ActionRow(
            0, "action", "Main", 1, "SET", "", ActionStatus.SUCCEEDED, "2026-03-01T08:00:00Z", 1.0
        )
        queue.report(machine, ActionsLogged(first.run_id, first.fencing_token, (row,)))
        queue.finish(machine, first, outputs={})
        queue.finish(machine, second, RunResult.CANCELLED)
        queue.cancel(third.run_id)
        agent.claim(2, (third.run_id, third.fencing_token))
        queue.recover()
    assert (queue.status(runs[0]), len(set(listener.heard)) > 30) == (4, True)
    assert listener.scans() == []


def test_a_statement_that_looks_at_everything_is_noticed(listener: Listener) -> None:
    with listener:
        listener.heard.append("SELECT flowsessionid FROM flowsession WHERE leaseexpireson IS NOT NULL")
    assert len(listener.scans()) == 1
