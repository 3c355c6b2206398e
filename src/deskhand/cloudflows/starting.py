"""From what a trigger saw to rows: the runs that start, and the history of what started none."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from deskhand.cloudflows.declare import Firing, Problem
from deskhand.cloudflows.errors import TriggerConditionFailed
from deskhand.cloudflows.firing import Starter, history_row, insert_runs, runs_of, write_histories
from deskhand.cloudflows.journal import Seals
from deskhand.cloudflows.looks import TriggerLook
from deskhand.core.errors import DeskhandError
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction


def fire(
    tx: Transaction, look: TriggerLook, row: Row, kind: str, firing: Firing, starter: Starter, seals: Seals
) -> None:
    """Write the runs that follow from what a trigger saw, or why there are none.

    Args:
        tx: The open transaction.
        look: The trigger's look.
        row: The trigger's row.
        kind: What kind of trigger it is.
        firing: What it saw.
        starter: As whom the runs start.
        seals: Seals what nobody may see.
    """
    try:
        runs, skipped = runs_of(
            look.program, look.trigger, look.flow, firing, starter, look.parameters, tx.now
        )
    except TriggerConditionFailed as error:
        write_histories(tx, [failed_look(row, look.due, tx.now, problem_of(error))])
        return
    insert_runs(tx, look.flow, runs, kind, seals, bounded=False)
    write_histories(tx, skipped)


def failed_look(row: Row, due: datetime | None, now: datetime, problem: Problem) -> dict[str, Any]:
    """Return the history of a look that failed.

    Args:
        row: The trigger's row.
        due: When the look was due.
        now: The present instant.
        problem: Why it failed.
    """
    return history_row(
        row["workflowid"],
        row["name"],
        now,
        Firing(scheduled=due),
        "Failed",
        code="BadRequest",
        error=json.dumps(problem.as_value()),
    )


def problem_of(error: DeskhandError) -> Problem:
    """Return an error as histories tell it."""
    return Problem(getattr(error, "service_code", error.code), error.message)
