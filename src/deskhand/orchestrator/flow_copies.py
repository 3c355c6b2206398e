"""A desktop flow saved as another one. Source: experience 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import Category, ComponentState, DesktopFlowBinary, Workflow
from deskhand.orchestrator.versions import keep_version
from deskhand.records.drafts import save_draft
from deskhand.records.service import create, update
from deskhand.store.database import Transaction
from deskhand.store.files import write_file

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


def copy_flow(tx: Transaction, flow_id: UUID, name: str, *, by: UUID, most_versions: int) -> UUID:
    """Save a desktop flow as another one: its text, elements and images, its draft too. Return the copy's id.

    Args:
        tx: The open transaction.
        flow_id: The flow.
        name: What the copy is called.
        by: Whose the copy is.
        most_versions: How many versions of a flow are kept.
    """
    copy_id = new_id()
    rows = _states(tx, flow_id)
    published = rows.get(ComponentState.PUBLISHED.value)
    draft = rows.get(ComponentState.UNPUBLISHED.value)
    if published is not None:
        create(tx, Workflow, _values(published, copy_id, name), by=by)
        keep_version(tx, copy_id, by=by, most=most_versions)
        if draft is not None:
            save_draft(tx, Workflow, copy_id, _values(draft, copy_id, name), by=by)
    elif draft is not None:
        unpublished = {"componentstate": ComponentState.UNPUBLISHED.value}
        create(tx, Workflow, _values(draft, copy_id, name) | unpublished, by=by)
    _copy_files(tx, flow_id, copy_id, by)
    return copy_id


def _states(tx: Transaction, flow_id: UUID) -> Mapping[int, Mapping[Any, Any]]:
    query = sa.select(Workflow.table).where(
        _W.workflowid == flow_id, _W.category == Category.DESKTOP_FLOW.value
    )
    return {row["componentstate"]: row for row in tx.execute(query).mappings()}


def _values(row: Mapping[Any, Any], copy_id: UUID, name: str) -> dict[str, Any]:
    return {column: row[column] for column in _COPIED} | {"workflowid": copy_id, "name": name}


def _copy_files(tx: Transaction, flow_id: UUID, copy_id: UUID, by: UUID) -> None:
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
