"""Finding, replacing and renaming in the designer of desktop flows. Source: experience 4.1 and 7."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.browser.test_desktop_debugging import rows_of
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand

FLOW = """\
SET Folder TO $'''C:\\\\old invoices'''
SET Report TO $'''Folder of %Folder%'''
WAIT 1
CALL Check
Text.AppendLine Text: Report LineToAppend: $'''Old''' Result=> Unread
FUNCTION Check GLOBAL
    SET Report TO $'''%Report% (old)'''
END FUNCTION
"""


def results(page: Page) -> Locator:
    return page.get_by_role("list", name="Find results").get_by_role("listitem")


def text_of(page: Page, subflow: str = "Main") -> Locator:
    return page.get_by_role("textbox", name=f"Text of {subflow}")


def ask_to_replace(page: Page) -> None:
    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("Control+H")
    expect(page.get_by_role("searchbox", name="Find in the flow")).to_be_focused()


def test_what_is_found_is_replaced_in_all_subflows_and_undone_in_one_step(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Replacing", FLOW, tmp_path)
    page = open_designer(screen, flow, "Replacing")
    page.get_by_role("button", name="Both").click()
    ask_to_replace(page)
    page.keyboard.type("old")
    expect(results(page)).to_have_count(4)
    page.get_by_role("button", name="Whole name").click()
    expect(results(page)).to_have_count(3)
    page.get_by_role("button", name="Match case").click()
    expect(results(page)).to_have_count(2)
    expect(results(page).first.locator("mark")).to_have_text("old")
    screen.shoot("desktop-finding-replace")
    assert not (found := screen.audit()), "\n".join(found)

    page.get_by_label("Replace with").fill("it's new")
    page.get_by_role("button", name="Replace all").click()
    expect(page.get_by_text("Replaced 2 times in 2 rows.")).to_be_visible()
    expect(text_of(page)).to_contain_text(r"SET Folder TO $'''C:\\it\'s new invoices'''")
    page.get_by_role("tab", name="Check").click()
    expect(text_of(page, "Check")).to_contain_text(r"%Report% (it\'s new)")
    page.get_by_role("button", name="Undo").click()
    expect(text_of(page, "Check")).to_contain_text("%Report% (old)")
    page.get_by_role("tab", name="Main").click()
    expect(text_of(page)).to_contain_text(r"C:\\old invoices")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_row_is_replaced_alone_and_one_that_would_be_wrong_says_why(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "One by one", FLOW, tmp_path)
    page = open_designer(screen, flow, "One by one")
    ask_to_replace(page)
    page.keyboard.type("Report")
    expect(results(page)).to_have_count(3)
    page.get_by_label("Replace with").fill("two words")
    page.get_by_role("button", name="Replace in Main 2").click()
    expect(results(page).first).to_contain_text("‘two words’ is no variable.")
    expect(page.get_by_text("Nothing was replaced. 1 row stays as before.")).to_be_visible()
    screen.shoot("desktop-finding-refused")
    page.get_by_label("Replace with").fill("Summary")
    page.keyboard.press("Enter")
    expect(results(page)).to_have_count(2)

    search = page.get_by_role("searchbox", name="Find in the flow")
    search.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Check")).to_have_attribute("aria-selected", "true")
    expect(search).to_be_focused()
    page.keyboard.press("F3")
    expect(page.get_by_role("tab", name="Main")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("row", selected=True)).to_have_accessible_name(re.compile("^5: Append line"))
    results(page).last.get_by_role("button", name="Go to Check 1").click()
    expect(page.get_by_role("treegrid", name="Actions of Check")).to_be_focused()


def test_a_variable_is_renamed_merged_and_looked_for_by_keys(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Renaming", FLOW, tmp_path)
    page = open_designer(screen, flow, "Renaming")
    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog", name="Rename ‘Folder’")
    dialog.get_by_label("New name").fill("report")
    expect(dialog.get_by_role("alert")).to_contain_text("‘Report’ exists already. Both become one variable")
    screen.shoot("desktop-finding-merge")
    assert not (found := screen.audit()), "\n".join(found)
    expect(dialog.get_by_role("button", name="Merge")).to_be_visible()
    dialog.get_by_label("New name").fill("Place")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    variables = page.get_by_role("region", name="Variables")
    expect(variables).to_contain_text("Place")

    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("End")
    page.keyboard.press("Shift+F12")
    picked = page.get_by_role("dialog", name="Of which variable")
    expect(picked.get_by_role("radio")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Usages of ‘Report’")).to_be_visible()
    expect(results(page)).to_have_count(3)

    variables.get_by_role("button", name="Menu of Unread").focus()
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog", name="Rename ‘Unread’")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Text", exact=True).click()
    text_of(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog", name="Rename ‘Place’")).to_be_visible()


def test_variables_that_nothing_uses_are_named_and_removed(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Tidying", FLOW, tmp_path)
    page = open_designer(screen, flow, "Tidying")
    page.get_by_role("button", name="All variables").click()
    page.get_by_role("menuitem", name="Remove unused variables").click()
    dialog = page.get_by_role("dialog", name="Remove unused variables")
    expect(dialog.get_by_role("listitem")).to_have_text(["Unread"])
    screen.shoot("desktop-finding-unused")
    dialog.get_by_role("button", name="Remove 1 variable").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("region", name="Variables")).not_to_contain_text("Unread")
    expect(rows_of(page)).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Variables")).to_contain_text("Unread")


def test_one_goes_to_a_line_of_the_cards_and_of_the_text(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Lines", FLOW, tmp_path)
    page = open_designer(screen, flow, "Lines")
    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("Control+G")
    line = page.get_by_role("dialog", name="Go to line").get_by_label("Line of Main, 1 to 5")
    line.fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There are lines 1 to 5.")).to_be_visible()
    line.fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", selected=True)).to_have_accessible_name(re.compile("^4: Run subflow"))
    expect(page.get_by_role("treegrid", name="Actions of Main")).to_be_focused()

    page.keyboard.press("Control+E")
    text_of(page).click()
    page.keyboard.press("Control+G")
    line.fill("3")
    page.keyboard.press("Enter")
    expect(text_of(page)).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_have_text("WAIT 1")


@pytest.mark.parametrize(("theme", "size"), [("light", "narrow"), ("dark", "wide")])
def test_results_can_be_read_by_everybody(
    browser: Browser, installation: Deskhand, tmp_path: Path, theme: str, size: str
) -> None:
    flow = flow_id(installation, "Found by all", FLOW, tmp_path)
    with signed_in(browser, installation, theme=theme, size=size) as screen:
        page = open_designer(screen, flow, "Found by all")
        ask_to_replace(page)
        page.keyboard.type("report")
        expect(results(page)).to_have_count(3)
        screen.shoot(f"desktop-finding-{theme}-{size}")
        assert not (found := screen.audit()), "\n".join(found)
