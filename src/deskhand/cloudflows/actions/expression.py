"""Expression: functions of dates, numbers and texts as actions. Source: cloud-flows 3.4."""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, action
from deskhand.wdl.declare import Call, documented
from deskhand.wdl.definition import member
from deskhand.wdl.limits import DEFAULT_LIMITS
from deskhand.wdl.scope import StaticScope

_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CurrentTime": ("utcNow", ()),
    "ConvertTimeZone": (
        "convertTimeZone",
        ("baseTime", "sourceTimeZone", "destinationTimeZone", "formatString"),
    ),
    "AddToTime": ("addToTime", ("baseTime", "interval", "timeUnit")),
    "SubtractFromTime": ("subtractFromTime", ("baseTime", "interval", "timeUnit")),
    "GetFutureTime": ("getFutureTime", ("interval", "timeUnit")),
    "GetPastTime": ("getPastTime", ("interval", "timeUnit")),
    "FormatNumber": ("formatNumber", ("number", "format", "locale")),
    "IndexOf": ("indexOf", ("text", "searchText")),
    "Substring": ("substring", ("text", "startingPosition", "length")),
}
"""For each kind the function that does it, and which members of the inputs are its parameters."""


@action(
    "Expression",
    title="Date, number or text function",
    group=Group.DATA,
    fields=(
        Field("kind", "Function", required=True, options=tuple(_KINDS)),
        *(
            Field(f"inputs/{name}", name)
            for name in dict.fromkeys(name for _, names in _KINDS.values() for name in names)
        ),
    ),
    inherits_secrecy=True,
    differs="Outputs are hidden with secret inputs.",
)
def expression(step: Step) -> Outcome:
    """Apply one function of dates, numbers or texts, chosen by the action's kind."""
    kinds = {name.casefold(): kind for name, kind in _KINDS.items()}
    found = kinds.get(step.action.kind.casefold())
    if found is None:
        raise ActionFailed(
            "BadRequest",
            f"The expression kind '{step.action.kind}' is not supported. Supported kinds are: "
            f"'{', '.join(_KINDS)}'.",
        )
    function, names = found
    inputs = step.inputs if isinstance(step.inputs, dict) else {}
    parameters = [member(inputs, name) for name in names]
    while parameters and parameters[-1] is None:
        parameters.pop()
    call = Call(StaticScope(step.now), DEFAULT_LIMITS)
    return Done(outputs={"body": documented(function)(call, parameters)})
