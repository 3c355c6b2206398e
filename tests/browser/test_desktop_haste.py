"""People who are faster than the server: what they ask for is neither lost nor done to what was before."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.cloud_designer import portal
from tests.browser.screen import Screen
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand

LATE = 1_000
FLOW = "SET Greeting TO $'''Hello'''\n"
ENDLESS = "LOOP WHILE (1) = (1)\nWAIT 1\nEND\n"


@contextlib.contextmanager
def delayed(page: Page, pattern: str) -> Iterator[None]:
    """Have requests come late, as from far away."""

    def late(route: Route) -> None:
        page.wait_for_timeout(LATE)
        route.continue_()

    page.route(pattern, late)
    yield
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("keys", [True, False], ids=["by key", "by button"])
def test_what_is_published_right_after_a_row_was_saved_holds_the_row(
    screen: Screen, installation: Deskhand, tmp_path: Path, keys: bool
) -> None:
    name = f"Hasty {keys}"
    flow = flow_id(installation, name, FLOW, tmp_path)
    page = open_designer(screen, flow, name)
    page.get_by_role("row").first.dblclick()
    panel = page.get_by_role("region", name="Set variable")
    panel.get_by_label("Value", exact=False).first.fill("Good morning")
    expect(panel.get_by_label("Robin")).to_contain_text("Good morning")
    with delayed(page, "**/robin/write"):
        panel.get_by_role("button", name="Save").click()
        if keys:
            page.keyboard.press("Control+Shift+S")
        else:
            page.get_by_role("button", name="Publish", exact=True).click()
        expect(panel).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()
    saved = portal(installation.client("haste"), "GET", f"desktopflows/{flow}/text")
    assert "Good morning" in saved["text"]
    assert not saved["isDraft"]


def test_nothing_is_published_where_the_row_was_wrong(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Wrong row", FLOW, tmp_path)
    page = open_designer(screen, flow, "Wrong row")
    page.get_by_role("row").first.dblclick()
    panel = page.get_by_role("region", name="Set variable")
    panel.get_by_label("Value", exact=False).first.fill("%1 +%")
    expect(panel.get_by_role("alert")).to_be_visible()
    published = portal(installation.client("haste"), "GET", f"desktopflows/{flow}/text")["version"]
    with delayed(page, "**/robin/write"):
        panel.get_by_role("button", name="Save").click()
        page.keyboard.press("Control+Shift+S")
        expect(panel.get_by_label("Value", exact=False).first).to_be_focused()
    assert portal(installation.client("haste"), "GET", f"desktopflows/{flow}/text")["version"] == published


def test_what_was_typed_into_a_panel_is_saved_with_the_flow(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Typed", FLOW, tmp_path)
    client = installation.client("haste")
    page = open_designer(screen, flow, "Typed")
    page.get_by_role("row").first.dblclick()
    panel = page.get_by_role("region", name="Set variable")
    value = panel.get_by_label("Value", exact=False).first
    expect(page.get_by_role("button", name="Save draft", exact=True)).to_be_disabled()
    value.fill("Good morning")
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    page.keyboard.press("Control+S")
    expect(page.get_by_role("status").filter(has_text="Draft, saved")).to_be_visible()
    assert "Good morning" in portal(client, "GET", f"desktopflows/{flow}/text")["text"]

    expect(value).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(", Ada")
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()
    assert "Good morning, Ada" in portal(client, "GET", f"desktopflows/{flow}/text")["text"]
    expect(value).to_have_value("Good morning, Ada")

    panel.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()
    page.keyboard.press("Control+Z")
    expect(page.get_by_role("row").first).not_to_contain_text("Ada")
    expect(page.get_by_role("row").first).to_contain_text("Good morning")


def test_a_panel_with_something_wrong_in_it_keeps_the_flow_from_being_saved(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Typed wrong", FLOW, tmp_path)
    client = installation.client("haste")
    before = portal(client, "GET", f"desktopflows/{flow}/text")["version"]
    page = open_designer(screen, flow, "Typed wrong")
    page.get_by_role("row").first.dblclick()
    panel = page.get_by_role("region", name="Set variable")
    value = panel.get_by_label("Value", exact=False).first
    value.fill("%1 +%")
    panel.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Control+S")
    expect(value).to_be_focused()
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    assert portal(client, "GET", f"desktopflows/{flow}/text")["version"] == before

    value.fill("%1 + 1%")
    page.keyboard.press("Control+S")
    expect(page.get_by_role("status").filter(has_text="Draft, saved")).to_be_visible()
    assert "1 + 1" in portal(client, "GET", f"desktopflows/{flow}/text")["text"]


@pytest.mark.parametrize("late", ["**/debug", "**/desktopruns/*"], ids=["no run yet", "not seen yet"])
def test_a_run_that_was_just_begun_can_be_stopped(
    screen: Screen, installation: Deskhand, tmp_path: Path, late: str
) -> None:
    name = f"Stopped {len(late)}"
    page = open_designer(screen, flow_id(installation, name, ENDLESS, tmp_path), name)
    with delayed(page, late):
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_role("button", name="Stop")).to_be_enabled()
        page.keyboard.press("Shift+F5")
        expect(page.get_by_role("status").filter(has_text=re.compile("Canceled"))).to_be_visible()


def test_actions_whose_rows_come_in_another_order_are_all_there(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    page = open_designer(screen, flow_id(installation, "Overtaken", FLOW, tmp_path), "Overtaken")
    page.get_by_role("searchbox", name="Search actions").fill("random number")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/robin/write", hold_the_first)
    action = page.get_by_role("treeitem", name="Generate random number").last
    with page.expect_request("**/robin/write"):
        action.dblclick()
    action.dblclick()
    rows = page.get_by_role("treegrid", name="Actions of Main").get_by_role("row")
    expect(rows).to_have_count(2)
    held[0].continue_()
    expect(rows).to_have_count(3)
    page.unroute_all(behavior="ignoreErrors")


def test_what_is_typed_right_after_the_key_to_find_is_sought(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Hasty search", FLOW, tmp_path)
    page = open_designer(screen, flow, "Hasty search")
    page.get_by_role("treegrid", name="Actions of Main").focus()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    page.keyboard.press("Control+F")
    page.keyboard.type("Greeting")
    expect(page.get_by_role("searchbox", name="Find in the flow")).to_have_value("Greeting")
    expect(page.get_by_role("list", name="Find results").get_by_role("listitem")).to_have_count(1)
