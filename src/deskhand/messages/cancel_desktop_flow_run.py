"""The message CancelDesktopFlowRun. Source: dataverse-api 9.3."""

from __future__ import annotations

from uuid import UUID

from deskhand.entities.declare import AccessRight
from deskhand.entities.flowsession import FlowSession
from deskhand.messages.declare import MessageContext, Row, message
from deskhand.orchestrator.runs import cancel_run
from deskhand.records.security import require_access
from deskhand.records.service import retrieve


def _admit(context: MessageContext, session_id: UUID) -> Row:
    """Let those pass who may change the run: its owner, and whoever reaches as far."""
    row: Row = retrieve(context.tx, context.principal, FlowSession, session_id)
    require_access(context.tx, context.principal, FlowSession, row, AccessRight.WRITE)
    return row


@message("CancelDesktopFlowRun", bound_to=FlowSession, admit=_admit)
def cancel_desktop_flow_run(context: MessageContext, session: Row) -> None:
    """Cancel a run: at once while it waits; a running one ends when its agent has stopped it."""
    cancel_run(
        context.tx,
        session["flowsessionid"],
        context.principal.user_id,
        finished_is_error=context.settings.cancel_finished_is_error,
    )
