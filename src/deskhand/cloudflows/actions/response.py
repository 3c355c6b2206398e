"""Response. Source: cloud-flows 3.9."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from deskhand.cloudflows.declare import (
    ActionFailed,
    Done,
    Field,
    Group,
    Outcome,
    Problem,
    Status,
    Step,
    action,
)
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

_OK = 200


@action(
    "Response",
    title="Response",
    group=Group.HTTP,
    fields=(
        Field("inputs/statusCode", "Status code", type="integer", required=True),
        Field("inputs/headers", "Headers", type="object"),
        Field("inputs/body", "Body"),
    ),
    inherits_secrecy=True,
)
def response(step: Step) -> Outcome:
    """Answer whoever called the flow; the run goes on."""
    inputs = step.inputs if isinstance(step.inputs, Mapping) else {}
    answer = {"statusCode": _status(step, member(inputs, "statusCode")), **_content(inputs)}
    if not step.run.awaits_answer:
        problem = Problem("ActionResponseSkipped", "The response is skipped: nobody waits for it.")
        return Done(Status.SKIPPED, "ActionResponseSkipped", problem=problem)
    if not step.run.has_caller_time_left(
        step.now - timedelta(seconds=step.settings.cloudflow_answer_seconds)
    ):
        raise ActionFailed(
            "ActionResponseTimedOut",
            f"The execution of template action '{step.action.name}' is failed: the client application timed "
            "out waiting for a response from service.",
            action_code="ActionResponseTimedOut",
        )
    if not step.run.answer(step.tracking_id):
        raise ActionFailed(
            "ActionResponseAlreadyDefined",
            f"The execution of template action '{step.action.name}' failed: the run has answered its caller "
            "before.",
            action_code="ActionResponseAlreadyDefined",
        )
    return Done(outputs=answer)


def _status(step: Step, given: Value) -> int:
    status = int(given) if isinstance(given, str) and given.strip().isdecimal() else given
    if status is None:
        return _OK
    if isinstance(status, bool) or not isinstance(status, int) or not _is_supported(status):
        raise ActionFailed(
            "WorkflowRunActionResponseStatusCodeNotSupported",
            f"The response action '{step.action.name}' has the status code '{to_text(given)}', which is not "
            "supported: only 2xx, 4xx and 5xx are.",
        )
    return status


def _is_supported(status: int) -> bool:
    return 200 <= status < 300 or 400 <= status < 600


def _content(inputs: Mapping[str, Value]) -> dict[str, Value]:
    headers = member(inputs, "headers")
    content: dict[str, Value] = {}
    if isinstance(headers, Mapping) and headers:
        content["headers"] = {name: to_text(value) for name, value in headers.items()}
    if any(name.casefold() == "body" for name in inputs):
        content["body"] = member(inputs, "body")
    return content
