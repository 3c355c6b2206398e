"""What a trigger is given to look at: the engine's :class:`~deskhand.cloudflows.declare.Look`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from deskhand.cloudflows.activation import Phase
from deskhand.cloudflows.declare import NOTHING, Services
from deskhand.cloudflows.flows import Flow, deleted_flow, find_flow
from deskhand.cloudflows.journal import Seals, read_value
from deskhand.cloudflows.parameters import parameter_values
from deskhand.cloudflows.program import Program
from deskhand.cloudflows.programs import Programs
from deskhand.core.settings import Settings
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Trigger
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TriggerLook:
    """One look of a trigger.

    Attributes:
        due: When it was due; None at activation.
        reader: Runs a function that only reads the database.
    """

    flow: Flow
    program: Program
    trigger: Trigger
    parameters: Mapping[str, Value]
    now: datetime
    due: datetime | None
    activated: datetime
    last_fired: datetime | None
    cursor: Value
    failures: int
    settings: Settings
    services: Services
    reader: Callable[[Callable[[Transaction], object]], object] = field(repr=False)

    @property
    def workflow_id(self) -> UUID:
        """Return the flow."""
        return self.flow.workflow_id

    @property
    def owner_id(self) -> UUID:
        """Return whose the flow is."""
        return self.flow.owner.user_id

    @property
    def started_by(self) -> UUID:
        """Return as whom it looks."""
        return self.flow.owner.user_id

    @property
    def connections(self) -> Mapping[str, Value]:
        """Return the flow's connection references."""
        return self.program.container.connections

    @property
    def is_power_automate(self) -> bool:
        """Return whether the flow came from Power Automate."""
        return self.program.is_power_automate

    def evaluate(self, value: Value) -> Value:
        """Evaluate part of the definition; only parameters, and the trigger's address, can be read."""
        scope = StaticScope(
            moment=self.now,
            parameters=self.parameters,
            workflow={"name": str(self.flow.workflow_id), "tags": {"flowDisplayName": self.flow.name}},
            callback_url=self.services.trigger_url(
                self.flow.workflow_id, self.trigger.name, self.flow.address_key
            ),
        )
        return evaluate_template(value, scope)

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads the database."""
        found: list[T] = []
        self.reader(lambda tx: found.append(function(tx)))
        return found[-1]


@dataclass(frozen=True, slots=True)
class Looks:
    """Makes looks.

    Attributes:
        programs: The programs of flows.
        settings: What is configured.
        services: What triggers reach outside with.
        reader: Runs a function that only reads the database.
    """

    programs: Programs
    settings: Settings
    services: Services
    reader: Callable[[Callable[[Transaction], object]], object] = field(repr=False)

    def make(self, tx: Transaction, row: Row, due: datetime | None, seals: Seals) -> TriggerLook | None:
        """Return what a trigger is given to look at; None if its flow or version is gone.

        Args:
            tx: The open transaction.
            row: The trigger's row.
            due: When the look was due.
            seals: Opens what the trigger remembers.
        """
        flow = find_flow(tx, row["workflowid"])
        if flow is None and row["phase"] == Phase.ENDING:
            flow = deleted_flow(row["workflowid"])
        program = self.programs.find(tx, row["flowversionid"])
        trigger = program.trigger_named(row["name"]) if program else None
        if flow is None or program is None or trigger is None:
            return None
        sealed = row["sealedcursor"]
        trigger_id = row["flowtriggerid"]
        cursor = read_value(row["cursor"]) if sealed is None else seals.open(sealed, trigger_id, "cursor")
        return TriggerLook(
            flow=flow,
            program=program,
            trigger=trigger,
            parameters=parameter_values(tx, program),
            now=tx.now,
            due=due,
            activated=row["startedon"],
            last_fired=row["lastfiredon"],
            cursor=None if cursor is NOTHING else cursor,
            failures=row["failures"],
            settings=self.settings,
            services=self.services,
            reader=self.reader,
        )
