"""Where an answer sends a request next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskhand.cloudflows.http.certificates import ClientCertificate
from deskhand.cloudflows.http.continuation import Poll, next_poll, redirected, retry_after
from deskhand.cloudflows.http.errors import RequestRefused
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.responses import Response

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADERS = {"Authorization": "Basic x", "Cookie": "c=1", "Content-Type": "a/b", "x-ms-tracking-id": "t"}
CERTIFICATE = ClientCertificate(b"pfx", "")
SENT = Request("POST", read_url("https://api.example/v1/a?x=1", "uri"), HEADERS, b"body", CERTIFICATE)


def answer(status: int, **headers: str) -> Response:
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


def request(method: str, url: str, *names: str, body: bytes | None = None, **changes: Any) -> Request:
    return Request(method, read_url(url, "uri"), {name: HEADERS[name] for name in names}, body, **changes)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_posted_request_is_followed_by_a_get(status: int) -> None:
    assert redirected(SENT, answer(status, location="../b")) == request(
        "GET", "https://api.example/b", "Authorization", "Cookie", "x-ms-tracking-id", certificate=CERTIFICATE
    )


@pytest.mark.parametrize("status", [307, 308])
def test_other_redirects_repeat_the_request(status: int) -> None:
    assert redirected(SENT, answer(status, Location="/b")) == request(
        "POST", "https://api.example/b", *HEADERS, body=b"body", certificate=CERTIFICATE
    )


@pytest.mark.parametrize(
    ("method", "status", "becomes"),
    [
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("HEAD", 303, "HEAD"),
        ("GET", 301, "GET"),
        ("DELETE", 301, "DELETE"),
    ],
)
def test_which_methods_become_get(method: str, status: int, becomes: str) -> None:
    followed = redirected(request(method, "https://api.example/"), answer(status, Location="/b"))
    assert followed == request(becomes, "https://api.example/b")


@pytest.mark.parametrize(
    "location",
    [
        "https://other.example/b",
        "https://api.example:8443/b",
        "//other.example/b",
        "https://api.example.evil/b",
    ],
)
def test_what_identifies_the_sender_does_not_go_to_another_server(location: str) -> None:
    followed = redirected(SENT, answer(307, Location=location))
    assert followed is not None
    assert dict(followed.headers) == {"Content-Type": "a/b", "x-ms-tracking-id": "t"}
    assert followed.certificate is None


@pytest.mark.parametrize(
    "response",
    [
        answer(302),
        answer(304, Location="/b"),
        answer(200, Location="/b"),
        answer(301, Location="http://api.example/"),
    ],
)
def test_answers_that_are_not_followed(response: Response) -> None:
    assert redirected(SENT, response) is None


def test_a_request_that_does_not_follow_redirects_is_not_redirected() -> None:
    stays = request("GET", "https://api.example/", follows_redirects=False)
    assert redirected(stays, answer(302, Location="/b")) is None


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "https://u@x/", "gopher://x/", "https://[::1", "/a\x00"]
)
def test_addresses_that_no_request_can_go_to_are_refused(location: str) -> None:
    with pytest.raises(RequestRefused, match="‘Location’"):
        redirected(SENT, answer(302, Location=location))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("999999999", 86_400),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 01 Mar 2026 13:00:30 +0100", 30),
        ("Sun, 01 Mar 2026 12:01:00 -0000", 60),
        ("Tue, 01 Mar 2050 12:01:00 GMT", 86_400),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int) -> None:
    assert retry_after(answer(503, Retry_After=text), NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "9999999999",
        "Sun, 99 Mar 2026 12:01:00 GMT",
        "Sun, 01 Mar 2026 12:01:00 +99999999999",
    ],
)
def test_a_retry_after_that_says_nothing_is_none(text: str) -> None:
    assert retry_after(answer(503, Retry_After=text), NOW) is None


def test_an_accepted_request_is_asked_for_its_result() -> None:
    poll = next_poll(SENT, answer(202, location="/v1/jobs/1", retry_after="5"), NOW)
    asking = request(
        "GET",
        "https://api.example/v1/jobs/1",
        "Authorization",
        "Cookie",
        "x-ms-tracking-id",
        certificate=CERTIFICATE,
    )
    assert poll == Poll(asking, timedelta(seconds=5))
    assert next_poll(asking, answer(202, location="2"), NOW) == Poll(
        request(
            "GET",
            "https://api.example/v1/jobs/2",
            "Authorization",
            "Cookie",
            "x-ms-tracking-id",
            certificate=CERTIFICATE,
        ),
        timedelta(seconds=20),
    )


def test_the_result_s_address_on_another_server_is_asked_without_authorization() -> None:
    poll = next_poll(SENT, answer(202, Location="https://jobs.example/1"), NOW)
    assert poll == Poll(request("GET", "https://jobs.example/1", "x-ms-tracking-id"), timedelta(seconds=20))


@pytest.mark.parametrize("response", [answer(202), answer(200, Location="/x"), answer(404, Location="/x")])
def test_every_other_answer_is_the_result(response: Response) -> None:
    assert next_poll(SENT, response, NOW) is None
