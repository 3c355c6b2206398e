"""The schemas of a flow's inputs and outputs, as the Web API serves them. Source: dataverse-api 11.1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import simplejson

from deskhand.robin.json_values import to_json
from deskhand.robin.nodes import Script
from deskhand.robin.parameters import FlowParameter, flow_inputs, flow_outputs
from deskhand.robin.rendering import rendering
from deskhand.robin.values import Value

_TYPES: Mapping[str, str] = {
    "string": "string",
    "text": "string",
    "datetime": "string",
    "numeric": "number",
    "number": "number",
    "bool": "boolean",
    "boolean": "boolean",
    "list": "array",
    "datatable": "array",
    "customobject": "object",
}

_text = rendering("")


def inputs_schema(script: Script) -> dict[str, Any]:
    """Return the schema of what a flow takes, by external name; ``value`` is the default as text."""
    return _schema(flow_inputs(script), _default_text)


def outputs_schema(script: Script) -> dict[str, Any]:
    """Return the schema of what a flow gives back, by external name; ``value`` is null."""
    return _schema(flow_outputs(script), lambda _: None)


def _schema(parameters: Iterable[FlowParameter], shown: Callable[[Value], str | None]) -> dict[str, Any]:
    properties = {one.name: _property(one, shown) for one in parameters}
    return {"schema": {"properties": properties, "type": "object"}}


def _property(parameter: FlowParameter, shown: Callable[[Value], str | None]) -> dict[str, Any]:
    return {
        "default": "",
        "description": parameter.description,
        "format": "password" if parameter.sensitive else None,
        "title": parameter.name,
        "type": _TYPES.get(parameter.type.casefold(), "object"),
        "value": shown(None if parameter.sensitive else parameter.default),
    }


def _default_text(value: Value) -> str:
    """Return a default as text, since ``value`` is one even for numbers."""
    plain = to_json(value, _text)
    return simplejson.dumps(plain, use_decimal=True) if isinstance(plain, dict | list) else _text(plain)
