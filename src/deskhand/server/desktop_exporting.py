"""Desktop flows as files that an import reads again: one text, a folder of texts, a solution."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from deskhand.actions.library import standard_library
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import Category, ComponentState, DesktopFlowBinary, Workflow
from deskhand.pages.flow_files import with_files
from deskhand.pages.installation import ExportedFile, ExportForm
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_script
from deskhand.server.exporting import VERSION, SolutionNameInvalid
from deskhand.solutions.content import Binary, Content, DesktopFlow, Solution
from deskhand.solutions.folder import MAIN, file_name, folder_files
from deskhand.solutions.solution_writer import UNIQUE_NAME, write_solution
from deskhand.solutions.solution_zip import ATTRIBUTES
from deskhand.store.database import Transaction

T = TypeVar("T")

_TIME = (1980, 1, 1, 0, 0, 0)
_ZIP = "application/zip"
_W, _B, _F = Workflow.c, DesktopFlowBinary.c, FileContent.c


def export_desktop(
    tx: Transaction, workflow_ids: Sequence[UUID], form: ExportForm, solution: str | None = None
) -> ExportedFile:
    """Return desktop flows as one file: what is published, else the draft.

    Args:
        tx: The open transaction.
        workflow_ids: The flows, at least one.
        form: One text for each, a folder of texts for each, or one solution with all of them. Several texts
            and folders come in a zip.
        solution: The solution's unique name; made from the first flow's name unless given.

    Raises:
        SolutionNameInvalid: The name is none that a solution can have.
    """
    flows = [_flow(tx, one) for one in workflow_ids]
    if form is ExportForm.SOLUTION:
        return _solution(tx, flows, solution)
    name = file_name(flows[0].name) if len(flows) == 1 else "Flows"
    whole = [replace(one, definition=_with_files(tx, one)) for one in flows]
    if form is ExportForm.FOLDER:
        return ExportedFile(f"{name}.zip", _ZIP, _zipped(_folders(whole)))
    texts = _distinct((f"{file_name(one.name)}.robin", one.definition.encode()) for one in whole)
    if len(texts) == 1:
        ((only, content),) = texts.items()
        return ExportedFile(only, "text/plain", content)
    return ExportedFile(f"{name}.zip", _ZIP, _zipped(texts))


def _flow(tx: Transaction, workflow_id: UUID) -> DesktopFlow:
    query = (
        sa.select(Workflow.table)
        .where(_W.workflowid == workflow_id, _W.category == Category.DESKTOP_FLOW.value)
        .order_by(_W.componentstate != ComponentState.PUBLISHED.value)
    )
    row = tx.execute(query).mappings().first()
    if row is None:
        raise LookupError(f"there is no desktop flow {workflow_id}")
    attributes: dict[str, Any] = {column: row[column] for column in ATTRIBUTES.values()}
    return DesktopFlow(
        workflow_id,
        row["name"] or "",
        row["description"] or "",
        row["definition"] or "",
        row["inputs"],
        row["outputs"],
        row["statecode"],
        {column: text for column, text in attributes.items() if text},
    )


def _with_files(tx: Transaction, flow: DesktopFlow) -> str:
    return flow.definition if flow.workflow_id is None else with_files(tx, flow.workflow_id, flow.definition)


def _solution(tx: Transaction, flows: Sequence[DesktopFlow], name: str | None) -> ExportedFile:
    unique = name or _unique_name(flows[0].name)
    if not UNIQUE_NAME.match(unique):
        raise SolutionNameInvalid(unique)
    ids = [one.workflow_id for one in flows]
    content = Content(unique, desktop_flows=tuple(flows), binaries=tuple(_binaries(tx, ids)))
    written = write_solution(content, Solution(unique, unique, VERSION, managed=False))
    return ExportedFile(f"{unique}.zip", _ZIP, written)


def _unique_name(flow: str) -> str:
    """Return a name that a solution can have, made from a flow's."""
    return re.sub(r"[^A-Za-z0-9_]", "", flow).lstrip("0123456789_") or "Flows"


def _binaries(tx: Transaction, workflow_ids: Sequence[UUID | None]) -> Iterable[Binary]:
    query = (
        sa.select(DesktopFlowBinary.table, _F.filename, _F.content)
        .outerjoin(FileContent.table, _F.filecontentid == _B.data)
        .where(_B.process.in_(workflow_ids))
        .order_by(_B.desktopflowbinaryid)
    )
    for row in tx.execute(query):
        yield Binary(
            row.desktopflowbinaryid,
            row.process,
            row.name or "",
            row.type or "",
            row.mimetype or "application/octet-stream",
            _one_name(row.filename or ""),
            row.content or b"",
        )


def _one_name(name: str) -> str:
    """Return a file's name without what would lead out of its folder, for whoever unpacks the solution."""
    plain = re.sub(r"[\x00-\x1f/\\]", "_", name)
    return plain if plain.strip(". ") else "data"


def _folders(flows: Sequence[DesktopFlow]) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    for folder, flow in _distinct((file_name(one.name), one) for one in flows).items():
        subflows, elements = _parts(flow.definition)
        parts = folder_files(flow, subflows, elements)
        files |= {f"{folder}/{name}": content for name, content in parts.items()}
    return files


def _parts(text: str) -> tuple[Mapping[str, str], str | None]:
    """Return a flow's subflows, and its UI elements and images; a text that cannot be read stays whole."""
    library = standard_library()
    try:
        script = parse(text, is_action=lambda name: library.resolve(name) is not None)
    except SyntaxErrors:
        return {MAIN: text}, None
    subflows = {MAIN: print_script(replace(script, functions=(), repository=None))}
    for one in script.functions:
        subflows[one.name] = print_script(
            replace(script, headers=(), body=(), functions=(one,), repository=None)
        )
    return subflows, script.repository


def _distinct(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return things by name; a name that is taken, in any case, gets a number before its ending."""
    found: dict[str, T] = {}
    for name, thing in named:
        stem, dot, ending = name.rpartition(".")
        number, free = 1, name
        while free.casefold() in {one.casefold() for one in found}:
            number += 1
            free = f"{stem}_{number}.{ending}" if dot else f"{name}_{number}"
        found[free] = thing
    return found


def _zipped(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
