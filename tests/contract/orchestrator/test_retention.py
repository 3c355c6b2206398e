"""Runs and action logs go when their rule says so, step by step; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.flowsession import FlowLog, FlowLogType
from deskhand.identity.audit import Actor, note
from deskhand.orchestrator import retention
from deskhand.orchestrator.retention import forget_desktop
from deskhand.protocol.messages import ActionRow, ActionsLogged, ActionStatus
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue

DAY = 86_400.0
BEGAN = "2026-03-01T08:00:00.000000Z"


def ended(queue: Queue, name: str = "FIN-01", rows: int = 3) -> UUID:
    """Return a run that has ended, with an action log."""
    machine = queue.machine(name)
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    log = tuple(
        ActionRow(number, "action", "Main", 1, "SET", "", ActionStatus.SUCCEEDED, BEGAN, 1.0)
        for number in range(rows)
    )
    queue.report(machine, ActionsLogged(order.run_id, order.fencing_token, log))
    queue.finish(machine, order)
    return run


def forget(queue: Queue, **days: Any) -> list[int]:
    settings: Settings = replace(queue.settings, **days)
    steps = []
    while deleted := queue.database.write(lambda tx: forget_desktop(tx, settings)):
        steps.append(deleted)
    return steps


def logged(queue: Queue, run: UUID) -> dict[str, int]:
    c = FlowLog.c
    actions = c.type == FlowLogType.DESKTOP_FLOW_RUN_ACTION.value
    query = sa.select(actions, sa.func.count()).where(c.flowsessionid == run).group_by(actions)
    found = queue.database.read(lambda tx: tx.execute(query).all())
    return {"actions" if is_action else "events": count for is_action, count in found}


def test_nothing_goes_unless_a_rule_says_so(queue: Queue, clock: StillClock) -> None:
    run = ended(queue)
    clock.advance(400 * DAY)
    assert forget(queue) == []
    assert logged(queue, run) == {"actions": 3, "events": 4}


def test_action_logs_go_in_small_steps_and_the_run_says_when(
    queue: Queue, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)
    old = ended(queue)
    clock.advance(10 * DAY)
    young = ended(queue, "FIN-02")

    assert forget(queue, action_log_days=5.0) == [3, 2]

    assert logged(queue, old) == {"events": 4}
    assert queue.row(old)["logdeletedon"] == clock.now()
    assert (queue.row(young)["logdeletedon"], logged(queue, young)["actions"]) == (None, 3)


def test_runs_go_with_all_that_belongs_to_them_and_those_that_wait_stay(
    queue: Queue, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 4)
    old = ended(queue)
    machine = queue.machine("FIN-09")
    waiting = queue.request(queue.flow(), queue.connection(machine.group_id))
    clock.advance(10 * DAY)

    assert sum(forget(queue, desktop_run_days=5.0)) == 8

    assert logged(queue, old) == {}
    assert queue.row(waiting)["statuscode"] == 3
    with pytest.raises(sa.exc.NoResultFound):
        queue.row(old)


def test_lines_of_the_audit_log_go_by_their_own_rule(queue: Queue, clock: StillClock) -> None:
    actor = Actor("Ada", queue.owner.user_id, "127.0.0.1")
    queue.database.write(lambda tx: note(tx, actor, "looked"))
    clock.advance(10 * DAY)
    queue.database.write(lambda tx: note(tx, actor, "looked again"))
    assert forget(queue, audit_days=5.0) == [1]
