from __future__ import annotations

import importlib.metadata
from typing import Any

import pytest

from deskhand.actions import library
from deskhand.actions.declare import Module
from deskhand.actions.library import BadActionPackage, standard_library
from deskhand.actions.unbuilt import unbuilt_actions, unbuilt_forms
from deskhand.robin.catalog import ActionSpec, Platform, UnbuiltAction

offered = Module("Fax", "Fax")


@offered.action("Send", label="Send fax", summary="Send a fax")
def send_fax() -> None:
    """Send a fax."""


def install(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Let one installed package offer actions."""
    entry_point = importlib.metadata.EntryPoint("fax", value, library.ENTRY_POINTS)
    monkeypatch.setattr(library, "entry_points", lambda group: [entry_point])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("file.WRITETEXT", "File.WriteText"),
        ("Folder.DoesNotExist", "Folder.IfFolderExists.DoesNotExist"),
        ("File.RenameAddDateOrTime", "File.RenameFiles.RenameAddDateOrTime"),
        ("File.Copy", "File.Copy"),
    ],
)
def test_an_action_is_found_by_its_name_in_any_case_and_age(name: str, found: str) -> None:
    action = standard_library().resolve(name)

    assert isinstance(action, ActionSpec)
    assert action.name == found


@pytest.mark.parametrize(
    "name",
    ["Excel.ReadFromExcel.ReadCells", "excel.readcells", "EXCEL.ReadFromExcel.readcells"],
)
def test_an_unbuilt_action_is_known_by_every_name(name: str) -> None:
    assert standard_library().resolve(name) == UnbuiltAction(
        "Excel.ReadFromExcel.ReadCells", "Read from Excel worksheet", Platform.ANY
    )


def test_an_unbuilt_action_is_known_without_its_form() -> None:
    assert unbuilt_actions()["Excel.ReadFromExcel"].label == "Read from Excel worksheet"


def test_an_older_name_leads_to_the_present_one() -> None:
    actions = unbuilt_actions()

    assert actions["System.RunDOSCommand"] is actions["Scripting.RunDOSCommand.RunDOSCommand"]


def test_an_unknown_name_is_not_found() -> None:
    assert standard_library().resolve("File.GetFileInfo") is None


def test_every_other_action_of_the_original_is_known() -> None:
    built = {spec.name for spec in standard_library().specs}
    unbuilt = {form.action.name for form in unbuilt_forms()}

    assert built & unbuilt == set()
    assert len(built | unbuilt) >= 1_185


def test_an_installed_package_adds_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, f"{__name__}:offered")

    found: Any = standard_library().resolve("Fax.Send")

    assert found.function is send_fax


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (f"{__name__}:send_fax", "it names a function, not a Module"),
        ("deskhand.none:fax", "No module named 'deskhand.none'"),
    ],
)
def test_a_package_that_offers_no_module_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str, problem: str
) -> None:
    install(monkeypatch, value)

    with pytest.raises(BadActionPackage) as raised:
        standard_library()

    assert str(raised.value) == (
        f"an installed package: the entry point ‘fax’ ({value}) in the group deskhand.actions "
        f"cannot be used: {problem}"
    )
