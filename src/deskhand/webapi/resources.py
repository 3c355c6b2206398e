"""From an address to what answers it. Source: dataverse-api 3.1 and 7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskhand.core.settings import Settings
from deskhand.entities.declare import REGISTRY, Column, Entity, Lookup, entity_by_set
from deskhand.identity.vault import Vault
from deskhand.messages.declare import ACTION, MESSAGES, Message
from deskhand.odata import nodes
from deskhand.odata.parser import parse_path
from deskhand.records.references import RowReference
from deskhand.webapi import rows, writes
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.definition_queries import DEFINITIONS, query_definitions
from deskhand.webapi.invocation import address_arguments, invoker
from deskhand.webapi.metadata import NAMESPACE, csdl, service_document
from deskhand.webapi.multiple import MULTIPLE, has_multiple, multiple_writer
from deskhand.webapi.refusals import (
    ImpersonationNotSupported,
    MethodNotSupported,
    NotBuiltYet,
    UnknownSegment,
)
from deskhand.webapi.replies import Reply, json_reply
from deskhand.webapi.row_keys import row_reference

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
        settings: Limits and choices.
        vault: Opens what the database keeps encrypted.
    """

    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault
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
        return Work(self._invoker(call, message, None, head), writes=message.kind is ACTION)

    def _plan_entity(self, call: Call, entity: type[Entity], segments: Sequence[nodes.Segment]) -> Work:
        head, *rest = segments
        if head.arguments is None:
            return self._plan_collection(call, entity, rest)
        row = row_reference(head, entity)
        if not rest:
            return _plan_row(call, entity, row)
        if rest[0].namespace:
            return self._plan_bound_message(call, entity, row, rest)
        return _plan_property(call, entity, row, rest)

    def _plan_collection(self, call: Call, entity: type[Entity], segments: Sequence[nodes.Segment]) -> Work:
        if not segments:
            if _writes(call, "POST"):
                return Work(writes.creator(call, entity), writes=True)
            return Work(rows.list_reader(call, entity, self._settings.page_size))
        if segments[0].name == "$count" and len(segments) == 1:
            _only_reading(call)
            return Work(rows.count_reader(call, entity))
        if segments[0].namespace:
            return _plan_multiple(call, entity, segments)
        raise UnknownSegment(_full_name(segments[0]), ("$count",))

    def _plan_bound_message(
        self, call: Call, entity: type[Entity], row: RowReference, segments: Sequence[nodes.Segment]
    ) -> Work:
        head, *rest = segments
        bound = {name for name, table in MESSAGES if table == entity.logical_name}
        if head.namespace != NAMESPACE or head.name not in bound:
            raise UnknownSegment(_full_name(head), (f"{NAMESPACE}.{name}" for name in bound))
        if rest:
            raise UnknownSegment(_full_name(rest[0]))
        message = MESSAGES[(head.name, entity.logical_name)]
        return Work(self._invoker(call, message, row, head), writes=message.kind is ACTION)

    def _invoker(
        self, call: Call, message: Message, target: RowReference | None, segment: nodes.Segment
    ) -> Act:
        arguments = {} if segment.arguments is None else address_arguments(call, message, segment)
        return invoker(call, self._settings, self._vault, message, target, arguments)


def _plan_multiple(call: Call, entity: type[Entity], segments: Sequence[nodes.Segment]) -> Work:
    head, *rest = segments
    known = tuple(MULTIPLE) if has_multiple(entity) else ()
    if head.namespace != NAMESPACE or head.name not in known:
        raise UnknownSegment(_full_name(head), (f"{NAMESPACE}.{name}" for name in known))
    if rest or call.method == "GET":
        raise UnknownSegment(_full_name((rest or segments)[0]))
    _without_arguments(head)
    if call.impersonation_header:
        raise ImpersonationNotSupported(call.impersonation_header)
    if call.method != "POST":
        raise MethodNotSupported(call.method, ("POST",))
    return Work(multiple_writer(call, entity, head.name), writes=True)


def _plan_row(call: Call, entity: type[Entity], row: RowReference) -> Work:
    if not _writes(call, "PATCH", "DELETE"):
        return Work(rows.row_reader(call, entity, row))
    write = writes.changer if call.method == "PATCH" else writes.deleter
    return Work(write(call, entity, row), writes=True)


def _plan_property(
    call: Call, entity: type[Entity], row: RowReference, segments: Sequence[nodes.Segment]
) -> Work:
    head, *rest = segments
    if (head.name, entity.logical_name) in MESSAGES:
        raise UnknownSegment(head.name, meant=f"{NAMESPACE}.{head.name}")
    lookup = rows.find_lookup(entity, head.name)
    if lookup is not None and call.method != "GET" and [one.name for one in rest] == ["$ref"]:
        return _plan_reference(call, entity, row, lookup)
    column = rows.find_column(entity, head.name)
    if not rest:
        return _plan_column(call, entity, row, column)
    if rest[0].name == "$value" and len(rest) == 1:
        _only_reading(call, built_later=("PUT",), what="Setting a raw value")
        return Work(rows.value_reader(call, entity, row, column))
    raise UnknownSegment(_full_name(rest[0]), ("$value",))


def _plan_column(call: Call, entity: type[Entity], row: RowReference, column: Column) -> Work:
    if call.method == "PATCH":
        raise NotBuiltYet("Uploading a file column")
    if not _writes(call, "PUT", "DELETE"):
        return Work(rows.property_reader(call, entity, row, column))
    if call.method == "PUT":
        return Work(writes.property_setter(call, entity, row, column), writes=True)
    return Work(writes.clearer(call, entity, row, column), writes=True)


def _plan_reference(call: Call, entity: type[Entity], row: RowReference, lookup: Lookup) -> Work:
    if not _writes(call, "PUT", "DELETE"):
        raise NotBuiltYet("Reading a reference")
    if call.method == "PUT":
        return Work(writes.lookup_setter(call, entity, row, lookup), writes=True)
    return Work(writes.clearer(call, entity, row, lookup), writes=True)


def _plan_definitions(call: Call, segments: Sequence[nodes.Segment]) -> Work:
    _only_reading(call, built_later=("POST", "PUT", "PATCH", "DELETE"), what="Changing table definitions")
    return _constant(json_reply(query_definitions(segments, call.query, call.root)))


def _constant(reply: Reply) -> Work:
    return Work(lambda tx: reply)


def _only_reading(call: Call, built_later: Sequence[str] = (), what: str = "") -> None:
    if call.method in built_later:
        raise NotBuiltYet(what)
    _writes(call)


def _writes(call: Call, *methods: str) -> bool:
    """Tell whether a call is one of the writes that its resource has, rather than a read.

    Raises:
        ImpersonationNotSupported: It asks to act as somebody else.
        MethodNotSupported: It is neither.
    """
    if call.impersonation_header:
        raise ImpersonationNotSupported(call.impersonation_header)
    if call.method not in ("GET", *methods):
        raise MethodNotSupported(call.method, (*_READING, *methods))
    return call.method != "GET"


def _without_arguments(segment: nodes.Segment) -> None:
    """Refuse arguments in the address."""
    if segment.arguments:
        raise UnknownSegment(f"{_full_name(segment)}({segment.arguments[0].name}=…)")


def _full_name(segment: nodes.Segment) -> str:
    return f"{segment.namespace}.{segment.name}" if segment.namespace else segment.name
