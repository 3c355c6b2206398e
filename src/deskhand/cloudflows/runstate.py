"""One run in memory: its records, its levels, its variables. Source: cloud-flows 3.1 to 3.3 and 7.1.

Actions are found by their name and by the *repetition* they belong to: the indexes of the loops around them,
outermost first. What has ended with its iteration leaves the memory once it is journaled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from deskhand.cloudflows.declare import NOTHING, Problem, Status, Variable
from deskhand.cloudflows.program import Node, Plan, Program
from deskhand.core.ids import new_id
from deskhand.wdl.values import Value

Repetition = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Record:
    """An action of a run, or one repetition of it: what its journal row holds.

    Attributes:
        state: What its type notes of it.
        notes: What the engine notes of it: ``levels`` that have not ended, whether it ``waits``, is
            ``calling`` something, is ``pausing`` before another attempt, its ``deadline``.
        due: When it goes on by itself.
        is_stored: Whether it has a row.
        has_new_inputs: Whether that row lacks its inputs.
    """

    node: Node
    repetition: Repetition
    started: datetime
    id: UUID = field(default_factory=new_id)
    status: Status = Status.RUNNING
    code: str = ""
    problem: Problem | None = None
    inputs: Value = NOTHING
    shown_inputs: Value = NOTHING
    outputs: Value = NOTHING
    shown_outputs: Value = NOTHING
    ended: datetime | None = None
    state: dict[str, Value] = field(default_factory=dict)
    notes: dict[str, Value] = field(default_factory=dict)
    due: datetime | None = None
    linked_id: UUID | None = None
    attempts: list[Value] = field(default_factory=list)
    tracked: Value = NOTHING
    is_stored: bool = False
    has_new_inputs: bool = True

    @property
    def name(self) -> str:
        """Return the action's name."""
        return self.node.name

    def give(self, inputs: Value, shown: Value = NOTHING) -> None:
        """Note what the action is given."""
        self.inputs, self.shown_inputs, self.has_new_inputs = inputs, shown, True


def snapshot(record: Record) -> Callable[[], None]:
    """Return what brings a record back to what it is now, any number of times."""
    kept = {one.name: getattr(record, one.name) for one in fields(record)}

    def restore() -> None:
        for name, value in kept.items():
            setattr(record, name, value.copy() if isinstance(value, list | dict) else value)

    restore()
    return restore


@dataclass(slots=True, eq=False)
class Level:
    """A list of actions that has begun.

    Attributes:
        owner: The action around it; None for the run's own.
        index: The iteration, for a loop's body.
        repetition: What its actions' records carry.
        left: Actions that are not final yet, those that have not begun included.
    """

    plan: Plan
    owner: Record | None
    index: int | None
    repetition: Repetition
    left: int


