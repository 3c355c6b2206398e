"""Flows that an installation keeps, for commands that work on texts as well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deskhand.cli.output import NotFound, choose

if TYPE_CHECKING:
    from deskhand.protocol.messages import Flow
    from deskhand.solutions.content import DesktopFlow


def imported_flows(source: str, data: Path) -> tuple[Flow, list[Flow]]:
    """Return the published flow that a person means by its name or id, and all others.

    Raises:
        NotFound: There is none, nor an installation that could hold one.
    """
    from deskhand.server.installation import Installation, NoInstallation
    from deskhand.server.listing import published_flows

    try:
        with Installation.open(data) as installation:
            flows = installation.database.read(published_flows)
    except NoInstallation:
        raise NotFound(
            "flow or file", source, f", and no installation in {data} that could hold a flow of this name."
        ) from None
    rows = [{"workflowid": one.workflow_id, "name": one.name, "flow": one} for one in flows]
    wanted: Flow = choose("flow or file", source, rows, "workflowid")["flow"]
    return wanted, [one for one in flows if one is not wanted]


def imported_flow(source: str, data: Path) -> DesktopFlow:
    """Return the published flow that a person means by its name or id."""
    from deskhand.solutions.content import DesktopFlow

    flow, _ = imported_flows(source, data)
    return DesktopFlow(flow.workflow_id, flow.name, definition=flow.definition)
