"""What a traced program asks of whoever debugs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from deskhand.robin.catalog import ActionError
from deskhand.robin.errors import LogicError
from deskhand.robin.values import Value

Variables = Callable[[], Mapping[str, Value]]
"""Returns the variables that a subflow sees, by their spelled names."""

Store = Callable[[str, Value], None]
"""Sets one of them; its name is in lower case."""


class RunningFlow(Protocol):
    """What a run lends to its debugger."""

    def text(self, value: Value) -> str:
        """Return what a value looks like inside a text."""
        ...

    def mask(self, text: str) -> str:
        """Return a text with every secret replaced."""
        ...

    def is_sensitive(self, name: str) -> bool:
        """Tell whether nobody may see a variable."""
        ...

    def guard(self, value: Value) -> None:
        """Show a value nowhere from now on."""
        ...

    def log(self, subflow: str, row: int, line: int, message: str) -> None:
        """Write a line of the run's log that a breakpoint asks for; secrets are replaced."""
        ...

    def evaluate(self, expression: str, variables: Mapping[str, Value]) -> Value:
        """Return the value of an expression.

        Raises:
            CannotEvaluate: It has none.
        """
        ...


class Debugger(Protocol):
    """Follows a traced run; one instance for one run."""

    def attach(self, flow: RunningFlow, subflow: str) -> None:
        """Begin, in a subflow."""
        ...

    def enter(self, subflow: str) -> None:
        """Note that a subflow is called."""
        ...

    def leave(self) -> None:
        """Note that the innermost subflow is left."""
        ...

    def before(
        self,
        subflow: str,
        row: int,
        line: int,
        around: int,
        own: int,
        variables: Variables,
        store: Store,
    ) -> None:
        """Let a statement begin, now or later.

        Args:
            subflow: Its subflow.
            row: Its number there.
            line: Its line in the file.
            around: Which errors a handler around it waits for.
            own: For a call, which errors of the called subflow its own handler waits for.
            variables: Returns the variables that it sees.
            store: Sets one of them.
        """
        ...

    def failed(self, error: ActionError | LogicError) -> bool | None:
        """Return what becomes of a statement that failed: True to try it again, False to skip it.

        None lets it fail.
        """
        ...

    def ending(self, error: ActionError | LogicError, place: tuple[str, int] | None) -> None:
        """Note that a run fails now, by an error of a row.

        Args:
            error: The error.
            place: The row's subflow and number.
        """
        ...
