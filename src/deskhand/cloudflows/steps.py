"""What an action type is given to look at: the engine's :class:`~deskhand.cloudflows.declare.Step`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deskhand.cloudflows.declare import NOTHING, Event, LevelEnded, RunView, Services
from deskhand.cloudflows.resuming import NO_EARLIER_RUN, EarlierRuns
from deskhand.cloudflows.runstate import Record, RunState
from deskhand.cloudflows.scope import Archive, RunScope
from deskhand.core.settings import Settings
from deskhand.wdl.conditions import evaluate_condition
from deskhand.wdl.definition import Action
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run is advanced with.

    Attributes:
        settings: What is configured.
        services: What reaches outside.
        archive: Finds repetitions that have left the memory.
        now: The time.
        random: A random number from 0 to below 1, for the pauses between attempts.
        earlier: Finds what a run that goes on from an earlier one takes over.
    """

    settings: Settings
    services: Services
    archive: Archive
    now: Callable[[], datetime]
    random: Callable[[], float]
    earlier: EarlierRuns = NO_EARLIER_RUN


class ActionStep:
    """One look of an action type at its action.

    Args:
        run: The run.
        record: The action's record.
        event: What happened.
        around: What the run is advanced with.
        state: What the type had noted, where the record no longer holds it.
    """

    def __init__(
        self,
        run: RunState,
        record: Record,
        event: Event,
        around: Surroundings,
        state: dict[str, Value] | None = None,
    ) -> None:
        self._run = run
        self._record = record
        self._around = around
        self._state = state
        self.event = event

    @property
    def action(self) -> Action:
        """Return the action as the definition has it."""
        return self._record.node.action

    @property
    def inputs(self) -> Value:
        """Return the action's inputs, evaluated once and journaled."""
        if self._record.inputs is NOTHING:
            self.give(self.evaluate(self.action.inputs))
        return self._record.inputs

    @property
    def given(self) -> Value:
        """Return what is journaled as the action's inputs so far."""
        return self._record.inputs

    @property
    def state(self) -> dict[str, Value]:
        """Return what the type notes of the action."""
        # The record's own as it is now: before a transaction is tried again, it is put back.
        return self._record.state if self._state is None else self._state

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        return self._around.now()

    @property
    def run(self) -> RunView:
        """Return the run."""
        return self._run

    @property
    def settings(self) -> Settings:
        """Return what is configured."""
        return self._around.settings

    @property
    def services(self) -> Services:
        """Return what reaches outside."""
        return self._around.services

    @property
    def tracking_id(self) -> UUID:
        """Return the id of the action's record."""
        return self._record.id

    @property
    def linked_id(self) -> UUID | None:
        """Return the flow session or child run that the action waits for."""
        return self._record.linked_id

    @property
    def is_repeated(self) -> bool:
        """Return whether the action stands within a loop."""
        return bool(self._record.node.loops)

    @property
    def attempt(self) -> int:
        """Return which attempt this is, from 1."""
        return len(self._record.attempts) + 1

    @property
    def resumed_iteration(self) -> int | None:
        """Return the last iteration of a loop that an earlier run began and this one goes on with."""
        node, run = self._record.node, self._run
        if run.resumed_id is None:
            return None
        names = [name for plan in node.branches.values() for name in plan.nodes]
        return self._around.earlier.last_iteration(run, names, self._record.repetition)

    def evaluate(self, value: Value, *, item: Value = NOTHING) -> Value:
        """Evaluate part of the definition, as this place of the run sees it."""
        return evaluate_template(value, self._scope(() if item is NOTHING else (item,)))

    def test(self, condition: Value) -> Value:
        """Evaluate a condition, in either of its forms."""
        return evaluate_condition(condition, self._scope(()))

    def give(self, inputs: Value, *, shown: Value = NOTHING) -> None:
        """Journal what the action is given."""
        self._record.give(inputs, shown)

    def _scope(self, elements: tuple[Value, ...]) -> RunScope:
        node, repetition, loops = self._record.node, self._record.repetition, self._record.node.loops
        if isinstance(self.event, LevelEnded) and self.event.index is not None:
            # The condition of a loop sees the iteration that has just ended.
            repetition, loops = (*repetition, self.event.index), (*loops, node.name)
        called_back = node.type is not None and node.type.called_back
        return RunScope(
            self._run,
            repetition,
            loops,
            self._around.archive,
            self._around.now,
            elements,
            callback_url=self.services.callback_url(self._run.id, self._record.id) if called_back else None,
        )
