"""Messages of several parts: bytes ↔ parts. Source: cloud-flows 3.8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deskhand.cloudflows.http.errors import BodyRefused

MOST_PARTS = 1_000
_MOST_HEAD_BYTES = 16_384
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(r"\r?\n(?![ \t])")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message.

    Attributes:
        headers: Its headers, as they are spelled.
        content: Its bytes.
    """

    headers: Mapping[str, str]
    content: bytes


def split_parts(content: bytes, boundary: str) -> list[Part]:
    """Return the parts of a message; a missing last boundary is forgiven.

    Raises:
        BodyRefused: There are more parts than may be.
    """
    separator = re.compile(
        rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    )
    parts: list[Part] = []
    start = None
    for match in separator.finditer(content):
        if start is not None:
            parts.append(_part(content[start : match.start()]))
        if len(parts) > MOST_PARTS:
            raise BodyRefused(f"has more than {MOST_PARTS} parts")
        if match[1]:
            return parts
        start = match.end()
    return parts if start is None else [*parts, _part(content[start:])]


def _part(text: bytes) -> Part:
    """Read a part that begins with the end of the boundary's line."""
    end = _HEAD_END.search(text, 0, _MOST_HEAD_BYTES)
    if end is None:
        return Part({}, text.lstrip(b"\r\n"))
    return Part(_headers(text[: end.start()].decode("utf-8", "replace")), text[end.end() :])


def _headers(head: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in _LINE_END.split(head):
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip()] = " ".join(value.split())
    return headers


def join_parts(parts: Iterable[Part], boundary: str) -> bytes:
    """Return parts as one message. The boundary must occur in none of them."""
    pieces: list[bytes] = []
    for part in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in part.headers.items())
        pieces += [f"--{boundary}\r\n{head}\r\n".encode(), part.content, b"\r\n"]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()])
