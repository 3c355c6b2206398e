"""What the expressions of a run can see. Source: cloud-flows 3.1, 3.7 and 5.11."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deskhand.cloudflows.declare import NOTHING, Status
from deskhand.cloudflows.program import Node, Plan
from deskhand.cloudflows.runstate import Record, Repetition, RunState
from deskhand.wdl.scope import RepeatedRecord
from deskhand.wdl.values import Value

Archive = Callable[[RunState, Sequence[str]], Sequence[Record]]
"""Finds all repetitions of actions of a run by their names, those that have left the memory included."""


def wire_time(moment: datetime) -> str:
    """Write an instant as history does: seven digits after the point. Source: cloud-flows 7.2."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond:06d}0Z"


def record_value(record: Record, run: RunState) -> dict[str, Value]:
    """Return a record as ``actions()`` and ``result()`` show it; members without a value are absent."""
    value: dict[str, Value] = {"name": record.name}
    if record.inputs is not NOTHING:
        value["inputs"] = record.inputs
    if record.outputs is not NOTHING:
        value["outputs"] = record.outputs
    value["startTime"] = wire_time(record.started)
    if record.ended is not None:
        value["endTime"] = wire_time(record.ended)
    value |= {"trackingId": str(record.id), "clientTrackingId": run.client_tracking_id}
    if record.code:
        value["code"] = record.code
    value["status"] = str(record.status)
    if record.problem is not None:
        value["error"] = record.problem.as_value()
    if record.attempts:
        value["retryHistory"] = list(record.attempts)
    return value


class RecordView(Mapping[str, Value]):
    """A record as an expression reads it: outputs at once, the rest when it is asked for."""

    def __init__(self, record: Record, run: RunState) -> None:
        self._record = record
        self._run = run

    def get(self, key: str, default: Value = None) -> Value:
        """Return a member of the record, or the default."""
        if key == "outputs":
            return default if self._record.outputs is NOTHING else self._record.outputs
        return record_value(self._record, self._run).get(key, default)

    def __getitem__(self, key: str) -> Value:
        return record_value(self._record, self._run)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(record_value(self._record, self._run))

    def __len__(self) -> int:
        return len(record_value(self._record, self._run))


class ActionsView(Mapping[str, Any]):
    """The records of all actions as one place of the run sees them; names match in any case."""

    def __init__(self, scope: RunScope) -> None:
        self._scope = scope

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._scope.run.program.node(name) is not None

    def __getitem__(self, name: str) -> Any:
        node = self._scope.run.program.node(name)
        if node is None:
            raise KeyError(name)
        return self._scope.view(node)

    def __iter__(self) -> Iterator[str]:
        return (node.name for node in self._scope.run.program.nodes.values())

    def __len__(self) -> int:
        return len(self._scope.run.program.nodes)


class ResultsView(Mapping[str, Any]):
    """What ``result()`` gives for each action that holds others. Source: cloud-flows 3.7."""

    def __init__(self, scope: RunScope) -> None:
        self._scope = scope

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __getitem__(self, name: str) -> list[Value]:
        node = self._find(name)
        if node is None:
            raise KeyError(name)
        return self._scope.results_of(node)

    def __iter__(self) -> Iterator[str]:
        return (node.name for node in self._scope.run.program.nodes.values() if node.branches)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, name: str) -> Node | None:
        node = self._scope.run.program.node(name)
        return node if node is not None and node.branches else None


