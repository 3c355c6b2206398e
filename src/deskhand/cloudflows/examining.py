"""What stands between a cloud flow and its run in this installation. Source: cloud-flows 1.4 and 1.7.

The definition's own part is :mod:`deskhand.cloudflows.inspection`; here the database answers whether the
flows, connections and variables exist that the definition names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.custom_connectors import connector_title, offered_inputs, read_custom
from deskhand.cloudflows.declare import CONNECTORS, TRIGGER_TYPES, Support
from deskhand.cloudflows.inspection import BuiltIn, inspect
from deskhand.cloudflows.openapi import operations as openapi
from deskhand.cloudflows.openapi.errors import ConnectorUnreadable, OperationUnknown
from deskhand.cloudflows.parameters import environment_variables
from deskhand.cloudflows.usage import (
    DESKTOP_FLOWS,
    ConnectionUse,
    OperationUse,
    Usage,
    api_name,
    reference_name,
    usage_of,
)
from deskhand.entities.connector import Connector, OperationRedirect
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container, read_container
from deskhand.wdl.definition import DefinitionUnreadable
from deskhand.wdl.validation import Finding
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class InstalledLibrary(BuiltIn):
    """What is declared, and what this installation adds: custom connectors and redirects, in lower case.

    Attributes:
        read_custom: Returns a custom connector by its name.
    """

    connectors: frozenset[str]
    redirects: frozenset[tuple[str, str]]
    read_custom: Callable[[str], openapi.Connector | None]

    def operation_support(self, api: str, operation: str) -> Support:
        """Return whether the operation is declared, custom or redirected."""
        name = api_name(api).lower()
        if name in self.connectors or (name, operation.lower()) in self.redirects:
            return Support.CUSTOM
        return BuiltIn.operation_support(self, api, operation)

    def operation_inputs(self, api: str, operation: str) -> Mapping[str, Value]:
        """Return the schema of a declared operation, or of a custom connector's."""
        name = api_name(api)
        if name.lower() not in self.connectors:
            return BuiltIn.operation_inputs(self, api, operation)
        try:
            connector = self.read_custom(name)
            return {} if connector is None else offered_inputs(connector, connector.operation(operation))
        except (ConnectorUnreadable, OperationUnknown):
            return {}


def read_library(tx: Transaction) -> InstalledLibrary:
    """Return what can run in this installation."""
    redirects = tx.execute(sa.select(OperationRedirect.c.apiname, OperationRedirect.c.operationid))
    return InstalledLibrary(
        connectors=frozenset(one.lower() for one in tx.execute(sa.select(Connector.c.name)).scalars()),
        redirects=frozenset((api.lower(), operation.lower()) for api, operation in redirects),
        read_custom=partial(read_custom, tx),
    )


def read_stored(document: str | None, beside: str | None) -> Container:
    """Return the container that a ``workflow`` row holds in ``clientdata`` and ``metadata``.

    Raises:
        DefinitionUnreadable: There is no definition in it.
    """
    return read_container(document or "", beside)


def examine_flow(tx: Transaction, workflow_id: UUID) -> tuple[Finding, ...]:
    """Return what is wrong or odd with a stored cloud flow; what is fatal keeps it from being switched on."""
    columns = Workflow.c
    query = sa.select(columns.clientdata, columns.metadata).where(
        columns.workflowid == workflow_id, columns.componentstate == ComponentState.PUBLISHED.value
    )
    row = tx.execute(query).one()
    try:
        container = read_stored(row.clientdata, row.metadata)
    except DefinitionUnreadable as error:
        return (Finding("InvalidRequestContent", error.message),)
    return examine(tx, workflow_id, container)


def examine(tx: Transaction, workflow_id: UUID, container: Container) -> tuple[Finding, ...]:
    """Return what is wrong or odd with a document as the definition of a flow of this installation."""
    usage = usage_of(container)
    library = read_library(tx)
    return (
        *inspect(container, usage, library, environment_variables(tx)),
        *_desktop_flows(tx, usage),
        *_child_flows(tx, usage),
        *_connections(tx, workflow_id, usage, library),
    )


def _desktop_flows(tx: Transaction, usage: Usage) -> Iterator[Finding]:
    known = _known(tx, Category.DESKTOP_FLOW)
    for one in usage.desktop_flows:
        if one.flow_id not in known:
            yield Finding(
                "DesktopFlowNotFound",
                f"The desktop flow '{one.flow}' of '{one.action}' is not here; import it with its id.",
                one.action,
                fatal=False,
            )


def _child_flows(tx: Transaction, usage: Usage) -> Iterator[Finding]:
    known = _known(tx, Category.MODERN_FLOW) if usage.child_flows else {}
    names = {name.casefold() for name in known.values()}
    for one in usage.child_flows:
        if one.flow_id not in known and one.flow.casefold() not in names:
            yield Finding(
                "NestedWorkflowNotFound",
                f"The flow '{one.flow}' that '{one.action}' calls is not here; import it, too.",
                one.action,
            )


def _known(tx: Transaction, category: Category) -> dict[UUID | None, str]:
    query = sa.select(Workflow.c.workflowid, Workflow.c.name).where(Workflow.c.category == category.value)
    return {row.workflowid: row.name for row in tx.execute(query)}


def _connections(
    tx: Transaction, workflow_id: UUID, usage: Usage, library: InstalledLibrary
) -> Iterator[Finding]:
    """Tell of connections that are bound to none, or to one that is gone. Source: machines-and-runs 2.7."""
    for use in usage.connections:
        name = reference_name(workflow_id, use)
        bound = _binding(tx, name)
        if bound is None:
            yield Finding(
                "ConnectionReferenceUnbound",
                f"The connection reference '{name}' is bound to no connection to "
                f"'{connector_title(tx, use.api)}'.",
                name,
                fatal=_is_needed(use, usage, library),
            )
        elif not _has_connection(tx, bound):
            yield Finding(
                "ConnectionNotFound",
                f"The connection reference '{name}' is bound to the connection '{bound}', which is not here.",
                name,
                fatal=_is_needed(use, usage, library),
            )


def _binding(tx: Transaction, logical_name: str) -> str | None:
    columns = ConnectionReference.c
    found = sa.func.lower(columns.connectionreferencelogicalname) == logical_name.lower()
    bound: str | None = tx.execute(sa.select(columns.connectionid).where(found)).scalar()
    return bound


def _has_connection(tx: Transaction, name: str) -> bool:
    found = sa.func.lower(Connection.c.name) == name.lower()
    return tx.execute(sa.select(Connection.c.connectionid).where(found)).first() is not None


def _is_needed(use: ConnectionUse, usage: Usage, library: InstalledLibrary) -> bool:
    """Tell whether the flow cannot do without a connection: one of its operations runs, and asks for it."""
    called = [one for one in usage.operations if one.connection == use.key]
    runs = any(_runs(one, library) for one in called)
    name = api_name(use.api).lower()
    declared = CONNECTORS.get(name)
    asks = name == DESKTOP_FLOWS or (declared is not None and bool(declared.parameters))
    return runs and asks


def _runs(use: OperationUse, library: InstalledLibrary) -> bool:
    if use.is_trigger:
        return f"{api_name(use.api)}/{use.operation}".lower() in TRIGGER_TYPES
    return library.operation_support(use.api, use.operation) is not Support.IMPORTED
