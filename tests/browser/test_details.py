"""Rename a flow, run one again on a chosen machine, and give a role where it is shown."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.live import Deskhand

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"


def test_a_flow_is_described_and_downloaded(screen: Screen) -> None:
    page = screen.page
    screen.open(f"desktopflows/{HELLO}", "Hello")
    page.get_by_role("button", name="Properties").click()
    dialog = page.get_by_role("dialog", name="Properties of ‘Hello’")
    dialog.get_by_role("textbox", name="Name").fill("Hello there")
    dialog.get_by_role("textbox", name="Description").fill("Greets whoever asks.")
    screen.shoot("flow-properties")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Hello there", level=1)).to_be_visible()
    expect(page.get_by_text("Greets whoever asks.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export…").click()
        page.get_by_role("dialog").get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename == "Hello there.robin"
    assert "SET Greeting" in download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1024, 1440])
def test_what_can_be_done_with_a_flow_stands_in_one_line(screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 768})
    screen.open(f"desktopflows/{HELLO}")
    toolbar = screen.page.get_by_role("main").get_by_role("toolbar", name="Commands")
    expect(toolbar.get_by_role("button", name="Copy as command")).to_be_visible()
    tops = toolbar.get_by_role("button").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1, tops
    screen.shoot(f"flow-commands-{width}")


def test_a_machine_leads_to_its_connections(screen: Screen) -> None:
    screen.open("machines", "Machines")
    screen.page.get_by_role("grid", name="Machines").get_by_role("link").first.click()
    connections = screen.page.get_by_role("region", name="Connections")
    name = connections.get_by_role("link").first.inner_text()
    connections.get_by_role("link").first.click()
    expect(screen.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_flows_are_saved_as_others_and_exported_together(screen: Screen) -> None:
    page = screen.page
    screen.open("desktopflows?whose=all", "Desktop flows")
    grid = page.get_by_role("grid", name="Desktop flows")
    grid.get_by_role("row", name="Patience").focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Save as…").click()
    dialog = page.get_by_role("dialog", name="Save ‘Patience’ as")
    expect(dialog.get_by_role("textbox", name="Name of the copy")).to_have_value("Patience (copy)")
    dialog.get_by_role("textbox").fill("Twice the patience")
    expect(dialog.get_by_role("code")).to_have_text(
        re.compile(r"^deskhand flow copy \S+ 'Twice the patience'$")
    )
    screen.shoot("save-as")
    dialog.get_by_role("button", name="Save copy").click()
    expect(page.get_by_role("heading", name="Twice the patience", level=1)).to_be_visible()

    screen.open("desktopflows?whose=all", "Desktop flows")
    for name in ("Patience", "Twice the patience"):
        grid.get_by_role("checkbox", name=f"Select {name}").click()
    page.get_by_role("button", name="Export 2 flows").click()
    dialog = page.get_by_role("dialog", name="Export 2 flows")
    dialog.get_by_role("radio", name="A solution").click()
    dialog.get_by_role("textbox", name="Unique name of the solution").fill("Greetings")
    screen.shoot("export-flows")
    assert screen.audit() == []
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename == "Greetings.zip"
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert len([one for one in names if one.startswith("Workflows/")]) == 2


def test_a_run_is_repeated_on_another_machine(screen: Screen, installation: Deskhand) -> None:
    page = screen.page
    client = installation.client("details")
    installation.command(
        "connection", "add", "--machine", machine_name(screen), "--display-name", "Second way"
    )
    started = client.run_flow(HELLO, installation.connection_name(), inputs="{}").json()
    client.wait_until_final(started["flowsessionId"])
    screen.open(f"runs/{started['flowsessionId']}")
    page.get_by_role("button", name="Rerun").click()
    page.get_by_role("menuitem", name="On another machine…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Connection").click()
    page.get_by_role("option", name="Second way (admin)").click()
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(page).not_to_have_url(f"{screen.base}/e/default/runs/{started['flowsessionId']}")
    expect(page.get_by_text("Second way")).to_be_visible()


def machine_name(screen: Screen) -> str:
    screen.open("machines", "Machines")
    grid = screen.page.get_by_role("grid", name="Machines")
    return grid.get_by_role("row").nth(1).get_by_role("link").inner_text()


def test_a_role_shows_what_it_gives_and_is_given(screen: Screen, installation: Deskhand) -> None:
    page = screen.page
    installation.command("user", "add", "ben", "--full-name", "Ben Okafor")
    screen.open("/admin?tab=roles")
    page.get_by_role("row", name="Desktop Flows Runner").focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Privileges and holders").click()
    dialog = page.get_by_role("dialog", name="Desktop Flows Runner")
    expect(dialog.get_by_role("row", name="workflow no own no no no no no no")).to_be_visible()
    expect(dialog.get_by_text("Nobody holds it.")).to_be_visible()
    dialog.get_by_role("combobox", name="Give it to").fill("okafor")
    page.get_by_role("option", name="Ben Okafor (ben)").click()
    dialog.get_by_role("button", name="Give role").click()
    expect(dialog.get_by_role("button", name="Take the role from Ben Okafor")).to_be_visible()
    screen.shoot("role")
    assert screen.audit() == []
    dialog.get_by_role("button", name="Take the role from Ben Okafor").click()
    expect(dialog.get_by_text("Nobody holds it.")).to_be_visible()
