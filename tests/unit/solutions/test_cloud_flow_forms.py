"""Every form in which cloud flows come: packages, projects, unpacked solutions, single files."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.solutions.content import CloudFlow, Content, EnvironmentVariable, Solution
from deskhand.solutions.documents import decode_document, encode_document
from deskhand.solutions.errors import BrokenContent, NothingToImport
from deskhand.solutions.source import read_source
from tests.unit.solutions.zips import CLOUD_ID, FLOW_ID, MANIFEST, archive, customizations

DEFINITION = '{"triggers": {}, "actions": {}}'
API = "/providers/Microsoft.PowerApps/apis/shared_x"
PACKAGE = {
    "manifest.json": json.dumps(
        {
            "resources": {
                CLOUD_ID: {"type": "Microsoft.Flow/flows", "details": {"displayName": "Packed"}},
                "r1": {"type": "Microsoft.PowerApps/apis", "id": API},
            }
        }
    ),
    f"Microsoft.Flow/flows/{CLOUD_ID}/definition.json": f'{{"properties": {{"definition": {DEFINITION}}}}}',
    f"Microsoft.Flow/flows/{CLOUD_ID}/apisMap.json": '{"shared_x": "r1", "shared_y": "r2"}',
    "Microsoft.Flow/flows/manifest.json": "{}",
}


def tree(path: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_package_names_its_flow_and_connectors(tmp_path: Path, is_zip: bool) -> None:
    if is_zip:
        path = tmp_path / "packed.zip"
        path.write_bytes(archive(PACKAGE))
    else:
        path = tree(tmp_path / "packed.zip", PACKAGE)
    assert read_source(path) == Content(
        "packed.zip",
        cloud_flows=(
            CloudFlow(
                UUID(CLOUD_ID),
                "Packed",
                "",
                PACKAGE[f"Microsoft.Flow/flows/{CLOUD_ID}/definition.json"],
                0,
                connections={"shared_x": {"id": API}},
            ),
        ),
    )


def test_a_packages_document_tells_its_id_and_name_first(tmp_path: Path) -> None:
    document = json.dumps({"name": FLOW_ID, "properties": {"displayName": "Own", "description": "d"}})
    path = tree(tmp_path / "p", PACKAGE | {f"Microsoft.Flow/flows/{CLOUD_ID}/definition.json": document})
    (flow,) = read_source(path).cloud_flows
    assert (flow.workflow_id, flow.name, flow.description) == (UUID(FLOW_ID), "Own", "d")


def test_a_project_has_a_flow_for_each_of_its_folders(tmp_path: Path) -> None:
    workflow = f'{{"definition": {DEFINITION}, "kind": "Stateful"}}'
    path = tree(
        tmp_path / "app",
        {
            "host.json": "{}",
            "local.settings.json": "no JSON: it is not read",
            "parameters.json": '{"p": {"type": "String", "value": "v"}}',
            "connections.json": '{"managedApiConnections": {"m": {"api": {}}}, "other": {"n": {}}}',
            "One/workflow.json": workflow,
            "Two/workflow.json": codecs.BOM_UTF8 + workflow.encode(),
            "Two/deeper/down/workflow.json": "{",
        },
    )
    beside = {
        "parameters": {"p": {"type": "String", "value": "v"}},
        "connections": {"m": {"api": {}}, "n": {}},
    }
    one = CloudFlow(None, "One", "", workflow, 0, **beside)
    two = CloudFlow(None, "Two", "", workflow, 0, "utf-8-sig", **beside)

    assert read_source(path) == Content("app", cloud_flows=(one, two))
    assert read_source(path / "One" / "workflow.json").cloud_flows == (one,)
    assert read_source(path / "One").cloud_flows == (one,)


def test_a_template_of_one_workflow_has_its_folders_name(tmp_path: Path) -> None:
    path = tree(tmp_path / "Tidy", {"manifest.json": "{}", "default/workflow.json": DEFINITION})
    assert [one.name for one in read_source(path).cloud_flows] == ["Tidy"]


@pytest.mark.parametrize("below", ["", "src/"])
def test_an_unpacked_solution_has_the_elements_of_flows_beside_them(tmp_path: Path, below: str) -> None:
    element = (
        f'<Workflow WorkflowId="{{{CLOUD_ID}}}" Name="Hourly"><Category>5</Category>'
        "<JsonFileName>/Workflows/Hourly.json</JsonFileName><StateCode>1</StateCode></Workflow>"
    )
    folder = "environmentvariabledefinitions/new_Url"
    files = {
        "Other/Customizations.xml": customizations(),
        "Other/Solution.xml": MANIFEST,
        "Workflows/Hourly.json": DEFINITION,
        "Workflows/Hourly.json.data.xml": element,
        f"{folder}/environmentvariabledefinition.xml": (
            '<environmentvariabledefinition schemaname="new_Url"><description default="Where" />'
            "<type>100000000</type></environmentvariabledefinition>"
        ),
        f"{folder}/environmentvariablevalues.json": (
            '{"environmentvariablevalues": {"environmentvariablevalue": [{"value": 7}]}}'
        ),
    }
    path = tree(tmp_path / "orders", {f"{below}{name}": content for name, content in files.items()})
    assert read_source(path) == Content(
        "orders",
        solution=Solution("Orders", "All orders", "1.2.0.3", managed=True),
        cloud_flows=(CloudFlow(UUID(CLOUD_ID), "Hourly", "", DEFINITION, 1),),
        environment_variables=(EnvironmentVariable("new_Url", "", "Where", 100_000_000, None, "7"),),
    )


@pytest.mark.parametrize(
    ("name", "content", "flow_id", "flow_name"),
    [
        ("Nightly.json", DEFINITION, None, "Nightly"),
        (f"Night-ly-{CLOUD_ID.upper()}.json", DEFINITION, UUID(CLOUD_ID), "Night-ly"),
        (
            "definition.json",
            f'{{"name": "{CLOUD_ID}", "properties": {{"displayName": "Own"}}}}',
            UUID(CLOUD_ID),
            "Own",
        ),
        ("a.json", f'{{"properties": {{"displayName": "{"x" * 101}"}}}}', None, f"{'x' * 99}…"),
    ],
)
def test_a_file_tells_its_id_and_name(
    tmp_path: Path, name: str, content: str, flow_id: UUID | None, flow_name: str
) -> None:
    tree(tmp_path, {name: content})
    assert read_source(tmp_path / name) == Content(
        name, cloud_flows=(CloudFlow(flow_id, flow_name, "", content, 0),)
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": "\xc3\xa9"}',
        codecs.BOM_UTF8 + b"{}\r\n",
        codecs.BOM_UTF16_LE + "{}é".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "{}é".encode("utf-16-be"),
    ],
)
def test_a_text_becomes_the_same_bytes_again(data: bytes) -> None:
    text, encoding = decode_document("source", "name", data)
    assert (text.startswith("\ufeff"), encode_document(text, encoding)) == (False, data)


def test_only_what_stands_beside_a_document_is_kept_beside_it() -> None:
    plain = CloudFlow(None, "Plain", "", DEFINITION, 0)
    wide = CloudFlow(None, "Wide", "", DEFINITION, 0, "utf-16-le", parameters={"p": {"value": "é"}})
    assert plain.beside is None
    assert wide.beside == '{"encoding": "utf-16-le", "parameters": {"p": {"value": "é"}}}'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"{", "a.json: a.json is no JSON (Expecting property name"),
        ("a.json", b"[]", "a.json: a.json is JSON, but no object."),
        ("a.json", b"[" * 100_000, "a.json: a.json nests its JSON more deeply than can be read."),
        ("a.json", b"\xff{}", "a.json: a.json is no UTF-8 text (invalid start byte)."),
        ("a.json", codecs.BOM_UTF16_LE + b"{", "a.json: a.json is no UTF-16-LE text (truncated data)."),
        ("workflow.json", b"{", "workflow.json: "),
    ],
)
def test_a_broken_file_is_refused_with_its_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    tree(tmp_path, {name: content})
    with pytest.raises(BrokenContent) as refused:
        read_source(tmp_path / name)
    assert refused.value.message.startswith(message)


def test_a_package_with_two_flows_of_one_id_is_refused(tmp_path: Path) -> None:
    document = json.dumps({"name": CLOUD_ID})
    folders = [f"Microsoft.Flow/flows/{one}/definition.json" for one in (CLOUD_ID, FLOW_ID)]
    with pytest.raises(BrokenContent, match="names several flows of the same id"):
        read_source(tree(tmp_path / "p", dict.fromkeys(folders, document)))


def test_a_folder_of_something_else_is_nothing_to_import(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match="it is no solution, no package, no Logic Apps project"):
        read_source(tree(tmp_path / "web", {"package.json": "{}", "a/b/workflow.json": DEFINITION}))
