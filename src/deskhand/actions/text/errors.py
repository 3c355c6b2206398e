"""What the Text actions can report."""

from __future__ import annotations

from deskhand.robin.catalog import ActionError


class NotADatetime(ActionError):
    """A text was to become a datetime, and does not read as one."""

    code = "DH4600"
    error_name = "ProvidedTextValueCantBeConvertedIntoAValidDatetime"


class NotANumber(ActionError):
    """A text was to become a number, and does not read as one."""

    code = "DH4601"
    error_name = "ProvidedTextValueCantBeConvertedIntoAValidNumber"


class OutOfRange(ActionError):
    """Part of a text was asked for that the text does not have."""

    code = "DH4602"
    error_name = "StartIndexOrLengthAreOutOfRange"

    def __init__(self, start: int, length: int, available: int) -> None:
        super().__init__(
            f"Characters {start} to {start + length} were asked for, and the text has {available}; "
            "count from 0 and stay within its length."
        )


class InvalidExpression(ActionError):
    """A regular expression cannot be used."""

    code = "DH4603"
    error_name = "ProvidedRegularExpressionIsInvalid"


class InvalidFormat(ActionError):
    """A custom format for dates cannot be used."""

    code = "DH4604"
    error_name = "ProvidedFormatIsInvalid"


class InvalidArgument(ActionError):
    """An argument lies outside what the action can work with."""

    code = "DH4605"
    error_name = "InvalidArgument"

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"‘{name}’ is {value}; it must be {expected}.")
