"""XPath 1.0 over XML trees. Source: cloud-flows 5.12 (``xpath``).

The evaluation itself is libxml2's; it sees a copy of the tree and can reach nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from deskhand.wdl.xml_tree import (
    Comment,
    Document,
    Element,
    Instruction,
    Node,
    elements,
    escape_attribute,
    write_xml,
)

_LONGEST = 8_192

Selected = Node | Document | str


class BadQuery(Exception):
    """The text is no XPath 1.0 expression, or one that cannot be evaluated here."""


def query_xml(document: Document, query: str) -> str | float | bool | list[Selected]:
    """Return what an expression finds: a text, a number, a boolean, or nodes in document order.

    Attributes are returned as text ``name="value"``, text nodes as their text.

    Raises:
        BadQuery: It cannot be evaluated.
    """
    if len(query) > _LONGEST:
        raise BadQuery
    if query.strip() == "/":
        return [document]  # the one node that the library has no form for
    content = write_xml(Document(None, document.children)).encode("utf-8", "replace")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=True
    )
    try:
        root = etree.fromstring(content, parser)
        found = root.getroottree().xpath(query, smart_strings=True)
    except (etree.LxmlError, etree.XPathError, ValueError) as problem:
        raise BadQuery from problem
    if isinstance(found, bool | int | float):
        return found if isinstance(found, bool) else float(found)
    if isinstance(found, str):
        return str(found)
    return _nodes(document, root, list(found))


def _nodes(document: Document, root: etree._Element, found: list[object]) -> list[Selected]:
    copies = [one for one in root.getroottree().iter() if isinstance(one.tag, str)]
    originals: Mapping[etree._Element, Element] = dict(zip(copies, elements(document), strict=True))
    return [_selected(one, originals) for one in found]


def _selected(found: object, originals: Mapping[etree._Element, Element]) -> Selected:
    if isinstance(found, etree._Comment):
        return Comment(str(found.text or ""))
    if isinstance(found, etree._ProcessingInstruction):
        return Instruction(str(found.target), str(found.text or ""))
    if isinstance(found, etree._Element):
        return originals[found]
    if isinstance(found, tuple):  # a namespace node: prefix and address
        prefix, address = found
        return f'xmlns{":" if prefix else ""}{prefix or ""}="{escape_attribute(str(address))}"'
    name = getattr(found, "attrname", None)
    if name is None:
        return str(found)
    return f'{_attribute_name(found, str(name))}="{escape_attribute(str(found))}"'


def _attribute_name(found: object, name: str) -> str:
    """Return an attribute's name with its prefix instead of its namespace's address."""
    if not name.startswith("{"):
        return name
    address, _, local = name[1:].partition("}")
    parent = getattr(found, "getparent", lambda: None)()
    known = parent.nsmap if parent is not None else {}
    prefix = next((one for one, value in known.items() if value == address and one), "xml")
    return f"{prefix}:{local}"
