"""Where an answer sends a request next: to another address, or back for the result of long work.

Source: cloud-flows 3.8 (asynchronous pattern), 3.12 (``Retry-After``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from deskhand.cloudflows.http.errors import RequestRefused
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.responses import Response
from deskhand.outbound.urls import HttpUrl

POLL_INTERVAL = timedelta(seconds=20)
LONGEST_WAIT = timedelta(days=1)

_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_SECONDS = re.compile(r"\d{1,9}\Z")


@dataclass(frozen=True, slots=True)
class Poll:
    """The request that asks for the result of long work.

    Attributes:
        request: What is sent.
        wait: After how long.
    """

    request: Request
    wait: timedelta


def redirected(request: Request, response: Response) -> Request | None:
    """Return the request that follows a redirect; None if the answer is no redirect that is followed.

    As with .NET, encryption is never given up on the way: https does not lead to http.

    Raises:
        RequestRefused: The answer names an address that no request can go to.
    """
    if response.status not in _REDIRECTS or not request.follows_redirects:
        return None
    url = location_of(request, response)
    if url is None or (request.url.scheme, url.scheme) == ("https", "http"):
        return None
    becomes_get = request.method not in ("GET", "HEAD") and (
        response.status == 303 or (request.method == "POST" and response.status < 303)
    )
    return _moved(_as_get(request) if becomes_get else request, url)


def next_poll(request: Request, response: Response, now: datetime) -> Poll | None:
    """Return how to ask for the result of a request that was accepted; None if the answer is the result.

    Args:
        request: What was sent, itself perhaps a poll.
        response: Its answer.
        now: The present instant.

    Raises:
        RequestRefused: The answer names an address that no request can go to.
    """
    url = location_of(request, response) if response.status == 202 else None
    if url is None:
        return None
    wait = retry_after(response, now)
    return Poll(_moved(_as_get(request), url), POLL_INTERVAL if wait is None else wait)


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """Return how long an answer asks to wait, at most a day; None if it does not say.

    Args:
        response: An answer of any status.
        now: The present instant.
    """
    text = (response.header("Retry-After") or "").strip()
    if _SECONDS.match(text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), LONGEST_WAIT)


def poll_request(request: Request, address: str) -> Request:
    """Return the request that asks at an address for the result of one that was accepted.

    Raises:
        RequestRefused: No request can go there.
    """
    return _moved(_as_get(request), read_url(address, "Location"))


def location_of(request: Request, response: Response) -> HttpUrl | None:
    """Return the address that an answer names; None if it names none.

    Raises:
        RequestRefused: No request can go there.
    """
    location = response.header("Location")
    if not location:
        return None
    try:
        absolute = urljoin(str(request.url), location)
    except ValueError as error:
        raise RequestRefused("Location", f"is no address ({error})") from error
    return read_url(absolute, "Location")


def _as_get(request: Request) -> Request:
    bare = request.without("Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition")
    return replace(bare, method="GET", body=None)


def _moved(request: Request, url: HttpUrl) -> Request:
    """Return a request to another address; what identifies the sender stays with the server it was for."""
    if url.origin == request.url.origin:
        return replace(request, url=url)
    private = ("Authorization", "Cookie", *([request.key_header] if request.key_header else []))
    return replace(request.without(*private), url=url, certificate=None)
