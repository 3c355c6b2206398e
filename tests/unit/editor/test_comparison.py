"""Two texts of a flow side by side."""

from __future__ import annotations

from deskhand.editor.comparison import ComparedRow, ComparedThing, Comparison, Difference, compare
from deskhand.editor.outline import outline
from tests.unit.editor.sections import control, custom, image, screen, section

BEFORE = """\
@INPUT Name : { 'Description': '', 'FriendlyName': 'Name', 'Type': 'String' }
SET A TO 1
SET B TO 2
IF A = 1 THEN
    CALL Report
END
SET C TO 3
FUNCTION Report GLOBAL
    SET D TO 4
END FUNCTION
FUNCTION Gone GLOBAL
    SET E TO 5
END FUNCTION
"""


def compared(before: str, after: str) -> Comparison:
    return compare(outline(before), outline(after))


def shown(rows: tuple[ComparedRow, ...]) -> list[tuple[str, int | None, int | None, str]]:
    return [
        (one.difference.value, one.before, one.after, "".join(piece.text for piece in one.summary))
        for one in rows
    ]


def test_the_same_text_differs_in_nothing() -> None:
    found = compared(BEFORE, BEFORE)

    assert {one.difference for one in found.subflows} == {Difference.SAME}
    assert (found.header, found.elements, sum(found.counts.values())) == ((), (), 0)


def test_rows_are_added_removed_and_changed() -> None:
    found = compared(BEFORE, BEFORE.replace("SET B TO 2\n", "").replace("TO 1\n", "TO 7\nWAIT 1\n"))

    main = found.subflows[0]
    assert main.difference is Difference.CHANGED
    assert shown(main.rows) == [
        ("changed", 1, 1, "Assign 7"),
        ("removed", 2, None, "Assign 2"),
        ("added", None, 2, "1 seconds"),
        ("same", 3, 3, "%A% = 1 then"),
        ("same", 4, 4, "Report"),
        ("same", 5, 5, ""),
        ("same", 6, 6, "Assign 3"),
    ]
    assert (main.rows[0].former_text, main.rows[0].text) == ("SET A TO 1", "SET A TO 7")
    assert found.counts == {"added": 1, "removed": 1, "changed": 1, "moved": 0}


def test_a_row_that_moves_is_told_where_it_stands_now() -> None:
    within = compared(BEFORE, BEFORE.replace("SET C TO 3\n", "").replace("SET A", "SET C TO 3\nSET A"))
    assert [(one.difference.value, one.before, one.after) for one in within.subflows[0].rows][:2] == [
        ("moved", 6, 1),
        ("same", 1, 2),
    ]
    assert within.counts["moved"] == 1

    across = compared(
        BEFORE, BEFORE.replace("SET C TO 3\n", "").replace("SET D TO 4", "SET D TO 4\n    SET C TO 3")
    )
    moved = across.subflows[1].rows[1]
    assert (moved.difference, moved.before, moved.after, moved.other) == (Difference.MOVED, 6, 2, "Main")
    assert [one.before for one in across.subflows[0].rows] == [1, 2, 3, 4, 5]


def test_rows_that_come_into_a_block_have_moved() -> None:
    found = compared("SET A TO 1\n", "IF True THEN\n    SET A TO 1\nEND\n")

    assert [(one.difference.value, one.depth) for one in found.subflows[0].rows] == [
        ("added", 0),
        ("moved", 1),
        ("added", 0),
    ]


def test_subflows_come_and_go() -> None:
    after = BEFORE.replace("FUNCTION Gone", "FUNCTION New").replace("SET E TO 5", "WAIT 1")
    found = compared(BEFORE, after)

    assert [(one.name, one.difference.value) for one in found.subflows] == [
        ("Main", "same"),
        ("Report", "same"),
        ("New", "added"),
        ("Gone", "removed"),
    ]
    assert shown(found.subflows[3].rows) == [("removed", 1, None, "Assign 5")]


def test_inputs_elements_and_images_are_compared_by_name() -> None:
    before = section(screen("A", control("X", custom("x")), control("Y", custom("y"))))
    after = section(screen("A", control("X", custom("z"))), images=(image("Logo"),))
    text = BEFORE.partition("\n")[2]

    found = compared(f"{BEFORE}\n{before}\n", f"{text}\n{after}\n")

    assert found.header == (ComparedThing(Difference.REMOVED, BEFORE.partition("\n")[0]),)
    assert [(one.difference.value, one.name) for one in found.elements] == [
        ("changed", "appmask['A']['X']"),
        ("added", "imgrepo['Logo']"),
        ("removed", "appmask['A']['Y']"),
    ]


def test_a_text_that_cannot_be_read_has_no_rows_to_compare() -> None:
    assert not compared(BEFORE, "IF").readable
