"""Answers, and the outputs that an action makes of them."""

import pytest

from deskhand.cloudflows.http.responses import Response, joined_headers, status_name


def test_outputs_hold_status_headers_and_body() -> None:
    response = Response(404, {"content-type": "application/json", "A": "b"}, b'{"x":1}')
    assert response.outputs() == {
        "statusCode": 404,
        "headers": {"content-type": "application/json", "A": "b"},
        "body": {"x": 1},
    }


def test_outputs_of_an_answer_without_a_body_have_no_such_member() -> None:
    assert Response(204, {}, b"").outputs() == {"statusCode": 204, "headers": {}}


def test_headers_that_occur_several_times_are_one_text() -> None:
    pairs = [("Set-Cookie", "a=1; Path=/"), ("A", "folded\r\n  text"), ("set-cookie", "b=2")]
    assert joined_headers(pairs) == {"Set-Cookie": "a=1; Path=/,b=2", "A": "folded text"}


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (200, "OK"), (201, "Created"), (202, "Accepted"), (204, "NoContent"), (301, "MovedPermanently"),
        (400, "BadRequest"), (404, "NotFound"), (413, "RequestEntityTooLarge"), (429, "TooManyRequests"),
        (500, "InternalServerError"), (502, "BadGateway"), (504, "GatewayTimeout"),
        (505, "HttpVersionNotSupported"), (599, "599"),
    ],
)  # fmt: skip
def test_a_status_is_named_as_the_service_names_it(status: int, name: str) -> None:
    assert status_name(status) == name
