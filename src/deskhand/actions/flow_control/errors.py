"""The error that a flow raises itself."""

from __future__ import annotations

from deskhand.robin.catalog import ActionError


class CustomError(ActionError):
    """A flow raised an error of its own with *Throw custom error*.

    Attributes:
        custom_code: The code that the flow gave it, or empty.
    """

    code = "DH4270"
    error_name = "CustomError"

    def __init__(self, custom_code: str, message: str) -> None:
        super().__init__(message, details=f"Error code: {custom_code}" if custom_code else "")
        self.custom_code = custom_code
