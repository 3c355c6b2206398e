"""Content types: what a header's text says about a body. Source: cloud-flows 3.8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

JSON = "application/json; charset=utf-8"
PLAIN_TEXT = "text/plain; charset=utf-8"
FORM = "application/x-www-form-urlencoded"

_PARAMETER = re.compile(r';\s*([^\s;="]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*)')
_ESCAPE = re.compile(r"\\(.)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")

# Python knows further codecs, some of which take a time that grows with the square of a body's length, and it
# remembers every name that it was ever asked for.
_CHARSETS = re.compile(
    r"(?:us-)?ascii|utf-?8|utf-?(?:16|32)(?:le|be)?|latin-?1|iso-?8859-\d\d?|(?:windows-|cp)\d{3,4}|koi8-[ru]"
    r"|shift[_-]jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|gb2312|gbk|gb18030|big5"
)


@dataclass(frozen=True, slots=True)
class MediaType:
    """A content type, taken apart.

    Attributes:
        name: Such as ``text/plain``, in lower case.
        parameters: What follows, by name in lower case.
    """

    name: str
    parameters: Mapping[str, str]

    @property
    def is_json(self) -> bool:
        """Return whether a body of this type is JSON."""
        return self.name == "application/json" or self.name.endswith("+json")

    @property
    def is_text(self) -> bool:
        """Return whether a body of this type is plain text."""
        return self.name.startswith("text/")

    @property
    def is_multipart(self) -> bool:
        """Return whether a body of this type consists of parts."""
        return self.name.startswith("multipart/")

    @property
    def charset(self) -> str:
        """Return the codec of the letters: the one that is named if it is known, else UTF-8."""
        name = self.parameters.get("charset", "").lower()
        try:
            return codecs.lookup(name).name if _CHARSETS.fullmatch(name) else "utf-8"
        except LookupError:
            return "utf-8"

    def with_parameter(self, name: str, value: str) -> MediaType:
        """Return the type with one parameter set."""
        return MediaType(self.name, {**self.parameters, name: value})

    def __str__(self) -> str:
        return self.name + "".join(f"; {name}={_quoted(value)}" for name, value in self.parameters.items())


def parse_media_type(text: str) -> MediaType:
    """Take a content type apart; what cannot be read as a parameter is passed over."""
    name = text.partition(";")[0].strip().lower()
    found = {match[1].lower(): _unquoted(match[2]) for match in _PARAMETER.finditer(text)}
    return MediaType(name, found)


def _unquoted(text: str) -> str:
    text = text.strip()
    return _ESCAPE.sub(r"\1", text[1:-1]) if text.startswith('"') else text


def _quoted(text: str) -> str:
    if _TOKEN.match(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
