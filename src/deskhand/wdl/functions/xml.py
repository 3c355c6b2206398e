"""Functions of XML. Source: cloud-flows 5.8 and 5.12."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from deskhand.wdl.declare import Text, function, refused
from deskhand.wdl.values import XML, Value, envelope, envelope_bytes, type_name, utf8
from deskhand.wdl.xml_conversion import json_to_xml
from deskhand.wdl.xml_query import BadQuery, Selected, query_xml
from deskhand.wdl.xml_tree import Document, XmlUnreadable, read_xml, write_xml


@function()
def xml(value: Value) -> dict[str, Value]:
    """Return the XML document that a text or an object stands for.

    Examples:
        string(xml('<a b="1"/>')) -> "<a b=\\"1\\" />"
        string(xml(json('{"person": {"name": "S"}}'))) -> "<person><name>S</name></person>"
    """
    try:
        document = _document(value)
    except XmlUnreadable as problem:
        raise refused(
            f"parameter is not valid. The provided value cannot be converted to XML: '{problem}'."
        ) from None
    return envelope(utf8(write_xml(document)), XML)


def _document(value: Value) -> Document:
    if isinstance(value, str):
        return read_xml(value)
    if not isinstance(value, dict):
        raise refused(
            "expects its parameter to be a string or an object. "
            f"The provided value is of type '{type_name(value)}'."
        )
    content = envelope_bytes(value)
    return json_to_xml(value) if content is None else read_xml(content)


@function(
    count="expects two parameters: the XML to search as the first parameter and the XPath expression as the "
    "second parameter."
)
def xpath(document: Value, query: Text) -> Value:
    """Return what an XPath 1.0 expression finds in a document.

    Examples:
        xpath(xml('<a><b>1</b><b>2</b></a>'), '//b/text()') -> ["1","2"]
        xpath(xml('<a><b>1</b></a>'), 'count(//b)') -> 1.0
    """
    content = envelope_bytes(document) if isinstance(document, dict) else None
    if content is None:
        raise refused(
            "expects its first parameter to be an XML object. "
            f"The provided value is of type '{type_name(document)}'."
        )
    try:
        found = query_xml(_read(content), query)
    except BadQuery:
        raise refused(
            "parameters are invalid: the 'xpath' parameter must be a supported, well formed XPath expression."
        ) from None
    except XmlUnreadable:
        raise refused("expects its first parameter to be an XML object.") from None
    return [_shown(one) for one in found] if isinstance(found, list) else found


@lru_cache(maxsize=8)
def _read(content: bytes) -> Document:
    return read_xml(content)


def _shown(found: Selected) -> Any:
    return found if isinstance(found, str) else envelope(utf8(write_xml(found)), XML)
