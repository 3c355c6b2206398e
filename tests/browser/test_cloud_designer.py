"""Cloud flows made in the browser: by mouse, by keyboard, by two people. Source: experience 4.2."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.cloud_designer import add_step, card, chip, field, made, portal, save, stored, text_of
from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand

INPUT = "@INPUT {0} : {{ 'Description': '', 'FriendlyName': '{0}', 'Type': 'String' }}\n"

_TOUCHING = """() => {
  const boxes = (what) => [...document.querySelectorAll(what)].map((one) => one.getBoundingClientRect());
  const touch = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom + 1 && other.top < one.bottom + 1;
  const buttons = boxes(".react-flow__edgelabel-renderer button");
  return boxes("[data-run-badge]").filter((badge) => buttons.some((button) => touch(badge, button)));
}"""
"""What of the badges of a run touches a button between cards."""

_WHO = {"type": "object", "properties": {"text": {"title": "Who", "type": "string"}}, "required": []}
_ASKING = {
    "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {"schema": _WHO}}},
    "actions": {
        "First": {"type": "Compose", "inputs": "@triggerBody()?['text']", "runAfter": {}},
        "Second": {"type": "Compose", "inputs": "two", "runAfter": {"First": ["Succeeded"]}},
    },
}

_TWO_STEPS = {
    "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {}}},
    "actions": {
        "First": {"type": "Compose", "inputs": "one", "runAfter": {}},
        "Second": {"type": "Compose", "inputs": "two", "runAfter": {"First": ["Succeeded"]}},
    },
}


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("designer")


def test_of_two_people_who_save_neither_loses_anything(
    browser: Browser, installation: Deskhand, client: ApiClient
) -> None:
    flow_id = made(client, "Edited by two")
    with signed_in(browser, installation) as one, signed_in(browser, installation) as other:
        for screen, text in ((one, "first"), (other, "second")):
            screen.open(f"cloudflows/{flow_id}/edit", "Edited by two")
            card(screen.page, "Compose").click()
            screen.page.get_by_role("textbox", name="Inputs").fill(text)
        album = other.album("two-people")
        save(one.page)
        album.keep("first-saved", one.page)
        other.page.get_by_role("button", name="Save", exact=True).click()
        dialog = other.page.get_by_role("dialog", name="Somebody else saved this flow")
        expect(dialog).to_contain_text('"inputs": "first"')
        expect(dialog).to_contain_text('"inputs": "second"')
        album.keep("conflict")
        assert '"first"' in portal(client, "GET", f"cloudflows/{flow_id}/document")["document"]

        dialog.get_by_role("button", name="Save as copy").click()
        expect(other.page.get_by_role("heading", name="Edited by two (copy)", level=1)).to_be_visible()
        album.keep("copy")
        copies = portal(client, "GET", "cloudflows?search=copy")["items"]
        assert '"second"' in portal(client, "GET", f"cloudflows/{copies[0]['id']}/document")["document"]


def test_steps_are_added_moved_undone_and_deleted_by_keyboard_alone(
    screen: Screen, client: ApiClient
) -> None:
    flow_id = made(client, "By keyboard")
    screen.open(f"cloudflows/{flow_id}/edit", "By keyboard")
    page, keys = screen.page, screen.page.keyboard
    card(page, "Manually trigger a flow").focus()
    keys.press("ArrowDown")
    expect(card(page, "Compose")).to_be_focused()
    keys.press("Control+Enter")
    expect(page.get_by_role("searchbox", name="Search connectors and actions")).to_be_focused()
    keys.type("condition")
    keys.press("Enter")
    expect(card(page, "Condition")).to_be_focused()
    keys.press("Alt+ArrowUp")
    expect(card(page, "Condition")).to_be_focused()
    steps = page.locator("[data-card^='step:']")
    expect(steps.first).to_contain_text("Condition")
    keys.press("Control+z")
    expect(steps.first).to_contain_text("Compose")
    card(page, "Condition").focus()
    keys.press("Delete")
    expect(steps).to_have_count(1)
    keys.press("Control+z")
    expect(steps).to_have_count(2)
    keys.press("Control+s")
    expect(page.get_by_role("toolbar").get_by_text("Saved", exact=True)).to_be_visible()


def test_the_checker_leads_to_the_step_that_is_wrong(screen: Screen, client: ApiClient) -> None:
    flow_id = made(client, "Wrong", "@body('Nobody')")
    screen.open(f"cloudflows/{flow_id}/edit", "Wrong")
    screen.page.get_by_role("button", name="Flow checker, 1 finding").click()
    screen.page.get_by_role("button", name="Go to Compose").click()
    expect(chip(screen.page, "Inputs")).to_have_attribute("data-chip", "body('Nobody')")
    expect(card(screen.page, "Compose")).to_be_focused()


def test_an_expression_is_completed_and_previewed(screen: Screen, client: ApiClient) -> None:
    flow_id = made(client, "Expressions", "")
    screen.open(f"cloudflows/{flow_id}/edit", "Expressions")
    card(screen.page, "Compose").click()
    screen.page.get_by_role("button", name="Insert dynamic content or an expression into Inputs").click()
    screen.page.get_by_role("tab", name="Expression").click()
    screen.page.keyboard.type("toUp")
    expect(screen.page.get_by_role("option", name=re.compile("^toUpper"))).to_be_visible()
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.type("'ada'")
    expect(screen.page.get_by_test_id("preview")).to_have_text('"ADA"')
    screen.shoot("cloud-expression")


def test_dynamic_content_is_picked_changed_and_removed_by_keyboard_alone(
    screen: Screen, client: ApiClient
) -> None:
    flow_id = stored(client, "Chips", _TWO_STEPS)
    screen.open(f"cloudflows/{flow_id}/edit", "Chips")
    page, keys = screen.page, screen.page.keyboard
    card(page, "Second").click()
    inputs = field(page, "Inputs")
    inputs.focus()
    keys.press("Control+a")
    keys.type("Dear ")
    keys.press("/")
    expect(page.get_by_role("searchbox", name="Search dynamic content")).to_be_focused()
    keys.type("outp")
    keys.press("Escape")
    expect(inputs).to_be_focused()
    assert text_of(inputs) == "Dear "
    keys.press("/")
    keys.type("first outp")
    expect(page.get_by_role("button", name=re.compile("^Outputs"))).to_have_count(1)
    keys.press("Enter")
    expect(inputs).to_be_focused()
    keys.type("!")
    expect(chip(page, "Inputs")).to_have_text("FirstOutputs×")
    assert text_of(inputs) == "Dear ⟦outputs('First')⟧!"
    screen.shoot("cloud-chips")

    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    expect(page.locator(".cm-announced")).to_contain_text("Outputs of First")
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Expression")).to_be_focused()
    keys.press("Control+a")
    keys.type("toUpper(outputs('First'))")
    keys.press("Enter")
    expect(inputs).to_be_focused()
    assert text_of(inputs) == "Dear ⟦toUpper(outputs('First'))⟧!"

    keys.press("Home")
    for _ in range(len("Dear ") + 1):
        keys.press("ArrowRight")
    keys.press("Delete")
    assert text_of(inputs) == "Dear !"
    keys.press("Control+z")
    expect(chip(page, "Inputs")).to_have_count(1)
    save(page)
    document = portal(client, "GET", f"cloudflows/{flow_id}/document")["document"]
    assert "Dear @{toUpper(outputs('First'))}!" in document


def test_every_field_takes_expressions_choices_and_settings_too(screen: Screen, client: ApiClient) -> None:
    flow_id = stored(client, "Every field", _TWO_STEPS)
    screen.open(f"cloudflows/{flow_id}/edit", "Every field")
    page, keys = screen.page, screen.page.keyboard
    add_step(page, "HTTP", "HTTP Call")
    method = page.get_by_role("combobox", name="Method")
    method.focus()
    keys.press("/")
    keys.type("second outputs")
    keys.press("Enter")
    expect(chip(page, "Method")).to_have_text("SecondOutputs×")
    page.get_by_role("button", name="Choose a value for Method instead").click()
    expect(method).to_be_focused()
    method.fill("POST")
    page.get_by_role("tab", name="Settings").click()
    field(page, "Action timeout").focus()
    keys.press("/")
    keys.type("if")
    page.get_by_role("button", name=re.compile("^if")).first.click()
    expect(page.get_by_role("textbox", name="Expression")).to_have_text("if()")
    keys.type("true, 'PT1M', 'PT2M'")
    keys.press("Enter")
    expect(chip(page, "Action timeout")).to_have_text("fxif(true, 'PT1M', 'PT2M')×")
    chip(page, "Action timeout").locator(".dh-chip-remove").click()
    expect(chip(page, "Action timeout")).to_have_count(0)
    card(page, "Manually trigger a flow").click()
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("button", name="Add a condition").click()
    field(page, "Condition 1").fill("@equals(1, 1)")
    save(page)
    document = json.loads(portal(client, "GET", f"cloudflows/{flow_id}/document")["document"])
    definition = document["properties"]["definition"]
    assert definition["actions"]["HTTP"]["inputs"]["method"] == "POST"
    assert definition["triggers"]["manual"]["conditions"] == [{"expression": "@equals(1, 1)"}]


def test_steps_are_found_and_dragged(screen: Screen, client: ApiClient) -> None:
    flow_id = stored(client, "Dragged", _TWO_STEPS)
    screen.open(f"cloudflows/{flow_id}/edit", "Dragged")
    page, keys = screen.page, screen.page.keyboard
    card(page, "First").focus()
    keys.press("Control+f")
    keys.type("two")
    keys.press("Enter")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text("1 of 1")
    expect(card(page, "Second")).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(card(page, "Second")).to_be_focused()

    card(page, "Second").hover()
    page.mouse.down()
    page.mouse.move(600, 300, steps=4)
    zones = page.get_by_text("Drop here")
    expect(zones).to_have_count(1)
    screen.shoot("cloud-dragging")
    place = zones.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + 10, steps=4)
    page.mouse.up()
    steps = page.locator("[data-card^='step:']")
    expect(steps.first).to_contain_text("Second")
    expect(card(page, "Second")).to_be_focused()
    keys.press("Control+z")
    expect(steps.first).to_contain_text("First")


def test_a_flow_with_errors_stays_off_and_says_why(screen: Screen, client: ApiClient) -> None:
    flow_id = made(client, "Stays off", "@body('Nobody')")
    screen.open(f"cloudflows/{flow_id}/edit", "Stays off")
    expect(screen.page.get_by_role("button", name="Flow checker, 1 finding")).to_be_visible()
    button = screen.page.get_by_role("button", name="Turn on")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description("1 error in the flow checker: a flow with errors stays off")


def test_versions_are_noted_compared_and_restored(screen: Screen, client: ApiClient) -> None:
    flow_id = made(client, "Versioned", "one")
    screen.open(f"cloudflows/{flow_id}/edit", "Versioned")
    page = screen.page
    card(page, "Compose").click()
    field(page, "Inputs").fill("two")
    page.get_by_role("button", name="More ways to save").click()
    page.get_by_role("menuitem", name="Save with a note…").click()
    dialog = page.get_by_role("dialog", name="Save ‘Versioned’")
    dialog.get_by_label("What is new").fill("Says two")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Versions").click()
    versions = page.get_by_role("list", name="Versions of the flow")
    expect(versions.get_by_role("listitem").filter(has_text="Version 2")).to_contain_text("Says two")
    versions.get_by_role("checkbox", name="Compare Version 1").check()
    versions.get_by_role("checkbox", name="Compare What is on the page").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    compared = page.get_by_role("dialog", name="Version 1 and What is on the page")
    expect(compared.get_by_role("textbox", name="Version 1")).to_contain_text('"inputs": "one"')
    expect(compared.get_by_role("textbox", name="What is on the page")).to_contain_text('"inputs": "two"')
    screen.shoot("cloud-versions-compared")
    compared.get_by_role("button", name="Close").click()
    versions.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Restore").click()
    expect(page.get_by_text("Version 1 is on the page.")).to_be_visible()
    assert text_of(field(page, "Inputs")) == "one"
    screen.shoot("cloud-versions-pane")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("toolbar").get_by_text("Saved", exact=True)).to_be_visible()

    screen.open(f"cloudflows/{flow_id}", "Versioned")
    versions = page.get_by_role("list", name="Versions of the flow")
    versions.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Restore").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Restore").click()
    expect(versions.get_by_role("listitem").first).to_contain_text("Restored from version 1")
    versions.get_by_role("button", name="More about version 3").click()
    page.get_by_role("menuitem", name="Compare with version 2").click()
    expect(page.get_by_role("dialog", name="Version 2 and Version 3")).to_contain_text('"inputs": "two"')
    assert page.url.endswith("?compare=2..3")
    screen.shoot("cloud-flow-page-versions")


def test_a_run_shows_on_the_cards_and_is_tried_again_with_its_trigger_data(
    screen: Screen, client: ApiClient
) -> None:
    flow_id = stored(client, "Tried", _ASKING)
    screen.open(f"cloudflows/{flow_id}/edit", "Tried")
    page = screen.page
    run = page.get_by_role("region", name="Run", exact=True)
    outputs = page.get_by_role("region", name="Outputs")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("dialog").get_by_label("Who").fill("Ada")
    page.get_by_role("button", name="Run flow").click()
    expect(run.get_by_role("status")).to_have_text("Succeeded")
    expect(page.locator("[data-run-badge]")).to_have_count(3)
    assert page.evaluate(_TOUCHING) == []
    screen.shoot("cloud-run-badges")
    first = page.url
    card(page, "First").click()
    page.get_by_role("tab", name="Testing").click()
    expect(outputs).to_contain_text("Ada")

    page.get_by_role("button", name="Test", exact=True).click()
    dialog = page.get_by_role("dialog", name="Test the flow")
    dialog.get_by_role("combobox", name="Start with").click()
    page.get_by_role("option", name=re.compile("^With the data of the run of")).first.click()
    expect(dialog.get_by_label("Who")).to_have_count(0)
    dialog.get_by_role("button", name="Run flow").click()
    expect(page).not_to_have_url(first)
    expect(run.get_by_role("status")).to_have_text("Succeeded")
    expect(outputs).to_contain_text("Ada")
    page.get_by_role("tab", name="Parameters").click()
    chip(page, "Inputs").click()
    expect(page.get_by_test_id("preview")).to_have_text('"Ada"')
    expect(page.get_by_text("Preview with the data of the last run")).to_be_visible()


def test_the_page_of_a_flow_tells_of_people_and_makes_copies_and_files(
    screen: Screen, client: ApiClient
) -> None:
    flow_id = made(client, "With people")
    person = portal(client, "POST", "users", {"signInName": "rosa", "name": "Rosa Runner"})["id"]
    portal(client, "PUT", f"access/flow/{flow_id}/{person}", {"level": "user"})
    screen.open(f"cloudflows/{flow_id}", "With people")
    page = screen.page
    expect(page.get_by_role("list", name="Owners")).to_contain_text("Administrator Owner")
    expect(page.get_by_role("list", name="Run-only users")).to_contain_text("Rosa Runner")
    screen.shoot("cloud-flow-page")

    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export ‘With people’")
    dialog.get_by_role("radio", name=re.compile("^Solution")).check()
    dialog.get_by_label("Unique name of the solution").fill("People")
    screen.shoot("cloud-flow-export")
    with page.expect_download() as given:
        dialog.get_by_role("button", name="Export").click()
    assert given.value.suggested_filename == "People.zip"
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Save as…").click()
    copy = page.get_by_role("dialog", name="Save ‘With people’ as")
    expect(copy.get_by_label("Name of the copy")).to_have_value("With people (copy)")
    copy.get_by_role("button", name="Save copy").click()
    expect(page.get_by_role("heading", name="With people (copy)", level=1)).to_be_visible()
    expect(page.get_by_text("The flow has no run-only users.")).to_be_visible()


def test_favourite_actions_come_first(screen: Screen, client: ApiClient) -> None:
    flow_id = made(client, "Favourites")
    screen.open(f"cloudflows/{flow_id}/edit", "Favourites")
    page = screen.page
    page.get_by_role("button", name="New step", exact=True).click()
    dialog = page.get_by_role("dialog", name="Choose an action")
    dialog.get_by_role("searchbox").fill("Terminate")
    dialog.get_by_role("button", name="Add Terminate to the favourites").click()
    dialog.get_by_role("searchbox").fill("")
    stars = dialog.get_by_role("region", name="Favourites")
    expect(stars.get_by_role("button", name=re.compile("^Terminate"))).to_be_visible()
    stars.get_by_role("button", name="Remove Terminate from the favourites").click()
    expect(stars).to_have_count(0)


def test_a_step_tells_what_its_desktop_flow_takes_since(screen: Screen, client: ApiClient) -> None:
    def publish(text: str) -> None:
        version = portal(client, "GET", f"desktopflows/{desktop}/text")["version"]
        body = {"text": text, "version": version, "publish": True}
        portal(client, "PUT", f"desktopflows/{desktop}/text", body)

    desktop = portal(client, "POST", "desktopflows", {"name": "Growing", "text": INPUT.format("Old")})["id"]
    publish(INPUT.format("Old"))
    host = {"apiId": "/providers/Microsoft.PowerApps/apis/shared_uiflow", "operationId": "RunUIFlow_V2"}
    parameters = {"uiFlowId": desktop, "runMode": "unattended", "item/Old": "given"}
    inputs = {"host": {**host, "connectionName": "shared_uiflow"}, "parameters": parameters}
    definition = {
        "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {}}},
        "actions": {
            "Run_it": {"type": "OpenApiConnection", "inputs": inputs, "runAfter": {}},
            "Tell": {
                "type": "Compose",
                "inputs": "Said: @{body('Run_it')?['Answer']}",
                "runAfter": {"Run_it": ["Succeeded"]},
            },
        },
    }
    flow_id = stored(client, "Runs what grows", definition)
    publish(INPUT.format("Old") + INPUT.format("Street"))
    screen.open(f"cloudflows/{flow_id}/edit", "Runs what grows")
    page = screen.page
    expect(card(page, "Tell")).to_contain_text("Said: Run it › Answer")
    card(page, "Run it").click()
    page.get_by_role("combobox", name="Connection").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("New since this step was saved")).to_have_count(1)
    screen.shoot("cloud-new-input")
    page.get_by_role("textbox", name="Street").fill("Main Street 1")
    expect(page.get_by_text("New since this step was saved")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_designer_has_no_accessibility_faults(
    browser: Browser, installation: Deskhand, client: ApiClient, theme: str
) -> None:
    flow_id = made(client, f"Audited {theme}")
    with signed_in(browser, installation, theme=theme) as screen:
        screen.open(f"cloudflows/{flow_id}/edit", "Audited")
        add_step(screen.page, "Condition", "Condition")
        add_step(screen.page, "Apply to each", "Apply to each")
        screen.page.get_by_role("button", name=re.compile("^Flow checker")).click()
        screen.shoot(f"cloud-designer-{theme}")
        assert screen.audit() == []
