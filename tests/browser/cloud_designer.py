"""The cloud-flow designer, as tests use it by mouse."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.live import ApiClient

ACTION = "Run a flow built with Power Automate for desktop"


def portal(client: ApiClient, method: str, path: str, body: Any = None) -> Any:
    """Call an endpoint of the portal."""
    answer = client.request(method, path, body, root="/api/portal")
    assert answer.status in (200, 204), answer.body
    return answer.json() if answer.status == 200 else None


def made(client: ApiClient, name: str, inputs: str = "one", **more: Any) -> str:
    """Return a new cloud flow of one action; ``more`` are further parts of its definition."""
    definition = {
        "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {}}},
        "actions": {"Compose": {"type": "Compose", "inputs": inputs, "runAfter": {}}},
        **more,
    }
    return stored(client, name, definition)


def stored(client: ApiClient, name: str, definition: Any) -> str:
    """Return a new cloud flow of a definition."""
    document = {
        "properties": {"connectionReferences": {}, "definition": definition},
        "schemaVersion": "1.0.0.0",
    }
    body = {"name": name, "document": json.dumps(document)}
    return str(portal(client, "POST", "cloudflows", body)["id"])


def build_instant_flow(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/e/default/create")
    page.get_by_role("button", name=re.compile("^Instant cloud flow")).click()
    dialog = page.get_by_role("dialog", name="Build an instant cloud flow")
    dialog.get_by_label("Flow name").fill(name)
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def add_step(page: Page, search: str, title: str) -> None:
    page.get_by_role("button", name="New step", exact=True).click()
    dialog = page.get_by_role("dialog", name="Choose an action")
    dialog.get_by_role("searchbox").fill(search)
    dialog.get_by_role("button", name=re.compile(f"^{title}")).click()


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name).click()
    page.get_by_role("option", name=option).click()


def card(page: Page, name: str) -> Locator:
    """Return the card of a step by its title; what other cards say of the step does not count."""
    return page.locator("[data-card]").filter(has_text=re.compile(rf"^\s*{re.escape(name)}"))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("toolbar").get_by_text("Saved", exact=True)).to_be_visible()


def field(page: Page, name: str) -> Locator:
    """Return the field of the panel that takes a value or an expression."""
    return page.get_by_role("textbox", name=name)


def chip(page: Page, name: str) -> Locator:
    """Return the expressions that a field holds."""
    return field(page, name).locator("[data-chip]")


def text_of(field: Locator) -> str:
    """Return what a field holds, its chips as they are written."""
    return str(
        field.evaluate(
            """(field) => [...field.querySelectorAll('.cm-line')].map((line) => {
              const copy = line.cloneNode(true);
              for (const chip of copy.querySelectorAll('[data-chip]'))
                chip.replaceWith(`⟦${chip.dataset.chip}⟧`);
              return copy.textContent;
            }).join('\\n')"""
        )
    )
