"""What can be wrong with a format, or with a text that should follow one."""

from __future__ import annotations

from deskhand.core.errors import DeskhandError


class BadFormat(DeskhandError):
    """A format string is not one that .NET understands.

    Attributes:
        format: The format string as it was given.
        reason: What is wrong with it.
    """

    code = "DH4010"

    def __init__(self, format: str, reason: str) -> None:
        super().__init__(f"The format ‘{format}’ cannot be used: {reason}.")
        self.format = format
        self.reason = reason


class NotADate(DeskhandError):
    """A text could not be read as a date and time.

    Attributes:
        text: The text as it was given.
        expected: The pattern it had to follow, or the culture it was read in.
    """

    code = "DH4011"

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(f"‘{text}’ is no date and time of the form {expected}.")
        self.text = text
        self.expected = expected


class NotANumber(DeskhandError):
    """A text could not be read as a number.

    Attributes:
        text: The text as it was given.
    """

    code = "DH4012"

    def __init__(self, text: str) -> None:
        super().__init__(f"‘{text}’ is no number.")
        self.text = text


class BadPattern(DeskhandError):
    """A regular expression is not one that .NET understands.

    Attributes:
        pattern: The regular expression as it was given.
        reason: What is wrong with it.
    """

    code = "DH4013"

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(f"The regular expression ‘{pattern}’ cannot be used: {reason}.")
        self.pattern = pattern
        self.reason = reason


class PatternTooSlow(DeskhandError):
    """A regular expression took too long on a text, usually because its repetitions overlap.

    Attributes:
        pattern: The regular expression as it was given.
        seconds: How long it was given.
    """

    code = "DH4014"

    def __init__(self, pattern: str, seconds: float) -> None:
        super().__init__(
            f"The regular expression ‘{pattern}’ found no answer within {seconds:g} seconds; "
            "write its repetitions so that they cannot match the same text in many ways."
        )
        self.pattern = pattern
        self.seconds = seconds


class NotATimeSpan(DeskhandError):
    """A text could not be read as a length of time, such as ``1.12:30:00``.

    Attributes:
        text: The text as it was given.
    """

    code = "DH4015"

    def __init__(self, text: str) -> None:
        super().__init__(f"‘{text}’ is no length of time of the form [-][d.]hh:mm[:ss].")
        self.text = text
