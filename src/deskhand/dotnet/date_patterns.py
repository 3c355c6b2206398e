"""Date patterns: a format string becomes the pieces that printing and reading share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from deskhand.dotnet.cultures import Culture, invariant
from deskhand.dotnet.errors import BadFormat

_REPEATED = frozenset("dfFghHmMstyz")
_SINGLE = frozenset(":/K")
_INVARIANT_PATTERNS = {
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a pattern.

    Attributes:
        letter: The specifier's letter; empty for a literal.
        count: How often the letter stands in a row.
        text: A literal's text.
    """

    letter: str
    count: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class DatePattern:
    """A whole format, ready to print or read with.

    Attributes:
        pieces: In order.
        culture: Whose names and separators it uses; ``o``, ``r``, ``s`` and ``u`` bring their own.
        in_utc: Whether the value is turned to UTC first (``U``).
    """

    pieces: tuple[Piece, ...]
    culture: Culture
    in_utc: bool = False

    @property
    def has_day_number(self) -> bool:
        """Return whether a day number stands in it, which puts month names in the genitive."""
        return any(piece.letter == "d" and piece.count <= 2 for piece in self.pieces)


@lru_cache(maxsize=256)
def read_pattern(format: str, culture: Culture) -> DatePattern:
    """Return what a .NET date format means: one letter is a standard format, more are a custom one.

    Raises:
        BadFormat: .NET would not take the format either.
    """
    if not format:
        format = "G"
    if len(format) > 1:
        return DatePattern(_merged(_pieces(format)), culture)
    if format.casefold() in _INVARIANT_PATTERNS and format != "U" and format != "S":
        text = _INVARIANT_PATTERNS[format.casefold()]
        return DatePattern(_merged(_pieces(text)), invariant())
    return DatePattern(_merged(_pieces(_standard(format, culture))), culture, in_utc=format == "U")


def _standard(letter: str, culture: Culture) -> str:
    patterns = {
        "d": culture.short_date,
        "D": culture.long_date,
        "f": f"{culture.long_date} {culture.short_time}",
        "F": culture.full_date_time,
        "g": f"{culture.short_date} {culture.short_time}",
        "G": f"{culture.short_date} {culture.long_time}",
        "m": culture.month_day,
        "M": culture.month_day,
        "t": culture.short_time,
        "T": culture.long_time,
        "U": culture.full_date_time,
        "y": culture.year_month,
        "Y": culture.year_month,
    }
    if letter not in patterns:
        raise BadFormat(letter, "a single letter is a standard format, and this is none of them")
    return patterns[letter]


def _pieces(format: str) -> Iterator[Piece]:
    position = 0
    while position < len(format):
        piece, position = _piece_at(format, position)
        yield piece


def _piece_at(format: str, position: int) -> tuple[Piece, int]:
    letter = format[position]
    if letter in _REPEATED:
        return _run(format, position)
    if letter in _SINGLE:
        return Piece(letter), position + 1
    if letter in "'\"":
        return _quoted(format, position)
    if letter == "\\":
        if position + 1 == len(format):
            raise BadFormat(format, "it ends with a lone backslash")
        return Piece("", text=format[position + 1]), position + 2
    if letter == "%":
        following = format[position + 1 : position + 2]
        if following in ("", "%"):
            raise BadFormat(format, "a percent sign must stand before a specifier")
        return (Piece(following), position + 2) if following in _REPEATED else _piece_at(format, position + 1)
    return Piece("", text=letter), position + 1


def _run(format: str, position: int) -> tuple[Piece, int]:
    letter = format[position]
    end = position
    while end < len(format) and format[end] == letter:
        end += 1
    if letter in "fF" and end - position > 7:
        raise BadFormat(format, "a second has at most seven fraction digits")
    return Piece(letter, end - position), end


def _quoted(format: str, position: int) -> tuple[Piece, int]:
    quote = format[position]
    text: list[str] = []
    position += 1
    while position < len(format):
        letter = format[position]
        if letter == quote:
            return Piece("", text="".join(text)), position + 1
        if letter == "\\":
            position += 1
            if position == len(format):
                raise BadFormat(format, "it ends with a lone backslash")
            letter = format[position]
        text.append(letter)
        position += 1
    raise BadFormat(format, f"the quoted text that begins with {quote} does not end")


def _merged(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Join neighbouring literals."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.letter and result and not result[-1].letter:
            result[-1] = Piece("", text=result[-1].text + piece.text)
        else:
            result.append(piece)
    return tuple(result)
