"""From nothing to the first run that succeeded. Source: experience 9."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.screen import Screen

MOST_BYTES = 350 * 1024


def test_the_first_enter_runs_the_sample_and_shows_how_it_ended(screen: Screen) -> None:
    tile = screen.page.get_by_role("button", name="Run the sample flow")
    expect(tile).to_be_focused()
    screen.shoot("home-first")
    screen.page.keyboard.press("Enter")

    expect(screen.page.get_by_role("heading", level=1)).to_contain_text("Hello · run")
    expect(screen.page.get_by_text("Succeeded in")).to_be_visible()
    expect(screen.page.get_by_text("Greeting = Hello World")).to_be_visible()
    actions = screen.page.get_by_role("table", name="Actions")
    expect(actions.get_by_role("row").nth(1)).to_contain_text("Succeeded")
    screen.shoot("run-succeeded")


def test_a_tile_goes_when_it_was_used_and_can_be_brought_back(screen: Screen) -> None:
    tiles = screen.page.get_by_role("button", name="Create a flow")
    tiles.click()
    expect(screen.page.get_by_role("heading", name="Create", level=1)).to_be_visible()
    screen.page.go_back()
    bring_back = screen.page.get_by_role("button", name="Show the start tiles")
    expect(bring_back).to_be_visible()
    expect(tiles).to_have_count(0)
    bring_back.click()
    expect(tiles).to_be_visible()


def test_the_first_page_needs_little_script(screen: Screen) -> None:
    expect(screen.page.get_by_role("button", name="Create a flow")).to_be_visible()
    needed = sum(screen.sizes.values())
    print(f"\nscript of the first page, compressed: {needed / 1024:.0f} KiB in {len(screen.sizes)} files")
    assert 0 < needed <= MOST_BYTES


def test_a_link_that_was_used_says_so_and_offers_a_way_on(screen: Screen) -> None:
    screen.page.goto(f"{screen.base}/start?code=AAAA-BBBB")
    expect(screen.page.get_by_role("heading")).to_contain_text("did not work")
