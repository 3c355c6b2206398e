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

    def __init__(self, start: int, length: int | None, available: int) -> None:
        wanted = f"position {start}" if length is None else f"position {start} with {length} characters"
        super().__init__(f"The text has {available} characters, and {wanted} lies outside; count from 0.")


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


class RecognitionTooSlow(ActionError):
    """Finding entities took too long, which very long texts without blanks can cause."""

    code = "DH4606"
    error_name = "RecognitionTooSlow"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No answer came within {seconds:g} seconds; recognize entities in shorter texts.")
