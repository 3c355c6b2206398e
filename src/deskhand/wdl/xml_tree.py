"""XML text ↔ a small tree that keeps what .NET keeps: prefixes, attribute order, ``<a/>`` beside ``<a></a>``.

Document types are refused: an expression must not make the reader fetch or expand anything.
Source: cloud-flows 5.8 and 5.12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.parsers.expat import errors as expat_errors

_DEPTH = 256
_BLANK = " \t\r\n"


class XmlUnreadable(Exception):
    """A text is no XML document; the message is the one that .NET gives."""


@dataclass(slots=True)
class Text:
    """Letters between tags, or in a CDATA section."""

    text: str
    cdata: bool = False


@dataclass(slots=True)
class Comment:
    """``<!-- text -->``."""

    text: str


@dataclass(slots=True)
class Instruction:
    """``<?target text?>``."""

    target: str
    text: str


@dataclass(slots=True)
class Element:
    """One element.

    Attributes:
        attributes: In their order, namespaces included.
        closed: Whether it was written ``<a/>``.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    closed: bool = False


Node = Element | Text | Comment | Instruction


@dataclass(slots=True)
class Document:
    """A whole document.

    Attributes:
        declaration: The members of ``<?xml ...?>``, or None without one.
        children: The root element, and comments and instructions beside it.
    """

    declaration: dict[str, str] | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def root(self) -> Element | None:
        """Return the root element, if there is one."""
        return next((one for one in self.children if isinstance(one, Element)), None)


def read_xml(content: str | bytes) -> Document:
    """Return the tree of an XML document. White space alone between tags is left out, as .NET does.

    Raises:
        XmlUnreadable: It is no XML document, or has a document type.
    """
    return _Reader().read(content)


