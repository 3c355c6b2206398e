"""A cloud flow asks; the person hears of it, answers, and the flow goes on."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.live import Deskhand

ASK = {
    "type": "OpenApiConnectionWebhook",
    "inputs": {
        "host": {
            "apiId": "/providers/Microsoft.PowerApps/apis/shared_approvals",
            "connectionName": "shared_approvals",
            "operationId": "StartAndWaitForAnApproval",
        },
        "parameters": {
            "approvalType": "Basic",
            "WebhookApprovalCreationInput/title": "Release the invoices?",
            "WebhookApprovalCreationInput/assignedTo": "admin",
            "WebhookApprovalCreationInput/itemLink": "javascript:alert(1)",
            "WebhookApprovalCreationInput/itemLinkDescription": "All of them",
        },
    },
}
DOCUMENT = {
    "properties": {
        "connectionReferences": {
            "shared_approvals": {
                "runtimeSource": "embedded",
                "connection": {"connectionReferenceLogicalName": "new_approvals"},
                "api": {"name": "shared_approvals"},
            }
        },
        "definition": {
            "triggers": {"manual": {"type": "Request", "kind": "Button"}},
            "actions": {"Ask": ASK},
        },
    }
}


def test_a_question_is_told_of_and_answered(screen: Screen, installation: Deskhand, tmp_path: Path) -> None:
    file = tmp_path / "Release.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    installation.command("import", str(file))
    installation.command("cloudflow", "on", "Release")
    installation.command("cloudflow", "run", "Release")

    page = screen.page
    page.get_by_role("button", name="1 new notification").click()
    expect(page.get_by_role("dialog", name="Notifications")).to_contain_text("Release the invoices?")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_be_disabled()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_focused()
    page.get_by_role("link", name="Approvals").click()
    expect(page.get_by_text("Release the invoices?")).to_be_visible()
    expect(page.get_by_text("All of them")).to_be_visible()
    assert page.locator("a[href^=javascript]").count() == 0
    page.get_by_role("textbox", name="Comments").fill("Go ahead")
    screen.shoot("approval")
    assert screen.audit() == []
    page.get_by_role("button", name="Approve: Release the invoices?").click()
    expect(page.get_by_text("Nothing to answer")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("Completed: Approve")).to_be_visible()
    page.get_by_role("link", name="Cloud flow activity").click()
    expect(page.get_by_role("row", name="Release, Succeeded")).to_be_visible()
