"""Old history goes, step by step; nothing that is still needed does. Source: cloud-flows 6."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows import retention
from deskhand.cloudflows.errors import RunNotFound
from deskhand.cloudflows.retention import forget_some
from deskhand.entities.declare import Entity
from deskhand.entities.flowrun import FlowRunAction, FlowRunProperty, FlowRunSignal
from deskhand.entities.flowtrigger import FlowTrigger, FlowTriggerHistory, FlowVersion
from tests.contract.cloudflows.managing import come_to
from tests.contract.cloudflows.resuming import Paths, change, http, resume_run, wait
from tests.contract.cloudflows.servers import MANUAL, House

DAY = 86_400.0
TRACKED = {"A": {"type": "Compose", "inputs": 1, "trackedProperties": {"n": "@action()['outputs']"}}}


def forget(house: House, before: datetime) -> list[int]:
    """Delete all that is old enough; return what each step deleted."""
    steps = []
    while deleted := house.database.write(lambda tx: forget_some(tx, before)):
        steps.append(deleted)
    return steps


def count(house: House, *entities: type[Entity]) -> list[int]:
    queries = [sa.select(sa.func.count()).select_from(one.table) for one in entities]
    return house.database.read(lambda tx: [tx.execute(query).scalar_one() for query in queries])


def names(house: House, flow_id: UUID) -> set[str]:
    return {row["name"] for row in house.runs_of(flow_id)}


def ended(house: House, server: Any, flow_id: UUID, bodies: Iterable[Any] = (None,)) -> list[Any]:
    runs = [server.call(flow_id, body)[0] for body in bodies]
    house.finish(server, *(run.id for run in runs))
    return runs


def test_what_ended_before_goes_with_all_that_belongs_to_it(house: House) -> None:
    flow_id = house.flow(TRACKED)
    with house.server() as server:
        ended(house, server, flow_id)
        house.clock.advance(DAY)
        border = house.clock.now()
        (kept,) = ended(house, server, flow_id)

    forget(house, border)

    assert names(house, flow_id) == {kept.name}
    assert count(house, FlowRunAction, FlowRunProperty, FlowRunSignal) == [1, 1, 0]


def test_runs_that_go_on_stay_however_long_ago_they_began(house: House) -> None:
    flow_id = house.flow({"Wait": wait()})
    with house.server() as server:
        (run,) = server.call(flow_id)
        come_to(server, lambda: house.statuses(run.id) == {"Wait": "Running"})
        forget(house, house.clock.now() + timedelta(days=100))

    assert names(house, flow_id) == {run.name}


def test_a_run_stays_while_another_goes_on_from_it(house: House) -> None:
    web = Paths(house, "b")
    flow_id = house.flow({"A": http(path="a"), "Wait": wait("A"), "B": http("Wait", path="b")})
    with house.server() as server:
        (failed,) = ended(house, server, flow_id)
        web.failing.clear()
        again = resume_run(house, server, failed.id)
        forget(house, house.clock.now() + timedelta(days=1))
        assert names(house, flow_id) == {failed.name, again.name}
        house.finish(server, again.id)
    forget(house, house.clock.now() + timedelta(days=1))

    assert names(house, flow_id) == set()


def test_looks_of_triggers_go_as_well(house: House) -> None:
    never = {"manual": {**MANUAL["manual"], "conditions": [{"expression": "@equals(1, 2)"}]}}
    flow_id = house.flow(TRACKED, triggers=never)
    with house.server() as server:
        assert server.call(flow_id) == []
        house.clock.advance(DAY)
        border = house.clock.now()
        assert server.call(flow_id) == []

    forget(house, border)

    assert count(house, FlowTriggerHistory) == [1]


def test_versions_go_when_no_run_has_them_any_more(house: House) -> None:
    flow_id = house.flow(TRACKED)
    with house.server() as server:
        ended(house, server, flow_id)
        change(house, flow_id, {"A": {"type": "Compose", "inputs": 2}})
        house.clock.advance(DAY)
        ended(house, server, flow_id)
    border = house.clock.now()
    # The triggers of the version before have ended, as the server's watcher sees to.
    over = sa.delete(FlowTrigger.table).where(FlowTrigger.c.phase == "Ending")
    house.database.write(lambda tx: tx.execute(over))
    assert count(house, FlowVersion) == [2]

    forget(house, border)

    assert count(house, FlowVersion) == [1]
    assert len(names(house, flow_id)) == 1


def test_nobody_goes_on_from_a_run_whose_history_is_half_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 1)
    web = Paths(house, "b")
    flow_id = house.flow({"A": http(path="a"), "B": http("A", path="b")})
    with house.server() as server:
        (failed,) = ended(house, server, flow_id)
        house.database.write(lambda tx: forget_some(tx, house.clock.now() + timedelta(days=1)))
        with pytest.raises(RunNotFound):
            resume_run(house, server, failed.id)

    assert web.called == ["a", "b"]


def test_a_long_history_goes_in_small_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(retention, "RUNS_AT_ONCE", 2)
    each = {"Each": {"type": "Foreach", "foreach": "@triggerBody()", "actions": TRACKED}}
    flow_id = house.flow(each)
    with house.server() as server:
        ended(house, server, flow_id, ([1, 2, 3, 4, 5, 6], [1], [1]))

    steps = forget(house, house.clock.now() + timedelta(days=1))

    assert max(steps) <= 6
    assert sum(steps[:-1]) + steps[-1] == 11 + 3
    assert names(house, flow_id) == set()
