"""Inputs that a desktop flow gained after a cloud flow was saved, against a live server on both databases."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer

STEP = "Run_it"


def text_with(*inputs: str) -> str:
    declared = "{{ 'Description': '', 'FriendlyName': '{0}', 'Type': 'String' }}"
    return "".join(f"@INPUT {one} : {declared.format(one)}\n" for one in inputs) + "WAIT 1\n"


def document_for(flow_id: str, note: str = "") -> str:
    host = {"apiId": "/providers/Microsoft.PowerApps/apis/shared_uiflow", "operationId": "RunUIFlow_V2"}
    inputs = {
        "host": {**host, "connectionName": "shared_uiflow"},
        "parameters": {"uiFlowId": flow_id, "runMode": "unattended", "item/Old": note},
    }
    actions = {STEP: {"type": "OpenApiConnection", "inputs": inputs, "runAfter": {}}}
    triggers = {"manual": {"type": "Request", "kind": "Button", "inputs": {}}}
    references = {"shared_uiflow": {"api": {"name": "shared_uiflow"}, "connection": {}}}
    definition = {"triggers": triggers, "actions": actions}
    return json.dumps({"properties": {"connectionReferences": references, "definition": definition}})


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"input maker {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


def publish(maker: Pages, flow_id: str, text: str) -> None:
    version = maker.get(f"/desktopflows/{flow_id}/text")["version"]
    maker.put(f"/desktopflows/{flow_id}/text", {"text": text, "version": version, "publish": True})


def new_of(maker: Pages, cloud_id: str) -> Any:
    return maker.get(f"/cloudflows/{cloud_id}/newinputs")["items"]


def test_inputs_that_came_after_the_last_save_are_told_until_the_next(maker: Pages) -> None:
    desktop = maker.post("/desktopflows", {"name": "Growing", "text": text_with("Old")})["id"]
    publish(maker, desktop, text_with("Old"))
    cloud = maker.post("/cloudflows", {"name": "Runs it", "document": document_for(desktop)})["id"]
    assert new_of(maker, cloud) == []

    publish(maker, desktop, text_with("Old", "City", "Street"))
    assert new_of(maker, cloud) == [{"step": STEP, "flowId": desktop, "names": ["City", "Street"]}]

    version = maker.get(f"/cloudflows/{cloud}/document")["version"]
    body = {"document": document_for(desktop, "given"), "version": version}
    maker.put(f"/cloudflows/{cloud}/document", body)
    assert new_of(maker, cloud) == []


def test_a_draft_and_a_flow_of_somebody_else_are_not_told_of(maker: Pages, server: LiveServer) -> None:
    desktop = maker.post("/desktopflows", {"name": "Private", "text": text_with("Old")})["id"]
    publish(maker, desktop, text_with("Old"))
    other = Pages(server, server.api_token(server.user("input stranger", "Environment Maker")))
    cloud = other.post("/cloudflows", {"name": "Runs theirs", "document": document_for(desktop)})["id"]
    version = maker.get(f"/desktopflows/{desktop}/text")["version"]
    maker.put(f"/desktopflows/{desktop}/text", {"text": text_with("Old", "Drafted"), "version": version})
    own = maker.post("/cloudflows", {"name": "Runs own", "document": document_for(desktop)})["id"]
    assert new_of(maker, own) == []

    publish(maker, desktop, text_with("Old", "Secret"))
    assert new_of(other, cloud) == []
    assert [one["names"] for one in new_of(maker, own)] == [["Secret"]]
