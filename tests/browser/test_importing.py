"""Import a solution, map its connections and variables, switch a flow on and run it."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from deskhand.solutions.content import CloudFlow, ConnectionReference, Content, EnvironmentVariable, Solution
from deskhand.solutions.solution_writer import write_solution
from tests.browser.screen import Screen

HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"
UIFLOW = "/providers/Microsoft.PowerApps/apis/shared_uiflow"
DEFINITION = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {
        "$connections": {"defaultValue": {}, "type": "Object"},
        "$authentication": {"defaultValue": {}, "type": "SecureObject"},
        "Whom (new_Whom)": {
            "type": "String",
            "defaultValue": "nobody",
            "metadata": {"schemaName": "new_Whom"},
        },
    },
    "triggers": {
        "manual": {
            "type": "Request",
            "kind": "Button",
            "inputs": {
                "schema": {
                    "type": "object",
                    "properties": {"number": {"title": "How often", "type": "number"}},
                    "required": ["number"],
                }
            },
        }
    },
    "actions": {
        "Greet": {
            "type": "OpenApiConnection",
            "runAfter": {},
            "inputs": {
                "host": {"apiId": UIFLOW, "connectionName": "shared_uiflow", "operationId": "RunUIFlow_V2"},
                "parameters": {
                    "uiFlowId": HELLO,
                    "runMode": "unattended",
                    "item/Name": "@parameters('Whom (new_Whom)')",
                    "item/HowOften": "@triggerBody()['number']",
                },
                "authentication": "@parameters('$authentication')",
            },
        }
    },
}
CONNECTIONS = {
    "shared_uiflow": {
        "runtimeSource": "embedded",
        "connection": {"connectionReferenceLogicalName": "new_flows"},
        "api": {"name": "shared_uiflow"},
    }
}


def solution(path: Path) -> Path:
    """Write an exported solution: a cloud flow, a connection reference, a variable."""
    document = {
        "properties": {"connectionReferences": CONNECTIONS, "definition": DEFINITION},
        "schemaVersion": "1.0.0.0",
    }
    flow = CloudFlow(
        UUID(int=0x7A11), "Greet on demand", "Greets whoever is asked for.", json.dumps(document), 0
    )
    content = Content(
        path.name,
        cloud_flows=(flow,),
        connection_references=(ConnectionReference("new_flows", "Desktop flows", UIFLOW),),
        environment_variables=(EnvironmentVariable("new_Whom", "Whom", "", 100_000_000, "nobody", None),),
    )
    path.write_bytes(write_solution(content, Solution("Greetings", "Greetings", "1.2.0.4", managed=False)))
    return path


def test_a_solution_is_looked_into_mapped_stored_and_run(screen: Screen, tmp_path: Path) -> None:
    page, album = screen.page, screen.album("solution")
    screen.open("solutions", "Solutions")
    album.keep("solutions")
    page.get_by_role("button", name="Import").first.click()
    page.get_by_label("Choose a file").set_input_files(solution(tmp_path / "Greetings_1_2_0_4.zip"))
    expect(page.get_by_text("Step 2 of 4")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Greet on demand")).to_contain_text(
        "is bound to no connection to 'Desktop flows'"
    )
    album.keep("inside")
    page.get_by_role("button", name="Next").click()

    # The only connection that fits is proposed; to bind it later can be chosen, and chosen back.
    reference = page.get_by_role("combobox", name="Desktop flows")
    expect(reference).not_to_have_text("Bind it later")
    reference.click()
    page.get_by_role("option", name="Bind it later").click()
    expect(reference).to_have_text("Bind it later")
    reference.click()
    page.get_by_role("option").nth(1).click()
    page.get_by_role("textbox", name="Whom").fill("Grace")
    album.keep("mapping")
    page.get_by_role("button", name="Import 1 flow").click()

    expect(page.get_by_text("Cloud flows come switched off")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Greet on demand")).to_contain_text("Runs as it is")
    album.keep("result")
    page.get_by_role("link", name="Greet on demand").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Off")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("On")
    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="How often").fill("2")
    dialog.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Greet on demand · run")
    expect(page.get_by_text("Succeeded in")).to_be_visible()
    page.get_by_role("button", name="Greet").first.click()
    expect(page.get_by_text("Hello Grace")).to_be_visible()
    album.keep("run")
    page.get_by_role("main").get_by_role("link", name="Desktop flow run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello · run")
    expect(page.get_by_role("link", name="Greet on demand, run")).to_be_visible()
    album.keep("desktop-run")


def test_a_file_that_holds_nothing_says_what_it_should_be(screen: Screen, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"not a zip")
    screen.open("solutions/import", "Import")
    screen.page.get_by_label("Choose a file").set_input_files(broken)
    expect(screen.page.get_by_text("DH5")).to_be_visible()
    expect(screen.page.get_by_text("Step 1 of 4")).to_be_visible()
