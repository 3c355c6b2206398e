"""Answers, and the outputs that an action makes of them. Source: cloud-flows 3.8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from deskhand.cloudflows.http.bodies import body_member
from deskhand.cloudflows.http.headers import find_header, header_value
from deskhand.wdl.values import Value

_FOLD = re.compile(r"[\r\n]+[ \t]*")

# Where .NET, whose names the service shows, has another word than Python.
_NAMES = {
    200: "OK",
    226: "IMUsed",
    413: "RequestEntityTooLarge",
    414: "RequestUriTooLong",
    416: "RequestedRangeNotSatisfiable",
    422: "UnprocessableEntity",
}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer.

    Attributes:
        status: Its status.
        headers: Its headers, each name once as it is spelled first.
        body: Its body, unpacked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the value of a header, however it is spelled; None if it is not there."""
        return header_value(self.headers, name)

    def outputs(self) -> dict[str, Value]:
        """Return the outputs of the action that was answered: ``statusCode``, ``headers`` and ``body``.

        Raises:
            BodyRefused: The body has more parts or fields than may be.
        """
        body = body_member(self.body, self.header("Content-Type"))
        return {"statusCode": self.status, "headers": dict(self.headers), **body}


def joined_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers as the service shows them: one that occurs several times has all values in one text."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        known = find_header(joined, name)
        text = _FOLD.sub(" ", value).strip()
        joined[known or name] = f"{joined[known]},{text}" if known else text
    return joined


def status_name(status: int) -> str:
    """Return the code of an action that was answered with a status: ``OK``, ``NotFound``, ``BadGateway``."""
    if status in _NAMES:
        return _NAMES[status]
    try:
        return "".join(word.capitalize() for word in HTTPStatus(status).name.split("_"))
    except ValueError:
        return str(status)
