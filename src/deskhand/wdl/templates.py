"""Strings as they stand in a definition → templates. Source: cloud-flows 5.1."""

from __future__ import annotations

from collections.abc import Iterator

from deskhand.wdl import nodes
from deskhand.wdl.errors import ExpressionMalformed
from deskhand.wdl.lexer import find_segment_end
from deskhand.wdl.limits import DEFAULT_LIMITS, Limits
from deskhand.wdl.parser import parse_expression


def parse_template(text: str, limits: Limits = DEFAULT_LIMITS) -> nodes.Template:
    """Read one string of a definition.

    Returns:
        A literal, one whole expression, or text with interpolated expressions.

    Raises:
        ExpressionError: An expression in it cannot be read.
    """
    if "@" not in text or text == "@":
        return text
    if text.startswith("@@"):
        return text[1:]  # one @ escapes the whole string; nothing else in it is interpreted
    if text.startswith("@") and not text.startswith("@{"):
        return nodes.Whole(parse_expression(text[1:], limits))
    return _interpolated(text, limits)


def _interpolated(text: str, limits: Limits) -> nodes.Template:
    parts = tuple(_merged(_parts(text, limits)))
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    return nodes.Interpolated(parts)


def _parts(text: str, limits: Limits) -> Iterator[str | nodes.Parsed]:
    place = 0
    while (begin := text.find("@{", place)) >= 0:
        if begin > place and text[begin - 1] == "@":
            yield text[place : begin - 1] + "@{"
            place = begin + 2
            continue
        end = find_segment_end(text, begin + 2)
        if end is None:
            problem = f"the string interpolation segment starting at position '{begin}' is not terminated"
            raise ExpressionMalformed(text, problem)
        yield text[place:begin]
        yield parse_expression(text[begin + 2 : end], limits)
        place = end + 1
    yield text[place:]


def _merged(parts: Iterator[str | nodes.Parsed]) -> Iterator[str | nodes.Parsed]:
    """Join neighbouring texts and leave out empty ones."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text
