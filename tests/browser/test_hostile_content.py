"""What people, flows and files bring is text wherever it is shown: nothing of it runs, nothing of it is lost.

A window fails its test when the page's policy blocked anything, when an error was thrown or logged, and when
a dialog of the browser opened; ``hit`` would be set by any script that came with a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from deskhand.solutions.content import CloudFlow, ConnectionReference, Content, EnvironmentVariable, Solution
from deskhand.solutions.solution_writer import write_solution
from tests.browser.cloud_designer import portal, stored
from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand

MARKUP = '<img src=x onerror="hit=1"><script>hit=1</script><svg onload="hit=1">'
REVERSED = "invoice\u202efdp.exe"
REVERSED_AS_SHOWN = "invoice‹U+202E›fdp.exe"
CONTROL = "bell\x07 back\x08 escape\x1b[31m red"
FORMULA = '=HYPERLINK("javascript:hit=1";"all well")'
TEMPLATE = "{{constructor.constructor(0)()}} ${7*7} %3Cscript%3E"
LONG = "0123456789" * 1_000
HIDDEN_IN_ATTRIBUTES = r"""[...document.querySelectorAll('[aria-label], [title], [placeholder]')]
  .flatMap((one) => ['aria-label', 'title', 'placeholder'].map((name) => one.getAttribute(name) ?? ''))
  .filter((text) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e]/.test(text))"""
NAME = f"{MARKUP} {REVERSED}"
VALUE = f"{MARKUP} {REVERSED} {CONTROL} {TEMPLATE}"
ROBIN = f"""\
# {MARKUP}
@INPUT Text : {{ 'Description': '{MARKUP} {REVERSED}', 'FriendlyName': '{MARKUP}', 'Type': 'String', \
'Schema': {{ 'Type': 'String' }}, 'Value': '{MARKUP}', 'IsSensitive': False, 'IsOptional': False }}
@OUTPUT Echo : {{ 'Description': '{MARKUP}', 'FriendlyName': 'Echo {REVERSED}', 'Type': 'String', \
'Schema': {{ 'Type': 'String' }}, 'IsSensitive': False }}
**REGION {MARKUP}
SET Echo TO $'''{MARKUP} %Text%'''
**ENDREGION
# {REVERSED} {TEMPLATE}
CALL Report
FUNCTION Report GLOBAL
    Text.AppendLine Text: $'''{MARKUP}''' LineToAppend: Echo Result=> Echo
