"""UI elements, images and versions of a desktop flow in the browser. Source: experience 4.1."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen
from tests.live import Deskhand
from tests.unit.editor.sections import (
    OTHER_PNG,
    PNG,
    attribute,
    control,
    custom,
    image,
    section,
    selector,
)
from tests.unit.editor.sections import (
    screen as window,
)

PRESS = "UIAutomation.PressButton.PressButton Button: appmask['Window \\'Orders\\'']['OK']"
LOOK = "MouseAndKeyboard.MoveMouseToImage.MoveToImage Images: [imgrepo['Logo']] Tolerance: 10"
SECTION = section(
    window(
        "Window 'Orders'",
        control(
            "OK",
            selector(attribute("Id", "15"), attribute("Enabled", True, ignore=True)),
            custom(':desktop > window > button[Name="OK"]', 1),
        ),
        control("Cancel", selector(attribute("Name", "Cancel"))),
    ),
    window("Shop", control("Basket", custom("#basket"), tag="a"), web=True),
    images=(image("Logo"), image("Old", OTHER_PNG)),
)
FLOW = f"{PRESS}\n{LOOK}\n\n{SECTION}\n"


def flow_id(installation: Deskhand, name: str, text: str, folder: Path) -> str:
    """Import a flow, and return its id."""
    path = folder / f"{name}.robin"
    path.write_text(text, encoding="utf-8")
    installation.command("flow", "import", str(path))
    flows = json.loads(installation.command("flow", "list", "-o", "json"))
    return next(str(one["workflowid"]) for one in flows if one["name"] == name)


def open_pane(page: Page, name: str) -> Locator:
    page.get_by_role("tablist", name="Panes").get_by_role("tab", name=name).click()
    return page.get_by_role("region", name=name)


def row_of(page: Page) -> Locator:
    return page.get_by_role("treegrid", name="Actions of Main").get_by_role("row")


def test_elements_are_found_renamed_and_removed(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Order entry", FLOW, tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Order entry")
    page = screen.page
    pane = open_pane(page, "UI elements")
    tree = pane.get_by_role("tree", name="UI elements")
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    screen.shoot("elements-pane")
    assert not (found := screen.audit()), "\n".join(found)

    ok = tree.get_by_role("treeitem", name="OK", exact=False).last
    ok.focus()
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New name").fill("Cancel")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog).to_contain_text("‘Cancel’ is taken")
    dialog.get_by_label("New name").fill("Send it")
    dialog.get_by_role("button", name="Rename").click()
    expect(tree.get_by_role("treeitem", name="Send it").last).to_be_visible()
    expect(page.get_by_role("row", name="Send it")).to_be_visible()

    tree.get_by_role("treeitem", name="Send it").last.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("It stays: 1 action uses it.")).to_be_visible()
    tree.get_by_role("treeitem", name="Send it").last.hover()
    pane.get_by_role("button", name="More about Send it").click()
    page.get_by_role("menuitem", name="Find usages").click()
    expect(page.get_by_role("list", name="Find results").get_by_role("listitem")).to_have_count(1)

    pane.get_by_role("button", name="All UI elements").click()
    page.get_by_role("menuitem", name="Remove unused").click()
    expect(tree.get_by_role("treeitem")).to_have_count(2)
    expect(page.get_by_text("2 unused things were removed")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="'OK'")).to_be_visible()


def test_selectors_are_edited_by_parts_and_as_text(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Selectors", FLOW, tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Selectors")
    page = screen.page
    pane = open_pane(page, "UI elements")
    ok = pane.get_by_role("treeitem", name="OK").last
    ok.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Selectors of ‘OK’")
    listed = dialog.get_by_role("list", name="Selectors in order").get_by_role("button")
    expect(listed).to_have_count(2)
    dialog.get_by_label("Operator of Id").click()
    page.get_by_role("option", name="Contains").click()
    dialog.get_by_label("Value of Id").fill("5")
    dialog.get_by_role("checkbox", name="Enabled").check()
    expect(dialog).to_contain_text('button[Id*="5"][Enabled="True"]')
    screen.shoot("selectors-visual")
    assert not (found := screen.audit()), "\n".join(found)

    listed.nth(1).click()
    dialog.get_by_label("Selector", exact=True).fill("button:eq(2)")
    dialog.get_by_role("button", name="Move up").click()
    dialog.get_by_role("button", name="Add a selector").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("‘New selector’ has no text")
    dialog.get_by_role("button", name="Delete").click()
    screen.shoot("selectors-text")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").filter(has_text="Draft, saved")).to_be_visible()
    page.reload()
    pane = open_pane(page, "UI elements")
    pane.get_by_role("treeitem", name="OK").last.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Selectors of ‘OK’")
    expect(dialog.get_by_label("Selector", exact=True)).to_have_value("button:eq(2)")
    dialog.get_by_role("list", name="Selectors in order").get_by_role("button").nth(1).click()
    expect(dialog).to_contain_text('button[Id*="5"][Enabled="True"]')


def test_images_are_imported_renamed_and_deleted(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Pictures", "SET A TO 1\n", tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Pictures")
    page = screen.page
    pane = open_pane(page, "Images")
    expect(pane).to_contain_text("No images")
    screen.shoot("images-empty")

    def choose(name: str, content: bytes) -> None:
        with page.expect_file_chooser() as chooser:
            pane.get_by_role("button", name="Import PNG").click()
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": content})

    choose("text.png", b"no picture")
    expect(pane).to_contain_text("text.png is no PNG file")
    choose("arrow.png", base64.b64decode(PNG))
    dialog = page.get_by_role("dialog", name="Import arrow.png")
    expect(dialog.get_by_label("Name of the image")).to_have_value("arrow")
    dialog.get_by_role("button", name="Import").click()
    images = pane.get_by_role("list", name="Images of the flow").get_by_role("listitem")
    expect(images).to_have_count(1)
    expect(images.first).to_contain_text("not used")
    screen.shoot("images-pane")
    assert not (found := screen.audit()), "\n".join(found)

    pane.get_by_role("button", name="More about arrow").focus()
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New name").fill("Sign")
    dialog.get_by_role("button", name="Rename").click()
    expect(images.first).to_contain_text("Sign")
    pane.get_by_role("button", name="More about Sign").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(pane).to_contain_text("No images")
    page.get_by_role("button", name="Undo").click()
    expect(images.first).to_contain_text("Sign")


def test_pasted_elements_join_those_of_the_flow(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Joined", FLOW, tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Joined")
    page = screen.page
    pane = open_pane(page, "UI elements")
    elements = pane.get_by_role("treeitem")
    expect(elements).to_have_count(5)
    other = section(window("Window 'Orders'", control("OK", custom("#ok")), control("New", custom("#new"))))
    page.evaluate("text => navigator.clipboard.writeText(text)", f"{PRESS}\n\n{other}\n")

    row_of(page).last.click()
    page.keyboard.press("Control+V")
    expect(row_of(page)).to_have_count(3)
    expect(page.get_by_role("row", name="'OK 2'")).to_be_visible()
    expect(elements).to_have_count(7)
    expect(page.get_by_text("1 pasted UI element or image has another name now")).to_be_visible()

    page.keyboard.press("Control+C")
    assert screen.copied("OK 2") == (
        PRESS.replace("['OK']", "['OK 2']")
        + f"\n\n{section(window(WINDOW, control('OK 2', custom('#ok'))))}\n"
    ).replace("\r\n", "\n")

    page.keyboard.press("Control+Z")
    expect(row_of(page)).to_have_count(2)
    expect(elements).to_have_count(5)


WINDOW = "Window 'Orders'"


FIRST = "SET Greeting TO $'''Hello'''\nSET Count TO 1\nIF Count > 0 THEN\n    SET Count TO Count + 1\nEND\n"
SECOND = FIRST.replace("Hello", "Good morning").replace("SET Count TO 1\n", "") + "SET Count TO 1\nWAIT 1\n"


def publish(page: Page, note: str) -> None:
    page.get_by_role("button", name="Publish with a note").click()
    dialog = page.get_by_role("dialog", name="Publish ‘")
    dialog.get_by_label("What is new").fill(note)
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()


def type_text(page: Page, text: str) -> None:
    """Put a text in place of all that Main holds."""
    page.get_by_role("button", name="Text", exact=True).click()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_role("textbox", name="Text of Main").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    page.get_by_role("button", name="Cards", exact=True).click()
    expect(row_of(page)).to_have_count(text.count("\n"))
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_enabled()


def test_versions_are_published_compared_and_restored(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Greeting", FIRST, tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Greeting")
    page = screen.page
    type_text(page, SECOND)
    publish(page, "Greets in the morning")
    pane = open_pane(page, "Versions")
    versions = pane.get_by_role("list", name="Versions of the flow").get_by_role("listitem")
    expect(versions).to_have_count(3)
    expect(versions.nth(1)).to_contain_text("Greets in the morning")
    expect(versions.nth(1)).to_contain_text("in force")
    screen.shoot("versions-pane")
    assert not (found := screen.audit()), "\n".join(found)

    pane.get_by_role("checkbox", name="Compare Version 1").check()
    pane.get_by_role("checkbox", name="Compare Version 2").check()
    pane.get_by_role("button", name="Compare", exact=True).click()
    dialog = page.get_by_role("dialog", name="Version 1 and Version 2")
    expect(dialog.get_by_role("status")).to_contain_text("1 action added, 1 action changed, 1 action moved")
    rows = dialog.get_by_role("list", name="Main").get_by_role("listitem")
    expect(rows.first).to_contain_text("Good morning")
    expect(rows.first).to_contain_text("was Assign Hello")
    screen.shoot("versions-compare-cards")
    assert not (found := screen.audit()), "\n".join(found)
    dialog.get_by_role("tab", name="Text").click()
    expect(dialog.get_by_role("textbox", name="Version 2")).to_contain_text("Good morning")
    screen.shoot("versions-compare-text")
    dialog.get_by_role("button", name="Close").click()

    pane.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Restore").click()
    expect(page.get_by_text("Version 1 is on the page.")).to_be_visible()
    expect(row_of(page).first).to_contain_text("Hello")
    expect(versions.first).to_contain_text("not saved")
    page.get_by_role("button", name="Undo").click()
    expect(row_of(page).first).to_contain_text("Good morning")


def test_a_flow_page_compares_and_restores_versions_and_a_run_leads_there(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Runs once", "SET A TO 1\n", tmp_path)
    screen.open(f"desktopflows/{flow}", "Runs once")
    page = screen.page
    page.get_by_role("button", name="Run…").click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url("**/runs/**")
    run = page.url
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    screen.open(f"desktopflows/{flow}/edit", "Runs once")
    type_text(page, "SET A TO 2\n")
    publish(page, "Two")

    page.goto(run)
    expect(page.get_by_text("version 1")).to_be_visible()
    page.get_by_role("link", name="changed since", exact=True).click()
    dialog = page.get_by_role("dialog", name="Version 1 and Version 2")
    expect(dialog.get_by_role("status")).to_contain_text("1 action changed")
    screen.shoot("flow-page-compare")
    dialog.get_by_role("button", name="Close").click()

    panel = page.get_by_role("region", name="Versions")
    screen.shoot("flow-page-versions")
    panel.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Restore as the draft").click()
    dialog = page.get_by_role("alertdialog", name="Restore version 1 of ‘Runs once’?")
    expect(dialog).to_contain_text("Runs go on with the version in force")
    dialog.get_by_role("button", name="Restore as the draft").click()
    expect(dialog).to_have_count(0)
    panel.get_by_role("button", name="More about version 2").click()
    page.get_by_role("menuitem", name="Compare with the draft").click()
    dialog = page.get_by_role("dialog", name="Version 2 and The draft")
    expect(dialog.get_by_role("status")).to_contain_text("1 action changed")
    assert not (found := screen.audit()), "\n".join(found)


def test_a_conflict_shows_what_differs_as_cards(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    flow = flow_id(installation, "Both of us", "SET A TO 1\n", tmp_path)
    screen.open(f"desktopflows/{flow}/edit", "Both of us")
    page = screen.page
    flow_id(installation, "Both of us", "SET A TO 2\n", tmp_path)
    type_text(page, "SET A TO 3\n")
    page.keyboard.press("Control+S")
    dialog = page.get_by_role("alertdialog", name="Somebody else saved this flow")
    expect(dialog.get_by_role("list", name="Main")).to_contain_text("was Assign 2")
    screen.shoot("conflict-cards")
    dialog.get_by_role("button", name="Cancel").click()
    expect(row_of(page).first).to_contain_text("Assign 3")
