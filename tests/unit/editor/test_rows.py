"""Rows and the fields of their panels."""

from __future__ import annotations

import pytest

from deskhand.editor.errors import RowUnreadable, UnknownForm
from deskhand.editor.forms import STATEMENTS, action_form, library
from deskhand.editor.rows import FieldProblem, filled, read_row, shown, write_row

FORMS = [one for one in (*STATEMENTS, *map(action_form, library().specs)) if one.name not in ("END", "?")]


def fields_of(text: str) -> dict[str, str]:
    found = filled(read_row(text))
    form = found.form
    known = {one.name: one for one in form.fields} if form else {}
    return {name: shown(value, known.get(name)) for name, value in found.values.items()}


@pytest.mark.parametrize("name", [one.name for one in FORMS])
def test_every_form_can_be_written_empty_and_read_again(name: str) -> None:
    text, problems = write_row(name, {}, {}, None)
    opening = text.rsplit("\nEND", 1)[0] if next(one for one in FORMS if one.name == name).closes else text

    assert problems == ()
    assert filled(read_row(opening)).name == name


def test_fields_show_texts_with_percent_signs() -> None:
    row = "File.WriteText File: $'''/data/%Name%.txt''' TextToWrite: Total + 1 AppendNewLine: True"

    assert fields_of(row) == {
        "File": "/data/%Name%.txt",
        "TextToWrite": "%Total + 1%",
        "AppendNewLine": "True",
    }


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("5", "SET A TO 5"),
        ("-1.5", "SET A TO -1.5"),
        ("", "SET A TO $''''''"),
        ("100%%", "SET A TO $'''100%%'''"),
        ("it's %B[0] + 1% \\", "SET A TO $'''it\\'s %B[0] + 1% \\\\'''"),
        ("%B%", "SET A TO B"),
        ("%True%", "SET A TO True"),
    ],
)
def test_a_field_means_what_it_means_in_the_original(field: str, written: str) -> None:
    assert write_row("SET", {"Value": field}, {"Variable": "A"}, None) == (written, ())


def test_a_field_that_holds_no_value_is_named() -> None:
    assert write_row("SET", {"Value": "50% off"}, {"Variable": "A"}, None) == (
        "",
        (
            FieldProblem(
                "Value",
                "A percent sign stands alone. Write %% for the sign itself, or close the variable.",
            ),
        ),
    )


def test_what_no_field_shows_stays_as_it_was() -> None:
    former = read_row(
        "@@note: 'kept'\nDISABLE File.ReadTextFromFile.ReadText File: P Encoding: File.TextFileEncoding.UTF8 "
        "Content=> Text\nON ERROR\n    GOTO Done\nEND"
    )

    text, _ = write_row("File.ReadTextFromFile.ReadText", {"File": "/x"}, {}, former)

    assert text == (
        "@@note: 'kept'\nDISABLE File.ReadTextFromFile.ReadText File: $'''/x''' "
        "Encoding: File.TextFileEncoding.UTF8 Content=> Text\nON ERROR\n    GOTO Done\nEND"
    )


def test_branches_are_rows_of_their_own() -> None:
    former = read_row("@@note: 'kept'\nELSE IF A = 1 THEN")

    assert write_row("ELSE IF", {"Second": "2"}, {}, former) == ("@@note: 'kept'\nELSE IF A = 2 THEN", ())
    assert write_row("CASE", {"Value": "5"}, {}, read_row("CASE = 1")) == ("CASE = 5", ())


def test_conditions_of_more_than_one_comparison_are_one_formula() -> None:
    assert fields_of("IF A = 1 AND B = 2 THEN") == {"Condition": "A = 1 AND B = 2"}


def test_text_that_is_not_one_row_is_refused() -> None:
    with pytest.raises(RowUnreadable):
        read_row("SET A TO 1\nSET B TO 2")
    with pytest.raises(UnknownForm):
        write_row("No.Such.Action", {}, {}, None)
