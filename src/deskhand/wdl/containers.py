"""The JSON documents that hold a workflow definition, and their way back to text.

Source: cloud-flows 1.3 to 1.6.

A document is kept as it came: exported unchanged it is the same text, byte for byte. What stood in other
files beside it, such as a project's parameters, is kept apart and given to :func:`read_container` with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deskhand.wdl.definition import Definition, DefinitionUnreadable, member, read_definition
from deskhand.wdl.values import Value, find_key

CONNECTIONS = "$connections"
"""The parameter that holds the connections of a Consumption workflow."""


class Form(StrEnum):
    """What kind of document holds a definition."""

    BARE = "bare definition"
    CLIENT_DATA = "clientdata envelope"
    LEGACY_PACKAGE = "legacy package"
    CODE_VIEW = "code view file"
    STANDARD = "Standard workflow file"
    RESOURCE = "REST resource"
    ARM_TEMPLATE = "ARM template"


@dataclass(frozen=True, slots=True)
class Container:
    """A document with a definition in it.

    Attributes:
        form: What kind of document it is.
        path: Where in it the definition stands.
        document: The whole document.
        text: The text it was read from.
        definition: The definition's typed form.
        connections: The connection references, by the key that actions name.
        parameters: The values given beside the definition, by parameter.
    """

    form: Form
    path: tuple[str | int, ...]
    document: Value = field(repr=False)
    text: str = field(repr=False)
    definition: Definition = field(repr=False)
    connections: Mapping[str, Value]
    parameters: Mapping[str, Value]

    @property
    def is_power_automate(self) -> bool:
        """Return whether the flow came from Power Automate, whose defaults differ (cloud-flows 9)."""
        return self.form in (Form.CLIENT_DATA, Form.LEGACY_PACKAGE)


def read_container(text: str, beside: str | None = None) -> Container:
    """Find the definition in a JSON text.

    Args:
        text: The document.
        beside: What stood in files beside it: the JSON text of an object with ``parameters`` and
            ``connections``; the document's own come first.

    Raises:
        DefinitionUnreadable: One of the texts is no JSON, or there is no definition in the document.
    """
    document = _parsed("document", text)
    form, path = _find(document)
    inside = _at(document, path[:-1]) if path else {}
    outside = _mapping(_parsed("metadata", beside)) if beside else {}
    parameters = _parameter_values(outside) | _parameter_values(inside)
    references = _mapping(member(inside, "connectionReferences")) or _mapping(parameters.get(CONNECTIONS))
    return Container(
        form=form,
        path=path,
        document=document,
        text=text,
        definition=read_definition(_at(document, path)),
        connections={**_mapping(member(outside, "connections")), **references},
        parameters=parameters,
    )


def _parsed(name: str, text: str) -> Value:
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as problem:
        raise DefinitionUnreadable(name, "JSON", text) from problem


def _parameter_values(members: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values of parameters; each stands alone or in the member ``value`` of an object."""
    return {
        name: member(one, "value") if isinstance(one, dict) else one
        for name, one in _mapping(member(members, "parameters")).items()
    }


def export_container(container: Container, definition: Value = None) -> str:
    """Return the text of a document: the one it was read from, or one with another definition in its place.

    Args:
        container: What was imported.
        definition: The changed definition's JSON; None to leave it.
    """
    if definition is None or definition == container.definition.source:
        return container.text
    document = _replaced(container.document, container.path, definition)
    return json.dumps(document, ensure_ascii=False, indent=2)


def _find(document: Value) -> tuple[Form, tuple[str | int, ...]]:
    """Return what a document is and where its definition stands."""
    if not isinstance(document, dict):
        raise DefinitionUnreadable("document", "an object", document)
    properties = member(document, "properties")
    if isinstance(properties, dict) and _is_definition(member(properties, "definition")):
        path = (_key(document, "properties"), _key(properties, "definition"))
        return _form_of(document, properties), path
    if _is_definition(member(document, "definition")):
        form = Form.STANDARD if isinstance(member(document, "kind"), str) else Form.CODE_VIEW
        return form, (_key(document, "definition"),)
    resources = member(document, "resources")
    if isinstance(resources, list):
        return Form.ARM_TEMPLATE, (_key(document, "resources"), *_find_resource(resources))
    if not _is_definition(document):
        raise DefinitionUnreadable("definition", "an object with triggers or actions", None)
    return Form.BARE, ()


def _is_definition(value: Value) -> bool:
    """Tell a definition from what else bears the name: desktop flows and connectors have one, too."""
    return isinstance(value, dict) and any(
        find_key(value, one) is not None for one in ("actions", "triggers")
    )


def _form_of(document: Mapping[str, Value], properties: Mapping[str, Value]) -> Form:
    kind = str(member(document, "type")).casefold()
    if kind == "microsoft.flow/flows":
        return Form.LEGACY_PACKAGE
    if kind.startswith("microsoft.logic/") or not isinstance(
        member(properties, "connectionReferences"), dict
    ):
        return Form.RESOURCE
    return Form.CLIENT_DATA


def _find_resource(resources: list[Value]) -> tuple[str | int, ...]:
    for place, one in enumerate(resources):
        if isinstance(one, dict) and str(member(one, "type")).casefold() == "microsoft.logic/workflows":
            properties = member(one, "properties")
            if isinstance(properties, dict) and _is_definition(member(properties, "definition")):
                return place, _key(one, "properties"), _key(properties, "definition")
    raise DefinitionUnreadable("resources", "an array with a workflow", resources)


def _key(members: Mapping[str, Value], name: str) -> str:
    return find_key(members, name) or name


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _at(document: Value, path: tuple[str | int, ...]) -> Value:
    for step in path:
        document = document[step]
    return document


def _replaced(document: Value, path: tuple[str | int, ...], value: Value) -> Value:
    if not path:
        return value
    step, *rest = path
    inside = _replaced(document[step], tuple(rest), value)
    if isinstance(document, list):
        return [inside if place == step else one for place, one in enumerate(document)]
    return {**document, step: inside}
