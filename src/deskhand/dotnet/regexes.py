"""Regular expressions as .NET has them, run by the ``regex`` library.

The pattern's text is translated in :mod:`deskhand.dotnet.regex_translation`; this module matches,
replaces and splits. Every search has a time limit, since a flow's pattern may be catastrophic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from deskhand.dotnet.errors import BadPattern, PatternTooSlow
from deskhand.dotnet.regex_translation import Options, translate

TIME_LIMIT = 10.0
"""Seconds that one search may take."""

_SUBSTITUTION = regex.compile(r"\$(?:(?P<number>[0-9]+)|\{(?P<name>\w+)\}|(?P<sign>[$&`'+_]))")


@dataclass(frozen=True, slots=True)
class Found:
    """One match.

    Attributes:
        start: Where it begins.
        text: What matched.
        groups: What each group captured last, by .NET number from 1; None where it took no part.
    """

    start: int
    text: str
    groups: tuple[str | None, ...]

    @property
    def end(self) -> int:
        """Return where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled regular expression.

    Attributes:
        pattern: The pattern as .NET reads it.
        compiled: Its translation.
        groups: The translation's name of each group, by .NET number from 1.
        names: The .NET number of each named group.
        time_limit: Seconds that one search may take.
    """

    pattern: str
    compiled: regex.Pattern[str]
    groups: tuple[str, ...]
    names: dict[str, int]
    time_limit: float = TIME_LIMIT

    def find(self, text: str, start: int = 0) -> Iterator[Found]:
        """Yield every match from a position on, from left to right.

        Raises:
            PatternTooSlow: The time limit passed.
        """
        try:
            for match in self.compiled.finditer(text, start, timeout=self.time_limit):
                yield Found(match.start(), match.group(), tuple(match.group(name) for name in self.groups))
        except TimeoutError as problem:
            raise PatternTooSlow(self.pattern, self.time_limit) from problem

    def first(self, text: str, start: int = 0) -> Found | None:
        """Return the first match from a position on, or None."""
        return next(self.find(text, start), None)

    def replace(self, text: str, replacement: str) -> str:
        """Replace every match; ``$1``, ``${name}``, ``$&``, ``$$`` and their like are filled in."""
        result = []
        position = 0
        for found in self.find(text):
            result += [text[position : found.start], self.expand(replacement, found, text)]
            position = found.end
        return "".join(result) + text[position:]

    def split(self, text: str) -> list[str]:
        """Split at every match; what groups captured stands between the parts, as in .NET."""
        parts = []
        position = 0
        for found in self.find(text):
            parts.append(text[position : found.start])
            parts += [group for group in found.groups if group is not None]
            position = found.end
        return [*parts, text[position:]]

    def expand(self, replacement: str, found: Found, text: str) -> str:
        """Return a replacement text for one match."""

        def fill(place: regex.Match[str]) -> str:
            name: str | None = place["number"] or place["name"]
            if not name:
                return _sign(place["sign"], found, text)
            number = int(name) if name.isdecimal() else self.names.get(name, -1)
            return self._group(number, found, otherwise=place.group())

        return str(_SUBSTITUTION.sub(fill, replacement))

    def _group(self, number: int, found: Found, otherwise: str) -> str:
        if number == 0:
            return found.text
        if 0 < number <= len(found.groups):
            return found.groups[number - 1] or ""
        return otherwise


def _sign(sign: str, found: Found, text: str) -> str:
    last = next((group for group in reversed(found.groups) if group is not None), "")
    return {
        "$": "$",
        "&": found.text,
        "`": text[: found.start],
        "'": text[found.end :],
        "+": last,
        "_": text,
    }[sign]


@lru_cache(maxsize=256)
def compile_expression(
    pattern: str,
    *,
    ignore_case: bool = False,
    multiline: bool = False,
    singleline: bool = False,
    explicit_capture: bool = False,
    ignore_whitespace: bool = False,
    time_limit: float = TIME_LIMIT,
) -> Expression:
    """Return a .NET regular expression ready to use.

    Args:
        pattern: The pattern.
        ignore_case: .NET's ``IgnoreCase``, ``(?i)``.
        multiline: .NET's ``Multiline``, ``(?m)``.
        singleline: .NET's ``Singleline``, ``(?s)``.
        explicit_capture: .NET's ``ExplicitCapture``, ``(?n)``.
        ignore_whitespace: .NET's ``IgnorePatternWhitespace``, ``(?x)``.
        time_limit: Seconds that one search may take.

    Raises:
        BadPattern: .NET would not take the pattern either.
    """
    translated = translate(pattern, Options(explicit_capture, ignore_whitespace))
    flags = regex.VERSION1 | regex.UNICODE
    for wanted, flag in (
        (ignore_case, regex.IGNORECASE),
        (multiline, regex.MULTILINE),
        (singleline, regex.DOTALL),
    ):
        flags |= flag if wanted else 0
    try:
        compiled = regex.compile(translated.text, flags)
    except regex.error as problem:
        raise BadPattern(pattern, str(problem)) from problem
    return Expression(pattern, compiled, translated.groups, translated.names, time_limit)


def escape_expression(text: str) -> str:
    """Return a pattern that matches a text literally, written as .NET's ``Regex.Escape`` does."""
    blanks = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", " ": r"\ "}
    return "".join(
        blanks.get(letter, f"\\{letter}" if letter in r"\*+?|{[()^$.#" else letter) for letter in text
    )
