"""OpenAPI documents → connectors: Swagger 2.0 and OpenAPI 3, in JSON. Pure.

Source: cloud-flows 3.11.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskhand.cloudflows.http.media_types import FORM, parse_media_type
from deskhand.cloudflows.openapi.document import (
    Document,
    Json,
    listed,
    members,
    parse_document,
    text_of,
)
from deskhand.cloudflows.openapi.errors import ConnectorUnreadable
from deskhand.cloudflows.openapi.operations import (
    Connector,
    Operation,
    Parameter,
    Place,
    SchemeKind,
    SecurityScheme,
    read_hints,
)

MULTIPART = "multipart/form-data"

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_MOST_OPERATIONS = 5_000
_MOST_PARAMETERS = 500
_SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|", "multi": None}
_STYLES = {"spaceDelimited": " ", "pipeDelimited": "|"}
_OUTSIDE_SCHEMA = frozenset({"name", "in", "required", "collectionFormat", "allowEmptyValue"})


def read_connector(text: str) -> Connector:
    """Read the document of a connector.

    Args:
        text: The document, as JSON.

    Raises:
        ConnectorUnreadable: It is no OpenAPI document, or what it says cannot be used.
    """
    document = parse_document(text)
    content = document.content
    if text_of(content, "swagger") == "2.0":
        reader: _Reader = _Swagger(document)
    elif text_of(content, "openapi").startswith("3."):
        reader = _OpenApi(document)
    else:
        problem = 'names no version that is known: "swagger": "2.0" or "openapi": "3.…"'
        raise ConnectorUnreadable("the document", problem)
    about = members(content, "info")
    operations = reader.operations()
    base_url = reader.base_url()
    return Connector(text_of(about, "title"), text_of(about, "description"), base_url, operations, document)


@dataclass(frozen=True, slots=True)
class _Reader(ABC):
    """What both versions have in common."""

    document: Document

    @abstractmethod
    def base_url(self) -> str | None:
        """Return where the service is, if the document tells."""

    @abstractmethod
    def schemes(self) -> Json:
        """Return what the document calls its security schemes."""

    @abstractmethod
    def scheme(self, declared: Json) -> SecurityScheme | None:
        """Return a security scheme; None if requests cannot show it."""

    @abstractmethod
    def parameter(self, declared: Json, place: str) -> Parameter:
        """Return a parameter."""

    @abstractmethod
    def body(self, operation: Json, place: str) -> tuple[tuple[Parameter, ...], str | None]:
        """Return the parameters of an operation's body that it declares apart, and the body's type."""

    @abstractmethod
    def answer(self, response: Json, place: str) -> Json | None:
        """Return the schema of an answer, if the document tells."""

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        found: dict[str, Operation] = {}
        for path, node in members(self.document.content, "paths").items():
            if not path.startswith("/"):
                continue
            item = self.document.resolved(node, f"path ‘{path}’")
            for method in _METHODS:
                if method not in item:
                    continue
                one = self._operation(path, method, item)
                if one.id in found:
                    raise ConnectorUnreadable(f"operation ‘{one.id}’", "is declared twice")
                if len(found) == _MOST_OPERATIONS:
                    raise ConnectorUnreadable("the document", f"has more than {_MOST_OPERATIONS} operations")
                found[one.id] = one
        return found

    def _operation(self, path: str, method: str, item: Json) -> Operation:
        place = f"‘{method} {path}’"
        node = self.document.resolved(item[method], place)
        name = text_of(node, "operationId")
        if not name:
            raise ConnectorUnreadable(place, "has no operationId")
        place = f"operation ‘{name}’"
        body, content_type = self.body(node, place)
        return Operation(
            id=name,
            summary=text_of(node, "x-ms-summary") or text_of(node, "summary"),
            description=text_of(node, "description"),
            method=method.upper(),
            path=path,
            parameters=(*self._parameters(item, node, place), *body),
            content_type=content_type,
            security=self._security(node),
            outputs=self._outputs(node, place),
            notification=self._notification(item, node, place),
            trigger=text_of(node, "x-ms-trigger"),
            visibility=text_of(node, "x-ms-visibility"),
            deprecated=node.get("deprecated") is True,
        )

    def _parameters(self, item: Json, node: Json, place: str) -> Iterator[Parameter]:
        """Return an operation's parameters; its own replace those of its path."""
        found: dict[tuple[str, str], Json] = {}
        for declared in (*listed(item, "parameters"), *listed(node, "parameters")):
            one = self.document.resolved(declared, place)
            found[text_of(one, "name"), text_of(one, "in")] = one
        if len(found) > _MOST_PARAMETERS:
            raise ConnectorUnreadable(place, f"has more than {_MOST_PARAMETERS} parameters")
        for (name, where), one in found.items():
            if not name:
                raise ConnectorUnreadable(place, "has a parameter without a name")
            if where != "cookie":
                yield self.parameter(one, f"parameter ‘{name}’ of {place}")

    def _security(self, node: Json) -> tuple[SecurityScheme, ...]:
        """Return what callers show; a name that is not declared, as is common, stands for all that are."""
        holder = node if "security" in node else self.document.content
        declared = self.schemes()
        found: dict[SecurityScheme, None] = {}
        for alternative in listed(holder, "security"):
            for name in alternative if isinstance(alternative, dict) else ():
                for one in [name] if name in declared else declared:
                    scheme = self.scheme(self.document.resolved(declared[one], f"security scheme ‘{one}’"))
                    if scheme is not None:
                        found[scheme] = None
        return tuple(found)

    def _outputs(self, node: Json, place: str) -> Json | None:
        """Return the schema of the answer that means success."""
        responses = members(node, "responses")
        fitting = sorted(code for code in responses if code[:1] == "2")
        for code in (*fitting, "default"):
            if code in responses:
                schema = self.answer(self.document.resolved(responses[code], place), place)
                if schema is not None:
                    return schema
        return None

    def _notification(self, item: Json, node: Json, place: str) -> Json | None:
        content = node.get("x-ms-notification-content", item.get("x-ms-notification-content"))
        if content is None:
            return None
        return members(self.document.resolved(content, place), "schema") or None


