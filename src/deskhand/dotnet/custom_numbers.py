"""Custom number formats: ``#,##0.00;(0);zero`` and their like."""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from deskhand.dotnet.cultures import Culture
from deskhand.dotnet.errors import BadFormat

_CONTEXT = decimal.Context(prec=1_400)


def grouped(digits: str, separator: str) -> str:
    """Put a separator between groups of three digits, counted from the right."""
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[start : start + 3] for start in range(first, len(digits), 3)]
    return separator.join(groups)


@dataclass(frozen=True, slots=True)
class _Token:
    """One piece of a section: a sign such as ``0``, ``#``, ``.`` or ``%``, an exponent or a literal."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """What one section of a format says, counted out."""

    tokens: tuple[_Token, ...]
    whole_places: int
    least_whole: int
    most_fraction: int
    least_fraction: int
    groups: bool
    thousands: int
    hundreds: int
    exponent: str | None


def format_custom(number: Decimal, format: str, culture: Culture, rounding: str) -> str:
    """Print a number along a custom format. See :func:`deskhand.dotnet.numbers.format_number`."""
    sections = _split_sections(format)
    chosen, magnitude, sign = _choose(number, sections)
    section = _measure(chosen)
    digits, exponent = _digits_of(magnitude, section, rounding)
    if number and not digits.strip("0.") and len(sections) > 2 and sections[2]:
        section = _measure(sections[2])
        digits, exponent = _digits_of(Decimal(0), section, rounding)
        sign = ""
    elif not digits.strip("0.") and not exponent:
        sign = ""
    return sign + "".join(_fill(section, digits, exponent, culture))


def _choose(number: Decimal, sections: list[tuple[_Token, ...]]) -> tuple[tuple[_Token, ...], Decimal, str]:
    if number == 0 and len(sections) > 2 and sections[2]:
        return sections[2], number, ""
    if number < 0:
        if len(sections) > 1 and sections[1]:
            return sections[1], number.copy_negate(), ""
        return sections[0], number.copy_negate(), "-"
    return sections[0], number, ""


def _split_sections(format: str) -> list[tuple[_Token, ...]]:
    sections: list[list[_Token]] = [[]]
    for token in _tokens(format):
        if token.kind == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return [tuple(section) for section in sections[:3]]


def _tokens(format: str) -> Iterator[_Token]:
    position = 0
    while position < len(format):
        letter = format[position]
        position += 1
        if letter in "0#.,%‰;":
            yield _Token(letter)
        elif letter in "'\"":
            end = format.find(letter, position)
            if end < 0:
                raise BadFormat(format, f"the quoted text that begins with {letter} does not end")
            yield _Token("text", format[position:end])
            position = end + 1
        elif letter == "\\":
            yield _Token("text", format[position : position + 1])
            position += 1
        elif letter in "eE" and (power := _exponent_at(format, position)):
            yield _Token("E", letter + power)
            position += len(power)
        else:
            yield _Token("text", letter)


def _exponent_at(format: str, position: int) -> str:
    """Return the sign and zeros that make an ``E`` an exponent, or an empty text."""
    end = position
    if format[end : end + 1] in ("+", "-"):
        end += 1
    zeros = end
    while format[zeros : zeros + 1] == "0":
        zeros += 1
    return format[position:zeros] if zeros > end else ""


def _measure(tokens: tuple[_Token, ...]) -> _Section:
    kinds = [token.kind for token in tokens]
    point = kinds.index(".") if "." in kinds else len(kinds)
    whole = [kind for kind in kinds[:point] if kind in "0#"]
    fraction = [kind for kind in kinds[point:] if kind in "0#"]
    scaling, grouping = _commas(kinds[:point])
    return _Section(
        tokens=tokens,
        whole_places=len(whole),
        least_whole=len(whole) - whole.index("0") if "0" in whole else 0,
        most_fraction=len(fraction),
        least_fraction=len(fraction) - fraction[::-1].index("0") if "0" in fraction else 0,
        groups=grouping,
        thousands=scaling,
        hundreds=2 * kinds.count("%") + 3 * kinds.count("‰"),
        exponent=next((token.text for token in tokens if token.kind == "E"), None),
    )


def _commas(kinds: list[str]) -> tuple[int, bool]:
    """Return how many commas scale by a thousand, and whether one between digits groups them."""
    places = [index for index, kind in enumerate(kinds) if kind in "0#"]
    if not places:
        return 0, False
    scaling = sum(kind == "," for kind in kinds[places[-1] :])
    return scaling, "," in kinds[places[0] : places[-1]]


def _digits_of(magnitude: Decimal, section: _Section, rounding: str) -> tuple[str, int]:
    """Return the digits to print, with a dot before the fraction, and the exponent."""
    scaled = magnitude.scaleb(section.hundreds - 3 * section.thousands, _CONTEXT)
    exponent = 0
    if section.exponent and scaled:
        exponent = scaled.adjusted() - max(section.whole_places - 1, 0)
        scaled = scaled.scaleb(-exponent, _CONTEXT)
    rounded = scaled.quantize(Decimal(1).scaleb(-section.most_fraction), rounding=rounding, context=_CONTEXT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0").rjust(section.least_whole, "0")
    fraction = fraction.rstrip("0").ljust(section.least_fraction, "0")
    return f"{whole}.{fraction}", exponent


def _fill(section: _Section, digits: str, exponent: int, culture: Culture) -> Iterator[str]:
    whole, _, fraction = digits.partition(".")
    waiting_whole = list(_whole_places(whole, section, culture))
    waiting_fraction = list(fraction)
    in_fraction = False
    for token in section.tokens:
        if token.kind in "0#":
            places = waiting_fraction if in_fraction else waiting_whole
            yield places.pop(0) if places else ""
        elif token.kind == "." and not in_fraction:
            in_fraction = True
            yield culture.decimal_separator if fraction else ""
        elif token.kind in "%‰":
            yield token.kind
        elif token.kind == "E":
            yield _exponent(token.text, exponent)
        elif token.kind == "text":
            yield token.text


def _whole_places(whole: str, section: _Section, culture: Culture) -> Iterator[str]:
    """Yield what each digit place prints: the first takes all digits that have no place of their own."""
    separator = culture.group_separator if section.groups else ""
    extra = max(len(whole) - section.whole_places, 0)
    missing = max(section.whole_places - len(whole), 0)
    pieces = [""] * missing
    for index, digit in enumerate(whole):
        after = len(whole) - index - 1
        pieces.append(digit + (separator if after and after % 3 == 0 else ""))
    if section.whole_places:
        pieces[missing : missing + extra + 1] = ["".join(pieces[missing : missing + extra + 1])]
    yield from pieces


def _exponent(form: str, exponent: int) -> str:
    zeros = form.count("0")
    sign = "-" if exponent < 0 else ("+" if "+" in form else "")
    return f"{form[0]}{sign}{abs(exponent):0{zeros}}"
