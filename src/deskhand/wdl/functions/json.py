"""Functions of JSON text and of objects. Source: cloud-flows 5.8 and 5.12."""

from __future__ import annotations

from deskhand.wdl.declare import Members, Text, function, refused
from deskhand.wdl.json_text import JsonUnreadable, read_json
from deskhand.wdl.values import Value, envelope_bytes, find_key, type_name, write_json
from deskhand.wdl.xml_conversion import xml_to_json
from deskhand.wdl.xml_tree import XmlUnreadable, read_xml


@function(differs="The word `undefined` in JSON text becomes null; the service keeps it apart.")
def json(value: Value) -> Value:
    """Return the value that a JSON text, or an XML document, stands for.

    The reader is lenient: trailing commas, comments, names without quotes, missing closers.

    Examples:
        json('{"a": 1,}') -> {"a":1}
        json('') -> null
        json(xml('<a x="1">t</a>')) -> {"a":{"@x":"1","#text":"t"}}
    """
    content = envelope_bytes(value) if isinstance(value, dict) else None
    if content is not None and "xml" in str(value["$content-type"]).lower():
        return _from_xml(content)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff") if content is not None else value
    if not isinstance(text, str):
        raise refused(
            "expects its parameter to be a string or an XML. "
            f"The provided value is of type '{type_name(value)}'."
        )
    try:
        return read_json(text)
    except JsonUnreadable as problem:
        raise refused(
            f"parameter is not valid. The provided value '{text}' cannot be parsed: '{problem}'."
        ) from None


def _from_xml(content: bytes) -> Value:
    try:
        return xml_to_json(read_xml(content))
    except XmlUnreadable as problem:
        raise refused(
            f"parameter is not valid. The provided value cannot be converted to JSON: '{problem}'."
        ) from None


_THREE = (
    "expects three parameters: the object as the first parameter, the name of the property as the second "
    "parameter and its value as the third parameter."
)


@function(count=_THREE)
def add_property(members: Members, name: Text, value: Value) -> dict[str, Value]:
    """Return an object with a new member.

    Examples:
        addProperty(json('{"a": 1}'), 'b', 2) -> {"a":1,"b":2}
    """
    if find_key(members, name) is not None:
        raise refused(
            f"expects the property to not exist in the object. Unable to add property '{name}' "
            f"to '{write_json(members, indent=2)}' as it already exists."
        )
    return {**members, name: value}


@function(count=_THREE)
def set_property(members: Members, name: Text, value: Value) -> dict[str, Value]:
    """Return an object with a member set; a known one keeps its spelling.

    Examples:
        setProperty(json('{"a": 1}'), 'A', 2) -> {"a":2}
    """
    return {**members, find_key(members, name) or name: value}


@function(
    count="expects two parameters: the object as the first parameter and the name of the property to remove "
    "as the second parameter."
)
def remove_property(members: Members, name: Text) -> dict[str, Value]:
    """Return an object without a member.

    Examples:
        removeProperty(json('{"a": 1, "b": 2}'), 'A') -> {"b":2}
    """
    key = find_key(members, name)
    return {one: value for one, value in members.items() if one != key}
