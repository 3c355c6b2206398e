"""What an expression can see beyond itself. Source: cloud-flows 5.11.

The engine supplies it from a run; :class:`StaticScope` from plain values.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from deskhand.wdl.values import Value

Record = Mapping[str, Value]
"""An action's or trigger's record: ``name``, ``inputs``, ``outputs``, ``status`` and so on."""


@dataclass(frozen=True, slots=True)
class RepeatedRecord:
    """An action of a loop as it is seen from outside of it: no outputs, and all its repetitions.

    Source: cloud-flows 3.6 (Foreach).

    Attributes:
        name: The action.
        load: Finds the records of its repetitions.
    """

    name: str
    load: Callable[[], list[Value]] = field(repr=False)

    def get(self, key: str, default: Value = None) -> Value:
        """Return nothing but the name: there is no single record."""
        return self.name if key == "name" else default


class Scope(Protocol):
    """The names and values around an expression. Names are looked up in any case.

    A mapping may load its values when they are asked for.
    """

    @property
    def variables(self) -> Mapping[str, Value]:
        """Return the variables' current values."""
        ...

    @property
    def parameters(self) -> Mapping[str, Value]:
        """Return the workflow parameters."""
        ...

    @property
    def actions(self) -> Mapping[str, Record | RepeatedRecord]:
        """Return the records of all actions that can be named here, run or not."""
        ...

    @property
    def trigger(self) -> Record | None:
        """Return the trigger's record; None where expressions may not ask."""
        ...

    @property
    def action(self) -> Record | None:
        """Return the current action's record; None where expressions may not ask."""
        ...

    @property
    def items(self) -> Mapping[str, Value]:
        """Return the current element of each enclosing loop, by the loop's name."""
        ...

    @property
    def item(self) -> tuple[Value, ...]:
        """Return the current element of the innermost loop or selection; empty outside of any."""
        ...

    @property
    def iteration_indexes(self) -> Mapping[str, int]:
        """Return how often each enclosing loop has begun anew, by the loop's name."""
        ...

    @property
    def results(self) -> Mapping[str, list[Value]]:
        """Return the records of the actions directly in each scope, by the scope's name."""
        ...

    @property
    def workflow(self) -> Record:
        """Return what ``workflow()`` tells."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """Return what ``appsetting()`` tells."""
        ...

    @property
    def callback_url(self) -> str | None:
        """Return what ``listCallbackUrl()`` tells; None where expressions may not ask."""
        ...

    def now(self) -> datetime:
        """Return the time of the evaluation, in UTC."""
        ...

    def new_id(self) -> uuid.UUID:
        """Return a new random GUID."""
        ...

    def random_below(self, low: int, high: int) -> int:
        """Return a random whole number from ``low`` to just below ``high``."""
        ...


@dataclass(frozen=True)
class StaticScope:
    """A scope of plain values, for evaluation outside of a run.

    Attributes:
        moment: What the functions that ask for the time are told.
    """

    moment: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    variables: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    actions: Mapping[str, Record | RepeatedRecord] = field(default_factory=dict)
    trigger: Record | None = None
    action: Record | None = None
    items: Mapping[str, Value] = field(default_factory=dict)
    item: tuple[Value, ...] = ()
    iteration_indexes: Mapping[str, int] = field(default_factory=dict)
    results: Mapping[str, list[Value]] = field(default_factory=dict)
    workflow: Record = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    callback_url: str | None = None

    def now(self) -> datetime:
        """Return the fixed moment."""
        return self.moment

    def new_id(self) -> uuid.UUID:
        """Return a new random GUID."""
        return uuid.uuid4()

    def random_below(self, low: int, high: int) -> int:
        """Return a random whole number from ``low`` to just below ``high``."""
        return low + secrets.randbelow(high - low)
