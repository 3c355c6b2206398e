"""Flow texts as people keep them: files of any Unicode encoding, pastes, Markdown pages.

Source: robin 1.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.errors import NothingToImport

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*\Z")
_HEADING = re.compile(r"#{1,6}[ \t]+(\S[^\r\n]*?)[ \t#]*[\r\n]*\Z")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*\Z")


def decode_text(source: str, data: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 or UTF-32 with or without a byte-order mark.

    Raises:
        NothingToImport: It is no text.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        encoding = _unmarked(data[:200])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NothingToImport(source, f"it is no text ({error.reason} at byte {error.start})") from error
    if "\0" in text:
        raise NothingToImport(source, "it is no text (it holds zero bytes)")
    return text


def _unmarked(beginning: bytes) -> str:
    """Guess between UTF-8 and the two UTF-16s: flow text is mostly ASCII, whose other byte is zero."""
    zeros = [beginning[start::2].count(0) for start in (0, 1)]
    if max(zeros) * 4 < len(beginning):
        return "utf-8"
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def read_text(source: str, name: str, data: bytes) -> Content:
    """Read a flow from one text file; it has no id and is known by its name.

    Args:
        source: The file's name, for messages.
        name: What to call the flow.
        data: The file's bytes.

    Raises:
        NothingToImport: It is no text, or an empty one.
    """
    definition = unfence(decode_text(source, data))
    if not definition.strip():
        raise NothingToImport(source, "it is empty")
    return Content(source, desktop_flows=(DesktopFlow(None, name, definition=definition),))


def unfence(text: str) -> str:
    """Return the flow text of a Markdown page: one subflow a fence, named by the heading above it.

    A text without fences is returned as it is, and so is flow text that has fences inside a literal.
    """
    fences = _fences(text)
    if not fences or fences[0].is_in_literal:
        return text
    parts = [_subflow(fence.heading, fence.body) for fence in fences]
    # The body of Main stands bare and first.
    return "\n".join(sorted(parts, key=lambda part: part.startswith("FUNCTION ")))


@dataclass(frozen=True, slots=True)
class _Fence:
    """A fenced part of a page: the last heading above it, and its lines."""

    heading: str | None
    body: str
    is_in_literal: bool


def _fences(text: str) -> list[_Fence]:
    """Read a page line by line; a fence that is never closed reaches to the end."""
    found: list[_Fence] = []
    heading: str | None = None
    lines = iter(text.splitlines(keepends=True))
    quotes = 0
    for line in lines:
        opening = _FENCE.match(line)
        if opening is None:
            titled = _HEADING.match(line)
            heading = titled.group(1) if titled else heading
            quotes += line.count("'''")
            continue
        body = "".join(_until_closed(lines, opening.group(1)))
        found.append(_Fence(heading, body, is_in_literal=quotes % 2 == 1))
        heading = None
    return found


def _until_closed(lines: Iterator[str], mark: str) -> Iterator[str]:
    for line in lines:
        stripped = line.strip()
        if stripped.startswith(mark) and not stripped.strip(mark[0]):
            return
        yield line


def _subflow(heading: str | None, body: str) -> str:
    stripped = body.strip("\r\n")
    if heading is None or re.match(r"\s*FUNCTION\b", stripped, re.IGNORECASE):
        return stripped.lstrip() if heading is not None else stripped
    words = re.sub(r"(?i)^(?:sub-?flow|function)\b[\s:]*", "", heading).strip("`'\"* ")
    if words.casefold() == "main" or not words:
        return stripped
    return as_function(words, stripped)


def as_function(name: str, body: str) -> str:
    """Return a subflow's text with its ``FUNCTION`` lines; a name that needs quotes gets them."""
    if not _PLAIN_NAME.match(name):
        escaped = name.replace("\\", "\\\\").replace("'", "\\'")
        name = f"'{escaped}'"
    return f"FUNCTION {name} GLOBAL\n{body}\nEND FUNCTION"
