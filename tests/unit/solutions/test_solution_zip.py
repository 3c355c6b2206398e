"""Exported solutions to typed content."""

from __future__ import annotations

from uuid import UUID

import pytest

from deskhand.solutions.content import (
    Binary,
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.solutions.errors import BrokenArchive, BrokenContent
from deskhand.solutions.solution_zip import read_solution
from tests.unit.solutions.zips import CLOUD_ID, FLOW_ID, archive, customizations, desktop_flow, solution

BINARY_ID = "c63f1a7e-0a55-4f5e-9f4f-3a7a6f0f9b7d"


def test_everything_of_a_solution_is_read() -> None:
    flow = desktop_flow(
        "SET A TO $'''<a & b>'''\r\nEXIT",
        more=(
            '<Inputs>{"schema":null}</Inputs><Outputs>{"schema": {"type": "object"}}</Outputs>'
            "<StateCode>0</StateCode><SchemaVersion>ROBIN_202208_DVRS</SchemaVersion>"
            '<Dependencies>{"a": []}</Dependencies>'
            '<Descriptions><Description languagecode="1033" description="Books &lt;all&gt;" /></Descriptions>'
        ),
    )
    cloud = (
        f'<Workflow WorkflowId="{{{CLOUD_ID.upper()}}}" Name="Hourly"><Category>5</Category>'
        "<JsonFileName>/Workflows/Hourly.json</JsonFileName><StateCode>1</StateCode></Workflow>"
    )
    other = f'<Workflow WorkflowId="{{{BINARY_ID}}}" Name="Rule"><Category>2</Category></Workflow>'
    reference = (
        '<connectionreferences><connectionreference connectionreferencelogicalname="new_mail">'
        "<connectionreferencedisplayname>Mail</connectionreferencedisplayname>"
        "<connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>"
        "<promptingbehavior>1</promptingbehavior></connectionreference></connectionreferences>"
    )
    folder = f"desktopflowbinaries/{BINARY_ID}"
    data = solution(
        flow,
        cloud,
        other,
        more=reference,
        files={
            "Workflows/Hourly.json": '{"properties": {}}',
            "environmentvariabledefinitions/new_Path/environmentvariabledefinition.xml": (
                '<environmentvariabledefinition schemaname="new_Path"><displayname default="Path" />'
                "<defaultvalue>C:\\</defaultvalue><type>100000000</type></environmentvariabledefinition>"
            ),
            f"{folder}/desktopflowbinary.xml": (
                f'<desktopflowbinary desktopflowbinaryid="{BINARY_ID}"><data>manifest.json</data>'
                "<mimetype>application/json</mimetype><name>Manifest</name><type>ManifestFile</type>"
                f"<process><workflowid>{FLOW_ID}</workflowid></process></desktopflowbinary>"
            ),
            f"{folder}/data/manifest.json": "{}",
        },
    )
    assert read_solution("orders.zip", data) == Content(
        source="orders.zip",
        solution=Solution("Orders", "All orders", "1.2.0.3", managed=True),
        desktop_flows=(
            DesktopFlow(
                UUID(FLOW_ID),
                "Book orders",
                "Books <all>",
                "SET A TO $'''<a & b>'''\r\nEXIT",
                inputs='{"schema":null}',
                outputs='{"schema": {"type": "object"}}',
                state=0,
                attributes={"dependencies": '{"a": []}', "schemaversion": "ROBIN_202208_DVRS"},
            ),
        ),
        cloud_flows=(CloudFlow(UUID(CLOUD_ID), "Hourly", "", '{"properties": {}}', 1),),
        connection_references=(
            ConnectionReference(
                "new_mail", "Mail", "/providers/Microsoft.PowerApps/apis/shared_office365", "", 1
            ),
        ),
        environment_variables=(EnvironmentVariable("new_Path", "Path", "", 100_000_000, "C:\\"),),
        binaries=(
            Binary(
                UUID(BINARY_ID),
                UUID(FLOW_ID),
                "Manifest",
                "ManifestFile",
                "application/json",
                "manifest.json",
                b"{}",
            ),
        ),
    )


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<ImportExportXml>&b;</ImportExportXml>"
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            archive({"solution.xml": "<a/>"}),
            "customizations.xml is missing: this zip is no exported solution",
        ),
        (archive({"customizations.xml": "<a>"}), "customizations.xml is no XML"),
        (archive({"customizations.xml": b"\xff\xfe\xfd"}), "customizations.xml is no XML"),
        (archive({"customizations.xml": BOMB}), "declares entities or a document type"),
        (
            archive({"customizations.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}),
            "declares entities or a document type",
        ),
        (
            archive({"customizations.xml": customizations(), "solution.xml": "<a/>"}),
            "solution.xml has no element SolutionManifest",
        ),
        (solution(desktop_flow(), desktop_flow(name="Other")), f"has 2 flows with the id {FLOW_ID}"),
        (solution(desktop_flow(workflow_id="no-guid")), "has the WorkflowId ‘{no-guid}’, which is no id"),
        (
            solution(desktop_flow(more="<StateCode>open</StateCode>")),
            "element StateCode is ‘open’, which is no number",
        ),
        (solution(desktop_flow(more="<Inputs>{</Inputs>")), "the Inputs of ‘Book orders’ is no JSON"),
        (
            solution(desktop_flow(more="<Inputs>[]</Inputs>")),
            "the Inputs of ‘Book orders’ is JSON, but no object",
        ),
        (
            solution(desktop_flow().replace('"SET A TO 1\\r\\n"', "SET A TO 1")),
            "the Definition of ‘Book orders’ is no JSON",
        ),
        (
            solution(desktop_flow().replace('"SET A TO 1\\r\\n"', "5")),
            "the Definition of ‘Book orders’ is JSON, but no text",
        ),
        (
            solution(desktop_flow().replace('"SET A TO 1\\r\\n"', "[" * 200_000)),
            "the Definition of ‘Book orders’ nests its JSON more deeply than can be read",
        ),
        (
            solution(desktop_flow().replace(">6<", ">5<")),
            "flow ‘Book orders’ names the file ‘’, which is not in the zip",
        ),
        (
            solution(more="<connectionreferences><connectionreference/></connectionreferences>"),
            "has a connection reference without a logical name",
        ),
    ],
)
def test_each_flaw_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(BrokenContent) as caught:
        read_solution("orders.zip", data)
    assert caught.value.message.startswith("orders.zip: ")
    assert problem in caught.value.message
    assert caught.value.message.endswith(". Nothing was imported.")


def test_what_is_no_zip_is_named() -> None:
    with pytest.raises(BrokenArchive, match=r"orders\.zip cannot be read"):
        read_solution("orders.zip", b"SET A TO 1")
