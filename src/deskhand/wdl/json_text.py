"""JSON text → values, as leniently as the service reads it. Source: cloud-flows 5.8 (``json``).

Comments, trailing commas, single quotes, names without quotes, missing closers, hexadecimal and octal
numbers are taken; the last of several equal names wins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NoReturn

from deskhand.wdl.values import Value, from_units

_DEPTH = 128
_MOST_DIGITS = 4_000
_BLANK = re.compile(r"(?:[\s\ufeff\x00]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[\w$]+")
_WORD = re.compile(r"-?[A-Za-z]+")
_NUMBER = re.compile(r"[-+]?[0-9.][0-9A-Za-z.+-]*")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)")
_REAL = re.compile(r"[-+]?[0-9]*\.?[0-9]+\.?(?:[eE][+-]?[0-9]+)?")
_STRING = {quote: re.compile(rf"[^{quote}\\]*") for quote in "\"'"}
_WORDS: Mapping[str, Value] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "NaN": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
}
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "/": "/", "\\": "\\", '"': '"', "'": "'"}


class JsonUnreadable(Exception):
    """A text is no JSON, however leniently it is read; the message is the reader's own."""


def read_json(text: str, *, ignore_rest: bool = False) -> Value:
    """Return what a JSON text stands for; None for an empty one.

    Args:
        text: The text.
        ignore_rest: Whether more text may follow after the value.

    Raises:
        JsonUnreadable: It cannot be read.
    """
    return _Reader(text).read(ignore_rest)


class _Reader:
    """Reads one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.path: list[str] = []

    def read(self, ignore_rest: bool) -> Value:
        self.skip_blank()
        if self.place == len(self.text):
            return None
        value = self.value()
        self.skip_blank()
        if self.place < len(self.text) and not ignore_rest:
            self.fail(f"Additional text encountered after finished reading JSON content: {self.letter}.")
        return value

    @property
    def letter(self) -> str:
        return self.text[self.place : self.place + 1]

    def skip_blank(self) -> None:
        match = _BLANK.match(self.text, self.place)
        self.place = match.end() if match else self.place

    def fail(self, problem: str) -> NoReturn:
        line = self.text.count("\n", 0, self.place) + (1 if self.place else 0)
        column = self.place - (self.text.rfind("\n", 0, self.place) + 1)
        path = "".join(self.path).removeprefix(".")
        raise JsonUnreadable(f"{problem} Path '{path}', line {line}, position {column}.")

    def value(self) -> Value:
        letter = self.letter
        if letter == "{":
            return self.members()
        if letter == "[":
            return self.elements()
        if letter in ('"', "'"):
            return self.string(letter)
        if letter.isascii() and (letter.isdigit() or letter in "-."):
            return self.number()
        return self.word()

    def word(self) -> Value:
        match = _WORD.match(self.text, self.place)
        if match is None or match.group() not in _WORDS:
            self.fail(f"Unexpected character encountered while parsing value: {self.letter}.")
        self.place = match.end()
        return _WORDS[match.group()]

    def enter(self, step: str) -> None:
        self.path.append(step)
        if len(self.path) > _DEPTH:
            self.fail(f"The reader's MaxDepth of {_DEPTH} has been exceeded.")

    def members(self) -> dict[str, Value]:
        self.place += 1
        members: dict[str, Value] = {}
        self.skip_blank()
        while self.letter not in ("}", ""):
            name = self.name()
            self.enter(f".{name}")
            self.skip_blank()
            if self.letter != ":":
                self.fail(
                    f"Invalid character after parsing property name. Expected ':' but got: {self.letter}."
                )
            self.place += 1
            self.skip_blank()
            members[name] = None if self.letter in ("", ",", "}") else self.value()
            self.separate("}")
            self.path.pop()
        self.place += 1
        return members

    def name(self) -> str:
        if self.letter in ('"', "'"):
            return self.string(self.letter)
        match = _NAME.match(self.text, self.place)
        if match is None:
            self.fail(f"Invalid property identifier character: {self.letter}.")
        self.place = match.end()
        return match.group()

    def elements(self) -> list[Value]:
        self.place += 1
        elements: list[Value] = []
        self.skip_blank()
        while self.letter not in ("]", ""):
            self.enter(f"[{len(elements)}]")
            elements.append(None if self.letter == "," else self.value())
            self.separate("]")
            self.path.pop()
        self.place += 1
        return elements

    def separate(self, closer: str) -> None:
        """Read the comma between two parts; the closer may follow it, or be missing at the end."""
        self.skip_blank()
        if self.letter == ",":
            self.place += 1
            self.skip_blank()
        elif self.letter not in (closer, ""):
            self.fail(f"After parsing a value an unexpected character was encountered: {self.letter}.")

    def string(self, quote: str) -> str:
        self.place += 1
        parts: list[str] = []
        while True:
            match = _STRING[quote].match(self.text, self.place)
            if match is not None:
                parts.append(match.group())
                self.place = match.end()
            if self.letter == quote:
                self.place += 1
                return from_units("".join(parts))
            if not self.letter:
                self.fail(f"Unterminated string. Expected delimiter: {quote}.")
            parts.append(self.escape())

    def escape(self) -> str:
        letter = self.text[self.place + 1 : self.place + 2]
        self.place += 2
        if letter != "u":
            if letter not in _ESCAPES:
                self.fail(f"Bad JSON escape sequence: \\{letter}.")
            return _ESCAPES[letter]
        digits = self.text[self.place : self.place + 4]
        if not re.fullmatch("[0-9A-Fa-f]{4}", digits):
            self.fail(f"Invalid Unicode escape sequence: \\u{digits}.")
        self.place += 4
        return chr(int(digits, 16))

    def number(self) -> Value:
        match = _NUMBER.match(self.text, self.place)
        if match is None:
            return self.word()  # -Infinity
        text = match.group()
        number = _number(text) if len(text) <= _MOST_DIGITS else None
        if number is None:
            self.fail(f"Input string '{text[:60]}' is not a valid number.")
        self.place = match.end()
        return number


def _number(text: str) -> int | float | None:
    if _PLAIN.fullmatch(text):
        return int(text)
    lowered = text.lower()
    if re.fullmatch(r"0x[0-9a-f]+", lowered):
        return int(text, 16)
    if re.fullmatch(r"0[0-7]+", text):
        return int(text, 8)
    return float(text) if _REAL.fullmatch(text) and text.count(".") <= 1 else None
