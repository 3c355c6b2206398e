"""Bodies: values ↔ bytes with a content type."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.cloudflows.http.bodies import Body, body_member, decode_body, encode_body
from deskhand.cloudflows.http.errors import BodyRefused, HttpError
from deskhand.cloudflows.http.media_types import parse_media_type


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def envelope(content: bytes, content_type: str) -> dict[str, Any]:
    return {"$content-type": content_type, "$content": base64_of(content)}


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (None, None),
        ("grüß", Body("grüß".encode(), "text/plain; charset=utf-8")),
        ("", Body(b"", "text/plain; charset=utf-8")),
        ({"k": 1, "n": None}, Body(b'{"k":1,"n":null}', "application/json; charset=utf-8")),
        ([1, 2.0], Body(b"[1,2.0]", "application/json; charset=utf-8")),
        (5, Body(b"5", "application/json; charset=utf-8")),
        (True, Body(b"true", "application/json; charset=utf-8")),
        ({}, Body(b"{}", "application/json; charset=utf-8")),
        (envelope(b"\x00\xff", "image/png"), Body(b"\x00\xff", "image/png")),
        ({"$content": "aGk="}, Body(b"hi", "application/octet-stream")),
        (
            {
                "$content-type": "application/x-www-form-urlencoded",
                "$formdata": [{"key": "a b", "value": "ü&"}],
            },
            Body(b"a+b=%C3%BC%26", "application/x-www-form-urlencoded"),
        ),
        ("\ud83d", Body("\ufffd".encode(), "text/plain; charset=utf-8")),
    ],
)
def test_a_value_is_sent_by_its_kind(value: Any, body: Body | None) -> None:
    assert encode_body(value) == body


@pytest.mark.parametrize(
    ("value", "declared", "content"),
    [
        ("{}", "application/json", b"{}"),
        ({"a": "ü"}, "application/vnd.x+json", '{"a":"ü"}'.encode()),
        ("ü", "text/plain; charset=ISO-8859-1", b"\xfc"),
        ("ü€", "text/plain; charset=us-ascii", b"??"),
        (envelope(b"<a/>", "text/plain"), "application/xml", b"<a/>"),
    ],
)
def test_a_content_type_of_the_flow_s_own_stays(value: Any, declared: str, content: bytes) -> None:
    assert encode_body(value, declared) == Body(content, declared)


def test_parts_are_sent_under_a_boundary_that_nobody_can_foresee() -> None:
    value = {
        "$content-type": "multipart/form-data; boundary=mine",
        "$multipart": [
            {"headers": {"Content-Disposition": 'form-data; name="a"'}, "body": "--mine--"},
            {"headers": {"content-type": "image/png"}, "body": envelope(b"\x89", "image/gif")},
            {"body": {"x": 1}},
            {"headers": {"Content-Disposition": 'form-data; name="none"'}},
        ],
    }
    body = encode_body(value)
    again = encode_body(value)
    assert body is not None
    assert again is not None
    boundary = parse_media_type(body.content_type).parameters["boundary"]
    assert boundary not in ("mine", parse_media_type(again.content_type).parameters["boundary"])
    assert body.content == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n--mine--\r\n"
        f"--{boundary}\r\ncontent-type: image/png\r\n\r\n".encode()
        + b"\x89\r\n"
        + f"--{boundary}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n".encode()
        + b'{"x":1}\r\n'
        + f'--{boundary}\r\nContent-Disposition: form-data; name="none"\r\n\r\n\r\n'.encode()
        + f"--{boundary}--\r\n".encode()
    )


def nested_parts(depth: int) -> Any:
    return "end" if not depth else {"$multipart": [{"body": nested_parts(depth - 1)}]}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (
            {"$content-type": "a/b", "$content": "!"},
            "The body is a binary value whose ‘$content’ is no base64",
        ),
        ({"$content-type": "a/b", "$content": 5}, "The body is a binary value whose ‘$content’ is no base64"),
        ({"$multipart": "x"}, "The body has a ‘$multipart’ that is no array"),
        ({"$multipart": ["x"]}, "The body has a part that is no object"),
        ({"$multipart": [{}] * 1_001}, "The body has more than 1000 parts"),
        (nested_parts(5), "The body has a ‘$multipart’ that is no array, or parts within parts too deep"),
        ({"$formdata": {"a": "b"}}, "The body is a form whose ‘$formdata’ is no array"),
        (
            {"$multipart": [{"headers": {"A": "b\r\n\r\nevil"}}]},
            "The message cannot be sent: ‘$multipart’ holds a line break or control character",
        ),
        (
            {"$multipart": [{"headers": {"A: b\r\nC": "d"}}]},
            "The message cannot be sent: ‘$multipart’ holds ‘'A: b\\r\\nC'’, which is no name of a header",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(value: Any, problem: str) -> None:
    with pytest.raises(HttpError) as refused:
        encode_body(value)
    assert refused.value.message.startswith(problem)


@pytest.mark.parametrize(
    ("content", "content_type", "value"),
    [
        (b'{"a": [1, 2.5]}', "application/json", {"a": [1, 2.5]}),
        (b"null", "application/json; charset=utf-8", None),
        (b'"x"', "application/problem+json", "x"),
        (b"\xef\xbb\xbf{}", "Application/JSON", {}),
        ('{"a":"ü"}'.encode("utf-16"), "application/json; charset=utf-16", {"a": "ü"}),
        (b"{'a': 1, /* c */ b: 2,}", "application/json", {"a": 1, "b": 2}),
        (b"<html>", "application/json", "<html>"),
        (b"{" * 200, "application/json", "{" * 200),
        (b"[" * 129 + b"]" * 129, "application/json", "[" * 129 + "]" * 129),
        (b"[" * 100_000, "application/json", "[" * 100_000),
        (b"gr\xfc\xdfe", "text/plain; charset=iso-8859-1", "grüße"),
        (b"gr\xfc", "text/html", "gr\ufffd"),
        ("ü".encode(), "text/csv; charset=nonsense", "ü"),
        (b"xn--a", "text/plain; charset=punycode", "xn--a"),
        ("ü".encode(), 'text/csv; charset="UTF-8"', "ü"),
        (b"<a/>", "application/xml", envelope(b"<a/>", "application/xml")),
        (b"", "application/pdf", envelope(b"", "application/pdf")),
        (b"\x00", None, envelope(b"\x00", "application/octet-stream")),
        (b"\x00", "rubbish", envelope(b"\x00", "rubbish")),
        (
            b"a=1&b=&a=%C3%BC+x",
            "application/x-www-form-urlencoded",
            {
                **envelope(b"a=1&b=&a=%C3%BC+x", "application/x-www-form-urlencoded"),
                "$formdata": [
                    {"key": "a", "value": "1"},
                    {"key": "b", "value": ""},
                    {"key": "a", "value": "ü x"},
                ],
            },
        ),
    ],
)
def test_bytes_are_read_by_their_content_type(content: bytes, content_type: str | None, value: Any) -> None:
    assert decode_body(content, content_type) == value


def test_json_may_nest_as_deep_as_the_service_lets_it() -> None:
    text = "[" * 128 + "]" * 128
    assert json.dumps(decode_body(text.encode(), "application/json")) == text


MESSAGE = (
    b"preamble\r\n--b1\r\n"
    b'Content-Disposition: form-data;\r\n name="a"\r\nContent-Type: text/plain\r\n\r\nhello\r\nthere\r\n'
    b"--b1  \r\nContent-Type: application/json\r\n\r\n[1]\r\n"
    b"--b1\n\nbare\r\n"
    b"--b12 is no boundary\r\n"
    b"--b1--\r\nepilogue --b1"
)


def test_parts_are_read_each_by_its_own_content_type() -> None:
    content_type = 'multipart/form-data; boundary="b1"'
    assert decode_body(MESSAGE, content_type) == {
        **envelope(MESSAGE, content_type),
        "$multipart": [
            {
                "headers": {"Content-Disposition": 'form-data; name="a"', "Content-Type": "text/plain"},
                "body": "hello\r\nthere",
            },
            {"headers": {"Content-Type": "application/json"}, "body": [1]},
            {"headers": {}, "body": envelope(b"bare\r\n--b12 is no boundary", "application/octet-stream")},
        ],
    }


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", []),
        (b"no boundary", []),
        (b"--b--", []),
        (b"--b\r\n\r\nunfinished", [envelope(b"unfinished", "application/octet-stream")]),
        (b"--b\r\n\r\n\r\n--b--", [envelope(b"", "application/octet-stream")]),
    ],
)
def test_damaged_messages_give_the_parts_that_are_there(content: bytes, parts: list[Any]) -> None:
    value = decode_body(content, "multipart/mixed; boundary=b")
    assert [part["body"] for part in value["$multipart"]] == parts


def test_parts_within_parts_end_at_a_depth() -> None:
    content, content_type = b"core", "text/plain"
    for level in range(6):
        content = (
            f"--b{level}\r\nContent-Type: {content_type}\r\n\r\n".encode()
            + content
            + f"\r\n--b{level}--".encode()
        )
        content_type = f"multipart/mixed; boundary=b{level}"
    value, depth = decode_body(content, content_type), 0
    while "$multipart" in value:
        value, depth = value["$multipart"][0]["body"], depth + 1
    assert depth == 4


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"&a=" * 10_001, "application/x-www-form-urlencoded"),
        (b"--b\r\n\r\n\r\n" * 1_100, "multipart/mixed; boundary=b"),
    ],
)
def test_bodies_of_beyond_all_measure_many_pieces_are_refused(content: bytes, content_type: str) -> None:
    with pytest.raises(BodyRefused, match="more than"):
        decode_body(content, content_type)


@pytest.mark.parametrize(
    ("content", "content_type", "member"),
    [
        (b"", None, {}),
        (b"", "application/json", {}),
        (b"null", "application/json", {"body": None}),
        (b"", "text/plain", {"body": ""}),
        (b"x", None, {"body": envelope(b"x", "application/octet-stream")}),
    ],
)
def test_a_message_without_a_body_has_no_such_member(
    content: bytes, content_type: str | None, member: dict[str, Any]
) -> None:
    assert body_member(content, content_type) == member


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=10,
).filter(lambda value: isinstance(value, list))


@given(values)
def test_json_comes_back_as_it_was_sent(value: Any) -> None:
    body = encode_body(value)
    assert body is not None
    assert decode_body(body.content, body.content_type) == value


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_parts_come_back_as_they_were_sent(contents: list[bytes]) -> None:
    parts = [{"headers": {"Content-Type": "a/b"}, "body": envelope(one, "a/b")} for one in contents]
    body = encode_body({"$content-type": "multipart/mixed", "$multipart": parts})
    assert body is not None
    assert decode_body(body.content, body.content_type)["$multipart"] == parts


@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_body_breaks_the_reader(content: bytes, content_type: str) -> None:
    for one in (
        content_type,
        f"multipart/mixed; boundary={content_type}",
        f"application/json;{content_type}",
    ):
        decode_body(content, one)