END FUNCTION
"""
FAILING = f"File.ReadTextFromFile.ReadText File: $'''/nowhere/{MARKUP}''' Content=> Text\n"
STEP = "<img src=x onerror=hit=1>"


def definition(message: str) -> dict[str, Any]:
    """A cloud flow whose every name and text is hostile, and which fails with a hostile text."""
    cases = {
        STEP + "case": {"case": MARKUP, "actions": {STEP + "in_case": {"type": "Compose", "inputs": MARKUP}}}
    }
    titles = {"title": MARKUP, "description": NAME, "type": "string", "x-ms-content-hint": "TEXT"}
    return {
        "description": MARKUP,
        "parameters": {MARKUP: {"type": "String", "defaultValue": MARKUP}},
        "triggers": {
            "manual": {
                "type": "Request",
                "kind": "Button",
                "description": MARKUP,
                "inputs": {"schema": {"type": "object", "properties": {"text": titles}, "required": []}},
            }
        },
        "actions": {
            STEP: {
                "type": "Compose",
                "description": MARKUP,
                "trackedProperties": {MARKUP: MARKUP},
                "inputs": {MARKUP: VALUE, "given": "@triggerBody()?['text']"},
            },
            REVERSED: {"type": "Compose", "inputs": LONG, "runAfter": {STEP: ["Succeeded"]}},
            STEP + "each": {
                "type": "Foreach",
                "foreach": [MARKUP, REVERSED],
                "runAfter": {REVERSED: ["Succeeded"]},
                "actions": {STEP + "item": {"type": "Compose", "inputs": "@item()"}},
            },
            STEP + "switch": {
                "type": "Switch",
                "expression": f"@concat('{MARKUP}')",
                "runAfter": {STEP + "each": ["Succeeded"]},
                "cases": cases,
                "default": {"actions": {}},
            },
            STEP + "end": {
                "type": "Terminate",
                "runAfter": {STEP + "switch": ["Succeeded"]},
                "inputs": {"runStatus": "Failed", "runError": {"code": MARKUP, "message": message}},
            },
        },
    }


@dataclass
class World:
    """An installation that is full of it."""

    desktop: str
    cloud: str
    run: str
    failed: str
    cloud_run: str


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client(NAME)


@pytest.fixture(scope="module")
def world(installation: Deskhand, client: ApiClient) -> World:
    desktop = portal(client, "POST", "desktopflows", {"name": NAME, "text": ROBIN})["id"]
    failing = portal(client, "POST", "desktopflows", {"name": FORMULA, "text": FAILING})["id"]
    for flow in (desktop, failing):
        known = portal(client, "GET", f"desktopflows/{flow}/text")
        given = {"text": known["text"], "version": known["version"], "publish": True}
        portal(client, "PUT", f"desktopflows/{flow}/text", given)
    connection = installation.connection_name()
    inputs = json.dumps({MARKUP: f"{VALUE} {LONG}"})
    run = client.run_flow(desktop, connection, inputs=inputs).json()["flowsessionId"]
    failed = client.run_flow(failing, connection).json()["flowsessionId"]
    assert client.wait_until_final(run)["statuscode"] == 4
    assert client.wait_until_final(failed)["statuscode"] == 8

    cloud = stored(client, NAME, definition(f"{MARKUP} {REVERSED} {LONG}"))
    portal(client, "PUT", f"cloudflows/{cloud}/state", {"on": True})
    cloud_run = installation.command("cloudflow", "run", cloud, "--body", json.dumps({"text": VALUE})).strip()
    portal(client, "POST", "users", {"name": NAME, "signInName": "mallory"})
    return World(desktop, cloud, run, failed, cloud_run)


@pytest.fixture
def window(screen: Screen) -> Iterator[Page]:
    """A window in which nothing of it may run."""
    yield screen.page
    unharmed(screen.page)


def unharmed(page: Page) -> None:
    """Hold that no text became an element, that no script ran, and that nothing hides in what is spoken."""
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x], svg[onload], script:not([src])").count() == 0
    assert page.evaluate(HIDDEN_IN_ATTRIBUTES) == []


LISTS = (
    "desktopflows?whose=all",
    "cloudflows",
    "runs",
    "cloudruns",
    "activity",
    "/admin",
    "/settings",
)


@pytest.mark.parametrize("path", LISTS)
def test_lists_show_it(screen: Screen, window: Page, world: World, path: str) -> None:
    screen.open(path)
    screen.settle()
    expect(window.get_by_text("<img src=x").first).to_be_visible()


def test_titles_of_pages_show_it(screen: Screen, window: Page, world: World) -> None:
    for path in (f"desktopflows/{world.desktop}", f"cloudflows/{world.cloud}", f"runs/{world.run}"):
        screen.open(path, "<img src=x")
        screen.settle()
        assert MARKUP in window.title()
        unharmed(window)


def test_a_desktop_run_shows_inputs_outputs_and_errors(screen: Screen, window: Page, world: World) -> None:
    for tab in ("actions", "raw"):
        screen.open(f"runs/{world.run}?tab={tab}", "<img src=x")
        screen.settle()
        expect(window.get_by_text("0123456789" * 5).first).to_be_visible()
        unharmed(window)
    screen.open(f"runs/{world.failed}", "=HYPERLINK")
    expect(window.get_by_role("region", name="Result")).to_contain_text("/nowhere/<img src=x")
    window.get_by_role("button", name="Rerun").click()
    window.get_by_role("menuitem", name="Edit inputs").click()
    expect(window.get_by_role("dialog")).to_contain_text("=HYPERLINK")


def test_a_cloud_run_shows_inputs_outputs_and_errors(screen: Screen, window: Page, world: World) -> None:
    screen.open(f"cloudflows/{world.cloud}/runs/{world.cloud_run}", "<img src=x")
    expect(window.get_by_role("main").get_by_role("status").first).to_have_text("Failed")
    actions = window.get_by_role("region", name="Actions")
    for at in range(actions.get_by_role("listitem").count()):
        actions.get_by_role("listitem").nth(at).get_by_role("button").first.click()
    expect(actions).to_contain_text(REVERSED_AS_SHOWN)
    expect(actions).not_to_contain_text("\u202e")
    expect(actions.get_by_role("group", name="Inputs").first).to_contain_text("invoice\\u202efdp.exe")
    screen.shoot("hostile-cloud-run")


def test_the_cloud_designer_shows_it(screen: Screen, window: Page, world: World) -> None:
    screen.open(f"cloudflows/{world.cloud}/edit?run={world.cloud_run}", "<img src=x")
    cards = window.locator("[data-card]")
    expect(cards.filter(has_text=REVERSED_AS_SHOWN).first).to_be_visible()
    for name in ("trigger", f"step:{STEP}"):
        window.locator(f"[data-card={json.dumps(name)}]").click()
        for tab in ("Parameters", "Settings", "Code", "Testing"):
            if window.get_by_role("tab", name=tab).count():
                window.get_by_role("tab", name=tab).click()
        unharmed(window)
    window.get_by_role("button", name="Flow checker").click()
    screen.shoot("hostile-cloud-designer")
    for view in ("Outline", "Code view"):
        window.get_by_role("button", name="Designer").or_(
            window.get_by_role("button", name="Outline")
        ).first.click()
        window.get_by_role("menuitemradio", name=view).click()
        expect(window.get_by_text("<img src=x").first).to_be_visible()
        unharmed(window)


def test_the_desktop_designer_shows_it(screen: Screen, window: Page, world: World) -> None:
    screen.open(f"desktopflows/{world.desktop}/edit", "<img src=x")
    grid = window.get_by_role("treegrid")
    expect(grid).to_contain_text("<img src=x")
    expect(grid).to_contain_text(REVERSED_AS_SHOWN)
    assert "\u202e" not in grid.inner_html()
    window.get_by_role("button", name="Both").click()
    expect(window.get_by_role("textbox", name="Text of Main")).to_contain_text("<img src=x")
    screen.shoot("hostile-desktop-designer")
    grid.get_by_role("row").nth(2).dblclick()
    expect(window.get_by_role("region", name="Set variable")).to_be_visible()


def test_dialogs_and_the_palette_show_it(screen: Screen, window: Page, world: World) -> None:
    screen.open(f"desktopflows/{world.desktop}", "<img src=x")
    for button in ("Run…", "Delete"):
        if window.get_by_role("button", name=button, exact=True).count():
            window.get_by_role("button", name=button, exact=True).click()
            expect(window.locator("[role=dialog], [role=alertdialog]")).to_contain_text("<img src=x")
            unharmed(window)
            window.keyboard.press("Escape")
    window.keyboard.press("Control+k")
    window.get_by_role("combobox", name="Search, or type a command").fill("<img")
    expect(window.get_by_role("option", name="<img src=x").first).to_be_visible()


def test_a_list_as_csv_holds_no_formula(screen: Screen, window: Page, world: World) -> None:
    screen.open("runs", "Desktop flow runs")
    window.get_by_role("row", name="<img src=x").first.wait_for()
    window.get_by_role("button", name="Export").click()
    with window.expect_download() as download:
        window.get_by_role("menuitem", name="CSV for spreadsheets").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "'" + FORMULA.replace('"', '""') in text
    assert all(not line.startswith(("=", "+", "-", "@", '"=')) for line in text.splitlines())


def test_a_solution_is_looked_into_and_its_texts_are_texts(
    screen: Screen, window: Page, tmp_path: Path
) -> None:
    document = {
        "properties": {"connectionReferences": {}, "definition": definition(MARKUP)},
        "schemaVersion": "1.0.0.0",
    }
    content = Content(
        MARKUP[:80],
        cloud_flows=(CloudFlow(UUID(int=0x666), NAME, MARKUP, json.dumps(document), 0),),
        connection_references=(
            ConnectionReference("new_hostile", MARKUP, "/providers/Microsoft.PowerApps/apis/shared_uiflow"),
        ),
        environment_variables=(
            EnvironmentVariable("new_hostile", MARKUP, MARKUP, 100_000_000, MARKUP, None),
        ),
    )
    file = tmp_path / "hostile.zip"
    file.write_bytes(write_solution(content, Solution("Hostile", MARKUP, "1.0.0.0", managed=False)))
    screen.open("solutions/import", "Import")
    window.get_by_label("Choose a file").set_input_files(file)
    expect(window.get_by_text("Step 2 of 4")).to_be_visible()
    expect(window.get_by_role("row").filter(has_text="<img src=x").first).to_be_visible()
    unharmed(window)
    window.get_by_role("button", name="Next").click()
    expect(window.get_by_text("Step 3 of 4")).to_be_visible()
    screen.shoot("hostile-import")


@pytest.mark.parametrize("path", ["desktopflows", "cloudflows"])
def test_a_name_of_ten_thousand_letters_is_refused_with_the_reason(client: ApiClient, path: str) -> None:
    body = {
        "name": LONG,
        "document": json.dumps({"properties": {"definition": {"triggers": {}, "actions": {}}}}),
    }
    answer = client.request(
        "POST", path, body if path == "cloudflows" else {"name": LONG}, root="/api/portal"
    )
    assert answer.status == 400, answer.body[:300]
    assert "100" in answer.json()["error"]["message"]


def test_another_person_is_harmed_as_little(browser: Browser, installation: Deskhand, world: World) -> None:
    with signed_in(browser, installation, "mallory", theme="dark") as screen:
        screen.page.get_by_role("button", name="Account of").click()
        unharmed(screen.page)
