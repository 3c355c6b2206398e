"""Queries of ``EntityDefinitions``. Source: dataverse-api 6.2.

The definitions are few and never page: a query is answered from the declarations, in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_plus

from deskhand.entities.declare import REGISTRY, Entity
from deskhand.odata import nodes
from deskhand.odata.errors import QueryMalformed, QueryNotSupported, QueryTooLarge
from deskhand.odata.parser import parse_query
from deskhand.webapi.definitions import (
    Definition,
    attribute_definitions,
    entity_definitions,
    key_definitions,
    many_to_one,
    one_to_many,
)
from deskhand.webapi.refusals import MalformedPath, UnknownProperty, UnknownSegment, UnsupportedQueryOption

DEFINITIONS = "EntityDefinitions"
_NAMESPACE = "Microsoft.Dynamics.CRM"
_OPTION_SET = "OptionSet"
_CAST_SUFFIX = "AttributeMetadata"
_MOST_PARENTHESES = 50


@dataclass(frozen=True, slots=True)
class _Expansion:
    """``OptionSet($select=Options)``."""

    name: str
    query: nodes.Query
    nested: tuple[_Expansion, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """Definitions that a path leads to.

    Attributes:
        context: The fragment of ``@odata.context``, without selection.
        type_name: Their type, for messages.
        items: The definitions.
        single: Whether one is meant, rather than a collection.
    """

    context: str
    type_name: str
    items: tuple[Definition, ...]
    single: bool = False


class DefinitionMissing(UnknownSegment):
    """There is no table, or no column of it, with this name."""

    code = "DH1516"


def query_definitions(segments: Sequence[nodes.Segment], query: str, root: str) -> dict[str, Any]:
    """Answer a query of table definitions.

    Args:
        segments: The address below the service root; the first one is ``EntityDefinitions``.
        query: The raw query.
        root: The service root, with its slash.

    Raises:
        UnknownSegment: The address leads nowhere.
        UnknownProperty: A definition has no such property.
        QueryNotSupported: The filter uses more than comparisons, ``and``, ``or`` and ``not``.
    """
    remaining, expand = _take_expand(query)
    options = parse_query(remaining)
    _check_options(options)
    found = _find(segments)
    shown = _shown(found, options, expand)
    context = f"{root}$metadata#{found.context}{_selection(options, expand)}"
    if found.single:
        return {"@odata.context": f"{context}/$entity", **shown[0]}
    return {"@odata.context": context, "value": shown}


def _take_expand(query: str) -> tuple[str, tuple[_Expansion, ...]]:
    """Split ``$expand`` off a query: definitions have it where rows do not yet."""
    parts = query.split("&")
    expands = [part for part in parts if unquote_plus(part.partition("=")[0]).strip() == "$expand"]
    if len(expands) > 1:
        raise QueryMalformed("$expand", 1, "it stands there twice")
    remaining = "&".join(part for part in parts if part not in expands)
    return remaining, _expansions(unquote_plus(expands[0].partition("=")[2])) if expands else ()


def _expansions(text: str) -> tuple[_Expansion, ...]:
    if text.count("(") > _MOST_PARENTHESES:
        raise QueryTooLarge("$expand", "parentheses", _MOST_PARENTHESES)
    return tuple(_expansion(part.strip()) for part in _split_outside_parentheses(text, ","))


def _expansion(text: str) -> _Expansion:
    name, bracket, inside = text.partition("(")
    if bool(bracket) != text.endswith(")") or not name:
        raise QueryMalformed("$expand", 1, f"‘{text[:60]}’ is neither a name nor name(options)")
    options = _split_outside_parentheses(inside.removesuffix(")"), ";") if bracket else []
    nested, plain = "", []
    for option in options:
        key, _, value = option.strip().partition("=")
        if key == "$expand":
            nested = value
        else:
            plain.append(f"{quote(key)}={quote(value)}")
    query = parse_query("&".join(plain))
    _check_options(query)
    return _Expansion(name, query, _expansions(nested) if nested else ())


def _split_outside_parentheses(text: str, separator: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _check_options(query: nodes.Query) -> None:
    used = {"$orderby": query.order, "$top": query.top, "$skiptoken": query.skiptoken}
    for name, value in used.items():
        if value:
            raise UnsupportedQueryOption(name, DEFINITIONS)


# Where a path leads


def _find(segments: Sequence[nodes.Segment]) -> _Found:
    head, *rest = segments
    if head.arguments is None:
        if rest:
            raise UnknownSegment(rest[0].name)
        return _Found(DEFINITIONS, "EntityMetadata", tuple(entity_definitions()))
    definition = _by_key(head, entity_definitions())
    if not rest:
        return _Found(DEFINITIONS, "EntityMetadata", (definition,), single=True)
    entity = REGISTRY[definition["LogicalName"]]
    return _find_part(entity, rest)


def _find_part(entity: type[Entity], segments: Sequence[nodes.Segment]) -> _Found:
    part, *rest = segments
    collection = _PARTS.get(part.name)
    if collection is None:
        raise UnknownSegment(part.name, _PARTS)
    context = f"{DEFINITIONS}('{entity.logical_name}')/{part.name}"
    type_name, items_of = collection
    items = tuple(items_of(entity))
    if part.arguments is not None:
        items = (_by_key(part, items),)
    if rest:
        items = _cast(rest, items)
        context = f"{context}/{_NAMESPACE}.{rest[0].name}"
        type_name = rest[0].name
    return _Found(context, type_name, items, single=part.arguments is not None)


def _cast(segments: Sequence[nodes.Segment], items: tuple[Definition, ...]) -> tuple[Definition, ...]:
    """Keep the columns of one kind: ``Microsoft.Dynamics.CRM.PicklistAttributeMetadata``."""
    cast, *rest = segments
    if rest:
        raise UnknownSegment(rest[0].name)
    if cast.namespace != _NAMESPACE or not cast.name.endswith(_CAST_SUFFIX):
        raise UnknownSegment(cast.name)
    wanted = f"#{_NAMESPACE}.{cast.name}"
    return tuple(one for one in items if one["@odata.type"] == wanted)


def _by_key(segment: nodes.Segment, items: Iterable[Definition]) -> Definition:
    """Return the definition that ``(LogicalName='x')`` or ``(<id>)`` names."""
    arguments = segment.arguments or ()
    if len(arguments) != 1:
        raise MalformedPath(segment.name)
    name, value = arguments[0].name, arguments[0].value
    match name, value:
        case ("LogicalName", nodes.Text(text)):
            key, sought = "LogicalName", text.lower()
        case ("" | "MetadataId", nodes.Guid(guid)):
            key, sought = "MetadataId", str(guid)
        case _:
            raise MalformedPath(segment.name)
    for one in items:
        if one[key] == sought:
            return one
    raise DefinitionMissing(sought, (one["LogicalName"] for one in items))


_PARTS: Mapping[str, tuple[str, Callable[[type[Entity]], Iterable[Definition]]]] = {
    "Attributes": ("AttributeMetadata", attribute_definitions),
    "ManyToOneRelationships": ("OneToManyRelationshipMetadata", many_to_one),
    "OneToManyRelationships": ("OneToManyRelationshipMetadata", one_to_many),
    "ManyToManyRelationships": ("ManyToManyRelationshipMetadata", lambda entity: ()),
    "Keys": ("EntityKeyMetadata", key_definitions),
}


# What is shown of them


def _shown(found: _Found, query: nodes.Query, expand: tuple[_Expansion, ...]) -> list[Definition]:
    known = {name for item in found.items for name in item}
    kept = [item for item in found.items if query.filter is None or _holds(query.filter, item, found, known)]
    return [_project(item, query, expand, found, known) for item in kept]


def _project(
    item: Definition, query: nodes.Query, expand: tuple[_Expansion, ...], found: _Found, known: set[str]
) -> Definition:
    """Return the selected properties of one definition, and what is expanded of it."""
    plain = {name: value for name, value in item.items() if name != _OPTION_SET}
    if query.select:
        names = [_property_name(column, found, known) for column in query.select]
        kept = ["@odata.type", "MetadataId", *names]
        plain = {name: plain[name] for name in dict.fromkeys(kept) if name in plain}
    for expansion in expand:
        if expansion.name == _OPTION_SET:
            if _OPTION_SET in item:
                plain[_OPTION_SET] = _projected_options(item[_OPTION_SET], expansion)
        elif expansion.name in _PARTS and found.type_name == "EntityMetadata":
            plain[expansion.name] = _expanded_part(item, expansion)
        elif expansion.name != "GlobalOptionSet":
            raise UnknownProperty(expansion.name, found.type_name, (*_PARTS, _OPTION_SET))
    return plain


def _projected_options(option_set: Definition, expansion: _Expansion) -> Definition:
    found = _Found("", "OptionSetMetadata", (option_set,))
    return _shown(found, expansion.query, expansion.nested)[0]


def _expanded_part(item: Definition, expansion: _Expansion) -> list[Definition]:
    entity = REGISTRY[item["LogicalName"]]
    found = _find_part(entity, [nodes.Segment(expansion.name)])
    return _shown(found, expansion.query, expansion.nested)


def _property_name(column: nodes.Property, found: _Found, known: set[str]) -> str:
    name = column.path[0]
    if len(column.path) != 1 or (name not in known and found.items):
        raise UnknownProperty("/".join(column.path), found.type_name, known)
    return name


def _selection(query: nodes.Query, expand: tuple[_Expansion, ...]) -> str:
    names = ["/".join(column.path) for column in query.select or ()]
    names += [f"{one.name}({_inner_selection(one)})" for one in expand]
    return f"({','.join(names)})" if names else ""


def _inner_selection(expansion: _Expansion) -> str:
    return ",".join("/".join(column.path) for column in expansion.query.select or ())


# Filters


def _holds(condition: nodes.Condition, item: Definition, found: _Found, known: set[str]) -> bool:
    match condition:
        case nodes.Junction(connective, conditions):
            results = (_holds(one, item, found, known) for one in conditions)
            return all(results) if connective is nodes.Connective.AND else any(results)
        case nodes.Negation(inner):
            return not _holds(inner, item, found, known)
        case nodes.Comparison(nodes.Comparator.EQUAL, left, right):
            return bool(_value(left, item, found, known) == _value(right, item, found, known))
        case nodes.Comparison(nodes.Comparator.NOT_EQUAL, left, right):
            return bool(_value(left, item, found, known) != _value(right, item, found, known))
        case nodes.Property():
            return _value(condition, item, found, known) is True
        case _:
            raise QueryNotSupported(_what(condition), "$filter", condition.position)


def _what(condition: nodes.Condition) -> str:
    return f"The function {condition.name}" if isinstance(condition, nodes.Call) else "The comparison"


def _value(operand: nodes.Operand, item: Definition, found: _Found, known: set[str]) -> Any:
    match operand:
        case nodes.Property():
            value = item.get(_property_name(operand, found, known))
            return value.lower() if isinstance(value, str) else value
        case nodes.Text(text):
            return text.lower()
        case nodes.Guid(guid):
            return str(guid)
        case nodes.Number(number) | nodes.Boolean(number):
            return number
        case nodes.Null():
            return None
        case _:
            raise QueryNotSupported("A value of this kind", "$filter", operand.position)
