"""From an address to what answers it. Source: dataverse-api 3.1 and 7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from deskhand.entities.declare import REGISTRY, Entity, entity_by_set
from deskhand.messages.declare import ACTION, MESSAGES
from deskhand.odata import nodes
from deskhand.odata.parser import parse_path
from deskhand.webapi import rows
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.definition_queries import DEFINITIONS, query_definitions
from deskhand.webapi.invocation import invoker
from deskhand.webapi.metadata import NAMESPACE, csdl, service_document
from deskhand.webapi.refusals import (
    ImpersonationNotSupported,
    MalformedPath,
    MethodNotSupported,
    NotBuiltYet,
    UnknownSegment,
)
from deskhand.webapi.replies import Reply, json_reply
from deskhand.webapi.services import Services

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Work:
    """What answers a call.

    Attributes:
        act: Runs in a transaction.
        writes: Whether it may change something.
    """

    act: Act
    writes: bool = False


class Resources:
    """Everything that has an address.

    Args:
        services: What messages work with.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._metadata = Reply(200, csdl(), {"Content-Type": "application/xml"})

    def plan(self, call: Call) -> Work:
        """Return what answers a call; whatever its address and query alone can tell is checked here.

        Raises:
            UnknownSegment: The address leads nowhere.
            MethodNotSupported: It leads to something that this method is not for.
            NotBuiltYet: The original answers this, and we do not yet.
            QueryMalformed: The address cannot be read.
        """
        segments = parse_path(call.path).segments
        if not segments:
            _only_reading(call)
            return _constant(json_reply(service_document(call.root)))
        head = segments[0]
        entity = None if head.namespace else entity_by_set(head.name)
        if entity is not None:
            return self._plan_entity(call, entity, segments)
        if head.name == "$metadata" and len(segments) == 1:
            _only_reading(call)
            return _constant(self._metadata)
        if head.name == DEFINITIONS:
            return _plan_definitions(call, segments)
        if head.name == "$batch":
            raise NotBuiltYet("$batch")
        return self._plan_unbound_message(call, segments)

    def _plan_unbound_message(self, call: Call, segments: Sequence[nodes.Segment]) -> Work:
        head, *rest = segments
        message = None if head.namespace else MESSAGES.get((head.name, None))
        if message is None or rest:
            unknown = rest[0] if message else head
            raise UnknownSegment(_full_name(unknown), (entity.set_name or "" for entity in REGISTRY.values()))
        _without_arguments(head)
        return Work(invoker(call, self._services, message, None), writes=message.kind is ACTION)

    def _plan_entity(self, call: Call, entity: type[Entity], segments: Sequence[nodes.Segment]) -> Work:
        head, *rest = segments
        if head.arguments is None:
            return self._plan_collection(call, entity, rest)
        row_id = _row_id(head, entity)
        if not rest:
            _only_reading(call, built_later=("PATCH", "DELETE"), what=f"Changing rows of {head.name}")
            return Work(rows.row_reader(call, entity, row_id))
        if rest[0].namespace:
            return self._plan_bound_message(call, entity, row_id, rest)
        return _plan_property(call, entity, row_id, rest)

    def _plan_collection(self, call: Call, entity: type[Entity], segments: Sequence[nodes.Segment]) -> Work:
        if not segments:
            _only_reading(call, built_later=("POST",), what=f"Creating rows of {entity.set_name}")
            return Work(rows.list_reader(call, entity, self._services.settings.page_size))
        if segments[0].name == "$count" and len(segments) == 1:
            _only_reading(call)
            return Work(rows.count_reader(call, entity))
        raise UnknownSegment(_full_name(segments[0]), ("$count",))

    def _plan_bound_message(
        self, call: Call, entity: type[Entity], row_id: UUID, segments: Sequence[nodes.Segment]
    ) -> Work:
        head, *rest = segments
        bound = {name for name, table in MESSAGES if table == entity.logical_name}
        if head.namespace != NAMESPACE or head.name not in bound:
            raise UnknownSegment(_full_name(head), (f"{NAMESPACE}.{name}" for name in bound))
        if rest:
            raise UnknownSegment(_full_name(rest[0]))
        _without_arguments(head)
        message = MESSAGES[(head.name, entity.logical_name)]
        return Work(invoker(call, self._services, message, row_id), writes=message.kind is ACTION)


def _plan_property(call: Call, entity: type[Entity], row_id: UUID, segments: Sequence[nodes.Segment]) -> Work:
    head, *rest = segments
    if (head.name, entity.logical_name) in MESSAGES:
        raise UnknownSegment(head.name, meant=f"{NAMESPACE}.{head.name}")
    column = rows.find_column(entity, head.name)
    _only_reading(call, built_later=("PATCH", "PUT", "DELETE"), what=f"Changing columns of {entity.set_name}")
    if not rest:
        return Work(rows.property_reader(call, entity, row_id, column))
    if rest[0].name == "$value" and len(rest) == 1:
        return Work(rows.value_reader(call, entity, row_id, column))
    raise UnknownSegment(_full_name(rest[0]), ("$value",))


def _plan_definitions(call: Call, segments: Sequence[nodes.Segment]) -> Work:
    _only_reading(call, built_later=("POST", "PUT", "PATCH", "DELETE"), what="Changing table definitions")
    return _constant(json_reply(query_definitions(segments, call.query, call.root)))


def _constant(reply: Reply) -> Work:
    return Work(lambda tx: reply)


def _only_reading(call: Call, built_later: Sequence[str] = (), what: str = "") -> None:
    if call.method in built_later:
        raise NotBuiltYet(what)
    if call.impersonation_header:
        raise ImpersonationNotSupported(call.impersonation_header)
    if call.method != "GET":
        raise MethodNotSupported(call.method, _READING)


def _without_arguments(segment: nodes.Segment) -> None:
    """Refuse arguments in the address: no message that is built takes any there."""
    if segment.arguments:
        raise UnknownSegment(f"{_full_name(segment)}({segment.arguments[0].name}=…)")


def _row_id(segment: nodes.Segment, entity: type[Entity]) -> UUID:
    """Return the id in ``workflows(<guid>)`` or ``workflows(workflowid=<guid>)``."""
    arguments = segment.arguments or ()
    value = arguments[0].value if len(arguments) == 1 else None
    if isinstance(value, nodes.Guid) and arguments[0].name in ("", entity.primary_key):
        return value.value
    if arguments and all(argument.name in entity.columns for argument in arguments):
        raise NotBuiltYet("Addressing a row by an alternate key")
    raise MalformedPath(segment.name)


def _full_name(segment: nodes.Segment) -> str:
    return f"{segment.namespace}.{segment.name}" if segment.namespace else segment.name
