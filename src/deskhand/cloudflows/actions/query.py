"""Query, which designers call Filter array. Source: cloud-flows 3.4."""

from __future__ import annotations

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, action
from deskhand.cloudflows.elements import evaluate_for, evaluated_member, raw_inputs, source_array
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, type_name


@action(
    "Query",
    title="Filter array",
    group=Group.DATA,
    fields=(
        Field("inputs/from", "From", type="array", required=True),
        Field(
            "inputs/where",
            "Filter query",
            type="expression",
            required=True,
            doc="Whether to keep an element, which is item(), such as @equals(item()?['x'], 1).",
        ),
    ),
    inherits_secrecy=True,
    differs="Outputs are hidden with secret inputs.",
)
def query(step: Step) -> Outcome:
    """Keep those elements of an array for which a condition is true."""
    source, condition = evaluated_member(step, "from"), member(raw_inputs(step), "where")
    step.give({"from": source, "where": condition})
    array = source_array(step, source)
    if not isinstance(condition, str):
        raise ActionFailed(
            "BadRequest",
            "The 'where' property value in the 'query' action inputs is of type "
            f"'{type_name(condition)}'. The value must be an expression.",
        )
    return Done(outputs={"body": [item for item in array if _is_kept(step, condition, item)]})


def _is_kept(step: Step, condition: str, item: Value) -> bool:
    result = evaluate_for(step, "where", condition, item)
    if not isinstance(result, bool):
        raise ActionFailed(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{step.action.name}' failed: the result of the evaluation of "
            f"'query' action 'where' expression '{condition}' is of type '{type_name(result)}'. The result "
            "must be a valid boolean.",
        )
    return result
