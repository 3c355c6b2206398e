"""A server dies between any two steps of a run: the next one goes on, and repeats nothing that had ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deskhand.cloudflows import engine
from deskhand.cloudflows.http.responses import Response
from tests.cloud_runs import MemoryRun, run_actions
from tests.contract.cloudflows.servers import House, Server

ALL = ["Succeeded", "Failed", "Skipped", "TimedOut"]
POLICY = {"type": "fixed", "count": 20, "interval": "PT5S"}
BEGIN = {
    "Init_n": {"type": "InitializeVariable", "inputs": {"variables": [{"name": "n", "type": "integer"}]}},
    "Init_list": {"type": "InitializeVariable", "inputs": {"variables": [{"name": "list", "type": "array"}]}},
}
AFTER_BEGIN = {name: ["Succeeded"] for name in BEGIN}

Sketch = tuple[Any, ...]
"""An action: its kind, what it runs after of its level, and what is within it."""


def leaf() -> st.SearchStrategy[Sketch]:
    return st.tuples(st.sampled_from(["compose", "broken", "count", "append", "wait", "call"]))


def holding(inside: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[Sketch]:
    return st.one_of(
        st.tuples(st.just("scope"), inside),
        st.tuples(st.just("if"), inside, inside, st.booleans()),
        st.tuples(st.just("foreach"), inside, st.integers(0, 3), st.integers(1, 3)),
        st.tuples(st.just("until"), inside, st.integers(1, 3)),
    )


def level(depth: int) -> st.SearchStrategy[list[Any]]:
    action = leaf() if depth == 0 else st.one_of(leaf(), holding(level(depth - 1)))
    # What it runs after: one of those before it, counted back, and with which statuses; or nothing.
    placed = st.tuples(
        action, st.integers(0, 2), st.sampled_from([["Succeeded"], ["Failed", "TimedOut"], ALL])
    )
    return st.lists(placed, min_size=1, max_size=3)


def actions_of(sketches: list[Any], numbers: Iterator[int], first: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for sketch, back, statuses in sketches:
        before = list(made)[-back] if 0 < back <= len(made) else None
        name = f"{sketch[0].capitalize()}_{next(numbers)}"
        run_after = first if before is None else {before: statuses}
        made[name] = {**action_of(name, sketch, numbers), "runAfter": run_after}
    return made


def action_of(name: str, sketch: Sketch, numbers: Iterator[int]) -> dict[str, Any]:
    def within(position: int) -> dict[str, Any]:
        return actions_of(sketch[position], numbers, {})

    match sketch[0]:
        case "compose":
            return {"type": "Compose", "inputs": name}
        case "broken":
            return {"type": "Compose", "inputs": "@int('no')"}
        case "count":
            return {"type": "IncrementVariable", "inputs": {"name": "n"}}
        case "append":
            return {"type": "AppendToArrayVariable", "inputs": {"name": "list", "value": name}}
        case "wait":
            return {"type": "Wait", "inputs": {"interval": {"count": 7, "unit": "Second"}}}
        case "call":
            return {
                "type": "Http",
                "inputs": {"method": "POST", "uri": "https://api.example/", "retryPolicy": POLICY},
            }
        case "scope":
            return {"type": "Scope", "actions": within(1)}
        case "if":
            return {
                "type": "If",
                "expression": sketch[3],
                "actions": within(1),
                "else": {"actions": within(2)},
            }
        case "foreach":
            concurrency = {"concurrency": {"repetitions": sketch[3]}}
            over = list(range(sketch[2]))
            return {
                "type": "Foreach",
                "foreach": over,
                "actions": within(1),
                "runtimeConfiguration": concurrency,
            }
        case _:
            expression = f"@equals(iterationIndexes('{name}'), {sketch[2] - 1})"
            return {"type": "Until", "expression": expression, "actions": within(1)}


class Reachable:
    """What every call reaches."""

    tokens = None

    @property
    def http(self) -> Reachable:
        return self

    def send(self, _: Any) -> Response:
        return Response(200, {"Content-Type": "application/json"}, b'"ok"')


def expected(actions: Mapping[str, Any]) -> MemoryRun:
    return run_actions(actions, services=Reachable())


def ended_rows(house: House, run_id: UUID) -> dict[UUID, Mapping[str, Any]]:
    return {row["flowrunactionid"]: row for row in house.rows(run_id) if row["endtime"] is not None}


@pytest.fixture
def one_step_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TURN_STEPS", 1)


@given(
    sketches=level(2),
    deaths=st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=4),
)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.usefixtures("one_step_a_turn")
def test_the_next_server_goes_on_and_nothing_that_had_ended_is_done_again(
    house: House, sketches: list[Any], deaths: list[tuple[int, bool]]
) -> None:
    actions = {**BEGIN, **actions_of(sketches, count(), AFTER_BEGIN)}
    returned = {"n": "@variables('n')", "list": "@variables('list')"}
    flow_id = house.flow(
        {
            **actions,
            "Return": {"type": "Compose", "inputs": returned, "runAfter": dict.fromkeys(actions, ALL)},
        }
    )
    run_id = house.start(flow_id)
    house.web.calls.clear()
    before: dict[UUID, Mapping[str, Any]] = {}
    died = 0
    for dies_at, loses in deaths:
        with house.server(dies_at, loses=loses) as server:
            house.wait_for(server, house.ended(run_id))
            died += server.database.died.is_set()
        after = ended_rows(house, run_id)
        assert {key: after.get(key) for key in before} == before
        before = after
        house.bury_the_dead()
    with house.server() as server:
        (run,) = house.finish(server, run_id)
        compare(house, server, run, expected(actions), died)
    after = ended_rows(house, run_id)
    assert {key: after.get(key) for key in before} == before


def compare(house: House, server: Server, run: Mapping[str, Any], wanted: MemoryRun, deaths: int) -> None:
    records = house.records(server, run["flowrunid"])
    (returned,) = records.pop("Return")
    found = {(one.name, one.repetition): str(one.status) for some in records.values() for one in some}

    assert found == {(one.name, one.repetition): str(one.status) for one in wanted.everything.values()}
    assert run["status"] == "Succeeded"  # The last action runs after everything.
    value: Any = returned.outputs
    assert value["n"] == wanted.variable("n")
    assert Counter(value["list"]) == Counter(wanted.variable("list"))
    called = Counter(house.web.calls)
    made = {
        str(one.id)
        for some in records.values()
        for one in some
        if one.name.startswith("Call") and str(one.status) == "Succeeded"
    }
    assert called.keys() == made
    assert sum(called.values()) <= len(made) + deaths * 64
