"""Reading request bodies."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from deskhand.webapi.bodies import check_content_type, parse_object, read_body
from deskhand.webapi.refusals import BodyTooLarge, MalformedBody, UnsupportedMediaType

PREFIX = (
    "Error identified in Payload provided by the user for Entity :'workflows', For more information on this "
    "error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  "
    "InnerException : "
)


def _read(messages: Iterable[dict[str, Any]], headers: dict[str, str], limit: int) -> bytes:
    remaining = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(remaining)

    return asyncio.run(read_body(receive, Headers(headers), limit))


def _chunk(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_chunks_are_put_together() -> None:
    assert _read([_chunk(b"ab", True), _chunk(b""), _chunk(b"never")], {}, 10) == b"ab"


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert _read([_chunk(b"abc")], {"content-length": "3"}, 3) == b"abc"


@pytest.mark.parametrize(
    ("messages", "headers"),
    [([], {"content-length": "4"}), ([_chunk(b"ab", True), _chunk(b"cd", True)], {})],
)
def test_a_body_over_the_limit_is_refused_before_it_is_whole(
    messages: list[dict[str, Any]], headers: dict[str, str]
) -> None:
    with pytest.raises(BodyTooLarge, match="The body is larger than the 3 bytes"):
        _read(messages, headers, 3)


def test_a_caller_who_hangs_up_is_noticed() -> None:
    with pytest.raises(ClientDisconnect):
        _read([_chunk(b"ab", True), {"type": "http.disconnect"}], {}, 10)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("application/json; charset=utf-8", b"{}"),
        ("Application/JSON;type=entry", b"{}"),
        ("application/json; odata.metadata=minimal", b"{"),
        ("text/plain", b""),
        ("", b""),
        ("", b'{"a":1}'),
        ("application/x-www-form-urlencoded", b' {"a":1}'),
    ],
)
def test_json_is_taken(content_type: str, body: bytes) -> None:
    check_content_type(Headers({"content-type": content_type}), body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"{}"),
        ("application/xml", b"{}"),
        ("application/x-www-form-urlencoded", b"a=b"),
        ("", b"[]"),
    ],
)
def test_anything_else_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        check_content_type(Headers({"content-type": content_type}), body)

    assert str(caught.value) == f"The body is declared as ‘{content_type}’. Send it as application/json."


@pytest.mark.parametrize(
    ("body", "value"), [(b"", None), (b" \r\n", None), (b"{}", {}), (b'{"a":[1]}', {"a": [1]})]
)
def test_an_object_is_read(body: bytes, value: object) -> None:
    assert parse_object(body, "workflows") == value


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"[]", "The body is a list; send an object: {…}."),
        (b"null", "The body is null; send an object: {…}."),
        (b"1", "The body is a number; send an object: {…}."),
        (b'"{}"', "The body is a text; send an object: {…}."),
        (b'{"a":1,"a":2}', "The body is not JSON: the name ‘a’ stands there twice."),
        (b'{"a":NaN}', "The body is not JSON: NaN is no JSON value."),
        (b'{"a":', "The body is not JSON: Expecting value: line 1 column 6 (char 5)."),
        (
            b'{"a":"\\u0000"}',
            "The body is not JSON: a text holds U+0000 or half a surrogate pair, which cannot be kept.",
        ),
        (
            b'{"a":"\\uD800"}',
            "The body is not JSON: a text holds U+0000 or half a surrogate pair, which cannot be kept.",
        ),
        (b'{"a":' + b"[" * 100_000, "The body is nested too deeply."),
    ],
)
def test_anything_else_is_refused_with_its_place(body: bytes, what: str) -> None:
    with pytest.raises(MalformedBody) as caught:
        parse_object(body, "workflows")

    assert str(caught.value) == PREFIX + what


def test_letters_outside_the_first_plane_are_letters() -> None:
    assert parse_object(b'{"a":"\\ud83d\\ude00"}', "workflows") == {"a": "😀"}


def test_an_escape_within_a_text_is_the_texts_own() -> None:
    assert parse_object(rb'{"a":"{\"b\":\"\\u0000\"}"}', "workflows") == {"a": '{"b":"\\u0000"}'}


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(MalformedBody, match="The body is not JSON"):
        parse_object(b'{"a":"\xff"}', "workflows")
