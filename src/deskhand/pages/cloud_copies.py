"""Copies of cloud flows: another flow, or a file that an import reads again. Source: experience 3."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from deskhand.cloudflows.examining import read_stored
from deskhand.entities.workflow import Category, Workflow
from deskhand.identity.audit import Thing, note
from deskhand.pages.cloud_designer import CloudFlowMade, cloud_flow_row
from deskhand.pages.copying import CopyName, FlowFile, flow_file, name_of_copy, require_solution_name
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.records import writing
from deskhand.records.service import retrieve
from deskhand.wdl.containers import Form

_LONGEST_NAME = 256
_FORMS = (Form.CLIENT_DATA, Form.LEGACY_PACKAGE)
"""What can be part of a solution."""


class CloudExportForm(StrEnum):
    """In what form a cloud flow is exported."""

    FILE = "file"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class CloudExport:
    """How to export a cloud flow.

    Attributes:
        form: As the file that it came as, or as a solution for Power Automate.
        solution: The solution's unique name.
    """

    form: CloudExportForm
    solution: str | None = None


@endpoint("POST", "/cloudflows/{flow_id}/copy")
def copy_cloud_flow(context: PageContext, *, flow_id: UUID, body: CopyName) -> CloudFlowMade:
    """Save a cloud flow as another one, the caller's own; it is off until somebody switches it on.

    Runs, versions and shares stay with the flow.

    Args:
        flow_id: The flow.
        body: What the copy is called.
    """
    name = name_of_copy(body, _LONGEST_NAME)
    source = cloud_flow_row(context, flow_id)
    columns = ("workflowid", "description")
    about = retrieve(context.tx, context.principal, Workflow, flow_id, columns=columns)
    values = {
        "name": name,
        "category": Category.MODERN_FLOW.value,
        "clientdata": source["clientdata"],
        "metadata": source["metadata"],
        "description": about["description"],
    }
    copy_id = writing.create(context.tx, context.principal, Workflow, values)
    thing = Thing(Workflow.logical_name, copy_id, name)
    note(context.tx, context.actor, "copied a cloud flow", thing, source=source["name"])
    return CloudFlowMade(copy_id)


@endpoint("POST", "/cloudflows/{flow_id}/export", writes=False)
def export_cloud_flow(context: PageContext, *, flow_id: UUID, body: CloudExport) -> FlowFile:
    """Return a cloud flow as a file that an import reads again.

    Args:
        flow_id: The flow.
        body: In what form.
    """
    row = cloud_flow_row(context, flow_id)
    if body.form is CloudExportForm.FILE:
        whole = context.imports.cloud_file(context.tx, flow_id)
        return flow_file(f"{row['name'] or flow_id}.json", "application/json", whole)
    solution = body.solution or ""
    require_solution_name(solution)
    form = read_stored(row["clientdata"], row["metadata"]).form
    if form not in _FORMS:
        raise BadParameter("body.form", f"is solution; the flow came as ‘{form.value}’. Export it as a file.")
    content = context.imports.cloud_solution(context.tx, (flow_id,), solution)
    return flow_file(f"{solution}.zip", "application/zip", content)
