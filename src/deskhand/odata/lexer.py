"""Text → tokens, for addresses and query options alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from deskhand.odata.errors import QueryMalformed


class Kind(StrEnum):
    """What a token is; the value is how a message names it."""

    GUID = "a GUID"
    INSTANT = "a date and time"
    DAY = "a date"
    NUMBER = "a number"
    TEXT = "a text in quotes"
    JSON_TEXT = "a text in double quotes"
    ALIAS = "an alias"
    NAME = "a name"
    SYMBOL = "a symbol"
    BLANK = "a blank"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text; ``position`` counts from 1."""

    kind: Kind
    text: str
    position: int


_PATTERNS = {
    Kind.GUID: r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![\w-])",
    Kind.INSTANT: r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|z|[+-]\d\d:\d\d)?(?![\w:-])",
    Kind.DAY: r"\d{4}-\d\d-\d\d(?![\w:-])",
    Kind.NUMBER: r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.-])",
    Kind.TEXT: r"'(?:[^']|'')*'(?!')",
    Kind.JSON_TEXT: r'"(?:[^"\\]|\\.)*"',
    Kind.ALIAS: r"@[A-Za-z_]\w*",
    Kind.NAME: r"\$?[^\W\d]\w*(?:\.[^\W\d]\w*)*",
    Kind.SYMBOL: r"[(),/=\[\]{}*:;-]",
    Kind.BLANK: r"[ \t]+",
}
_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items()), re.ASCII)


def tokenize(text: str, where: str) -> Iterator[Token]:
    """Yield the tokens of a decoded text; the last one is the end.

    Args:
        text: The text.
        where: What it is, for messages: ``$filter``.

    Raises:
        QueryMalformed: Something in it is no token.
    """
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise QueryMalformed(where, place + 1, _complaint(text[place:]))
        yield Token(Kind[str(match.lastgroup)], match.group(), place + 1)
        place = match.end()
    yield Token(Kind.END, "", len(text) + 1)


def _complaint(rest: str) -> str:
    if rest.startswith(("'", '"')):
        return f"the text that begins here has no closing quote {rest[0]}"
    return f"‘{rest[0]}’ has no meaning here"
