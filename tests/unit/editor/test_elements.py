"""UI elements and images of a flow: what there is, what uses it, and changes that leave the rest as it is."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from deskhand.editor.elements import (
    LARGEST_IMAGE,
    FlowElements,
    UseOfElement,
    flow_elements,
    import_image,
    remove_elements,
    rename_element,
    rename_image,
    set_selectors,
)
from deskhand.editor.errors import (
    ElementInUse,
    ElementMissing,
    ElementNameRefused,
    ImageRefused,
    RepositoryBroken,
    SelectorsRefused,
)
from deskhand.editor.outline import outline
from deskhand.editor.repository import ElementPlace, ElementSelector
from tests.unit.editor.sections import (
    OTHER_PNG,
    PNG,
    attribute,
    control,
    custom,
    image,
    screen,
    section,
    selector,
)

ROWS = """\
UIAutomation.PressButton.PressButton Button: appmask['Window \\'Größe\\'']['OK']
SET Text TO $'''Wait for %appmask['window \\'größe\\'']['OK']%'''
FUNCTION Look GLOBAL
    MouseAndKeyboard.MoveMouseToImage.MoveToImage Images: [imgrepo['Logo'], imgrepo['Gone']] Tolerance: 10
    UIAutomation.GetDetailsOfWindow.GetWindowTitle Window: appmask['Window \\'Größe\\'']
