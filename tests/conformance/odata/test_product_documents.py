"""The requests of the product documents, sent as they are printed there, by curl; on both databases."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest

from tests.postgresql import running_cluster
from tests.web_server import INPUTS, LiveServer, Machine, running_server

OUTPUTS = {
    "schema": {
        "properties": {
            name: {
                "default": "",
                "description": "",
                "format": None,
                "title": name,
                "type": kind,
                "value": None,
            }
            for name, kind in (("outputText", "string"), ("outputInteger", "number"))
        },
        "type": "object",
    }
}


def _curl(server: LiveServer, *arguments: str) -> tuple[int, str]:
    """Run curl with the documents' two headers; returns the status and the body."""
    headers = (
        "--header",
        f"Authorization: Bearer {server.api_token()}",
        "--header",
        "Accept: application/json",
    )
    options = ("--silent", "--show-error", "--globoff", "--write-out", "\n%{http_code}")
    done = subprocess.run(
        ["curl", *options, *headers, *arguments], capture_output=True, text=True, check=True
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def _json(server: LiveServer, *arguments: str) -> Any:
    status, body = _curl(server, *arguments)
    assert status == 200, body
    return json.loads(body)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    directory = tmp_path_factory.mktemp("documents")
    with ExitStack() as opened:
        address = ""
        if request.param == "postgresql":
            cluster = opened.enter_context(running_cluster())
            cluster.execute("CREATE DATABASE documents")
            address = cluster.url("documents")
        yield opened.enter_context(running_server(directory, address=address))


@pytest.fixture(scope="module")
def flow_id(server: LiveServer) -> UUID:
    server.flow("Desktop flow 2")
    server.flow("A cloud flow", category=5)
    return server.flow("Desktop flow 1", outputs=json.dumps(OUTPUTS))


@pytest.fixture(scope="module")
def machine(server: LiveServer) -> Machine:
    return server.machine("documents")


def _run(server: LiveServer, flow_id: UUID, **parameters: Any) -> Any:
    """Trigger a run as the documents do; they declare no content type, and curl declares a form's."""
    body = {
        "runMode": "attended",
        "runPriority": "normal",
        "timeout": 7200,
        "inputs": '{"inputText":"Value", "inputInteger":"7"}',
        **parameters,
    }
    address = f"{server.root}workflows({flow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    return _json(server, "--request", "POST", "--data", json.dumps(body), address)


def test_listing_desktop_flows(server: LiveServer, flow_id: UUID) -> None:
    address = f"{server.root}workflows?$filter=category+eq+6&$select=name,workflowid&$orderby=name"
    body = _json(server, address)
    etags = [row.pop("@odata.etag") for row in body["value"]]

    assert body["@odata.context"] == f"{server.root}$metadata#workflows(name,workflowid)"
    assert [list(row) for row in body["value"]] == [["name", "workflowid"]] * 2
    assert [row["name"] for row in body["value"]] == ["Desktop flow 1", "Desktop flow 2"]
    assert body["value"][0]["workflowid"] == str(flow_id)
    assert all(tag.startswith('W/"') and tag[3:-1].isdecimal() for tag in etags)


@pytest.mark.parametrize(("column", "schema"), [("inputs", INPUTS), ("outputs", OUTPUTS)])
def test_the_schemas_of_a_flow(
    server: LiveServer, flow_id: UUID, column: str, schema: dict[str, Any]
) -> None:
    assert _json(server, f"{server.root}workflows({flow_id})/{column}/$value") == schema


def test_a_run_from_trigger_to_outputs(server: LiveServer, flow_id: UUID, machine: Machine) -> None:
    triggered = _run(server, flow_id, connectionName=machine.connection)
    run_id = triggered["flowsessionId"]
    assert triggered == {
        "@odata.context": f"{server.root}$metadata#Microsoft.Dynamics.CRM.RunDesktopFlowResponse",
        "flowsessionId": str(UUID(run_id)),
        "licenseCheck": {
            "@odata.context": "#Microsoft.Dynamics.CRM.expando",
            "code": "ValidLicenseCoverage",
            "message": "Valid License Coverage",
        },
    }

    order = server.begin(machine)
    assert (str(order.run_id), order.timeout_seconds) == (run_id, 7200)
    server.finish(machine, order, {"outputText": "My output value", "outputInteger": 3})

    address = f"{server.root}flowsessions({run_id})?$select=statuscode,statecode,startedon,completedon"
    status = _json(server, address)
    assert list(status) == [
        "@odata.context",
        "@odata.etag",
        "statuscode",
        "statecode",
        "startedon",
        "completedon",
        "flowsessionid",
    ]
    assert status["@odata.context"] == (
        f"{server.root}$metadata#flowsessions(statuscode,statecode,startedon,completedon)/$entity"
    )
    assert (status["statuscode"], status["statecode"]) == (4, 0)
    assert len(status["startedon"]) == len(status["completedon"]) == len("2022-06-16T12:54:40Z")

    outputs = _json(server, f"{server.root}flowsessions({run_id})/outputs/$value")
    assert outputs == {"outputText": "My output value", "outputInteger": 3}


def test_a_run_through_a_connection_reference(server: LiveServer, flow_id: UUID, machine: Machine) -> None:
    server.connection_reference("dh_reference", machine.connection)

    triggered = _run(server, flow_id, connectionName="dh_reference", connectionType=2)

    assert server.begin(machine).run_id == UUID(triggered["flowsessionId"])


def test_cancelling_a_queued_run(server: LiveServer, flow_id: UUID) -> None:
    machine = server.machine("cancelling")
    run_id = _run(server, flow_id, connectionName=machine.connection)["flowsessionId"]
    address = f"{server.root}flowsessions({run_id})"

    cancelled = _curl(server, "--request", "POST", f"{address}/Microsoft.Dynamics.CRM.CancelDesktopFlowRun")

    assert cancelled == (204, "")
    assert _json(server, f"{address}?$select=statuscode")["statuscode"] == 7


def test_an_error(server: LiveServer, flow_id: UUID) -> None:
    missing = UUID(int=1)
    status, body = _curl(server, f"{server.root}workflows({missing})/inputs/$value")

    assert status == 404
    assert json.loads(body) == {
        "error": {"code": "0x80040217", "message": f"workflow With Id = {missing} Does Not Exist"}
    }
