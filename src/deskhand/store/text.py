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
_PART = re.compile(r"\[(?P<negated>\^?)(?P<letters>[^\]]*)\]|.", re.DOTALL)
_RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter of a pattern: any within one of some ranges, or any outside them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False


_Stretch = tuple[_Letter, ...]
"""What stands between two ``%`` of a pattern, or before the first or behind the last."""

_ANY = _Letter((), negated=True)
_NONE = _Letter(())


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
    stretches = _stretches(pattern.lower())
    if any(letter == _NONE for stretch in stretches for letter in stretch):
        return sa.false()
    regex = ".*".join(map(_to_regex, stretches))
    return folded(column).regexp_match(f"^{regex}$")


def lower(text: str | None) -> str | None:
    """Return a text in lower case; SQLite's own function knows English letters only."""
    return None if text is None else text.lower()


def text_matches(text: str | None, pattern: str) -> bool | None:
    """Return whether a text, in lower case like the pattern, matches it.

    What stands between two ``%`` is sought once, from left to right: no pattern makes this try again.
    """
    if text is None:
        return None
    first, *others = _compiled(pattern)
    if not others:
        return first.regex.fullmatch(text) is not None
    *middle, last = others
    begin = first.regex.match(text)
    place = -1 if begin is None else begin.end()
    for stretch in middle:
        found = None if place < 0 else stretch.regex.search(text, place)
        place = -1 if found is None else found.end()
    end = len(text) - last.length
    return 0 <= place <= end and last.regex.match(text, end) is not None


@dataclass(frozen=True, slots=True)
class _Sought:
    """A stretch of a pattern as Python looks for it."""

    regex: re.Pattern[str]
    length: int


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> tuple[_Sought, ...]:
    return tuple(
        _Sought(re.compile(_to_regex(stretch), re.DOTALL), len(stretch)) for stretch in _stretches(pattern)
    )


def _stretches(pattern: str) -> tuple[_Stretch, ...]:
    stretches: list[list[_Letter]] = [[]]
    for match in _PART.finditer(pattern):
        if match.group() == _ANY_TEXT:
            stretches.append([])
        else:
            stretches[-1].append(_letter(match))
    return tuple(map(tuple, stretches))


def _letter(match: re.Match[str]) -> _Letter:
    if match["letters"] is not None:
        return _Letter(_ranges(match["letters"]), negated=bool(match["negated"]))
    letter = match.group()
    return _ANY if letter == _ANY_LETTER else _Letter(((letter, letter),))


def _ranges(letters: str) -> tuple[tuple[str, str], ...]:
    found = (match.groups() for match in _RANGE.finditer(letters))
    bounds = ((single, single) if single else (first, last) for first, last, single in found)
    return tuple((first, last) for first, last in bounds if first <= last)


def _to_regex(stretch: _Stretch) -> str:
    """Return a stretch as regular expressions of Python and of PostgreSQL write it."""
    return "".join(map(_letter_to_regex, stretch))


def _letter_to_regex(letter: _Letter) -> str:
    if not letter.ranges:
        return "." if letter.negated else "(?!)"
    (first, last), *others = letter.ranges
    if first == last and not others and not letter.negated:
        return _escaped(first)
    return f"[{'^' * letter.negated}{''.join(map(_bracketed, letter.ranges))}]"


def _bracketed(bounds: tuple[str, str]) -> str:
    first, last = map(_escaped, bounds)
    return first if first == last else f"{first}-{last}"


def _escaped(letter: str) -> str:
    return letter if letter.isalnum() or not letter.isascii() else f"\\{letter}"
