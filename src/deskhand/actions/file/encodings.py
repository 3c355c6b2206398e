"""How letters become bytes under each encoding that the File actions offer, as .NET has them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

_UTF_8 = ("utf-8", codecs.BOM_UTF8)
_UTF_16 = ("utf-16-le", codecs.BOM_UTF16_LE)
_UTF_16_BIG = ("utf-16-be", codecs.BOM_UTF16_BE)

_ENCODINGS: Mapping[str, tuple[str, bytes]] = {
    # What a Linux machine means by its default; it writes no mark.
    "DefaultEncoding": ("utf-8", b""),
    "SystemDefault": ("utf-8", b""),
    "UTF8": _UTF_8,
    "Unicode": _UTF_16,
    "BigEndianUnicode": _UTF_16_BIG,
    "UTF8NoBOM": ("utf-8", b""),
    "UnicodeNoBOM": ("utf-16-le", b""),
    "ANSI": ("cp1252", b""),
    "ASCII": ("ascii", b""),
}

# The longer mark of UTF-32 begins with that of UTF-16 and must be tried first.
_MARKS = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    _UTF_8,
    _UTF_16,
    _UTF_16_BIG,
)


def decode(content: bytes, encoding: str) -> str:
    """Return the text of a file; a byte order mark at its beginning overrules the named encoding.

    Bytes that stand for no letter become U+FFFD, as in the original.
    """
    for codec, mark in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace")
    return content.decode(_ENCODINGS[encoding][0], "replace")


def encode(text: str, encoding: str) -> bytes:
    """Return a text's bytes without a mark; letters that the encoding lacks become ``?``."""
    return text.encode(_ENCODINGS[encoding][0], "replace")


def byte_order_mark(encoding: str) -> bytes:
    """Return what a new file in an encoding begins with."""
    return _ENCODINGS[encoding][1]
