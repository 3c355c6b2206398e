"""Workflow: a child flow. Source: cloud-flows 3.10."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.answers import read_answer
from deskhand.cloudflows.declare import (
    ActionFailed,
    ChildCall,
    Done,
    Field,
    Group,
    Outcome,
    Problem,
    Signalled,
    Status,
    Step,
    Transact,
    Wait,
    action,
)
from deskhand.cloudflows.errors import CloudFlowError
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.retry import is_retried
from deskhand.core.ids import parse_id
from deskhand.entities.workflow import Category, Workflow
from deskhand.orchestrator.parents import signal
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

CANCEL = "cancel"
"""The kind of signal that cancels a run."""


def _release(step: Step, tx: Transaction) -> None:
    """Cancel the child with the parent that waits for it."""
    if step.linked_id is not None:
        signal(tx, step.linked_id, None, CANCEL)


@action(
    "Workflow",
    title="Run a child flow",
    group=Group.FLOWS,
    fields=(
        Field(
            "inputs/host/workflowReferenceName",
            "Child flow",
            type="string",
            required=True,
            alternatives=("inputs/host/workflow/id",),
        ),
        Field("inputs/body", "Inputs", type="object"),
    ),
    retried=True,
    limited=True,
    release=_release,
)
def workflow(step: Step) -> Outcome:
    """Run another cloud flow, and wait for its answer."""
    if isinstance(step.event, Signalled):
        return Transact(partial(_ended, step))
    inputs = step.inputs if isinstance(step.inputs, Mapping) else {}
    return Transact(partial(_start, step, inputs))


def _start(step: Step, inputs: Mapping[str, Value], tx: Transaction) -> Done | Wait:
    try:
        child = step.services.start_child(tx, _child_call(step, inputs, tx))
    except CloudFlowError as error:
        return _refused(error)
    if not child.answers:
        return Done(code="Accepted", outputs={"statusCode": 202, "headers": _headers(child.run_name)})
    return Wait(linked_id=child.run_id)


def _child_call(step: Step, inputs: Mapping[str, Value], tx: Transaction) -> ChildCall:
    host = member(inputs, "host")
    members = host if isinstance(host, Mapping) else {}
    name = to_text(member(members, "workflowReferenceName"))
    if not name:
        reference = member(members, "workflow")
        name = to_text(member(reference, "id")).rpartition("/")[2] if isinstance(reference, Mapping) else ""
    workflow_id = _find(tx, name)
    if workflow_id is None:
        raise ActionFailed(
            "NestedWorkflowNotFound",
            f"The workflow '{name}' of template action '{step.action.name}' could not be found.",
        )
    trigger_name = to_text(member(members, "triggerName")) or None
    return ChildCall(step.run, step.tracking_id, workflow_id, trigger_name, _outputs(inputs))


def _find(tx: Transaction, name: str) -> UUID | None:
    """Return a cloud flow by its id or, as Logic Apps name them, by its name."""
    columns = Workflow.c
    is_flow = columns.category == int(Category.MODERN_FLOW)
    workflow_id = parse_id(name)
    found = columns.workflowid == workflow_id if workflow_id else sa.func.lower(columns.name) == name.lower()
    known: UUID | None = tx.execute(sa.select(columns.workflowid).where(is_flow, found)).scalar()
    return known


def _outputs(inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Return what the child's trigger gets: headers, queries and body as the action names them."""
    outputs: dict[str, Value] = {"headers": {}}
    headers = member(inputs, "headers")
    if isinstance(headers, Mapping):
        outputs["headers"] = {str(name): to_text(value) for name, value in headers.items()}
    queries = member(inputs, "queries")
    if isinstance(queries, Mapping) and queries:
        outputs["queries"] = dict(queries)
    if any(name.casefold() == "body" for name in inputs):
        outputs["body"] = member(inputs, "body")
    return outputs


def _ended(step: Step, tx: Transaction) -> Done | Wait:
    child_id = step.linked_id
    answer = None if child_id is None else read_answer(tx, child_id, step.services.seals)
    if answer is None or (answer.outputs is None and answer.is_over):
        message = (
            "The server did not receive a response from an upstream server. "
            f"Request tracking id '{step.tracking_id}'."
        )
        return Done(Status.FAILED, "BadGateway", problem=Problem("NoResponse", message))
    if answer.outputs is None:
        return Wait()
    return _answered(answer.outputs, answer.run_name)


def _answered(given: Mapping[str, Value], run_name: str) -> Done:
    status = given["statusCode"]
    outputs = {**given, "headers": {**(given.get("headers") or {}), **_headers(run_name)}}
    code = status_name(status)
    if status < 400:
        return Done(code=code, outputs=outputs)
    problem = Problem(code, f"The child flow answered with status code '{status}'.")
    return Done(Status.FAILED, code, outputs=outputs, problem=problem, transient=is_retried(status))


def _headers(run_name: str) -> dict[str, Any]:
    return {"x-ms-workflow-run-id": run_name}


def _refused(error: CloudFlowError) -> Done:
    return Done(
        Status.FAILED,
        status_name(error.http_status),
        problem=Problem(error.service_code, error.message),
        transient=is_retried(error.http_status),
    )
