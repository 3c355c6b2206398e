"""The endpoints of the designer of cloud flows, against a live server."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


def document(value: str = "1", **beside: Any) -> str:
    definition = {
        "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {}}},
        "actions": {"Compose": {"type": "Compose", "inputs": value, "runAfter": {}}},
    }
    properties = {"connectionReferences": {}, "definition": definition, **beside}
    return json.dumps({"properties": properties, "schemaVersion": "1.0.0.0"})


def made(pages: Pages, name: str = "Made in the designer") -> str:
    flow_id: str = pages.post("/cloudflows", {"name": name, "document": document()})["id"]
    return flow_id


def test_the_palette_offers_what_runs_in_the_words_of_the_original(pages: Pages) -> None:
    palette = pages.get("/cloudflows/palette")

    assert {"If", "Foreach", "Compose", "Http"} <= {one["type"] for one in palette["actions"]}
    assert {"Request", "Recurrence"} <= {one["name"] for one in palette["triggers"]}
    desktop = next(one for one in palette["connectors"] if one["name"] == "shared_uiflow")
    run = next(one for one in desktop["operations"] if one["id"] == "RunUIFlow_V2")
    assert run["title"] == "Run a flow built with Power Automate for desktop"
    assert run["inputs"]["required"] == ["uiFlowId", "runMode"]
    assert run["dynamic"] == {"uiFlowId": "ListUIFlows", "item": "GetUIFlowMetadata"}
    split = next(one for one in palette["functions"] if one["name"] == "split")
    assert split["signature"] == "split(text, separator)"


def test_a_saved_document_is_exactly_the_one_that_was_sent(pages: Pages) -> None:
    flow_id = made(pages)
    read = pages.get(f"/cloudflows/{flow_id}/document")
    assert (read["document"], read["path"], read["state"]) == (
        document(),
        ["properties", "definition"],
        "Off",
    )

    changed = document("2", unknown={"kept": [1.50, None]})
    saved = pages.put(
        f"/cloudflows/{flow_id}/document",
        {"document": changed, "version": read["version"], "name": "Another name"},
    )

    assert (saved["document"], saved["name"], saved["mayChange"]) == (changed, "Another name", True)
    assert saved["version"] != read["version"]
    assert pages.get(f"/cloudflows/{flow_id}/document") == saved


def test_who_saves_second_overwrites_nothing(pages: Pages) -> None:
    flow_id = made(pages)
    version = pages.get(f"/cloudflows/{flow_id}/document")["version"]
    first = pages.put(f"/cloudflows/{flow_id}/document", {"document": document("2"), "version": version})

    answer = pages.ask(
        "PUT", f"/cloudflows/{flow_id}/document", {"document": document("3"), "version": version}
    )

    assert (answer.status, answer.error["code"]) == (409, "DH6650")
    assert "nothing was overwritten" in answer.error["message"]
    assert pages.get(f"/cloudflows/{flow_id}/document") == first


def test_a_flow_is_switched_on_and_off(pages: Pages) -> None:
    flow_id = made(pages)

    assert pages.put(f"/cloudflows/{flow_id}/state", {"on": True})["state"] == "On"
    (listed,) = pages.get(f"/cloudflows?search={flow_id}")["items"]
    assert listed["trigger"] == "Instant"
    assert pages.put(f"/cloudflows/{flow_id}/state", {"on": False})["state"] == "Off"


def test_the_checker_names_the_action_that_is_wrong(pages: Pages) -> None:
    wrong = document("@body('Nobody')")

    found = pages.post("/cloudflows/check", {"document": wrong})["items"]

    assert [(one["name"], one["fatal"]) for one in found] == [("Compose", True)]
    assert pages.post("/cloudflows/check", {"document": document()}) == {"items": []}
    assert pages.post("/cloudflows/check", {"document": "{"})["items"][0]["fatal"] is True


def test_a_flow_that_lacks_a_required_input_is_saved_and_not_switched_on(pages: Pages) -> None:
    lacking = json.loads(document())
    lacking["properties"]["definition"]["actions"] = {"Ask": {"type": "Http", "inputs": {"method": "GET"}}}
    flow_id = pages.post("/cloudflows", {"name": "Asking", "document": json.dumps(lacking)})["id"]
    told = "'URI' of 'Ask' is required: 'inputs/uri' must be a text, or an expression."

    (found,) = pages.post("/cloudflows/check", {"document": json.dumps(lacking)})["items"]
    answer = pages.ask("PUT", f"/cloudflows/{flow_id}/state", {"on": True})

    assert found == {"code": "RequiredInputMissing", "message": told, "name": "Ask", "fatal": True}
    assert (answer.status, told in answer.error["message"]) == (400, True)


def test_expressions_are_evaluated_with_given_data(pages: Pages) -> None:
    def value_of(expression: str) -> Any:
        context = {"outputs": {"Greet": {"body": {"greeting": "Hello"}}}}
        return pages.post("/cloudflows/evaluate", {"expression": expression, "context": context})

    assert value_of("toUpper(body('Greet')?['greeting'])") == {"value": '"HELLO"', "problem": None}
    assert value_of("nobody()")["value"] is None
    assert "nobody" in value_of("nobody()")["problem"]


def test_only_who_may_see_a_flow_sees_its_document(server: LiveServer, pages: Pages) -> None:
    flow_id = made(pages)
    stranger = Pages(server, server.api_token(server.user(f"stranger {flow_id}", "Environment Maker")))

    assert stranger.ask("GET", f"/cloudflows/{flow_id}/document").status == 403
    assert pages.ask("GET", f"/cloudflows/{uuid4()}/document").status == 404
    assert pages.ask("GET", f"/cloudflows/{server.flow('Desktop')}/document").status == 404


def test_a_flow_that_is_off_is_tried_out_as_it_is_saved(server: LiveServer, pages: Pages) -> None:
    flow_id = made(pages)
    headers = {"Authorization": f"Bearer {pages.token}", "Content-Type": "application/json"}

    answer = server.send("POST", f"/api/cloudflows/workflows/{flow_id}/test", b"{}", headers)

    assert answer.status == 202
    name = answer.headers["x-ms-workflow-run-id"]
    run = server.send("GET", f"/api/cloudflows/workflows/{flow_id}/runs/{name}", headers=headers).json()
    assert run["properties"]["isTest"] is True
