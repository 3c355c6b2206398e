"""Starts runs that somebody asks for: a person, a caller of the trigger's address, a parent flow.

Source: cloud-flows 2.2 and 7.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from deskhand.cloudflows.called import Called, read_called
from deskhand.cloudflows.declare import Firing, kind_of
from deskhand.cloudflows.driver import Driver
from deskhand.cloudflows.firing import Starter, insert_runs, runs_of, write_histories
from deskhand.cloudflows.flows import Flow
from deskhand.cloudflows.journal import Seals
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.runstate import RunState
from deskhand.core.clock import Clock
from deskhand.store.database import Database, Transaction


class Launcher:
    """Starts runs.

    Args:
        database: Where they are journaled.
        driver: Drives them; a run that need not wait for others does its first turn at once.
        programs: The programs of flows.
        seals: Seals what nobody may see.
        clock: The time.
    """

    def __init__(
        self, database: Database, driver: Driver, programs: Programs, seals: Seals, clock: Clock
    ) -> None:
        self._database = database
        self._driver = driver
        self._programs = programs
        self._seals = seals
        self._clock = clock

    def read(self, workflow_id: UUID, trigger_name: str | None) -> Called:
        """Read a flow whose trigger is called; raises what :func:`read_called` does."""
        return self._database.read(lambda tx: read_called(tx, self._programs, workflow_id, trigger_name))

    def start(self, called: Called, firing: Firing, starter: Starter) -> list[RunState]:
        """Start what follows from a call; returns once that is durable.

        A single run that need not wait for others has done its first turn by then, unless this process holds
        so many that the row alone has to do for now.

        Raises:
            TriggerConditionFailed: An expression of the trigger cannot be evaluated.
            TooManyWaitingRuns: No more runs of the flow may wait.
        """
        flow, kind = called.flow, kind_of(called.trigger)
        runs, skipped = runs_of(
            called.program, called.trigger, flow, firing, starter, called.parameters, self._clock.now()
        )
        begins_at_once = len(runs) == 1 and not skipped and called.program.runs_at_once is None
        if begins_at_once and self._driver.has_room:
            self._driver.run_new(runs[0], flow.owner, kind)
        else:
            self._database.write(lambda tx: _insert(tx, flow, runs, skipped, kind, self._seals))
        return runs


def _insert(
    tx: Transaction,
    flow: Flow,
    runs: Sequence[RunState],
    skipped: Sequence[Mapping[str, Any]],
    kind: str,
    seals: Seals,
) -> None:
    insert_runs(tx, flow, runs, kind, seals, bounded=True)
    write_histories(tx, skipped)
