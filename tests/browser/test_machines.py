"""Register a second machine with the command that the portal shows, and see it come and go."""

from __future__ import annotations

import shlex
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.live import Deskhand


def test_a_second_machine_joins_and_the_dialog_turns_into_connected(
    screen: Screen, installation: Deskhand, tmp_path: Path
) -> None:
    page = screen.page
    screen.open("machines", "Machines")
    page.get_by_role("button", name="Register a machine").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Show the command").click()
    expect(dialog.get_by_text("Waiting for the machine")).to_be_visible()
    # The button that had the focus is gone: without it, the dialog would be hidden from screen readers.
    expect(dialog.get_by_role("button", name="Copy the command").first).to_be_focused()
    screen.shoot("machine-registration")
    command = shlex.split(dialog.get_by_text("deskhand machine register").inner_text())

    second = Deskhand(tmp_path / "second", port=installation.port)
    try:
        second.command(*command[1:], "--name", "FIN-03")
        expect(dialog.get_by_text("FIN-03 is registered")).to_be_visible()
        second.run_machine()
        expect(dialog.get_by_text("FIN-03 connected")).to_be_visible()
        screen.shoot("machine-connected")
        dialog.get_by_role("button", name="Open FIN-03").click()
        expect(page.get_by_role("heading", name="FIN-03", level=1)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Connected")

        page.get_by_role("switch", name="Maintenance").click()
        expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Maintenance")
        expect(page.get_by_text("new runs wait until maintenance is over")).to_be_visible()
        page.get_by_role("switch", name="Maintenance").click()
        expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Connected")
    finally:
        second.stop()

    page.get_by_role("button", name="Remove").click()
    confirm = page.get_by_role("alertdialog")
    expect(confirm.get_by_role("button", name="Cancel")).to_be_focused()
    confirm.get_by_role("button", name="Remove machine").click()
    expect(page.get_by_role("heading", name="Machines", level=1)).to_be_visible()
    expect(page.get_by_role("row", name="FIN-03")).to_have_count(0)


def test_a_machine_moves_into_a_group_and_back(screen: Screen) -> None:
    page = screen.page
    screen.open("machines?tab=groups", "Machines")
    page.get_by_role("button", name="New group").first.click()
    dialog = page.get_by_role("dialog", name="New machine group")
    dialog.get_by_role("textbox", name="Name").fill("Finance")
    dialog.get_by_role("button", name="Create group").click()
    page.get_by_role("row", name="Finance").press("Enter")
    expect(page.get_by_role("heading", name="Finance", level=1)).to_be_visible()
    expect(page.get_by_text("runs that are sent to it cannot start")).to_be_visible()
    group = page.url

    screen.open("machines", "Machines")
    page.get_by_role("grid", name="Machines").get_by_role("row").nth(1).press("Enter")
    page.get_by_role("button", name="Move to group…").click()
    move = page.get_by_role("dialog")
    move.get_by_role("combobox", name="Machine group").click()
    page.get_by_role("option", name="Finance").click()
    move.get_by_role("button", name="Move machine").click()
    page.get_by_role("region", name="Details").get_by_role("link", name="Finance").click()
    members = page.get_by_role("region", name="Machines")
    expect(members.get_by_text("Connected")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Connected")
    assert screen.audit() == []

    page.get_by_role("switch", name="Maintenance").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Maintenance")
    screen.shoot("group")
    page.get_by_role("switch", name="Maintenance").click()
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()

    members.get_by_role("link").click()
    page.get_by_role("button", name="Move to group…").click()
    move.get_by_role("combobox", name="Machine group").click()
    page.get_by_role("option", name="A group of its own").click()
    move.get_by_role("button", name="Move machine").click()
    expect(move).to_have_count(0)
    page.goto(group)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete machine group").click()
    expect(page.get_by_role("heading", name="Machines", level=1)).to_be_visible()
    expect(page.get_by_role("row", name="Finance")).to_have_count(0)
