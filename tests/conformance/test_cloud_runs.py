"""Runs of cloud flows on a real ``deskhand up``: watched, stopped, gone on from. Source: cloud-flows 7."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.cloud_runs import after
from tests.command_line import run_command
from tests.live import Answer, ApiClient, Deskhand, deskhand_up

pytestmark = pytest.mark.xdist_group("live")

SAMPLE = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a00{}"
HELLO, NO_SUCH_FILE, PATIENCE = (SAMPLE.format(number) for number in (1, 2, 3))
BASE = "/api/cloudflows/workflows"
PROVIDER = "/providers/Microsoft.ProcessSimple/environments/default/flows"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deskhand]:
    with deskhand_up(tmp_path_factory.mktemp("cloud") / "data") as live:
        yield live


@pytest.fixture(scope="module")
def client(up: Deskhand) -> ApiClient:
    return up.client()


def ask(up: Deskhand, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, "--data", up.data)


def call(client: ApiClient, method: str, address: str, body: Any = None, *, token: bool = True) -> Answer:
    """Send one request to the management API, or to an address that it gave."""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    headers = {"Authorization": f"Bearer {client.token}"} if token else {}
    try:
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def desktop(flow_id: str, *before: str, **item: Any) -> dict[str, Any]:
    return {
        "type": "OpenApiConnection",
        "inputs": {
            "host": {
                "connectionName": "shared_uiflow",
                "operationId": "RunUIFlow_V2",
                "apiId": "/providers/Microsoft.PowerApps/apis/shared_uiflow",
            },
            "parameters": {
                "uiFlowId": flow_id,
                "runMode": "unattended",
                **{f"item/{name}": value for name, value in item.items()},
            },
            "authentication": "@parameters('$authentication')",
        },
        "runAfter": after(*before),
    }


def cloud_flow(up: Deskhand, directory: Path, name: str, actions: dict[str, Any], *, on: bool = True) -> str:
    """Import a cloud flow, connect it to this machine, and switch it on; return its name."""
    definition = {
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
        "workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"$authentication": {"type": "SecureObject", "defaultValue": {}}},
        "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {}}},
        "actions": actions,
    }
    reference = {
        "connection": {"connectionReferenceLogicalName": "new_machine"},
        "api": {"name": "shared_uiflow"},
    }
    content = {
        "properties": {"definition": definition, "connectionReferences": {"shared_uiflow": reference}},
        "schemaVersion": "1.0.0.0",
    }
    path = directory / f"{name}.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    up.command("import", str(path), "--connect", f"new_machine={up.connection_name()}")
    if on:
        up.command("cloudflow", "on", name)
    return name


def run(up: Deskhand, name: str, *arguments: str) -> tuple[str, int]:
    """Run a flow to its end; return the run's name and the exit code."""
    done = ask(up, "cloudflow", "run", name, "--wait", *arguments)
    return done.stderr.strip(), done.returncode


