"""A small action library for tests of the language: every way in which an action can behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from deskhand.actions.declare import Library, Module
from deskhand.robin.catalog import ActionContext, ActionError, ActionKind, Platform, UnbuiltAction
from deskhand.robin.values import DataTable, File, Instance, Reference, Secret


class FileNotFound(ActionError):
    """A test's file is not there."""

    error_name = "FileNotFound"


class Refused(ActionError):
    """A test's action refused."""

    error_name = "RefusedError"


class Parts(NamedTuple):
    """A text in two parts.

    Attributes:
        first: What stands before the comma.
        rest: What stands after it.
    """

    first: str
    rest: str


class Answer(NamedTuple):
    """A condition with an output.

    Attributes:
        holds: Whether it holds.
        size: How large the value is.
    """

    holds: bool
    size: int


class Colour(StrEnum):
    """A colour."""

    RED = "Red"
    DARK_BLUE = "DarkBlue"


class Handle(Instance):
    """Something that stays open."""

    def __init__(self, number: int, closed: list[int], breaks: bool) -> None:
        self.number = number
        self.closed = closed
        self.breaks = breaks

    def properties(self) -> Mapping[str, Any]:
        return {"Handle": self.number, "IsAlive": self.number not in self.closed}

    def close(self) -> None:
        self.closed.append(self.number)
        if self.breaks:
            raise OSError("it would not close")


@dataclass
class Notes:
    """What the actions of one library were told, and how often."""

    noted: list[Any] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    closed: list[int] = field(default_factory=list)

    def count(self, name: str) -> int:
        self.calls[name] = self.calls.get(name, 0) + 1
        return self.calls[name]


def library() -> tuple[Library, Notes]:
    """Return a fresh library, and what its actions write down."""
    notes = Notes()
    test = Module("Test", "Test")
    _simple_actions(test, notes)
    _failing_actions(test, notes)
    _conditions(test, notes)
    _odd_parameters(test, notes)
    unbuilt = {
        "Excel.LaunchExcel.LaunchUnderExistingProcess": UnbuiltAction(
            "Excel.LaunchExcel.LaunchUnderExistingProcess", "Launch Excel", Platform.WINDOWS
        )
    }
    return Library([test], unbuilt), notes


def _simple_actions(test: Module, notes: Notes) -> None:
    @test.action("Note", label="Note", summary="Note {Value}")
    def note(value: object = None) -> None:
        """Write a value down.

        Args:
            value: The value.
        """
        notes.noted.append(value)

    @test.action("Join", variant="Pair", label="Join", summary="Join {One} and {Two}", outputs=("Joined",))
    def join_pair(one: str, two: str = "!") -> str:
        """Join two texts.

        Args:
            one: The first.
            two: The second.

        Returns:
            Both.
        """
        return one + two

    @test.action("Join", variant="Many", label="Join", summary="Join {Items}", outputs=("Joined",))
    def join_many(items: list[str], separator: str = ",") -> str:
        """Join many texts.

        Args:
            items: The texts.
            separator: What stands between.

        Returns:
            All.
        """
        return separator.join(items)

    @test.action("Split", label="Split", summary="Split {Text}", outputs=("First", "Rest"))
    def split(text: str) -> Parts:
        """Split a text at its comma.

        Args:
            text: The text.
        """
        first, _, rest = text.partition(",")
        return Parts(first, rest)

    @test.action("Half", label="Half", summary="Halve {Number}", outputs=("Result",))
    def half(number: float) -> float:
        """Halve a number.

        Args:
            number: The number.

        Returns:
            Its half.
        """
        return number / 2


def _failing_actions(test: Module, notes: Notes) -> None:
    @test.action(
        "Fail", label="Fail", summary="Fail {How}", outputs=("Result",), errors=(FileNotFound, Refused)
    )
    def fail(how: str = "", result: int = 0) -> int:
        """Fail in one of several ways.

        Args:
            how: ``file``, ``refuse``, ``crash`` or, for no failure, nothing.
            result: What comes back if it does not fail.

        Returns:
            The result.
        """
        notes.count("Fail")
        if how == "file":
            raise FileNotFound("there is no such file", details="looked everywhere")
        if how == "refuse":
            raise Refused("it refused")
        if how == "crash":
            raise RuntimeError("a bug in the action")
        return result

    @test.action(
        "FailUntil",
        label="Fail until",
        summary="Fail until {Attempt}",
        outputs=("Attempts",),
        errors=(Refused,),
    )
    def fail_until(attempt: int) -> int:
        """Fail until the given attempt.

        Args:
            attempt: The attempt that succeeds.

        Returns:
            How many attempts were made.
        """
        made = notes.count("FailUntil")
        if made < attempt:
            raise Refused(f"attempt {made}")
        return made


