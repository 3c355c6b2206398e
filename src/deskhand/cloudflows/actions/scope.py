"""Scope. Source: cloud-flows 3.6."""

from __future__ import annotations

from deskhand.cloudflows.declare import Enter, Group, LevelEnded, Outcome, Step, action
from deskhand.cloudflows.ends import scope_end


@action("Scope", title="Scope", group=Group.CONTROL)
def scope(step: Step) -> Outcome:
    """Hold actions together, so that what follows can depend on how they end as a whole."""
    if isinstance(step.event, LevelEnded):
        return scope_end(step.event.status)
    return Enter((("actions", None),))
