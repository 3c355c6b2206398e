"""Replacing what fields show."""

from __future__ import annotations

import pytest

from deskhand.editor.outline import outline
from deskhand.editor.replacing import Replacement, replace_in_row


def replaced(text: str, search: str, by: str, **how: bool) -> str | None:
    row = replace_in_row(text, Replacement(search, by, **how)).row
    return None if row is None else row.text


@pytest.mark.parametrize(
    ("text", "search", "by", "expected"),
    [
        ("SET A TO $'''Hello %Name%'''", "hello", "It's 5 %%", "SET A TO $'''It\\'s 5 %% %Name%'''"),
        ("SET Total TO Total + 1", "total", "Sum", "SET Sum TO Sum + 1"),
        ("SET A TO 100", "100", "250", "SET A TO 250"),
        ("IF Count > 5 THEN", "Count", "Number", "IF Number > 5 THEN"),
        ("ELSE IF Count = 5 THEN", "Count", "Number", "ELSE IF Number = 5 THEN"),
        ("CASE = 5", "5", "6", "CASE = 6"),
        ("# Read the list", "list", "table", "# Read the table"),
        ("**REGION Read it", "it", "all", "**REGION Read all"),
        ("CALL Report", "Report", "Summary", "CALL Summary"),
        ("LOOP FOREACH Item IN Items", "Items", "Rows", "LOOP FOREACH Item IN Rows"),
    ],
)
def test_what_fields_show_is_replaced_and_printed_as_if_it_had_been_typed(
    text: str, search: str, by: str, expected: str
) -> None:
    assert replaced(text, search, by) == expected


def test_case_and_whole_names_count_where_that_is_wished() -> None:
    text = "SET A TO $'''Cat cat concat'''"
    assert replaced(text, "cat", "dog") == "SET A TO $'''dog dog condog'''"
    assert replaced(text, "cat", "dog", match_case=True) == "SET A TO $'''Cat dog condog'''"
    assert replaced(text, "cat", "dog", whole_name=True) == "SET A TO $'''dog dog concat'''"


def test_what_is_searched_for_is_no_pattern() -> None:
    assert replaced("SET A TO $'''a.b (c)'''", "(c)", r"\1") == r"SET A TO $'''a.b \\1'''"
    assert replaced("SET A TO $'''axb'''", "a.b", "no") is None


def test_annotations_stay_and_error_handling_is_searched() -> None:
    text = (
        "@@copilotGeneratedAction: 'False'\n"
        "Text.ToNumber Text: $'''one''' Number=> Number\n"
        "ON ERROR REPEAT 2 TIMES WAIT 1\nON ERROR\n"
        "    SET Number TO 1\n"
        "END"
    )
    (row,) = outline(f"{text}\n").subflows[0].rows
    assert replaced(row.text, "Number", "Found") == row.text.replace("=> Number", "=> Found").replace(
        "SET Number", "SET Found"
    )


def test_a_disabled_row_stays_disabled() -> None:
    assert replaced("DISABLE SET A TO B", "B", "C") == "DISABLE SET A TO C"


def test_a_row_that_would_be_wrong_stays_and_says_why() -> None:
    found = replace_in_row("SET Total TO 1", Replacement("Total", "a total"))
    assert (found.count, found.row) == (1, None)
    assert [one.message for one in found.problems] == ["‘a total’ is no variable."]
    assert replace_in_row("CALL Report", Replacement("Report", "")).row is not None


@pytest.mark.parametrize("text", ["END", "Excel.LaunchExcel.LaunchUnderExistingProcess Instance=> Total"])
def test_rows_without_fields_are_left_alone(text: str) -> None:
    assert replace_in_row(text, Replacement("Total", "Sum")).count == 0
