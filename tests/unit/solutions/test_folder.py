"""Flow folders, read and written."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from deskhand.core.errors import DeskhandError
from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.errors import BrokenContent, NothingToImport
from deskhand.solutions.folder import folder_files, read_folder, write_folder
from deskhand.solutions.source import read_source
from tests.unit.solutions.zips import FLOW_ID, archive, desktop_flow, solution


def folder(path: Path, settings: str = "", **subflows: str) -> Path:
    path.mkdir()
    (path / "flow.toml").write_text(settings, encoding="utf-8")
    for name, text in subflows.items():
        (path / f"{name}.robin").write_text(text, encoding="utf-8")
    return path


def test_main_comes_first_and_other_files_are_subflows(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "orders",
        f'id = "{FLOW_ID}"\nname = "Book orders"\ndescription = "All."\n',
        Main="CALL Add\n",
        Add="SET A TO 1\n",
        Whole="FUNCTION Whole GLOBAL\nEND FUNCTION\n",
    )
    assert read_folder(path) == Content(
        "orders",
        desktop_flows=(
            DesktopFlow(
                UUID(FLOW_ID),
                "Book orders",
                "All.",
                "CALL Add\n\nFUNCTION Add GLOBAL\nSET A TO 1\nEND FUNCTION\n\n"
                "FUNCTION Whole GLOBAL\nEND FUNCTION\n",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("name = ", "flow.toml is no TOML"),
        ("colour = 'red'", "flow.toml has the key ‘colour’; it takes description, id, name"),
        ("name = 5", "flow.toml gives name no text"),
        ("id = 'x'", "flow.toml has the id ‘x’, which is no GUID"),
    ],
)
def test_each_flaw_of_the_settings_is_named(tmp_path: Path, settings: str, problem: str) -> None:
    with pytest.raises(BrokenContent) as caught:
        read_folder(folder(tmp_path / "orders", settings, Main="EXIT"))
    assert problem in caught.value.message


def test_a_folder_without_main_or_settings_holds_no_flow(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match=r"no Main\.robin"):
        read_folder(folder(tmp_path / "orders", Add="EXIT"))
    with pytest.raises(NothingToImport, match=r"no flow\.toml"):
        read_folder(tmp_path)


def test_a_written_folder_reads_as_the_same_flow(tmp_path: Path) -> None:
    flow = DesktopFlow(UUID(FLOW_ID), 'A "quoted" name', "tabs\tand\nlines \\ 😀", "CALL 'a/b'\n")
    subflows = {
        "Main": "CALL 'a/b'\n",
        "a/b": "FUNCTION 'a/b' GLOBAL\nEND FUNCTION\n",
        "a?b": "FUNCTION 'a?b' GLOBAL\nEND FUNCTION\n",
        "../up": "FUNCTION '../up' GLOBAL\nEND FUNCTION\n",
    }
    write_folder(tmp_path / "out", flow, subflows)
    (read,) = read_folder(tmp_path / "out").desktop_flows
    assert (read.workflow_id, read.name, read.description) == (flow.workflow_id, flow.name, flow.description)
    parts = [part.strip() for part in read.definition.split("\n\n")]
    assert sorted(parts) == sorted(text.strip() for text in subflows.values())
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_flow_folders_in_a_zip_are_read_with_their_elements(tmp_path: Path) -> None:
    first = DesktopFlow(UUID(FLOW_ID), "First", "", "")
    entries = {
        **{f"a/{name}": data for name, data in folder_files(first, {"Main": "EXIT\n"}, "{}\n").items()},
        "b/flow.toml": b"",
        "b/Main.robin": b"CALL Sub",
        "b/Sub.robin": b"SET A TO 1",
        "b/tests/Other.robin": b"SET B TO 1",
    }
    path = tmp_path / "flows.zip"
    path.write_bytes(archive(entries))
    flows = read_source(path).desktop_flows
    assert [(one.workflow_id, one.name, one.definition) for one in flows] == [
        (UUID(FLOW_ID), "First", "EXIT\n\n# [ControlRepository][PowerAutomateDesktop]\n{}\n"),
        (None, "b", "CALL Sub\n\nFUNCTION Sub GLOBAL\nSET A TO 1\nEND FUNCTION\n"),
    ]


def test_a_source_is_read_by_what_it_is(tmp_path: Path) -> None:
    text = tmp_path / "hello.txt"
    text.write_text("EXIT", encoding="utf-8")
    zipped = tmp_path / "orders.bin"
    zipped.write_bytes(solution(desktop_flow()))
    whole = folder(tmp_path / "orders", Main="EXIT")
    names = [read_source(path).desktop_flows[0].name for path in (text, zipped, whole)]
    assert names == ["hello", "Book orders", "orders"]


@pytest.mark.parametrize("name", ["missing", "missing.zip"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeskhandError, match="there is no such file"):
        read_source(tmp_path / name)


def test_a_file_that_only_calls_itself_a_zip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "flow.zip"
    path.write_text("SET A TO 1", encoding="utf-8")
    with pytest.raises(DeskhandError, match="cannot be read"):
        read_source(path)
