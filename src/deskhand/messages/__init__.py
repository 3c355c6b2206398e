"""What clients call by name; importing this package declares every message."""

from deskhand.messages import cancel_desktop_flow_run, run_desktop_flow, who_am_i

__all__ = ["cancel_desktop_flow_run", "run_desktop_flow", "who_am_i"]
