"""Switch. Source: cloud-flows 3.6."""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import NOTHING, Enter, Field, Group, LevelEnded, Outcome, Step, action
from deskhand.cloudflows.ends import scope_end
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, are_equal

_DEFAULT = "default"


@action(
    "Switch",
    title="Switch",
    group=Group.CONTROL,
    fields=(Field("expression", "On", type="expression", required=True),),
    inherits_secrecy=True,
)
def switch(step: Step) -> Outcome:
    """Do the list of actions whose case equals a value, or the default one if none does."""
    if isinstance(step.event, LevelEnded):
        return scope_end(step.event.status, {"expression": step.state["value"]})
    if step.given is NOTHING:
        step.give({"expression": step.evaluate(step.action.member("expression"))})
    value = step.given["expression"]
    step.state["value"] = value
    return Enter(((_branch(step, value), None),))


def _branch(step: Step, value: Value) -> str:
    cases = step.action.member("cases")
    for name, one in cases.items() if isinstance(cases, Mapping) else ():
        case = step.evaluate(member(one, "case"))
        if type(case) is type(value) and are_equal(case, value):
            return str(name)
    return _DEFAULT
