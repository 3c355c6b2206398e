"""Unpacks bodies that were compressed for the way, within bounds."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 16
_MOST_CODINGS = 3
ACCEPTED = "gzip, deflate"


class Overfull(Exception):
    """A body has more bytes than one may have when it is unpacked."""


class Damaged(Exception):
    """A body is not packed the way its header says."""


def unpack(content: bytes, encoding: str | None, limit: int) -> tuple[bytes, bool]:
    """Return a body without its packing, and whether it had one that was taken off.

    A packing that we did not ask for stays as it is.

    Args:
        content: The body as it came.
        encoding: What its ``Content-Encoding`` says, if it has one.
        limit: How many bytes it may have.

    Raises:
        Overfull: It has more.
        Damaged: It ends too early or is something else.
    """
    codings = [one.strip().lower() for one in (encoding or "").split(",") if one.strip()]
    known = all(one in ("gzip", "x-gzip", "deflate") for one in codings)
    if not content or not codings or not known or len(codings) > _MOST_CODINGS:
        return content, False
    for coding in reversed(codings):
        content = _inflate_raw(content, limit) if coding == "deflate" else _gunzip(content, limit)
    return content, True


def _gunzip(content: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    while content.startswith(_GZIP):
        if len(parts) == _MOST_MEMBERS:
            raise Damaged(f"it consists of more than {_MOST_MEMBERS} packed pieces")
        part, content = _inflate(content, zlib.MAX_WBITS | 16, limit)
        limit -= len(part)
        parts.append(part)
    if not parts:
        raise Damaged("it is not packed as its header says")
    return b"".join(parts)


def _inflate_raw(content: bytes, limit: int) -> bytes:
    """Unpack ``deflate``, which some servers send without the wrapping that the standard asks for."""
    try:
        return _inflate(content, zlib.MAX_WBITS, limit)[0]
    except Damaged:
        return _inflate(content, -zlib.MAX_WBITS, limit)[0]


def _inflate(content: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    """Return what was packed, and what follows it."""
    unpacking = zlib.decompressobj(window)
    try:
        unpacked = unpacking.decompress(content, limit + 1)
    except zlib.error as error:
        raise Damaged(f"it is not packed as its header says ({error})") from error
    if len(unpacked) > limit:
        raise Overfull
    if not unpacking.eof:
        raise Damaged("it ends too early")
    return unpacked, unpacking.unused_data
