"""What the Text actions can report."""

from __future__ import annotations

from deskhand.robin.catalog import ActionError


class NotADatetime(ActionError):
    """A text was to become a datetime, and does not read as one."""

    code = "DH4100"
    error_name = "ProvidedTextValueCantBeConvertedIntoAValidDatetimeError"


class NotANumber(ActionError):
    """A text was to become a number, and does not read as one."""

    code = "DH4101"
    error_name = "ProvidedTextValueCantBeConvertedIntoAValidNumberError"


class OutOfRange(ActionError):
    """Part of a text was asked for that the text does not have."""

    code = "DH4102"
    error_name = "StartIndexOrLengthAreOutOfRangeError"

    def __init__(self, start: int, length: int, available: int) -> None:
        super().__init__(
            f"Characters {start} to {start + length} were asked for, and the text has {available}; "
            "count from 0 and stay within its length."
        )


class InvalidExpression(ActionError):
    """A regular expression cannot be used."""

    code = "DH4103"
    error_name = "ProvidedRegularExpressionIsInvalidError"


class InvalidFormat(ActionError):
    """A custom format for dates cannot be used."""

    code = "DH4104"
    error_name = "ProvidedFormatIsInvalidError"


class InvalidArgument(ActionError):
    """An argument lies outside what the action can work with."""

    code = "DH4105"
    error_name = "InvalidArgumentError"

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"‘{name}’ is {value}; it must be {expected}.")
