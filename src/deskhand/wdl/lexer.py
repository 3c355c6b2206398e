"""Text → tokens. Source: cloud-flows 5.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from deskhand.wdl.errors import ExpressionMalformed


class Kind(StrEnum):
    """What a token is; the value is how the service names it."""

    IDENTIFIER = "Identifier"
    LEFT_PARENTHESIS = "LeftParenthesis"
    RIGHT_PARENTHESIS = "RightParenthesis"
    LEFT_BRACKET = "LeftSquareBracket"
    RIGHT_BRACKET = "RightSquareBracket"
    DOT = "Dot"
    COMMA = "Comma"
    QUESTION_MARK = "QuestionMark"
    TEXT = "StringLiteral"
    INTEGER = "Integer"
    FLOAT = "Float"
    END = "EndOfData"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text; ``start`` and ``end`` count from 0."""

    kind: Kind
    text: str
    start: int
    end: int


_SYMBOLS = {
    "(": Kind.LEFT_PARENTHESIS,
    ")": Kind.RIGHT_PARENTHESIS,
    "[": Kind.LEFT_BRACKET,
    "]": Kind.RIGHT_BRACKET,
    ".": Kind.DOT,
    ",": Kind.COMMA,
    "?": Kind.QUESTION_MARK,
}
_TOKEN = re.compile(
    r"(?P<BLANK>\s+)"
    r"|(?P<TEXT>'[^']*(?:''[^']*)*(?:'|(?P<open>\Z)))"
    r"|(?P<FLOAT>[+-]?[0-9]+(?:\.[0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+))"
    r"|(?P<INTEGER>[+-]?[0-9]+)"
    r"|(?P<IDENTIFIER>[^\W\d][\w$]*|\$[\w$]+)"
    r"|(?P<SYMBOL>[()\[\].,?])"
)
_QUOTE = re.compile(r"'[^']*(?:''[^']*)*'|[^']")


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of an expression; the last one is the end.

    Raises:
        ExpressionMalformed: A letter belongs to no token, or a text does not end.
    """
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            problem = f"the string character '{text[place]}' at position '{place}' is not expected"
            raise ExpressionMalformed(text, problem)
        if match["open"] is not None:
            raise ExpressionMalformed(
                text,
                f"the string constant at position '{place}' is not terminated. "
                "String constants must be enclosed within a pair of quotes",
            )
        kind = match.lastgroup
        if kind == "SYMBOL":
            yield Token(_SYMBOLS[match.group()], match.group(), place, match.end())
        elif kind != "BLANK":
            yield Token(Kind[str(kind)], match.group(), place, match.end())
        place = match.end()
    yield Token(Kind.END, "", len(text), len(text))


def find_segment_end(text: str, place: int) -> int | None:
    """Return where the brace stands that ends an interpolation, or None; braces in quotes do not count.

    Args:
        text: The template.
        place: Where the expression begins.
    """
    while (match := _QUOTE.match(text, place)) is not None:
        if match.group() == "}":
            return place
        place = match.end()
    return None
