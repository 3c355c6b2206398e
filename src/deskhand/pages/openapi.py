"""The endpoints as an OpenAPI 3.1 document."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from deskhand.pages.declare import Endpoint, Parameter, Place
from deskhand.pages.shapes import camel, without_none

Schema = dict[str, Any]

_ATTRIBUTE = re.compile(r"^ {8}(\w+): (.+(?:\n {12,}.+)*)", re.MULTILINE)
_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def document(endpoints: Iterable[Endpoint], version: str) -> Schema:
    """Return the description of endpoints."""
    schemas: dict[str, Schema] = {}
    paths: dict[str, dict[str, Schema]] = {}
    for one in endpoints:
        path = re.sub(r"\{(\w+)\}", lambda found: f"{{{camel(found.group(1))}}}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deskhand portal", "version": version},
        "servers": [{"url": "/api/portal"}],
        "security": [{"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted((schemas | {"Problem": _PROBLEM}).items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


_PROBLEM: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}


def _operation(one: Endpoint, schemas: dict[str, Schema]) -> Schema:
    summary, _, description = one.doc.partition("\n\n")
    operation: Schema = {
        "operationId": camel(one.name),
        "summary": " ".join(summary.split()),
        "parameters": [_parameter(each, schemas) for each in one.parameters if each.place is not Place.BODY],
        "responses": {**_answer(one, schemas), "default": _json("What went wrong.", _reference("Problem"))},
    }
    if description:
        operation["description"] = description
    if one.body_type is not None:
        content = _json("", schema_of(one.body_type, schemas))["content"]
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _answer(one: Endpoint, schemas: dict[str, Schema]) -> Schema:
    if one.response is types.NoneType:
        return {"204": {"description": "It is done."}}
    return {"200": _json("The answer.", schema_of(one.response, schemas))}


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(one: Parameter, schemas: dict[str, Schema]) -> Schema:
    kind, _ = without_none(one.type)
    described: Schema = {
        "name": one.wire_name,
        "in": one.place.value,
        "required": one.required,
        "description": one.doc,
        "schema": schema_of(kind, schemas),
    }
    if get_origin(kind) is tuple:
        described |= {"style": "form", "explode": False}
    return described


def schema_of(expected: Any, schemas: dict[str, Schema]) -> Schema:
    """Return the schema of a type; those of its dataclasses and choices are added to the others."""
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        options = [one for one in get_args(expected) if one is not types.NoneType]
        found = [schema_of(one, schemas) for one in options]
        return (
            {"anyOf": [*found, {"type": "null"}]}
            if len(options) < len(get_args(expected))
            else {"anyOf": found}
        )
    if origin is tuple:
        return {"type": "array", "items": schema_of(get_args(expected)[0], schemas)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(get_args(expected)[1], schemas)}
    if is_dataclass(expected) and isinstance(expected, type):
        return _object(expected, schemas)
    if isinstance(expected, type) and issubclass(expected, Enum):
        schemas[expected.__name__] = {"enum": [one.value for one in expected], **_described(expected)}
        return _reference(expected.__name__)
    return dict(_SCALARS[expected])


def _object(expected: type, schemas: dict[str, Schema]) -> Schema:
    name = expected.__name__
    if name not in schemas:
        schemas[name] = {}  # Before its members: one of them may be of the same type.
        hints, docs = typing.get_type_hints(expected), member_docs(expected)
        members = fields(expected)
        schemas[name] = {
            "type": "object",
            **_described(expected),
            "required": [camel(one.name) for one in members if one.default is MISSING],
            "properties": {
                camel(one.name): {**schema_of(hints[one.name], schemas), "description": docs[one.name]}
                for one in members
            },
        }
    return _reference(name)


def member_docs(expected: type) -> Mapping[str, str]:
    """Return what the docstring of a dataclass says of each member; one left out fails."""
    found = _ATTRIBUTE.findall(expected.__doc__ or "")
    docs = {name: " ".join(text.split()) for name, text in found}
    missing = [one.name for one in fields(expected) if one.name not in docs]
    if missing:
        raise TypeError(f"{expected.__name__}: members without a line under Attributes: {missing}")
    return docs


def _described(expected: type) -> Schema:
    return {"description": (expected.__doc__ or "").strip().partition("\n")[0]}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
