"""A trigger as its flow defines it: the engine's :class:`~deskhand.cloudflows.declare.TriggerView`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskhand.wdl.definition import Trigger
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class DefinedTrigger:
    """A trigger of a document.

    Attributes:
        parameters: The values of the flow's parameters.
        now: The present instant.
    """

    trigger: Trigger
    is_power_automate: bool
    parameters: Mapping[str, Value] = field(repr=False)
    now: datetime

    def evaluate(self, value: Value) -> Value:
        """Evaluate part of the definition; only parameters can be read."""
        return evaluate_template(value, StaticScope(moment=self.now, parameters=self.parameters))
