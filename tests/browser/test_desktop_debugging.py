"""Running a desktop flow in its designer, step by step. Source: experience 4.1 and 7."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand

FLOW = """\
@OUTPUT Total : { 'Description': '', 'FriendlyName': 'Total', 'Type': 'Numeric' }
SET Total TO 1
SET People TO {'Name': 'Ada', 'Age': 36}
CALL Add
SET Total TO Total + 100
FUNCTION Add GLOBAL
    SET Total TO Total + 10
END FUNCTION
"""
FAILING = """\
SET Before TO 1
Text.ToNumber Text: $'''no number''' Number=> Number
SET After TO 2
"""


def rows_of(page: Page, subflow: str = "Main") -> Locator:
    return page.get_by_role("treegrid", name=f"Actions of {subflow}").get_by_role("row")


def is_paused(page: Page, place: str, reason: str) -> None:
    expect(page.get_by_role("status").filter(has_text=f"Paused at {place} ({reason})")).to_be_visible()


def value_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Variables").get_by_role("button", name=f"Value of {name}: ")


def test_a_run_pauses_at_a_breakpoint_shows_and_takes_values_and_goes_on(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Stepped", FLOW, tmp_path)
    page = open_designer(screen, flow, "Stepped")
    rows_of(page).nth(2).get_by_title("Toggle breakpoint").click()
    expect(rows_of(page).nth(2)).to_have_accessible_name(re.compile("breakpoint"))

    page.get_by_role("button", name="Run", exact=True).click()
    is_paused(page, "Main 3", "breakpoint")
    below = page.get_by_role("region", name="Problems")
    expect(below.get_by_text("Paused at Main 3 (breakpoint)")).to_be_visible()
    expect(below.get_by_text("Running")).to_have_count(0)
    expect(value_of(page, "Total")).to_have_text("1")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    screen.shoot("desktop-debugging-paused")

    value_of(page, "Total").click()
    dialog = page.get_by_role("dialog")
    new = dialog.get_by_label("New value")
    new.fill("none")
    dialog.get_by_role("button", name="Set value").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    screen.shoot("desktop-debugging-refused-value")
    new.fill("5")
    dialog.get_by_role("button", name="Set value").click()
    expect(dialog).to_have_count(0)
    expect(value_of(page, "Total")).to_have_text("5")

    value_of(page, "People").click()
    expect(dialog.get_by_role("treeitem", name="Name: Ada")).to_be_visible()
    screen.shoot("desktop-debugging-value")
    dialog.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Step into").click()
    is_paused(page, "Add 1", "step")
    expect(page.get_by_role("tab", name="Add", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Step out").click()
    is_paused(page, "Main 4", "step")
    expect(value_of(page, "Total")).to_have_text("15")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()
    expect(value_of(page, "Total")).to_have_text("115")


def test_a_row_that_failed_can_be_skipped(screen: Screen, installation: Deskhand, tmp_path: Path) -> None:
    flow = flow_id(installation, "Failed", FAILING, tmp_path)
    page = open_designer(screen, flow, "Failed")
    page.get_by_role("button", name="Run", exact=True).click()
    is_paused(page, "Main 2", "error")
    expect(page.get_by_role("alert").filter(has_text="Main 2 failed.")).to_be_visible()
    screen.shoot("desktop-debugging-error")
    page.get_by_role("button", name="Retry this action").click()
    is_paused(page, "Main 2", "error")
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()


def test_everything_can_be_done_by_keys(screen: Screen, installation: Deskhand, tmp_path: Path) -> None:
    flow = flow_id(installation, "Keyed", FLOW, tmp_path)
    page = open_designer(screen, flow, "Keyed")
    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("F10")
    is_paused(page, "Main 1", "start")
    page.keyboard.press("F10")
    is_paused(page, "Main 2", "step")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F9")
    expect(rows_of(page).nth(2)).to_have_accessible_name(re.compile("breakpoint"))
    page.keyboard.press("F5")
    is_paused(page, "Main 3", "breakpoint")
    page.keyboard.press("F11")
    is_paused(page, "Add 1", "step")
    page.keyboard.press("Shift+F11")
    is_paused(page, "Main 4", "step")
    page.keyboard.press("Shift+F5")
    expect(page.get_by_role("status").filter(has_text="Canceled")).to_be_visible()
    page.keyboard.press("Control+Shift+F9")
    expect(page.get_by_role("row", name=re.compile("breakpoint"))).to_have_count(0)

    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.keyboard.press("End")
    page.keyboard.press("F9")
    page.keyboard.press("Alt+F5")
    is_paused(page, "Main 4", "breakpoint")
    expect(page.get_by_role("list", name="Run").get_by_role("listitem")).to_have_count(0)


def test_a_run_takes_what_is_on_the_page_and_asks_for_inputs(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    text = "@INPUT Name : { 'Description': 'Whom to greet', 'FriendlyName': 'Name', 'Type': 'String' }\n"
    flow = flow_id(installation, "Asking", f"{text}SET Greeting TO $'''Hello %Name%'''\n", tmp_path)
    page = open_designer(screen, flow, "Asking")
    rows_of(page).first.click()
    page.keyboard.press("Control+D")
    expect(rows_of(page)).to_have_count(2)
    page.keyboard.press("End")
    page.keyboard.press("F9")
    page.keyboard.press("F5")
    dialog = page.get_by_role("dialog", name="Inputs of ‘Asking’")
    dialog.get_by_label("Name").fill("Ada")
    page.keyboard.press("Enter")
    is_paused(page, "Main 2", "breakpoint")
    expect(value_of(page, "Greeting")).to_have_text("Hello Ada")
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    page.reload()
    expect(rows_of(page).nth(1)).to_have_accessible_name(re.compile("breakpoint"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_paused_designer_can_be_used_by_everybody(
    browser: Browser, installation: Deskhand, tmp_path: Path, theme: str
) -> None:
    flow = flow_id(installation, "Paused", FLOW, tmp_path)
    with signed_in(browser, installation, theme=theme) as screen:
        page = open_designer(screen, flow, "Paused")
        page.get_by_role("button", name="Both").click()
        page.get_by_role("treegrid").focus()
        page.keyboard.press("F9")
        page.keyboard.press("F5")
        is_paused(page, "Main 1", "breakpoint")
        screen.shoot(f"desktop-debugging-{theme}")
        assert not (found := screen.audit()), "\n".join(found)
        page.keyboard.press("Shift+F5")
        expect(page.get_by_role("status").filter(has_text="Canceled")).to_be_visible()
