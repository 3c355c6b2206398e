"""Regions, comments, folding and keys of the designer of desktop flows. Source: experience 4.1 and 7."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_desktop_debugging import rows_of
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand

FLOW = """\
SET A TO 1
IF A = 1 THEN
    SET B TO 2
END
SET C TO 3
CALL Other
FUNCTION Other GLOBAL
    SET D TO 4
END FUNCTION
"""
KEYS = (
    "F5", "Shift+F5", "F10", "Ctrl+Pause", "F11", "Shift+F11", "Ctrl+F10", "Alt+F5", "F9",
    "Ctrl+Shift+F9", "Ctrl+S", "Ctrl+Shift+S", "Ctrl+Z", "Ctrl+X", "Ctrl+C", "Ctrl+V", "Ctrl+A",
    "Del", "Ctrl+F", "Ctrl+G", "Ctrl+H", "F2", "Shift+F12", "Enter", "Insert", "Alt+↑", "Alt+↓",
    "Ctrl+D", "Ctrl+/", "Ctrl+E", "F6", "Shift+F6", "F8", "Shift+F8", "←", "Ctrl+Y", "Ctrl+Tab",
    "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+Space",
)  # fmt: skip


def grid(page: Page, subflow: str = "Main") -> Locator:
    return page.get_by_role("treegrid", name=f"Actions of {subflow}")


def titles(page: Page) -> list[str]:
    """Return the rows as they are spoken."""
    return [str(one.get_attribute("aria-label")) for one in rows_of(page).all()]


def test_rows_are_put_into_a_region_that_is_named_folded_and_removed(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Regions", FLOW, tmp_path)
    page = open_designer(screen, flow, "Regions")
    rows = rows_of(page)
    rows.nth(2).click()
    rows.nth(4).click(modifiers=["Shift"])
    page.keyboard.press("Control+Alt+R")
    panel = page.get_by_role("region", name="Region")
    panel.get_by_label("Name").fill("Read the list")
    panel.get_by_role("button", name="Save").click()
    expect(rows).to_have_count(8)
    assert [one.split(",")[0].strip() for one in titles(page)] == [
        "1: Set variable Assign 1",
        "2: Region Read the list",
        "3: If %A% = 1 then",
        "4: Set variable Assign 2",
        "5: End",
        "6: Set variable Assign 3",
        "7: End region",
        "8: Run subflow Other",
    ]

    expect(grid(page)).to_be_focused()
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "false")
    screen.shoot("desktop-rows-folded")
    page.keyboard.press("Control+ArrowRight")
    expect(rows).to_have_count(8)
    page.keyboard.press("Control+ArrowLeft")
    expect(rows).to_have_count(3)
    page.keyboard.press("Control+F")
    page.keyboard.type("Assign 2")
    page.get_by_role("button", name="Go to Main 4").click()
    expect(page.get_by_role("row", selected=True)).to_have_accessible_name(re.compile("^4: Set variable"))

    rows.nth(1).click()
    page.keyboard.press("Delete")
    expect(rows).to_have_count(6)
    expect(page.get_by_text("No problems. The flow can be published.")).to_have_count(0)
    page.keyboard.press("Control+Z")
    expect(rows).to_have_count(8)


def test_a_comment_and_an_empty_region_are_added_from_a_rows_menu(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Comments", FLOW, tmp_path)
    page = open_designer(screen, flow, "Comments")
    rows = rows_of(page)
    rows.first.click(button="right")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Put into a region")).to_be_visible()
    screen.shoot("desktop-rows-menu")
    page.keyboard.press("Escape")
    expect(grid(page)).to_be_focused()
    rows.first.click()
    page.keyboard.press("Shift+F10")
    menu.get_by_role("menuitem", name="Add comment").click()
    panel = page.get_by_role("region", name="Comment")
    panel.get_by_label("Comment").fill("What A is for")
    panel.get_by_role("button", name="Save").click()
    expect(rows.nth(1)).to_have_accessible_name(re.compile("What A is for"))
    page.keyboard.press("Enter")
    expect(panel.get_by_label("Comment")).to_have_value("What A is for")
    panel.get_by_label("Comment").fill("What A is")
    panel.get_by_role("button", name="Save").click()
    expect(rows.nth(1)).to_have_accessible_name(re.compile("What A is$"))

    page.keyboard.press("Control+Alt+Shift+R")
    expect(page.get_by_role("region", name="Region")).to_be_visible()
    expect(rows).to_have_count(9)


def test_every_pane_and_subflow_is_reached_by_keys(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Keys", FLOW, tmp_path)
    page = open_designer(screen, flow, "Keys")
    grid(page).focus()
    page.keyboard.press("F6")
    expect(page.get_by_role("tab", name="Variables")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("tab", name="0 errors")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("toolbar").get_by_role("button").first).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("searchbox", name="Search actions")).to_be_focused()
    page.keyboard.press("F6")
    expect(grid(page)).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("searchbox", name="Search actions")).to_be_focused()
    page.keyboard.press("Control+2")
    expect(grid(page)).to_be_focused()
    page.keyboard.press("Control+3")
    expect(page.get_by_role("tab", name="Variables")).to_be_focused()
    page.keyboard.press("Control+1")
    expect(page.get_by_role("searchbox", name="Search actions")).to_be_focused()

    page.keyboard.press("Control+2")
    page.keyboard.press("Control+Tab")
    expect(grid(page, "Other")).to_be_visible()
    page.keyboard.press("Alt+PageDown")
    expect(grid(page)).to_be_visible()

    rows = rows_of(page)
    rows.first.click()
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("row", selected=True)).to_have_count(2)
    expect(rows.nth(2)).to_have_attribute("aria-selected", "true")


def test_the_list_of_shortcuts_names_every_key_of_the_open_designer(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Listed", FLOW, tmp_path)
    page = open_designer(screen, flow, "Listed")
    grid(page).focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    for key in KEYS:
        expect(dialog.get_by_text(key, exact=True).first).to_be_attached()
    screen.shoot("desktop-rows-shortcuts")
    assert not (found := screen.audit()), "\n".join(found)
    page.keyboard.press("Escape")

    page.keyboard.press("Control+K")
    page.keyboard.type("go to line")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Go to line")).to_be_visible()
    page.keyboard.press("Escape")
    screen.open("runs", "Desktop flow runs")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("In the designer")).to_have_count(0)
