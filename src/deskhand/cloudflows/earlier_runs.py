"""Finds in the journal what a run takes over from the one that it goes on from. Source: cloud-flows 7.3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from deskhand.cloudflows.journal import Seals, read_record
from deskhand.cloudflows.runstate import Record, Repetition, RunState, repetition_of, repetition_text
from deskhand.entities.flowrun import FlowRunAction
from deskhand.store.database import Database

_A = FlowRunAction.c
_OF_RUN = sa.select(FlowRunAction.table).where(_A.flowrunid == sa.bindparam("run_id"))
_AT = _OF_RUN.where(_A.repetition == sa.bindparam("repetition"))
_WITHIN = _OF_RUN.where(_A.name.in_(sa.bindparam("names", expanding=True)))
# Whoever looks for a loop's iterations knows how deep they are: a text of another length is of another loop.
_LAST = sa.select(sa.func.max(_A.repetition)).where(
    _A.flowrunid == sa.bindparam("run_id"),
    _A.name.in_(sa.bindparam("names", expanding=True)),
    _A.repetition.startswith(sa.bindparam("prefix"), autoescape=False),
    sa.func.length(_A.repetition) == sa.bindparam("length"),
)
_DIGITS = 6


class JournaledRuns:
    """Finds the records of earlier runs; fills :class:`~deskhand.cloudflows.resuming.EarlierRuns`.

    Args:
        database: Where runs are journaled.
        seals: Opens what nobody may see.
    """

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    def at(self, run: RunState, repetition: Repetition) -> Mapping[str, Record]:
        """Return the records of one repetition, by name."""
        values = {"run_id": run.resumed_id, "repetition": repetition_text(repetition)}
        return {one.name: one for one in self._read(run, _AT, values)}

    def within(self, run: RunState, names: Sequence[str]) -> Sequence[Record]:
        """Return the records of actions, all repetitions of them."""
        return self._read(run, _WITHIN, {"run_id": run.resumed_id, "names": list(names)})

    def last_iteration(self, run: RunState, names: Sequence[str], repetition: Repetition) -> int | None:
        """Return the last iteration that a loop began there; None if it began none."""
        prefix = f"{repetition_text(repetition)}-" if repetition else ""
        values = {
            "run_id": run.resumed_id,
            "names": list(names),
            "prefix": prefix,
            "length": len(prefix) + _DIGITS,
        }
        found = self._database.read(lambda tx: tx.execute(_LAST, values).scalar())
        return None if found is None else repetition_of(found)[-1]

    def _read(self, run: RunState, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Record]:
        rows = self._database.read(lambda tx: tx.execute(statement, values).mappings().all())
        return [one for row in rows if (one := read_record(row, run.program, self._seals)) is not None]
