"""What clients call by name; importing this package declares every message, and what flows ask of writes."""

from deskhand.messages import (
    access,
    cancel_desktop_flow_run,
    dequeue,
    flow_writes,
    run_desktop_flow,
    who_am_i,
)

__all__ = ["access", "cancel_desktop_flow_run", "dequeue", "flow_writes", "run_desktop_flow", "who_am_i"]
