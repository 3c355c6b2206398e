"""Changes of many rows of a desktop flow at once, against a live server on both databases."""

from __future__ import annotations

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def somebody(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


def test_rows_come_back_with_what_replaces_something_in_them(somebody: Pages) -> None:
    rows = ["SET Total TO Total + 1", "WAIT 1", "CALL Total"]
    found = somebody.post("/robin/replace", {"rows": rows, "search": "total", "by": "a sum"})["rows"]

    assert [(one["count"], one["row"] and one["row"]["text"]) for one in found] == [
        (2, None),
        (0, None),
        (1, "CALL 'a sum'"),
    ]
    assert [one["field"] for one in found[0]["problems"]] == ["Value", "Variable"]
    assert found[0]["problems"][1]["message"] == "‘a sum’ is no variable."

    order = {"rows": rows, "search": "TOTAL", "by": "Sum", "matchCase": True}
    assert [one["count"] for one in somebody.post("/robin/replace", order)["rows"]] == [0, 0, 0]


@pytest.mark.parametrize(("search", "by"), [("", "x"), ("x" * 1_001, "x"), ("x", "x" * 1_001)])
def test_nothing_and_very_long_texts_are_not_replaced(somebody: Pages, search: str, by: str) -> None:
    answer = somebody.ask("POST", "/robin/replace", {"rows": [], "search": search, "by": by})
    assert answer.status == 400


def test_a_text_comes_back_without_variables_that_nothing_uses(somebody: Pages) -> None:
    found = somebody.post("/robin/unused", {"text": "SET A TO 1\nSET B TO 2\nWAIT B\n"})
    assert found == {"text": "SET B TO 2\nWAIT B\n", "variables": ["A"], "rows": 1}

    answer = somebody.ask("POST", "/robin/unused", {"text": "IF"})
    assert (answer.status, "mend it" in answer.json()["error"]["message"]) == (400, True)
