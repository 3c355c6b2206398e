"""What can go wrong with a flow's values while it runs.

These are the *logic errors* of robin 6.4 and 12.2: ``ON BLOCK ERROR all`` catches them, while plain
``ON BLOCK ERROR`` and an action's own ``ON ERROR`` take only :class:`~deskhand.robin.catalog.ActionError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from deskhand.core.errors import DeskhandError, did_you_mean


class LogicError(DeskhandError):
    """A statement asked for something that its values cannot give."""

    code = "DH4100"
    error_name: ClassVar[str] = "LogicError"


class ItemOutOfRange(LogicError):
    """A list, table, row or text has nothing at an index."""

    code = "DH4101"
    error_name = "IndexOutOfRange"

    def __init__(self, what: str, index: int, count: int) -> None:
        if not count:
            message = f"{what} is empty, so it has nothing at index {index}"
        else:
            message = f"{what} has nothing at index {index}; its indexes run from 0 to {count - 1}"
        super().__init__(message)
        self.index = index
        self.count = count


class KeyMissing(LogicError):
    """A custom object has no value under a key."""

    code = "DH4102"
    error_name = "KeyNotFound"

    def __init__(self, key: str, known: Iterable[str]) -> None:
        super().__init__(f"the custom object has no key ‘{key}’{did_you_mean(key, known)}")
        self.key = key


class ColumnMissing(LogicError):
    """A datatable or datarow has no column of a name."""

    code = "DH4103"
    error_name = "ColumnNotFound"

    def __init__(self, column: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no column ‘{column}’{did_you_mean(column, known)}")
        self.column = column


class PropertyMissing(LogicError):
    """A value has no property of a name."""

    code = "DH4104"
    error_name = "PropertyNotFound"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{kind} has no property ‘{name}’{did_you_mean(name, known)}")
        self.name = name


class CannotCalculate(LogicError):
    """An operator was given values that it does not work on."""

    code = "DH4105"
    error_name = "InvalidOperation"

    def __init__(self, operator: str, left: str, right: str) -> None:
        super().__init__(f"‘{operator}’ does not work on {left} and {right}")
        self.operator = operator


class DivisionByZero(LogicError):
    """A number was divided by zero."""

    code = "DH4106"
    error_name = "DivisionByZero"

    def __init__(self, operator: str) -> None:
        super().__init__(f"‘{operator}’ cannot divide by zero")
        self.operator = operator


class NumberTooLarge(LogicError):
    """A number is beyond what flows can hold: 79228162514264337593543950335 on either side of zero."""

    code = "DH4107"
    error_name = "NumberTooLarge"

    def __init__(self) -> None:
        super().__init__(
            "the result is larger than flows can hold; the largest number is 79228162514264337593543950335"
        )


class CannotCompare(LogicError):
    """Two values have no order between them."""

    code = "DH4108"
    error_name = "CannotCompare"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be ordered by size")


class CannotConvert(LogicError):
    """A value is not of the type that is needed, and cannot become it."""

    code = "DH4109"
    error_name = "TypeMismatch"

    def __init__(self, found: str, wanted: str, where: str = "") -> None:
        super().__init__(f"{where}{': ' if where else ''}{wanted} was expected, not {found}")
        self.found = found
        self.wanted = wanted


class NotASequence(LogicError):
    """``LOOP FOREACH`` was given something without items."""

    code = "DH4110"
    error_name = "NotASequence"

    def __init__(self, found: str) -> None:
        super().__init__(f"LOOP FOREACH goes over a list, a datatable or a datarow, not over {found}")


class CannotAssign(LogicError):
    """A value has no places that ``SET`` could fill."""

    code = "DH4111"
    error_name = "CannotAssign"

    def __init__(self, found: str, place: str) -> None:
        super().__init__(f"nothing can be put at {place} of {found}")


class CellCountMismatch(LogicError):
    """A row has more or fewer cells than its datatable has columns."""

    code = "DH4112"
    error_name = "CellCountMismatch"

    def __init__(self, columns: int, cells: int) -> None:
        super().__init__(f"the datatable has {columns} columns, and the row {cells} cells")


class TooManyCalls(LogicError):
    """Subflows call one another without an end."""

    code = "DH4113"
    error_name = "TooManyCalls"

    def __init__(self, subflow: str, limit: int) -> None:
        super().__init__(
            f"‘{subflow}’ is called when {limit} calls are open already; subflows seem to call one another "
            "without end"
        )
        self.subflow = subflow


class FileUnavailable(LogicError):
    """A property of a file or folder cannot be read, because it is not there or not allowed."""

    code = "DH4114"
    error_name = "FileUnavailable"

    def __init__(self, path: str, name: str, reason: str) -> None:
        super().__init__(f"{name} of ‘{path}’ cannot be read: {reason}")
        self.path = path


class ErrorWithoutHandler(LogicError):
    """``THROW ERROR`` ran where there was no error to pass on."""

    code = "DH4115"
    error_name = "NoError"

    def __init__(self) -> None:
        super().__init__("THROW ERROR passes an error on, and there is none")


class FlowExited(DeskhandError):
    """A flow ended itself as failed: ``EXIT ... ErrorMessage:`` gave a message.

    What it means the flow's author knows; the message is the flow's own.
    """

    code = "DH4121"
    error_name: ClassVar[str] = "Exit"


class UnexpectedFlowError(DeskhandError):
    """Deskhand itself made a mistake while it ran a flow. Please report it, with the flow if you can."""

    code = "DH4003"
    error_name: ClassVar[str] = "UnexpectedError"

    def __init__(self, problem: Exception) -> None:
        super().__init__(f"Deskhand met an error of its own: {type(problem).__name__}: {problem}")
