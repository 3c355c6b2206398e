"""The versions of cloud flows: listing, reading, restoring. Source: experience 4.2."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.examining import read_stored
from deskhand.entities.workflow import Workflow, WorkflowVersion
from deskhand.orchestrator.versions import keep_version
from deskhand.pages.cloud_designer import (
    FlowDocument,
    cloud_flow_document,
    cloud_flow_row,
    require_version,
)
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.flow_versions import FlowVersions, VersionToRestore, version_of, versions_of
from deskhand.records import writing

_V = WorkflowVersion.c


@dataclass(frozen=True, slots=True)
class VersionDocument:
    """What a version of a cloud flow holds.

    Attributes:
        number: Its number.
        document: The document, as JSON text.
        path: Where in the document the definition stands.
    """

    number: int
    document: str
    path: tuple[str, ...]


@endpoint("GET", "/cloudflows/{flow_id}/versions")
def cloud_flow_versions(context: PageContext, *, flow_id: UUID) -> FlowVersions:
    """List the versions of a cloud flow, the newest first: each time it was saved.

    Args:
        flow_id: The flow.
    """
    row = cloud_flow_row(context, flow_id)
    newest = sa.select(_V.workflowversionid).where(_V.workflowid == flow_id).order_by(_V.number.desc())
    current: UUID | None = context.tx.execute(newest.limit(1)).scalar()
    return versions_of(context, row, current)


@endpoint("GET", "/cloudflows/{flow_id}/versions/{number}")
def cloud_flow_version(context: PageContext, *, flow_id: UUID, number: int) -> VersionDocument:
    """Return the document of a version of a cloud flow.

    Args:
        flow_id: The flow.
        number: The version's number.
    """
    cloud_flow_row(context, flow_id)
    kept = version_of(context, flow_id, number)
    container = read_stored(kept["definition"], kept["beside"])
    return VersionDocument(number, kept["definition"], tuple(str(step) for step in container.path))


@endpoint("POST", "/cloudflows/{flow_id}/versions/{number}/restore")
def restore_cloud_flow_version(
    context: PageContext, *, flow_id: UUID, number: int, body: VersionToRestore
) -> FlowDocument:
    """Save a version of a cloud flow again, as its newest; one that is on goes on with it.

    Args:
        flow_id: The flow.
        number: The version's number.
        body: The row's version that it was chosen by.
    """
    row = cloud_flow_row(context, flow_id)
    kept = version_of(context, flow_id, number)
    require_version(context, row, body.version)
    values = {"clientdata": kept["definition"], "metadata": kept["beside"]}
    writing.update(context.tx, context.principal, Workflow, flow_id, values, version=body.version)
    note = f"Restored from version {number}"
    keep_version(
        context.tx, flow_id, by=context.principal.user_id, note=note, most=context.settings.flow_versions_max
    )
    return cloud_flow_document(context, flow_id=flow_id)
