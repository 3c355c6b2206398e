"""What is refused about connections, connectors and references to them. Source: cloud-flows 1.3 and 3.11."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.cloudflows.errors import CloudFlowError
from deskhand.core.errors import did_you_mean


class ConnectorUnknown(CloudFlowError):
    """No connector has that name: none is built, and none was added.

    ``deskhand connector list`` shows those that there are; ``deskhand connector add`` adds one that an
    OpenAPI document describes.
    """

    code = "DH6600"
    exit_code = 3
    service_code = "ConnectorNotFound"
    http_status = 404

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no connector ‘{name}’{did_you_mean(name, known)}")


class ConnectionParametersRefused(CloudFlowError):
    """What a connection shall hold does not fit its connector; the message lists each fault.

    ``deskhand connector show NAME`` lists the parameters that the connector's connections have.
    """

    code = "DH6601"
    exit_code = 2
    service_code = "InvalidConnectionParameters"

    def __init__(self, connector: str, problems: Iterable[str]) -> None:
        super().__init__(f"The parameters do not make a connection to ‘{connector}’: {'; '.join(problems)}.")


class ConnectionTestFailed(CloudFlowError):
    """The connection was tried out and does not work; the message holds the other side's own words."""

    code = "DH6602"
    exit_code = 4
    service_code = "ConnectionTestFailed"
    http_status = 502

    def __init__(self, problem: str) -> None:
        super().__init__(f"The connection does not work: {problem}")


class ConnectionNotYours(CloudFlowError):
    """Only whose a connection is may change, share or delete it, and whoever administers everything."""

    code = "DH6603"
    service_code = "Forbidden"
    http_status = 403

    def __init__(self, name: str) -> None:
        super().__init__(f"The connection ‘{name}’ is somebody else's: you may use it, and not change it.")


class ConnectionOfOtherConnector(CloudFlowError):
    """A connection reference is for one connector, and the connection that it shall name is to another."""

    code = "DH6604"
    exit_code = 2
    service_code = "ConnectionNotValid"

    def __init__(self, reference: str, wanted: str, given: str) -> None:
        super().__init__(
            f"The connection reference ‘{reference}’ is for the connector ‘{wanted}’; the connection is one "
            f"to ‘{given}’."
        )


class ConnectorInUse(CloudFlowError):
    """A custom connector has connections, whose secrets another connector of its name would get.

    Delete the connections first: ``deskhand connection list``.
    """

    code = "DH6605"
    exit_code = 2
    service_code = "ConnectorInUse"
    http_status = 409

    def __init__(self, name: str, connections: int) -> None:
        super().__init__(
            f"The connector ‘{name}’ cannot be deleted: it has {connections} connections. Delete those first."
        )


class ConnectorMoved(CloudFlowError):
    """A new document of a custom connector leads to another server, which would get its connections' secrets.

    Delete the connections first, or name the other server in each of them: parameter ``baseUrl``.
    """

    code = "DH6607"
    exit_code = 2
    service_code = "ConnectorInUse"
    http_status = 409

    def __init__(self, name: str, connections: int, address: str | None) -> None:
        super().__init__(
            f"The connector ‘{name}’ has {connections} connections, and its new document leads to "
            f"‘{address or 'nowhere'}’. Delete those connections first."
        )


class ConnectorNameTaken(CloudFlowError):
    """A custom connector cannot have that name: a built-in one has it, or flows could not use it.

    Names of connectors consist of letters, digits and underscores.
    """

    code = "DH6606"
    exit_code = 2
    service_code = "ConnectorNameNotValid"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"‘{name}’ cannot be a custom connector's name. Take letters, digits and underscores, and no "
            "name of a connector that is built in."
        )


class CredentialNotFound(CloudFlowError):
    """No credential has that name or id, or it is somebody else's, who has not shared it.

    ``deskhand credential list`` shows those that there are.
    """

    code = "DH6680"
    exit_code = 3
    service_code = "CredentialNotFound"
    http_status = 404

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no credential ‘{name}’ that you may use{did_you_mean(name, known)}")


class CredentialNotUsable(CloudFlowError):
    """A connection names a credential that is gone, or that its owner may not use any more.

    Share the credential with the owner of the connection again, or let the connection name another one.
    """

    code = "DH6681"
    exit_code = 4
    service_code = "CredentialNotUsable"
    http_status = 403

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The connection signs in with the credential ‘{name}’, and {problem}.")


class CredentialRefused(CloudFlowError):
    """A part of a credential is missing or too long."""

    code = "DH6682"
    exit_code = 2
    service_code = "InvalidCredential"

    def __init__(self, part: str, problem: str) -> None:
        super().__init__(f"The credential was not kept: {part} {problem}.")
