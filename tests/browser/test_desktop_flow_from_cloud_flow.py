"""From *Create* to a cloud flow that runs a desktop flow made on the way: by mouse, and by keyboard alone.

Source: "Trigger desktop flows from cloud flows" of Power Automate's documentation, step by step.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.cloud_designer import (
    ACTION,
    add_step,
    build_instant_flow,
    card,
    chip,
    choose,
    portal,
    save,
)
from tests.browser.keyboard import Keyboard
from tests.browser.screen import Album, Screen
from tests.live import ApiClient, Deskhand

TARGET = "1 connected"


@pytest.fixture
def client(installation: Deskhand) -> ApiClient:
    """A client of an installation where nobody has a connection yet."""
    found = installation.client("first cloud flow")
    for one in portal(found, "GET", "connections")["items"]:
        portal(found, "DELETE", f"connections/{one['name']}")
    return found


def make_desktop_flow(page: Page, album: Album) -> None:
    """Declare an input and an output, say what happens, and publish."""
    expect(page.get_by_text("This subflow is empty")).to_be_visible()
    album.keep("blank-designer", page)
    for role, name in (("input", "Who"), ("output", "Greeting")):
        page.get_by_role("button", name="New input or output").click()
        page.get_by_role("menuitem", name=f"New {role}").click()
        dialog = page.get_by_role("dialog", name=f"New {role}")
        dialog.get_by_label("Variable name").fill(name)
        dialog.get_by_label("Description").fill(f"The {name.lower()}")
        album.keep(f"new-{role}", page)
        dialog.get_by_role("button", name="Add", exact=True).click()
        expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Add action").click()
    page.keyboard.type("Set variable")
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Set variable")
    panel.get_by_role("textbox", name=re.compile("^Name of the variable")).fill("Greeting")
    panel.get_by_label("Value", exact=False).first.fill("Welcome %Who%")
    album.keep("action", page)
    panel.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()
    album.keep("published", page)


def test_by_mouse(screen: Screen, client: ApiClient) -> None:
    page, album = screen.page, screen.album("desktop-flow-from-cloud-flow")
    page.get_by_role("link", name="Create").click()
    album.keep("create")
    build_instant_flow(page, screen.base, "Greet from the cloud")
    album.keep("instant-flow")
    page.get_by_role("button", name="New step", exact=True).click()
    picker = page.get_by_role("dialog", name="Choose an action")
    picker.get_by_role("searchbox").fill("Power Automate for desktop")
    album.keep("choose-an-action")
    picker.get_by_role("button", name=re.compile(f"^{ACTION}")).click()

    prompt = page.get_by_role("form", name="New connection")
    expect(prompt).to_be_visible()
    album.keep("connection-prompt")
    prompt.get_by_label("Connection name").fill("My desktop")
    prompt.get_by_role("combobox", name="Machine or machine group").click()
    page.get_by_role("option").first.click()
    prompt.get_by_role("button", name="Create").click()
    expect(page.get_by_role("combobox", name="Connection")).to_contain_text("My desktop")
    choose(page, "Run mode", "Unattended")
    album.keep("run-mode")
    choose(page, "Desktop flow", "Create a new desktop flow")
    dialog = page.get_by_role("dialog", name="Build a desktop flow")
    dialog.get_by_label("Flow name").fill("Welcome")
    album.keep("build-a-desktop-flow")
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Launch app").click()
    expect(opened.value).to_have_url(re.compile(r"/e/default/desktopflows/[0-9a-f-]{36}/edit$"))
    make_desktop_flow(opened.value, album)
    opened.value.close()
    page.bring_to_front()

    expect(page.get_by_role("combobox", name="Desktop flow")).to_have_text("Welcome")
    expect(page.get_by_text("This desktop flow is a draft")).to_have_count(0)
    page.get_by_role("textbox", name="Who").fill("Ada")
    expect(page.get_by_text("Greeting (Text)")).to_be_visible()
    album.keep("inputs-as-fields")
    add_step(page, "Compose", "Compose")
    page.get_by_role("button", name="Insert dynamic content or an expression into Inputs").click()
    album.keep("dynamic-content")
    page.get_by_role("button", name=re.compile("^Greeting")).click()
    expect(chip(page, "Inputs")).to_have_attribute(
        "data-chip", f"body('{ACTION.replace(' ', '_')}')?['Greeting']"
    )
    expect(chip(page, "Inputs")).to_contain_text(f"{ACTION}Greeting")
    save(page)
    page.get_by_role("button", name="Test", exact=True).click()
    album.keep("test")
    page.get_by_role("button", name="Run flow").click()
    run = page.get_by_role("region", name="Run", exact=True)
    expect(run.get_by_role("status")).to_have_text("Succeeded", timeout=60_000)
    card(page, ACTION).click()
    page.get_by_role("tab", name="Testing").click()
    expect(page.get_by_role("region", name="Outputs")).to_contain_text('"Greeting": "Welcome Ada"')
    album.keep("run-on-the-canvas")
    page.get_by_role("button", name="Run history").click()
    expect(page.get_by_role("complementary", name="Run history").get_by_role("button")).to_have_count(1)

    screen.open("cloudruns", "Cloud flow activity")
    page.get_by_role("row", name="Greet from the cloud, Succeeded").press("Enter")
    page.get_by_role("main").get_by_role("button", name=re.compile(f"^{ACTION}")).click()
    actions = page.get_by_role("region", name="Actions")
    expect(actions.get_by_role("group", name="Outputs")).to_contain_text('"Greeting": "Welcome Ada"')
    album.keep("run-history")


def make_desktop_flow_by_keyboard(page: Page, keys: Keyboard, album: Album) -> None:
    """Do the same as by mouse, with keys."""
    expect(page.get_by_text("This subflow is empty")).to_be_visible()
    add = page.get_by_role("button", name="New input or output")
    for number, (role, name) in enumerate((("input", "Who"), ("output", "Greeting"))):
        keys.tab_to(add)
        keys.press("Enter", *["ArrowDown"] * number, "Enter")
        dialog = page.get_by_role("dialog", name=f"New {role}")
        expect(dialog.get_by_label("Variable name")).to_be_focused()
        keys.type(name)
        keys.tab_to(dialog.get_by_label("Description"))
        keys.type(f"The {name.lower()}")
        album.keep(f"new-{role}", page)
        keys.press("Enter")
        expect(dialog).to_have_count(0)
    keys.tab_to(page.get_by_role("button", name="Add action"))
    keys.press("Enter")
    expect(page.get_by_role("combobox", name="Search actions")).to_be_focused()
    keys.type("Set variable")
    keys.press("Enter")
    panel = page.get_by_role("region", name="Set variable")
    value = panel.get_by_label("Value", exact=False).first
    expect(value).to_be_focused()
    keys.type("Welcome %Who%")
    variable = panel.get_by_role("textbox", name=re.compile("^Name of the variable"))
    keys.tab_to(variable)
    keys.press("Control+a")
    keys.type("Greeting")
    album.keep("action", page)
    keys.press("Enter")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_enabled()
    keys.press("Control+Shift+s")
    expect(page.get_by_role("status").filter(has_text="Published, saved")).to_be_visible()
    album.keep("published", page)


def test_by_keyboard_alone(browser: Browser, screen: Screen, client: ApiClient) -> None:
    """Nothing here clicks, and each element that has the focus on the way shows it."""
    page, album, keys = screen.page, screen.album("by-keyboard"), Keyboard(screen.page, browser)
    # A page that was just loaded shows where the focus is from the first key on.
    keys.press("Tab")
    keys.tab_to(page.get_by_role("link", name="Create"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Create", level=1)).to_be_visible()
    keys.tab_to(page.get_by_role("button", name=re.compile("^Instant cloud flow")))
    keys.press("Enter")
    expect(page.get_by_label("Flow name")).to_be_focused()
    keys.type("Greet by keyboard")
    album.keep("instant-flow")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Greet by keyboard", level=1)).to_be_visible()

    keys.tab_to(page.get_by_role("button", name="New step", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("searchbox", name="Search connectors and actions")).to_be_focused()
    keys.type("Power Automate for desktop")
    album.keep("choose-an-action")
    keys.press("Enter")
    expect(card(page, ACTION)).to_be_focused()

    prompt = page.get_by_role("form", name="New connection")
    keys.tab_to(prompt.get_by_label("Connection name"), "Shift+Tab")
    keys.type("By keyboard")
    machine = prompt.get_by_role("combobox", name="Machine or machine group")
    keys.tab_to(machine)
    keys.choose(machine, TARGET)
    keys.tab_to(prompt.get_by_role("button", name="Create"))
    keys.press("Enter")
    connection = page.get_by_role("combobox", name="Connection")
    expect(connection).to_contain_text("By keyboard")
    expect(connection).to_be_focused()
    album.keep("connection")
    flow = page.get_by_role("combobox", name="Desktop flow")
    keys.tab_to(flow)
    keys.choose(flow, "Create a new desktop flow")
    expect(page.get_by_role("dialog", name="Build a desktop flow").get_by_label("Flow name")).to_be_focused()
    keys.type("Welcome by keyboard")
    with page.expect_popup() as opened:
        keys.press("Enter")
    made = opened.value
    with_keys = Keyboard(made, browser)
    make_desktop_flow_by_keyboard(made, with_keys, album)
    made.close()
    keys.to_front()

    expect(flow).to_have_text("Welcome by keyboard")
    assert keys.is_at(flow), keys.where()
    mode = page.get_by_role("combobox", name="Run mode")
    keys.tab_to(mode)
    keys.choose(mode, "Unattended")
    keys.tab_to(page.get_by_role("textbox", name="Who"))
    keys.type("Grace")
    album.keep("inputs-as-fields")
    keys.press("Control+s")
    keys.tab_to(card(page, ACTION))
    keys.press("Control+Enter")
    expect(page.get_by_role("searchbox", name="Search connectors and actions")).to_be_focused()
    keys.type("Compose")
    keys.press("Enter")
    expect(card(page, "Compose")).to_be_focused()
    keys.tab_to(page.get_by_role("textbox", name="Inputs"), "Shift+Tab")
    keys.press("/")
    expect(page.get_by_role("searchbox", name="Search dynamic content")).to_be_visible()
    album.keep("dynamic-content")
    keys.tab_to(page.get_by_role("button", name=re.compile("^Greeting")))
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Inputs")).to_be_focused()
    keys.press("Control+s")
    expect(page.get_by_role("toolbar").get_by_text("Saved", exact=True)).to_be_visible()

    keys.tab_to(page.get_by_role("button", name="Test", exact=True), "Shift+Tab")
    keys.press("Enter")
    keys.tab_to(page.get_by_role("button", name="Run flow"))
    keys.press("Enter")
    run = page.get_by_role("region", name="Run", exact=True)
    expect(run.get_by_role("status")).to_have_text("Succeeded", timeout=60_000)
    keys.tab_to(card(page, ACTION))
    keys.press("Enter")
    keys.tab_to(page.get_by_role("tab", name="Parameters"), "Shift+Tab")
    keys.press("End", "Enter")
    expect(page.get_by_role("region", name="Outputs")).to_contain_text('"Greeting": "Welcome Grace"')
    album.keep("run-on-the-canvas")

    keys.press("Control+k")
    keys.type("Cloud flow activity")
    keys.press("Enter")
    row = page.get_by_role("row", name="Greet by keyboard, Succeeded")
    expect(row).to_be_visible()
    keys.tab_to(row)
    keys.press("Enter")
    actions = page.get_by_role("region", name="Actions")
    keys.tab_to(actions.get_by_role("button", name=re.compile(f"^{ACTION}")))
    keys.press("Enter")
    expect(actions.get_by_role("group", name="Outputs")).to_contain_text('"Greeting": "Welcome Grace"')
    album.keep("run-history")
    assert [*keys.unseen, *with_keys.unseen] == []
