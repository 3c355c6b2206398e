"""Watch, cancel and repeat runs, and see why one waits. Source: experience 5."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("browser tests")


@pytest.fixture
def patient(installation: Deskhand, client: ApiClient) -> Iterator[list[str]]:
    """More runs than the machine takes at once, each of which would take minutes."""
    flow, connection = client.flow_id("Patience"), installation.connection_name()
    inputs = json.dumps({"Seconds": 300})
    runs = [client.run_flow(flow, connection, inputs=inputs).json()["flowsessionId"] for _ in range(5)]
    yield runs
    for run in runs:
        client.cancel(run)
    for run in runs:
        client.wait_until_final(run)


def test_actions_arrive_while_a_run_goes_on_and_cancel_ends_it(screen: Screen, patient: list[str]) -> None:
    screen.open(f"runs/{patient[0]}", "Patience")
    status = screen.page.get_by_role("main").get_by_role("status").first
    expect(status).to_have_text("Running")
    actions = screen.page.get_by_role("table", name="Actions")
    expect(actions.get_by_text("2 of 300 s", exact=True)).to_be_visible()
    album = screen.album("watch-and-cancel")
    album.keep("running")

    screen.page.get_by_role("button", name="Cancel", exact=True).click()
    dialog = screen.page.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="Let it run")).to_be_focused()
    album.keep("cancel")
    dialog.get_by_role("button", name="Stop now").click()
    expect(status).to_have_text("Canceled")
    album.keep("canceled")
    expect(screen.page.get_by_role("button", name="Cancel", exact=True)).to_be_disabled()


def test_a_run_that_waits_says_why_and_the_queue_moves_it(screen: Screen, patient: list[str]) -> None:
    last = patient[-1]
    screen.open(f"runs/{last}", "Patience")
    expect(screen.page.get_by_text("All sessions are in use: 4 of 4 on")).to_be_visible()
    album = screen.album("why-it-waits")
    album.keep("run")

    screen.open("queue", "Run queue")
    waiting = screen.page.get_by_role("row", name="Patience, Queued")
    expect(waiting).to_contain_text("All sessions are in use")
    album.keep("queue")
    waiting.click(button="right")
    screen.page.get_by_role("menuitem", name="Move to top").click()
    expect(waiting).to_contain_text("Top")
    album.keep("moved-to-top")


def test_a_run_is_repeated_with_other_inputs(
    screen: Screen, client: ApiClient, installation: Deskhand
) -> None:
    flow, connection = client.flow_id("Patience"), installation.connection_name()
    run = client.run_flow(flow, connection, inputs=json.dumps({"Seconds": 0})).json()["flowsessionId"]
    client.wait_until_final(run)
    screen.open(f"runs/{run}", "Patience")
    album = screen.album("rerun")
    album.keep("run")
    screen.page.get_by_role("button", name="Rerun").click()
    screen.page.get_by_role("menuitem", name="Edit inputs").click()
    seconds = screen.page.get_by_role("textbox", name="Seconds")
    expect(seconds).to_have_value("0")
    seconds.fill("many")
    screen.page.get_by_role("button", name="Run", exact=True).click()
    expect(screen.page.get_by_text("This takes a number")).to_be_visible()
    seconds.fill("1")
    album.keep("inputs")
    screen.page.get_by_role("button", name="Run", exact=True).click()
    expect(screen.page.get_by_text("Waited = 1.")).to_be_visible()
    album.keep("run-again")
    assert run not in screen.page.url


def test_a_failed_run_says_where_and_why(screen: Screen, client: ApiClient, installation: Deskhand) -> None:
    flow, connection = client.flow_id("No such file"), installation.connection_name()
    run = client.run_flow(flow, connection, inputs=json.dumps({"Path": "/nowhere/in.xlsx"})).json()
    client.wait_until_final(run["flowsessionId"])
    screen.open("runs", "Desktop flow runs")
    screen.page.get_by_role("row", name="No such file, Failed").first.press("Enter")
    result = screen.page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Main 1")
    expect(result).to_contain_text("There is no folder ‘/nowhere’")
    screen.page.get_by_role("button", name="More").click()
    screen.page.get_by_role("menuitem", name="Copy for support").click()
    copied = screen.copied(run["flowsessionId"])
    assert run["flowsessionId"] in copied
    assert "/nowhere" not in copied


def test_a_sensitive_input_is_nowhere_on_the_page(
    screen: Screen, client: ApiClient, installation: Deskhand
) -> None:
    flow, connection = client.flow_id("Hello"), installation.connection_name()
    inputs = json.dumps({"Name": "Ada", "Password": "k-n0wn-0nly-to-me"})
    run = client.run_flow(flow, connection, inputs=inputs).json()["flowsessionId"]
    client.wait_until_final(run)
    screen.open(f"runs/{run}?tab=raw", "Hello")
    expect(screen.page.get_by_text("••••• sensitive")).to_be_visible()
    assert "k-n0wn-0nly-to-me" not in screen.page.content()