def _conditions(test: Module, notes: Notes) -> None:
    @test.action(
        "IfLong",
        variant="IsLong",
        kind=ActionKind.CONDITION,
        label="If long",
        summary="If {Text} is long",
        outputs=("Size",),
        errors=(Refused,),
    )
    def is_long(text: str) -> Answer:
        """Hold if a text has more than three letters.

        Args:
            text: The text; ``refuse`` fails.
        """
        if text == "refuse":
            raise Refused("it refused to look")
        return Answer(len(text) > 3, len(text))

    @test.action("IfAsked", kind=ActionKind.CONDITION, label="If asked", summary="If asked {Times} times")
    def if_asked(times: int) -> bool:
        """Hold once it was asked often enough.

        Args:
            times: How often.
        """
        return notes.count("IfAsked") >= times

    @test.action("WaitForever", kind=ActionKind.WAIT, label="Wait", summary="Wait for ever")
    def wait_forever() -> bool:
        """Never hold."""
        return False


def _odd_parameters(test: Module, notes: Notes) -> None:
    test.enumeration("Test.Colour", Colour)

    @test.action("Paint", label="Paint", summary="Paint {Colour}", outputs=("Painted",))
    def paint(colour: Colour = Colour.RED) -> str:
        """Name a colour.

        Args:
            colour: The colour.

        Returns:
            Its name.
        """
        return f"painted {colour.value}"

    @test.action("Append", label="Append", summary="Append {Item} to {Items}")
    def append(item: object, items: Reference[list[object]]) -> None:
        """Append an item to a list.

        Args:
            item: The item.
            items: The list.
        """
        items.value.append(item)

    @test.action("Increase", label="Increase", summary="Increase {Value}")
    def increase(value: Reference[int | Decimal], by: int | Decimal = 1) -> None:
        """Increase a variable.

        Args:
            value: The variable.
            by: How much.
        """
        value.value = (value.value or 0) + by

    @test.action("AddRow", label="Add row", summary="Add a row to {Table}")
    def add_row(table: Reference[DataTable], row: list[object]) -> None:
        """Append a row to a datatable.

        Args:
            table: The datatable.
            row: The cells.
        """
        table.value.rows.append(row)

    @test.action("SignIn", label="Sign in", summary="Sign in as {User} with {Password}", outputs=("Length",))
    def sign_in(user: str, password: Secret) -> int:
        """Use a password.

        Args:
            user: Who.
            password: The password.

        Returns:
            How long it is.
        """
        if password.text == "wrong password":
            raise Refused(f"{user} may not enter with wrong password")
        return len(password.text)

    @test.action("Open", label="Open", summary="Open {Number}", outputs=("Instance",))
    def open_handle(number: int, breaks: bool = False) -> Handle:
        """Open something.

        Args:
            number: Its handle.
            breaks: Whether closing it fails.

        Returns:
            What is open.
        """
        return Handle(number, notes.closed, breaks)

    @test.action("Use", label="Use", summary="Use {Instance}", outputs=("Number",))
    def use(instance: Handle) -> int:
        """Use what is open.

        Args:
            instance: What is open.

        Returns:
            Its handle.
        """
        return instance.number

    @test.action("Names", label="Names", summary="Names of {Files}", outputs=("Names",))
    def names(files: list[File]) -> list[str]:
        """Name files.

        Args:
            files: The files.

        Returns:
            Their names.
        """
        return [one.path.name for one in files]

    @test.action("Delegate", label="Delegate", summary="Run {FlowId}", dynamic=True)
    def delegate(flow_id: str, context: ActionContext, dynamic_inputs: Mapping[str, Any]) -> None:
        """Run another flow.

        Args:
            flow_id: The flow.
        """
        context.log("Info", f"running {flow_id}")
        context.dynamic_outputs.update(context.run_flow(flow_id, None, dynamic_inputs, True))
