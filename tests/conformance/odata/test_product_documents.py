"""The requests of the product documents, sent as they are printed there, by curl."""

from __future__ import annotations

import json
import subprocess
from typing import Any
from uuid import UUID

import pytest

from tests.web_server import INPUTS, LiveServer


def _curl(server: LiveServer, *arguments: str) -> tuple[int, Any]:
    """Run curl with the documents' two headers; returns the status and the body."""
    done = subprocess.run(
        [
            "curl",
            "--silent",
            "--show-error",
            "--globoff",
            "--write-out",
            "\n%{http_code}",
            "--header",
            f"Authorization: Bearer {server.api_token()}",
            "--header",
            "Accept: application/json",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body) if body else None


@pytest.fixture(scope="module")
def flow_id(server: LiveServer) -> UUID:
    server.flow("Desktop flow 2")
    server.flow("A cloud flow", category=5)
    return server.flow("Desktop flow 1")


def test_listing_desktop_flows(server: LiveServer, flow_id: UUID) -> None:
    status, body = _curl(
        server, f"{server.root}workflows?$filter=category+eq+6&$select=name,workflowid&$orderby=name"
    )
    etags = [row.pop("@odata.etag") for row in body["value"]]

    assert status == 200
    assert body["@odata.context"] == f"{server.root}$metadata#workflows(name,workflowid)"
    assert [list(row) for row in body["value"]] == [["name", "workflowid"]] * 2
    assert [row["name"] for row in body["value"]] == ["Desktop flow 1", "Desktop flow 2"]
    assert body["value"][0]["workflowid"] == str(flow_id)
    assert all(tag.startswith('W/"') and tag[3:-1].isdecimal() for tag in etags)


def test_the_schema_of_a_flows_inputs(server: LiveServer, flow_id: UUID) -> None:
    status, body = _curl(server, f"{server.root}workflows({flow_id})/inputs/$value")

    assert (status, body) == (200, INPUTS)
