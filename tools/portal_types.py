"""The portal's endpoints as TypeScript: one interface a shape, and one entry an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from deskhand.pages.library import ENDPOINTS
from deskhand.pages.openapi import document

_HEAD = (
    "/** The portal's endpoints. Generated from their declarations in `deskhand.pages`; never edited. */\n"
)
_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
_METHODS = ("get", "post", "put", "patch", "delete")


def portal_types() -> str:
    """Return ``portal/src/api/portal.generated.ts``."""
    described = document(ENDPOINTS.values(), "")
    shapes = [_shape(name, one) for name, one in described["components"]["schemas"].items()]
    entries = [
        entry
        for path, operations in described["paths"].items()
        for method in _METHODS
        if method in operations
        for entry in _entry(method, path, operations[method])
    ]
    return "\n".join([_HEAD, *shapes, "export interface Endpoints {", *entries, "}", ""])


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    doc = _comment(schema.get("description", ""), "")
    if "properties" not in schema:
        return f"{doc}export type {name} = {_type(schema)};\n"
    members = "\n".join(_members(schema))
    return f"{doc}export interface {name} {{\n{members}\n}}\n"


def _members(schema: Mapping[str, Any]) -> Iterator[str]:
    required = schema.get("required", [])
    for name, one in schema["properties"].items():
        mark = "" if name in required else "?"
        yield f"{_comment(one.get('description', ''), '  ')}  {name}{mark}: {_type(one)};"


def _entry(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield _comment(operation["summary"], "  ").rstrip("\n")
    yield f'  "{method.upper()} {path}": {{'
    for place in ("path", "query"):
        found = [one for one in operation["parameters"] if one["in"] == place]
        members = "; ".join(
            f"{one['name']}{'' if one['required'] else '?'}: {_type(one['schema'])}" for one in found
        )
        yield f"    {place}: {{ {members} }};" if members else f"    {place}: Record<never, never>;"
    yield f"    body: {_content(operation.get('requestBody'))};"
    yield f"    answer: {_content(operation['responses'].get('200'))};"
    yield "  };"


def _content(holder: Mapping[str, Any] | None) -> str:
    return "undefined" if holder is None else _type(holder["content"]["application/json"]["schema"])


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        item = _type(schema["items"])
        return f"({item})[]" if "|" in item else f"{item}[]"
    if kind == "object" and "properties" in schema:
        members = " ".join(line.strip() for line in _members(schema))
        return f"{{ {members} }}"
    if kind == "object":
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    if kind == "null":
        return "null"
    return _SCALARS.get(kind or "", "unknown")


def _comment(text: str, indent: str) -> str:
    return f"{indent}/** {text} */\n" if text else ""
