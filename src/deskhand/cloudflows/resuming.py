"""What a run that goes on from an earlier one takes over of it. Source: cloud-flows 7.3, ADR 15.

The new run begins at the top and decides anew what comes next. Where it comes to an action that had succeeded
it does not do it: the record is taken over as it was. So nothing that had succeeded happens again, whatever
the actions that failed bring this time; what was only done because they failed is skipped if they no longer
do. Loops and conditions go on with what they were given, and variables stand as the earlier run left them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from deskhand.cloudflows.declare import NOTHING, Status
from deskhand.cloudflows.program import Node
from deskhand.cloudflows.runstate import Record, Repetition, RunState

TERMINATED = "Terminated"
"""The code of the action that has ended a run: it succeeded, and ends the next run anew."""

FAILED = (Status.FAILED, Status.TIMED_OUT, Status.CANCELLED)
"""How actions end that are done again."""


class EarlierRuns(Protocol):
    """Finds the records of the run that a run goes on from."""

    def at(self, run: RunState, repetition: Repetition) -> Mapping[str, Record]:
        """Return the records of one repetition, by name."""
        ...

    def within(self, run: RunState, names: Sequence[str]) -> Sequence[Record]:
        """Return the records of actions, all repetitions of them."""
        ...

    def last_iteration(self, run: RunState, names: Sequence[str], repetition: Repetition) -> int | None:
        """Return the last iteration that a loop began there; None if it began none.

        Args:
            run: The run that goes on.
            names: The actions directly within the loop.
            repetition: What the loop's own record carries.
        """
        ...


class NoEarlierRun:
    """For where no run goes on from another."""

    def at(self, run: RunState, repetition: Repetition) -> Mapping[str, Record]:
        """Return nothing."""
        return {}

    def within(self, run: RunState, names: Sequence[str]) -> Sequence[Record]:
        """Return nothing."""
        return ()

    def last_iteration(self, run: RunState, names: Sequence[str], repetition: Repetition) -> int | None:
        """Return nothing."""
        return None


NO_EARLIER_RUN = NoEarlierRun()


def earlier_record(run: RunState, node: Node, repetition: Repetition, earlier: EarlierRuns) -> Record | None:
    """Return what the earlier run recorded of an action; None if nothing, or if there is no such run."""
    if run.resumed_id is None:
        return None
    known = run.earlier.get(repetition)
    if known is None:
        known = run.earlier[repetition] = earlier.at(run, repetition)
    return known.get(node.name)


def is_taken_over(earlier: Record, run: RunState) -> bool:
    """Tell whether an action is not done again.

    One that had failed is done again unless others were chosen and it does not depend on them.
    """
    if earlier.status is Status.SUCCEEDED:
        return earlier.code != TERMINATED
    return run.repeated is not None and earlier.status in FAILED and earlier.name not in run.repeated


def beginning(
    run: RunState, node: Node, repetition: Repetition, earlier: EarlierRuns, now: datetime
) -> datetime:
    """Return when an action counts as begun that begins now: what is taken over keeps its time."""
    known = earlier_record(run, node, repetition, earlier)
    return known.started if known is not None and is_taken_over(known, run) else now


def take_over(record: Record, earlier: Record) -> None:
    """Make a record what an earlier one was, but for its id."""
    record.started, record.ended = earlier.started, earlier.ended
    record.status, record.code, record.problem = earlier.status, earlier.code, earlier.problem
    record.give(earlier.inputs, earlier.shown_inputs)
    record.outputs, record.shown_outputs = earlier.outputs, earlier.shown_outputs
    record.notes, record.linked_id = dict(earlier.notes), earlier.linked_id
    record.attempts, record.tracked = list(earlier.attempts), earlier.tracked


def copy_of(earlier: Record) -> Record:
    """Return a record of the new run that is what an earlier one was."""
    record = Record(earlier.node, earlier.repetition, earlier.started)
    take_over(record, earlier)
    return record


def go_on(record: Record, earlier: Record) -> None:
    """Let an action that holds others go on with what it was given, so that it decides as it did."""
    if record.node.branches and record.inputs is NOTHING and earlier.inputs is not NOTHING:
        record.give(earlier.inputs, earlier.shown_inputs)


def repeated_names(chosen: Sequence[Node]) -> frozenset[str]:
    """Return what may run again if some actions are chosen: they, what runs after them, what holds them."""
    found: set[str] = set()
    entered: set[str] = set()
    waiting = list(chosen)
    while waiting:
        node = waiting.pop()
        if node.name in found:
            continue
        found.add(node.name)
        waiting += [*node.followers, *(one for plan in node.branches.values() for one in plan.descendants())]
        for owner in _owners(node):  # They are entered again, though not all within them is done again.
            entered.add(owner.name)
            waiting += owner.followers
    return frozenset(found | entered)


def _owners(node: Node) -> Iterator[Node]:
    """Yield the actions that hold an action, innermost first."""
    owner = node.level.owner
    while owner is not None:
        yield owner
        owner = owner.level.owner
