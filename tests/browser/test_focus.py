"""The focus stays in a dialog, whatever comes and goes in it; without it, screen readers see no dialog."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.cloud_designer import stored
from tests.browser.screen import Screen
from tests.browser.test_dialogs import DIALOGS, HELLO, button
from tests.browser.test_many_runs import started
from tests.live import ApiClient, Deskhand

_SETTLED = "async () => { for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame); }"
_IS_INSIDE = """() => document.activeElement.closest(
  '[role=dialog], [role=alertdialog], [data-tabster-dummy]') !== null"""
_STOPS = 30


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("focus")


def opened(opener: Locator) -> Locator:
    """Open a dialog by the keyboard, and return it."""
    dialog = opener.page.locator("[role=dialog], [role=alertdialog]")
    opener.press("Enter")
    expect(dialog).to_be_visible()
    return dialog


def holds_focus(dialog: Locator) -> None:
    """Make sure that something in a dialog has the focus, and that screen readers see the dialog."""
    dialog.page.evaluate(_SETTLED)
    expect(dialog.locator(":focus")).to_have_count(1)
    expect(dialog.page.get_by_role("dialog").or_(dialog.page.get_by_role("alertdialog"))).to_have_count(1)


@pytest.mark.parametrize("path", DIALOGS)
def test_tab_goes_round_in_a_dialog(screen: Screen, path: str) -> None:
    page = screen.page
    screen.open(path)
    screen.settle()
    for name in DIALOGS[path]:
        opener = button(page, re.compile(name))
        dialog = opened(opener)
        for key in ("Tab",) * _STOPS + ("Shift+Tab",) * 3:
            page.keyboard.press(key)
            assert page.evaluate(_IS_INSIDE), f"{name}: {key}"
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_a_command_comes_in_place_of_the_button_that_asked_for_it(screen: Screen, anna: str) -> None:
    page = screen.page
    screen.open("machines", "Machines")
    dialog = opened(button(page, "Register a machine"))
    dialog.get_by_role("button", name="Show the command").press("Enter")
    expect(dialog.get_by_text("Waiting for the machine")).to_be_visible()
    holds_focus(dialog)

    screen.open("/admin")
    dialog = opened_from_menu(page, anna, "Sign-in link")
    dialog.get_by_role("button", name="Make the link").press("Enter")
    expect(dialog.get_by_role("button", name="Copy the command")).to_be_visible()
    holds_focus(dialog)


def opened_from_menu(page: Page, row: str, item: str) -> Locator:
    """Open a dialog by the menu of a row, and return it."""
    page.get_by_role("row", name=row, exact=True).press("Shift+F10")
    page.get_by_role("menuitem", name=re.compile(item)).press("Enter")
    dialog = page.locator("[role=dialog], [role=alertdialog]")
    expect(dialog).to_be_visible()
    return dialog


def test_roles_are_given_and_taken_without_losing_the_focus(screen: Screen, anna: str) -> None:
    page = screen.page
    screen.open("/admin")
    dialog = opened_from_menu(page, anna, "Roles")
    box = dialog.get_by_role("checkbox", name="System Administrator")
    box.press("Space")
    expect(box).to_be_checked()
    holds_focus(dialog)
    expect(box).to_be_focused()


def test_who_is_taken_from_a_list_leaves_the_focus_in_its_dialog(screen: Screen, anna: str) -> None:
    page = screen.page
    screen.open(f"desktopflows/{HELLO}", "Hello")
    pane = opened(button(page, "Share"))
    pane.get_by_role("combobox", name="Name, sign-in name or mail address").press_sequentially("kova")
    expect(page.get_by_role("option", name="Anna Kovač (anna)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    pane.get_by_role("button", name="Share", exact=True).press("Enter")
    expect(pane.get_by_text("Shared with Anna Kovač.")).to_be_visible()
    holds_focus(pane)

    pane.get_by_role("button", name="Stop sharing with Anna Kovač").press("Enter")
    expect(pane.get_by_text("Nobody but the owner.")).to_be_visible()
    holds_focus(pane)
    page.keyboard.press("Escape")
    expect(button(page, "Share")).to_be_focused()


def test_a_question_becomes_progress_and_result_in_the_same_dialog(
    screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    failing = {"type": "Terminate", "inputs": {"runStatus": "Failed"}, "runAfter": {}}
    flow = started(installation, client, "Fails in focus", failing, 2)
    page = screen.page
    screen.open(f"cloudruns?flow={flow}", "Cloud flow activity")
    grid = page.get_by_role("grid", name="Cloud flow activity")
    expect(grid.get_by_text("Failed", exact=True)).to_have_count(2)
    for row in range(1, 3):
        grid.get_by_role("row").nth(row).press("Space")
    dialog = opened(page.get_by_role("button", name="Resubmit").first)
    dialog.get_by_role("button", name=re.compile("^Resubmit")).press("Enter")
    expect(dialog.get_by_role("button", name="Close")).to_be_visible()
    holds_focus(dialog)


def test_a_refusal_leaves_the_focus_at_the_button(screen: Screen, client: ApiClient) -> None:
    page = screen.page
    stored(client, "Taken", {"triggers": {}, "actions": {}})
    screen.open("credentials", "Credentials")
    dialog = opened(button(page, "New credential"))
    save = dialog.get_by_role("button", name=re.compile("Create|Save|Add")).last
    save.press("Enter")
    expect(dialog.get_by_role("alert").first).to_be_visible()
    holds_focus(dialog)
