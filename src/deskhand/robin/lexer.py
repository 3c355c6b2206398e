"""Flow text to tokens (robin 2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from deskhand.robin.nodes import Span
from deskhand.robin.syntax_codes import SyntaxCode

RESERVED_WORDS = frozenset(
    {
        "ACTION",
        "AND",
        "AS",
        "BLOCK",
        "CALL",
        "CASE",
        "DEFAULT",
        "DISABLE",
        "ELSE",
        "END",
        "ERROR",
        "EXIT",
        "FALSE",
        "FOR",
        "FOREACH",
        "FROM",
        "FUNCTION",
        "GLOBAL",
        "GOTO",
        "IF",
        "IMPORT",
        "IN",
        "INPUT",
        "LABEL",
        "LOOP",
        "MAIN",
        "MOD",
        "NEXT",
        "NO",
        "NOT",
        "ON",
        "OR",
        "OUTPUT",
        "REPEAT",
        "SET",
        "STEP",
        "SWITCH",
        "THEN",
        "THROW",
        "TIMES",
        "TO",
        "TRUE",
        "WAIT",
        "WHILE",
        "XOR",
        "YES",
    }
)
"""The words that name no variable, in capitals (robin 2.2)."""


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()
    SIGN = auto()
    INTERPOLATED = auto()
    PLAIN = auto()
    RAW = auto()
    POWER_FX = auto()
    PROTECTED = auto()
    BACKTICK = auto()
    DATE = auto()
    COMMENT = auto()
    BLOCK_COMMENT = auto()
    REGION = auto()
    END_REGION = auto()
    REPOSITORY = auto()
    NEWLINE = auto()
    BROKEN = auto()
    END = auto()


class Token(NamedTuple):
    """One word, sign or literal.

    Attributes:
        kind: What it is.
        text: The spelling of a word, number or sign; the content of a literal or comment.
        start: The offset of its first letter.
        end: The offset past its last letter.
        parts: The content of an interpolated text: letters, and the tokens of each ``%...%``.
    """

    kind: Kind
    text: str
    start: int
    end: int
    parts: tuple[TextPart, ...] = ()


TextPart: TypeAlias = "str | tuple[Token, ...]"


class Fault(NamedTuple):
    """A syntax error that is known by its offsets only."""

    code: SyntaxCode
    message: str
    start: int
    end: int


_NEWLINE = re.compile(r"\r\n?|\n")
_REST_OF_LINE = re.compile(r"[^\r\n]*")


class Source:
    """A flow's text, and the way from offsets to lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def span(self, start: int, end: int) -> Span:
        """Return the lines and columns of a stretch of the text."""
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Span(line, column, end_line, end_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._line_starts[line - 1] + column - 1

    def rest_of_line(self, offset: int) -> str:
        """Return the text from an offset to the end of its line."""
        match = _REST_OF_LINE.match(self.text, offset)
        return match.group() if match else ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the lexer found: tokens ended by ``Kind.END``, and faults in the order of the text."""

    tokens: tuple[Token, ...]
    faults: tuple[Fault, ...]


# Letters of scripts whose words hold combining marks, which \w leaves out.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u109f"

_TOKEN = re.compile(
    rf"""
    (?P<blank>(?:[^\S\r\n]|[\u200b\ufeff])+)
    | (?P<newline>\r\n?|\n)
    | (?P<block_comment>/\#)
    | (?P<comment>\#[^\r\n]*)
    | (?P<interpolated>\$''')
    | (?P<power_fx>\$[fF][xX]')
    | (?P<raw>''')
    | (?P<plain>['"])
    | (?P<protected>[Pp]')
    | (?P<date>[dD]['"])
    | (?P<backtick>`)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[^\W\d][\w{_MARKS}]*)
    | (?P<region>\*\*(?:REGION|ENDREGION)\b[^\r\n]*)
    | (?P<sign>=>|<>|<=|>=|!=|@@|//|[()\[\]{{}},:.+\-*/=<>^@%])
    | (?P<stray>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_RAW_BODY = re.compile(r"((?:[^\\']+|\\[\s\S]|'(?!''))*+)'''")
_FX_BODY = re.compile(r"((?:[^\\']+|\\[\s\S])*+)'")
_PROTECTED_BODY = re.compile(r"([^'\r\n]*)'")
_BACKTICK_BODY = re.compile(r"([^`]*)`")
_ONE_LINE_BODIES: Mapping[str, re.Pattern[str]] = {
    "'": re.compile(r"((?:[^\\'\r\n]+|\\[^\r\n])*+)'"),
    '"': re.compile(r'((?:[^\\"\r\n]+|\\[^\r\n])*+)"'),
}
_MANY_LINE_BODIES: Mapping[str, re.Pattern[str]] = {
    "'": re.compile(r"((?:[^\\']+|\\[\s\S])*+)'"),
    '"': re.compile(r'((?:[^\\"]+|\\[\s\S])*+)"'),
}
_TEXT_PIECE = re.compile(r"[^\\'%]+|\\|'+|%%?")
_ESCAPE = re.compile(r"\\([\\'\"])")
_REPOSITORY = re.compile(r"#\s*\[ControlRepository\]\[PowerAutomateDesktop\]\s*", re.IGNORECASE)

_CURLED = {"‘": "'", "’": "'", "“": '"', "”": '"'}


def tokenize(text: str) -> Tokens:
    """Return the tokens of a flow's text; what nothing can read becomes a token and a fault."""
    return _Lexer(text).run()


class _Lexer:
    """Reads a text from left to right, once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.faults: list[Fault] = []
        self.depth = 0

    def run(self) -> Tokens:
        position = 0
        while position < len(self.text):
            position = self.step(position)
        self.tokens.append(Token(Kind.END, "", position, position))
        return Tokens(tuple(self.tokens), tuple(self.faults))

    def step(self, position: int) -> int:
        """Read one token and return where the next begins."""
        match = _TOKEN.match(self.text, position)
        group = match.lastgroup if match else None
        if match is None or group is None:
            return self.stray(position)
        if group == "blank":
            return match.end()
        reader = _READERS.get(group)
        return reader(self, match) if reader else self.stray(position)

    def add(self, kind: Kind, text: str, start: int, end: int, parts: tuple[TextPart, ...] = ()) -> int:
        self.tokens.append(Token(kind, text, start, end, parts))
        return end

    def fault(self, code: SyntaxCode, start: int, end: int, message: str) -> None:
        self.faults.append(Fault(code, message, start, end))

    def broken(self, code: SyntaxCode, start: int, end: int, message: str) -> int:
        """Note a fault where a token should be, and leave a token that no statement takes."""
        self.fault(code, start, end, message)
        return self.add(Kind.BROKEN, self.text[start:end], start, end)

    def line_end(self, position: int) -> int:
        match = _REST_OF_LINE.match(self.text, position)
        return match.end() if match else position

    # Words, signs and lines

    def newline(self, match: re.Match[str]) -> int:
        return self.add(Kind.NEWLINE, "", match.start(), match.end())

    def word(self, match: re.Match[str]) -> int:
        return self.add(Kind.WORD, match.group(), match.start(), match.end())

    def sign(self, match: re.Match[str]) -> int:
        sign = match.group()
        if sign == "//":
            return self.double_slash(match.start())
        if sign in "([{":
            self.depth += 1
        elif sign in ")]}":
            self.depth = max(0, self.depth - 1)
        return self.add(Kind.SIGN, sign, match.start(), match.end())

    def double_slash(self, start: int) -> int:
        end = self.line_end(start)
        message = "‘//’ does not begin a comment; write ‘#’"
        return self.broken(SyntaxCode.STRAY_LETTER, start, end, message)

    def number(self, match: re.Match[str]) -> int:
        if match.group().startswith(".") and self.follows_operand(match.start()):
            return self.add(Kind.SIGN, ".", match.start(), match.start() + 1)
        word = _TOKEN.match(self.text, match.end())
        if word is not None and word.lastgroup == "word":
            name = self.text[match.start() : word.end()]
            message = f"the name ‘{name}’ begins with a digit; begin it with a letter or ‘_’"
            return self.broken(SyntaxCode.DIGIT_FIRST, match.start(), word.end(), message)
        return self.add(Kind.NUMBER, match.group(), match.start(), match.end())

    def follows_operand(self, position: int) -> bool:
        """Tell whether a point here reads a property and begins no number."""
        if not self.tokens or self.tokens[-1].end != position:
            return False
        last = self.tokens[-1]
        return last.kind is Kind.WORD or (last.kind is Kind.SIGN and last.text in ")]")

    def comment(self, match: re.Match[str]) -> int:
        if _REPOSITORY.fullmatch(match.group()):
            return self.repository(match)
        return self.add(Kind.COMMENT, match.group()[1:].rstrip(), match.start(), match.end())

    def repository(self, match: re.Match[str]) -> int:
        newline = _NEWLINE.match(self.text, match.end())
        tail = newline.end() if newline else match.end()
        return self.add(Kind.REPOSITORY, self.text[tail:], match.start(), len(self.text))

    def block_comment(self, match: re.Match[str]) -> int:
        close = self.text.find("#/", match.end())
        if close < 0:
            message = "this comment is never closed; end it with ‘#/’"
            self.fault(SyntaxCode.UNCLOSED_LITERAL, match.start(), match.end(), message)
            return len(self.text)
        content = _NEWLINE.sub("\n", self.text[match.end() : close])
        return self.add(Kind.BLOCK_COMMENT, content, match.start(), close + 2)

    def region(self, match: re.Match[str]) -> int:
        word = re.match(r"\*\*(\w+)", match.group())
        ends = word is not None and word.group(1).upper() == "ENDREGION"
        title = "" if word is None else match.group()[word.end() :].strip()
        return self.add(Kind.END_REGION if ends else Kind.REGION, title, match.start(), match.end())

    def stray(self, position: int) -> int:
        letter = self.text[position]
        straight = _CURLED.get(letter)
        hint = f"; write the straight quote {straight}" if straight else ""
        shown = f"‘{letter}’" if letter.isprintable() else f"the sign U+{ord(letter):04X}"
        message = f"{shown} means nothing here{hint}"
        return self.broken(SyntaxCode.STRAY_LETTER, position, position + 1, message)

    # Literals

    def literal(self, kind: Kind, body: re.Pattern[str], match: re.Match[str], closing: str) -> int:
        found = body.match(self.text, match.end())
        if found is None:
            return self.unclosed(match, closing)
        content = found.group(1)
        if kind in _ESCAPED:
            content = _ESCAPE.sub(r"\1", content)
        return self.add(kind, flow_lines(content), match.start(), found.end())

    def unclosed(self, match: re.Match[str], closing: str) -> int:
        message = f"the text that {match.group()} opens is never closed; end it with {closing}"
        return self.broken(SyntaxCode.UNCLOSED_LITERAL, match.start(), self.line_end(match.start()), message)

    def plain(self, match: re.Match[str]) -> int:
        bodies = _MANY_LINE_BODIES if self.depth else _ONE_LINE_BODIES
        return self.literal(Kind.PLAIN, bodies[match.group()], match, match.group())

    def raw(self, match: re.Match[str]) -> int:
        return self.literal(Kind.RAW, _RAW_BODY, match, "'''")

    def power_fx(self, match: re.Match[str]) -> int:
        return self.literal(Kind.POWER_FX, _FX_BODY, match, "'")

    def protected(self, match: re.Match[str]) -> int:
        return self.literal(Kind.PROTECTED, _PROTECTED_BODY, match, "'")

    def date(self, match: re.Match[str]) -> int:
        quote = match.group()[1]
        return self.literal(Kind.DATE, _ONE_LINE_BODIES[quote], match, quote)

    def backtick(self, match: re.Match[str]) -> int:
        return self.literal(Kind.BACKTICK, _BACKTICK_BODY, match, "`")

    def interpolated(self, match: re.Match[str]) -> int:
        text = _InterpolatedText(self, match.end())
        end = text.read()
        if end is None:
            return self.unclosed(match, "'''")
        self.faults += text.faults
        return self.add(Kind.INTERPOLATED, "", match.start(), end, text.joined_parts())


_READERS = {
    "newline": _Lexer.newline,
    "block_comment": _Lexer.block_comment,
    "comment": _Lexer.comment,
    "interpolated": _Lexer.interpolated,
    "power_fx": _Lexer.power_fx,
    "raw": _Lexer.raw,
    "plain": _Lexer.plain,
    "protected": _Lexer.protected,
    "date": _Lexer.date,
    "backtick": _Lexer.backtick,
    "number": _Lexer.number,
    "word": _Lexer.word,
    "region": _Lexer.region,
    "sign": _Lexer.sign,
}

_ESCAPED = frozenset({Kind.PLAIN, Kind.RAW, Kind.POWER_FX, Kind.DATE})

_IN_EXPRESSION = frozenset({"blank", "newline", "plain", "date", "protected", "number", "word", "sign"})
"""What may stand between percent signs; three quotes there close the text around them."""


class _InterpolatedText:
    """The inside of one ``$'''...'''`` (robin 2.4)."""

    def __init__(self, lexer: _Lexer, start: int) -> None:
        self.lexer = lexer
        self.text = lexer.text
        self.position = start
        self.parts: list[TextPart] = []
        self.faults: list[Fault] = []
        self.lone_percent = False

    def joined_parts(self) -> tuple[TextPart, ...]:
        """Return the parts with neighbouring letters joined."""
        joined: list[TextPart] = []
        letters: list[str] = []
        for part in [*self.parts, ()]:
            if isinstance(part, str):
                letters.append(part)
                continue
            if letters:
                joined.append(flow_lines("".join(letters)))
                letters = []
            joined.append(part)
        return tuple(joined[:-1])

    def read(self) -> int | None:
        """Read up to the closing quotes; return the offset past them, or None if there are none."""
        while (match := _TEXT_PIECE.match(self.text, self.position)) is not None:
            piece = match.group()
            if piece == "\\":
                closed = self.backslash()
            elif piece.startswith("'"):
                closed = self.apostrophes(len(piece))
            elif piece.startswith("%"):
                closed = self.percent(piece)
            else:
                closed = self.take(piece, len(piece))
            if closed:
                return self.position
        return None

    def take(self, letters: str, width: int) -> bool:
        self.parts.append(letters)
        self.position += width
        return False

    def fault(self, code: SyntaxCode, width: int, message: str) -> None:
        self.faults.append(Fault(code, message, self.position, self.position + width))

    def apostrophes(self, count: int) -> bool:
        if count >= 3:
            self.position += 3
            return True
        self.fault(SyntaxCode.BARE_APOSTROPHE, count, "an apostrophe inside a text is written \\'")
        if count == 2 and self.ends_line(self.position + 2):
            self.position += 2
            return True
        return self.take("'" * count, count)

    def ends_line(self, position: int) -> bool:
        return position >= len(self.text) or self.text[position] in "\r\n"

    def backslash(self) -> bool:
        following = self.text[self.position + 1 : self.position + 5]
        if following.startswith("'''") and following != "''''":
            self.fault(
                SyntaxCode.SINGLE_BACKSLASH, 1, "a backslash before the closing quotes is written twice: \\\\"
            )
            self.parts.append("\\")
            self.position += 4
            return True
        if following[:1] in {"\\", "'", '"'}:
            return self.take(following[0], 2)
        if following[:1] == "%" and following[:2] != "%%":
            return self.backslash_before_percent()
        return self.take("\\", 1)

    def backslash_before_percent(self) -> bool:
        region = _read_region(self.lexer, self.position + 2)
        if isinstance(region, _Region):
            message = "a backslash before %...% is written twice: \\\\"
            self.fault(SyntaxCode.SINGLE_BACKSLASH, 1, message)
            return self.take("\\", 1)
        return self.take("", 2)

    def percent(self, piece: str) -> bool:
        if piece == "%%":
            return self.take("%", 2)
        if self.lone_percent:
            return self.take("%", 1)
        region = _read_region(self.lexer, self.position + 1)
        if isinstance(region, _Region):
            self.parts.append(region.tokens)
            self.position = region.end
            return False
        # Which of the following percent signs are partners is anyone's guess: one report is enough.
        self.lone_percent = True
        self.fault(SyntaxCode.LONE_PERCENT, 1, region)
        return self.take("%", 1)


class _Region(NamedTuple):
    tokens: tuple[Token, ...]
    end: int


_LONE = "a single % opens a value such as %Name%, and nothing closes it; a percent sign is written %%"


def _read_region(outer: _Lexer, start: int) -> _Region | str:
    """Read what follows an opening percent sign, or say why it is no ``%...%``."""
    inner = _Lexer(outer.text)
    position = start
    while (match := _TOKEN.match(outer.text, position)) is not None:
        if match.group() == "%":
            inner.tokens.append(Token(Kind.END, "", match.start(), match.start()))
            return _Region(tuple(inner.tokens), match.end())
        if not _stands_in_region(match, inner.depth):
            return _why_no_region(outer.text, match)
        position = inner.step(position)
        if inner.faults:
            return inner.faults[0].message
    return _LONE


def _stands_in_region(match: re.Match[str], depth: int) -> bool:
    return match.lastgroup in _IN_EXPRESSION and (match.lastgroup != "newline" or depth > 0)


def _why_no_region(text: str, match: re.Match[str]) -> str:
    line = _REST_OF_LINE.match(text, match.end())
    rest = line.group().partition("'''")[0] if line else ""
    if match.lastgroup in {"raw", "newline"} or "%" not in rest:
        return _LONE
    return f"‘{match.group()}’ means nothing between percent signs; a percent sign itself is written %%"


def flow_lines(text: str) -> str:
    """Return a text with CRLF at each line end, as flows see texts of several lines (robin 2.4)."""
    return _NEWLINE.sub("\r\n", text) if "\n" in text or "\r" in text else text
