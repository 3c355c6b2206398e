"""What ran on which machine, and the lists behind the numbers. Source: experience 3, Monitor > Activity."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_elements_and_versions import flow_id
from tests.live import ApiClient, Deskhand

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("activity tests")


@pytest.fixture(scope="module")
def machine(installation: Deskhand, client: ApiClient, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of a machine on which two runs succeeded and one failed."""
    failing = flow_id(installation, "Fail", "Folder.Empty Folder: '/no'\n", tmp_path_factory.mktemp("flows"))
    inputs = json.dumps({"Name": "Ada"})
    for flow, given in ((HELLO, inputs), (HELLO, inputs), (failing, "{}")):
        run = client.run_flow(flow, installation.connection_name(), inputs=given).json()["flowsessionId"]
        client.wait_until_final(run)
    (one,) = client.request("GET", "machines", root="/api/portal").json()["items"]
    return str(one["name"])


def test_the_numbers_of_a_machine_lead_to_the_runs_that_they_count(screen: Screen, machine: str) -> None:
    page = screen.page
    screen.open("activity?within=24h", "Activity")
    page.get_by_role("tab", name="Machines").click()
    row = page.get_by_role("grid", name="Machines").get_by_role("row", name=machine, exact=True)
    expect(row.get_by_role("link", name=f"3 runs on {machine}")).to_have_text("3")
    expect(row).to_contain_text("Connected")
    screen.shoot("activity/machines")
    assert screen.audit() == []

    row.get_by_role("link", name=f"1 failed on {machine}").click()
    expect(page.get_by_role("heading", name="Desktop flow runs", level=1)).to_be_visible()
    runs = page.get_by_role("grid", name="Desktop flow runs")
    expect(runs.get_by_role("row", name="Fail, Failed")).to_be_visible()
    expect(runs.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text(f"Machine: {machine}")).to_be_visible()
    screen.shoot("activity/failed-on-machine")
    assert screen.audit() == []

    page.get_by_text(f"Machine: {machine}").click()
    expect(page.get_by_text(f"Machine: {machine}")).to_have_count(0)
    expect(page).not_to_have_url("machine=")
    page.get_by_role("button", name="Clear filters").first.click()
    expect(runs.get_by_role("row")).to_have_count(4)


def test_the_lists_of_a_machine_are_reached_by_keys(screen: Screen, machine: str) -> None:
    page = screen.page
    screen.open("activity?tab=machines", "Activity")
    row = page.get_by_role("grid", name="Machines").get_by_role("row", name=machine, exact=True)
    row.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Show what waits for it")).to_be_disabled()
    page.get_by_role("menuitem", name="Show its runs").press("Enter")
    expect(page.get_by_role("heading", name="Desktop flow runs", level=1)).to_be_visible()
    expect(page.get_by_role("grid", name="Desktop flow runs").get_by_role("row")).to_have_count(4)


def test_without_machines_the_tab_says_how_one_joins(screen: Screen) -> None:
    page = screen.page
    page.route(
        "**/api/portal/activity/machines*", lambda route: route.fulfill(json={"items": [], "complete": True})
    )
    screen.open("activity?tab=machines", "Activity")
    page.get_by_role("button", name="Register a machine").click()
    expect(page.get_by_role("dialog", name="Register a machine")).to_be_visible()
