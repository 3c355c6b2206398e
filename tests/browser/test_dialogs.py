"""Every dialog and pane: no fault of accessibility in either theme, and the focus goes back where it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.cloud_designer import card, made, portal
from tests.browser.conftest import signed_in
from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("dialogs")


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, installation: Deskhand, request: pytest.FixtureRequest) -> Iterator[Screen]:
    with signed_in(browser, installation, theme=request.param) as opened:
        yield opened


def look_at(screen: Screen, opener: Locator, picture: str = "") -> list[str]:
    """Open a dialog with the keyboard, audit it, close it with Escape; return what is wrong.

    The focus goes back to what opened it.
    """
    dialog = screen.page.locator("[role=dialog], [role=alertdialog]")
    opener.focus()
    screen.page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    if picture:
        name = re.sub(r"\W+", "-", picture).strip("-").lower()
        screen.shoot(f"dialogs/{name}-{screen.page.evaluate('document.documentElement.style.colorScheme')}")
    wrong = screen.audit()
    screen.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    return wrong


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name, exact=isinstance(name, str)).first


DIALOGS = {
    "create": ["^Instant cloud flow", "^Automated cloud flow", "^Scheduled cloud flow"],
    f"desktopflows/{HELLO}": ["^Run", "^Properties", "^Share", "^Delete"],
    "runs": ["^Keyboard shortcuts$", "^Search flows"],
    "connections": ["^New connection$", "^New connection reference$"],
    "credentials": ["^New credential$"],
    "machines": ["^Register a machine$", "^New group$"],
    "/admin": ["^Add a person$"],
    "/admin?tab=applications": ["^Register an application$"],
}


@pytest.mark.parametrize("path", DIALOGS)
def test_dialogs_of_pages(themed: Screen, path: str) -> None:
    """Pictures of all of them are kept under ``build/screenshots/dialogs``."""
    themed.open(path)
    themed.settle()
    found = {
        name: look_at(themed, button(themed.page, re.compile(name)), f"{path} {name}")
        for name in DIALOGS[path]
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_dialogs_of_a_connection_and_its_group(themed: Screen, installation: Deskhand) -> None:
    page = themed.page
    themed.open(f"connections/{installation.connection_name()}")
    themed.settle()
    found = {name: look_at(themed, button(page, name), f"connection {name}") for name in ("Edit", "Share")}
    group = page.get_by_role("region", name="Details").get_by_role("link")
    group.click()
    # Its connection may have the same name.
    expect(page.get_by_role("region", name="Machines", exact=True)).to_be_visible()
    found |= {
        f"group: {name}": look_at(themed, button(page, name), f"group {name}") for name in ("Edit", "Share")
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_states_of_the_cloud_designer(themed: Screen, client: ApiClient) -> None:
    page = themed.page
    flow = made(client, "States", "@body('Nobody')")
    themed.open(f"cloudflows/{flow}/edit", "States")
    found = {name: look_at(themed, button(page, name)) for name in ("Rename the flow", "New step", "Test")}
    card(page, "Compose").click()
    for tab in ("Parameters", "Settings", "Code", "Testing"):
        page.get_by_role("tab", name=tab).click()
        found[tab] = themed.audit()
    page.get_by_role("tab", name="Parameters").click()
    pick = button(page, "Insert dynamic content or an expression into Inputs")
    found["dynamic content"] = look_at(themed, pick)
    pick.click()
    page.get_by_role("tab", name="Expression").click()
    found["expression"] = themed.audit()
    page.keyboard.press("Escape")
    for name in ("Flow checker", "Run history"):
        button(page, re.compile(f"^{name}")).click()
        found[name] = themed.audit()
    for view in ("Outline", "Code view"):
        page.get_by_role("button", name=re.compile("^(Designer|Outline)$")).click()
        page.get_by_role("menuitemradio", name=view).click()
        found[view] = themed.audit()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_run_on_the_canvas(themed: Screen, client: ApiClient, installation: Deskhand) -> None:
    flow = made(client, "Shown on the canvas", "one")
    portal(client, "PUT", f"cloudflows/{flow}/state", {"on": True})
    run = installation.command("cloudflow", "run", flow, "--body", json.dumps({})).strip()
    themed.open(f"cloudflows/{flow}/edit?run={run}", "Shown on the canvas")
    page = themed.page
    expect(page.get_by_role("region", name="Run", exact=True).get_by_role("status")).to_have_text("Succeeded")
    card(page, "Compose").click()
    page.get_by_role("tab", name="Testing").click()
    expect(page.get_by_role("region", name="Outputs")).to_be_visible()
    assert themed.audit() == []
    themed.open(f"cloudflows/{flow}/runs/{run}", "Shown on the canvas")
    page.get_by_role("region", name="Actions").get_by_role("button").first.click()
    assert themed.audit() == []
