"""An action's inputs → a request that can be sent as it is."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.cloudflows.http.errors import HttpError, RequestRefused
from deskhand.cloudflows.http.requests import Request, read_request
from deskhand.outbound.urls import HttpUrl

CALL = {"method": "GET", "uri": "https://api.example/x"}


def test_inputs_become_a_request() -> None:
    inputs = {
        "Method": "post",
        "URI": "https://API.example:8443/a b?x=1#part",
        "headers": {"A": "b", "n": 5, "gone": None, "Accept": "text/plain"},
        "queries": {"q": "ü &", "n": 1.5, "gone": None, "list": [1]},
        "body": {"k": 1},
        "cookie": "c=1",
        "authentication": {"type": "Basic"},
    }
    assert read_request(inputs, {"x-ms-workflow-name": "Überflug 1%", "a": "ours"}) == Request(
        "POST",
        HttpUrl("https", "api.example", 8443, "/a%20b?x=1&q=%C3%BC%20%26&n=1.5&list=%5B1%5D"),
        {
            "n": "5",
            "Accept": "text/plain",
            "Cookie": "c=1",
            "Content-Type": "application/json; charset=utf-8",
            "x-ms-workflow-name": "%C3%9Cberflug 1%25",
            "a": "ours",
        },
        b'{"k":1}',
    )


def test_a_repr_gives_no_secret_away() -> None:
    request = read_request({**CALL, "headers": {"Authorization": "s3cret"}, "body": "s3cret"}, {})
    assert "s3cret" not in repr(request)


def test_headers_that_are_not_the_flow_s_are_left_out() -> None:
    dropped = [
        "Accept-Encoding", "accept-language", "Allow", "Content-Length", "Content-MD5", "Cookie", "Expires",
        "HOST", "Last-Modified", "Origin", "Set-Cookie", "Transfer-Encoding", "Connection", "Upgrade",
    ]  # fmt: skip
    kept = {
        "Accept-Version": "1",
        "Content-Type": "a/b",
        "content-encoding": "gzip",
        "Content-Language": "de",
        "Content-Disposition": "inline",
        "If-Match": "*",
        "Authorization": "Basic x",
    }
    assert read_request({**CALL, "headers": dict.fromkeys(dropped, "x") | kept}, {}).headers == kept


def test_a_content_type_of_the_flow_s_own_is_the_one_that_is_sent() -> None:
    request = read_request({**CALL, "headers": {"content-TYPE": "text/csv"}, "body": "a;b"}, {})
    assert (request.headers, request.body) == ({"content-TYPE": "text/csv"}, b"a;b")


def test_of_equal_names_the_last_value_is_sent() -> None:
    assert read_request({**CALL, "headers": {"A": "1", "a": "2"}}, {}).headers == {"A": "2"}


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("http://example.org", "http://example.org/"),
        (" https://example.org/x ", "https://example.org/x"),
        ("HTTPS://EXAMPLE.org./X", "https://example.org/X"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
        ("https://bücher.example/ü?ü=ü", "https://xn--bcher-kva.example/%C3%BC?%C3%BC=%C3%BC"),
        ("https://example.org/a%20b%", "https://example.org/a%20b%"),
        (
            "https://example.org/f('x')/$value?$filter=a eq 'b'",
            "https://example.org/f('x')/$value?$filter=a%20eq%20'b'",
        ),
        ("https://example.org/p?path=C:\\t", "https://example.org/p?path=C:%5Ct"),
        ("https://example.org/\ud83d", "https://example.org/%EF%BF%BD"),
        ("https://[::1]:8443/", "https://[::1]:8443/"),
        ("http://10.0.0.5/", "http://10.0.0.5/"),
        ("http://2130706433/", "http://2130706433/"),
        ("https://127。0。0。1/", "https://127.0.0.1/"),
    ],
)
def test_an_address_is_written_as_the_wire_wants_it(uri: str, url: str) -> None:
    assert str(read_request({**CALL, "uri": uri}, {}).url) == url


@pytest.mark.parametrize(
    ("change", "member", "problem"),
    [
        ({"method": None}, "method", "is missing"),
        ({"method": "GE T"}, "method", "is no method of HTTP, such as GET or POST"),
        ({"method": "GET / HTTP/1.1\r\nX: y\r\n\r\n"}, "method", "is no method of HTTP, such as GET or POST"),
        ({"method": 5}, "method", "is no method of HTTP, such as GET or POST"),
        ({"method": "M" * 33}, "method", "is no method of HTTP, such as GET or POST"),
        ({"method": "connect"}, "method", "is CONNECT, which would open a tunnel"),
        ({"uri": None}, "uri", "is missing"),
        ({"uri": " "}, "uri", "is no text, or an empty one"),
        ({"uri": 5}, "uri", "is no text, or an empty one"),
        ({"uri": "/x"}, "uri", "is no absolute http or https address: ‘/x’"),
        ({"uri": "ftp://x/"}, "uri", "is no absolute http or https address: ‘ftp://x/’"),
        ({"uri": "file:///etc/passwd"}, "uri", "is no absolute http or https address: ‘file:///etc/passwd’"),
        ({"uri": "https://a.example/\r\nX: y"}, "uri", "holds a line break or control character"),
        ({"uri": "https://a.exa\tmple/"}, "uri", "holds a line break or control character"),
        ({"uri": "https://u:p@a.example/"}, "uri", "holds a user name"),
        ({"uri": "https://a.example\\@b.example/"}, "uri", "holds a user name"),
        ({"uri": "https://a.example\\b/"}, "uri", "names ‘a.example\\b’, which is no host"),
        ({"uri": "https://a b/"}, "uri", "names ‘a b’, which is no host"),
        ({"uri": "https:///x"}, "uri", "names no host"),
        ({"uri": "https://a.example:0/"}, "uri", "names port 0"),
        (
            {"uri": "https://a.example:x/"},
            "uri",
            "is not a URL (Port could not be cast to integer value as 'x')",
        ),
        ({"uri": "https://[::1/"}, "uri", "is not a URL (Invalid IPv6 URL)"),
        ({"uri": "https://a.example/" + "x" * 16_400}, "uri", "has 16418 characters; 16384 are allowed"),
        ({"queries": {"q": "x" * 16_400}}, "uri", "has 16424 characters; 16384 are allowed"),
        ({"queries": "q=1"}, "queries", "is no object of names and values"),
        ({"headers": "A: b"}, "headers", "is no object of header names and values"),
        (
            {"headers": {"A": "b\r\nC: d"}},
            "headers",
            "holds a line break or control character in header ‘A’",
        ),
        ({"headers": {"A": "b\x00"}}, "headers", "holds a line break or control character in header ‘A’"),
        ({"headers": {"A": "ü"}}, "headers", "holds a character outside ASCII in header ‘A’"),
        ({"headers": {"A:": "b"}}, "headers", "holds ‘'A:'’, which is no name of a header"),
        ({"headers": {"": "b"}}, "headers", "holds ‘''’, which is no name of a header"),
        ({"headers": {"A": "b" * 70_000}}, "headers", "has more than 65536 characters"),
        ({"cookie": "a=b\nX: y"}, "cookie", "holds a line break or control character in header ‘Cookie’"),
        ({"cookie": {"a": "b"}}, "cookie", "is no text"),
    ],
)
def test_what_could_be_taken_for_something_else_is_refused(
    change: dict[str, Any], member: str, problem: str
) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_request({**CALL, **change}, {})
    assert (refused.value.member, refused.value.problem) == (member, problem)


def test_inputs_must_be_an_object() -> None:
    with pytest.raises(RequestRefused, match="‘inputs’ is no object"):
        read_request("GET", {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = ("method", "uri", "headers", "queries", "body", "cookie")


@given(st.sampled_from(MEMBERS), json_values)
def test_whatever_stands_in_inputs_is_sent_or_refused(member: str, value: Any) -> None:
    with suppress(HttpError):
        read_request({**CALL, member: value}, {})


@given(st.text())
def test_whatever_stands_in_an_address_stays_on_its_line(text: str) -> None:
    with suppress(HttpError):
        request = read_request({**CALL, "uri": f"https://api.example/{text}", "queries": {text: text}}, {})
        assert re.fullmatch("[!-~]+", str(request.url))
        assert request.url.host == "api.example"
