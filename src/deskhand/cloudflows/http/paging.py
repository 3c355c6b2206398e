"""Lists that come in pages: the next one is where the last one says. Source: cloud-flows 3.12."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskhand.cloudflows.http.continuation import poll_request
from deskhand.cloudflows.http.errors import ResponseTooLarge
from deskhand.cloudflows.http.json_bodies import parse_json
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.wdl.json_text import JsonUnreadable
from deskhand.wdl.values import Value, write_json

MOST_ITEMS = 100_000
_MOST_PAGES = 2_000
_LINKS = ("@odata.nextLink", "nextLink")


def page_link(body: Value) -> str | None:
    """Return where the next page of a list is; None for the last one, and for what is no list."""
    if not _is_list(body):
        return None
    return next((link for name in _LINKS if isinstance(link := body.get(name), str) and link), None)


def gather(
    send: Callable[[Request], Response], request: Request, response: Response, least: int, most_bytes: int
) -> Response:
    """Return an answer with the items of further pages, until there are as many as asked for.

    Args:
        send: Sends a request.
        request: What was sent for the first page.
        response: The first page.
        least: How many items are wanted, at most :data:`MOST_ITEMS`.
        most_bytes: How many bytes all pages may have together.

    Raises:
        HttpError: A page did not come, or all of them are too large.
    """
    content = _content(response)
    if page_link(content) is None:
        return response
    items, size, last = list(content["value"]), len(response.body), content
    for _ in range(_MOST_PAGES):
        link = page_link(last)
        if link is None or len(items) >= min(least, MOST_ITEMS):
            break
        response = send(poll_request(request, link))
        size += len(response.body)
        if response.status >= 300:
            return response
        if size > most_bytes:
            raise ResponseTooLarge(request.url.host, most_bytes)
        last = _content(response)
        items += last["value"] if _is_list(last) else []
    rest = {name: value for name, value in content.items() if name not in _LINKS}
    return Response(response.status, response.headers, write_json({**rest, "value": items}).encode())


def _content(response: Response) -> Any:
    try:
        return parse_json(response.body.decode("utf-8", "replace"))
    except JsonUnreadable:
        return None


def _is_list(body: Value) -> bool:
    return isinstance(body, Mapping) and isinstance(body.get("value"), list)
