"""Compose. Source: cloud-flows 3.4."""

from __future__ import annotations

from deskhand.cloudflows.declare import Done, Field, Group, Outcome, Step, action


@action(
    "Compose",
    title="Compose",
    group=Group.DATA,
    fields=(Field("inputs", "Inputs", required=True),),
    inherits_secrecy=True,
)
def compose(step: Step) -> Outcome:
    """Make a value, so that later actions can use it under one name."""
    return Done(outputs=step.inputs)