class _Swagger(_Reader):
    """Swagger 2.0."""

    __slots__ = ()

    def base_url(self) -> str | None:
        content = self.document.content
        host = text_of(content, "host")
        if not host:
            return None
        schemes = listed(content, "schemes")
        scheme = "http" if schemes and "https" not in schemes else "https"
        return f"{scheme}://{host}{text_of(content, 'basePath').rstrip('/')}"

    def schemes(self) -> Json:
        return members(self.document.content, "securityDefinitions")

    def scheme(self, declared: Json) -> SecurityScheme | None:
        match text_of(declared, "type"):
            case "basic":
                return SecurityScheme(SchemeKind.BASIC)
            case "oauth2":
                return SecurityScheme(SchemeKind.BEARER)
            case "apiKey":
                return _api_key(declared)
            case _:
                return None

    def parameter(self, declared: Json, place: str) -> Parameter:
        where = _place(declared, place)
        if where is Place.BODY:
            schema = members(declared, "schema")
        else:
            schema = {name: value for name, value in declared.items() if name not in _OUTSIDE_SCHEMA}
        separator = _SEPARATORS.get(text_of(declared, "collectionFormat"), ",")
        return _parameter(declared, where, schema, separator)

    def body(self, operation: Json, place: str) -> tuple[tuple[Parameter, ...], str | None]:
        consumed = listed(operation, "consumes") or listed(self.document.content, "consumes")
        return (), _preferred([one for one in consumed if isinstance(one, str)])

    def answer(self, response: Json, place: str) -> Json | None:
        return members(response, "schema") or None


