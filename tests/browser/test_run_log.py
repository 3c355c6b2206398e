"""Read a run's action log: loops, filters, problems, the line in the designer. Source: experience 5.1."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_elements_and_versions import flow_id
from tests.live import ApiClient, Deskhand

FLOW = """@INPUT Folder : { 'FriendlyName': 'Folder', 'Type': 'String', 'DefaultValue': '/no/such/folder' }
SET Total TO 0
LOOP Index FROM 1 TO 250 STEP 1
    Logging.LogMessage Message: $'''Row %Index%''' LogLevel: Logging.LogLevel.InfoLevel
    IF Index = 7 THEN
        CALL Clean
    END
END
Folder.Empty Folder: Folder
FUNCTION Clean GLOBAL
    Folder.Delete Folder: Folder
        ON ERROR
        END
END FUNCTION
"""

LEFT_IN_ROUND_3 = """BLOCK Copies
ON BLOCK ERROR all
END
    LOOP Outer FROM 1 TO 5 STEP 1
        Logging.LogMessage Message: $'''File %Outer%''' LogLevel: Logging.LogLevel.InfoLevel
        LOOP Inner FROM 1 TO 2 STEP 1
            IF Outer * Inner = 6 THEN
                Folder.Empty Folder: '/no/such/folder'
            END
        END
    END
END
"""


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("log tests")


@pytest.fixture(scope="module")
def flow(installation: Deskhand, tmp_path_factory: pytest.TempPathFactory) -> str:
    return flow_id(installation, "Clean up", FLOW, tmp_path_factory.mktemp("flows"))


@pytest.fixture(scope="module")
def run(installation: Deskhand, client: ApiClient, flow: str) -> str:
    inputs = json.dumps({"Folder": "/no/such/folder"})
    runs = [
        client.run_flow(flow, installation.connection_name(), inputs=inputs).json()["flowsessionId"]
        for _ in range(2)
    ]
    for one in runs:
        client.wait_until_final(one)
    return str(runs[-1])


def test_a_loop_is_one_line_until_it_is_opened(screen: Screen, run: str) -> None:
    page = screen.page
    screen.open(f"runs/{run}", "Clean up")
    album = screen.album("run-log")
    table = page.get_by_role("table", name="Actions")
    loop = table.get_by_role("button", name="Loop Index: 250 rounds, 1 with a problem")
    expect(
        table.get_by_role("row").filter(has=page.get_by_role("button", name="Loop Index"))
    ).to_contain_text("Loop Index×250 – 249 ✓ 1 ✖")
    expect(page.get_by_text("/no/such/folder came from the input Folder.")).to_be_visible()
    expect(table.get_by_text("Row 250", exact=True)).to_have_count(0)
    table.scroll_into_view_if_needed()
    album.keep("closed")

    loop.focus()
    page.keyboard.press("Enter")
    expect(loop).to_have_attribute("aria-expanded", "true")
    expect(table.get_by_role("button", name="Round 250", exact=True)).to_be_visible()
    table.get_by_role("button", name="Show 200 more").click()
    expect(table.get_by_role("button", name="Round 50", exact=True)).to_be_attached()
    album.keep("opened")
    table.get_by_role("switch", name="Only rounds with a problem").click()
    failing = table.get_by_role("button", name=re.compile("^Round "))
    expect(failing).to_have_count(1)
    expect(failing).to_have_text("Round 7")
    expect(table.get_by_role("row").filter(has_text="Round 7")).to_contain_text("3 rows, 1 problem")
    failing.click()
    expect(table.get_by_text("Row 7", exact=True)).to_be_visible()
    expect(table.get_by_role("row").filter(has_text="Folder.Delete")).to_contain_text("Handled")
    album.keep("failing-round")
    page.set_viewport_size({"width": 390, "height": 844})
    table.scroll_into_view_if_needed()
    album.keep("opened-narrow")
    assert screen.audit() == []


def test_the_round_in_which_an_error_left_a_loop_shows_itself(
    screen: Screen, installation: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    page = screen.page
    failing = flow_id(installation, "Leave in round 3", LEFT_IN_ROUND_3, tmp_path)
    run = client.run_flow(failing, installation.connection_name()).json()["flowsessionId"]
    client.wait_until_final(run)
    screen.open(f"runs/{run}", "Leave in round 3")
    table = page.get_by_role("table", name="Actions")
    for name in ("Round 3", "Round 2"):
        expect(table.get_by_role("button", name=name, exact=True).first).to_have_attribute(
            "aria-expanded", "true"
        )
    expect(table.get_by_role("button", name="Round 1", exact=True).first).to_have_attribute(
        "aria-expanded", "false"
    )
    failed = table.get_by_role("row").filter(has_text="Folder.Empty")
    expect(failed).to_contain_text("/no/such/folder")
    table.scroll_into_view_if_needed()
    screen.shoot("run-log/left-by-an-error")

    page.get_by_role("switch", name="Only problems").click()
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Round 3 › 2")
    assert screen.audit() == []


def test_only_problems_and_filters_are_in_the_address(screen: Screen, run: str) -> None:
    page = screen.page
    screen.open(f"runs/{run}", "Clean up")
    table = page.get_by_role("table", name="Actions")
    page.get_by_role("switch", name="Only problems").click()
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("row").nth(2)).to_contain_text("Handled")
    page.reload()
    expect(table.get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Subflow").click()
    page.get_by_role("menuitemcheckbox", name="Clean (1)").click()
    page.keyboard.press("Escape")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Folder.Delete")
    screen.shoot("run-log/filtered")


def test_a_text_is_sought_in_the_whole_log(screen: Screen, run: str) -> None:
    page = screen.page
    screen.open(f"runs/{run}", "Clean up")
    table = page.get_by_role("table", name="Actions")
    box = page.get_by_role("searchbox", name="Search in the log")
    box.fill("ROW 25")
    expect(page.get_by_text(re.compile(r"^2 of \d{3} rows$"))).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_text("Row 250", exact=True)).to_be_visible()
    screen.shoot("run-log/sought")
    page.reload()
    expect(box).to_have_value("ROW 25")
    expect(table.get_by_role("row")).to_have_count(3)
    box.fill("nothing is called so")
    expect(page.get_by_text("No row of the log matches.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").last.click()
    expect(table.get_by_role("button", name="Loop Index")).to_be_visible()
    expect(box).to_have_value("")


def test_a_row_leads_to_its_line_in_the_designer(screen: Screen, run: str) -> None:
    page = screen.page
    screen.open(f"runs/{run}?subflow=Clean", "Clean up")
    page.get_by_role("link", name="Open Clean 1 in the designer").click()
    rows = page.get_by_role("treegrid", name="Actions of Clean").get_by_role("row")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    screen.shoot("run-log/designer")


def test_the_bell_tells_of_a_failing_flow_until_it_is_seen(screen: Screen, run: str) -> None:
    page = screen.page
    page.get_by_role("button", name="1 new notification").click()
    dialog = page.get_by_role("dialog", name="Notifications")
    expect(dialog.get_by_role("listitem").filter(has_text="Clean up")).to_contain_text(
        "failed 2 times in 24 hours"
    )
    screen.shoot("run-log/bell")
    assert screen.audit() == []
    dialog.get_by_role("button", name="Mark all as read").click()
    dialog.get_by_role("link", name="Clean up").click()
    expect(page.get_by_role("heading", name="Clean up", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
