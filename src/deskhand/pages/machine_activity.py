"""What machines had to do: how much ran on each, and how much of it failed. Source: experience 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowsession import FlowSession
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import reach
from deskhand.pages.machines import MOST_MACHINES, MachineRow, machine_query, machine_row
from deskhand.pages.statuses import FAILURES
from deskhand.records.security import visible

_S = FlowSession.c


@dataclass(frozen=True, slots=True)
class MachineActivity:
    """What one machine had to do.

    Attributes:
        machine: The machine as lists show it.
        runs: How many desktop-flow runs it was given, of those that the caller sees.
        failed: How many of these failed or ran out of time.
        run_ms: Milliseconds that those of them took together that have ended.
        last_run_on: When the newest of them was asked for.
    """

    machine: MachineRow
    runs: int
    failed: int
    run_ms: int
    last_run_on: datetime | None


@dataclass(frozen=True, slots=True)
class MachineActivityList:
    """What machines had to do.

    Attributes:
        items: The machines, by name.
        complete: Whether these are all.
    """

    items: tuple[MachineActivity, ...]
    complete: bool


@endpoint("GET", "/activity/machines")
def machine_activity(context: PageContext, *, since: datetime | None = None) -> MachineActivityList:
    """List machines by name with what they had to do.

    Args:
        since: Only runs that were asked for at or after this instant.
    """
    failed = sa.case((_S.statuscode.in_([int(one) for one in FAILURES]), 1), else_=0)
    per_machine = (
        sa.select(
            _S.machineid,
            sa.func.count().label("runs"),
            sa.func.sum(failed).label("failed"),
            sa.func.sum(sa.func.coalesce(_S.runexecutionduration, 0)).label("run_ms"),
            sa.func.max(_S.createdon).label("last_run_on"),
        )
        .where(_S.machineid.is_not(None), reach(visible(context.principal, FlowSession)))
        .group_by(_S.machineid)
    )
    if since is not None:
        per_machine = per_machine.where(_S.createdon >= since)
    done = {row.machineid: row for row in context.tx.execute(per_machine)}
    query = machine_query(context).order_by(sa.func.lower(FlowMachine.c.name)).limit(MOST_MACHINES + 1)
    found = [machine_row(context, row) for row in context.tx.execute(query).mappings()]
    return MachineActivityList(
        tuple(_activity(machine, done.get(machine.id)) for machine in found[:MOST_MACHINES]),
        len(found) <= MOST_MACHINES,
    )


def _activity(machine: MachineRow, done: sa.Row[tuple[object, ...]] | None) -> MachineActivity:
    if done is None:
        return MachineActivity(machine, 0, 0, 0, None)
    return MachineActivity(machine, done.runs, int(done.failed), int(done.run_ms), done.last_run_on)
