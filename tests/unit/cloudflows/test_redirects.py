"""Files of redirects: what they say, and every way in which one is refused."""

from __future__ import annotations

import pytest

from deskhand.cloudflows.redirects import (
    ALL,
    Placeholder,
    Redirect,
    RedirectsUnreadable,
    parts_of,
    read_redirects,
)

MAIL = """
[[operation]]
api = "shared_office365"
operationId = "SendEmailV2"
method = "post"
uri = "https://mail.example/outbox?to={emailMessage/To}"
headers = { "X-Source" = "flows of {folder}" }
body = { subject = "{emailMessage/Subject}", all = "{*}", urgent = true }
"""


def test_an_operation_says_where_it_is_sent() -> None:
    assert read_redirects("redirects.toml", MAIL) == (
        Redirect(
            api="shared_office365",
            operation="SendEmailV2",
            method="POST",
            uri="https://mail.example/outbox?to={emailMessage/To}",
            headers={"X-Source": "flows of {folder}"},
            body={"subject": "{emailMessage/Subject}", "all": "{*}", "urgent": True},
        ),
    )


def test_an_empty_file_redirects_nothing() -> None:
    assert read_redirects("redirects.toml", "") == ()


def test_a_template_is_texts_and_parameters() -> None:
    assert list(parts_of("a/{b/c}{*}{{d}}")) == [
        "a/",
        Placeholder("b/c"),
        Placeholder(ALL),
        "{",
        "d",
        "}",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[operation",
            "the file is no TOML (Expected ']]' at the end of an array declaration (at end of document)).",
        ),
        ("name = 1", "the file has the key ‘name’; it takes [[operation]]."),
        ("[operation]\na = 1", "‘operation’ is no [[operation]] table."),
        (
            MAIL.replace("api =", "apis ="),
            "operation 1 has the key ‘apis’; it takes api, operationId, method, uri, headers, body.",
        ),
        (MAIL.replace('api = "shared_office365"', ""), "operation 1 has no text as api."),
        (MAIL.replace('"post"', "1"), "operation 1 has no text as method."),
        (
            MAIL.replace('"post"', '"MOVE"'),
            "operation 1 has the method ‘MOVE’; known are GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS.",
        ),
        (
            MAIL.replace("{emailMessage/To}", "{emailMessage"),
            "the uri of operation 1 has a single brace at letter 32.",
        ),
        (MAIL.replace("{*}", "*}"), "the body of operation 1 has a single brace at letter 2."),
        (
            MAIL.replace("of {folder}", "{"),
            "the header ‘X-Source’ of operation 1 has a single brace at letter 7.",
        ),
        (
            MAIL.replace("X-Source", "X:Source"),
            "the header ‘X:Source’ of operation 1 is no name with a text.",
        ),
        (
            MAIL.replace("true", "2026-01-01"),
            "the body of operation 1 has a date, or a number that JSON does not have.",
        ),
        (MAIL + MAIL, "SendEmailV2 of shared_office365 stands in it twice."),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, message: str) -> None:
    with pytest.raises(RedirectsUnreadable) as refused:
        read_redirects("redirects.toml", text)
    assert refused.value.message == f"redirects.toml: {message}"


@pytest.mark.parametrize(
    "uri",
    [
        "{host}",
        "https://{host}/x",
        "https://mail.example{x}",
        "ftp://mail.example/",
        "//mail.example/",
        "https://a@b/",
        "https://[/",
    ],
)
def test_the_host_is_fixed(uri: str) -> None:
    text = MAIL.replace("https://mail.example/outbox?to={emailMessage/To}", uri)
    with pytest.raises(RedirectsUnreadable, match="is no http address with a fixed host"):
        read_redirects("redirects.toml", text)
