"""A flow's text taken apart into rows, and put together again."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.editor.errors import TextTooLong
from deskhand.editor.outline import MOST_LETTERS, Outline, OutlineRow, outline
from deskhand.editor.rows import is_action
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.parser import parse

CONFORMANCE = Path(__file__).parents[2] / "conformance" / "robin"

FLOW = """\
@INPUT InFile : { 'Description': 'what to read', 'FriendlyName': 'File', 'Type': 'String', 'Value': '' }
# Read it
@@note: 'kept'
DISABLE SET Path TO $'''%InFile%.bak'''
File.ReadTextFromFile.ReadText File: InFile Encoding: File.TextFileEncoding.UTF8 Content=> FileContents
ON ERROR REPEAT 1 TIMES WAIT 2
ON ERROR
    SET FileContents TO $'''none'''
END
IF FileContents = $'''none''' THEN
    CALL Report
ELSE
    SET Text TO $'''first
      second'''
END
FUNCTION Report GLOBAL
    EXIT Code: 1 ErrorMessage: $'''gone'''
END FUNCTION

# [ControlRepository][PowerAutomateDesktop]

{ "ControlRepositorySymbols": [] }
"""


def joined(found: Outline) -> str:
    """Put a flow together as the designer does."""
    main, *others = found.subflows
    parts = [found.header, *map(indented, main.rows)]
    for one in others:
        parts += [one.opening, *(indented(row, 1) for row in one.rows), "END FUNCTION"]
    return "\n".join([*filter(None, parts), *(["", found.repository] if found.repository else []), ""])


def indented(row: OutlineRow, deeper: int = 0) -> str:
    indent = "    " * (row.depth + deeper)
    lines = row.text.split("\n")
    return "\n".join(line if at in row.fixed or not line else indent + line for at, line in enumerate(lines))


def sentence(row: OutlineRow) -> str:
    return f"{row.title}: {''.join(one.text for one in row.summary)}"


def test_a_flow_is_its_rows_and_nothing_of_its_text_is_lost() -> None:
    found = outline(FLOW)

    assert joined(found) == FLOW
    assert [one.name for one in found.subflows] == ["Main", "Report"]
    assert [(one.number, one.depth, sentence(one)) for one in found.subflows[0].rows] == [
        (1, 0, "Comment: Read it"),
        (2, 0, "Set variable: Assign %InFile%.bak"),
        (3, 0, "Read text from file: Read %InFile% as one text"),
        (4, 0, "If: %FileContents% = none then"),
        (5, 1, "Run subflow: Report"),
        (6, 0, "Else: "),
        (7, 1, "Set variable: Assign first\n      second"),
        (8, 0, "End: "),
    ]


def test_rows_tell_what_cards_show() -> None:
    rows = outline(FLOW).subflows[0].rows

    assert [one.disabled for one in rows] == [False, True, *[False] * 6]
    assert [one.handled for one in rows] == [False, False, True, *[False] * 5]
    assert [(one.opens, one.branch, one.closes) for one in rows[3:]] == [
        (True, False, False),
        (False, False, False),
        (True, True, False),
        (False, False, False),
        (False, False, True),
    ]
    assert rows[2].produces == ("FileContents",)
    assert rows[1].summary[1].variable


def test_findings_name_the_row_that_they_stand_in() -> None:
    found = outline("SET A TO 1\nFUNCTION Other GLOBAL\n    SET B TO 1\n    SET C TO Unknown\nEND FUNCTION\n")

    assert [(one.subflow, one.row, one.line, one.severity) for one in found.findings] == [
        ("Other", 1, 4, "error")
    ]


def test_a_text_that_cannot_be_read_has_findings_alone() -> None:
    found = outline("IF A THEN\nSET B TO\n")

    assert (found.script, found.subflows) == (None, ())
    assert [one.line for one in found.findings]


def test_a_text_in_another_order_is_written_anew() -> None:
    found = outline("FUNCTION Main GLOBAL\n    SET A TO 1\nEND FUNCTION\n")

    assert joined(found) == "SET A TO 1\n"


def test_a_text_of_millions_of_letters_is_refused() -> None:
    with pytest.raises(TextTooLong):
        outline("#" * (MOST_LETTERS + 1))


def chunks() -> list[str]:
    return [
        chunk.strip("\n") + "\n"
        for path in sorted(CONFORMANCE.rglob("*.robin"))
        for chunk in path.read_text(encoding="utf-8").split("\n---\n")
    ]


def test_every_flow_of_the_conformance_suite_says_the_same_after_it_was_taken_apart() -> None:
    read = 0
    for text in chunks():
        try:
            before = parse(text, is_action=is_action)
        except SyntaxErrors:
            continue
        read += 1
        assert parse(joined(outline(text)), is_action=is_action) == before, text
    assert read > 100


def test_rows_tell_which_names_stand_in_them_and_not_what_only_looks_like_one() -> None:
    text = (
        "SET Total TO $'''Total of %Item%\n%item + Other%'''\n"
        "LOOP FOREACH Item IN Items\n"
        "    Text.ToNumber Text: Item Number=> N\n"
        "    ON ERROR\n"
        "        SET N TO Fallback\n"
        "    END\n"
        "END\n"
    )
    assert [one.names for one in outline(text).subflows[0].rows] == [
        ("Total", "Item", "Other"),
        ("Item", "Items"),
        ("Item", "N", "Fallback"),
        (),
    ]
