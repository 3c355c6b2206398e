"""Copies of desktop flows: another flow, or a file that an import reads again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.declare import AccessRight
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import Category, ComponentState, DesktopFlowBinary, Workflow
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.versions import keep_version
from deskhand.pages.copying import CopyName, FlowFile, flow_file, name_of_copy, require_solution_name
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.desktop_designer import LONGEST_NAME, DesktopFlowMade, desktop_flow_row
from deskhand.pages.errors import BadParameter
from deskhand.pages.installation import ExportForm
from deskhand.records.drafts import save_draft
from deskhand.records.security import require_privilege
from deskhand.records.service import create, update
from deskhand.store.files import write_file

MOST_EXPORTED = 200
_W, _B, _F = Workflow.c, DesktopFlowBinary.c, FileContent.c
_COPIED = (
    "category",
    "uiflowtype",
    "description",
    "definition",
    "inputs",
    "outputs",
    "statecode",
    "statuscode",
    "metadata",
    "claims",
    "dependencies",
    "connectionreferences",
    "credentials",
    "desktopflowmodules",
    "schemaversion",
    "introducedversion",
)
"""What a copy has of the flow: what it does, and what it takes and returns. Runs and shares stay behind."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """Which desktop flows to export, and how.

    Attributes:
        flows: The flows, at least one.
        form: One text for each, a folder of texts for each, or one solution with all of them.
        solution: The solution's unique name; made from the first flow's name unless given.
    """

    flows: tuple[UUID, ...]
    form: ExportForm
    solution: str | None = None


@endpoint("POST", "/desktopflows/{flow_id}/copy")
def copy_desktop_flow(context: PageContext, *, flow_id: UUID, body: CopyName) -> DesktopFlowMade:
    """Save a desktop flow as another one, the caller's own: its text, elements and images, its draft too.

    Runs, versions and shares stay with the flow.

    Args:
        flow_id: The flow.
        body: What the copy is called.
    """
    require_privilege(context.principal, Workflow, AccessRight.CREATE)
    name = name_of_copy(body, LONGEST_NAME)
    source = desktop_flow_row(context, flow_id)
    copy_id, by = new_id(), context.principal.user_id
    rows = _states(context, flow_id)
    published = rows.get(ComponentState.PUBLISHED.value)
    draft = rows.get(ComponentState.UNPUBLISHED.value)
    if published is not None:
        create(context.tx, Workflow, _values(published, copy_id, name), by=by)
        keep_version(context.tx, copy_id, by=by, most=context.settings.flow_versions_max)
        if draft is not None:
            save_draft(context.tx, Workflow, copy_id, _values(draft, copy_id, name), by=by)
    elif draft is not None:
        unpublished = {"componentstate": ComponentState.UNPUBLISHED.value}
        create(context.tx, Workflow, _values(draft, copy_id, name) | unpublished, by=by)
    _copy_files(context, flow_id, copy_id)
    note(
        context.tx,
        context.actor,
        "copied a desktop flow",
        Thing(Workflow.logical_name, copy_id, name),
        source=source["name"],
    )
    return DesktopFlowMade(copy_id)


@endpoint("POST", "/desktopflows/export", writes=False)
def export_desktop_flows(context: PageContext, *, body: ExportOrder) -> FlowFile:
    """Return desktop flows as one file that an import reads again: what is published, else the draft.

    Args:
        body: Which ones, and how.
    """
    if not 1 <= len(body.flows) <= MOST_EXPORTED:
        raise BadParameter("body.flows", f"takes 1 to {MOST_EXPORTED} flows.")
    if body.solution is not None:
        require_solution_name(body.solution)
    chosen = list(dict.fromkeys(body.flows))
    for flow_id in chosen:
        desktop_flow_row(context, flow_id)
    file = context.imports.export(context.tx, chosen, body.form, body.solution)
    return flow_file(file.name, file.media_type, file.content)


def _states(context: PageContext, flow_id: UUID) -> Mapping[int, Mapping[Any, Any]]:
    query = sa.select(Workflow.table).where(
        _W.workflowid == flow_id, _W.category == Category.DESKTOP_FLOW.value
    )
    return {row["componentstate"]: row for row in context.tx.execute(query).mappings()}


def _values(row: Mapping[Any, Any], copy_id: UUID, name: str) -> dict[str, Any]:
    return {column: row[column] for column in _COPIED} | {"workflowid": copy_id, "name": name}


def _copy_files(context: PageContext, flow_id: UUID, copy_id: UUID) -> None:
    tx, by = context.tx, context.principal.user_id
    query = (
        sa.select(_B.name, _B.type, _B.mimetype, _F.filename, _F.content)
        .outerjoin(FileContent.table, _F.filecontentid == _B.data)
        .where(_B.process == flow_id)
    )
    for row in tx.execute(query).all():
        values = {"name": row.name, "type": row.type, "mimetype": row.mimetype, "process": copy_id}
        binary_id = create(tx, DesktopFlowBinary, values, by=by)
        if row.content is None:
            continue
        kept = (row.filename or "data", row.mimetype or "application/octet-stream", row.content)
        file_id = write_file(tx, DesktopFlowBinary, binary_id, "data", *kept)
        update(tx, DesktopFlowBinary, binary_id, {"data": file_id}, by=by)
