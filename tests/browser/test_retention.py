"""See what is kept how long, and what would go. Source: experience 3, Admin > Retention."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_an_administrator_sees_what_is_kept_and_counts_what_would_go(screen: Screen) -> None:
    page = screen.page
    screen.open("/admin", "Admin")
    page.get_by_role("tab", name="Retention").click()
    table = page.get_by_role("table", name="Retention")
    expect(table.get_by_role("row", name="Cloud flow runs and their actions")).to_contain_text("28 days")
    expect(table.get_by_role("row", name="Action logs")).to_contain_text("as long as the run")
    page.get_by_role("combobox", name="What").select_option("desktopRuns")
    page.get_by_role("spinbutton", name="Kept for days").fill("30")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_text("Desktop flow runs, kept for 30 days: 0 would go.")).to_be_visible()
    screen.shoot("retention")
    assert screen.audit() == []
    page.set_viewport_size({"width": 640, "height": 900})
    screen.shoot("retention-narrow")
