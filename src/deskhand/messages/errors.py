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


class FlowHasActiveRuns(DeskhandError):
    """A flow whose runs wait or run cannot be deleted; cancel them first."""

    code = "DH1602"
    exit_code = 6

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} runs of this flow wait or run. Cancel them first: deskhand runs list --active"
        )


class RunNotFinished(DeskhandError):
    """A run that waits or runs cannot be deleted; cancel it first, and wait for its end."""

    code = "DH6320"

    def __init__(self, run_id: UUID) -> None:
        super().__init__(f"Run {run_id} has not ended. Cancel it first: CancelDesktopFlowRun.")


class DesktopFlowTextRefused(DeskhandError):
    """A desktop flow's text does not come over the Web API: an import reads and checks it first.

    Its name, description, state and owner can be changed there. Import texts, flow folders and solutions
    with ``deskhand import``.
    """

    code = "DH6321"

    def __init__(self) -> None:
        super().__init__(
            "Desktop flows and their texts come by import, which checks them: deskhand import. "
            "Over the Web API their name, description, state and owner can change."
        )


class FlowCategoryRefused(DeskhandError):
    """The Web API creates cloud flows only, and a flow keeps its kind."""

    code = "DH6322"

    def __init__(self) -> None:
        super().__init__("Create cloud flows: category 5, type 1. A flow's category and type never change.")


class ClientDataMalformed(DeskhandError):
    """A cloud flow's ``clientdata`` is not the text of a JSON object. Source: cloud-flows 1.3."""

    code = "DH6323"

    def __init__(self) -> None:
        super().__init__(
            "clientdata is not the text of a JSON object. Write it like "
            '"clientdata": "{\\"properties\\":{\\"definition\\":{…}},\\"schemaVersion\\":\\"1.0.0.0\\"}".'
        )


class FlowBornActive(DeskhandError):
    """A cloud flow is created as a draft, and activated by a change of it. Source: cloud-flows 7.4."""

    code = "DH6324"

    def __init__(self) -> None:
        super().__init__('Create the flow as a draft, then activate it with PATCH {"statecode": 1}.')


class ImpersonationRefused(DeskhandError):
    """A request asks to act as somebody else, which desktop-flow messages do not support."""

    code = "DH1407"

    def __init__(self, message: str) -> None:
        super().__init__(
            f"{message} isn't supported with impersonation. Leave the impersonation header out, and call "
            "with the token of the user who is to act."
        )


class NotShareable(DeskhandError):
    """The table's rows belong to the organization, so roles alone say who may do what with them."""

    code = "DH1408"

    def __init__(self, table: str) -> None:
        super().__init__(
            f"Rows of {table} belong to the organization and cannot be shared. "
            "Give people a role that reaches them instead."
        )


class ShareWithNobody(DeskhandError):
    """Rows are shared with users and applications, both rows of ``systemuser``; there are no teams."""

    code = "DH1409"

    def __init__(self, message: str, table: str) -> None:
        super().__init__(
            f"{message} shares rows with users and applications, which are rows of systemuser; this names a "
            f"row of {table}."
        )
