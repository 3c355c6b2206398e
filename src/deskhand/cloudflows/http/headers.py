"""Headers of requests: which a flow may set, and what may stand in them. Source: cloud-flows 3.8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote_from_bytes

from deskhand.cloudflows.http.errors import RequestRefused
from deskhand.wdl.values import Value, to_text, utf8

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_MOST_CHARACTERS = 65_536
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))) + " "

# The first are the service's own list; those after it belong to the connection, which is ours.
_NOT_TAKEN = frozenset(
    {
        "allow", "cookie", "expires", "host", "last-modified", "origin", "set-cookie", "transfer-encoding",
        "connection", "expect", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
        "upgrade",
    }
)  # fmt: skip
_TAKEN = frozenset(
    {"accept-version", "content-disposition", "content-encoding", "content-language", "content-type"}
)


def is_taken(name: str) -> bool:
    """Return whether a flow's own header is sent; the others are left out without a word."""
    name = name.lower()
    if name in _TAKEN:
        return True
    return name not in _NOT_TAKEN and not name.startswith(("accept-", "content-"))


def checked_headers(headers: Value, member: str) -> dict[str, str]:
    """Return headers as text, each once; null values are left out.

    Args:
        headers: An object, or null for none.
        member: Where it stands, for the error.

    Raises:
        RequestRefused: They are no object, or one could be taken for several.
    """
    if headers is None:
        return {}
    if not isinstance(headers, dict):
        raise RequestRefused(member, "is no object of header names and values")
    checked: dict[str, str] = {}
    for name, value in headers.items():
        if value is not None:
            known = find_header(checked, name)
            checked[known or name] = checked_header(name, to_text(value), member)
    if sum(len(name) + len(value) for name, value in checked.items()) > _MOST_CHARACTERS:
        raise RequestRefused(member, f"has more than {_MOST_CHARACTERS} characters")
    return checked


def checked_header(name: str, value: str, member: str) -> str:
    """Return the value of a header that can be sent as it is.

    Raises:
        RequestRefused: Name or value hold what would end them.
    """
    if not TOKEN.match(name):
        raise RequestRefused(member, f"holds ‘{name[:60]!r}’, which is no name of a header")
    value = value.strip(" \t")
    if _CONTROL.search(value):
        raise RequestRefused(member, f"holds a line break or control character in header ‘{name}’")
    if not value.isascii():
        raise RequestRefused(member, f"holds a character outside ASCII in header ‘{name}’")
    return value


def escaped(value: str) -> str:
    """Return a text of our own as a header can hold it: what is no printable ASCII is percent-encoded."""
    return quote_from_bytes(utf8(value), safe=_PRINTABLE.replace("%", ""))


def find_header(names: Iterable[str], name: str) -> str | None:
    """Return how a header is spelled among names; None if it is not there."""
    name = name.lower()
    return next((one for one in names if one.lower() == name), None)


def header_value(headers: Mapping[str, str], name: str) -> str | None:
    """Return the value of a header, however it is spelled; None if it is not there."""
    known = find_header(headers, name)
    return None if known is None else headers[known]
