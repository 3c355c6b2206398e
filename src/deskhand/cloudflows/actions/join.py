"""Join. Source: cloud-flows 3.4."""

from __future__ import annotations

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, action
from deskhand.cloudflows.elements import source_array
from deskhand.wdl.declare import Call
from deskhand.wdl.definition import member
from deskhand.wdl.functions.collection import join as join_texts
from deskhand.wdl.limits import DEFAULT_LIMITS
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import type_name


@action(
    "Join",
    title="Join",
    group=Group.DATA,
    fields=(
        Field("inputs/from", "From", type="array", required=True),
        Field("inputs/joinWith", "Join with", type="string", required=True, takes_blank=True),
    ),
    inherits_secrecy=True,
    differs="Outputs are hidden with secret inputs.",
)
def join(step: Step) -> Outcome:
    """Make one text of the elements of an array, with a separator between them."""
    inputs = step.inputs if isinstance(step.inputs, dict) else {}
    array = source_array(step, member(inputs, "from"))
    separator = member(inputs, "joinWith")
    if not isinstance(separator, str):
        raise ActionFailed(
            "BadRequest",
            f"The 'joinWith' property value in the 'join' action inputs is of type '{type_name(separator)}'. "
            "The value must be a string.",
        )
    return Done(outputs={"body": join_texts(Call(StaticScope(step.now), DEFAULT_LIMITS), array, separator)})
