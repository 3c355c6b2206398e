"""Http and HttpWebhook. Source: cloud-flows 3.8."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from deskhand.cloudflows.declare import (
    ActionFailed,
    Answered,
    Call,
    CallInterrupted,
    Done,
    Due,
    Field,
    Group,
    Outcome,
    Problem,
    Signalled,
    Started,
    Status,
    Step,
    Wait,
    action,
)
from deskhand.cloudflows.http.authentication import authenticate, read_authentication
from deskhand.cloudflows.http.continuation import next_poll, poll_request, retry_after
from deskhand.cloudflows.http.errors import HttpError
from deskhand.cloudflows.http.requests import Request, read_request
from deskhand.cloudflows.http.responses import Response, status_name
from deskhand.cloudflows.retry import is_retried
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, find_key

CALLED_BACK = "called back"
"""The kind of signal of a request to an action's callback address; its payload is that request."""

_SANITIZED = "*sanitized*"
_INTERRUPTED = Problem(
    "CallInterrupted",
    "The server stopped while the call was under way, so that nobody knows whether it was received.",
)
_FIELDS = (
    Field("inputs/uri", "URI", type="string", required=True),
    Field(
        "inputs/method",
        "Method",
        required=True,
        options=("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
    ),
    Field("inputs/headers", "Headers", type="object"),
    Field("inputs/queries", "Queries", type="object"),
    Field("inputs/body", "Body"),
    Field("inputs/cookie", "Cookie", type="string"),
    Field("inputs/authentication", "Authentication", type="object"),
)


@action("Http", title="HTTP", group=Group.HTTP, fields=_FIELDS, retried=True, limited=True)
def http(step: Step) -> Outcome:
    """Call an HTTP address, and wait for its answer; work that is accepted with 202 is asked for."""
    given = _given(step)
    match step.event:
        case Answered(value=Response() as response):
            return _answered(step, given, response)
        case Answered(error=error) if error is not None:
            return failed_call(error)
        case Due() | Started() if "poll" in step.state:
            return _poll(step, given)
        case _:
            return Call(caller(step, given))


def _given(step: Step) -> Value:
    """Return the inputs; what authenticates is shown to nobody."""
    inputs = step.inputs
    key = find_key(inputs, "authentication") if isinstance(inputs, dict) else None
    if key is not None and isinstance(step.event, Started):
        step.give(inputs, shown={**inputs, key: _SANITIZED})
    return inputs


def caller(step: Step, inputs: Value, poll: str | None = None) -> Callable[[], Response]:
    """Return what sends the request that inputs describe.

    Args:
        step: The action's step.
        inputs: The inputs.
        poll: The address at which to ask for the result instead.

    Raises:
        ActionFailed: The inputs make no request.
    """
    try:
        request = read_request(inputs, workflow_headers(step))
        authentication = read_authentication(member(inputs, "authentication"))
    except HttpError as error:
        raise ActionFailed("BadRequest", error.message) from error
    services = step.services

    def send() -> Response:
        whole = authenticate(request, authentication, services.tokens)
        return services.http.send(whole if poll is None else poll_request(whole, poll))

    return send


def workflow_headers(step: Step) -> dict[str, str]:
    """Return what tells a receiver of the run; the same again with each attempt. Source: cloud-flows 3.8."""
    if any(one.casefold() == "suppressworkflowheaders" for one in step.action.options):
        return {}
    run = step.run
    return {
        "x-ms-workflow-id": str(run.workflow_id),
        "x-ms-workflow-name": str(run.workflow_id),
        "x-ms-workflow-run-id": run.name,
        "x-ms-workflow-run-tracking-id": str(run.id),
        "x-ms-workflow-operation-name": step.action.name,
        "x-ms-tracking-id": str(step.tracking_id),
        "x-ms-correlation-id": str(run.id),
        "x-ms-client-request-id": str(step.tracking_id),
        "x-ms-client-tracking-id": run.client_tracking_id,
        "x-ms-action-tracking-id": str(step.tracking_id),
    }


def _answered(step: Step, given: Value, response: Response) -> Outcome:
    if not any(one.casefold() == "disableasyncpattern" for one in step.action.options):
        request = _sent(step, given)
        poll = next_poll(request, response, step.now)
        if poll is not None:
            step.state["poll"] = str(poll.request.url)
            return Wait(step.now + poll.wait)
    return answered_call(step, response)


def _sent(step: Step, given: Value) -> Request:
    request = read_request(given, {})
    poll = step.state.get("poll")
    return request if poll is None else poll_request(request, poll)


def _poll(step: Step, given: Value) -> Outcome:
    return Call(caller(step, given, step.state["poll"]))


def answered_call(step: Step, response: Response) -> Done:
    """Return the end of an action that was answered. Source: cloud-flows 3.8 and 3.12."""
    try:
        outputs = response.outputs()
    except HttpError as error:
        return failed_call(error)
    code = status_name(response.status)
    if 200 <= response.status < 300:
        return Done(code=code, outputs=outputs)
    asked = retry_after(response, step.now)
    return Done(
        Status.FAILED,
        code,
        outputs=outputs,
        problem=_problem_of(response.status, code, outputs.get("body")),
        transient=is_retried(response.status),
        retry_after=None if asked is None else asked / timedelta(seconds=1),
    )


def _problem_of(status: int, code: str, body: Value) -> Problem:
    error = member(body, "error") if isinstance(body, Mapping) else None
    if isinstance(error, Mapping) and isinstance(member(error, "code"), str):
        return Problem(str(member(error, "code")), str(member(error, "message") or ""))
    return Problem(code, f"Http request failed: the server answered with status code '{status}'.")


def failed_call(error: Exception) -> Done:
    """Return the end of an action whose call had no answer.

    Raises:
        Exception: The fault is ours.
    """
    if isinstance(error, HttpError):
        code = status_name(int(error.status))
        return Done(
            Status.FAILED,
            code,
            problem=Problem(code, error.message),
            transient=is_retried(int(error.status)),
        )
    if isinstance(error, CallInterrupted):
        return Done(Status.FAILED, "BadGateway", problem=_INTERRUPTED, transient=True)
    raise error


def _unsubscribe(step: Step, tx: Transaction) -> Callable[[], Any] | None:
    given = step.given
    request = member(given, "unsubscribe") if isinstance(given, Mapping) else None
    if not isinstance(request, Mapping) or member(request, "uri") is None:
        return None
    return caller(step, request)


@action(
    "HttpWebhook",
    title="HTTP Webhook",
    group=Group.HTTP,
    fields=(
        Field("inputs/subscribe", "Subscribe", type="object", required=True),
        Field("inputs/unsubscribe", "Unsubscribe", type="object"),
    ),
    retried=True,
    limited=True,
    called_back=True,
    release=_unsubscribe,
)
def http_webhook(step: Step) -> Outcome:
    """Tell an address where to call back, wait until it does, and tell it that this is over."""
    given = step.inputs
    match step.event:
        case Answered(value=Response() as response) if "called" in step.state:
            return Done(outputs=step.state["called"])
        case Answered(value=Response() as response) if response.status >= 300:
            return answered_call(step, response)
        case Answered(error=error) if error is not None:
            return Done(outputs=step.state["called"]) if "called" in step.state else failed_call(error)
        case Answered():
            return _subscribed(step)
        case Signalled(kind=kind, payload=payload) if kind == CALLED_BACK:
            return _called_back(step, given, payload)
        case _:
            return Call(caller(step, member(given, "subscribe") if isinstance(given, Mapping) else None))


def _subscribed(step: Step) -> Outcome:
    """Wait for the call; it may have come before the answer to the subscription."""
    step.state["subscribed"] = True
    if "early" in step.state:
        return _called_back(step, step.inputs, step.state.pop("early"))
    return Wait()


def _called_back(step: Step, given: Value, payload: Value) -> Outcome:
    if "subscribed" not in step.state:
        step.state["early"] = payload
        return Wait()
    request = member(given, "unsubscribe") if isinstance(given, Mapping) else None
    if not isinstance(request, Mapping) or member(request, "uri") is None:
        return Done(outputs=payload)
    step.state["called"] = payload
    return Call(caller(step, request))