END FUNCTION
"""
WINDOW = "Window 'Größe'"
BUTTON = control(
    "OK",
    selector(attribute("Id", "15"), attribute("Enabled", True, ignore=True), attribute("Ordinal", 2)),
    custom(':desktop > window > button[Name="OK"]', 1),
)
SECTION = section(
    screen(WINDOW, BUTTON, control("Cancel", selector(attribute("Name", "Cancel")))),
    screen("Orders", control("Rows", custom("#rows > tr"), tag="table"), web=True),
    images=(image("Logo"), image("Old", OTHER_PNG)),
)
FLOW = f"{ROWS}\n{SECTION}\n"
OK = ElementPlace("appmask", WINDOW, "OK")


def found(text: str) -> FlowElements:
    return flow_elements(outline(text))


def difference(before: str, after: str) -> tuple[str, str]:
    """Return what stands differently between the beginnings and the ends that two texts share."""
    start = 0
    while before[start : start + 1] == after[start : start + 1] != "":
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return before[start : len(before) - end], after[start : len(after) - end]


def test_screens_hold_elements_with_their_uses() -> None:
    elements = found(FLOW)

    assert [(one.name, one.web, one.type, len(one.uses)) for one in elements.screens] == [
        (WINDOW, False, "Window", 3),
        ("Orders", True, "Web Page", 0),
    ]
    ok, cancel = elements.screens[0].elements
    assert ok.reference == "appmask['Window \\'Größe\\'']['OK']"
    assert ok.uses == (UseOfElement("Main", 0), UseOfElement("Main", 1))
    assert (ok.type, ok.protocol, cancel.uses) == ("Button", "uia3", ())
    assert [(one.path, one.png, one.uses) for one in elements.images] == [
        (("Logo",), PNG, (UseOfElement("Look", 0),)),
        (("Old",), OTHER_PNG, ()),
    ]
    assert [(one.reference, one.uses) for one in elements.missing] == [
        ("imgrepo['Gone']", (UseOfElement("Look", 0),))
    ]


def test_selectors_show_their_parts_and_their_text() -> None:
    first, second = found(FLOW).screens[0].elements[0].selectors

    assert [(one.name, one.operator, one.value, one.enabled) for one in first.parts[0].attributes] == [
        ("Id", "EqualTo", "15", True),
        ("Enabled", "EqualTo", "True", False),
        ("Ordinal", "EqualTo", "2", True),
    ]
    assert (first.custom, first.text) == (False, 'button[Id="15"]:eq(2)')
    assert (second.custom, second.text) == (True, ':desktop > window > button[Name="OK"]')


def test_renaming_an_element_changes_its_uses_and_nothing_else() -> None:
    renamed = rename_element(outline(FLOW), OK, "It's fine")

    assert "Button: appmask['Window \\'Größe\\'']['It\\'s fine']" in renamed
    assert "%appmask['window \\'größe\\'']['It\\'s fine']%" in renamed
    assert [one.name for one in found(renamed).screens[0].elements] == ["It's fine", "Cancel"]
    back = rename_element(outline(renamed), replace(OK, element="It's fine"), "OK")
    assert back == FLOW


def test_renaming_a_screen_reaches_the_uses_of_its_elements() -> None:
    renamed = rename_element(outline(FLOW), ElementPlace("appmask", WINDOW), "Sizes")

    head = renamed.partition("# [Control")[0]
    assert head.count("appmask['Sizes']") == 3
    assert "Größe" not in head
    assert found(renamed).screens[0].elements[0].uses == (UseOfElement("Main", 0), UseOfElement("Main", 1))


def test_renaming_an_image_changes_its_uses() -> None:
    renamed = rename_image(outline(FLOW), ["Logo"], "Sign")

    assert "Images: [imgrepo['Sign'], imgrepo['Gone']]" in renamed
    assert rename_image(outline(renamed), ["Sign"], "Logo") == FLOW


@pytest.mark.parametrize("name", ["", "  ", "cancel", "two\nlines", "x" * 201])
def test_a_name_that_is_none_or_taken_is_refused(name: str) -> None:
    with pytest.raises(ElementNameRefused):
        rename_element(outline(FLOW), OK, name)


def test_the_own_name_may_change_its_case() -> None:
    assert "['ok']" in rename_element(outline(FLOW), OK, "ok")


def test_an_element_that_is_gone_cannot_be_renamed() -> None:
    with pytest.raises(ElementMissing, match="has no ‘Apply’ any more"):
        rename_element(outline(FLOW), replace(OK, element="Apply"), "Done")


def selectors(text: str = FLOW) -> list[ElementSelector]:
    return list(found(text).screens[0].elements[0].selectors)


def test_selectors_that_stay_keep_every_byte() -> None:
    assert set_selectors(outline(FLOW), OK, selectors()) == FLOW


def test_an_attribute_changes_alone_and_keeps_its_kind() -> None:
    first, second = selectors()
    (part,) = first.parts
    ident, enabled, ordinal = part.attributes
    changed = replace(
        part,
        attributes=(
            replace(ident, operator="Contains", value="1"),
            replace(enabled, enabled=True, value="false"),
            replace(ordinal, value="3"),
        ),
    )

    text = set_selectors(outline(FLOW), OK, [replace(first, parts=(changed,)), second])

    shown = selectors(text)[0]
    assert shown.text == 'button[Id*="1"][Enabled="False"]:eq(3)'
    assert '\\"Value\\": false' in text
    assert '\\"Value\\": 3' in text
    before, after = difference(FLOW, text)
    assert before.count("\\r\\n") == after.count("\\r\\n")
    assert set_selectors(outline(text), OK, [replace(first, source=0), second]) == FLOW


def test_selectors_can_be_moved_switched_off_added_and_removed() -> None:
    first, second = selectors()
    more = ElementSelector("Mine", True, True, "button:eq(1)", (), None)

    text = set_selectors(outline(FLOW), OK, [second, replace(first, enabled=False), more])

    assert [(one.name, one.enabled, one.custom, one.text) for one in selectors(text)] == [
        ("Selector", True, True, ':desktop > window > button[Name="OK"]'),
        ("Default Selector", False, False, 'button[Id="15"]:eq(2)'),
        ("Mine", True, True, "button:eq(1)"),
    ]
    assert '\\"SelectorCount\\": 3' in text
    moved = selectors(text)
    assert set_selectors(outline(text), OK, [replace(moved[1], enabled=True), moved[0]]) == FLOW


def test_a_selector_becomes_custom_with_its_own_text() -> None:
    first, second = selectors()

    text = set_selectors(outline(FLOW), OK, [replace(first, custom=True, text="button"), second])

    assert next((one.custom, one.text, len(one.parts)) for one in selectors(text)) == (True, "button", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [ElementSelector("Empty", True, True, " ", (), None)],
        [ElementSelector("New", True, False, "button", (), None)],
        [ElementSelector("Far", True, True, "button", (), 9)],
        [ElementSelector("Other", True, False, "button", (), 0)],
    ],
)
def test_selectors_that_cannot_be_are_refused(wrong: list[ElementSelector]) -> None:
    with pytest.raises(SelectorsRefused):
        set_selectors(outline(FLOW), OK, wrong)


def test_what_is_unused_is_removed_and_the_rest_stays() -> None:
    text = remove_elements(
        outline(FLOW),
        [ElementPlace("appmask", WINDOW, "Cancel"), ElementPlace("appmask", "Orders")],
        [["Old"]],
    )

    assert text == f"{ROWS}\n{section(screen(WINDOW, BUTTON), images=(image('Logo'),))}\n"


def test_what_rows_use_is_not_removed() -> None:
    with pytest.raises(ElementInUse, match="2 actions use ‘OK’, the first at Main 1"):
        remove_elements(outline(FLOW), [OK])
    with pytest.raises(ElementInUse, match="1 action uses ‘Logo’, the first at Look 1"):
        remove_elements(outline(FLOW), [], [["Logo"]])


def test_an_image_is_imported_into_a_flow_with_and_without_others() -> None:
    text = import_image(outline(FLOW), "Arrow", OTHER_PNG)
    assert [one.path for one in found(text).images] == [("Logo",), ("Old",), ("Arrow",)]
    assert remove_elements(outline(text), [], [["Arrow"]]) == FLOW

    alone = import_image(outline("SET A TO 1\n"), "Arrow", PNG)
    assert alone.startswith("SET A TO 1\n\n# [ControlRepository][PowerAutomateDesktop]\n")
    assert [(one.path, one.png) for one in found(alone).images] == [(("Arrow",), PNG)]


@pytest.mark.parametrize(
    ("png", "problem"),
    [
        ("%", "no base64"),
        (base64.b64encode(b"GIF89a").decode(), "no PNG"),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_IMAGE)).decode(), "larger than 1 MB"),
    ],
)
def test_other_files_are_no_images(png: str, problem: str) -> None:
    with pytest.raises(ImageRefused, match=problem):
        import_image(outline(FLOW), "Arrow", png)


def test_an_image_needs_a_name_of_its_own() -> None:
    with pytest.raises(ElementNameRefused, match="‘logo’ is taken"):
        import_image(outline(FLOW), "logo", PNG)


@pytest.mark.parametrize(
    "broken",
    [
        "no JSON",
        "[]",
        '{ "ControlRepositorySymbols": [{ "Name": "appmask" }] }',
        '{ "ControlRepositorySymbols": [{ "Repository": "{" }] }',
        '{ "a": ' + "[" * 100 + "]" * 100 + " }",
    ],
)
def test_a_broken_section_says_so(broken: str) -> None:
    with pytest.raises(RepositoryBroken):
        found(f"SET A TO 1\n\n# [ControlRepository][PowerAutomateDesktop]\n\n{broken}\n")


def test_a_text_with_errors_is_not_changed() -> None:
    with pytest.raises(RepositoryBroken, match="mend them first"):
        import_image(outline("IF"), "Arrow", PNG)


@pytest.mark.parametrize("compact", [False, True])
def test_a_section_in_another_manner_keeps_it(compact: bool) -> None:
    whole: dict[str, Any] = {"screens": [control("A", custom("a"))]}
    text = section(screen("S", *whole["screens"]))
    if compact:
        head, _, body = text.partition("\n\n")
        text = f"{head}\n\n{''.join(line.strip() for line in body.split(chr(10)))}".replace("\\r\\n", "")
    flow = f"SET A TO 1\n\n{text}\n"
    place = ElementPlace("appmask", "S", "A")

    renamed = rename_element(outline(flow), place, "B")

    assert difference(flow, renamed) == ("A", "B")
