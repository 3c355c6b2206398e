"""Variables that nothing uses."""

from __future__ import annotations

from deskhand.editor.outline import outline
from deskhand.editor.unused import Tidied, without_unused


def tidied(text: str) -> Tidied:
    script = outline(text).script
    assert script is not None
    return without_unused(script)


def test_rows_that_only_fill_an_unused_variable_go_and_actions_stay_without_it() -> None:
    found = tidied(
        "@SENSITIVE: [Left]\n"
        "SET Left TO 1\n"
        "SET Used TO 2\n"
        "Text.AppendLine Text: $'''a''' LineToAppend: Used Result=> Appended\n"
        "IF Used = 2 THEN\n"
        "    SET left TO 3\n"
        "END\n"
    )
    assert found.variables == ("Appended", "Left")
    assert found.rows == 2
    assert found.text == (
        "@SENSITIVE: []\n"
        "SET Used TO 2\n"
        "Text.AppendLine Text: $'''a''' LineToAppend: Used\n"
        "IF Used = 2 THEN\n"
        "END\n"
    )


def test_what_only_a_removed_row_looked_at_goes_as_well() -> None:
    assert tidied("SET A TO 1\nSET B TO A\nSET C TO B\nWAIT 1\n") == Tidied("WAIT 1\n", ("A", "B", "C"), 3)


def test_what_is_looked_at_anywhere_stays() -> None:
    text = (
        "@OUTPUT Out : { 'Description': '', 'FriendlyName': 'Out', 'Type': 'Numeric' }\n"
        "SET Out TO 1\n"
        "SET InText TO 1\n"
        "Display.ShowMessage Title: $'''%InText%''' Message: $''''''\n"
        "SET Formula TO 1\n"
        "WAIT $fx'=Formula'\n"
        "LOOP FOREACH Item IN [1]\n"
        "END\n"
        "LOOP Index FROM 1 TO 2 STEP 1\n"
        "END\n"
    )
    assert tidied(text).variables == ()
