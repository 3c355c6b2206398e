"""Values of messages beyond texts and numbers: rows of any table, rights, and what has several members.

Source: dataverse-api 9.6.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntFlag
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID

from deskhand.core.errors import did_you_mean
from deskhand.core.ids import parse_id
from deskhand.entities.declare import REGISTRY, Entity, entity_by_set
from deskhand.entities.security import SystemUser
from deskhand.odata import nodes
from deskhand.odata.errors import QueryMalformed, QueryTooLarge
from deskhand.odata.parser import parse_path

C = TypeVar("C", bound=type)

_SERVICE_ROOT = re.compile(r"(?:https?://[^/]+)?/api/data/v\d+(?:\.\d+)?/")
_TYPE_PREFIX = re.compile(r"#?(?:Microsoft\.Dynamics\.CRM|mscrm)\.")
_HOW = (
    'Write {"@odata.id": "workflows(<id>)"}, or '
    '{"@odata.type": "Microsoft.Dynamics.CRM.workflow", "workflowid": "<id>"}.'
)


class AccessRights(IntFlag):
    """Rights on a row, as they are shared; the names go over the wire, with commas between them."""

    ReadAccess = 1
    WriteAccess = 2
    AppendAccess = 4
    AppendToAccess = 16
    CreateAccess = 32
    DeleteAccess = 65_536
    ShareAccess = 262_144
    AssignAccess = 524_288


@dataclass(frozen=True, slots=True)
class AnyRow:
    """A row of whatever table.

    Attributes:
        entity: The table.
        id: The row.
    """

    entity: type[Entity]
    id: UUID


class ValueUnfit(ValueError):
    """A value is none of the type that is asked for; the text says why, and what would be one."""


COMPLEX_TYPES: dict[str, type] = {}
"""The types that are made of several members, by their names in ``$metadata``."""


def complex_type(declared: C) -> C:
    """Declare a dataclass as a type of parameters and results; its members are called as in Pascal."""
    COMPLEX_TYPES[declared.__name__] = declared
    return declared


def pascal(name: str) -> str:
    """Return ``UserId`` for ``user_id``."""
    return "".join(part.capitalize() for part in name.split("_"))


def edm_type_of(hint: Any) -> str | None:
    """Return the name in ``$metadata`` of a type that is declared here; None for any other."""
    if get_origin(hint) is tuple:
        inner = edm_type_of(get_args(hint)[0])
        return None if inner is None else f"Collection({inner})"
    if hint is AnyRow:
        return "mscrm.crmbaseentity"
    if hint is AccessRights:
        return "mscrm.AccessRights"
    return f"mscrm.{hint.__name__}" if hint in COMPLEX_TYPES.values() else None


def members_of(declared: type) -> Mapping[str, tuple[str, Any]]:
    """Return the members of a complex type: by their names in JSON, their names in Python and types."""
    hints = typing.get_type_hints(declared)
    return {pascal(one.name): (one.name, hints[one.name]) for one in fields(declared)}


def read_value(hint: Any, value: Any) -> Any:
    """Return a JSON value as a type that is declared here.

    Raises:
        ValueUnfit: It is none.
    """
    if hint is AnyRow:
        return _read_row(value)
    if hint is AccessRights:
        return _read_rights(value)
    return _read_complex(hint, value)


def _read_complex(declared: type, value: Any) -> Any:
    members = members_of(declared)
    if not isinstance(value, dict):
        raise ValueUnfit(f"takes an object of {' and '.join(members)}")
    given = {name: one for name, one in value.items() if "@" not in name}
    for name in given:
        if name not in members:
            raise ValueUnfit(f"has no member ‘{name[:100]}’{did_you_mean(name, members) or '.'}")
    read: dict[str, Any] = {}
    for name, (own, hint) in members.items():
        if given.get(name) is None:
            raise ValueUnfit(f"misses its member ‘{name}’")
        try:
            read[own] = read_value(hint, given[name])
        except ValueUnfit as error:
            raise ValueUnfit(f"has a member ‘{name}’ that {error}") from error
    return declared(**read)


def _read_rights(value: Any) -> AccessRights:
    known = AccessRights.__members__
    if isinstance(value, int) and not isinstance(value, bool):
        if value & ~sum(AccessRights):
            raise ValueUnfit(f"is {value}, which is no sum of rights")
        return AccessRights(value)
    if not isinstance(value, str):
        raise ValueUnfit(f"takes rights as a text, such as {', '.join(list(known)[:2])}")
    names = [one.strip() for one in value.split(",")]
    rights = AccessRights(0)
    for name in names:
        if name not in known and name != "None":
            hint = did_you_mean(name, known) or f". Rights are {', '.join(known)}."
            raise ValueUnfit(f"names no right ‘{name[:100]}’{hint}")
        rights |= known.get(name, AccessRights(0))
    return rights


def _read_row(value: Any) -> AnyRow:
    if not isinstance(value, dict):
        raise ValueUnfit(f"takes an object that names a row. {_HOW}")
    if "@odata.id" in value:
        return _addressed(value["@odata.id"])
    declared = value.get("@odata.type")
    return _keyed(value, _candidates(value) if declared is None else [_typed(declared)])


def _addressed(address: Any) -> AnyRow:
    unfit = ValueUnfit(f"has an @odata.id that is no address of a row. {_HOW}")
    if not isinstance(address, str):
        raise unfit
    try:
        segments = parse_path(_SERVICE_ROOT.sub("", address, count=1)).segments
    except (QueryMalformed, QueryTooLarge) as error:
        raise unfit from error
    if len(segments) != 1 or segments[0].namespace or len(segments[0].arguments or ()) != 1:
        raise unfit
    (argument,) = segments[0].arguments or ()
    entity = entity_by_set(segments[0].name)
    if entity is None or not isinstance(argument.value, nodes.Guid):
        raise unfit
    if argument.name not in ("", entity.primary_key):
        raise unfit
    return AnyRow(entity, argument.value.value)


def _typed(declared: Any) -> type[Entity]:
    name = _TYPE_PREFIX.sub("", declared, count=1) if isinstance(declared, str) else ""
    if name not in REGISTRY:
        raise ValueUnfit(f"has an @odata.type that is no table{did_you_mean(name, REGISTRY) or '.'} {_HOW}")
    return REGISTRY[name]


def _candidates(value: Mapping[str, Any]) -> list[type[Entity]]:
    return [entity for entity in REGISTRY.values() if entity.primary_key in value]


def _keyed(value: Mapping[str, Any], entities: list[type[Entity]]) -> AnyRow:
    if len(entities) != 1:
        raise ValueUnfit(f"does not say which row is meant. {_HOW}")
    (entity,) = entities
    given = value.get(entity.primary_key)
    row_id = parse_id(given) if isinstance(given, str) else None
    if row_id is None:
        raise ValueUnfit(f"has no ‘{entity.primary_key}’ that is an id. {_HOW}")
    return AnyRow(entity, row_id)


def to_wire(value: Any) -> Any:
    """Return a value of a type that is declared here as JSON; any other as it is."""
    if isinstance(value, AccessRights):
        return ", ".join(one.name or "" for one in value) or "None"
    if isinstance(value, AnyRow):
        own = {"@odata.type": f"#Microsoft.Dynamics.CRM.{value.entity.logical_name}"}
        own[value.entity.primary_key] = str(value.id)
        return own | ({"ownerid": str(value.id)} if value.entity is SystemUser else {})
    if isinstance(value, tuple):
        return [to_wire(one) for one in value]
    if type(value) in COMPLEX_TYPES.values():
        return {name: to_wire(getattr(value, own)) for name, (own, _) in members_of(type(value)).items()}
    return value
