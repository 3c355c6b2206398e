"""The errors of the External actions, by their documented names."""

from __future__ import annotations

from deskhand.robin.catalog import ActionError


class RunDesktopFlowFailed(ActionError):
    """A desktop flow that this flow ran did not succeed, or could not be started.

    Attributes:
        flow_id: The flow that was called.
        reason: Why it failed.
    """

    code = "DH4260"
    error_name = "RunDesktopFlowFailed"

    def __init__(self, flow_id: str, reason: str) -> None:
        super().__init__(f"The desktop flow ‘{flow_id}’ failed: {reason}", details=reason)
        self.flow_id = flow_id
        self.reason = reason
