"""Approvals: a flow asks people, and waits for what they decide. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from deskhand.cloudflows.approval_errors import ApprovalRefused
from deskhand.cloudflows.approvals import (
    ANSWERED,
    ApprovalStatus,
    ApprovalType,
    Question,
    ask,
    cancel,
    content_of,
    let_go,
    wait_for,
)
from deskhand.cloudflows.declare import (
    Done,
    Outcome,
    Problem,
    Signalled,
    Status,
    Step,
    Transact,
    Wait,
    connector,
)
from deskhand.cloudflows.errors import CloudFlowError
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.paths import parameter_object
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

APPROVALS = connector(
    "shared_approvals",
    title="Approvals",
    doc="Asks people, who answer in the portal or on the command line.",
)

_TYPES = {one.casefold(): one for one in ApprovalType}
_CONTENT = {
    "type": "object",
    "properties": {"outcome": {"type": "string"}, "responses": {"type": "array"}, "name": {"type": "string"}},
}
_DIFFERS = "Answers are given in the portal or on the command line, not by mail; there is no reassignment."


def _inputs(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["approvalType", name],
        "properties": {
            "approvalType": {
                "type": "string",
                "title": "Approval type",
                "enum": [str(one) for one in ApprovalType],
            },
            name: {
                "type": "object",
                "required": ["title", "assignedTo"],
                "properties": {
                    "title": {"type": "string", "title": "Title"},
                    "assignedTo": {"type": "string", "title": "Assigned to"},
                    "responseOptions": {"type": "array", "title": "Response options"},
                    "details": {"type": "string", "title": "Details", "format": "markdown"},
                    "itemLink": {"type": "string", "title": "Item link"},
                    "itemLinkDescription": {"type": "string", "title": "Item link description"},
                    "enableNotifications": {"type": "boolean", "title": "Enable notifications"},
                },
            },
        },
    }


def _withdraw(step: Step, tx: Transaction) -> None:
    """Withdraw the question that nobody waits for any more."""
    if "approval" in step.state:
        cancel(tx, UUID(step.state["approval"]))


def _leave(step: Step, tx: Transaction) -> None:
    """Withdraw the question with its run; if only the action's time is up, another one may go on waiting."""
    if "approval" not in step.state:
        return
    approval_id = UUID(step.state["approval"])
    if step.run.status.is_final:
        cancel(tx, approval_id)
    else:
        let_go(tx, approval_id, step.tracking_id)


@APPROVALS.operation(
    "StartAndWaitForAnApproval",
    title="Start and wait for an approval",
    inputs=_inputs("WebhookApprovalCreationInput"),
    outputs=_CONTENT,
    waits=True,
    release=_withdraw,
    differs=_DIFFERS,
)
def start_and_wait(step: Step) -> Outcome:
    """Ask people, and wait until they have decided."""
    if isinstance(step.event, Signalled) and step.event.kind == ANSWERED:
        return Transact(partial(_decided, step))
    return Transact(partial(_start, step))


@APPROVALS.operation(
    "CreateAnApproval",
    title="Create an approval",
    inputs=_inputs("ApprovalCreationInput"),
    outputs=_CONTENT,
    differs=_DIFFERS,
)
def create_an_approval(step: Step) -> Outcome:
    """Ask people, and go on; another action can wait for their decision."""
    return Transact(partial(_create, step))


@APPROVALS.operation(
    "WaitForAnApproval",
    title="Wait for an approval",
    inputs={
        "type": "object",
        "required": ["approvalName"],
        "properties": {"approvalName": {"type": "string", "title": "Approval ID"}},
    },
    outputs=_CONTENT,
    waits=True,
    release=_leave,
    differs="One action at a time can wait for an approval.",
)
def wait_for_an_approval(step: Step) -> Outcome:
    """Wait until people have decided what another action asked them."""
    if isinstance(step.event, Signalled) and step.event.kind == ANSWERED:
        return Transact(partial(_decided, step))
    return Transact(partial(_wait, step))


def _start(step: Step, tx: Transaction) -> Done | Wait:
    try:
        question = _question(step, "WebhookApprovalCreationInput")
        approval_id = ask(
            tx,
            question,
            run_id=step.run.id,
            action_id=step.tracking_id,
            requestor_id=step.run.owner_id,
        )
    except CloudFlowError as error:
        return _refused(error)
    step.state["approval"] = str(approval_id)
    return Wait()


def _create(step: Step, tx: Transaction) -> Done:
    try:
        question = _question(step, "ApprovalCreationInput")
        approval_id = ask(tx, question, run_id=step.run.id, action_id=None, requestor_id=step.run.owner_id)
    except CloudFlowError as error:
        return _refused(error)
    return _done(content_of(tx, approval_id), status=201)


def _wait(step: Step, tx: Transaction) -> Done | Wait:
    name = to_text(member(_parameters(step), "approvalName")).strip()
    try:
        approval = wait_for(
            tx, name, run_id=step.run.id, action_id=step.tracking_id, requestor_id=step.run.owner_id
        )
    except CloudFlowError as error:
        return _refused(error)
    step.state["approval"] = str(approval["approvalid"])
    return Wait() if approval["status"] == ApprovalStatus.PENDING else _decided(step, tx)


def _decided(step: Step, tx: Transaction) -> Done:
    content = content_of(tx, UUID(step.state["approval"]))
    if content["status"] == ApprovalStatus.CANCELED:
        problem = Problem("ApprovalCanceled", f"The approval '{content['name']}' was withdrawn.")
        return Done(Status.FAILED, "BadRequest", problem=problem)
    return _done(content)


def _done(content: Mapping[str, Value], status: int = 200) -> Done:
    outputs = {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": content}
    return Done(code=status_name(status), outputs=outputs)


def _question(step: Step, name: str) -> Question:
    """Return what the parameters of an action ask.

    Raises:
        ApprovalRefused: They ask nothing that can be answered.
    """
    parameters = _parameters(step)
    kind = _TYPES.get(to_text(member(parameters, "approvalType")).strip().casefold())
    if kind is None:
        raise ApprovalRefused(f"‘approvalType’ must be one of {', '.join(ApprovalType)}")
    found = parameter_object(parameters, name)
    given = found if isinstance(found, Mapping) else {}
    title = to_text(member(given, "title"))
    if not title:
        raise ApprovalRefused("it has no title")
    return Question(
        type=kind,
        title=title,
        assigned_to=to_text(member(given, "assignedTo")),
        details=to_text(member(given, "details")),
        item_link=to_text(member(given, "itemLink")),
        item_link_description=to_text(member(given, "itemLinkDescription")),
        options=_options(member(given, "responseOptions")),
        notifies=member(given, "enableNotifications") is not False,
    )


def _options(value: Value) -> list[str]:
    """Return what may be answered: a list, or an object by places (``responseOptions/0``)."""
    listed = list(value.values()) if isinstance(value, Mapping) else value
    return [to_text(one) for one in listed if one] if isinstance(listed, list) else []


def _parameters(step: Step) -> Mapping[str, Value]:
    found = member(step.given, "parameters") if isinstance(step.given, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _refused(error: CloudFlowError) -> Done:
    code = status_name(error.http_status)
    body = {"error": {"code": error.service_code, "message": error.message}}
    outputs = {"statusCode": error.http_status, "headers": {}, "body": body}
    return Done(Status.FAILED, code, outputs=outputs, problem=Problem(error.service_code, error.message))
