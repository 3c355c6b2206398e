"""Breakpoints with rules, and how runs of the designer are begun and held. Source: experience 4.1 and 7."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_desktop_debugging import is_paused, rows_of, value_of
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand

COUNTING = """\
LOOP Index FROM 1 TO 6 STEP 1
    SET A TO Index * 10
END
SET B TO A
"""


def grid(page: Page) -> Locator:
    return page.get_by_role("treegrid", name="Actions of Main")


def gutter_beside(page: Page, text: str) -> Locator:
    """Return the place for a breakpoint beside a line of the text."""
    line = page.locator(".cm-line", has_text=text)
    line.wait_for()
    at = page.locator(".cm-line").all_inner_texts().index(line.inner_text())
    return page.locator(".cm-breakpoints .cm-gutterElement").nth(at)


def test_a_breakpoint_takes_a_condition_a_hit_count_and_a_text_to_log(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Ruled", COUNTING, tmp_path)
    page = open_designer(screen, flow, "Ruled")
    rows = rows_of(page)
    rows.nth(1).click()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Edit breakpoint").click()
    dialog = page.get_by_role("dialog", name="Breakpoint at Main 2")
    dialog.get_by_label("Condition").fill("Index >")
    dialog.get_by_role("button", name="Set breakpoint").click()
    expect(dialog.get_by_text("‘Index >’ has no value")).to_be_visible()
    dialog.get_by_label("Condition").fill("Index > 2")
    dialog.get_by_label("Hit count").fill("0")
    dialog.get_by_role("button", name="Set breakpoint").click()
    expect(dialog).to_contain_text("This takes a whole number from 1.")
    dialog.get_by_label("Hit count").fill("2")
    screen.shoot("desktop-breakpoint-rule")
    assert not (found := screen.audit()), "\n".join(found)
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_have_accessible_name(re.compile("breakpoint if Index > 2 from hit 2"))

    rows.nth(3).get_by_title("Toggle breakpoint").click(button="right")
    other = page.get_by_role("dialog", name="Breakpoint at Main 4")
    other.get_by_label("Log text").fill("A is %A% now")
    other.get_by_role("button", name="Set breakpoint").click()
    expect(rows.nth(3)).to_have_accessible_name(re.compile("breakpoint logging ‘A is %A% now’"))
    screen.shoot("desktop-breakpoint-dots")

    page.keyboard.press("F5")
    is_paused(page, "Main 2", "breakpoint")
    expect(value_of(page, "Index")).to_have_text("4")
    rows.nth(1).click()
    page.keyboard.press("Shift+F9")
    dialog.get_by_role("button", name="Remove breakpoint").click()
    expect(rows.nth(1)).not_to_have_accessible_name(re.compile("breakpoint if"))
    page.keyboard.press("F5")
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()
    expect(page.get_by_role("list", name="Run")).to_contain_text("A is 60 now")

    page.reload()
    expect(rows.nth(3)).to_have_accessible_name(re.compile("breakpoint logging"))


def test_breakpoints_are_set_and_edited_beside_the_text(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Beside", COUNTING, tmp_path)
    page = open_designer(screen, flow, "Beside")
    page.get_by_role("button", name="Both").click()
    rows = rows_of(page)
    gutter_beside(page, "SET B TO A").click()
    expect(rows.nth(3)).to_have_accessible_name(re.compile("breakpoint"))
    gutter_beside(page, "SET B TO A").click()
    expect(rows.nth(3)).not_to_have_accessible_name(re.compile("breakpoint"))
    gutter_beside(page, "END").click()
    expect(page.get_by_role("row", name=re.compile("breakpoint"))).to_have_count(0)

    gutter_beside(page, "SET A TO Index").click(button="right")
    dialog = page.get_by_role("dialog", name="Breakpoint at Main 2")
    dialog.get_by_label("Condition").fill("Index = 3")
    page.keyboard.press("Enter")
    expect(gutter_beside(page, "SET A TO Index").locator("div")).to_have_attribute(
        "title", "breakpoint if Index = 3"
    )
    screen.shoot("desktop-breakpoint-text")
    page.keyboard.press("F5")
    is_paused(page, "Main 2", "breakpoint")
    expect(value_of(page, "Index")).to_have_text("3")
    page.keyboard.press("Shift+F5")
    expect(page.get_by_role("status").filter(has_text="Canceled")).to_be_visible()


def test_a_run_is_paused_in_a_wait_and_goes_on_to_a_row(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Held", "SET A TO 1\nWAIT 600\nSET B TO 2\nSET C TO 3\n", tmp_path)
    page = open_designer(screen, flow, "Held")
    grid(page).focus()
    page.keyboard.press("F5")
    expect(rows_of(page).nth(0)).to_have_accessible_name(re.compile("ms|s$"))
    page.keyboard.press("Control+Pause")
    is_paused(page, "Main 2", "paused")
    page.keyboard.press("Shift+F5")
    expect(page.get_by_role("status").filter(has_text="Canceled")).to_be_visible()

    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F10")
    is_paused(page, "Main 1", "start")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+F10")
    is_paused(page, "Main 2", "run to here")


def test_a_run_takes_the_chosen_delay_and_another_while_it_runs(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Slow", COUNTING, tmp_path)
    page = open_designer(screen, flow, "Slow")
    delay = page.get_by_role("combobox", name="Run delay")
    delay.select_option("5.0 s")
    with page.expect_request(re.compile(r"/desktopflows/[^/]+/debug$")) as begun:
        page.get_by_role("button", name="Run", exact=True).click()
    assert begun.value.post_data_json["delayMs"] == 5_000
    page.get_by_role("button", name="Pause").click()
    is_paused(page, "Main 1", "paused")
    with page.expect_response(re.compile("/debug/delay$")) as slowed:
        delay.select_option("0 ms")
    assert (slowed.value.status, slowed.value.request.post_data_json) == (200, {"delayMs": 0})
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()
    page.reload()
    expect(delay).to_have_value("0")


def test_the_machine_of_a_run_is_chosen_and_remembered(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    machines = machine_names(installation)
    name = installation.command(
        "connection", "add", "--machine", machines[0], "--display-name", "Another way"
    ).strip()
    flow = flow_id(installation, "Elsewhere", COUNTING, tmp_path)
    page = open_designer(screen, flow, "Elsewhere")
    machine = page.get_by_role("combobox", name="Machine")
    machine.select_option("Another way")
    with page.expect_request(re.compile(r"/desktopflows/[^/]+/debug$")) as begun:
        page.get_by_role("button", name="Run", exact=True).click()
    assert begun.value.post_data_json["connection"] == name
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()
    page.reload()
    expect(machine).to_have_value(name)


def machine_names(installation: Deskhand) -> list[str]:
    listed = json.loads(installation.command("machine", "list", "-o", "json"))
    return [str(one["name"]) for one in listed]


def test_a_table_is_looked_at_as_a_grid(screen: Screen, installation: Deskhand, tmp_path: Path) -> None:
    text = "SET Table TO {^['Name', 'Age'], ['Ada', 36], ['Alan', 41]}\nSET Done TO 1\n"
    flow = flow_id(installation, "Tabled", text, tmp_path)
    page = open_designer(screen, flow, "Tabled")
    rows_of(page).nth(1).click()
    page.keyboard.press("F9")
    page.keyboard.press("F5")
    is_paused(page, "Main 2", "breakpoint")
    value_of(page, "Table").click()
    table = page.get_by_role("dialog").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["#", "Name", "Age"])
    expect(table.get_by_role("row").nth(2).get_by_role("cell")).to_have_text(["1", "Alan", "41"])
    screen.shoot("desktop-debugging-grid")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.keyboard.press("Shift+F5")
    expect(page.get_by_role("status").filter(has_text="Canceled")).to_be_visible()
