"""Reading request bodies, within bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from deskhand.core.errors import DeskhandError
from deskhand.webapi.refusals import BodyTooLarge, MalformedBody, UnsupportedMediaType

_UNDECLARED = frozenset({"", "application/x-www-form-urlencoded"})
_UNKEEPABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """Return a request's body.

    Args:
        receive: Where the body comes from.
        headers: Its length is told here, mostly.
        limit: The most bytes to take.

    Raises:
        BodyTooLarge: It is longer, or says that it will be.
        ClientDisconnect: The caller hung up before it was whole.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise BodyTooLarge(limit)
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def check_content_type(headers: Headers, body: bytes) -> None:
    """Refuse a body that is not declared as JSON; parameters after the type do not matter.

    The requests of the product documents declare nothing, and the command that sends them adds a
    form's type of its own accord (``curl --data``): a JSON object is taken under both.

    Raises:
        UnsupportedMediaType: It is declared as something else.
    """
    content_type = headers.get("content-type", "")
    bare = content_type.partition(";")[0].strip().lower()
    undeclared = bare in _UNDECLARED and body.lstrip().startswith(b"{")
    if body and bare != "application/json" and not undeclared:
        raise UnsupportedMediaType(content_type)


def parse_object(body: bytes, entity_set: str) -> Mapping[str, Any] | None:
    """Read a body as a JSON object; None when there is no body.

    Args:
        body: The bytes.
        entity_set: The set that the request addresses; the error names it.

    Raises:
        MalformedBody: It is no JSON object, or an object with one name twice.
    """
    if not body.strip():
        return None
    try:
        value = json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant)
        if _UNKEEPABLE.search(body):
            _check_texts(value)
    except RecursionError as error:
        raise MalformedBody(entity_set, "The body is nested too deeply.") from error
    except ValueError as error:
        raise MalformedBody(entity_set, f"The body is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise MalformedBody(entity_set, f"The body is {_kind(value)}; send an object: {{…}}.")
    return value


class Unreadable(Mapping[str, Any]):
    """A body that cannot be read, which shows only when somebody looks at it.

    By then the row is found and the caller's rights are checked: their errors come first
    (dataverse-api 7).
    """

    def __init__(self, error: DeskhandError) -> None:
        self._error = error

    def _refuse(self) -> NoReturn:
        raise self._error

    def __getitem__(self, key: str) -> Any:
        self._refuse()

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> int:
        self._refuse()


def _check_texts(value: Any) -> None:
    """Refuse what no database keeps: U+0000, and halves of surrogate pairs."""
    # Two backslashes are a backslash that somebody wrote, not the beginning of an escape.
    text = json.dumps(value, ensure_ascii=False).replace("\\\\", "")
    if "\\u0000" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("a text holds U+0000 or half a surrogate pair, which cannot be kept")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name ‘{twice}’ stands there twice")
    return content


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON value")


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
