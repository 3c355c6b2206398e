"""Under which address a request came."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.datastructures import Headers

from deskhand.webapi.addresses import base_url
from deskhand.webapi.refusals import BadHost
from deskhand.webapi.services import Services


def _base_url(headers: dict[str, str], public_url: str | None = None, behind_proxy: bool = False) -> str:
    services: Any = SimpleNamespace(public_url=public_url, behind_proxy=behind_proxy)
    return base_url({"scheme": "http"}, Headers(headers), cast(Services, services))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8430", "http://127.0.0.1:8430"),
        ("RPA.Example.Org", "http://rpa.example.org"),
        ("[::1]:8430", "http://[::1]:8430"),
        ("my_host-1", "http://my_host-1"),
    ],
)
def test_the_address_is_the_requests_own(host: str, expected: str) -> None:
    assert _base_url({"host": host}) == expected


@pytest.mark.parametrize(
    "host", ["", " ", "a/b", "a?b", "a#b", "a@b", "a b", "a\nb", "[::1", "a:port", "a:123456", "é", "x" * 254]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(BadHost):
        _base_url({"host": host})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-forwarded-proto": "https"}, "https://inner:8430"),
        ({"x-forwarded-host": "rpa.example.org"}, "http://rpa.example.org"),
        (
            {"x-forwarded-proto": "https, http", "x-forwarded-host": "rpa.example.org, inner"},
            "https://rpa.example.org",
        ),
        ({}, "http://inner:8430"),
    ],
)
def test_a_proxys_headers_count_behind_a_proxy_only(headers: dict[str, str], expected: str) -> None:
    sent = {"host": "inner:8430", **headers}

    assert _base_url(sent, behind_proxy=True) == expected
    assert _base_url(sent) == "http://inner:8430"


@pytest.mark.parametrize("scheme", ["ftp", "javascript", "https://x"])
def test_a_forwarded_scheme_that_is_none_is_refused(scheme: str) -> None:
    with pytest.raises(BadHost):
        _base_url({"host": "inner", "x-forwarded-proto": scheme}, behind_proxy=True)


def test_a_configured_address_wins() -> None:
    assert _base_url({"host": "other"}, "https://rpa.example.org/") == "https://rpa.example.org"
