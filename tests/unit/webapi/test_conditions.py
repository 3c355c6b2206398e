"""If-Match and If-None-Match on writes."""

import pytest
from starlette.datastructures import Headers

from deskhand.records.writing import Condition
from deskhand.webapi.conditions import write_condition


@pytest.mark.parametrize(
    ("headers", "condition"),
    [
        ({}, Condition()),
        ({"if-match": "null", "if-none-match": "null"}, Condition()),
        ({"if-match": "*"}, Condition(must_exist=True)),
        ({"if-match": "*", "if-none-match": "null"}, Condition(must_exist=True)),
        ({"if-none-match": "*"}, Condition(must_be_new=True)),
        ({"if-none-match": 'W/"5"'}, Condition()),
        ({"if-match": 'W/"1069462"'}, Condition(must_exist=True, version=1069462)),
        ({"if-match": ' "1069462" '}, Condition(must_exist=True, version=1069462)),
        ({"if-match": "1069462"}, Condition(must_exist=True, version=1069462)),
        ({"if-match": 'W/"abc"'}, Condition(must_exist=True, version=-1)),
        ({"if-match": 'W/"1", W/"2"'}, Condition(must_exist=True, version=-1)),
        ({"if-match": "9" * 30}, Condition(must_exist=True, version=-1)),
    ],
)
def test_headers_become_a_condition(headers: dict[str, str], condition: Condition) -> None:
    assert write_condition(Headers(headers)) == condition
