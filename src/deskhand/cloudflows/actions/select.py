"""Select. Source: cloud-flows 3.4."""

from __future__ import annotations

from deskhand.cloudflows.declare import Done, Field, Group, Outcome, Step, action
from deskhand.cloudflows.elements import (
    Gathering,
    evaluate_for,
    evaluated_member,
    raw_inputs,
    source_array,
)
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value


@action(
    "Select",
    title="Select",
    group=Group.DATA,
    fields=(
        Field("inputs/from", "From", type="array", required=True),
        Field("inputs/select", "Map", required=True, doc="What becomes of each element, which is item()."),
    ),
    inherits_secrecy=True,
    differs="Outputs are hidden with secret inputs.",
)
def select(step: Step) -> Outcome:
    """Turn each element of an array into another value."""
    source, template = evaluated_member(step, "from"), member(raw_inputs(step), "select")
    step.give({"from": source, "select": template})
    gathering = Gathering()
    selected: list[Value] = []
    for item in source_array(step, source):
        value = evaluate_for(step, "select", template, item)
        gathering.add(value)
        selected.append(value)
    return Done(outputs={"body": selected})
