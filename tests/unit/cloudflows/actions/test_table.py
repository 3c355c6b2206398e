"""Table: every rule of its CSV and HTML texts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud_runs import run_actions

PEOPLE = [{"name": "Ann", "age": 3}, {"AGE": 4, "town": None}]


def table(source: Any, format_: str, columns: Any = None) -> str:
    inputs = {"from": source, "format": format_}
    given = inputs if columns is None else {**inputs, "columns": columns}
    finished = run_actions({"T": {"type": "Table", "inputs": given}})
    record = finished.record("T")
    assert record.problem is None
    assert record.inputs == given
    text: str = finished.outputs("T")["body"]
    return text


def columns(**values: str) -> list[dict[str, str]]:
    return [{"header": header, "value": value} for header, value in values.items()]


def test_csv_without_columns_has_all_keys_in_order_of_appearance() -> None:
    assert table(PEOPLE, "CSV") == "name,age,town\r\nAnn,3,\r\n,4,\r\n"


def test_html_without_columns_has_all_keys_in_order_of_appearance() -> None:
    assert table(PEOPLE, "HTML") == (
        "<table><thead><tr><th>name</th><th>age</th><th>town</th></tr></thead><tbody>"
        "<tr><td>Ann</td><td>3</td><td></td></tr><tr><td></td><td>4</td><td></td></tr></tbody></table>"
    )


def test_chosen_columns_evaluate_for_each_element() -> None:
    chosen = columns(Name="@item()?['name']", Note="is @{item()?['age']}", Fixed="x")

    assert table(PEOPLE, "csv", chosen) == "Name,Note,Fixed\r\nAnn,is 3,x\r\n,is 4,x\r\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("plain", "plain"),
        (" =1+1 ", " =1+1 "),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("two\nlines", '"two\nlines"'),
        ("two\rlines", '"two\rlines"'),
        ("a;b\t'c'", "a;b\t'c'"),
        (1.0, "1"),
        (True, "True"),
        (None, ""),
        ({"a": [1, "é"]}, '"{""a"":[1,""é""]}"'),
        ([1], "[1]"),
    ],
)
def test_csv_quotes_only_where_it_must(value: Any, cell: str) -> None:
    assert table([{"a": value}], "CSV") == f"a\r\n{cell}\r\n"


def test_csv_quotes_headers_too() -> None:
    assert table([{"a,b": 1}], "CSV") == '"a,b"\r\n1\r\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (
            "<a href=\"x\">Tom & 'Jerry'</a>",
            "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;",
        ),
        ("é\xa0ÿ", "&#233;&#160;&#255;"),
        ("Ā€😀\x9f", "Ā€😀\x9f"),
        ("two\r\nlines", "two\r\nlines"),
        (None, ""),
        (1.5, "1.5"),
    ],
)
def test_html_escapes_what_it_must(value: Any, cell: str) -> None:
    assert table([{"a": value}], "HTML") == (
        f"<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>{cell}</td></tr></tbody></table>"
    )


def test_html_escapes_headers_too() -> None:
    assert table([{"<a>": 1}], "HTML").startswith("<table><thead><tr><th>&lt;a&gt;</th>")


def test_an_empty_array_without_columns_is_empty() -> None:
    assert table([], "CSV") == ""
    assert table([], "HTML") == "<table><tbody></tbody></table>"


def test_an_empty_array_with_columns_has_its_headers() -> None:
    chosen = columns(A="@item()", B="@item()")

    assert table([], "CSV", chosen) == "A,B\r\n"
    assert table([], "HTML", chosen) == (
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody></tbody></table>"
    )


def test_headers_that_are_all_empty_are_left_out() -> None:
    chosen = [{"header": "", "value": "@item()"}, {"value": "x"}]

    assert table([1], "CSV", chosen) == "1,x\r\n"
    assert table([1], "HTML", chosen) == "<table><tbody><tr><td>1</td><td>x</td></tr></tbody></table>"


def test_elements_that_are_no_objects_are_empty_rows() -> None:
    assert table([{"a": 1, "b": 2}, 5, None], "CSV") == "a,b\r\n1,2\r\n,\r\n,\r\n"
    assert table([1, "x"], "CSV") == "\r\n\r\n"


def test_headers_are_evaluated_once() -> None:
    assert table([1], "CSV", [{"header": "@concat('a', 'b')", "value": "@item()"}]) == "ab\r\n1\r\n"


def test_an_unknown_format_is_refused() -> None:
    record = run_actions({"T": {"type": "Table", "inputs": {"from": [], "format": "XML"}}}).record("T")

    assert record.problem is not None
    assert record.problem.message == (
        "The provided 'format' property value 'XML' in the 'table' action inputs is not valid. "
        "Supported formats are: 'CSV, HTML'."
    )