class _Reader:
    """Collects what the parser reports."""

    def __init__(self) -> None:
        self.document = Document()
        self.open: list[Element] = []
        self.places: list[tuple[int, int, int]] = []
        self.cdata = False
        self.source = b""
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self.declare
        self.parser.StartDoctypeDeclHandler = self.refuse_type
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.letters
        self.parser.StartCdataSectionHandler = self.start_cdata
        self.parser.EndCdataSectionHandler = self.end_cdata
        self.parser.CommentHandler = self.comment
        self.parser.ProcessingInstructionHandler = self.instruct

    def read(self, content: str | bytes) -> Document:
        self.source = self.encoded(content)
        try:
            self.parser.Parse(self.source, True)
        except expat.ExpatError as problem:
            raise XmlUnreadable(self.explain(problem)) from None
        return self.document

    def encoded(self, content: str | bytes) -> bytes:
        if isinstance(content, bytes):
            return content
        # A text has no encoding any more, whatever its declaration says.
        self.parser = _with_handlers(self.parser, expat.ParserCreate("utf-8"))
        return content.removeprefix("\ufeff").encode("utf-8", "replace")

    def explain(self, problem: expat.ExpatError) -> str:
        """Return .NET's words for what the parser found."""
        name = _ERROR_NAMES.get(problem.code, "")
        line, column = problem.lineno, problem.offset + 1
        before = self.source[: self.parser.ErrorByteIndex]
        rest = self.source[self.parser.ErrorByteIndex :].decode("utf-8", "replace")
        if name == expat_errors.XML_ERROR_NO_ELEMENTS and not self.open:
            return "Root element is missing."
        if name == expat_errors.XML_ERROR_TAG_MISMATCH and self.open:
            return self.explain_mismatch(rest, line, column)
        if name in _UNFINISHED:
            return f"Unexpected end of file has occurred.{self.unclosed()} Line {line}, position {column}."
        if not self.open and self.document.root is None and b"<" not in before:
            line, column = self.first_letter()
            return f"Data at the root level is invalid. Line {line}, position {column}."
        if name == expat_errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
            several = rest.startswith("<")
            what = "There are multiple root elements" if several else "Data at the root level is invalid"
            return f"{what}. Line {line}, position {column + several}."
        if name == expat_errors.XML_ERROR_UNDEFINED_ENTITY:
            entity = rest[1:].partition(";")[0]
            return f"Reference to undeclared entity '{entity}'. Line {line}, position {column + 1}."
        return f"{_sentence(problem, before, rest)} Line {line}, position {column}."

    def explain_mismatch(self, rest: str, line: int, column: int) -> str:
        opened, place, _ = self.places[-1]
        closing = re.match(r"<?/?([^\s<>/]*)", rest)
        return (
            f"The '{self.open[-1].name}' start tag on line {opened} position {place + 2} does not match the "
            f"end tag of '{closing[1] if closing else ''}'. Line {line}, position {column}."
        )

    def unclosed(self) -> str:
        names = ", ".join(one.name for one in reversed(self.open))
        return f" The following elements are not closed: {names}." if names else ""

    def first_letter(self) -> tuple[int, int]:
        """Return the line and the column of the first letter that is no blank."""
        text = self.source.decode("utf-8", "replace")
        before = text[: len(text) - len(text.lstrip(_BLANK))]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def refuse_type(self, *_: object) -> NoReturn:
        raise XmlUnreadable(
            "For security reasons DTD is prohibited in this XML document. To enable DTD processing set the "
            "DtdProcessing property on XmlReaderSettings to Parse and pass the settings into "
            "XmlReader.Create "
            "method."
        )

    def declare(self, version: str, encoding: str | None, standalone: int) -> None:
        self.document.declaration = {"version": version}
        if encoding is not None:
            self.document.declaration["encoding"] = encoding
        if standalone >= 0:
            self.document.declaration["standalone"] = "yes" if standalone else "no"

    def add(self, node: Node) -> None:
        (self.open[-1].children if self.open else self.document.children).append(node)

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self.open) >= _DEPTH:
            raise XmlUnreadable(f"The document has more than {_DEPTH} levels.")
        element = Element(name, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        self.add(element)
        self.open.append(element)
        parser = self.parser
        self.places.append((parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex))

    def end(self, name: str) -> None:
        element = self.open.pop()
        *_, began = self.places.pop()
        # The parser reports the end of <a/> behind it, that of <a></a> before the closing tag.
        behind = self.source[max(began, self.parser.CurrentByteIndex - 4) : self.parser.CurrentByteIndex]
        element.closed = not element.children and behind.replace(b"\0", b"").endswith(b"/>")
        if not _keeps_blanks(element):
            element.children = [one for one in element.children if not _is_blank(one)]

    def letters(self, text: str) -> None:
        if self.open:
            children = self.open[-1].children
            if self.cdata and children and isinstance(last := children[-1], Text) and last.cdata:
                last.text += text
            else:
                self.add(Text(text, self.cdata))

    def start_cdata(self) -> None:
        self.cdata = True
        self.add(Text("", cdata=True))

    def end_cdata(self) -> None:
        self.cdata = False

    def comment(self, text: str) -> None:
        self.add(Comment(text))

    def instruct(self, target: str, text: str) -> None:
        self.add(Instruction(target, text))


def _with_handlers(old: expat.XMLParserType, new: expat.XMLParserType) -> expat.XMLParserType:
    """Return the new parser, reporting to where the old one reported."""
    for name in dir(old):
        if name.endswith("Handler"):
            setattr(new, name, getattr(old, name))
    new.ordered_attributes = old.ordered_attributes
    new.buffer_text = old.buffer_text
    return new


_ERROR_NAMES = {code: name for name, code in expat_errors.codes.items()}
_UNFINISHED = frozenset(
    {
        expat_errors.XML_ERROR_NO_ELEMENTS,
        expat_errors.XML_ERROR_UNCLOSED_TOKEN,
        expat_errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    }
)


def _sentence(problem: expat.ExpatError, before: bytes, rest: str) -> str:
    letter = rest[:1]
    if letter and before.endswith((b"<", b"</")):
        return f"Name cannot begin with the '{letter}' character, hexadecimal value 0x{ord(letter):02X}."
    if letter and before.endswith(b"="):
        return f"'{letter}' is an unexpected token. The expected token is '\"' or '''."
    return f"{str(problem).partition(':')[0].capitalize()}."


def _keeps_blanks(element: Element) -> bool:
    return element.attributes.get("xml:space") == "preserve"


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.cdata and not node.text.strip(_BLANK)


# Writing


def write_xml(node: Node | Document) -> str:
    """Return the text of a tree as .NET writes it: compact, ``<a />`` with a blank."""
    return "".join(_written(node))


def _written(node: Node | Document) -> Iterator[str]:
    match node:
        case Document():
            yield _declaration(node.declaration)
            for child in node.children:
                yield from _written(child)
        case Element():
            yield from _element(node)
        case Text():
            yield f"<![CDATA[{node.text}]]>" if node.cdata else escape_text(node.text)
        case Comment():
            yield f"<!--{node.text}-->"
        case Instruction():
            yield f"<?{node.target}{' ' if node.text else ''}{node.text}?>"


def _declaration(members: dict[str, str] | None) -> str:
    if members is None:
        return ""
    listed = "".join(f' {name}="{value}"' for name, value in members.items())
    return f"<?xml{listed}?>"


def _element(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{escape_attribute(one)}"' for name, one in element.attributes.items())
    if element.closed and not element.children:
        yield f"<{element.name}{attributes} />"
        return
    yield f"<{element.name}{attributes}>"
    for child in element.children:
        yield from _written(child)
    yield f"</{element.name}>"


def escape_text(text: str) -> str:
    """Return text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def escape_attribute(text: str) -> str:
    """Return text as it stands in an attribute."""
    escaped = escape_text(text).replace('"', "&quot;")
    return escaped.replace("\n", "&#xA;").replace("\t", "&#x9;")


def elements(node: Node | Document) -> Iterator[Element]:
    """Yield all elements in document order."""
    if isinstance(node, Element):
        yield node
    if isinstance(node, Element | Document):
        for child in node.children:
            yield from elements(child)
