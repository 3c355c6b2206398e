"""What is on a page keeps within its room: names, windows, menus and reports. Source: experience 11."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.cloud_designer import add_step, card, made, portal
from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.browser.test_importing import solution
from tests.live import ApiClient, Deskhand

LONG = "Monatsabschlussbuchungen" * 4


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("room")


@pytest.fixture
def sized(browser: Browser, installation: Deskhand, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """A window of the size that the test names."""
    with signed_in(browser, installation, size=request.param) as opened:
        yield opened


def is_within(inner: Locator, outer: Locator) -> bool:
    """Whether a box lies in another one; widths are rounded."""
    one, other = inner.bounding_box(), outer.bounding_box()
    assert one is not None
    assert other is not None
    return (
        other["x"] - 1 <= one["x"]
        and one["x"] + one["width"] <= other["x"] + other["width"] + 1
        and other["y"] - 1 <= one["y"]
        and one["y"] + one["height"] <= other["y"] + other["height"] + 1
    )


@pytest.mark.parametrize("sized", ["middle", "narrow"], indirect=True)
def test_a_name_of_one_long_word_widens_neither_page_nor_dialog(
    sized: Screen, installation: Deskhand, client: ApiClient
) -> None:
    page = sized.page
    flow = made(client, LONG)
    portal(client, "PUT", f"cloudflows/{flow}/state", {"on": True})
    run = installation.command("cloudflow", "run", flow, "--body", json.dumps({})).strip()
    sized.open(f"cloudflows/{flow}/runs/{run}", LONG)
    sized.settle()
    expect(
        page.get_by_role("navigation", name="Where this page is").get_by_role("link").last
    ).to_have_attribute("title", LONG)
    assert page.get_by_role("main").evaluate("one => one.scrollWidth - one.clientWidth") <= 1

    sized.open(f"cloudflows/{flow}", LONG)
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("one => one.scrollWidth - one.clientWidth") <= 1
    assert dialog.get_by_role("heading").evaluate("one => one.scrollWidth - one.clientWidth") <= 1


def test_the_runs_of_a_cloud_flow_take_the_room_of_their_rows_and_scroll_when_they_are_many(
    screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    page = screen.page
    flow = made(client, "Two runs")
    portal(client, "PUT", f"cloudflows/{flow}/state", {"on": True})
    for _ in range(2):
        installation.command("cloudflow", "run", flow, "--body", json.dumps({}))
    screen.open(f"cloudflows/{flow}", "Two runs")
    grid = page.get_by_role("grid", name="Run history")
    expect(grid.get_by_role("row")).to_have_count(3)

    def room() -> tuple[int, int]:
        shown, whole = grid.evaluate("one => [one.clientHeight, one.scrollHeight]")
        return int(shown), int(whole)

    expect(grid.get_by_role("row").last).to_be_in_viewport()
    shown, whole = room()
    assert shown == whole
    assert shown < 36 + 3 * 48

    for _ in range(18):
        client.request("POST", f"workflows/{flow}/triggers/manual/run", {}, root="/api/cloudflows")
    page.wait_for_function("one => one.scrollHeight > 20 * 32", arg=grid.element_handle())
    shown, whole = room()
    assert shown < whole
    assert shown <= 560
    assert is_within(grid, page.get_by_role("region", name="Run history"))


@pytest.mark.parametrize("sized", ["middle"], indirect=True)
def test_the_bar_of_a_cloud_flow_takes_one_line_and_the_chosen_step_is_seen(
    sized: Screen, client: ApiClient
) -> None:
    page = sized.page
    sized.open(f"cloudflows/{made(client, 'In little room')}/edit", "In little room")
    bar = page.get_by_role("toolbar", name="Commands")
    expect(bar.get_by_role("button", name="Run history")).to_be_visible()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 56

    card(page, "Compose").click()
    expect(page.get_by_role("tab", name="Parameters")).to_be_visible()
    expect(card(page, "Compose")).to_be_visible()
    page.wait_for_function(
        """() => {
          const step = document.querySelector("[data-card^='step:']").getBoundingClientRect();
          const canvas = document.querySelector(".react-flow").getBoundingClientRect();
          return step.left >= canvas.left && step.right <= canvas.right;
        }"""
    )


def test_what_is_picked_from_is_not_covered_by_a_hint(screen: Screen, client: ApiClient) -> None:
    page = screen.page
    screen.open(f"cloudflows/{made(client, 'Picked from')}/edit", "Picked from")
    add_step(page, "Compose", "Compose")
    button = page.get_by_role("button", name="Insert dynamic content or an expression into Inputs")
    button.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    button.click()
    expect(page.get_by_role("searchbox", name="Search dynamic content")).to_be_visible()
    expect(page.get_by_role("tooltip")).to_have_count(0)


@pytest.mark.parametrize("sized", ["wide", "middle"], indirect=True)
def test_the_menu_of_a_row_is_within_the_window(
    sized: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    page = sized.page
    flow = flow_id(installation, "Many rows", "SET A TO 1\n" * 12, tmp_path)
    open_designer(sized, flow, "Many rows")
    row = page.get_by_role("treegrid", name="Actions of Main").get_by_role("row").nth(4)
    row.click(position={"x": 80, "y": 10})
    page.keyboard.press("Shift+F10")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_visible()
    # Where the window is lower than the menu, the menu scrolls within what holds it.
    assert is_within(page.locator(".fui-MenuPopover"), page.locator("body"))
    items.last.scroll_into_view_if_needed()
    expect(items.last).to_be_in_viewport()


def test_the_panes_below_the_flow_fold_and_stay_so(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    page = screen.page
    flow = flow_id(installation, "Folded below", "SET A TO B\n", tmp_path)
    open_designer(screen, flow, "Folded below")
    problems = page.get_by_role("list", name="Problems")
    expect(problems).to_be_visible()
    page.get_by_role("button", name="Hide the pane below the flow").click()
    expect(problems).to_have_count(0)
    expect(page.get_by_role("tab", name="1 error")).to_be_visible()
    page.reload()
    show = page.get_by_role("button", name="Show the pane below the flow")
    expect(show).to_have_attribute("aria-expanded", "false")
    expect(problems).to_have_count(0)
    page.get_by_role("tab", name="1 error").click()
    expect(problems).to_be_visible()


@pytest.mark.parametrize("sized", ["narrow"], indirect=True)
def test_the_report_of_an_import_can_be_read(sized: Screen, tmp_path: Path) -> None:
    page = sized.page
    sized.open("solutions/import", "Import")
    page.get_by_label("Choose a file").set_input_files(solution(tmp_path / "Greetings_1_2_0_4.zip"))
    expect(page.get_by_text("Step 2 of 4")).to_be_visible()
    note = page.get_by_role("row").filter(has_text="Greet on demand").get_by_role("listitem").first
    box = note.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert sized.audit() == []
