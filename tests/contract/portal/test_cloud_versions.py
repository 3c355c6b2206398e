"""Versions of cloud flows, however they are written, against a live server on both databases."""

from __future__ import annotations

import json
import zlib
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.entities.workflow import WorkflowVersion
from deskhand.orchestrator.versions import forget_versions
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


def document(inputs: str) -> str:
    actions = {"Compose": {"type": "Compose", "inputs": inputs, "runAfter": {}}}
    triggers = {"manual": {"type": "Request", "kind": "Button", "inputs": {}}}
    definition = {"triggers": triggers, "actions": actions}
    return json.dumps({"properties": {"connectionReferences": {}, "definition": definition}})


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"cloud maker {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


def made(maker: Pages, *texts: str) -> str:
    """Make a flow and save it with one text after the other."""
    first, *others = texts
    flow_id: str = maker.post("/cloudflows", {"name": "Versioned", "document": document(first)})["id"]
    for text in others:
        saved(maker, flow_id, text, note=f"says {text}")
    return flow_id


def saved(maker: Pages, flow_id: str, text: str, **more: Any) -> Any:
    version = maker.get(f"/cloudflows/{flow_id}/document")["version"]
    body = {"document": document(text), "version": version, **more}
    return maker.put(f"/cloudflows/{flow_id}/document", body)


def numbers(maker: Pages, flow_id: str) -> list[tuple[int, str, bool]]:
    items = maker.get(f"/cloudflows/{flow_id}/versions")["items"]
    return [(one["number"], one["note"], one["inForce"]) for one in items]


def patch(maker: Pages, flow_id: str, values: Any) -> None:
    headers = {"Authorization": f"Bearer {maker.token}", "Content-Type": "application/json"}
    place = f"/api/data/v9.2/workflows({flow_id})"
    assert maker.server.send("PATCH", place, json.dumps(values).encode(), headers).status == 204


def test_each_save_is_a_version_and_saving_the_same_again_is_not(maker: Pages) -> None:
    flow_id = made(maker, "one", "two")
    saved(maker, flow_id, "two")
    saved(maker, flow_id, "two", name="Another name")

    found = maker.get(f"/cloudflows/{flow_id}/versions")

    assert numbers(maker, flow_id) == [(2, "says two", True), (1, "", False)]
    assert (found["hasDraft"], found["items"][0]["madeBy"]) == (False, found["modifiedBy"])
    assert maker.get(f"/cloudflows/{flow_id}/versions/1") == {
        "number": 1,
        "document": document("one"),
        "path": ["properties", "definition"],
    }
    assert maker.ask("GET", f"/cloudflows/{flow_id}/versions/3").status == 404


def test_a_note_without_a_change_is_a_version_of_its_own(maker: Pages) -> None:
    flow_id = made(maker, "one")
    saved(maker, flow_id, "one", note="  Goes live  ")
    assert numbers(maker, flow_id) == [(2, "Goes live", True), (1, "", False)]
    version = maker.get(f"/cloudflows/{flow_id}/versions")["version"]
    body = {"document": document("two"), "version": version, "note": "x" * 501}
    refused = maker.ask("PUT", f"/cloudflows/{flow_id}/document", body)
    assert (refused.status, "500 characters" in refused.json()["error"]["message"]) == (400, True)


def test_a_version_is_restored_as_the_newest(maker: Pages) -> None:
    flow_id = made(maker, "one", "two")
    version = maker.get(f"/cloudflows/{flow_id}/versions")["version"]

    restored = maker.post(f"/cloudflows/{flow_id}/versions/1/restore", {"version": version})

    assert restored["document"] == document("one")
    assert numbers(maker, flow_id)[0] == (3, "Restored from version 1", True)
    stale = maker.ask("POST", f"/cloudflows/{flow_id}/versions/2/restore", {"version": version})
    assert (stale.status, stale.json()["error"]["code"]) == (409, "DH6650")


def test_whoever_writes_by_whatever_way_makes_a_version(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "one")
    patch(maker, flow_id, {"clientdata": document("by Web API")})
    patch(maker, flow_id, {"description": "no other document"})
    definition = json.loads(document("by management"))["properties"]["definition"]
    headers = {"Authorization": f"Bearer {maker.token}", "Content-Type": "application/json"}
    body = json.dumps({"properties": {"definition": definition}}).encode()
    answer = server.send("PUT", f"/api/cloudflows/workflows/{flow_id}", body, headers)
    assert answer.status == 200, answer.body

    assert [one[0] for one in numbers(maker, flow_id)] == [3, 2, 1]
    assert maker.get(f"/cloudflows/{flow_id}/versions/2")["document"] == document("by Web API")


def test_who_may_not_see_a_flow_sees_none_of_its_versions(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "one")
    other = Pages(server, server.api_token(server.user(f"other of {flow_id}", "Environment Maker")))
    assert other.ask("GET", f"/cloudflows/{flow_id}/versions").status in (403, 404)
    assert other.ask("GET", f"/cloudflows/{flow_id}/versions/1").status in (403, 404)
    restored = other.ask("POST", f"/cloudflows/{flow_id}/versions/1/restore", {"version": 1})
    assert restored.status in (403, 404)


def test_who_may_only_see_a_flow_restores_nothing(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "one", "two")
    user_id = server.user(f"reader of {flow_id}", "Environment Maker")
    maker.put(f"/access/flow/{flow_id}/{user_id}", {"level": "user"})
    reader = Pages(server, server.api_token(user_id))
    version = reader.get(f"/cloudflows/{flow_id}/versions")["version"]
    restored = reader.ask("POST", f"/cloudflows/{flow_id}/versions/1/restore", {"version": version})
    assert restored.status == 403, restored.body
    assert numbers(maker, flow_id) == [(2, "says two", True), (1, "", False)]


def test_versions_beyond_the_setting_go_and_so_do_those_of_a_deleted_flow(
    server: LiveServer, maker: Pages
) -> None:
    flow_id = made(maker, "one", "two", "three", "four")
    desktop = maker.post("/desktopflows", {"name": "Beside", "text": ""})["id"]

    while server.database.write(lambda tx: forget_versions(tx, 2)):
        pass

    assert [one[0] for one in numbers(maker, flow_id)] == [4, 3]
    maker.get(f"/desktopflows/{desktop}/versions")
    headers = {"Authorization": f"Bearer {maker.token}"}
    assert server.send("DELETE", f"/api/data/v9.2/workflows({flow_id})", headers=headers).status == 204
    left = sa.select(sa.func.count()).where(WorkflowVersion.c.workflowid == UUID(flow_id))
    assert server.database.read(lambda tx: tx.execute(left).scalar()) == 0
