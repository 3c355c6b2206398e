"""A run goes on from an earlier one: nothing that had succeeded happens again. Source: cloud-flows 7.3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from deskhand.cloudflows.engine import Machine
from deskhand.cloudflows.program import Program
from deskhand.cloudflows.resuming import FAILED, repeated_names
from deskhand.cloudflows.runstate import Record, Repetition, RunState
from deskhand.cloudflows.steps import Surroundings
from deskhand.core.settings import Settings
from tests.cloud_runs import BEGIN, MemoryRun, NoServices, Time, after, begin_run, program_of

GOOD, BAD = "@int('1')", "@int('no number')"


@dataclass(frozen=True)
class EarlierInMemory:
    """The records of a run that has ended, as nodes of the program that goes on."""

    records: Sequence[Record]
    program: Program

    @classmethod
    def of(cls, run: MemoryRun, program: Program) -> EarlierInMemory:
        known = [(one, program.node(one.name)) for one in run.everything.values()]
        return cls([replace(one, node=node) for one, node in known if node is not None], program)

    def at(self, run: RunState, repetition: Repetition) -> Mapping[str, Record]:
        return {one.name: one for one in self.records if one.repetition == repetition}

    def within(self, run: RunState, names: Sequence[str]) -> Sequence[Record]:
        return [one for one in self.records if one.name in names]

    def last_iteration(self, run: RunState, names: Sequence[str], repetition: Repetition) -> int | None:
        depth = len(repetition)
        begun = [
            one.repetition[depth]
            for one in self.records
            if one.name in names and len(one.repetition) > depth and one.repetition[:depth] == repetition
        ]
        return max(begun, default=None)


def resumed(run: MemoryRun, program: Program, *chosen: str) -> MemoryRun:
    """Go on from a run to the end, with all actions that had failed or with chosen ones."""
    time = Time(BEGIN.replace(day=2))
    nodes = [node for node in program.nodes.values() if node.name in chosen]
    state = replace(
        run.state,
        id=UUID(int=2),
        program=program,
        started=time.now,
        status=begin_run(program).state.status,
        code="",
        problem=None,
        ended=None,
        has_entered=False,
        records={},
        levels={},
        changed={},
        found=[],
        resumed_id=run.state.id,
        repeated=repeated_names(nodes) if chosen else None,
        earlier={},
    )
    again = MemoryRun(state, None, time)  # type: ignore[arg-type]

    def archive(_: RunState, names: Sequence[str]) -> Sequence[Record]:
        known = {**again.everything, **{one.id: one for one in state.changed}}
        return [one for one in known.values() if one.name in names]

    earlier = EarlierInMemory.of(run, program)
    around = Surroundings(Settings(), NoServices(), archive, time, lambda: 0.5, earlier)
    again.machine = Machine(state, around)
    return again.drive()


def done_again(run: MemoryRun) -> list[str]:
    """Return the actions that began in a run itself, with their repetition's last index."""
    began = [one for one in run.everything.values() if one.started.day == 2 and str(one.status) != "Skipped"]
    return [
        f"{one.name} {'-'.join(map(str, one.repetition))}".strip()
        for one in sorted(began, key=lambda one: (one.repetition, one.name))
    ]


def compose(value: Any, *before: str, statuses: Sequence[str] = ("Succeeded",)) -> dict[str, Any]:
    return {"type": "Compose", "inputs": value, "runAfter": after(*before, statuses=statuses)}


def counted(*before: str) -> dict[str, Any]:
    return {
        "type": "IncrementVariable",
        "inputs": {"name": "Count", "value": 1},
        "runAfter": after(*before),
    }


COUNT = {"type": "InitializeVariable", "inputs": {"variables": [{"name": "Count", "type": "integer"}]}}


def test_the_failed_action_and_the_skipped_ones_after_it_are_done() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "Count": COUNT,
            "A": counted("Count"),
            "B": compose(value, "A"),
            "C": compose("@add(outputs('B'), variables('Count'))", "B"),
        }

    failed = begin_run(program_of(actions(BAD))).drive()
    again = resumed(failed, program_of(actions(GOOD)))

    assert str(failed.state.status) == "Failed"
    assert str(again.state.status) == "Succeeded"
    assert done_again(again) == ["B", "C"]
    assert again.outputs("C") == 2
    assert again.variable("Count") == 1
    taken, original = again.record("A"), failed.record("A")
    assert (taken.id == original.id, taken.started, taken.ended, taken.inputs, taken.outputs) == (
        False,
        original.started,
        original.ended,
        original.inputs,
        original.outputs,
    )


