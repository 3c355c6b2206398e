"""The files of an export as text, JSON and XML, refused with their name where they are none of it."""

from __future__ import annotations

import codecs
import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from deskhand.solutions.errors import BrokenContent

PLAIN = "utf-8"
_MARKS = {
    "utf-8-sig": (codecs.BOM_UTF8, "utf-8"),
    "utf-16-le": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be": (codecs.BOM_UTF16_BE, "utf-16-be"),
}
"""By the name that an encoding with a byte-order mark has here: the mark, and the codec behind it."""


def decode_document(source: str, name: str, data: bytes) -> tuple[str, str]:
    """Return a file's text without its byte-order mark, and the encoding that makes its bytes again.

    Raises:
        BrokenContent: It is no UTF-8, and no UTF-16 with a byte-order mark.
    """
    encoding = next((one for one, (mark, _) in _MARKS.items() if data.startswith(mark)), PLAIN)
    mark, codec = _MARKS.get(encoding, (b"", PLAIN))
    try:
        return data[len(mark) :].decode(codec), encoding
    except UnicodeDecodeError as error:
        raise BrokenContent(source, name, f"is no {codec.upper()} text ({error.reason})") from error


def encode_document(text: str, encoding: str = PLAIN) -> bytes:
    """Return the bytes of a text as :func:`decode_document` read them."""
    mark, codec = _MARKS.get(encoding, (b"", PLAIN))
    return mark + text.encode(codec)


def parse_json(source: str, where: str, text: str) -> Any:
    """Return what a JSON text holds.

    Raises:
        BrokenContent: It is no JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise BrokenContent(source, where, f"is no JSON ({error})") from error
    except RecursionError as error:
        raise BrokenContent(source, where, "nests its JSON more deeply than can be read") from error


def parse_object(source: str, where: str, data: bytes) -> dict[str, Any]:
    """Return the members of a file that holds a JSON object.

    Raises:
        BrokenContent: It holds something else.
    """
    members = parse_json(source, where, decode_document(source, where, data)[0])
    if not isinstance(members, dict):
        raise BrokenContent(source, where, "is JSON, but no object")
    return members


def parse_xml(source: str, where: str, data: bytes) -> Element:
    """Return the root of an XML file.

    Raises:
        BrokenContent: It is no XML, or declares what no export declares.
    """
    try:
        root: Element = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BrokenContent(
            source, where, "declares entities or a document type, which no export does"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenContent(source, where, f"is no XML ({error})") from error
    return root
