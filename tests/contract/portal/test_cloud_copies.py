"""Cloud flows saved as others, and exported, against a live server on both databases."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from typing import Any

import pytest

from tests.contract.portal.pages import Pages
from tests.contract.portal.test_cloud_versions import document, patch
from tests.web_server import LiveServer


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"copier {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


@pytest.fixture
def flow(maker: Pages) -> str:
    flow_id: str = maker.post("/cloudflows", {"name": "Nightly", "document": document("one")})["id"]
    patch(maker, flow_id, {"description": "Every night."})
    return flow_id


def exported(maker: Pages, flow_id: str, **body: Any) -> tuple[str, bytes]:
    file = maker.post(f"/cloudflows/{flow_id}/export", body)
    return file["fileName"], base64.b64decode(file["content"])


def test_a_copy_is_the_callers_own_and_off(server: LiveServer, maker: Pages, flow: str) -> None:
    user_id = server.user(f"reader of {flow}", "Environment Maker")
    maker.put(f"/access/flow/{flow}/{user_id}", {"level": "user"})
    maker.put(f"/cloudflows/{flow}/state", {"on": True})
    reader = Pages(server, server.api_token(user_id))

    copy_id = reader.post(f"/cloudflows/{flow}/copy", {"name": " Nightly too "})["id"]

    copied = reader.get(f"/cloudflows/{copy_id}/document")
    assert (copied["name"], copied["state"], copied["mayChange"]) == ("Nightly too", "Off", True)
    assert copied["document"] == document("one")
    (row,) = reader.get(f"/cloudflows?search={copy_id}")["items"]
    assert (row["description"], row["ownerId"]) == ("Every night.", str(user_id))
    assert len(reader.get(f"/cloudflows/{copy_id}/versions")["items"]) == 1
    assert maker.ask("GET", f"/cloudflows/{copy_id}/document").status in (403, 404)


def test_who_does_not_see_a_flow_gets_no_copy_and_no_file(server: LiveServer, flow: str) -> None:
    other = Pages(server, server.api_token(server.user(f"other of {flow}", "Environment Maker")))
    assert other.ask("POST", f"/cloudflows/{flow}/copy", {"name": "Mine"}).status in (403, 404)
    assert other.ask("POST", f"/cloudflows/{flow}/export", {"form": "file"}).status in (403, 404)


def test_a_flow_is_exported_as_it_came_or_as_a_solution(maker: Pages, flow: str) -> None:
    assert exported(maker, flow, form="file") == ("Nightly.json", document("one").encode())
    name, content = exported(maker, flow, form="solution", solution="Nights")
    archive = zipfile.ZipFile(io.BytesIO(content))
    (place,) = [one for one in archive.namelist() if one.startswith("Workflows/")]
    assert name == "Nights.zip"
    assert json.loads(archive.read(place)) == json.loads(document("one"))


def test_what_cannot_be_named_says_what_can(maker: Pages, flow: str) -> None:
    refused = maker.ask("POST", f"/cloudflows/{flow}/export", {"form": "solution", "solution": "1 night"})
    assert refused.status == 400
    assert "takes a letter, then letters" in refused.json()["error"]["message"]
    assert maker.ask("POST", f"/cloudflows/{flow}/copy", {"name": " "}).status == 400