class RunScope:
    """The scope of expressions at one place of a run.

    Args:
        run: The run.
        repetition: The indexes of the loops around the place.
        loops: Those loops' names, outermost first.
        archive: Finds repetitions that have left the memory.
        now: The time.
        elements: Elements that the action itself goes through, outermost first.
        record: The action's own record, where expressions may ask for it.
    """

    def __init__(
        self,
        run: RunState,
        repetition: Repetition,
        loops: tuple[str, ...],
        archive: Archive,
        now: Callable[[], datetime],
        elements: tuple[Value, ...] = (),
        record: Record | None = None,
        callback_url: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.run = run
        self.repetition = repetition
        self._loops = loops
        self._archive = archive
        self._now = now
        self._elements = elements
        self._record = record
        self.callback_url = callback_url
        self.settings: Mapping[str, str] = settings or {}

    @property
    def variables(self) -> Mapping[str, Value]:
        """Return the variables' current values."""
        return {name: variable.value for name, variable in self.run.variables.items()}

    @property
    def parameters(self) -> Mapping[str, Value]:
        """Return the workflow parameters."""
        return self.run.parameters

    @property
    def actions(self) -> Mapping[str, Any]:
        """Return the records of all actions, run or not."""
        return ActionsView(self)

    @property
    def trigger(self) -> Mapping[str, Value]:
        """Return the trigger's record."""
        return self.run.trigger

    @property
    def action(self) -> Mapping[str, Value] | None:
        """Return the current action's record; None where expressions may not ask."""
        return None if self._record is None else record_value(self._record, self.run)

    @property
    def items(self) -> Mapping[str, Value]:
        """Return the current element of each enclosing loop over elements."""
        return dict(self._loop_elements())

    @property
    def item(self) -> tuple[Value, ...]:
        """Return the current element of the innermost loop or selection; empty outside of any."""
        if self._elements:
            return self._elements[-1:]
        return tuple(value for _, value in self._loop_elements())[-1:]

    @property
    def iteration_indexes(self) -> Mapping[str, int]:
        """Return how often each enclosing loop has begun anew."""
        return dict(zip(self._loops, self.repetition, strict=False))

    @property
    def results(self) -> Mapping[str, list[Value]]:
        """Return the records of the actions directly in each scope."""
        return ResultsView(self)

    @property
    def workflow(self) -> Mapping[str, Value]:
        """Return what ``workflow()`` tells."""
        return workflow_value(self.run)

    def now(self) -> datetime:
        """Return the time of the evaluation."""
        return self._now()

    def new_id(self) -> uuid.UUID:
        """Return a new random GUID."""
        return uuid.uuid4()

    def random_below(self, low: int, high: int) -> int:
        """Return a random whole number from ``low`` to just below ``high``."""
        return low + secrets.randbelow(high - low)

    def view(self, node: Node) -> Any:
        """Return an action's record as this place sees it."""
        if node.loops != self._loops[: len(node.loops)]:
            return RepeatedRecord(node.name, lambda: self._repetitions([node]))
        record = self.run.record(node, self.repetition)
        return {"name": node.name} if record is None else RecordView(record, self.run)

    def results_of(self, node: Node) -> list[Value]:
        """Return the records of the actions directly within an action."""
        inside = [one for plan in node.branches.values() for one in plan.nodes.values()]
        if not node.repeats and node.loops == self._loops[: len(node.loops)]:
            found = (self.run.record(one, self.repetition) for one in inside)
            return [record_value(one, self.run) for one in found if one is not None]
        return self._repetitions(inside)

    def _repetitions(self, nodes: Sequence[Node]) -> list[Value]:
        """Return the records of all repetitions of actions, as far as this place's own loops go."""
        common = _common(nodes[0].loops, self._loops) if nodes else 0
        prefix = self.repetition[:common]
        found = self._archive(self.run, [node.name for node in nodes])
        return [
            record_value(record, self.run)
            for record in sorted(found, key=lambda one: (one.repetition, one.started))
            if record.repetition[:common] == prefix
            and (record.status is not Status.SKIPPED or len(record.repetition) == len(record.node.loops))
        ]

    def _loop_elements(self) -> Iterator[tuple[str, Value]]:
        for depth, (name, index) in enumerate(zip(self._loops, self.repetition, strict=False)):
            loop = self.run.records.get(self.repetition[:depth], {}).get(name)
            if loop is not None and isinstance(loop.inputs, list):
                yield name, loop.inputs[index]


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return count


def workflow_value(run: RunState) -> dict[str, Value]:
    """Return what ``workflow()`` tells of a run. Source: cloud-flows 5.11."""
    flow = f"/workflows/{run.workflow_id}"
    return {
        "id": flow,
        "name": str(run.workflow_id),
        "type": "Microsoft.Logic/workflows",
        "location": "local",
        "tags": {
            "flowDisplayName": run.flow_name,
            "environmentName": "default",
            "logicAppName": str(run.workflow_id),
            "xrmWorkflowId": str(run.workflow_id),
            "createdBy": str(run.owner_id),
        },
        "run": {
            "id": f"{flow}/runs/{run.name}",
            "name": run.name,
            "type": "Microsoft.Logic/workflows/runs",
        },
    }


def plan_records(run: RunState, plan: Plan, repetition: Repetition) -> Mapping[str, Record]:
    """Return the records of a level, by name."""
    known = run.records.get(repetition, {})
    return {name: known[name] for name in plan.nodes if name in known}
