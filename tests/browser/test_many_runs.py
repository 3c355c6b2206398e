"""Cancel, resubmit and resume many runs of a cloud flow. Source: experience 3, cloud flow activity."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.cloud_designer import portal, stored
from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand

MANUAL = {"manual": {"type": "Request", "kind": "Button", "inputs": {}}}


@pytest.fixture
def client(installation: Deskhand) -> ApiClient:
    return installation.client("many runs")


def started(installation: Deskhand, client: ApiClient, name: str, action: object, count: int) -> str:
    """Return a flow that is on, after some runs of it have begun."""
    flow = stored(client, name, {"triggers": MANUAL, "actions": {"Step": action}})
    portal(client, "PUT", f"cloudflows/{flow}/state", {"on": True})
    for _ in range(count):
        installation.command("cloudflow", "run", flow, "--body", json.dumps({}))
    return flow


def test_failed_runs_are_resubmitted_together_and_each_is_told_of(
    screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    failing = {"type": "Terminate", "inputs": {"runStatus": "Failed"}, "runAfter": {}}
    flow = started(installation, client, "Fails", failing, 2)
    page = screen.page
    screen.open(f"cloudruns?flow={flow}", "Cloud flow activity")
    grid = page.get_by_role("grid", name="Cloud flow activity")
    expect(grid.get_by_text("Failed", exact=True)).to_have_count(2)
    for row in range(2):
        grid.get_by_role("row").nth(row + 1).get_by_role("checkbox").click()
    expect(page.get_by_role("button", name="Cancel 0 runs")).to_be_disabled()
    page.get_by_role("button", name="Resubmit 2 runs").click()
    dialog = page.get_by_role("alertdialog", name="Resubmit 2 runs?")
    expect(dialog.get_by_role("button", name="Do not resubmit")).to_be_focused()
    screen.shoot("many-runs/asking")
    dialog.get_by_role("button", name="Resubmit 2 runs").click()
    expect(dialog.get_by_role("status")).to_have_text("Done: 2 of 2.")
    expect(dialog.get_by_role("link")).to_have_count(2)
    screen.shoot("many-runs/done")
    assert screen.audit() == []
    dialog.get_by_role("button", name="Close").click()
    expect(grid.get_by_text("Failed", exact=True)).to_have_count(4)


def test_failed_runs_are_resumed_from_their_failed_step_together(
    screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    failing = {"type": "Compose", "inputs": "@int('no number')", "runAfter": {}}
    flow = started(installation, client, "Fails at a step", failing, 2)
    page = screen.page
    screen.open(f"cloudruns?flow={flow}", "Cloud flow activity")
    grid = page.get_by_role("grid", name="Cloud flow activity")
    expect(grid.get_by_text("Failed", exact=True)).to_have_count(2)
    for row in range(2):
        grid.get_by_role("row").nth(row + 1).get_by_role("checkbox").click()
    page.get_by_role("button", name="Resume 2 runs").click()
    dialog = page.get_by_role("alertdialog", name="Resume 2 runs from their failed steps?")
    expect(dialog.get_by_role("button", name="Do not resume")).to_be_focused()
    dialog.get_by_role("button", name="Resume 2 runs").click()
    expect(dialog.get_by_role("status")).to_have_text("Done: 2 of 2.")
    expect(dialog.get_by_role("link")).to_have_count(2)
    screen.shoot("many-runs/resumed")
    dialog.get_by_role("button", name="Close").click()
    expect(grid.get_by_text("Failed", exact=True)).to_have_count(4)
    grid.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_text("Goes on from run")).to_be_visible()


def test_runs_of_a_flow_are_canceled_on_its_page(
    screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    waiting = {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Hour"}}, "runAfter": {}}
    flow = started(installation, client, "Waits long", waiting, 2)
    page = screen.page
    screen.open(f"cloudflows/{flow}", "Waits long")
    grid = page.get_by_role("grid", name="Run history")
    expect(grid.get_by_text("Running", exact=True)).to_have_count(2)
    screen.shoot("many-runs/flow-page")
    for row in range(2):
        grid.get_by_role("row").nth(row + 1).get_by_role("checkbox").click()
    page.get_by_role("button", name="Cancel 2 runs").click()
    dialog = page.get_by_role("alertdialog", name="Cancel 2 runs?")
    dialog.get_by_role("button", name="Cancel 2 runs").click()
    expect(dialog.get_by_role("status")).to_have_text("Done: 2 of 2.")
    dialog.get_by_role("button", name="Close").click()
    expect(grid.get_by_text("Canceled", exact=True)).to_have_count(2)


def test_the_command_of_a_list_gives_the_same_list(screen: Screen, installation: Deskhand) -> None:
    page = screen.page
    copied: list[str] = []
    for address in ("runs?status=Failed,Timed+out", "runs?q=Fails&status=Failed", "desktopflows?whose=all"):
        screen.open(address)
        page.get_by_role("button", name="Copy as command").click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))

    assert copied == [
        "deskhand runs list --failed",
        'curl -H "Authorization: Bearer $DESKHAND_TOKEN" '
        f"'{screen.base}/api/portal/desktopruns?sort=-requestedOn&limit=500&search=Fails&status=Failed'",
        "deskhand flow list",
    ]
    installation.command(*copied[0].split()[1:])
    installation.command(*copied[2].split()[1:])
