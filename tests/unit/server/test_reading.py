"""What a person names, read and checked: texts, fragments, folders, solutions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.server.first_start import sample_folders
from deskhand.server.reading import FlowNameTooLong, check_text, read_content
from deskhand.solutions.content import DesktopFlow
from deskhand.solutions.errors import NothingToImport
from tests.unit.solutions.zips import desktop_flow, solution

DECLARED = "@INPUT A : { 'Description': '', 'FriendlyName': 'Amount', 'Type': 'Numeric' }\n"


def text(tmp_path: Path, content: str, name: str = "flow.robin") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def folder(tmp_path: Path, **files: str) -> Path:
    path = tmp_path / "invoice"
    path.mkdir()
    (path / "flow.toml").write_text('name = "Invoice"\n', encoding="utf-8")
    for name, content in files.items():
        text(path, content, f"{name}.robin")
    return path


def test_a_text_gets_schemas_from_its_declarations(tmp_path: Path) -> None:
    (flow,) = read_content(text(tmp_path, f"{DECLARED}SET B TO A\n", "Sums.robin")).flows

    assert flow.runs
    assert (flow.flow.name, flow.flow.workflow_id) == ("Sums", None)
    assert list(json.loads(flow.flow.inputs or "")["schema"]["properties"]) == ["Amount"]
    assert json.loads(flow.flow.outputs or "")["schema"]["properties"] == {}


def test_every_fault_of_a_text_is_told_with_its_file(tmp_path: Path) -> None:
    path = text(tmp_path, "SET A TO\nSET B\nEND\n")
    with pytest.raises(SyntaxErrors) as refused:
        read_content(path)

    assert [(one.file, one.span.line) for one in refused.value.diagnostics] == [
        (str(path), 1),
        (str(path), 2),
        (str(path), 3),
    ]


def test_what_a_fragment_never_sets_is_left_open(tmp_path: Path) -> None:
    fragment = (
        "SET T TO Price * price + count\nCALL Sub\nFUNCTION Sub GLOBAL\nSET U TO T + Rest\nEND FUNCTION\n"
    )
    (flow,) = read_content(text(tmp_path, fragment)).flows

    assert flow.open_names == ("Price", "count", "Rest")
    assert len(flow.errors) == 4


@pytest.mark.parametrize(
    "header", [DECLARED, "@OUTPUT O : { 'Description': '', 'FriendlyName': 'O', 'Type': 'String' }\n"]
)
def test_a_flow_that_declares_anything_is_no_fragment(tmp_path: Path, header: str) -> None:
    (flow,) = read_content(text(tmp_path, f"{header}SET T TO Price\n")).flows

    assert flow.open_names == ()
    assert not flow.runs


def test_a_folder_is_whole_and_leaves_nothing_open(tmp_path: Path) -> None:
    (flow,) = read_content(folder(tmp_path, Main="SET T TO Price\n")).flows

    assert flow.open_names == ()
    assert [(one.file, one.span.line) for one in flow.errors] == [
        (str(tmp_path / "invoice" / "Main.robin"), 1)
    ]


def test_faults_of_all_files_of_a_folder_are_told_by_file(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        Main="SET A TO 1\nSET B TO\n",
        Bare="SET C TO 1\n\nIF C THEN\n",
        Whole="FUNCTION Whole GLOBAL\nSET D TO\nEND FUNCTION\n",
    )
    with pytest.raises(SyntaxErrors) as refused:
        read_content(path)

    assert [(Path(one.file).name, one.span.line) for one in refused.value.diagnostics] == [
        ("Main.robin", 2),
        ("Bare.robin", 3),
        ("Whole.robin", 2),
    ]


def test_subflows_in_files_share_variables_and_are_called_by_the_names_of_the_files(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        Main="SET A TO 1\nCALL Bare\nCALL Whole\nCALL Absent\n",
        Bare="SET B TO A\n",
        Whole="FUNCTION Whole GLOBAL\nSET C TO B + Nothing\nEND FUNCTION\n",
    )
    (flow,) = read_content(path).flows

    assert [(Path(one.file).name, one.span.line, one.code) for one in flow.errors] == [
        ("Main.robin", 4, "DH2114"),
        ("Whole.robin", 2, "DH2106"),
    ]
    assert check_text(flow.flow).open_names == ("Nothing",)


def test_a_solutions_broken_flow_is_kept_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    path.write_bytes(solution(desktop_flow("SET A TO\r\n")))
    (flow,) = read_content(path).flows

    assert (flow.flow.definition, flow.runs, flow.open_names) == ("SET A TO\r\n", False, ())
    assert [(one.file, one.span.line) for one in flow.errors] == [("Book orders.robin", 1)]


def test_a_solutions_flow_is_no_fragment(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    path.write_bytes(solution(desktop_flow("SET A TO B\r\n")))

    assert [(one.open_names, len(one.errors)) for one in read_content(path).flows] == [((), 1)]


def test_a_name_that_the_table_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FlowNameTooLong, match="has 101 characters; 100 are the most"):
        read_content(text(tmp_path, "SET A TO 1\n", f"{'n' * 101}.robin"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match="there is no such file"):
        read_content(tmp_path / "absent.zip")


def test_an_imported_flow_is_checked_under_its_name() -> None:
    checked = check_text(DesktopFlow(None, "Sums", definition="SET A TO B\n"))

    assert [str(one).partition(" ")[0] for one in checked.errors] == ["Sums.robin:1:10"]


def test_the_samples_can_all_run() -> None:
    checked = {path.name: read_content(path).flows[0] for path in sample_folders()}

    assert {name: (flow.flow.name, flow.diagnostics) for name, flow in checked.items()} == {
        "hello": ("Hello", ()),
        "no-such-file": ("No such file", ()),
        "patience": ("Patience", ()),
    }
