"""What is refused about a message's parameters. Source: dataverse-api 7 and 9.2."""

from __future__ import annotations

from uuid import UUID

from deskhand.core.errors import DeskhandError

_HELP_LINK = "https://go.microsoft.com/fwlink/?linkid=2195293"


class BadPayload(DeskhandError):
    """A body does not fit the message: an unknown member, or a value of the wrong JSON type."""

    code = "DH1401"

    def __init__(self, entity_set: str, what: str) -> None:
        super().__init__(
            f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more "
            f"information on this error please follow this help link {_HELP_LINK}  ---->  "
            f"InnerException : {what}"
        )
        self.entity_set = entity_set
        self.what = what


class InvalidParameter(DeskhandError):
    """A parameter is missing, or has a value that the message does not take."""

    code = "DH1402"

    def __init__(self, message: str, name: str, problem: str) -> None:
        super().__init__(f"{message}: parameter ‘{name}’ {problem}")
        self.name = name


class InputsTooLarge(DeskhandError):
    """The ``inputs`` text has more bytes than may travel with a request (setting ``inputs_max_bytes``)."""

    code = "DH1403"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"inputs has {size} bytes of UTF-8, and {limit} are allowed. Put the data into a file or a table "
            "that the flow reads, and pass its place."
        )


class InputsMalformed(DeskhandError):
    """The ``inputs`` text is no JSON object."""

    code = "DH1404"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"inputs is not the text of a JSON object: {problem}. "
            'Write it like "inputs": "{\\"Name\\": \\"Ada\\"}".'
        )


class NoDesktopFlow(DeskhandError):
    """The workflow is of another category than 6; only desktop flows can be run this way."""

    code = "DH1405"

    def __init__(self, name: str, workflow_id: UUID) -> None:
        super().__init__(
            f"‘{name}’ ({workflow_id}) is no desktop flow. List those with $filter=category eq 6."
        )


class FlowSuspended(DeskhandError):
    """A data policy suspended the flow; its owner can see why on the flow's page."""

    code = "DH1406"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Desktop flow ‘{name}’ is suspended and does not run. Activate it first: set its statecode to 1."
        )


class ImpersonationRefused(DeskhandError):
    """A request asks to act as somebody else, which desktop-flow messages do not support."""

    code = "DH1407"

    def __init__(self, message: str) -> None:
        super().__init__(
            f"{message} isn't supported with impersonation. Leave the impersonation header out, and call "
            "with the token of the user who is to act."
        )
