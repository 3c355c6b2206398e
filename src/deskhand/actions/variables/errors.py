"""What the Variables actions can report."""

from __future__ import annotations

from collections.abc import Sequence

from deskhand.core.errors import did_you_mean
from deskhand.robin.catalog import ActionError


class RandomNumberFailed(ActionError):
    """Random numbers were asked for that cannot be drawn from the range given."""

    code = "DH4630"
    error_name = "FailedToGenerateRandomNumber"

    def __init__(self, minimum: int, maximum: int, count: int) -> None:
        super().__init__(
            f"{count} numbers between {minimum} and {maximum} cannot be drawn; "
            "widen the range, draw fewer, or allow duplicates."
        )


class ItemIndexOutOfRange(ActionError):
    """A list has no item at the index given."""

    code = "DH4631"
    error_name = "ItemIndexIsOutOfRange"

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"The list has {count} items and so none at index {index}; count from 0.")


class ItemNotFound(ActionError):
    """A list holds no item of the value given."""

    code = "DH4632"
    error_name = "ItemNotFound"

    def __init__(self, item: str) -> None:
        super().__init__(f"The list has no item ‘{item}’.")


class IncompatibleLists(ActionError):
    """Two values were to be merged as lists, and one of them is none."""

    code = "DH4633"
    error_name = "TheListsSuppliedAreOfIncompatibleTypes"

    def __init__(self, first: object, second: object) -> None:
        super().__init__(
            f"A {type(first).__name__} and a {type(second).__name__} cannot be merged; both must be lists."
        )


class PropertyNotFound(ActionError):
    """A list was to be sorted by a property that an item does not have."""

    code = "DH4634"
    error_name = "PropertyDoesntExist"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The list cannot be sorted: {reason}")


class BadJson(ActionError):
    """A text is no JSON."""

    code = "DH4635"
    error_name = "ErrorParsingTheJSON"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The text is no JSON: {reason}.")


class NotJson(ActionError):
    """A value has no form in JSON."""

    code = "DH4636"
    error_name = "ErrorParsingTheCustomObject"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The custom object cannot become JSON: {reason}.")


class ColumnNotFound(ActionError):
    """A data table has no column of the name given."""

    code = "DH4640"
    error_name = "ColumnNameDoesntExist"

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        super().__init__(f"The data table has no column ‘{name}’{did_you_mean(name, columns) or '.'}")


class ColumnIndexOutOfRange(ActionError):
    """A data table has no column at the index given."""

    code = "DH4641"
    error_name = "ColumnIndexIsOutOfRange"

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"The data table has {count} columns and so none at index {index}; count from 0.")


class RowIndexOutOfRange(ActionError):
    """A data table has no row at the index given."""

    code = "DH4642"
    error_name = "RowIndexIsOutOfRange"

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"The data table has {count} rows and so none at index {index}; count from 0.")


class ColumnExists(ActionError):
    """A data table already has a column of the name given."""

    code = "DH4643"
    error_name = "ColumnNameAlreadyExists"

    def __init__(self, name: str) -> None:
        super().__init__(f"The data table already has a column ‘{name}’; names differ by more than case.")


class TooManyCells(ActionError):
    """A row has more cells than its table has columns."""

    code = "DH4644"
    error_name = "RowHasTooManyCells"

    def __init__(self, cells: int, columns: int) -> None:
        super().__init__(f"The row has {cells} cells, and the data table {columns} columns.")


class TypeMismatch(ActionError):
    """A column holds values that have no common order."""

    code = "DH4645"
    error_name = "TypeMismatchInTheCellsOfAColumn"

    def __init__(self, column: str, kinds: Sequence[str]) -> None:
        super().__init__(
            f"The column ‘{column}’ cannot be sorted, since it holds {' and '.join(kinds)}; "
            "make its cells all one type first."
        )


class ExtraColumns(ActionError):
    """A table that should be merged has columns that the first one lacks."""

    code = "DH4646"
    error_name = "SecondDataTableHasExtraColumns"

    def __init__(self, names: Sequence[str]) -> None:
        listed = ", ".join(f"‘{name}’" for name in names)
        super().__init__(f"The first data table has no column {listed}.")


class InvalidRule(ActionError):
    """A rule of a filter or a join cannot be read."""

    code = "DH4647"
    error_name = "ProvidedRuleIsInvalid"

    def __init__(self, row: int, reason: str, hint: str = "") -> None:
        super().__init__(f"Rule {row} cannot be used: {reason}{hint or '.'}")


class InvalidExpression(ActionError):
    """A regular expression cannot be used."""

    code = "DH4648"
    error_name = "ProvidedRegularExpressionIsInvalid"


class InvalidColumns(ActionError):
    """The columns of delimited text are described in a way that cannot be followed."""

    code = "DH4649"
    error_name = "ProvidedColumnsAreInvalid"

    def __init__(self, given: str, expected: str) -> None:
        super().__init__(f"‘{given}’ does not say where columns end; give {expected}.")
