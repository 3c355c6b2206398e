"""What can go wrong between a connector's document and a request. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.core.errors import DeskhandError, did_you_mean


class ConnectorUnreadable(DeskhandError):
    """The document of a custom connector is no OpenAPI document, or one that says too little or too much.

    Deskhand reads JSON of Swagger 2.0 and OpenAPI 3. The message names the place within the document.
    References (``$ref``) lead only within it.
    """

    code = "DH6170"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"The connector's document cannot be used: {place} {problem}.")
        self.place = place
        self.problem = problem


class OperationUnknown(DeskhandError):
    """A connector has no operation of the name that a flow calls."""

    code = "DH6171"

    def __init__(self, connector: str, operation_id: str, known: Iterable[str]) -> None:
        super().__init__(
            f"Connector ‘{connector}’ has no operation ‘{operation_id}’{did_you_mean(operation_id, known)}."
        )
        self.operation_id = operation_id


class ParameterRefused(DeskhandError):
    """A parameter that a flow gives to an operation of a connector is unknown, missing, or cannot be sent.

    Parameters have the names of the connector's document; ``item/Title`` is member ``Title`` of the object
    ``item``.
    """

    code = "DH6172"

    def __init__(self, operation_id: str, name: str, problem: str) -> None:
        super().__init__(f"Operation ‘{operation_id}’: parameter ‘{name}’ {problem}.")
        self.operation_id = operation_id
        self.name = name
        self.problem = problem


class CredentialRefused(DeskhandError):
    """A connection does not hold what a connector asks its callers to show."""

    code = "DH6173"

    def __init__(self, operation_id: str, asked: Iterable[str]) -> None:
        super().__init__(
            f"Operation ‘{operation_id}’ cannot be called over this connection: "
            f"it asks for {' or '.join(asked)}."
        )
        self.operation_id = operation_id


class BaseUrlMissing(DeskhandError):
    """The document of a connector does not say where its service is.

    Name the service's address in the connector's settings.
    """

    code = "DH6174"

    def __init__(self, connector: str) -> None:
        super().__init__(
            f"Connector ‘{connector}’ does not say where its service is: give it a base address."
        )
