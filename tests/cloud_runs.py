"""Cloud-flow runs in memory, for tests: no database, time that jumps, calls answered at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import deskhand.cloudflows.actions
from deskhand.cloudflows.declare import NOTHING, Answered
from deskhand.cloudflows.engine import Machine
from deskhand.cloudflows.program import Program, compile_program
from deskhand.cloudflows.runstate import Record, RunState
from deskhand.cloudflows.scope import record_value
from deskhand.cloudflows.steps import Surroundings
from deskhand.core.settings import Settings

assert deskhand.cloudflows.actions

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
FLOW_ID = UUID("0c1d1f3e-0000-4000-8000-00000000f10a")
VERSION_ID = UUID("0c1d1f3e-0000-4000-8000-00000000e510")
USER_ID = UUID("0c1d1f3e-0000-4000-8000-00000000c0de")


@dataclass
class Time:
    """A clock that stands until somebody moves it."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


class NoServices:
    """Nothing outside can be reached; addresses are made up."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"an action reached for {name}")

    def callback_url(self, run_id: UUID, tracking_id: UUID) -> str:
        return f"https://deskhand.example/callback/{tracking_id}"


@dataclass
class MemoryRun:
    """One run with everything that it ever recorded."""

    state: RunState
    machine: Machine
    time: Time
    everything: dict[UUID, Record] = field(default_factory=dict)

    def drive(self, until: datetime | None = None) -> MemoryRun:
        """Advance the run to its end, letting time jump to whatever it waits for."""
        while True:
            turn = self.machine.work()
            self.everything.update({record.id: record for record in self.state.changed})
            self.machine.begin_turn()
            for record, call in turn.calls:
                self.machine.answer(record, _answer(call.perform))
            if turn.calls or self.machine.is_ready:
                continue
            due = self.machine.next_due
            if due is None or (until is not None and due > until) or not self.state.open_records():
                return self
            self.time.now = max(self.time.now, due)
            self.machine.fire(self.time.now)

    def records(self, name: str) -> list[Record]:
        """Return every repetition of an action."""
        return sorted(
            (one for one in self.everything.values() if one.name == name), key=lambda one: one.repetition
        )

    def record(self, name: str) -> Record:
        """Return the only record of an action."""
        (found,) = self.records(name)
        return found

    def value(self, name: str) -> dict[str, Any]:
        """Return the only record of an action as expressions see it."""
        return record_value(self.record(name), self.state)

    def outputs(self, name: str) -> Any:
        """Return the outputs of an action's only record; NOTHING if it has none."""
        return self.record(name).outputs

    def statuses(self) -> dict[str, str]:
        """Return the status of each action that has a single record, in the order in which they ended."""
        ended = sorted(self.everything.values(), key=lambda one: one.ended or BEGIN)
        return {one.name: str(one.status) for one in ended}

    def variable(self, name: str) -> Any:
        """Return a variable's value."""
        return self.state.variables[name].value


def _answer(perform: Callable[[], Any]) -> Answered:
    try:
        return Answered(perform())
    except Exception as error:
        return Answered(error=error)


def program_of(actions: Mapping[str, Any], *, power_automate: bool = False, **members: Any) -> Program:
    """Return a program of these actions; members of the definition can be given beside."""
    definition = {
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
        "workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {}}},
        "actions": actions,
        **members,
    }
    document: Any = definition
    if power_automate:
        document = {"properties": {"definition": definition, "connectionReferences": {}}}
    return compile_program(VERSION_ID, FLOW_ID, json.dumps(document))


def compile_flow(document: str, beside: str | None = None) -> Program:
    """Return the program of a flow's document."""
    return compile_program(VERSION_ID, FLOW_ID, document, beside)


def begin_run(
    program: Program,
    *,
    trigger: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    services: Any = None,
    settings: Settings | None = None,
    awaits_answer: bool = False,
    random: Callable[[], float] = lambda: 0.5,
) -> MemoryRun:
    """Return a run of a program that has not begun."""
    time = Time()
    defaults = {one.name: one.default for one in program.definition.parameters.values() if one.has_default}
    state = RunState(
        id=UUID(int=1),
        name="08584000000000000000000000000CU00",
        flow_name="A flow",
        program=program,
        started=BEGIN,
        owner_id=USER_ID,
        started_by=USER_ID,
        trigger=trigger or {"name": "manual", "status": "Succeeded"},
        parameters={**defaults, **(parameters or {})},
        client_tracking_id="08584000000000000000000000000CU00",
        awaits_answer=awaits_answer,
    )
    run = MemoryRun(state, None, time)  # type: ignore[arg-type]

    def archive(_: RunState, names: Sequence[str]) -> Sequence[Record]:
        known = {**run.everything, **{one.id: one for one in state.changed}}
        return [one for one in known.values() if one.name in names]

    around = Surroundings(settings or Settings(), services or NoServices(), archive, time, random)
    run.machine = Machine(state, around)
    return run


def run_actions(actions: Mapping[str, Any], **options: Any) -> MemoryRun:
    """Run actions to their end; options are those of :func:`program_of` and :func:`begin_run`."""
    own = ("trigger", "parameters", "services", "settings", "awaits_answer", "random")
    given = {name: options.pop(name) for name in own if name in options}
    return begin_run(program_of(actions, **options), **given).drive()


def after(*names: str, statuses: Sequence[str] = ("Succeeded",)) -> dict[str, list[str]]:
    """Return a ``runAfter``."""
    return {name: list(statuses) for name in names}


__all__ = ["BEGIN", "NOTHING", "MemoryRun", "after", "begin_run", "program_of", "run_actions", "timedelta"]
