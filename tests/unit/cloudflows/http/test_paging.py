"""Lists that come in pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deskhand.cloudflows.http.errors import ResponseTooLarge
from deskhand.cloudflows.http.paging import gather, page_link
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.responses import Response

REQUEST = Request(
    "POST",
    read_url("https://a.example/list", "uri"),
    {"X-Key": "k3y", "Content-Type": "application/json", "A": "b"},
    b"{}",
    key_header="X-Key",
)


class Pages:
    """Answers with one page after the other, and remembers what was asked."""

    def __init__(self, *pages: Any) -> None:
        self.answers = [Response(200, {}, json.dumps(one).encode()) for one in pages]
        self.asked: list[Request] = []

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def gather(self, least: int, most_bytes: int = 1_000_000) -> Any:
        first = self.answers.pop(0)
        return json.loads(gather(self.send, REQUEST, first, least, most_bytes).body)


def page(*items: int, link: str | None = "/list?page=2") -> dict[str, Any]:
    return {"value": list(items), **({"nextLink": f"https://a.example{link}"} if link else {}), "odata": 1}


@pytest.mark.parametrize(
    "body", [None, [], {"value": 1, "nextLink": "x"}, {"value": []}, {"value": [], "nextLink": ""}]
)
def test_what_has_no_next_page_is_the_last(body: Any) -> None:
    assert page_link(body) is None


def test_pages_follow_until_there_are_enough_items() -> None:
    pages = Pages(page(1, 2), page(3, 4), page(5, link=None))
    assert pages.gather(3) == {"value": [1, 2, 3, 4], "odata": 1}
    (asked,) = pages.asked
    assert (asked.method, asked.url.target, asked.body) == ("GET", "/list?page=2", None)
    assert dict(asked.headers) == {"X-Key": "k3y", "A": "b"}


def test_a_key_goes_to_no_other_server() -> None:
    first = Response(200, {}, json.dumps({"value": [], "nextLink": "https://b.example/"}).encode())
    pages = Pages(page(1, link=None))
    gather(pages.send, REQUEST, first, 5, 1_000)
    assert [(str(one.url), one.header("X-Key")) for one in pages.asked] == [("https://b.example/", None)]


def test_a_page_that_fails_is_the_answer() -> None:
    pages = Pages(page(1))
    refused = Response(500, {}, b"")
    assert gather(lambda _: refused, REQUEST, pages.answers[0], 5, 1_000) is refused


def test_pages_that_lead_to_themselves_and_bring_nothing_end() -> None:
    pages = Pages(page(1), page())
    assert pages.gather(5)["value"] == [1]


def test_pages_have_one_bound_together() -> None:
    with pytest.raises(ResponseTooLarge):
        Pages(page(1), page(2)).gather(100_000, most_bytes=2_000)
