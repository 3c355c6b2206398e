"""Calls of operations that are not built in: of custom connectors, and of those that are redirected.

Source: cloud-flows 1.7, 3.11 and 3.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deskhand.cloudflows.connection_errors import ConnectionTestFailed
from deskhand.cloudflows.connections import bound_name, connection_values
from deskhand.cloudflows.custom_connectors import read_custom
from deskhand.cloudflows.declare import ActionFailed, ConnectionTest, RunView, Services
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.tokens import ServiceCredentials, TokenSource
from deskhand.cloudflows.openapi.building import build_request
from deskhand.cloudflows.openapi.credentials import AccessToken, ApiKey, Credential, Login
from deskhand.cloudflows.openapi.errors import (
    BaseUrlMissing,
    ConnectorUnreadable,
    CredentialRefused,
    OperationUnknown,
    ParameterRefused,
)
from deskhand.cloudflows.openapi.operations import Connector, Operation, SchemeKind
from deskhand.cloudflows.redirects import Redirect, find_redirect, redirected_request
from deskhand.cloudflows.usage import OperationUse, api_name
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value, to_text

_NOT_IMPLEMENTED = "ConnectorNotImplemented"
_REFUSALS: Mapping[type[Exception], str] = {
    OperationUnknown: "OperationNotFound",
    ParameterRefused: "InvalidParameter",
    CredentialRefused: "ConnectionNotUsable",
    BaseUrlMissing: "ConnectionNotConfigured",
    ConnectorUnreadable: "ConnectorNotUsable",
}


@dataclass(frozen=True, slots=True)
class _Custom:
    """A custom connector, and what the connection to it holds."""

    connector: Connector
    operation: Operation
    values: Mapping[str, Value]


def request_of(
    services: Services,
    run: RunView,
    use: OperationUse,
    parameters: Mapping[str, Value],
    callback_url: str | None,
) -> Request:
    """Return the request that performs an operation; it holds the secrets of a connection.

    Args:
        services: Reads the database, and gets access tokens.
        run: The run.
        use: The operation.
        parameters: Its parameters as the flow gives them.
        callback_url: Where the service calls back, for operations that ask for that.

    Raises:
        ActionFailed: Nobody built, described or redirected the operation, or it cannot be called so.
        HttpError: The request cannot be sent.
    """
    known = services.read(lambda tx: _find(tx, services, run, use))
    if isinstance(known, Redirect):
        return redirected_request(known, parameters)
    try:
        return build_request(
            known.connector,
            known.operation,
            _with_callback(known.operation, parameters, callback_url),
            base_url=to_text(known.values["baseUrl"]) if known.values.get("baseUrl") else None,
            credential=credential_of(known.values, known.operation, services.tokens),
        )
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error


def probe(connector: Connector) -> ConnectionTest:
    """Return what tries out a connection to a custom connector: its service answers, its token is granted."""

    def try_out(services: Services, values: Mapping[str, Value]) -> None:
        address = values.get("baseUrl") or connector.base_url
        if values.get("tokenUrl"):
            services.tokens.token(_service_credentials(values))
        elif values.get("clientSecret"):
            raise ConnectionTestFailed("it holds a client's secret, and no ‘tokenUrl’ to get tokens for it.")
        services.http.send(Request("GET", read_url(to_text(address), "baseUrl"), {}))

    return try_out


def credential_of(values: Mapping[str, Value], operation: Operation, tokens: TokenSource) -> Credential:
    """Return what a connection shows to an operation: the first that it asks for and the connection holds."""
    for scheme in operation.security:
        match scheme.kind:
            case SchemeKind.BASIC if values.get("username"):
                return Login(to_text(values["username"]), to_text(values.get("password")))
            case SchemeKind.API_KEY if values.get("apiKey"):
                return ApiKey(to_text(values["apiKey"]))
            case SchemeKind.BEARER if values.get("tokenUrl"):
                return AccessToken(tokens.token(_service_credentials(values)))
            case SchemeKind.BEARER if values.get("accessToken"):
                return AccessToken(to_text(values["accessToken"]))
    return None


def _service_credentials(values: Mapping[str, Value]) -> ServiceCredentials:
    return ServiceCredentials(
        token_url=to_text(values["tokenUrl"]),
        client_id=to_text(values.get("clientId")),
        secret=to_text(values.get("clientSecret")),
        scope=to_text(values.get("scope")),
    )


def _find(tx: Transaction, services: Services, run: RunView, use: OperationUse) -> _Custom | Redirect:
    name = api_name(use.api)
    try:
        connector = read_custom(tx, name)
        if connector is not None:
            operation = connector.operation(use.operation)
            return _Custom(connector, operation, _values(tx, services, run, use, operation, connector))
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error
    redirect = find_redirect(tx, name, use.operation)
    if redirect is None:
        raise not_implemented(use)
    return redirect


def _values(
    tx: Transaction,
    services: Services,
    run: RunView,
    use: OperationUse,
    operation: Operation,
    connector: Connector,
) -> Mapping[str, Value]:
    """Return what the connection holds; an operation that asks for nothing needs none."""
    needed = bool(operation.security) or not connector.base_url
    if not needed and bound_name(tx, run.workflow_id, run.connections, use.connection) is None:
        return {}
    name = api_name(use.api)
    return connection_values(tx, run, use.connection, name, services.vault, services.note_use)


def _with_callback(
    operation: Operation, parameters: Mapping[str, Value], callback_url: str | None
) -> Mapping[str, Value]:
    asked = [one.name for one in operation.parameters if one.hints.is_notification_url]
    if callback_url is None or not asked:
        return parameters
    return {**parameters, asked[0]: callback_url}


def _refused(error: Exception) -> ActionFailed:
    return ActionFailed(_REFUSALS[type(error)], str(error))


def not_implemented(use: OperationUse | None) -> ActionFailed:
    """Return the failure of an operation that cannot be called at all. Source: cloud-flows 1.7 and 3.14."""
    operation, connector = (use.operation, api_name(use.api)) if use else ("", "")
    return ActionFailed(
        _NOT_IMPLEMENTED,
        f"The operation '{operation}' of the connector '{connector}' is not built. Send it to an HTTP "
        "address of yours with a redirect, or describe the connector with an OpenAPI document.",
        action_code=_NOT_IMPLEMENTED,
    )
