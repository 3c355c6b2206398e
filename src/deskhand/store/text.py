"""Comparing texts as the original does: without regard to case, with its wildcards.

Source: dataverse-api 3.4. In a pattern ``%`` stands for any text, ``_`` for any letter, ``[a-z]`` for one
of some letters and ``[^a]`` for any other one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

_ANY_TEXT = "%"
_ANY_LETTER = "_"
_CLASS = re.compile(r"\[(\^?)([^\]]*)\]")
_RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Letters:
    """One letter of a pattern: any within one of some ranges, or any outside them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def accept(self, letter: str) -> bool:
        return any(first <= letter <= last for first, last in self.ranges) is not self.negated


_Part = _Letters | None
"""One part of a pattern; None stands for any text."""

_ANY = _Letters((), negated=True)


def folded(value: Any) -> sa.ColumnElement[str]:
    """Return an expression by which texts compare without regard to case."""
    return sa.func.lower(value)


def matches(dialect: str, column: sa.ColumnElement[Any], pattern: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column's whole text matches a pattern.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        column: The column.
        pattern: What it should look like.
    """
    if dialect == "sqlite":
        return sa.func.text_matches(folded(column), pattern.lower(), type_=sa.Boolean())
    regex = _to_regex(_parts(pattern.lower()))
    return sa.false() if regex is None else folded(column).regexp_match(regex)


def lower(text: str | None) -> str | None:
    """Return a text in lower case; SQLite's own function knows English letters only."""
    return None if text is None else text.lower()


def text_matches(text: str | None, pattern: str) -> bool | None:
    """Return whether a text, in lower case like the pattern, matches it.

    Only the last ``%`` before a failure needs to be tried again, so the work is at most the product of
    both lengths.
    """
    if text is None:
        return None
    parts = _parts(pattern)
    place = part = 0
    retry_place, retry_part = 0, -1
    while place < len(text):
        if part < len(parts) and parts[part] is None:
            retry_place, retry_part = place, part
            part += 1
        elif part < len(parts) and _accepts(parts[part], text[place]):
            place += 1
            part += 1
        elif retry_part >= 0:
            retry_place += 1
            place, part = retry_place, retry_part + 1
        else:
            return False
    return all(rest is None for rest in parts[part:])


def _accepts(part: _Part, letter: str) -> bool:
    return part is not None and part.accept(letter)


@lru_cache(maxsize=128)
def _parts(pattern: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    place = 0
    while place < len(pattern):
        letters = _CLASS.match(pattern, place)
        if letters is not None:
            parts.append(_Letters(_ranges(letters.group(2)), negated=bool(letters.group(1))))
            place = letters.end()
            continue
        parts.append(_single(pattern[place]))
        place += 1
    return tuple(parts)


def _single(letter: str) -> _Part:
    if letter == _ANY_TEXT:
        return None
    return _ANY if letter == _ANY_LETTER else _Letters(((letter, letter),))


def _ranges(letters: str) -> tuple[tuple[str, str], ...]:
    found = (match.groups() for match in _RANGE.finditer(letters))
    bounds = ((single, single) if single else (first, last) for first, last, single in found)
    return tuple((first, last) for first, last in bounds if first <= last)


def _to_regex(parts: tuple[_Part, ...]) -> str | None:
    """Return a pattern as PostgreSQL's regular expressions write it; None if nothing can match it."""
    written: list[str] = []
    for part in parts:
        if part is None:
            written.append(".*")
        elif part.ranges:
            written.append(f"[{'^' * part.negated}{''.join(map(_bracketed, part.ranges))}]")
        elif part.negated:
            written.append(".")
        else:
            return None
    return f"^{''.join(written)}$"


def _bracketed(bounds: tuple[str, str]) -> str:
    first, last = (letter if letter.isalnum() else f"\\{letter}" for letter in bounds)
    return first if first == last else f"{first}-{last}"
