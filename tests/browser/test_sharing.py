"""Share a flow with somebody, who then finds it, runs it and may not change it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import Deskhand

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"


@pytest.fixture
def hers(browser: Browser, installation: Deskhand, anna: str) -> Iterator[Screen]:
    """A window of Anna's, in the dark theme."""
    with signed_in(browser, installation, anna, theme="dark") as opened:
        yield opened


def share_with_anna(page: Page) -> None:
    pane = page.get_by_role("dialog")
    pane.get_by_role("combobox", name="Name, sign-in name or mail address").fill("kova")
    page.get_by_role("option", name="Anna Kovač (anna)").click()
    pane.get_by_role("button", name="Share", exact=True).click()
    expect(pane.get_by_text("Shared with Anna Kovač.")).to_be_visible()


def test_a_flow_is_shared_raised_to_co_owner_and_taken_back(screen: Screen, hers: Screen) -> None:
    page = screen.page
    screen.open(f"desktopflows/{HELLO}", "Hello")
    page.get_by_role("button", name="Share", exact=True).click()
    pane = page.get_by_role("dialog")
    expect(pane.get_by_text("Runs the flow and calls it from cloud flows.")).to_be_visible()
    share_with_anna(page)
    screen.shoot("share-pane")
    assert screen.audit() == []

    hers.open("desktopflows?whose=shared", "Desktop flows")
    expect(hers.page.get_by_role("row", name="Hello", exact=True)).to_be_visible()
    hers.open(f"desktopflows/{HELLO}", "Hello")
    expect(hers.page.get_by_role("button", name="Delete")).to_be_disabled()
    hers.page.get_by_role("button", name="Share", exact=True).click()
    expect(
        hers.page.get_by_text("Only its owner, its co-owners and administrators can share it.")
    ).to_be_visible()
    expect(hers.page.get_by_text("System Administrator role: sees and changes all of these")).to_have_count(0)
    hers.shoot("share-pane-of-a-user")
    hers.page.keyboard.press("Escape")

    pane.get_by_role("combobox", name="What Anna Kovač may do").click()
    page.get_by_role("option", name="Co-owner").click()
    expect(pane.get_by_role("combobox", name="What Anna Kovač may do")).to_have_text("Co-owner")
    hers.page.reload()
    expect(hers.page.get_by_role("button", name="Delete")).to_be_enabled()

    pane.get_by_role("button", name="Stop sharing with Anna Kovač").click()
    expect(pane.get_by_text("No longer shared with Anna Kovač.")).to_be_visible()
    expect(pane.get_by_text("Nobody but the owner.")).to_be_visible()
    hers.open("desktopflows?whose=shared", "Desktop flows")
    expect(hers.page.get_by_text("Nothing is shared with you")).to_be_visible()


def test_a_machine_is_shared_by_the_keyboard(screen: Screen, hers: Screen) -> None:
    page = screen.page
    screen.open("machines", "Machines")
    page.get_by_role("grid", name="Machines").get_by_role("row").nth(1).press("Enter")
    page.get_by_role("heading", level=1).and_(page.get_by_text("Machines", exact=True)).wait_for(
        state="detached"
    )
    page.get_by_role("button", name="Share", exact=True).press("Enter")
    box = page.get_by_role("combobox", name="Name, sign-in name or mail address")
    box.fill("anna")
    expect(page.get_by_role("option", name="Anna Kovač (anna)")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Share", exact=True).press("Enter")
    expect(page.get_by_text("Shared with Anna Kovač.")).to_be_visible()
    hers.open("machines", "Machines")
    expect(hers.page.get_by_role("grid", name="Machines").get_by_role("row")).to_have_count(2)
