"""XML tree ↔ JSON value, by the rules that .NET's JSON library made common. Source: cloud-flows 5.8.

Attributes are ``@name``, mixed text ``#text``, CDATA ``#cdata-section``; elements of one name become an
array; comments are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deskhand.wdl.values import Value, json_number
from deskhand.wdl.xml_tree import Comment, Document, Element, Instruction, Node, Text, XmlUnreadable

_NAME_START = re.compile(r"[A-Za-z_\u00c0-\ud7ff\uf900-\ufffd:]")
_NAME_PART = re.compile(r"[\w.:\u00b7-]")


def xml_to_json(document: Document) -> dict[str, Value]:
    """Return the JSON value of a document: the declaration and the root element as members."""
    members: dict[str, Value] = {}
    if document.declaration is not None:
        members["?xml"] = {f"@{name}": value for name, value in document.declaration.items()}
    for name, values in _grouped(document.children).items():
        members[name] = values[0] if len(values) == 1 else values
    return members


def _grouped(children: list[Node]) -> dict[str, list[Value]]:
    groups: dict[str, list[Value]] = {}
    for child in children:
        match child:
            case Element():
                groups.setdefault(child.name, []).append(_element_value(child))
            case Text():
                groups.setdefault("#cdata-section" if child.cdata else "#text", []).append(child.text)
            case Instruction():
                groups.setdefault(f"?{child.target}", []).append(child.text)
            case Comment():
                pass
    return groups


def _element_value(element: Element) -> Value:
    if not element.attributes and not element.children:
        return None if element.closed else ""
    only = element.children[0] if len(element.children) == 1 else None
    if not element.attributes and isinstance(only, Text) and not only.cdata:
        return only.text
    members: dict[str, Value] = {f"@{name}": value for name, value in element.attributes.items()}
    for name, values in _grouped(element.children).items():
        members[name] = values[0] if len(values) == 1 else values
    return members


def json_to_xml(value: dict[str, Value]) -> Document:
    """Return the document of an object with one member, the root.

    Raises:
        XmlUnreadable: It has several, or what it has makes no document.
    """
    document = Document()
    roots = [name for name in value if not name.startswith("?")]
    if len(roots) > 1:
        raise XmlUnreadable(
            "JSON root object has multiple properties. The root object must have a single property in order "
            "to create a valid XML document. Consider specifying a DeserializeRootElementName. "
            f"Path '{roots[1]}'."
        )
    for name, member in value.items():
        if name == "?xml" and isinstance(member, dict):
            document.declaration = {key.removeprefix("@"): str(one) for key, one in member.items()}
        elif name.startswith("?"):
            document.children.append(Instruction(name[1:], _text(member)))
        else:
            document.children.extend(_nodes(name, member))
    _check_root(document)
    return document


def _check_root(document: Document) -> None:
    if any(isinstance(one, Text) for one in document.children):
        raise XmlUnreadable("The specified node cannot be inserted as the valid child of this node.")
    if sum(isinstance(one, Element) for one in document.children) > 1:
        raise XmlUnreadable("This document already has a 'DocumentElement' node.")


def _nodes(name: str, value: Value) -> Iterator[Node]:
    if isinstance(value, list) and not name.startswith("#"):
        for one in value:
            yield from [_element(name, {name: one})] if isinstance(one, list) else _nodes(name, one)
    elif name in ("#text", "#cdata-section", "#whitespace", "#significant-whitespace"):
        for one in value if isinstance(value, list) else [value]:
            yield Text(_text(one), cdata=name == "#cdata-section")
    elif name == "#comment":
        yield Comment(_text(value))
    elif name.startswith("?"):
        yield Instruction(name[1:], _text(value))
    else:
        yield _element(name, value)


def _element(name: str, value: Value) -> Element:
    element = Element(encode_name(name))
    if isinstance(value, dict):
        for key, member in value.items():
            if key.startswith("@") and not isinstance(member, dict | list):
                element.attributes[encode_name(key[1:])] = _text(member)
            else:
                element.children.extend(_nodes(key, member))
    elif value is not None:
        element.children.append(Text(_text(value)))
    element.closed = not element.children
    return element


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json_number(value).strip('"')


def encode_name(name: str) -> str:
    """Return a name with what XML does not allow in one written ``_x0020_``."""
    encoded = ""
    for place, letter in enumerate(name):
        allowed = _NAME_PART if place else _NAME_START
        encoded += letter if allowed.match(letter) else f"_x{ord(letter):04X}_"
    return encoded