def test_what_was_done_because_of_the_failure_is_skipped_when_it_is_gone() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "Try": {"type": "Scope", "actions": {"A": compose(1), "B": compose(value, "A")}},
            "Catch": {
                "type": "Scope",
                "actions": {
                    "Tell": compose("@result('Try')"),
                    "Stop": {
                        "type": "Terminate",
                        "inputs": {"runStatus": "Failed"},
                        "runAfter": after("Tell"),
                    },
                },
                "runAfter": after("Try", statuses=("Failed", "TimedOut")),
            },
            "Go on": compose(2, "Catch", statuses=("Succeeded", "Skipped")),
        }

    failed = begin_run(program_of(actions(BAD))).drive()
    again = resumed(failed, program_of(actions(GOOD)))

    assert (str(failed.state.status), failed.state.code) == ("Failed", "Terminated")
    assert str(again.state.status) == "Succeeded"
    assert done_again(again) == ["B", "Go on", "Try"]
    assert {name: str(again.record(name).status) for name in ("Catch", "Tell", "Stop")} == {
        "Catch": "Skipped",
        "Tell": "Skipped",
        "Stop": "Skipped",
    }


def test_what_had_told_of_the_failure_does_not_tell_it_again_and_the_run_fails_again() -> None:
    actions = {
        "Try": {"type": "Scope", "actions": {"A": compose(1), "B": compose(BAD, "A")}},
        "Tell": compose("Try failed.", "Try", statuses=("Failed",)),
        "Stop": {
            "type": "Terminate",
            "inputs": {"runStatus": "Failed", "runError": {"code": "Mine"}},
            "runAfter": after("Tell"),
        },
    }
    failed = begin_run(program_of(actions)).drive()
    again = resumed(failed, program_of(actions))

    assert done_again(again) == ["B", "Stop", "Try"]
    assert again.record("Tell").started == failed.record("Tell").started
    assert again.state.problem == failed.state.problem


def test_an_action_that_runs_whatever_happened_is_not_repeated() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "A": compose(value),
            "Finally": {
                "type": "Scope",
                "actions": {"Close": compose("closed")},
                "runAfter": after("A", statuses=("Succeeded", "Failed", "Skipped", "TimedOut")),
            },
            "Last": compose("@actions('Close')?['outputs']", "Finally"),
        }

    again = resumed(begin_run(program_of(actions(BAD))).drive(), program_of(actions(GOOD)))

    assert done_again(again) == ["A"]
    assert again.outputs("Last") == "closed"


@pytest.mark.parametrize("concurrency", [1, 3])
def test_only_the_iterations_that_failed_are_done_again(concurrency: int) -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "Count": COUNT,
            "Each": {
                "type": "Foreach",
                "foreach": "@createArray(1, 2, 3, 4)",
                "actions": {
                    "Add": counted(),
                    "Even": {
                        "type": "If",
                        "expression": "@equals(mod(item(), 2), 0)",
                        "actions": {"Do": compose(value)},
                        "else": {"actions": {"Pass": compose("odd")}},
                        "runAfter": after("Add"),
                    },
                },
                "runtimeConfiguration": {"concurrency": {"repetitions": concurrency}},
                "runAfter": after("Count"),
            },
            "Sum": compose("@variables('Count')", "Each"),
        }

    failed = begin_run(program_of(actions(BAD))).drive()
    again = resumed(failed, program_of(actions(GOOD)))

    assert done_again(again) == ["Each", "Sum", "Do 1", "Even 1", "Do 3", "Even 3"]
    assert again.outputs("Sum") == 4
    assert [str(one.status) for one in again.records("Pass")] == ["Succeeded", "Skipped"] * 2
    assert len(again.records("Add")) == 4


def test_a_condition_that_was_decided_is_not_decided_again() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "Count": COUNT,
            "Check": {
                "type": "If",
                "expression": "@equals(variables('Count'), 0)",
                "actions": {"Add": counted(), "B": compose(value, "Add")},
                "else": {"actions": {"C": compose(0)}},
                "runAfter": after("Count"),
            },
            "Choose": {
                "type": "Switch",
                "expression": "@variables('Count')",
                "cases": {"One": {"case": 1, "actions": {"D": counted(), "E": compose(value, "D")}}},
                "default": {"actions": {"F": compose(0)}},
                "runAfter": after("Check", statuses=("Failed",)),
            },
        }

    broken = actions(BAD)
    again = resumed(begin_run(program_of(broken)).drive(), program_of(broken))
    once_more = resumed(again, program_of(actions(GOOD)))

    assert done_again(again) == ["B", "Check", "Choose", "E"]
    assert done_again(once_more)[-1:] == ["Check"]
    assert str(once_more.record("C").status) == "Skipped"
    assert once_more.variable("Count") == 2


