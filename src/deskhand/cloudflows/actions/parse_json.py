"""ParseJson. Source: cloud-flows 3.4."""

from __future__ import annotations

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, action
from deskhand.cloudflows.json_schema import SchemaUnusable, ValidationTooLong, validate
from deskhand.wdl.definition import member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.json_text import JsonUnreadable, read_json
from deskhand.wdl.values import Value


@action(
    "ParseJson",
    title="Parse JSON",
    group=Group.DATA,
    fields=(
        Field("inputs/content", "Content", required=True),
        Field(
            "inputs/schema", "Schema", type="object", required=True, doc="What the content must look like."
        ),
    ),
    inherits_secrecy=True,
    differs="Lines and positions of errors are 0; `format` in a schema is a hint that is not checked.",
)
def parse_json(step: Step) -> Outcome:
    """Read a JSON text, check it against a schema, and make its parts known to later actions."""
    inputs = step.inputs if isinstance(step.inputs, dict) else {}
    value = _parsed(member(inputs, "content"))
    errors = _errors(value, member(inputs, "schema"))
    if errors:
        raise ActionFailed("ValidationFailed", "The schema validation failed.", outputs={"errors": errors})
    return Done(outputs={"body": value})


def _parsed(content: Value) -> Value:
    """Return what a text holds, however leniently it is written; what is no text is taken as it is."""
    if content is None:
        raise ExpressionError(
            "Required property 'content' expects a value but got null. Path ''.", topic=None
        )
    if not isinstance(content, str):
        return content
    try:
        return read_json(content, ignore_rest=True)
    except JsonUnreadable as problem:
        raise ActionFailed(
            "InvalidJSON",
            "The 'content' property of actions of type 'ParseJson' must be valid JSON. The provided value "
            f"cannot be parsed: '{problem}'.",
        ) from problem


def _errors(value: Value, schema: Value) -> list[dict[str, Value]]:
    try:
        return validate(value, {} if schema is None else schema)
    except (SchemaUnusable, ValidationTooLong) as problem:
        raise ActionFailed("BadRequest", problem.message) from problem