class _OpenApi(_Reader):
    """OpenAPI 3."""

    __slots__ = ()

    def base_url(self) -> str | None:
        servers = [one for one in listed(self.document.content, "servers") if isinstance(one, dict)]
        if not servers:
            return None
        url = text_of(servers[0], "url")
        for name, variable in members(servers[0], "variables").items():
            default = text_of(variable, "default") if isinstance(variable, dict) else ""
            url = url.replace(f"{{{name}}}", default)
        return url.rstrip("/") if "://" in url else None

    def schemes(self) -> Json:
        return members(members(self.document.content, "components"), "securitySchemes")

    def scheme(self, declared: Json) -> SecurityScheme | None:
        match text_of(declared, "type"), text_of(declared, "scheme").lower():
            case "http", "basic":
                return SecurityScheme(SchemeKind.BASIC)
            case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
                return SecurityScheme(SchemeKind.BEARER)
            case "apiKey", _:
                return _api_key(declared)
            case _:
                return None

    def parameter(self, declared: Json, place: str) -> Parameter:
        where = _place(declared, place)
        style = text_of(declared, "style") or ("form" if where is Place.QUERY else "simple")
        repeats = where is Place.QUERY and style == "form" and declared.get("explode") is not False
        schema = members(declared, "schema") or _schema_of_content(declared)
        return _parameter(declared, where, schema, None if repeats else _STYLES.get(style, ","))

    def body(self, operation: Json, place: str) -> tuple[tuple[Parameter, ...], str | None]:
        if "requestBody" not in operation:
            return (), None
        declared = self.document.resolved(operation["requestBody"], place)
        content = members(declared, "content")
        content_type = _preferred(list(content))
        schema = _schema_of_content(declared, content_type)
        if content_type in (MULTIPART, FORM):
            return tuple(self._fields(schema, place)), content_type
        name = text_of(declared, "x-ms-requestBody-name") or text_of(declared, "x-name") or "body"
        return (_parameter({**declared, "name": name}, Place.BODY, schema, None),), content_type

    def _fields(self, schema: Json, place: str) -> Iterator[Parameter]:
        """Return the fields of a form: the members of its schema."""
        form = self.document.resolved(schema, place)
        for name, node in members(form, "properties").items():
            one = self.document.resolved(node, place)
            declared = {**one, "name": name, "required": name in listed(form, "required")}
            yield _parameter(declared, Place.FORM, one, None)

    def answer(self, response: Json, place: str) -> Json | None:
        return _schema_of_content(response) or None


def _place(declared: Json, place: str) -> Place:
    try:
        return Place(text_of(declared, "in"))
    except ValueError as error:
        raise ConnectorUnreadable(
            place, f"stands in ‘{text_of(declared, 'in')[:40]}’, which is no place"
        ) from error


def _parameter(declared: Json, where: Place, schema: Json, separator: str | None) -> Parameter:
    return Parameter(
        name=text_of(declared, "name"),
        place=where,
        required=declared.get("required") is True,
        schema=schema,
        hints=read_hints({**schema, **declared}),
        description=text_of(declared, "description"),
        separator=separator,
        encodings=2 if text_of(declared, "x-ms-url-encoding") == "double" else 1,
    )


def _api_key(declared: Json) -> SecurityScheme | None:
    where, name = text_of(declared, "in"), text_of(declared, "name")
    if where not in (Place.HEADER, Place.QUERY) or not name:
        return None
    return SecurityScheme(SchemeKind.API_KEY, Place(where), name)


def _preferred(content_types: list[str]) -> str | None:
    """Return the type that a body is sent in; None for JSON, which is sent unless only others are taken."""
    if not content_types or any(parse_media_type(one).is_json or one == "*/*" for one in content_types):
        return None
    return content_types[0]


def _schema_of_content(node: Json, content_type: str | None = None) -> Mapping[str, Any]:
    """Return the schema beside a type, else beside the first that is JSON, else beside the first of all."""
    content = members(node, "content")
    name = content_type or next((one for one in content if parse_media_type(one).is_json), None)
    chosen = members(content, name or next(iter(content), ""))
    return members(chosen, "schema")
