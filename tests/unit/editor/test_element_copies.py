"""UI elements and images that travel with copied rows."""

from __future__ import annotations

from deskhand.editor.element_copies import RenamedElement, joined, with_elements
from deskhand.editor.elements import flow_elements
from deskhand.editor.outline import outline
from tests.unit.editor.sections import (
    OTHER_PNG,
    attribute,
    control,
    custom,
    image,
    screen,
    section,
    selector,
)

OK = control("OK", selector(attribute("Id", "15")))
CANCEL = control("Cancel", selector(attribute("Id", "16")))
OURS = section(screen("Login", OK), images=(image("Logo"),))
PRESS = "UIAutomation.PressButton.PressButton Button: appmask['Login']['OK']"
LOOK = "MouseAndKeyboard.MoveMouseToImage.MoveToImage Images: [imgrepo['Logo']] Tolerance: 10"


def flow(rows: str, below: str) -> str:
    return f"{rows}\n\n{below}\n" if below else f"{rows}\n"


def join(theirs: str, rows: str = f"{PRESS}\n{LOOK}", ours: str = OURS) -> tuple[str, str, list[int]]:
    """Join copied rows with a flow; return their rows, the flow's section, and how much is new and reused."""
    done = joined(outline(flow(PRESS, ours)), outline(flow(rows, theirs)))
    found = outline(done.text)
    head = "\n".join(row.text for row in found.subflows[0].rows)
    return head, found.repository, [done.added, done.reused, len(done.renamed)]


def names(below: str) -> list[tuple[str, list[str]]]:
    found = flow_elements(outline(flow("SET A TO 1", below)))
    return [(one.name, [each.name for each in one.elements]) for one in found.screens]


def test_what_the_flow_has_is_reused() -> None:
    assert join(OURS) == (f"{PRESS}\n{LOOK}", OURS, [0, 3, 0])


def test_an_element_that_is_new_joins_its_screen() -> None:
    rows, below, counts = join(section(screen("Login", OK, CANCEL)), PRESS)

    assert (rows, counts) == (PRESS, [1, 2, 0])
    assert below == section(screen("Login", OK, CANCEL), images=(image("Logo"),))


def test_a_screen_and_an_image_that_are_new_are_added() -> None:
    _, below, counts = join(section(screen("Orders", CANCEL), images=(image("Sign", OTHER_PNG),)))

    assert counts == [3, 0, 0]
    assert below == section(
        screen("Login", OK), screen("Orders", CANCEL), images=(image("Logo"), image("Sign", OTHER_PNG))
    )


def test_what_clashes_gets_another_name_and_rows_follow() -> None:
    other = section(screen("Login", control("OK", custom("#ok"))), images=(image("Logo", OTHER_PNG),))

    rows, below, counts = join(other)

    assert rows == f"{PRESS}\n{LOOK}".replace("['OK']", "['OK 2']").replace("['Logo']", "['Logo 2']")
    assert names(below) == [("Login", ["OK", "OK 2"])]
    assert counts == [2, 1, 2]
    done = joined(outline(flow(PRESS, OURS)), outline(flow(PRESS, other)))
    assert done.renamed == (
        RenamedElement("appmask['Login']['OK']", "appmask['Login']['OK 2']"),
        RenamedElement("imgrepo['Logo']", "imgrepo['Logo 2']"),
    )


def test_pasting_a_clash_again_finds_the_first_one() -> None:
    other = section(screen("Login", control("OK", custom("#ok")), process="shop"))
    rows, below, _ = join(other, PRESS)
    assert names(below) == [("Login", ["OK"]), ("Login 2", ["OK"])]
    assert rows == PRESS.replace("Login", "Login 2")

    again, still, counts = join(other, PRESS, below)

    assert (again, still, counts) == (rows, below, [0, 2, 1])


def test_a_flow_without_a_section_takes_the_whole_one() -> None:
    assert join(OURS, ours="") == (f"{PRESS}\n{LOOK}", OURS, [3, 0, 0])


def test_rows_without_elements_change_nothing() -> None:
    rows, below, counts = join("", "SET A TO 1")

    assert (rows, below, counts) == ("SET A TO 1", "", [0, 0, 0])


def test_rows_without_elements_are_pasted_into_a_flow_whose_section_is_broken() -> None:
    broken = "# [ControlRepository][PowerAutomateDesktop]\n\n{"

    assert join("", "SET A TO 1", broken) == ("SET A TO 1", "", [0, 0, 0])


def test_a_repository_of_another_machine_is_added_as_it_is() -> None:
    other = section(screen("Login", OK)).replace('"Name": "appmask"', '"Name": "appmask2"')

    _, below, counts = join(other, PRESS.replace("appmask", "appmask2"))

    found = flow_elements(outline(flow("SET A TO 1", below)))
    assert [(one.repository, one.name) for one in found.screens] == [
        ("appmask", "Login"),
        ("appmask2", "Login"),
    ]
    assert counts == [2, 0, 0]


def test_connection_references_come_along_once() -> None:
    reference = {"LogicalName": "new_office", "ConnectionName": "c1"}
    other = section(ConnectionReferences=[reference])

    _, below, _ = join(other, "SET A TO 1")
    assert below == section(screen("Login", OK), images=(image("Logo"),), ConnectionReferences=[reference])
    assert join(other, "SET A TO 1", below)[1] == below


def test_copied_rows_take_only_what_they_use() -> None:
    connection = {"LogicalName": "new_office", "ConnectionName": "c1"}
    all_of_it = section(
        screen("Login", OK, CANCEL),
        screen("Orders", CANCEL),
        images=(image("Logo"), image("Sign", OTHER_PNG)),
        ConnectionReferences=[connection],
    )

    assert with_elements(PRESS, all_of_it) == flow(PRESS, section(screen("Login", OK), images=()))
    window = "UIAutomation.GetDetailsOfWindow.GetWindowTitle Window: appmask['Orders']"
    assert names(with_elements(window, all_of_it).partition("\n\n")[2].rstrip()) == [("Orders", [])]
    branch = f"ELSE\n    {PRESS}"
    assert with_elements(branch, all_of_it) == flow(branch, section(screen("Login", OK), images=()))
    connected = "External.InvokeCloudConnector Connection: 'c1' ConnectorId: 'x' OperationId: 'y'"
    assert '"c1"' in with_elements(connected, all_of_it)


def test_copied_rows_that_use_nothing_come_alone() -> None:
    assert with_elements("SET A TO 1", OURS) == "SET A TO 1\n"
