"""An OpenAPI document: its text, its references, and its schemas, all within bounds. Pure.

A document may be hostile: references in a circle, or schemas that double with every step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from deskhand.cloudflows.http.json_bodies import parse_json
from deskhand.cloudflows.openapi.errors import ConnectorUnreadable
from deskhand.wdl.json_text import JsonUnreadable

Json: TypeAlias = Mapping[str, Any]

MOST_CHARACTERS = 8 * 1024 * 1024
_MOST_HOPS = 32
_MOST_STEPS = 20_000
_DEEPEST_MERGE = 16
_DEEPEST_SCHEMA = 24
_LONGEST_SCHEMA = 1_000_000
_NESTED = frozenset({"items", "additionalProperties", "not"})
_ALTERNATIVES = frozenset({"allOf", "oneOf", "anyOf"})


class Document:
    """A document whose parts are looked up on demand."""

    def __init__(self, content: Json) -> None:
        self.content = content

    def resolved(self, node: Any, place: str) -> Json:
        """Return an object, or the one that it refers to; members beside a reference win over its own.

        Args:
            node: The object.
            place: Where it stands, for the error.

        Raises:
            ConnectorUnreadable: It is no object, or refers to nothing, or in a circle.
        """
        beside: dict[str, Any] = {}
        for _ in range(_MOST_HOPS):
            if not isinstance(node, dict):
                raise ConnectorUnreadable(place, "is no object")
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return {**node, **beside} if beside else node
            beside = {name: value for name, value in node.items() if name != "$ref"} | beside
            node = self._target(reference, place)
        raise ConnectorUnreadable(place, "refers to itself")

    def _target(self, reference: str, place: str) -> Any:
        if not reference.startswith("#/"):
            raise ConnectorUnreadable(place, f"refers to ‘{reference[:80]}’, which is outside the document")
        node: Any = self.content
        for step in unquote(reference[2:]).split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or name not in node:
                raise ConnectorUnreadable(place, f"refers to ‘{reference[:80]}’, which does not exist")
            node = node[name]
        return node


def parse_document(text: str) -> Document:
    """Read a document.

    Args:
        text: JSON, which may have the trailing commas and comments that the service overlooks.

    Raises:
        ConnectorUnreadable: It is too long, no JSON, or no object.
    """
    if len(text) > MOST_CHARACTERS:
        problem = f"has {len(text)} characters; {MOST_CHARACTERS} are allowed"
        raise ConnectorUnreadable("the text", problem)
    try:
        content = parse_json(text.removeprefix("\ufeff"))
    except JsonUnreadable as error:
        raise ConnectorUnreadable("the text", f"is no JSON ({error})") from error
    if not isinstance(content, dict):
        raise ConnectorUnreadable("the text", "is no JSON object")
    return Document(content)


class SchemaReader:
    """Reads the schemas of one operation, so that all that it looks at has one bound.

    Args:
        document: Where references lead.
        place: What is read, for the error.
    """

    def __init__(self, document: Document, place: str) -> None:
        self._document = document
        self._place = place
        self._steps = 0
        self._characters = 0
        self._views: dict[int, tuple[Any, Json]] = {}  # by identity; holding the node keeps it unique

    def view(self, node: Any) -> Json:
        """Return a schema as one object: references followed, the parts of ``allOf`` merged into it.

        Raises:
            ConnectorUnreadable: It is no schema, or built beyond measure.
        """
        known = self._views.get(id(node))
        if known is None:
            known = self._views[id(node)] = (node, self._view(node, _DEEPEST_MERGE))
        return known[1]

    def _view(self, node: Any, depth: int) -> Json:
        self._steps += 1
        if self._steps > _MOST_STEPS or not depth:
            raise ConnectorUnreadable(self._place, "has a schema that is built beyond measure")
        schema = {} if isinstance(node, bool) else self._document.resolved(node, self._place)
        merged = {name: value for name, value in schema.items() if name != "allOf"}
        for part in listed(schema, "allOf"):
            one = self._view(part, depth - 1)
            properties = {**members(one, "properties"), **members(merged, "properties")}
            required = [*listed(one, "required"), *listed(merged, "required")]
            merged = {**one, **merged, "properties": properties, "required": required}
        return merged

    def expanded(self, node: Any) -> dict[str, Any]:
        """Return a schema that stands for itself.

        Where it would go in a circle, become too deep or too long, it ends in a schema that takes anything.

        Raises:
            ConnectorUnreadable: A reference in it leads nowhere.
        """
        return self._expanded(node, frozenset(), _DEEPEST_SCHEMA)

    def _expanded(self, node: Any, within: frozenset[str], depth: int) -> dict[str, Any]:
        if isinstance(node, bool):
            return {} if node else {"not": {}}
        schema = self._document.resolved(node, self._place)
        references = references_of(node)
        plain = {name: value for name, value in schema.items() if not _is_nested(name)}
        self._characters += len(json.dumps(plain)) if self._characters < _LONGEST_SCHEMA else 0
        if not depth or references & within or self._characters >= _LONGEST_SCHEMA:
            return {}
        inner = within | references
        nested = {
            name: self._nested(name, value, inner, depth - 1)
            for name, value in schema.items()
            if _is_nested(name)
        }
        return {**plain, **nested}

    def _nested(self, name: str, value: Any, within: frozenset[str], depth: int) -> Any:
        if name == "properties" and isinstance(value, dict):
            return {one: self._expanded(schema, within, depth) for one, schema in value.items()}
        if isinstance(value, list):
            return [self._expanded(schema, within, depth) for schema in value]
        return self._expanded(value, within, depth)


def _is_nested(name: str) -> bool:
    return name == "properties" or name in _NESTED or name in _ALTERNATIVES


def references_of(node: Any) -> frozenset[str]:
    """Return what an object refers to: one reference or none."""
    reference = node.get("$ref") if isinstance(node, dict) else None
    return frozenset([reference] if isinstance(reference, str) else [])


def members(node: Json, name: str) -> Json:
    """Return a member that is an object; an empty one if it is none."""
    value = node.get(name)
    return value if isinstance(value, dict) else {}


def listed(node: Json, name: str) -> list[Any]:
    """Return a member that is an array; an empty one if it is none."""
    value = node.get(name)
    return value if isinstance(value, list) else []


def text_of(node: Json, name: str) -> str:
    """Return a member that is a text; an empty one if it is none."""
    value = node.get(name)
    return value if isinstance(value, str) else ""
