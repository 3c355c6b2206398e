"""What a connector can do. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from deskhand.cloudflows.openapi.document import (
    Document,
    Json,
    SchemaReader,
    listed,
    members,
    references_of,
    text_of,
)
from deskhand.cloudflows.openapi.errors import OperationUnknown

_MOST_INPUTS = 2_000
_DEPTHS = (8, 4, 2, 1, 0)


class Place(StrEnum):
    """Where a parameter stands in a request."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    FORM = "formData"
    BODY = "body"


class SchemeKind(StrEnum):
    """How a caller shows who it is."""

    BASIC = "basic"
    API_KEY = "apiKey"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """What an operation asks its callers to show.

    Attributes:
        kind: How it is shown; OAuth and OpenID Connect end in a bearer token.
        place: Where a key stands: a header or a query.
        name: The header or query of a key.
    """

    kind: SchemeKind
    place: Place = Place.HEADER
    name: str = "Authorization"


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document tells designers, under names that begin with ``x-ms-``.

    Attributes:
        summary: A label.
        visibility: ``important``, ``advanced``, ``internal`` or nothing.
        dynamic_values: Which operation lists the values that fit.
        dynamic_schema: Which operation tells the schema.
        is_notification_url: Whether the engine fills in the address that is called back.
    """

    summary: str = ""
    visibility: str = ""
    dynamic_values: Json | None = None
    dynamic_schema: Json | None = None
    is_notification_url: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the document declares it.

    Attributes:
        name: Its name, which flows use.
        place: Where it stands in the request.
        required: Whether a request needs it.
        schema: What it takes; references are not followed yet.
        hints: What designers should know.
        description: Its help.
        separator: What stands between the elements of an array; None repeats the parameter.
        encodings: How often its letters are percent-encoded.
    """

    name: str
    place: Place
    required: bool
    schema: Json = field(repr=False)
    hints: Hints = Hints()
    description: str = ""
    separator: str | None = ","
    encodings: int = 1


@dataclass(frozen=True, slots=True)
class Input:
    """One input of an operation as flows address it.

    Attributes:
        name: A parameter's name, or the path to a member of the body: ``item/Title``.
        place: Where it stands in the request.
        required: Whether a request needs it.
        schema: What it takes; for members of objects and arrays see the operation's schema.
        hints: What designers should know.
        description: Its help.
    """

    name: str
    place: Place
    required: bool
    schema: Json = field(repr=False)
    hints: Hints
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        id: Its name, which flows use.
        summary: Its label.
        description: Its help.
        method: The method of its request.
        path: The path below the service's address, with parameters in braces.
        parameters: What it takes.
        content_type: The type of its body, if it is not JSON.
        security: What callers show, any of these.
        outputs: The schema of its answer, if the document tells; references are not followed yet.
        notification: The schema of what a webhook trigger receives, in the same manner.
        trigger: ``single`` or ``batch`` if it begins runs.
        visibility: ``important``, ``advanced``, ``internal`` or nothing.
        deprecated: Whether it should not be used any more.
    """

    id: str
    summary: str
    description: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    content_type: str | None = None
    security: tuple[SecurityScheme, ...] = ()
    outputs: Json | None = field(default=None, repr=False)
    notification: Json | None = field(default=None, repr=False)
    trigger: str = ""
    visibility: str = ""
    deprecated: bool = False

    def parameter_at(self, place: Place) -> Parameter | None:
        """Return the first parameter of a place; None if there is none."""
        return next((one for one in self.parameters if one.place is place), None)


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector as its document describes it.

    Attributes:
        title: Its name.
        description: Its help.
        base_url: Where its service is, if the document tells.
        operations: Its operations by name.
        document: The document.
    """

    title: str
    description: str
    base_url: str | None
    operations: Mapping[str, Operation]
    document: Document = field(repr=False)

    def operation(self, operation_id: str) -> Operation:
        """Return the operation of a name.

        Raises:
            OperationUnknown: There is none.
        """
        if operation_id not in self.operations:
            raise OperationUnknown(self.title, operation_id, self.operations)
        return self.operations[operation_id]

    def schemas(self, operation: Operation) -> SchemaReader:
        """Return what reads the schemas of an operation."""
        return SchemaReader(self.document, f"operation ‘{operation.id}’")

    def inputs(self, operation: Operation) -> tuple[Input, ...]:
        """Return the inputs of an operation as flows address them, the members of its body one by one.

        Members of members are listed as deep as the list stays short enough to be read; deeper ones, and
        schemas that contain themselves, appear as whole objects.

        Raises:
            ConnectorUnreadable: A reference leads nowhere, or a schema is built beyond measure.
        """
        found: list[Input] = []
        for depth in _DEPTHS:
            reader = self.schemas(operation)
            every = (one for parameter in operation.parameters for one in _inputs(reader, parameter, depth))
            found = list(islice(every, _MOST_INPUTS + 1 if depth else None))
            if len(found) <= _MOST_INPUTS:
                break
        return tuple(found)

    def inputs_schema(self, operation: Operation) -> dict[str, Any]:
        """Return the JSON schema of an operation's parameters, each whole under its name."""
        reader = self.schemas(operation)
        return {
            "type": "object",
            "properties": {one.name: reader.expanded(one.schema) for one in operation.parameters},
            "required": [one.name for one in operation.parameters if one.required],
        }

    def outputs_schema(self, operation: Operation) -> dict[str, Any] | None:
        """Return the JSON schema of an operation's answer; None if the document does not tell."""
        return None if operation.outputs is None else self.schemas(operation).expanded(operation.outputs)

    def notification_schema(self, operation: Operation) -> dict[str, Any] | None:
        """Return the JSON schema of what a webhook trigger receives; None if the document does not tell."""
        told = operation.notification
        return None if told is None else self.schemas(operation).expanded(told)


def _inputs(reader: SchemaReader, parameter: Parameter, depth: int) -> Iterator[Input]:
    schema = reader.view(parameter.schema)
    if parameter.place is Place.BODY and _has_members(schema):
        within = references_of(parameter.schema)
        yield from _members(reader, parameter.name, schema, parameter.required, within, depth)
        return
    yield Input(
        parameter.name, parameter.place, parameter.required, schema, parameter.hints, parameter.description
    )


def _members(
    reader: SchemaReader, name: str, schema: Json, required: bool, within: frozenset[str], depth: int
) -> Iterator[Input]:
    """Yield the members of an object, those of objects within it in their place."""
    needed = listed(schema, "required")
    for member, node in members(schema, "properties").items():
        one, path, inner = reader.view(node), f"{name}/{member}", references_of(node)
        is_needed = required and member in needed
        if _has_members(one) and depth and not inner & within:
            yield from _members(reader, path, one, is_needed, within | inner, depth - 1)
        else:
            yield Input(path, Place.BODY, is_needed, one, read_hints(one), text_of(one, "description"))


def _has_members(schema: Json) -> bool:
    return bool(members(schema, "properties")) and schema.get("type") != "array"


def read_hints(node: Json) -> Hints:
    """Return what a parameter or schema tells designers."""
    return Hints(
        summary=text_of(node, "x-ms-summary") or text_of(node, "title"),
        visibility=text_of(node, "x-ms-visibility"),
        dynamic_values=members(node, "x-ms-dynamic-list") or members(node, "x-ms-dynamic-values") or None,
        dynamic_schema=members(node, "x-ms-dynamic-properties")
        or members(node, "x-ms-dynamic-schema")
        or None,
        is_notification_url=node.get("x-ms-notification-url") is True,
    )
