"""Copies of desktop flows: another flow, or a file that an import reads again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from deskhand.entities.declare import AccessRight
from deskhand.entities.workflow import Workflow
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.flow_copies import copy_flow
from deskhand.pages.copying import CopyName, FlowFile, flow_file, name_of_copy, require_solution_name
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.desktop_designer import LONGEST_NAME, DesktopFlowMade, desktop_flow_row
from deskhand.pages.errors import BadParameter
from deskhand.pages.installation import ExportForm
from deskhand.records.security import require_privilege

MOST_EXPORTED = 200


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
    by, most = context.principal.user_id, context.settings.flow_versions_max
    copy_id = copy_flow(context.tx, flow_id, name, by=by, most_versions=most)
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