def shown(up: Deskhand, run_name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(up.command("cloudflow", "run", "show", run_name, "-o", "json"))
    return found


def sessions(client: ApiClient, flow_id: str) -> list[Any]:
    select = "statuscode,parentworkflowid,parentcloudflowrunsequenceid"
    query = f"flowsessions?$filter=_regardingobjectid_value%20eq%20{flow_id}&$select={select}"
    found: list[Any] = client.request("GET", query).json()["value"]
    return found


def test_a_failed_run_goes_on_without_starting_a_desktop_flow_twice(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    order = tmp_path / "order.txt"
    name = cloud_flow(
        up,
        tmp_path,
        "Orders",
        {
            "Greet": desktop(HELLO, Name="Ada"),
            "Read": desktop(NO_SUCH_FILE, "Greet", Path=str(order)),
            "Both": {
                "type": "Compose",
                "inputs": "@concat(body('Greet')?['Greeting'], ', ', body('Read')?['Content'])",
                "runAfter": after("Read"),
            },
        },
    )
    failed, code = run(up, name)
    order.write_text("7 boxes", encoding="utf-8")
    done = ask(up, "cloudflow", "resume", failed, "--wait")
    resumed = done.stderr.strip()
    again = ask(up, "cloudflow", "resume", failed)

    assert (code, done.returncode) == (1, 0)
    actions = {one["name"]: one for one in shown(up, resumed)["actions"]}
    assert actions["Both"]["outputs"] == "Hello Ada, 7 boxes"
    assert [one["statuscode"] for one in sessions(client, HELLO)] == [4]
    assert sorted(one["statuscode"] for one in sessions(client, NO_SUCH_FILE)) == [4, 8]
    (session,) = sessions(client, HELLO)
    assert session["parentcloudflowrunsequenceid"] == failed
    assert actions["Greet"]["linked"]["id"] == session["flowsessionid"]
    page = up.command("cloudflow", "run", "show", resumed)
    assert f"deskhand runs show {session['flowsessionid'][:8]}" in page
    assert f"origin           {failed}" in page
    assert (again.returncode, again.stderr) == (
        6,
        f"DH6565 The workflow run '{failed}' cannot be resumed again: the run '{resumed}' goes on from it.\n",
    )


def test_a_run_that_waits_for_a_desktop_flow_says_so_and_is_cancelled_with_it(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    name = cloud_flow(up, tmp_path, "Patient", {"Wait": desktop(PATIENCE, Seconds=600)})
    started = up.command("cloudflow", "run", name).strip()
    path = f"{BASE}/{name}/runs/{started}"
    waiting: list[Any] = []
    while not waiting or waiting[0]["reason"] != "DesktopFlow":
        waiting = call(client, "GET", path).json()["properties"].get("waiting", [])

    told = up.command("cloudflow", "run", "show", started)
    cancelled = ask(up, "cloudflow", "cancel", started, "--wait")

    assert waiting[0]["message"] == "the desktop flow ‘Patience’"
    assert waiting[0]["linked"]["type"] == "flowsession"
    assert "◷ Wait waits for the desktop flow ‘Patience’" in told
    assert (cancelled.returncode, shown(up, started)["status"]) == (0, "Cancelled")
    session = client.wait_until_final(waiting[0]["linked"]["id"])
    assert session["statuscode"] == 7
    assert "⊘ Canceled after" in cancelled.stdout


def test_a_flow_is_tried_out_while_it_is_off(up: Deskhand, tmp_path: Path) -> None:
    actions = {
        "Each": {
            "type": "Foreach",
            "foreach": "@triggerBody()['orders']",
            "actions": {"Do": {"type": "Compose", "inputs": "@div(100, item())"}},
        },
        "Secret": {
            "type": "Compose",
            "inputs": "opensesame",
            "runtimeConfiguration": {"secureData": {"properties": ["inputs"]}},
        },
    }
    name = cloud_flow(up, tmp_path, "Trial", actions, on=False)

    good = ask(up, "cloudflow", "test", name, "--body", '{"orders": [4, 5]}')
    bad = ask(up, "cloudflow", "test", name, "--outputs", '{"body": {"orders": [0]}}')
    off = ask(up, "cloudflow", "run", name)

    assert (good.returncode, bad.returncode, off.returncode) == (0, 1, 2)
    assert "✓ Do[0]" in good.stdout
    assert "✓ Do[1]" in good.stdout
    assert '"********"' in good.stdout
    assert "opensesame" not in good.stdout
    assert "✖ Failed after" in bad.stdout
    assert "ActionFailed: An action failed. No dependent actions succeeded." in bad.stdout
    listed = json.loads(up.command("cloudflow", "runs", name, "-o", "json"))
    assert [(one["status"], one["test"]) for one in listed] == [("Failed", True), ("Succeeded", True)]
    failed = up.command("cloudflow", "runs", name, "--status", "failed", "-q").split()
    assert failed == [listed[0]["run"]]
    assert (
        up.command("cloudflow", "run", "tail", listed[1]["run"][-12:])
        .splitlines()[-1]
        .startswith("✓ Succeeded in")
    )


def test_the_management_api_is_served_to_those_who_sign_in(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    name = cloud_flow(up, tmp_path, "Managed", {"A": {"type": "Compose", "inputs": "@triggerBody()"}})
    run_name, _ = run(up, name, "--body", '"the order"')
    path = f"{BASE}/{name}/runs"

    runs = call(client, "GET", f"{path}?$top=1")
    shown = call(client, "GET", f"{path}/{run_name}?$expand=properties/actions").json()
    content = call(client, "GET", shown["properties"]["actions"]["A"]["outputsLink"]["uri"], token=False)
    as_power_automate = call(client, "GET", f"{PROVIDER}/{name}/runs/{run_name}")
    stopped = call(client, "POST", f"{PROVIDER}/{name}/stop")
    unsigned = call(client, "GET", path, token=False)
    nowhere = call(client, "GET", f"{BASE}/{name}/nothing")
    late = call(client, "POST", f"{path}/{run_name}/cancel")
    broken = call(client, "GET", f"{path}?$filter={quote('status')}")

    assert [one["name"] for one in runs.json()["value"]] == [run_name]
    assert (content.status, content.json()) == (200, "the order")
    assert content.headers["cache-control"] == "no-store"
    assert as_power_automate.json()["name"] == run_name
    assert stopped.status == 200
    assert call(client, "GET", f"{BASE}/{name}").json()["properties"]["state"] == "Disabled"
    assert (unsigned.status, unsigned.json()["error"]["code"]) == (401, "AuthorizationFailed")
    assert nowhere.status == 404
    assert (late.status, late.json()["error"]["code"]) == (400, "WorkflowRunCanNotBeCancelled")
    assert (broken.status, broken.json()["error"]["code"]) == (400, "InvalidRequestParameter")


def test_runs_are_rows_that_clients_read_and_do_not_write(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    name = cloud_flow(up, tmp_path, "Rows", {"A": {"type": "Compose", "inputs": 1}})
    run_name, _ = run(up, name)
    flow_id = client.flow_id(name)

    query = f"flowruns?$filter=_workflow_value%20eq%20{flow_id}%20and%20status%20eq%20'Succeeded'"
    (row,) = client.request("GET", query).json()["value"]
    changed = client.request("PATCH", f"flowruns({row['flowrunid']})", {"status": "Failed"})
    created = client.request("POST", "flowruns", {"status": "Failed"})

    assert (row["name"], row["status"], row["triggertype"]) == (run_name, "Succeeded", "Instant")
    assert row["starttime"] <= row["endtime"]
    assert not {"trigger", "parameters", "variables", "outputs", "dueon"} & row.keys()
    assert (changed.status, created.status) == (405, 405)
