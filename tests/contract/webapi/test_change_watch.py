"""What a look finds: changed, deleted and silent rows, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from deskhand.entities.workflow import Workflow
from deskhand.records.service import create, delete, update
from deskhand.webapi.change_watch import MOST_IDS, ChangeWatch, Ids, changed_topics
from tests.contract.orchestrator.queue import Queue


@pytest.fixture
def watch(queue: Queue) -> ChangeWatch:
    watch = ChangeWatch(timedelta(seconds=45))
    assert _look(queue, watch) == {}
    return watch


def _look(queue: Queue, watch: ChangeWatch) -> dict[str, Ids]:
    return dict(queue.database.read(lambda tx: watch.look(tx, ())).changed)


def _change(queue: Queue, flow: UUID, text: str) -> None:
    queue.database.write(lambda tx: update(tx, Workflow, flow, {"description": text}, by=queue.owner.user_id))


def test_each_change_is_told_once(queue: Queue, watch: ChangeWatch) -> None:
    flow = queue.flow()
    first, second = _look(queue, watch), _look(queue, watch)
    _change(queue, flow, "a")
    third = _look(queue, watch)
    queue.clock.advance(10)
    fourth = _look(queue, watch)
    _change(queue, flow, "b")
    fifth = _look(queue, watch)

    told = {"flows": frozenset({flow})}
    assert [first, second, third, fourth, fifth] == [told, {}, told, {}, told]


def test_a_run_is_told_of_at_each_step(queue: Queue, watch: ChangeWatch) -> None:
    machine, flow = queue.machine(), queue.flow()
    connection = queue.connection(machine.group_id)
    _look(queue, watch)

    run = queue.request(flow, connection)
    requested = _look(queue, watch)
    order = queue.begin(machine)
    begun = _look(queue, watch)
    queue.finish(machine, order, outputs={})
    ended = _look(queue, watch)

    assert requested == {"runs": frozenset({run})}
    assert begun == {"runs": frozenset({run}), "machines": frozenset({machine.machine_id})}
    assert ended == {"runs": frozenset({run})}


def test_a_machine_that_falls_silent_changes(queue: Queue, watch: ChangeWatch) -> None:
    machine = queue.machine()
    queue.claim(machine)
    _look(queue, watch)
    queue.clock.advance(46)
    silent = _look(queue, watch)
    queue.claim(machine)

    told = {"machines": frozenset({machine.machine_id})}
    assert (silent, _look(queue, watch)) == (told, told)


def test_deletions_and_floods_are_told_without_ids(queue: Queue, watch: ChangeWatch) -> None:
    flow = queue.flow()
    _look(queue, watch)
    queue.database.write(lambda tx: delete(tx, Workflow, flow))
    deleted = _look(queue, watch)
    queue.database.write(
        lambda tx: [
            create(tx, Workflow, {"name": str(number)}, by=queue.owner.user_id)
            for number in range(MOST_IDS + 1)
        ]
    )

    assert (deleted, _look(queue, watch)) == ({"flows": None}, {"flows": None})


def test_somebody_who_comes_back_is_told_what_they_missed(queue: Queue, watch: ChangeWatch) -> None:
    flow = queue.flow()
    known = queue.database.read(lambda tx: watch.look(tx, ())).version
    nothing = queue.database.read(lambda tx: changed_topics(tx, known))
    _change(queue, flow, "a")
    missed = queue.database.read(lambda tx: changed_topics(tx, known))
    from_elsewhere = queue.database.read(lambda tx: changed_topics(tx, known + 1_000_000))

    assert (nothing, missed, from_elsewhere) == ({}, {"flows": frozenset({flow})}, None)
