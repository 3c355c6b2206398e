"""What a definition uses of the world around it: connections, operations, other flows, variables.

Source: cloud-flows 1.2 to 1.4, 3.10, 3.11 and 4.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from deskhand.core.ids import parse_id
from deskhand.wdl.containers import Container
from deskhand.wdl.definition import Action, Definition, Parameter, Trigger, member, walk
from deskhand.wdl.values import Value, find_key

DESKTOP_FLOWS = "shared_uiflow"
"""The connector that runs desktop flows."""
_BY_PARAMETER = re.compile(r"\['(?P<key>[^']+)'\]\??\['connectionId'\]")
_NUMBERED = re.compile(r"_\d+\Z")


@dataclass(frozen=True, slots=True)
class ConnectionUse:
    """A connection that a definition names.

    Attributes:
        key: The name by which actions mean it.
        reference: The logical name of its connection reference; None where the document names none.
        api: Its connector, as a name or as an id that ends with it.
    """

    key: str
    reference: str | None
    api: str


@dataclass(frozen=True, slots=True)
class OperationUse:
    """An operation of a connector that an action or a trigger calls.

    Attributes:
        name: The action or trigger.
        api: The connector.
        operation: Its id; the method and path where the definition has no id.
        connection: The key of the connection; empty where it names none.
        is_trigger: Whether a trigger waits for it.
    """

    name: str
    api: str
    operation: str
    connection: str
    is_trigger: bool


@dataclass(frozen=True, slots=True)
class FlowUse:
    """Another flow that an action starts.

    Attributes:
        action: The action.
        flow: The flow's id, or the name of a Logic Apps workflow.
    """

    action: str
    flow: str

    @property
    def flow_id(self) -> UUID | None:
        """Return the flow's id; None where it is named otherwise."""
        return parse_id(self.flow)


@dataclass(frozen=True, slots=True)
class VariableUse:
    """An environment variable that stands behind a parameter."""

    parameter: str
    schema_name: str
    has_default: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """Everything that a definition uses."""

    connections: tuple[ConnectionUse, ...]
    operations: tuple[OperationUse, ...]
    desktop_flows: tuple[FlowUse, ...]
    child_flows: tuple[FlowUse, ...]
    variables: tuple[VariableUse, ...]


def usage_of(container: Container) -> Usage:
    """Return what a definition uses, in the order of the document."""
    definition = container.definition
    operations = tuple(_operations(definition, container.connections))
    return Usage(
        connections=tuple(_connections(container.connections, operations)),
        operations=operations,
        desktop_flows=tuple(_desktop_flows(definition, operations)),
        child_flows=tuple(_child_flows(definition)),
        variables=tuple(_variables(definition.parameters)),
    )


def reference_name(flow_id: UUID, use: ConnectionUse) -> str:
    """Return the logical name of the connection reference that a flow's connection is bound by.

    Flows from outside of solutions have none; theirs is made of the key and the flow's id.
    """
    return use.reference or f"{use.key}_{flow_id.hex[:8]}"


def api_name(api: str) -> str:
    """Return a connector's name: the end of its id."""
    return api.rstrip("/").rpartition("/")[2]


def _operations(definition: Definition, connections: Mapping[str, Value]) -> Iterator[OperationUse]:
    for trigger in definition.triggers.values():
        yield from _operation(trigger, connections, is_trigger=True)
    for action in walk(definition.actions):
        yield from _operation(action, connections, is_trigger=False)


def _operation(
    part: Action | Trigger, connections: Mapping[str, Value], *, is_trigger: bool
) -> Iterator[OperationUse]:
    provider = _object(part.inputs, "serviceProviderConfiguration")
    if provider:
        api, key = _text(provider, "serviceProviderId"), _text(provider, "connectionName")
        yield OperationUse(part.name, api, _text(provider, "operationId"), key, is_trigger)
        return
    host = _object(part.inputs, "host")
    key = _connection_key(host)
    if key or _text(host, "apiId"):
        api = _text(host, "apiId") or _api(key, _member(connections, key)) or _api_by_address(host, key)
        yield OperationUse(part.name, api, _operation_id(part, host), key, is_trigger)


def operation_of(part: Action | Trigger, connections: Mapping[str, Value]) -> OperationUse | None:
    """Return the operation that an action or a trigger calls, or None if it names none."""
    return next(_operation(part, connections, is_trigger=isinstance(part, Trigger)), None)


def _connection_key(host: Mapping[str, Value]) -> str:
    connection = _object(host, "connection")
    by_parameter = _BY_PARAMETER.search(_text(connection, "name"))
    if by_parameter:
        return by_parameter["key"]
    return _text(host, "connectionName") or _text(connection, "referenceName")


def _operation_id(part: Action | Trigger, host: Mapping[str, Value]) -> str:
    system = _object(_object(part.source, "metadata"), "flowSystemMetadata")
    given = _text(host, "operationId") or _text(system, "swaggerOperationId")
    return given or f"{_text(part.inputs, 'method')} {_text(part.inputs, 'path')}".strip()


def _api_by_address(host: Mapping[str, Value], key: str) -> str:
    """Guess the connector that the document does not name, as its own designer named the connection."""
    address = api_name(_text(_object(host, "api"), "runtimeUrl"))
    return f"shared_{address}" if address else _NUMBERED.sub("", key)


def _connections(
    connections: Mapping[str, Value], operations: tuple[OperationUse, ...]
) -> Iterator[ConnectionUse]:
    used = {one.connection: one.api for one in reversed(operations) if one.connection}
    for key in dict.fromkeys((*connections, *(one.connection for one in operations if one.connection))):
        entry = _member(connections, key)
        reference = _text(_object(entry, "connection"), "connectionReferenceLogicalName")
        yield ConnectionUse(key, reference or None, _api(key, entry) or used.get(key, ""))


def _api(key: str, entry: Value) -> str:
    """Return the connector that a connection of the document is for."""
    api = _object(entry, "api")
    names = (_text(api, "name"), _text(api, "id"), _text(entry, "id"), _text(api, "logicalName"))
    provider = _text(_object(entry, "serviceProvider"), "id")
    return next(filter(None, (*names, provider)), "")


def _desktop_flows(definition: Definition, operations: tuple[OperationUse, ...]) -> Iterator[FlowUse]:
    called = {one.name for one in operations if api_name(one.api).casefold() == DESKTOP_FLOWS}
    for action in walk(definition.actions):
        flow = _text(_object(action.inputs, "parameters"), "uiFlowId")
        if action.name in called and flow and not flow.startswith("@"):
            yield FlowUse(action.name, flow)


def _child_flows(definition: Definition) -> Iterator[FlowUse]:
    for action in walk(definition.actions):
        if action.type.casefold() == "workflow":
            host = _object(action.inputs, "host")
            flow = _text(host, "workflowReferenceName") or api_name(_text(_object(host, "workflow"), "id"))
            if flow and not flow.startswith("@"):
                yield FlowUse(action.name, flow)


def _variables(parameters: Mapping[str, Parameter]) -> Iterator[VariableUse]:
    for name, parameter in parameters.items():
        schema_name = _text(_object(parameter.source, "metadata"), "schemaName")
        if schema_name:
            yield VariableUse(name, schema_name, parameter.has_default)


def _member(members: Mapping[str, Value], name: str) -> Value:
    key = find_key(members, name)
    return None if key is None else members[key]


def _object(value: Value, name: str) -> Mapping[str, Value]:
    found = member(value, name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _text(value: Value, name: str) -> str:
    found = member(value, name) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""
