"""``deskhand cloudflow`` on an installation: what comes in goes out, and what people are told of it."""

from __future__ import annotations

import codecs
import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from deskhand.cli import deskhand
from deskhand.cli.output import NotFound
from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.declare import Problem
from deskhand.cloudflows.firing import write_histories
from deskhand.cloudflows.starting import failed_look
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTrigger, FlowVersion
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import ensure_organization
from deskhand.orchestrator.connections import create_connection
from deskhand.server.exporting import NotASolutionFlow
from deskhand.server.installation import Installation
from deskhand.solutions.solution_zip import read_solution
from deskhand.store.database import Transaction
from tests.live import DESKHAND
from tests.unit.solutions.zips import CLOUD_ID, FLOW_ID, archive, solution

MANUAL = {"manual": {"type": "Request", "kind": "Button"}}
NIGHTLY: dict[str, Any] = {
    "parameters": {
        "Url (new_Url)": {"type": "String", "metadata": {"schemaName": "new_Url"}},
        "Pin": {"type": "SecureString", "defaultValue": "4711"},
    },
    "triggers": {"Recurrence": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
    "actions": {
        "Tell": {"type": "Compose", "inputs": 2, "runAfter": {"Try": ["Failed", "TimedOut"]}},
        "Try": {
            "type": "Scope",
            "runAfter": {"Begin": ["Succeeded"]},
            "actions": {
                "Look": {
                    "type": "If",
                    "expression": "@true",
                    "actions": {"Yes": {"type": "Compose", "inputs": 1}},
                    "else": {"actions": {"No": {"type": "Compose", "inputs": 0}}},
                }
            },
        },
        "Begin": {
            "type": "OpenApiConnection",
            "inputs": {
                "host": {
                    "apiId": "/apis/shared_teams",
                    "connectionName": "shared_teams",
                    "operationId": "PostMessage",
                }
            },
        },
    },
}
REFERENCES = {
    "shared_teams": {
        "connection": {"connectionReferenceLogicalName": "new_teams"},
        "api": {"name": "shared_teams"},
    }
}


def envelope(definition: Any, **references: Any) -> str:
    return json.dumps(
        {"properties": {"connectionReferences": references, "definition": definition}}, indent=1
    )


def exported_solution(text: str | bytes) -> bytes:
    flow = (
        f'<Workflow WorkflowId="{{{CLOUD_ID}}}" Name="Nightly"><Category>5</Category>'
        "<JsonFileName>/Workflows/Nightly.json</JsonFileName><StateCode>1</StateCode></Workflow>"
    )
    variable = (
        '<environmentvariabledefinition schemaname="new_Url"><displayname default="Url" />'
        "<type>100000000</type></environmentvariabledefinition>"
    )
    folder = "environmentvariabledefinitions/new_Url"
    files: dict[str, str | bytes] = {
        "Workflows/Nightly.json": text,
        f"{folder}/environmentvariabledefinition.xml": variable,
        f"{folder}/environmentvariablevalues.json": (
            '{"environmentvariablevalues": {"environmentvariablevalue": {"value": "https://a.example"}}}'
        ),
    }
    return solution(flow, files=files)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    with Installation.open(path, create=True) as installation:
        installation.database.write(ensure_organization)
    return path


def run(data: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(
        deskhand,
        [*map(str, arguments), "--data", str(data)],
        catch_exceptions=False,
        standalone_mode=False,
    )


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_solutions_flow_is_listed_and_shown(tmp_path: Path, data: Path) -> None:
    source = write(tmp_path / "Orders.zip", exported_solution(envelope(NIGHTLY, **REFERENCES)))
    imported = run(data, "cloudflow", "import", source)
    assert "  ◌ connection reference new_teams needs a connection: --connect new_teams=CONNECTION" in (
        imported.stdout.splitlines()
    )

    (row,) = json.loads(run(data, "cloudflow", "list", "-o", "json").stdout)
    assert (row["workflowid"], row["name"], row["state"]) == (CLOUD_ID, "Nightly", "off")
    assert row["triggers"] == ["Recurrence"]
    shown = run(data, "cloudflow", "show", "night").stdout.partition("Findings\n")[0]
    assert shown.splitlines() == [
        f"Nightly   {CLOUD_ID}   off",
        "Triggers",
        "  Recurrence  [Recurrence]",
        "Actions",
        "  Begin  [shared_teams PostMessage]",
        "  Try  [Scope]",
        "    Look  [If]",
        "      Yes  [Compose]",
        "      else:",
        "        No  [Compose]",
        "  Tell  [Compose]  after Try (Failed, TimedOut)",
        "Connections",
        "  shared_teams (shared_teams)  new_teams → no connection",
        "Parameters",
        '  Url (new_Url) (String, variable new_Url)  "https://a.example"',
        '  Pin (SecureString)  "********"',
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bare.json", json.dumps(NIGHTLY)),
        ("marked.json", codecs.BOM_UTF8 + json.dumps({"definition": NIGHTLY}).encode()),
        ("wide.json", codecs.BOM_UTF16_LE + json.dumps({"definition": NIGHTLY}).encode("utf-16-le")),
        ("odd.json", '{"definition" :\r\n\t{"triggers":{ },"actions":{},"x":[1.50, "\\u00e9", "é"]}}\r\n'),
        (
            f"Nightly-{CLOUD_ID.upper()}.json",
            envelope(NIGHTLY, **REFERENCES),
        ),
        (
            "template.json",
            json.dumps(
                {"resources": [{"type": "Microsoft.Logic/workflows", "properties": {"definition": NIGHTLY}}]}
            ),
        ),
        ("app/nightly/workflow.json", json.dumps({"definition": NIGHTLY, "kind": "Stateful"})),
    ],
)
def test_a_file_goes_out_as_it_came_in(tmp_path: Path, data: Path, name: str, content: str | bytes) -> None:
    source = write(tmp_path / name, content)
    (flow,) = json.loads(run(data, "import", source, "-o", "json").stdout)
    exported = tmp_path / "exported.json"
    run(data, "cloudflow", "export", flow["workflowid"], "-o", exported)

    assert exported.read_bytes() == source.read_bytes()
    assert run(data, "cloudflow", "export", flow["workflowid"]).stdout_bytes == source.read_bytes()


def test_a_package_and_a_project_bring_every_flow(tmp_path: Path, data: Path) -> None:
    document = {
        "name": CLOUD_ID,
        "type": "Microsoft.Flow/flows",
        "properties": {"displayName": "Packed", "definition": NIGHTLY, "connectionReferences": {}},
    }
    folder = f"Microsoft.Flow/flows/{CLOUD_ID}"
    packed = archive({"manifest.json": "{}", f"{folder}/definition.json": json.dumps(document)})
    project = tmp_path / "app"
    write(project / "host.json", "{}")
    write(project / "One" / "workflow.json", json.dumps({"definition": NIGHTLY, "kind": "Stateful"}))
    write(project / "Two" / "workflow.json", json.dumps({"definition": NIGHTLY, "kind": "Stateless"}))
    run(data, "import", write(tmp_path / "packed.zip", packed))
    run(data, "import", project)

    rows = json.loads(run(data, "cloudflow", "list", "-o", "json").stdout)
    assert [row["name"] for row in rows] == ["One", "Packed", "Two"]


def test_a_solution_of_chosen_flows_imports_as_what_it_was_made_of(tmp_path: Path, data: Path) -> None:
    text = envelope(NIGHTLY, **REFERENCES)
    run(data, "import", write(tmp_path / "Orders.zip", exported_solution(codecs.BOM_UTF8 + text.encode())))
    definition = {"triggers": MANUAL, "actions": {}}
    hourly = {
        "name": FLOW_ID,
        "type": "Microsoft.Flow/flows",
        "properties": {
            "displayName": "Hourly",
            "definition": definition,
            "connectionReferences": {"shared_x": {"connectionName": "1", "id": "/apis/shared_x"}},
        },
    }
    run(data, "import", write(tmp_path / "Hourly.json", json.dumps(hourly)))
    written = tmp_path / "Moved.zip"
    run(data, "cloudflow", "export", "Nightly", "Hourly", "--solution", "Moved", "-o", written)
    content = read_solution("Moved.zip", written.read_bytes())

    assert [(one.name, one.encoding) for one in content.cloud_flows] == [
        ("Nightly", "utf-8-sig"),
        ("Hourly", "utf-8"),
    ]
    assert content.cloud_flows[0].client_data == text
    moved = json.loads(content.cloud_flows[1].client_data)["properties"]
    assert moved["definition"] == definition
    assert moved["connectionReferences"] == {
        "shared_x": {
            "runtimeSource": "embedded",
            "connection": {"connectionReferenceLogicalName": "shared_x_6f3f0c56"},
            "api": {"name": "shared_x"},
        }
    }
    assert [one.logical_name for one in content.connection_references] == ["new_teams", "shared_x_6f3f0c56"]
    assert [(one.schema_name, one.value) for one in content.environment_variables] == [
        ("new_Url", "https://a.example")
    ]
    again = json.loads(run(data, "import", written, "-o", "json").stdout)
    assert [one["new"] for one in again] == [False, False]


def test_a_logic_apps_flow_has_no_place_in_a_solution(tmp_path: Path, data: Path) -> None:
    run(data, "import", write(tmp_path / "bare.json", json.dumps(NIGHTLY)))
    with pytest.raises(NotASolutionFlow) as refused:
        run(data, "cloudflow", "export", "bare", "--solution", "Moved")
    assert refused.value.message == (
        "‘bare’ cannot be part of a solution: it came in the form ‘bare definition’. Export it alone."
    )


def test_a_check_fails_for_errors_alone(tmp_path: Path, data: Path) -> None:
    fine = {"triggers": MANUAL, "actions": {"A": {"type": "Unheard"}}}
    wrong = {"triggers": MANUAL, "actions": {"A": {"type": "Unheard", "runAfter": {"B": ["Succeeded"]}}}}
    write(tmp_path / "flows" / "fine.json", json.dumps(fine))
    write(tmp_path / "flows" / "below" / "wrong.json", json.dumps(wrong))
    write(tmp_path / "flows" / "package.json", "{}")
    only_fine = run(data, "cloudflow", "check", tmp_path / "flows" / "fine.json")
    both = run(data, "cloudflow", "check", tmp_path / "flows")
    rows = json.loads(run(data, "cloudflow", "check", tmp_path / "flows", "-o", "json").stdout)

    assert (only_fine.return_value, both.return_value) == (0, 1)
    assert both.stderr == "2 cloud flows, 1 error, 2 warnings\n"
    assert [(row["flow"], row["name"], row["code"], row["severity"]) for row in rows] == [
        (str(tmp_path / "flows" / "below" / "wrong.json"), "A", "InvalidTemplate", "error"),
        (str(tmp_path / "flows" / "below" / "wrong.json"), "A", "ActionTypeNotImplemented", "warning"),
        (str(tmp_path / "flows" / "fine.json"), "A", "ActionTypeNotImplemented", "warning"),
    ]


def test_a_check_of_an_imported_flow_asks_the_installation(tmp_path: Path, data: Path) -> None:
    call = {"type": "Workflow", "inputs": {"host": {"workflowReferenceName": FLOW_ID}}}
    text = envelope({"triggers": MANUAL, "actions": {"Call": call}})
    source = write(tmp_path / "Caller.json", text)
    run(data, "import", source)
    rows = json.loads(run(data, "cloudflow", "check", "Caller", "-o", "json").stdout)

    assert "NestedWorkflowNotFound" in [row["code"] for row in rows]
    offline = json.loads(run(data, "cloudflow", "check", source, "-o", "json").stdout)
    assert "NestedWorkflowNotFound" not in [row["code"] for row in offline]


def test_a_terminal_is_asked_for_the_connection(tmp_path: Path, data: Path) -> None:
    with Installation.open(data) as installation:
        database = installation.database
        owner = database.write(ensure_organization).administrator_id
        name = database.write(
            lambda tx: create_connection(tx, group_id=owner, owner_id=owner, display_name="Finance")
        )
    host = {
        "apiId": "/apis/shared_uiflow",
        "connectionName": "shared_uiflow",
        "operationId": "RunUIFlow_V2",
    }
    book = {"type": "OpenApiConnection", "inputs": {"host": host}}
    text = envelope({"triggers": MANUAL, "actions": {"Book": book}})
    source = write(tmp_path / f"Nightly-{CLOUD_ID}.json", text)
    leader, follower = pty.openpty()
    try:
        os.write(leader, b"1\n")
        asked = subprocess.run(
            [DESKHAND, "import", str(source), "--data", str(data)],
            stdin=follower,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    finally:
        os.close(leader)
        os.close(follower)

    reference = "shared_uiflow_0d9ef6cb"
    assert f"Connection reference {reference} needs a connection:\n  1  Finance" in asked.stderr
    assert f"  shared_uiflow (shared_uiflow)  {reference} → {name}" in (
        run(data, "cloudflow", "show", "Nightly").stdout.splitlines()
    )


def test_a_flow_that_is_on_goes_on_with_what_an_import_brings(tmp_path: Path, data: Path) -> None:
    def bring(definition: dict[str, Any]) -> dict[str, Any]:
        source = write(tmp_path / f"Tell-{CLOUD_ID}.json", envelope(definition))
        (row,) = json.loads(run(data, "import", source, "-o", "json").stdout)
        return {"new": row["new"], "on": row["on"], "runs": row["runs"]}

    def in_force() -> str:
        with Installation.open(data) as installation:
            query = (
                sa.select(FlowVersion.c.document)
                .join(Workflow.table, Workflow.c.flowversionid == FlowVersion.c.flowversionid)
                .where(Workflow.c.workflowid == UUID(CLOUD_ID))
            )
            return str(installation.database.read(lambda tx: tx.execute(query).scalar_one()))

    first = {"triggers": MANUAL, "actions": {"A": {"type": "Compose", "inputs": 1}}}
    second = {"triggers": MANUAL, "actions": {"A": {"type": "Compose", "inputs": 2}}}
    broken = {"triggers": MANUAL, "actions": {"A": {"type": "Compose", "inputs": "@concat("}}}
    assert bring(first) == {"new": True, "on": False, "runs": True}
    with Installation.open(data) as installation:
        database = installation.database
        owner = database.write(ensure_organization).administrator_id
        database.write(lambda tx: turn_on(tx, UUID(CLOUD_ID), by=owner))

    assert bring(second) == {"new": False, "on": True, "runs": True}
    assert in_force() == envelope(second)
    assert bring(broken) == {"new": False, "on": True, "runs": False}
    assert in_force() == envelope(second)


def test_a_flow_whose_trigger_never_fires_here_runs_with_what_a_person_gives(
    tmp_path: Path, data: Path
) -> None:
    host = {"apiId": "/apis/shared_teams", "connectionName": "shared_teams", "operationId": "OnNewMessage"}
    trigger = {
        "type": "OpenApiConnectionWebhook",
        "inputs": {"host": host},
        "splitOn": "@triggerOutputs()?['body/value']",
        "conditions": [{"expression": "@greater(triggerBody(), 1)"}],
    }
    source = write(
        tmp_path / f"Sorting-{CLOUD_ID}.json", envelope({"triggers": {"T": trigger}, "actions": {}})
    )
    run(data, "import", source)
    assert run(data, "cloudflow", "on", "Sorting").stdout == "On.\n"
    assert "The trigger 'T' of type 'OpenApiConnectionWebhook' never fires here" in (
        run(data, "cloudflow", "show", "Sorting").stdout
    )

    started = run(data, "cloudflow", "run", "Sorting", "--outputs", '{"body": {"value": [1, 2, 3]}}')
    with Installation.open(data) as installation:
        query = sa.select(FlowRun.c.name, FlowRun.c.trigger)
        runs = installation.database.read(lambda tx: tx.execute(query).all())
    assert sorted(started.stdout.split()) == sorted(one.name for one in runs)
    assert sorted(json.loads(one.trigger)["outputs"]["body"] for one in runs) == [2, 3]

    nothing = run(data, "cloudflow", "run", "Sorting", "--outputs", '{"body": {"value": [1]}}')
    assert (nothing.stdout, nothing.stderr) == (
        "",
        "Nothing started: the trigger's conditions are not met, or it splits nothing.\n",
    )


@pytest.mark.parametrize(
    "arguments", [("--outputs", "[1]"), ("--outputs", "{"), ("--outputs", "{}", "--body", "1")]
)
def test_what_a_trigger_gives_has_to_be_one_object(data: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError):
        run(data, "cloudflow", "run", "Sorting", *arguments)


def test_a_flow_that_is_on_tells_where_its_trigger_stands(tmp_path: Path, data: Path) -> None:
    every_day = {"frequency": "Day", "interval": 1, "startTime": "2999-01-01T08:00:00Z"}
    trigger = {"type": "Recurrence", "recurrence": every_day}
    text = envelope({"triggers": {"T": trigger}, "actions": {}})
    run(data, "import", write(tmp_path / f"Sorting-{CLOUD_ID}.json", text))
    run(data, "cloudflow", "on", "Sorting")
    lines = run(data, "cloudflow", "show", "Sorting").stdout.splitlines()
    assert lines[2] == "  T  [Recurrence]  next 2999-01-01 08:00:00 UTC"

    def fail(tx: Transaction) -> None:
        tx.execute(sa.update(FlowTrigger.table).values(status="Failed"))
        row = {"workflowid": UUID(CLOUD_ID), "name": "T"}
        write_histories(tx, [failed_look(row, None, tx.now, Problem("NotFound", "It is not there."))])

    with Installation.open(data) as installation:
        installation.database.write(fail)
    lines = run(data, "cloudflow", "show", "Sorting").stdout.splitlines()
    assert lines[2] == "  T  [Recurrence]  next 2999-01-01 08:00:00 UTC  ✖ It is not there."


def test_a_cloud_flow_is_shared_and_no_longer(tmp_path: Path, data: Path) -> None:
    (flow,) = json.loads(
        run(data, "import", write(tmp_path / "shared.json", json.dumps(NIGHTLY)), "-o", "json").stdout
    )
    run(data, "user", "add", "sue")
    given = run(data, "cloudflow", "share", flow["workflowid"], "--user", "sue", "--co-owner")
    taken = run(data, "cloudflow", "share", flow["workflowid"], "--user", "sue", "--revoke")

    assert given.stdout.startswith("‘sue’ may edit and run ‘")
    assert taken.stdout.endswith("is shared with ‘sue’ no longer.\n")
    with pytest.raises(NotFound, match="There is no user ‘nobody’"):
        run(data, "cloudflow", "share", flow["workflowid"], "--user", "nobody")
