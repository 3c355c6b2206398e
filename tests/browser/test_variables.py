"""Environment variables from the first to the last, and what somebody sees who may not."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import Deskhand


def choose(dialog: Locator, field: str, option: str) -> None:
    dialog.get_by_role("combobox", name=field).click()
    dialog.page.get_by_role("option", name=option, exact=True).click()


def row_action(page: Page, row: str, action: str) -> None:
    page.get_by_role("row", name=row, exact=True).click(button="right")
    page.get_by_role("menuitem", name=action).click()


def test_a_variable_is_made_edited_and_deleted(screen: Screen) -> None:
    page = screen.page
    screen.open("variables", "Environment variables")
    expect(page.get_by_text("They hold what differs between environments")).to_be_visible()
    screen.shoot("variables-none")
    page.get_by_role("main").get_by_role("button", name="New environment variable").last.click()
    dialog = page.get_by_role("dialog", name="New environment variable")
    dialog.get_by_label("Name for people").fill("Mailboxes")
    choose(dialog, "Type", "JSON")
    dialog.get_by_label("Current value").fill('{"invoices":')
    dialog.get_by_role("button", name="Create variable").click()
    expect(dialog.get_by_text("The value is no JSON: see line 1, column 13.")).to_be_visible()
    screen.shoot("variable-refused")
    assert screen.audit() == []
    dialog.get_by_label("Current value").fill('{"invoices": "a@example.org"}')
    dialog.get_by_role("button", name="Create variable").click()
    row = page.get_by_role("row", name="Mailboxes", exact=True)
    expect(row).to_contain_text("new_Mailboxes")
    expect(row).to_contain_text('{"invoices": "a@example.org"}')

    row_action(page, "Mailboxes", "Edit…")
    dialog = page.get_by_role("dialog", name="Edit ‘Mailboxes’")
    expect(dialog.get_by_label("Type")).to_have_count(0)  # it stays as it was made
    dialog.get_by_label("Name for people").fill("Boxes")
    dialog.get_by_label("Default").fill("[]")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Boxes", exact=True)
    expect(row).to_contain_text("[]")

    row_action(page, "Boxes", "Delete…")
    page.get_by_role("alertdialog").or_(page.get_by_role("dialog")).get_by_role(
        "button", name="Delete variable"
    ).click()
    expect(row).to_have_count(0)


def test_a_yes_or_no_is_chosen(screen: Screen) -> None:
    page = screen.page
    screen.open("variables", "Environment variables")
    page.get_by_role("main").get_by_role("button", name="New environment variable").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name for people").fill("Dry run")
    choose(dialog, "Type", "Yes/No")
    choose(dialog, "Current value", "No")
    screen.shoot("variable-yes-no")
    dialog.get_by_role("button", name="Create variable").click()
    row = page.get_by_role("row", name="Dry run", exact=True)
    expect(row.get_by_role("gridcell", name="No", exact=True)).to_be_visible()
    expect(row.get_by_role("gridcell", name="Yes/No", exact=True)).to_be_visible()


def test_somebody_without_a_role_is_told_in_words(browser: Browser, installation: Deskhand) -> None:
    installation.command("user", "add", "basil", "--full-name", "Basil Bare")
    with signed_in(browser, installation, "basil", size="narrow", theme="dark") as his:
        his.page.goto(f"{his.base}/e/default/desktopflows/0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001")
        expect(his.page.get_by_text("You may not see this")).to_be_visible()
        expect(his.page.get_by_text("None of your roles allows this.")).to_be_visible()
        his.shoot("without-a-role")
        assert his.audit() == []
        his.page.get_by_role("button", name="Go to Desktop flows").click()
        expect(his.page.get_by_text("None of your roles allows this.")).to_be_visible()
        expect(his.page.get_by_text("Principal user")).to_have_count(0)