@dataclass(slots=True, eq=False)
class RunState:
    """A run.

    Attributes:
        records: The records in memory, by repetition and name.
        levels: The levels that have not ended, by their plan and repetition.
        parameters: The parameters' values.
        trigger: The trigger's record.
        opened: The records that were not final when the last turn began, or are new since.
        changed: The records whose rows are out of date, in the order in which they changed.
        journaled: The columns of its own row as they were journaled last.
        has_told: Whether whoever waits for the response has been told of it.
        found: Tracked properties that have no row yet.
        origin_name: The run that it repeats, if it repeats one.
        resumed_id: The earlier run that it goes on from.
        repeated: The actions of that run that it does again unless they had succeeded; None for all.
        earlier: Records of that run by repetition, as far as they were looked for.
    """

    id: UUID
    name: str
    flow_name: str
    program: Program
    started: datetime
    owner_id: UUID
    started_by: UUID
    trigger: Mapping[str, Value]
    parameters: Mapping[str, Value]
    client_tracking_id: str
    awaits_answer: bool = False
    status: Status = Status.RUNNING
    code: str = ""
    problem: Problem | None = None
    ended: datetime | None = None
    outputs: Value = NOTHING
    response_id: UUID | None = None
    has_told: bool = False
    variables: dict[str, Variable] = field(default_factory=dict)
    has_entered: bool = False
    parent_id: UUID | None = None
    parent_action_id: UUID | None = None
    parent_name: str | None = None
    origin_name: str | None = None
    is_test: bool = False
    resumed_id: UUID | None = None
    repeated: frozenset[str] | None = None
    earlier: dict[Repetition, Mapping[str, Record]] = field(default_factory=dict)
    records: dict[Repetition, dict[str, Record]] = field(default_factory=dict)
    levels: dict[tuple[int, Repetition], Level] = field(default_factory=dict)
    opened: dict[Record, None] = field(default_factory=dict)
    changed: dict[Record, None] = field(default_factory=dict)
    journaled: dict[str, Any] = field(default_factory=dict)
    found: list[tuple[str, str]] = field(default_factory=list)

    @property
    def workflow_id(self) -> UUID:
        """Return the flow."""
        return self.program.workflow_id

    @property
    def is_power_automate(self) -> bool:
        """Return whether the flow came from Power Automate."""
        return self.program.is_power_automate

    @property
    def connections(self) -> Mapping[str, Value]:
        """Return the flow's connection references."""
        return self.program.container.connections

    def answer(self, tracking_id: UUID) -> bool:
        """Take a Response as the answer to the caller; False if there was one before."""
        if self.response_id is not None:
            return False
        self.response_id = tracking_id
        return True

    def has_caller_time_left(self, earliest: datetime) -> bool:
        """Tell whether the caller can still be waiting; a parent flow waits as long as it may run itself."""
        return self.parent_action_id is not None or self.started >= earliest

    def add(self, record: Record) -> None:
        """Take a new record in."""
        self.place(record)
        self.changed[record] = None

    def place(self, record: Record) -> None:
        """Put a record in its place."""
        self.records.setdefault(record.repetition, {})[record.name] = record
        self.opened[record] = None

    def record(self, node: Node, repetition: Repetition) -> Record | None:
        """Return the record of an action as seen from a repetition, or None if it has not begun.

        An action within a loop that does not enclose that place has no single record there.
        """
        depth = len(node.loops)
        if depth > len(repetition):
            return None
        return self.records.get(repetition[:depth], {}).get(node.name)

    def all_records(self) -> Iterator[Record]:
        """Yield the records in memory."""
        for named in self.records.values():
            yield from named.values()

    def open_records(self) -> list[Record]:
        """Return the records that are not final."""
        return [record for record in self.opened if not record.status.is_final]

    def close_records(self) -> None:
        """Let go of the records whose end is journaled."""
        self.opened = dict.fromkeys(self.open_records())

    def level_of(self, record: Record) -> Level:
        """Return the level that a record belongs to."""
        return self.levels[level_key(record.node.level, record.repetition)]

    def forget(self, loop: Record, index: int) -> None:
        """Let the records of an ended iteration go; those without a row stay among the changed.

        Another loop beside this one has iterations of the same indexes.
        """
        repetition, inside = (*loop.repetition, index), (*loop.node.loops, loop.name)
        depth = len(repetition)
        self.earlier.pop(repetition, None)
        for known in [one for one in self.records if one[:depth] == repetition]:
            named = self.records[known]
            for name in [name for name, one in named.items() if one.node.loops[:depth] == inside]:
                del named[name]
            if not named:
                del self.records[known]

    @property
    def next_due(self) -> datetime | None:
        """Return the next instant at which something happens by itself."""
        instants = [instant for record in self.open_records() for instant in instants_of(record)]
        return min(instants, default=None)


def level_key(plan: Plan, repetition: Repetition) -> tuple[int, Repetition]:
    """Return what a level is known by within its run."""
    return id(plan), repetition


def instants_of(record: Record) -> Iterable[datetime]:
    """Return when a record goes on by itself, and when its time is up."""
    return (instant for instant in (record.due, deadline_of(record)) if instant is not None)


def deadline_of(record: Record) -> datetime | None:
    """Return when a record's time is up, if it has a limit."""
    noted: Any = record.notes.get("deadline")
    return None if noted is None else datetime.fromisoformat(noted)


def level_status(plan: Plan, status_of: Callable[[str], Status]) -> Status:
    """Return how a list of actions ended. Source: cloud-flows 3.3.

    A leaf that was skipped stands for the actions before it: somewhere up the chain something failed, or not.
    """
    known: set[str] = set()
    failed = any(_has_failed(leaf, plan, status_of, known) for leaf in plan.leaves)
    return Status.FAILED if failed else Status.SUCCEEDED


def _has_failed(node: Node, plan: Plan, status_of: Callable[[str], Status], known: set[str]) -> bool:
    """Walk up from an action through skipped ones; not by recursion, a chain may have hundreds."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.name in known:
            continue
        known.add(one.name)
        status = status_of(one.name)
        if status in (Status.FAILED, Status.TIMED_OUT, Status.CANCELLED):
            return True
        if status is Status.SKIPPED:
            waiting += [plan.nodes[name] for name, _ in one.predecessors]
    return False


def repetition_text(repetition: Repetition) -> str:
    """Return a repetition as history names it: six digits each. Source: cloud-flows 7.1."""
    return "-".join(f"{index:06d}" for index in repetition)


def repetition_of(text: str) -> Repetition:
    """Read what :func:`repetition_text` wrote."""
    return tuple(int(one) for one in text.split("-")) if text else ()
