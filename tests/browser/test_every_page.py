"""What holds for every page: accessibility in both themes, foreign texts, room, keys, addresses."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import sign_in_path, signed_in
from tests.browser.screen import SIZES, Screen
from tests.live import ApiClient, Deskhand

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"
PAGES = {
    "home": "/e/default",
    "create": "create",
    "approvals": "approvals",
    "cloud-flows": "cloudflows",
    "desktop-flows": "desktopflows?whose=all",
    "desktop-flow": f"desktopflows/{HELLO}",
    "activity": "activity",
    "activity-machines": "activity?tab=machines",
    "cloud-runs": "cloudruns",
    "desktop-runs": "runs",
    "queue": "queue",
    "machines": "machines",
    "groups": "machines?tab=groups",
    "connections": "connections",
    "references": "connections?tab=references",
    "credentials": "credentials",
    "variables": "variables",
    "solutions": "solutions",
    "import": "solutions/import",
    "admin-users": "/admin",
    "admin-roles": "/admin?tab=roles",
    "admin-applications": "/admin?tab=applications",
    "admin-settings": "/admin?tab=settings",
    "admin-retention": "/admin?tab=retention",
    "admin-audit": "/admin?tab=audit",
    "admin-system": "/admin?tab=system",
    "settings": "/settings",
}
HOSTILE = '<img src=x onerror="document.title=1">‮fdp.exe <script>alert(1)</script>'
ARABIC = "تقرير الفواتير الشهرية"
LONG = "Invoices of every branch office, sorted, compared, corrected and filed again " * 3


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("browser tests")


@pytest.fixture(scope="module")
def odd_flows(installation: Deskhand, client: ApiClient) -> dict[str, str]:
    """Flows whose names are markup, right to left, and long."""
    found = {}
    for name in (HOSTILE, ARABIC, LONG[:100]):
        body = json.dumps({"name": name, "text": "SET Greeting TO 1"}).encode()
        headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
        address = f"http://127.0.0.1:{installation.port}/api/portal/desktopflows"
        with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
            found[name] = json.load(answer)["id"]
    return found


@pytest.fixture(scope="module")
def run_id(installation: Deskhand, client: ApiClient) -> str:
    inputs = json.dumps({"Name": HOSTILE})
    started = client.run_flow(HELLO, installation.connection_name(), inputs=inputs).json()
    client.wait_until_final(started["flowsessionId"])
    return str(started["flowsessionId"])


@pytest.fixture(scope="module")
def pages_of_things(installation: Deskhand, client: ApiClient, run_id: str) -> dict[str, str]:
    """Pages whose addresses hold the id of something that is there."""
    (group, *_) = client.request("GET", "groups", root="/api/portal").json()["items"]
    (machine, *_) = client.request("GET", "machines", root="/api/portal").json()["items"]
    return {
        "desktop-run": f"runs/{run_id}",
        "connection": f"connections/{installation.connection_name()}",
        "group": f"groups/{group['id']}",
        "machine": f"machines/{machine['id']}",
        "machine-runs": f"runs?machine={machine['id']}&flow={HELLO}",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_into_its_window_and_can_be_used_by_everybody(
    browser: Browser,
    installation: Deskhand,
    odd_flows: dict[str, str],
    pages_of_things: dict[str, str],
    theme: str,
    size: str,
) -> None:
    """Pictures of all of them are kept under ``build/screenshots/pages``."""
    found: dict[str, list[str]] = {}
    with signed_in(browser, installation, theme=theme, size=size) as screen:
        for name, path in {**PAGES, **pages_of_things}.items():
            screen.open(path)
            screen.settle()
            screen.shoot(f"pages/{name}-{size}-{theme}")
            main = screen.page.get_by_role("main")
            beyond = main.evaluate("one => one.scrollWidth - one.clientWidth")
            wrong = [f"{beyond} pixels too wide"] if beyond > 1 else []  # widths are rounded
            # What an audit looks at does not depend on the window's size, except where parts are left out.
            wrong += screen.audit() if size == "wide" or theme == "light" else []
            if wrong:
                found[name] = wrong
    assert found == {}


def test_names_are_texts_wherever_they_stand(screen: Screen, odd_flows: dict[str, str], run_id: str) -> None:
    page = screen.page
    screen.open("desktopflows?whose=all", "Desktop flows")
    for name in odd_flows:
        row = page.get_by_role("row", name=name.replace("\u202e", "‹U+202E›"))
        expect(row).to_be_visible()
        expect(row).not_to_contain_text("\u202e")
    screen.open(f"desktopflows/{odd_flows[HOSTILE]}", "onerror")
    shown = HOSTILE.replace("\u202e", "‹U+202E›")
    expect(page).to_have_title(f"{shown} · Deskhand")
    expect(page.get_by_role("heading", level=1)).to_have_text(shown)
    screen.open(f"runs/{run_id}", "Hello")
    expect(page.get_by_text("onerror").first).to_be_visible()
    assert page.locator("main img, main script").count() == 0


def test_the_palette_finds_flows_by_name_and_anything_by_its_id(screen: Screen, run_id: str) -> None:
    page = screen.page
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search, or type a command")
    expect(box).to_be_focused()
    box.fill("patien")
    expect(page.get_by_role("option", name="Patience")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Patience", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    box.fill(run_id)
    expect(page.get_by_role("option", name="Hello")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"run {run_id[:8]}")


def test_letters_lead_to_pages_and_lists_are_walked_by_arrows(screen: Screen) -> None:
    page = screen.page
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Desktop flows", level=1)).to_be_visible()
    page.get_by_role("row", name="Patience").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("row", name="No such file")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Run…")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("row", name="No such file").press("Enter")
    expect(page.get_by_role("heading", name="No such file", level=1)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_a_view_is_in_the_address_and_comes_back_with_it(screen: Screen, run_id: str) -> None:
    page = screen.page
    screen.open("runs?status=Failed", "Desktop flow runs")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear filters").last.click()
    expect(page.get_by_role("row", name="Hello, Succeeded").first).to_be_visible()
    page.get_by_role("searchbox", name="Search in this list").fill("no flow is called so")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox", name="Search in this list")).to_have_value("no flow is called so")


def test_a_list_is_exported_without_formulas(screen: Screen, odd_flows: dict[str, str]) -> None:
    screen.open("desktopflows?whose=all", "Desktop flows")
    screen.page.get_by_role("row", name="Hello", exact=True).wait_for()
    screen.page.get_by_role("button", name="Export").click()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("menuitem", name="CSV for spreadsheets").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("Name,State,")
    assert ARABIC in text


def test_who_is_signed_out_meanwhile_keeps_the_page_and_signs_in_again(
    screen: Screen, installation: Deskhand
) -> None:
    page = screen.page
    screen.open("/settings", "Settings")
    typed = page.get_by_role("textbox", name="New password")
    typed.fill("kind-otter-7421-lamp")
    page.context.clear_cookies()
    page.evaluate("fetch('/api/portal/session')")
    page.route("**/oauth2/v2.0/token", lambda route: route.fulfill(status=400, body="{}"))
    page.route("**/api/portal/session/password", lambda route: route.fulfill(status=401, body="{}"))
    page.get_by_role("button", name="Set password").click()
    dialog = page.get_by_role("alertdialog", name="You are signed out")
    expect(dialog).to_be_visible()
    page.unroute("**/oauth2/v2.0/token")
    page.unroute("**/api/portal/session/password")
    with page.context.expect_page() as opened:
        dialog.get_by_role("button", name="Sign in").click()
    opened.value.goto(screen.base + sign_in_path(installation))
    opened.value.get_by_role("heading", name="Home", level=1).wait_for()
    expect(dialog).to_have_count(0)
    expect(typed).to_have_value("kind-otter-7421-lamp")


def test_addresses_of_power_automate_lead_to_ours(screen: Screen) -> None:
    screen.open(f"/manage/environments/Default-1/uiflows/{HELLO}/details", "Hello")
    assert screen.page.url == f"{screen.base}/e/default/desktopflows/{HELLO}"
    screen.open("/manage/environments/Default-1/connections?apiName=shared_uiflow", "Connections")


def test_an_address_that_leads_nowhere_says_so(screen: Screen) -> None:
    screen.page.goto(f"{screen.base}/e/default/nothing-here")
    expect(screen.page.get_by_text("There is nothing at this address")).to_be_visible()
    nobody = "00000000-0000-4000-8000-000000000000"
    for path, title, list_ in (
        (f"runs/{nobody}", "Desktop flow run", "Desktop flow runs"),
        (f"desktopflows/{nobody}/edit", "Desktop flow", "Desktop flows"),
        (f"cloudflows/{nobody}/edit", "Cloud flow", "Cloud flows"),
        (f"machines/{nobody}", "Machine", "Machines"),
    ):
        screen.open(path, title)
        expect(screen.page.get_by_text("It has been deleted, or it is not shared with you.")).to_be_visible()
        expect(screen.page.get_by_role("button", name="Try again")).to_be_visible()
        screen.page.get_by_role("button", name=f"Go to {list_}").click()
        expect(screen.page.get_by_role("heading", name=list_, level=1, exact=True)).to_be_visible()


def test_a_server_that_is_away_is_told_of_and_found_again(screen: Screen) -> None:
    page = screen.page
    screen.open("machines", "Machines")
    footer = page.get_by_role("contentinfo")
    expect(footer).to_contain_text("connected")
    page.route("**/api/portal/events*", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    expect(page.get_by_role("grid", name="Machines")).to_be_visible()
    page.unroute("**/api/portal/events*")
    expect(page.get_by_text("The server cannot be reached")).to_have_count(0, timeout=20_000)