def test_a_do_until_goes_on_with_the_iteration_that_it_had_come_to() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "Count": COUNT,
            "Poll": {
                "type": "Until",
                "expression": "@equals(variables('Count'), 3)",
                "limit": {"count": 2},
                "actions": {"Add": counted(), "Flaky": compose("@int('x')", "Add")},
                "operationOptions": "FailWhenLimitsReached",
                "runAfter": after("Count"),
            },
            "Last": compose(value, "Poll", statuses=("Failed", "Succeeded")),
        }

    failed = begin_run(program_of(actions(GOOD))).drive()
    again = resumed(failed, program_of(actions(GOOD)))

    assert str(failed.record("Poll").status) == "Failed"
    assert done_again(again) == ["Poll", "Flaky 1", "Add 2", "Flaky 2"]
    assert [one.repetition for one in again.records("Flaky")] == [(0,), (1,), (2,)]
    assert again.record("Last").started.day == 1


def test_of_several_that_failed_only_the_chosen_is_done_again() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "One": {"type": "Scope", "actions": {"A": compose(value), "B": compose(1, "A")}},
            "Two": compose(value),
            "After one": compose(1, "One"),
            "After two": compose(1, "Two"),
        }

    failed = begin_run(program_of(actions(BAD))).drive()
    again = resumed(failed, program_of(actions(GOOD)), "A")

    assert done_again(again) == ["A", "After one", "B", "One"]
    assert (str(again.record("Two").status), str(again.record("After two").status)) == ("Failed", "Skipped")
    assert again.record("Two").problem == failed.record("Two").problem
    assert str(again.state.status) == "Failed"


def test_a_run_that_is_resumed_can_be_resumed_again() -> None:
    def actions(one: str, two: str) -> dict[str, Any]:
        return {"A": compose("@guid()"), "B": compose(one, "A"), "C": compose(two, "B")}

    first = begin_run(program_of(actions(BAD, BAD))).drive()
    second = resumed(first, program_of(actions(GOOD, BAD)))
    third = resumed(second, program_of(actions(GOOD, GOOD)))

    assert {str(one) for one in (first.state.status, second.state.status)} == {"Failed"}
    assert str(third.state.status) == "Succeeded"
    assert third.outputs("A") == first.outputs("A")
    assert all(one in FAILED for one in (first.state.status, second.state.status))


def test_a_scope_that_had_succeeded_is_taken_over_with_everything_within() -> None:
    def actions(value: str) -> dict[str, Any]:
        return {
            "All": {
                "type": "Scope",
                "actions": {
                    "Each": {
                        "type": "Foreach",
                        "foreach": "@createArray(1, 2)",
                        "actions": {"Item": compose("@item()")},
                    },
                    "If": {
                        "type": "If",
                        "expression": "@true",
                        "actions": {"Yes": compose("yes")},
                        "else": {"actions": {"No": compose("no")}},
                        "runAfter": after("Each"),
                    },
                },
            },
            "B": compose(value, "All"),
            "C": compose("@concat(outputs('Yes'), length(result('Each')), length(result('All')))", "B"),
        }

    again = resumed(begin_run(program_of(actions(BAD))).drive(), program_of(actions(GOOD)))

    assert done_again(again) == ["B", "C"]
    assert again.outputs("C") == "yes22"
    assert [one.outputs for one in again.records("Item")] == [1, 2]
    assert str(again.record("No").status) == "Skipped"


def test_tracked_properties_find_the_resumed_run_as_well() -> None:
    def actions(value: str) -> dict[str, Any]:
        tracked = {"trackedProperties": {"order": "@action()['outputs']"}}
        inside = {"type": "Scope", "actions": {"In": {**compose(8), **tracked}}}
        return {"A": {**compose(7), **tracked}, "S": inside, "B": compose(value, "A", "S")}

    again = resumed(begin_run(program_of(actions(BAD))).drive(), program_of(actions(GOOD)))

    assert sorted(again.state.found) == [("order", "7"), ("order", "8")]
