"""The one entry: whatever a person names, read by what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from deskhand.solutions.archive import read_archive
from deskhand.solutions.content import Content
from deskhand.solutions.definition_file import read_definition_file
from deskhand.solutions.directory import list_directory, read_listed
from deskhand.solutions.errors import NothingToImport
from deskhand.solutions.folder import (
    holds_flow_folders,
    is_flow_folder,
    read_flow_folders,
    read_folder,
)
from deskhand.solutions.logic_apps_project import (
    CONNECTIONS_FILE,
    PARAMETERS_FILE,
    WORKFLOW_FILE,
    is_project,
    read_project,
)
from deskhand.solutions.package import is_package, read_package
from deskhand.solutions.solution_zip import is_solution, read_solution_files
from deskhand.solutions.text import read_text

_ZIP_MARK = b"PK"
_NO_EXPORT = "it is no solution, no package, no Logic Apps project and has no flow.toml"
MAX_FILE_BYTES = 256 * 1024 * 1024


def read_source(path: Path) -> Content:
    """Read what a person names.

    It is a solution, a cloud flow's package, a Logic Apps project or flow folders, each zipped or as a
    folder; a cloud flow's JSON file; or a flow text.

    Raises:
        NothingToImport: The path does not exist, or is none of these.
        BrokenArchive: The zip cannot be read.
        ArchiveTooLarge: The zip or the folder holds more than an import takes.
        UnsafeName: An entry of the zip has a name that no export has.
        BrokenContent: A file does not hold what it should.
    """
    if path.is_dir():
        return read_folder(path) if is_flow_folder(path) else _read_directory(path)
    if not path.is_file():
        raise NothingToImport(str(path), "there is no such file")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise NothingToImport(str(path), f"it is larger than {MAX_FILE_BYTES:,} bytes")
    if path.name.casefold() == WORKFLOW_FILE:
        return _read_workflow(path.resolve())
    data = path.read_bytes()
    if data.startswith(_ZIP_MARK) or path.suffix.casefold() == ".zip":
        return _read_files(path.name, path.stem, read_archive(path.name, data))
    if path.suffix.casefold() == ".json":
        return read_definition_file(path.name, path.stem, data)
    return read_text(path.name, path.stem, data)


def _read_directory(path: Path) -> Content:
    name = path.resolve().name
    if any(path.glob("*.robin")):
        return read_folder(path)
    if (path / WORKFLOW_FILE).is_file():
        return _read_workflow((path / WORKFLOW_FILE).resolve())
    listed = list_directory(path)
    below = {one.removeprefix("src/"): file for one, file in listed.items() if one.startswith("src/")}
    chosen = below if is_solution(below) else listed
    if not _is_export(chosen):
        raise NothingToImport(name, _NO_EXPORT)
    return _read_files(name, name, read_listed(name, chosen))


def _is_export(names: Iterable[str]) -> bool:
    return is_solution(names) or is_package(names) or is_project(names)


def _read_files(source: str, name: str, files: Mapping[str, bytes]) -> Content:
    if is_solution(files):
        return read_solution_files(source, files)
    if is_package(files):
        return read_package(source, files)
    if is_project(files):
        return read_project(source, files, name)
    if holds_flow_folders(files):
        return read_flow_folders(source, files)
    raise NothingToImport(source, _NO_EXPORT)


def _read_workflow(path: Path) -> Content:
    """Read one workflow of a project with what stands beside its folder."""
    files = {f"{path.parent.name}/{WORKFLOW_FILE}": path.read_bytes()}
    for name in (PARAMETERS_FILE, CONNECTIONS_FILE):
        beside = path.parent.parent / name
        if beside.is_file() and beside.stat().st_size <= MAX_FILE_BYTES:
            files[name] = beside.read_bytes()
    return read_project(path.name, files, path.parent.name)
