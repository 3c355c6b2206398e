"""The service document and ``$metadata``, from the declarations. Source: dataverse-api 1 and 6.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard
from xml.etree import ElementTree

from deskhand.entities.declare import REGISTRY, Column, Entity, Lookup
from deskhand.messages.declare import MESSAGES, Member, Message
from deskhand.messages.values import COMPLEX_TYPES, AccessRights, AnyRow, edm_type_of, members_of
from deskhand.records.serialize import readable_columns
from deskhand.webapi.multiple import CREATE_MULTIPLE_RESPONSE, MULTIPLE, has_multiple

_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"
_OPEN_TYPE = "mscrm.expando"
NAMESPACE = "Microsoft.Dynamics.CRM"
"""Where every type and message of the service is."""

_Element = ElementTree.Element


def service_document(root: str) -> dict[str, Any]:
    """Return the list of entity sets.

    Args:
        root: The service root, with its slash.
    """
    sets = sorted(entity.set_name or "" for entity in REGISTRY.values())
    return {
        "@odata.context": f"{root}$metadata",
        "value": [{"name": name, "kind": "EntitySet", "url": name} for name in sets],
    }


def csdl() -> bytes:
    """Return ``$metadata``: every entity, action and function that is served, and nothing else."""
    edmx = _Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": _EDMX})
    services = ElementTree.SubElement(edmx, "edmx:DataServices")
    attributes = {"Namespace": NAMESPACE, "Alias": "mscrm", "xmlns": _EDM}
    schema = ElementTree.SubElement(services, "Schema", attributes)
    _add(schema, "EntityType", Name="crmbaseentity", Abstract="true")
    _add(schema, "EntityType", Name="expando", BaseType="mscrm.crmbaseentity", OpenType="true")
    entities = [entity for _, entity in sorted(REGISTRY.items())]
    schema.extend(_entity_type(entity) for entity in entities)
    messages = [message for _, message in sorted(MESSAGES.items(), key=lambda item: item[0][0])]
    schema.append(_access_rights())
    schema.extend(_complex_type(name, declared) for name, declared in sorted(COMPLEX_TYPES.items()))
    schema.extend(_response_type(message) for message in messages if message.response)
    schema.extend(_operation(message) for message in messages)
    schema.append(_create_multiple_response())
    schema.extend(_multiple(entity, name) for entity in entities if has_multiple(entity) for name in MULTIPLE)
    schema.append(_container(entities, messages))
    document: bytes = ElementTree.tostring(edmx, encoding="utf-8", xml_declaration=True)
    return document


def _add(parent: _Element, tag: str, **attributes: str) -> _Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _entity_type(entity: type[Entity]) -> _Element:
    attributes = {"Name": entity.logical_name, "BaseType": "mscrm.crmbaseentity"}
    element = _Element("EntityType", attributes)
    _add(_add(element, "Key"), "PropertyRef", Name=entity.primary_key)
    columns = readable_columns(entity)
    element.extend(_property(column) for column in columns)
    element.extend(_navigation_property(column) for column in columns if _leads_somewhere(column))
    return element


def _property(column: Column) -> _Element:
    attributes = {"Name": column.api_name, "Type": column.edm_type}
    if column.edm_type == "Edm.String":
        attributes["Unicode"] = "false"
    return _Element("Property", attributes)


def _leads_somewhere(column: Column) -> TypeGuard[Lookup]:
    return isinstance(column, Lookup) and column.target in REGISTRY


def _navigation_property(column: Lookup) -> _Element:
    attributes = {"Name": column.navigation_property, "Type": f"mscrm.{column.target}"}
    element = _Element("NavigationProperty", attributes)
    target = REGISTRY[column.target]
    _add(element, "ReferentialConstraint", Property=column.api_name, ReferencedProperty=target.primary_key)
    return element


def _response_type(message: Message) -> _Element:
    element = _Element("ComplexType", {"Name": message.response or ""})
    for member in message.members:
        if member.edm_type == _OPEN_TYPE:
            attributes = {"Name": member.wire_name, "Type": "mscrm.crmbaseentity", "Nullable": "false"}
            _add(element, "NavigationProperty", **attributes)
        else:
            _add(element, "Property", **_typed(member), Nullable="false")
    return element


def _access_rights() -> _Element:
    element = _Element("EnumType", {"Name": "AccessRights", "IsFlags": "true"})
    _add(element, "Member", Name="None", Value="0")
    for right in AccessRights:
        _add(element, "Member", Name=right.name or "", Value=str(right.value))
    return element


def _complex_type(name: str, declared: type) -> _Element:
    element = _Element("ComplexType", {"Name": name})
    for wire_name, (_, hint) in members_of(declared).items():
        tag = "NavigationProperty" if hint is AnyRow else "Property"
        _add(element, tag, Name=wire_name, Type=edm_type_of(hint) or "", Nullable="false")
    return element


def _operation(message: Message) -> _Element:
    """Return the ``Action`` or ``Function`` of a message; a bound one takes its row first."""
    element = _Element(message.kind.value, {"Name": message.name})
    if message.bound_to:
        element.set("IsBound", "true")
        target = f"mscrm.{message.bound_to.logical_name}"
        _add(element, "Parameter", Name="entity", Type=target, Nullable="false")
    for parameter in message.parameters:
        required = {"Nullable": "false"} if parameter.required else {}
        _add(element, "Parameter", **_typed(parameter), **required)
    if message.returns:
        _add(element, "ReturnType", Type=f"mscrm.{message.returns.logical_name}")
    if message.response:
        _add(element, "ReturnType", Type=f"mscrm.{message.response}", Nullable="false")
    return element


def _create_multiple_response() -> _Element:
    element = _Element("ComplexType", {"Name": CREATE_MULTIPLE_RESPONSE})
    _add(element, "Property", Name="Ids", Type="Collection(Edm.Guid)", Nullable="false")
    return element


def _multiple(entity: type[Entity], name: str) -> _Element:
    """Return the ``Action`` that writes many rows of a table."""
    element = _Element("Action", {"Name": name, "IsBound": "true"})
    rows = f"Collection(mscrm.{entity.logical_name})"
    _add(element, "Parameter", Name="entityset", Type=rows, Nullable="false")
    _add(element, "Parameter", Name="Targets", Type=rows, Nullable="false")
    if name == "CreateMultiple":
        _add(element, "ReturnType", Type=f"mscrm.{CREATE_MULTIPLE_RESPONSE}", Nullable="false")
    return element


def _typed(member: Member) -> dict[str, str]:
    text = {"Unicode": "false"} if member.edm_type == "Edm.String" else {}
    return {"Name": member.wire_name, "Type": member.edm_type, **text}


def _container(entities: Iterable[type[Entity]], messages: Iterable[Message]) -> _Element:
    container = _Element("EntityContainer", {"Name": "System"})
    container.extend(_entity_set(entity) for entity in entities)
    for message in messages:
        if message.bound_to is None:
            kind = message.kind.value
            name = f"mscrm.{message.name}"
            _add(container, f"{kind}Import", **{"Name": message.name, kind: name})
    return container


def _entity_set(entity: type[Entity]) -> _Element:
    attributes = {"Name": entity.set_name or "", "EntityType": f"mscrm.{entity.logical_name}"}
    element = _Element("EntitySet", attributes)
    for column in readable_columns(entity):
        if _leads_somewhere(column):
            target = REGISTRY[column.target].set_name or ""
            _add(element, "NavigationPropertyBinding", Path=column.navigation_property, Target=target)
    return element
