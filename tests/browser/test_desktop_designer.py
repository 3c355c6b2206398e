"""Making a desktop flow in the browser. Source: experience 4.1 and 7."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import Deskhand

COPIED = """\
@@copilotGeneratedAction: 'False'
SET Total TO 0
LOOP FOREACH Item IN [1, 2, 3]
    SET Total TO Total + Itm
END
IF Total > 5 THEN
    CALL Report
END
FUNCTION Report GLOBAL
    Text.AppendLine Text: $'''Total''' LineToAppend: Total Result=> Report
END FUNCTION
"""


def flow_id(installation: Deskhand, name: str, text: str, folder: Path) -> str:
    """Import a flow, and return its id."""
    path = folder / f"{name}.robin"
    path.write_text(text, encoding="utf-8")
    installation.command("flow", "import", str(path))
    flows = json.loads(installation.command("flow", "list", "-o", "json"))
    return next(str(one["workflowid"]) for one in flows if one["name"] == name)


def open_designer(screen: Screen, flow: str, name: str) -> Page:
    screen.open(f"desktopflows/{flow}/edit", name)
    return screen.page


def test_a_copied_flow_is_pasted_mended_published_and_run(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Sum up", "# To be filled\n", tmp_path)
    page = open_designer(screen, flow, "Sum up")
    grid = page.get_by_role("treegrid", name="Actions of Main")
    expect(grid.get_by_role("row")).to_have_count(1)

    page.evaluate("text => navigator.clipboard.writeText(text)", COPIED)
    grid.focus()
    page.keyboard.press("Control+V")
    expect(grid.get_by_role("row")).to_have_count(8)
    expect(page.get_by_role("tab", name="Report")).to_be_visible()
    problems = page.get_by_role("list", name="Problems")
    expect(problems).to_contain_text("did you mean ‘Item’")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    screen.shoot("desktop-designer-problem")

    problems.get_by_role("button").first.click()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Set variable")
    value = panel.get_by_label("Value", exact=False).first
    expect(value).to_have_value("%Total + Itm%")
    value.fill("%Total + Item%")
    expect(panel).to_contain_text("SET Total TO Total + Item")
    screen.shoot("desktop-designer-panel")
    assert not (found := screen.audit()), "\n".join(found)
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No problems. The flow can be published.")).to_be_visible()

    page.keyboard.press("Control+Z")
    expect(problems).to_contain_text("did you mean ‘Item’")
    page.keyboard.press("Control+Y")
    expect(page.get_by_text("No problems. The flow can be published.")).to_be_visible()

    page.keyboard.press("F5")
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_be_visible()
    expect(page.get_by_role("list", name="Run")).to_contain_text("Append line 6 to Total")
    screen.shoot("desktop-designer-run")
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    page.keyboard.press("Control+Shift+S")
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()


def test_cards_and_text_are_two_views_of_one_flow(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Two views", "SET A TO 1\nSET B TO A\n", tmp_path)
    page = open_designer(screen, flow, "Two views")
    page.get_by_role("button", name="Both").click()
    text = page.get_by_role("textbox", name="Text of Main")
    rows = page.get_by_role("treegrid", name="Actions of Main").get_by_role("row")
    expect(text).to_contain_text("SET A TO 1")

    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nSET C TO 3")
    expect(rows).to_have_count(3)
    page.keyboard.type("\nIF C = ")
    expect(page.get_by_text("The text cannot be read yet").first).to_be_visible()
    expect(rows).to_have_count(3)
    page.keyboard.type("3 THEN\nEND\n")
    expect(rows).to_have_count(5)
    screen.shoot("desktop-designer-both")

    rows.first.click()
    page.keyboard.press("Delete")
    expect(rows).to_have_count(4)
    expect(text).not_to_contain_text("SET A TO 1")
    page.keyboard.press("Insert")
    page.keyboard.type("get current date")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Get current date and time")).to_be_visible()
    expect(rows).to_have_count(5)
    expect(text).to_contain_text("DateTime.GetCurrentDateTime")


def test_what_happens_on_an_error_is_said_in_the_panel(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    text = "Text.ToNumber Text: $'''none''' Number=> N\nLABEL Done\n"
    flow = flow_id(installation, "Failing", text, tmp_path)
    page = open_designer(screen, flow, "Failing")
    grid = page.get_by_role("treegrid", name="Actions of Main")
    grid.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Convert text to number")
    panel.get_by_role("button", name="On error: the flow fails").click()
    panel.get_by_label("Retries").fill("2")
    panel.get_by_label("Seconds between").fill("0")
    panel.get_by_role("button", name="Continue flow run").click()
    rule = panel.get_by_role("group", name="All other errors")
    rule.get_by_role("button", name="Set variable").click()
    rule.get_by_label("Variable").fill("N")
    rule.get_by_label("Value").fill("5")
    rule.get_by_label("Then").select_option("Go to label")
    expect(rule).to_contain_text("Choose the label to go on at.")
    rule.get_by_role("combobox", name="Label").fill("Done")
    expect(rule).not_to_contain_text("Choose the label to go on at.")
    expect(panel).to_contain_text("GOTO Done")
    screen.shoot("desktop-designer-on-error")
    assert not (found := screen.audit()), "\n".join(found)
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_have_count(0)
    expect(grid.get_by_label("This action says what happens when it fails.")).to_be_visible()

    grid.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="On error: retry 2 times, 1 rule")).to_be_visible()
    expect(panel.get_by_label("Value")).to_have_value("5")


def test_what_was_not_saved_survives_a_closed_tab(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Kept", "SET A TO 1\n", tmp_path)
    page = open_designer(screen, flow, "Kept")
    rows = page.get_by_role("treegrid", name="Actions of Main").get_by_role("row")
    rows.first.click()
    page.keyboard.press("Control+D")
    expect(rows).to_have_count(2)
    page.wait_for_function("id => localStorage.getItem(`deskhand.draft.${id}`)?.includes('SET')", arg=flow)

    page.reload()
    expect(rows).to_have_count(2)
    expect(page.get_by_text("Changes that you had not saved were kept")).to_be_visible()
    page.get_by_role("button", name="Discard them").click()
    expect(rows).to_have_count(1)


def test_a_draft_that_cannot_be_read_leads_to_its_text(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Half a line", "SET A TO 1\n", tmp_path)
    page = open_designer(screen, flow, "Half a line")
    page.get_by_role("button", name="Both").click()
    text = page.get_by_role("textbox", name="Text of Main")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nIF A = ")
    page.wait_for_function("id => localStorage.getItem(`deskhand.draft.${id}`)?.includes('IF A')", arg=flow)
    page.get_by_role("button", name="Cards", exact=True).click()
    page.reload()
    expect(page.get_by_text("So there are no cards to show.")).to_be_visible()
    page.get_by_role("button", name="Show the text").click()
    expect(text).to_contain_text("IF A =")


def test_a_stale_save_shows_both_and_loses_nothing(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Contested", "SET A TO 1\n", tmp_path)
    page = open_designer(screen, flow, "Contested")
    rows = page.get_by_role("treegrid", name="Actions of Main").get_by_role("row")
    flow_id(installation, "Contested", "SET Theirs TO 1\n", tmp_path)
    rows.first.click()
    page.keyboard.press("Control+D")
    page.keyboard.press("Control+S")

    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("saved ‘Contested’ at")
    expect(dialog.get_by_role("status")).to_contain_text("1 action changed")
    dialog.get_by_role("tab", name="Text").click()
    expect(dialog.get_by_role("textbox", name="Theirs")).to_contain_text("SET Theirs TO 1")
    screen.shoot("desktop-designer-conflict")
    dialog.get_by_role("button", name="Keep mine as a copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contested (copy)")
    expect(rows).to_have_count(2)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "middle", "narrow"])
def test_the_designer_can_be_used_by_everybody(
    browser: Browser, installation: Deskhand, tmp_path: Path, theme: str, size: str
) -> None:
    flow = flow_id(installation, "For all", COPIED.replace("Itm", "Itom"), tmp_path)
    with signed_in(browser, installation, theme=theme, size=size) as screen:
        page = open_designer(screen, flow, "For all")
        page.get_by_role("button", name="Both").click()
        expect(page.get_by_role("treegrid").get_by_role("row").first).to_be_visible()
        screen.shoot(f"desktop-designer-{theme}-{size}")
        assert not (found := screen.audit()), "\n".join(found)


def test_a_flow_of_2000_actions_opens_at_once(screen: Screen, installation: Deskhand, tmp_path: Path) -> None:
    text = "".join(f"SET V{at} TO $'''text {at}'''\n" for at in range(2_000))
    flow = flow_id(installation, "Long", text, tmp_path)
    screen.open(f"desktopflows/{flow}", "Long")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    began = time.perf_counter()
    page = open_designer(screen, flow, "Long")
    grid = page.get_by_role("treegrid", name="Actions of Main")
    expect(grid.get_by_role("row").first).to_be_visible()
    print(f"\n2,000 actions opened in {time.perf_counter() - began:.2f} s")
    assert [one.partition("/api/portal")[2] for one in asked if flow in one and "/api/" in one][:1] == [
        f"/desktopflows/{flow}/designer"
    ]
    assert not [one for one in asked if one.endswith("/robin/read")]

    grid.focus()
    page.keyboard.press("End")
    expect(grid.get_by_role("row", name="2000: Set variable")).to_be_visible()
    assert grid.get_by_role("row").count() < 100

    variables = page.get_by_role("region", name="Variables")
    listed = variables.get_by_role("listitem")
    expect(listed.first).to_have_attribute("aria-setsize", "2000")
    assert listed.count() < 100
    listed.first.hover()
    page.mouse.wheel(0, 1_000_000)
    expect(variables.get_by_role("button", name="Menu of V999")).to_be_visible()
    expect(listed.last).to_have_attribute("aria-posinset", "2000")


def test_the_text_has_its_numbers_beside_its_lines_and_folds(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    text = "LOOP Index FROM 1 TO 3 STEP 1\n    WAIT 1\nEND\n" + "".join(
        f"SET A{n} TO {n}\n" for n in range(200)
    )
    page = open_designer(screen, flow_id(installation, "Long text", text, tmp_path), "Long text")
    page.get_by_role("button", name="Text", exact=True).click()
    number = page.locator(".cm-lineNumbers .cm-gutterElement", has_text=re.compile("^20$"))
    line = page.locator(".cm-line", has_text=re.compile(r"^SET A16 TO 16$"))
    line.wait_for()
    page.wait_for_function(
        "([one, other]) => Math.abs(one.getBoundingClientRect().y - other.getBoundingClientRect().y) < 1",
        arg=[number.element_handle(), line.element_handle()],
    )

    page.locator(".cm-line").first.click()
    page.keyboard.press("Control+Shift+BracketLeft")
    expect(page.locator(".cm-line", has_text="WAIT 1")).to_have_count(0)
    screen.shoot("desktop-text-folded")
    page.keyboard.press("Control+Shift+BracketRight")
    expect(page.locator(".cm-line", has_text="WAIT 1")).to_be_visible()
